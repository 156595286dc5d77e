"""Outcome: what becomes of work that was started: how it stands, how far it is, its result or its error, as signals.

Work belongs to who started it, as effects do: it is cancelled when the owner of the line that started it ends or runs
anew. It is an owner itself: effects, intervals and further work that it starts end with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from concurrent.futures import CancelledError, Future
from contextvars import Context, ContextVar, copy_context
from threading import Lock
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from flow.batch import current_batch
from flow.errors import report
from flow.owner import Owner, Owning, own
from flow.readable import short
from flow.signal import Signal
from flow.tracking import current_run, scope

T = TypeVar("T")

WorkState: TypeAlias = Literal["running", "done", "failed", "cancelled"]

_current: Final[ContextVar[Outcome[Any] | None]] = ContextVar("flow.work", default=None)

# Who is at work: held, for asyncio holds its tasks weakly, and asked by those who wait for a signal to change.
at_work: Final[set[object]] = set()


def find_work() -> Outcome[Any] | None:
    """The work that this line is part of, if any."""
    return _current.get()


def current_task() -> Outcome[Any]:
    """The ``task`` or ``run`` that this line is part of: ``current_task().progress.value = 0.3``."""
    found = _current.get()
    if found is None:
        raise RuntimeError("no work of flow.task or flow.run is done here, so there is no current_task")
    return found


def work_context(owner: Owner) -> Context:
    """A copy of this context for work that outlasts this line: it tracks nothing, and the owner has what it makes."""
    context = copy_context()
    context.run(current_run.set, scope(owner, None, None))
    context.run(current_batch.set, None)
    return context


def tell_error(error: BaseException, owner: Owning) -> None:
    """Tell of an error of work that nobody waits for: it is shown where those of its owner's tree are."""
    report(error, owner)


class Outcome(Generic[T]):
    """Work under way, or what became of it. Whoever reads ``state``, ``value`` or ``error`` runs again at its end.

    Awaitable, in any event loop. An error that nobody awaits is told as that of an effect is (``flow.errors``).
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: Signal[WorkState] = Signal("running", name=f"state of {name}")
        self.progress: Signal[float | None] = Signal(None, name=f"progress of {name}")  # from 0 to 1, if it is known
        self._value: T | None = None
        self._error: BaseException | None = None
        self._future: Future[T] = Future()
        self._future.set_running_or_notify_cancel()  # so that who gives up waiting does not cancel it
        self._awaited = 0
        self._lock = Lock()
        self._is_over = False
        self._scope = Owner(name=name)
        at_work.add(self)

    def _follow_owner(self) -> None:
        """From now on it is cancelled when its owner ends. At once, if that has ended."""
        own(self._scope, self, self.cancel)

    def cancel(self) -> None:
        """End it, from any thread. What is over stays as it is."""
        raise NotImplementedError

    @property
    def done(self) -> bool:
        """Whether it is over, in whichever way."""
        return self.state.value != "running"

    @property
    def value(self) -> T | None:
        """The result; None while there is none."""
        return self._value if self.state.value == "done" else None

    @property
    def error(self) -> BaseException | None:
        """The error it failed with."""
        return self._error if self.state.value == "failed" else None

    def result(self) -> T:
        """The result. Raises its error if it failed, ``CancelledError`` if it was cancelled, and if it still runs."""
        if not self._future.done():
            raise RuntimeError(f"{self!r} has no result yet: `await` it, or call run_until(lambda: it.done) first")
        return self._future.result()

    def __await__(self) -> Generator[Any, Any, T]:
        with self._lock:
            self._awaited += 1
        try:
            try:
                return (yield from asyncio.wrap_future(self._future).__await__())
            except CancelledError:  # that of threads, which asyncio does not know
                raise asyncio.CancelledError(f"{self!r} was cancelled") from None
        finally:
            with self._lock:
                self._awaited -= 1

    def _context(self) -> Context:
        context = work_context(self._scope)
        context.run(_current.set, self)
        return context

    def _settle(self, state: WorkState, value: T | None = None, error: BaseException | None = None) -> None:
        """Say what became of it. The first word is the last."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
            is_awaited = self._awaited > 0
        self._value, self._error = value, error
        try:
            self.state.value = state
        finally:
            at_work.discard(self)
            if state == "done":
                self._future.set_result(value)  # type: ignore[arg-type]
            else:
                self._future.set_exception(error or CancelledError(f"{self.name} was cancelled"))
            self._scope.dispose()
        if error is not None and not is_awaited:
            tell_error(error, self._scope)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}: {self._told()})"

    def _told(self) -> str:
        state = self.state.peek()
        if state == "done":
            return short(self._value)
        return repr(self._error) if state == "failed" else state
