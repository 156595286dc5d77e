"""Several writes, one flush; and the flush, which runs the effects that are due until none is.

A batch is context-local: it holds back the effects of its own writes, not those of other threads and tasks. The flush
is itself a batch, so what effects write is run after them, in the next round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from threading import get_ident
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar, overload

from flow import errors
from flow.graph import leftover, new_driver
from flow.nodes import LOCK, Node, Observer
from flow.tracking import OUTSIDE, Driver, current_run, set_run

P = ParamSpec("P")
R = TypeVar("R")

RUNS: Final = 100  # of an effect in one flush that all made effects due, until it is taken for one without end


class Batch:
    """The effects that became due in one context and wait for the end of the batch."""

    __slots__ = ("is_open", "queue", "round", "writers")

    queue: list[Observer]
    round: list[Observer]  # what a flush runs now, the next one last
    writers: list[Node]  # the signals by which the effect that a flush runs now made effects due
    is_open: bool


def new_batch(queue: list[Observer]) -> Batch:
    batch = Batch()
    batch.queue, batch.round, batch.writers, batch.is_open = queue, [], [], True
    return batch


current_batch: ContextVar[Batch | None] = ContextVar("flow.batch", default=None)


def schedule(due: list[Observer], signal: Node) -> None:
    """Run the effects that a write made due: at the end of the batch if there is one, else now."""
    batch = current_batch.get()
    if batch is not None and batch.is_open:
        batch.queue += due
        batch.writers.append(signal)
    elif current_run.get() is None:
        flush(due)
    else:
        run_or_leave(due)


def requeue(effect: Observer, written: list[Node]) -> None:
    """Run an effect that was due again when its run ended, perhaps by what that wrote itself."""
    batch = current_batch.get()
    if batch is not None and batch.is_open:
        batch.queue.append(effect)
        batch.writers += written
    else:
        run_or_leave([effect])


def run_or_leave(due: list[Observer]) -> None:
    """Flush, unless a computed is being evaluated: an effect may need it, so it has to be done first."""
    if is_evaluating():
        leftover.extend(due)
    else:
        flush(due)


def run_leftover() -> None:
    """Flush what a computed has left, at the end of its evaluation."""
    batch = current_batch.get()
    if (batch is None or not batch.is_open) and not is_evaluating():
        flush([])


def is_evaluating() -> bool:
    """Whether a computed is being evaluated on the stack of this thread."""
    run = current_run.get()
    driver = run.driver if run is not None else None
    return driver is not None and driver.depth > OUTSIDE and driver.thread == get_ident()


def flush(due: list[Observer]) -> None:
    """Run the effects that are due, and those that become due by it, until none is."""
    batch = new_batch(due)
    outer = current_batch.get()
    outer_run = current_run.get()
    driver = new_driver(outer_run)
    try:
        current_batch.set(batch)
        _run_rounds(batch, driver)
    except BaseException:
        leftover.extend(reversed(batch.round))
        leftover.extend(batch.queue)
        raise
    finally:
        batch.is_open = False
        driver.depth = OUTSIDE
        driver.run = None
        set_run(outer_run)
        current_batch.set(outer)


def _run_rounds(batch: Batch, driver: Driver) -> None:
    tally: _Tally | None = None
    while batch.queue or leftover:
        queue: list[Any]
        queue, batch.queue = batch.queue, []
        batch.round = queue
        if leftover:
            _take_leftover(queue)
        queue.reverse()
        while queue:
            if tally is not None and tally.endless:
                give_up_on(tally.endless)
            if queue[-1]._stale is True:  # else another flush was faster, or it was disposed
                queue[-1].refresh(driver)
                if batch.writers:
                    tally = tally or _Tally()
                    tally.count(_who_ran(driver) or queue[-1], batch)
            queue.pop()
    if tally is not None and tally.endless:
        raise tally.error()


def _who_ran(driver: Driver) -> Any:
    """The effect that ran last: perhaps not the one that was asked to, but one around it."""
    return driver.run.owner if driver.run is not None else None


class _Tally:
    """How often each effect of a flush made effects due, and those that do so without end.

    These are given up: until the flush is over they do not run, as if nothing had changed. All others have their say.
    """

    __slots__ = ("_times", "endless")

    def __init__(self) -> None:
        self._times: dict[Observer, int] = {}
        self.endless: dict[Observer, list[Node]] = {}  # with what they wrote last

    def count(self, effect: Observer, batch: Batch) -> None:
        written, batch.writers = batch.writers, []
        times = self._times[effect] = self._times.get(effect, 0) + 1
        if times > RUNS:
            self.endless[effect] = written
            self._times.clear()  # of the others, some may only have followed it

    def error(self) -> errors.LoopError:
        written = [signal for signals in self.endless.values() for signal in signals]
        return errors.LoopError(RUNS, _names(self.endless), _names(written))


def _take_leftover(queue: list[Any]) -> None:
    with LOCK:
        taken = leftover[:]
        queue += taken  # first: an interrupt finds each in one of the two
        del leftover[: len(taken)]


def give_up_on(effects: Iterable[Observer]) -> None:
    """Have these not run, as if nothing had changed: the next write that concerns them finds them again."""
    with LOCK:
        _give_up_on(effects)


def _give_up_on(effects: Iterable[Observer]) -> None:
    for effect in effects:
        if effect._stale is True:
            effect._stale = False


def _names(nodes: Iterable[Node]) -> list[str]:
    return [node.name for node in dict.fromkeys(nodes)]


def end_all() -> None:
    """Run what an interrupt has left, also in batches that it kept from being left."""
    batch = current_batch.get()
    if batch is not None:
        batch.is_open = False
        current_batch.set(None)
        leftover.extend(batch.queue)
    if leftover:
        flush([])


class _Batch:
    """See ``batch``. It serves one ``with`` at a time."""

    __slots__ = ("_batch", "_before", "_is_entered")

    def __init__(self) -> None:
        self._is_entered = False

    def __enter__(self) -> None:
        if self._is_entered:
            raise RuntimeError("this batch() is entered already, perhaps by another task: make one for each `with`")
        self._is_entered = True
        self._before = before = current_batch.get()
        self._batch = None if before is not None and before.is_open else new_batch([])
        if self._batch is not None:
            current_batch.set(self._batch)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_entered = False
        batch = self._batch
        if batch is None:
            return
        try:
            batch.is_open = False
            if current_batch.get() is batch:  # else a generator is closed elsewhere than it began
                current_batch.set(self._before)
            if batch.queue or leftover:
                run_or_leave(batch.queue)
        except errors.LoopError as loop:
            if error is None:
                raise
            error.add_note(f"And at the end of the batch: {loop}")  # the first error is the one to see
        except BaseException:
            leftover.extend(batch.queue)  # what has run meanwhile is not due any more
            raise


@overload
def batch() -> _Batch: ...


@overload
def batch(function: Callable[P, R]) -> Callable[P, R]: ...


def batch(function: Callable[P, R] | None = None) -> _Batch | Callable[P, R]:
    """Hold the effects of several writes back until all are made: ``with batch():``, or ``@batch`` on a function.

    Values change at once, also those of computeds; only effects wait. An inner batch belongs to the outer one. A signal
    that is written and then written back counts as changed.
    """
    if function is None:
        return _Batch()
    if not callable(function):
        raise TypeError(f"batch needs a function, not {function!r}; or nothing, as in `with batch():`")
    called = function
    if iscoroutinefunction(called):

        @wraps(called)
        async def write_async(*args: Any, **kwargs: Any) -> Any:
            with _Batch():
                return await called(*args, **kwargs)

        return write_async  # type: ignore[return-value]

    @wraps(called)
    def write(*args: P.args, **kwargs: P.kwargs) -> R:
        with _Batch():
            return called(*args, **kwargs)

    return write
