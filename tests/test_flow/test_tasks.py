"""Tasks and intervals: they keep to their schedule, say how they stand, and end with who started them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flow import Effect, Element, Owner, Signal, component, current_task, every, on_cleanup, on_mount, task, ui_thread
from flow import tasks as tasks_module
from flow.control import Show
from flow.outcome import at_work
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.ui import Div, Text


class Time:
    """A clock that is set by hand, and what waits for it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waiting: list[Timer] = []

    def later(self, seconds: float, function: Callable[[], object]) -> Timer:
        self.waiting.append(Timer(self.now + seconds, function))
        return self.waiting[-1]

    def pass_by(self, seconds: float) -> None:
        """Let time go by in one leap, and call what has become due."""
        self.now += seconds
        for timer in [each for each in self.waiting if each.due <= self.now + 1e-9]:
            self.waiting.remove(timer)
            if not timer.is_cancelled:
                ui_thread.wait(timer.function, 10)
        settle()

    def due(self) -> list[float]:
        settle()
        return [round(each.due - 100, 6) for each in self.waiting if not each.is_cancelled]


class Timer:
    def __init__(self, due: float, function: Callable[[], object]) -> None:
        self.due, self.function, self.is_cancelled = due, function, False

    def cancel(self) -> None:
        self.is_cancelled = True


def settle(turns: int = 6) -> None:
    """Let the UI thread do what it has to."""
    for _ in range(turns):
        assert ui_thread.wait(lambda: None, 10)


@pytest.fixture(autouse=True)
def nobody_is_left_at_work() -> Iterator[None]:
    yield
    settle()
    assert at_work == set()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(ui_thread, "later", time.later)
    monkeypatch.setattr(tasks_module, "monotonic", lambda: time.now)
    return time


def wait_for(work: Any) -> Any:
    """The result of work, as another loop gets it."""

    async def get() -> Any:
        return await work

    return asyncio.run(asyncio.wait_for(get(), 10))


# -- Intervals


def test_an_interval_calls_its_function_on_the_ui_thread_at_fixed_times(time: Time) -> None:
    calls = []

    @every(0.5)
    def tick() -> None:
        calls.append((time.now - 100, threading.current_thread().name))
        time.now += 0.2  # it takes a while, which must not add up

    assert time.due() == [0.5]
    time.pass_by(0.5)
    assert time.due() == [1.0]
    time.pass_by(0.3)
    assert time.due() == [1.5]
    assert [(round(at, 6), name) for at, name in calls] == [(0.5, "flow"), (1.0, "flow")]
    tick.cancel()


def test_times_that_pass_during_a_call_are_skipped(time: Time) -> None:
    calls = []

    def tick() -> None:
        calls.append(time.now)
        time.now += 3.2

    interval = every(1, tick)
    settle()
    time.pass_by(1)
    assert (len(calls), time.due()) == (1, [5.0])
    interval.cancel()


def test_a_timer_that_is_early_makes_no_call_twice(time: Time) -> None:
    calls: list[float] = []
    interval = every(1, lambda: calls.append(time.now))
    settle()
    (timer,) = time.waiting
    timer.due -= 0.01
    time.pass_by(0.99)
    assert (len(calls), time.due()) == (1, [2.0])
    interval.cancel()


def test_there_are_never_two_calls_of_an_async_function_at_once(time: Time) -> None:
    log, gates = [], []

    async def tick() -> None:
        gates.append(asyncio.Event())
        log.append("start")
        await gates[-1].wait()
        log.append("end")

    interval = every(1, tick)
    settle()
    time.pass_by(1)
    time.pass_by(1.5)
    assert (log, time.due()) == (["start"], [])
    ui_thread.call(gates[0].set)
    assert time.due() == [3.0]
    time.pass_by(0.5)
    assert log == ["start", "end", "start"]
    interval.cancel()
    settle()
    assert time.due() == []


def test_an_interval_goes_on_after_an_error_which_is_told_by_its_name(time: Time, told: list[str]) -> None:
    def plain() -> None:
        raise ValueError("plain")

    async def slow() -> None:
        await asyncio.sleep(0)
        raise SystemExit

    intervals = [every(1, plain), every(2, slow)]
    settle()
    time.pass_by(2)
    assert [each.split("<locals>.")[1] for each in told] == ["plain): ValueError('plain')", "slow): SystemExit()"]
    assert told[0].startswith("every(1, ")
    assert sorted(time.due()) == [3.0, 4.0]
    for each in intervals:
        each.cancel()


