"""Long work beside the page: its result, its error and how far it is, from whichever executor."""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

import pytest

from flow import Effect, Owner, Progress, Signal, current_task, run, run_until, running, ui_thread
from flow.errors import BlockedError
from flow.outcome import at_work

place: ContextVar[str] = ContextVar("place", default="nowhere")


@pytest.fixture(autouse=True)
def nobody_is_left_at_work() -> Iterator[None]:
    yield
    ui_thread.wait(lambda: None, 10)
    assert at_work == set()


class Cluster:
    """An executor as a cluster has it: its futures are no ``Future``, and it is done when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def submit(self, function: Callable[[], Any], /) -> Job:
        self.jobs.append(Job(function))
        return self.jobs[-1]


class Job:
    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.future: Future[Any] = Future()

    def add_done_callback(self, function: Callable[[Any], object]) -> None:
        self.future.add_done_callback(lambda _: function(self))

    def cancel(self) -> bool:
        return self.future.cancel()

    def cancelled(self) -> bool:
        return self.future.cancelled()

    def result(self) -> Any:
        return self.future.result()

    def work(self) -> None:
        try:
            self.future.set_result(self.function())
        except Exception as error:
            self.future.set_exception(error)


def ended(it: Any) -> Any:
    run_until(lambda: it.done, timeout=10)
    return it


def test_a_function_runs_in_a_thread_of_its_own_and_gives_its_result() -> None:
    def work(a: int, *, b: int) -> tuple[int, bool]:
        return a + b, threading.current_thread() is threading.main_thread()

    it = run(work, 1, b=2)
    assert ended(it).result() == (3, False)
    assert (it.value, it.error, it.state.value) == ((3, False), None, "done")


def test_it_can_be_awaited_in_any_loop() -> None:
    async def main() -> int:
        return await asyncio.wait_for(asyncio.ensure_future(_awaited(run(math.factorial, 5))), 10)

    assert asyncio.run(main()) == 120


async def _awaited(work: Any) -> Any:
    return await work


def test_its_signals_change_on_the_ui_thread_once() -> None:
    go, seen = threading.Event(), []

    def work() -> int:
        go.wait(10)
        return 5

    it = run(work)
    effect = Effect(lambda: seen.append((it.state.value, it.value, threading.current_thread().name)))
    go.set()
    ended(it)
    assert seen == [("running", None, "MainThread"), ("done", 5, "flow")]
    effect.dispose()


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor])
def test_in_threads_it_has_the_context_of_who_started_it_but_tracks_nothing(pool: Any) -> None:
    executor = pool(1) if pool is not None else None
    count, runs, works = Signal(0), [], []
    place.set("here")

    def effect() -> None:
        runs.append(1)
        works.append(run(lambda: (place.get(), count.value), executor=executor))

    it = Effect(effect)
    assert ended(works[0]).value == ("here", 0)
    count.value = 1
    assert runs == [1]
    it.dispose()
    if executor is not None:
        executor.shutdown()


def test_an_error_is_kept_and_told(told: list[str]) -> None:
    it = ended(run(lambda: 1 // 0))
    ui_thread.wait(lambda: None, 10)
    assert (it.state.value, type(it.error), len(told)) == ("failed", ZeroDivisionError, 1)
    assert it.value is None
    with pytest.raises(ZeroDivisionError):
        it.result()


def test_a_function_in_a_thread_says_how_far_it_is() -> None:
    seen: list[float | None] = []

    def by_argument(n: int, progress: Callable[[float], None]) -> None:
        for share in (0.25, 7, -1, n):
            progress(share)
            seen.append(current_task().progress.value)

    def by_a_loop() -> None:
        for n in Progress(range(4)):
            if n == 2:
                seen.append(current_task().progress.value)

    ended(run(by_argument, 1))
    assert seen == [0.25, 1, 0, 1]
    assert ended(run(by_a_loop)).progress.value == 1


def test_a_progress_that_was_given_or_has_a_default_is_kept() -> None:
    assert ended(run(lambda progress: progress, 5)).value == 5
    assert ended(run(lambda progress: progress, progress=6)).value == 6
    assert ended(run(lambda progress=7: progress)).value == 7


def test_work_that_was_cancelled_ends_when_it_next_says_how_far_it_is() -> None:
    begun, go, end = threading.Event(), threading.Event(), []
    over = threading.Event()

    def work(progress: Callable[[float], None]) -> None:
        begun.set()
        go.wait(10)
        try:
            progress(0.5)
        except CancelledError:
            end.append("cancelled")
            raise
        finally:
            over.set()

    it = run(work)
    begun.wait(10)
    it.cancel()
    assert it.state.value == "cancelled"  # at once
    with pytest.raises(CancelledError):
        it.result()
    go.set()
    assert over.wait(10)
    it.cancel()
    assert (end, it.state.value, it.progress.value) == (["cancelled"], "cancelled", None)


def test_work_that_gives_itself_up_is_cancelled(told: list[str]) -> None:
    def give_up() -> None:
        raise CancelledError

    assert ended(run(give_up)).state.value == "cancelled"
    assert told == []


def test_it_is_cancelled_with_the_owner_that_started_it() -> None:
    cluster, calls = Cluster(), []
    with Owner() as owner:
        it = run(abs, -1, executor=cluster)
    owner.dispose()
    assert (it.state.value, cluster.jobs[0].cancelled()) == ("cancelled", True)
    with owner:
        late = run(calls.append, 1)
    assert (late.state.value, calls) == ("cancelled", [])


def test_in_a_process_it_is_the_same() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        good, bad = run(math.factorial, 6, executor=pool), run(math.factorial, -1, executor=pool)

        async def both() -> list[Any]:
            return await asyncio.gather(_awaited(good), _awaited(bad), return_exceptions=True)

        value, error = asyncio.run(both())
    assert (value, type(error)) == (720, ValueError)


def test_on_a_cluster_it_is_the_same(told: list[str]) -> None:
    cluster = Cluster()
    good, bad, gone = (run(math.factorial, n, executor=cluster) for n in (6, -1, 3))
    assert good.state.value == "running"
    cluster.jobs[0].work()
    cluster.jobs[1].work()
    cluster.jobs[2].cancel()  # by somebody else
    assert ended(good).value == 720
    assert type(ended(bad).error) is ValueError
    assert ended(gone).state.value == "cancelled"
    ui_thread.wait(lambda: None, 10)
    assert len(told) == 1


def test_what_is_cancelled_on_a_cluster_is_cancelled_there() -> None:
    cluster = Cluster()
    it = run(abs, -1, executor=cluster)
    it.cancel()
    assert cluster.jobs[0].cancelled()


def test_an_executor_that_takes_no_more_is_an_error_here() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        run(abs, -1, executor=pool)


def needs_progress(progress: Callable[[float], None]) -> None:
    progress(1)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: run(5), TypeError, "takes a function and what to call it with"),  # type: ignore[arg-type]
        (lambda: run(abs, -1, executor=5), TypeError, "executor of run"),  # type: ignore[arg-type]
        (lambda: run(needs_progress, 1, 2), TypeError, "too many positional arguments"),
    ],
)
def test_what_cannot_run_is_an_error_at_once(call: Callable[[], Any], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        call()


def test_in_a_browser_there_is_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "is_wasm", lambda: True)
    with pytest.raises(BlockedError, match=r"flow.task\(async_function\) goes"):
        run(abs, -1)
