"""Waiting: what blocks a cell lets all else happen, ends when it should, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from flow import (
    Effect,
    Element,
    Signal,
    ask,
    ask_async,
    component,
    every,
    on,
    run_until,
    run_until_async,
    task,
    ui_thread,
    waiting,
)
from flow import sleep as flow_sleep
from flow.errors import BlockedError, NoPageError
from flow.server.session import LiveSession
from flow.ui import Button, Details, Div, Form, Input, Option, Select, Text, Textarea
from flow.waiting import sleep_async, use_grace, use_pump


class Time:
    """The pump of a test: time passes in it, and something happens."""

    def __init__(self) -> None:
        self.now = 100.0
        self.turns = 0
        self.steps: list[Callable[[], object]] = []

    @contextmanager
    def pump(self, woken: threading.Event) -> Iterator[Callable[[float], object]]:
        yield self.wait

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.turns += 1
        assert self.turns < 1000, "nothing ends the wait"
        if self.steps:
            self.steps.pop(0)()
            ui_thread.wait(lambda: None, 10)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    time = Time()
    monkeypatch.setattr(waiting, "monotonic", lambda: time.now)
    restore = use_pump(time.pump)
    yield time
    restore()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """As in a kernel. What it gives says whether a page is open."""
    pages: list[bool] = []
    monkeypatch.setattr(waiting, "is_in_kernel", lambda: True)
    monkeypatch.setattr(waiting, "is_page_open", lambda: bool(pages))
    return pages


class Page:
    """One page that shows a tree."""

    def __init__(self, root: Element) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.session = LiveSession(root, self)
        self.session.settle()
        self.session.receive({"page": "p", "kind": "ready", "revision": 0})

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        self.sent.append(message)

    def happens(self, element: Element, kind: str, **data: Any) -> None:
        event = {"type": kind, "target_id": f"flow-{element.element_id}", **data}
        self.session.receive({"page": "p", "kind": "event", "serial": 1, "event": event})
        ui_thread.wait(lambda: None, 10)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Page]]:
    """The pages of what is shown."""
    pages: list[Page] = []
    monkeypatch.setattr(waiting, "show", lambda root: pages.append(Page(root)))
    yield pages
    for page in pages:
        ui_thread.wait(page.session.close, 10)


# -- sleep


def test_a_sleep_takes_its_time_in_slices_in_which_things_happen(time: Time) -> None:
    seen: list[int] = []
    time.steps = [lambda: seen.append(1), lambda: seen.append(2)]
    flow_sleep(0.12)
    assert (seen, time.now) == ([1, 2], pytest.approx(100.12))
    assert time.turns == 3


def test_a_sleep_of_nothing_lets_what_waits_happen_once(time: Time) -> None:
    flow_sleep(0)
    assert time.turns == 1


def test_another_thread_does_not_pump(time: Time) -> None:
    time.steps = [lambda: pytest.fail("pumped")]
    done = threading.Event()
    thread = threading.Thread(target=lambda: (run_until(done.is_set), done.set()))
    thread.start()
    done.set()
    thread.join(10)
    assert (thread.is_alive(), time.turns) == (False, 0)


@pytest.mark.parametrize(("seconds", "error"), [(-1, ValueError), ("1", TypeError), (float("inf"), ValueError)])
def test_a_sleep_takes_seconds(seconds: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"sleep\(\) takes seconds"):
        flow_sleep(seconds)
    with pytest.raises(error, match=r"sleep_async\(\) takes seconds"):
        asyncio.run(sleep_async(seconds))


# -- run_until


def test_it_waits_for_a_signal_and_returns_what_that_holds(time: Time) -> None:
    name = Signal("")
    time.steps = [lambda: None, lambda: name.set("ann")]
    assert run_until(name) == "ann"
    assert (time.turns, name._observers) == (2, None)


def test_it_waits_for_a_function_of_signals_or_of_anything_else(time: Time) -> None:
    count, plain = Signal(0), []
    time.steps = [lambda: count.set(1), lambda: count.set(5)]
    assert run_until(lambda: count.value > 3 and f"{count.value}!") == "5!"
    time.steps = [lambda: plain.append(1)]
    assert run_until(lambda: plain) == [1]
    assert count._observers is None


def test_what_is_true_already_is_not_waited_for(time: Time) -> None:
    assert (run_until(Signal(3)), time.turns) == (3, 0)


def test_a_write_of_another_thread_wakes_it_without_a_pump() -> None:
    stop = Signal(False)
    ui_thread.call(lambda: ui_thread.later(0.01, lambda: stop.set(True)))
    assert run_until(stop, timeout=10) is True


def test_after_the_timeout_it_is_an_error_that_names_what_was_waited_for(time: Time) -> None:
    stop = Signal(False, name="stop")
    with pytest.raises(TimeoutError, match=r"run_until\(\): stop was not true within 0.2 s"):
        run_until(stop, timeout=0.2)
    assert (time.now, stop._observers) == (pytest.approx(100.2), None)


def test_an_interrupt_ends_it_and_leaves_nothing_behind(time: Time) -> None:
    stop = Signal(False)

    def interrupt() -> None:
        assert stop._observers
        raise KeyboardInterrupt

    time.steps = [interrupt]
    with pytest.raises(KeyboardInterrupt):
        run_until(stop)
    assert stop._observers is None


def test_an_error_of_the_function_is_raised_where_it_is_waited(time: Time) -> None:
    count = Signal(1)
    time.steps = [lambda: count.set(0)]
    with pytest.raises(ZeroDivisionError):
        run_until(lambda: 1 / count.value < 0)
    assert count._observers is None


def test_the_effect_around_does_not_depend_on_what_is_waited_for(time: Time) -> None:
    stop, runs = Signal(True), []

    def effect() -> None:
        runs.append(1)
        run_until(stop)

    it = Effect(effect)
    stop.value = False
    assert runs == [1]
    it.dispose()


async def later() -> bool:
    return True


@pytest.mark.parametrize(
    ("condition", "told"),
    [(5, "takes a signal or a function without arguments, not 5"), (later, "answers at once, but later is async")],
)
def test_what_cannot_become_true_is_an_error(time: Time, condition: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        run_until(condition)


# -- Without a page


def test_in_a_kernel_without_a_page_it_gives_up_after_the_grace(
    time: Time, kernel: list[bool], caplog: pytest.LogCaptureFixture
) -> None:
    stop = Signal(False, name="stop")
    with caplog.at_level(logging.WARNING, "flow"):
        assert run_until(stop) is False
    assert time.now == pytest.approx(103, abs=0.06)
    assert "no page is open to change what stop reads" in caplog.text
    assert stop._observers is None


def test_the_grace_can_be_set(time: Time, kernel: list[bool]) -> None:
    restore = use_grace(0.5)
    run_until(Signal(False))
    restore()
    assert time.now == pytest.approx(100.5, abs=0.06)


def test_it_does_not_give_up_while_the_signals_change_or_something_is_at_work(time: Time, kernel: list[bool]) -> None:
    count = Signal(0)
    time.steps = [lambda: count.update(lambda n: n + 1)] * 100  # for five seconds
    assert run_until(lambda: count.value >= 100)
    work = task(asyncio.sleep(3600))
    tick = every(3600, lambda: None)
    time.steps = [lambda: None] * 80 + [work.cancel] + [lambda: None] * 80 + [lambda: (count.set(0), tick.cancel())]
    run_until(lambda: not count.value)
    assert not time.steps


def test_what_reads_no_signal_is_not_given_up(time: Time, kernel: list[bool]) -> None:
    end = time.now + 20
    assert run_until(lambda: time.now > end)


def test_a_page_that_was_open_is_waited_for(time: Time, kernel: list[bool]) -> None:
    stop = Signal(False)
    time.steps = [lambda: kernel.append(True), kernel.clear, *[lambda: None] * 100, lambda: stop.set(True)]
    assert run_until(stop) is True


def test_a_timeout_is_waited_for_without_a_page_too(time: Time, kernel: list[bool], shown: list[Page]) -> None:
    for wait in (lambda: run_until(Signal(False), timeout=9), lambda: ask(Button("Go"), timeout=9)):
        start = time.now
        with pytest.raises(TimeoutError):
            wait()
        assert time.now == pytest.approx(start + 9, abs=0.06)


@pytest.mark.parametrize("is_shown", [True, False])
def test_ask_without_a_page_says_so(
    time: Time, kernel: list[bool], shown: list[Page], monkeypatch: pytest.MonkeyPatch, is_shown: bool
) -> None:
    if not is_shown:  # in a terminal
        monkeypatch.setattr(waiting, "is_in_kernel", lambda: False)
        monkeypatch.setattr(waiting, "show", lambda root: None)
    box = Input(placeholder="name")
    with pytest.raises(NoPageError, match=r"no change of Input\(\), for no page is open"):
        ask(box)
    assert (time.now, dict(box.props)) == (pytest.approx(103, abs=0.06), {"placeholder": "name"})


# -- ask


def test_ask_shows_the_element_and_returns_what_was_typed(time: Time, shown: list[Page]) -> None:
    box = Input(placeholder="name")
    time.steps = [lambda: shown[0].happens(box, "change", value="Ann")]
    assert ask(box) == "Ann"
    assert "on_change" not in box.props
    ui_thread.wait(shown[0].session.flush, 10)
    assert "on_change" not in shown[0].session.tree.node.props


@pytest.mark.parametrize(
    ("make", "kind", "data", "answer"),
    [
        (lambda: Button("Go"), "click", {}, "click"),
        (lambda: Input(type="button"), "click", {}, "click"),
        (lambda: Input(type="number"), "change", {"value": "12"}, 12),
        (lambda: Input(type="number"), "change", {"value": ""}, None),
        (lambda: Input(type="checkbox"), "change", {"checked": True}, True),
        (lambda: Select(Option("a"), Option("b")), "change", {"value": "b"}, "b"),
        (lambda: Textarea(), "change", {"value": "two\nlines"}, "two\nlines"),
        (lambda: Form(Input(name="n")), "submit", {"data": {"n": "1"}}, "submit"),
        (lambda: Details(), "toggle", {"open": True}, "toggle"),
    ],
)
def test_each_element_has_the_event_it_is_for(
    time: Time, shown: list[Page], make: Callable[[], Element], kind: str, data: dict[str, Any], answer: Any
) -> None:
    element = make()
    time.steps = [lambda: shown[0].happens(element, kind, **data)]
    told = ask(element)
    assert getattr(told, "type", told) == answer


def test_ask_calls_the_handler_too_and_leaves_it_as_it_was(time: Time, shown: list[Page]) -> None:
    calls: list[str] = []
    handler = on(lambda event: calls.append(event.type), stop_propagation=True)
    button = Button("Go", on_click=handler)
    time.steps = [lambda: shown[0].happens(button, "click"), lambda: shown[0].happens(button, "click")]
    assert ask(button).target is button
    assert button.props["on_click"] is handler
    assert ask(button).type == "click"
    assert (calls, len(shown)) == (["click", "click"], 1)


def test_an_element_that_is_shown_already_is_asked_where_it_is(time: Time, shown: list[Page]) -> None:
    text = Text("a")
    page = Page(Div(text))
    shown.append(page)
    listened: list[bool] = []

    def click() -> None:
        ui_thread.wait(page.session.flush, 10)
        (node,) = page.session.tree.node.children
        listened.append("on_click" in node.props)
        page.happens(text, "click", x=3)

    time.steps = [click]
    assert ask(text, "click").x == 3
    ui_thread.wait(page.session.flush, 10)
    (node,) = page.session.tree.node.children
    assert (listened, "on_click" in node.props, len(shown)) == ([True], False, 1)


def test_a_signal_of_the_element_is_written_as_ever(time: Time, shown: list[Page]) -> None:
    name = Signal("")
    box = Input(value=name)
    time.steps = [lambda: shown[0].happens(box, "input", value="x")]
    assert (ask(box, "input"), name.value) == ("x", "x")
    box.invalidate()
    assert box.to_render_node().props["on_input"] is True


def test_an_interrupt_of_ask_leaves_no_listener(time: Time, shown: list[Page]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    button = Button("Go")
    time.steps = [interrupt]
    with pytest.raises(KeyboardInterrupt):
        ask(button)
    assert dict(button.props) == {}


def test_two_who_ask_the_same_both_hear(time: Time, shown: list[Page]) -> None:
    button = Button("Go")
    shown.append(Page(button))
    other = task(lambda: ask_async(button))
    while "on_click" not in button.props:
        ui_thread.wait(lambda: None, 10)
    time.steps = [lambda: shown[0].happens(button, "click")]
    assert ask(button).type == "click"
    while not other.done:
        ui_thread.wait(lambda: None, 10)
    assert (other.result().type, dict(button.props)) == ("click", {})


@component
def Box() -> Element:
    return Div()


@pytest.mark.parametrize(
    ("element", "event", "error", "told"),
    [
        (Div, None, TypeError, "does not know what to wait for of Div"),
        (Div, "clik", TypeError, "on_clik"),
        (Box, "click", TypeError, "is not itself on the page"),
        (str, None, TypeError, r"takes an element to show, as ask\(Input\(\)\)"),
    ],
)
def test_what_cannot_be_asked_is_an_error(
    element: Callable[[], Any], event: str | None, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        ask(element(), event)


# -- Await


def test_the_twins_wait_in_any_loop(shown: list[Page]) -> None:
    stop, box = Signal(False), Input()

    async def main() -> Any:
        asyncio.get_running_loop().call_later(0.01, stop.set, True)
        assert await run_until_async(stop, timeout=10) is True
        asking = asyncio.ensure_future(ask_async(box, timeout=10))
        while not shown:
            await sleep_async(0)
        shown[0].happens(box, "change", value="Ann")
        with pytest.raises(TimeoutError, match="was not true within 0 s"):
            await run_until_async(lambda: False, timeout=0)
        return await asking

    assert asyncio.run(main()) == "Ann"
    assert (stop._observers, dict(box.props)) == (None, {})


def test_a_twin_that_is_cancelled_leaves_nothing_behind() -> None:
    stop = Signal(False)

    async def main() -> None:
        waiting = asyncio.ensure_future(run_until_async(stop))
        await asyncio.sleep(0)
        assert stop._observers
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(main())
    assert stop._observers is None


@pytest.mark.parametrize(
    ("name", "call"),
    [("sleep", lambda: flow_sleep(1)), ("run_until", lambda: run_until(Signal(1))), ("ask", lambda: ask(Button()))],
)
def test_on_the_ui_thread_and_in_a_browser_blocking_is_an_error_that_names_the_twin(
    monkeypatch: pytest.MonkeyPatch, name: str, call: Callable[[], object]
) -> None:
    async def work() -> None:
        with pytest.raises(BlockedError, match=rf"{name}\(\) would stop .* await {name}_async\("):
            call()

    it = task(work)
    run_until(lambda: it.done, timeout=10)
    it.result()
    monkeypatch.setattr(waiting, "is_wasm", lambda: True)
    with pytest.raises(BlockedError, match=rf"one thread: await {name}_async\("):
        call()