def test_an_interval_goes_on_when_what_a_call_waited_for_was_cancelled(time: Time) -> None:
    async def tick() -> None:
        gone = asyncio.ensure_future(asyncio.sleep(60))
        gone.cancel()
        await gone

    interval = every(1, tick)
    settle()
    time.pass_by(1)
    assert time.due() == [2.0]
    interval.cancel()


def test_an_interval_is_cancelled_from_any_thread_and_by_itself(time: Time) -> None:
    calls: list[int] = []
    mine = every(1, lambda: calls.append(1))

    def once() -> None:
        calls.append(2)
        own.cancel()

    own = every(1, once)
    settle()
    mine.cancel()
    mine.cancel()
    assert mine.is_cancelled
    time.pass_by(1)
    assert (calls, time.due()) == ([2], [])


def test_what_a_call_of_an_interval_makes_ends_before_the_next_and_with_it(time: Time) -> None:
    count, seen, closed = Signal(0), [], []

    @every(1)
    def tick() -> None:
        n = len(closed)
        Effect(lambda: seen.append((n, count.value)))
        on_cleanup(lambda: closed.append(n))

    settle()
    time.pass_by(1)
    time.pass_by(1)
    count.value = 1
    assert (seen, closed) == ([(0, 0), (1, 0), (1, 1)], [0])
    tick.cancel()
    settle()
    assert (closed, count._observers) == ([0, 1], None)


def test_an_interval_reads_no_signal_for_the_effect_that_started_it(time: Time) -> None:
    mine, read, starts = Signal(0), Signal(0), []

    def effect() -> None:
        starts.append(mine.value)
        every(1, lambda: read.value)

    it = Effect(effect)
    settle()
    time.pass_by(1)
    read.value = 1
    assert starts == [0]
    mine.value = 1
    settle()
    assert (starts, len(time.due())) == ([0, 1], 1)  # the new run's alone
    it.dispose()
    assert time.due() == []


def test_an_interval_writes_several_signals_at_once(time: Time) -> None:
    a, b, seen = Signal(0), Signal(0), []
    it = Effect(lambda: seen.append((a.value, b.value)))

    @every(1)
    def tick() -> None:
        a.value += 1
        b.value += 1

    settle()
    time.pass_by(1)
    assert seen == [(0, 0), (1, 1)]
    tick.cancel()
    it.dispose()


@pytest.mark.parametrize(
    ("seconds", "function", "error", "told"),
    [
        (0, print, ValueError, "takes seconds above 0, not 0"),
        (-1, print, ValueError, "seconds above 0"),
        (float("nan"), print, ValueError, "seconds above 0"),
        ("1", print, TypeError, "seconds as a number, not '1'"),
        (True, print, TypeError, "seconds as a number, not True"),
        (1, 5, TypeError, r"a function: every\(0.5, tick\), not 5"),
    ],
)
def test_what_is_no_interval_is_an_error(seconds: Any, function: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        every(seconds, function)


# -- Components


def live(root: Element) -> LiveTree:
    errors: list[str] = []
    tree = LiveTree(root, ElementRegistry(), tell=lambda: None, on_error=lambda error, where: errors.append(where))
    tree.told = errors  # type: ignore[attr-defined]
    return tree


@pytest.mark.parametrize("where", ["the body", "on_mount"])
def test_an_interval_of_a_component_is_one_and_ends_when_the_component_leaves(time: Time, where: str) -> None:
    is_there, text, starts = Signal(True), Signal("a"), []

    def start() -> None:
        starts.append(every(1, lambda: None))

    @component
    def Clock() -> Element:
        _ = start() if where == "the body" else on_mount(start)
        return Text(text.value)

    tree = live(Div(Show(is_there, Clock)))
    text.value = "b"
    tree.update()
    assert len(time.due()) == 1
    assert len(starts) == (2 if where == "the body" else 1)
    is_there.value = False
    tree.update()
    assert time.due() == []
    tree.dispose()


def test_the_error_of_what_a_component_started_is_told_to_its_tree(time: Time, told: list[str]) -> None:
    @component
    def Clock() -> Element:
        on_mount(lambda: every(1, lambda: 1 // 0) and None)
        return Text("a")

    tree = live(Clock())
    settle()
    time.pass_by(1)
    assert told == []
    assert [where.split("(")[0] for where in tree.told] == ["every"]  # type: ignore[attr-defined]
    tree.dispose()


# -- Tasks


def test_a_task_runs_on_the_ui_thread_and_gives_its_result_to_any_loop() -> None:
    async def work() -> tuple[int, str]:
        await asyncio.sleep(0)
        return 42, threading.current_thread().name

    it = task(work)
    assert wait_for(it) == (42, "flow") == it.result() == it.value
    assert (it.state.value, it.done, it.error) == ("done", True, None)
    assert wait_for(task(work())) == (42, "flow")


def test_the_state_of_a_task_is_a_signal_and_its_value_comes_with_it() -> None:
    go: asyncio.Event = asyncio.Event()
    seen = []

    async def work() -> int:
        await go.wait()
        return 1

    it = task(work)
    effect = Effect(lambda: seen.append((it.state.value, it.value, it.done)))
    ui_thread.call(go.set)
    wait_for(it)
    assert seen == [("running", None, False), ("done", 1, True)]
    effect.dispose()


def test_an_error_of_a_task_is_kept_and_told_unless_it_is_awaited(told: list[str]) -> None:
    async def fail() -> None:
        raise ValueError("no")

    it = task(fail)
    settle()
    assert (it.state.value, repr(it.error)) == ("failed", "ValueError('no')")
    assert len(told) == 1
    assert "fail: ValueError('no')" in told[0]
    with pytest.raises(ValueError, match="no"):
        it.result()

    gate = asyncio.Event()

    async def fail_late() -> None:
        await gate.wait()
        raise ValueError("late")

    late = task(fail_late)

    async def get() -> None:
        waiting = asyncio.ensure_future(_awaited(late))
        await asyncio.sleep(0)
        ui_thread.call(gate.set)
        await waiting

    with pytest.raises(ValueError, match="late"):
        asyncio.run(get())
    assert len(told) == 1


async def _awaited(work: Any) -> Any:
    return await work


def test_a_task_is_cancelled_from_another_thread_and_what_it_cleans_up_is_waited_for() -> None:
    log = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            log.append(it.state.value)

    it = task(work)
    settle()
    it.cancel()
    settle()
    assert (log, it.state.value) == (["running"], "cancelled")
    with pytest.raises(asyncio.CancelledError):
        wait_for(it)
    it.cancel()
    assert it.state.value == "cancelled"


def test_a_task_that_is_cancelled_before_it_begins_never_does() -> None:
    log: list[int] = []

    async def work() -> None:
        log.append(1)

    held = threading.Event()
    ui_thread.call(lambda: held.wait(10))
    it = task(work())
    it.cancel()
    held.set()
    settle()
    assert (log, it.state.value) == ([], "cancelled")


def test_who_gives_up_waiting_does_not_cancel_the_task() -> None:
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 5

    it = task(work)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_awaited(it), 0.001)

    asyncio.run(give_up())
    ui_thread.call(go.set)
    assert wait_for(it) == 5


def test_a_task_ends_with_the_owner_that_started_it() -> None:
    async def work() -> None:
        await asyncio.sleep(60)

    with Owner() as owner:
        it = task(work)
    settle()
    owner.dispose()
    settle()
    assert it.state.value == "cancelled"
    with owner:
        late = task(work)
    settle()
    assert late.state.value == "cancelled"


def test_a_task_says_how_far_it_is_and_what_it_makes_ends_with_it() -> None:
    count, seen, inner = Signal(0), [], []
    gate = asyncio.Event()

    async def work() -> None:
        current_task().progress.value = 0.25
        Effect(lambda: seen.append(count.value))
        inner.append(task(asyncio.sleep(60)))
        await gate.wait()

    it = task(work)
    settle()
    count.value = 1
    assert (it.progress.value, seen) == (0.25, [0, 1])
    ui_thread.call(gate.set)
    settle()
    assert (count._observers, inner[0].state.value) == (None, "cancelled")
    with pytest.raises(RuntimeError, match="no work"):
        current_task()


def test_a_system_exit_in_a_task_fails_the_task_alone(told: list[str]) -> None:
    async def leave() -> None:
        raise SystemExit(3)

    it = task(leave)
    settle()
    assert (it.state.value, len(told)) == ("failed", 1)
    assert ui_thread.wait(lambda: None, 10)


def test_the_result_of_a_task_that_runs_is_an_error_that_says_what_to_do() -> None:
    it = task(asyncio.sleep(60))
    with pytest.raises(RuntimeError, match=r"no result yet: `await` it"):
        it.result()
    it.cancel()


def test_a_plain_function_is_no_task(told: list[str]) -> None:
    with pytest.raises(TypeError, match=r"takes a coroutine or an async function, not 5"):
        task(5)  # type: ignore[arg-type]
    it: Any = task(lambda: 5)  # type: ignore[arg-type, return-value]
    settle()
    assert "For a plain function there is flow.run" in str(it.error)
