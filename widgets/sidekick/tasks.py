"""What runs beside a cell: tasks and intervals, on the loop on which callbacks run, one at a time between awaits.

They end at a ``shutdown``, and when the cell that started them runs again.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable, Coroutine, Generator
from inspect import isawaitable, iscoroutine
from math import floor, isfinite
from threading import Lock
from typing import Any, ClassVar, Final

from flow.cells import starting
from flow.nodes import named
from flow.owner import Owner, own
from flow.readable import short
from sidekick import loop
from sidekick.errors import guarded, tell
from sidekick.exceptions import SidekickError
from sidekick.panel import find_panel, note_use

_under_way: Final[set[Task]] = set()


class CoreTaskSubmissionError(SidekickError):
    """What was submitted is no coroutine."""


class Task:
    """Work under way: with the methods of an ``asyncio.Task``, from any thread, and awaitable in any loop."""

    has_end: ClassVar[bool] = True  # by itself, so that nobody has to stop it

    def __init__(self, work: Awaitable[Any], name: str) -> None:
        self._name = name
        self._future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._future.set_running_or_notify_cancel()  # so that who gives up waiting does not settle it
        self._inner: asyncio.Task[None] | None = None
        self._is_unwanted = self._is_cancelled = False
        self._awaited = 0
        self._lock = Lock()
        with starting():
            self._scope = Owner(name=name)
        own(self._scope, self, self.cancel)
        _under_way.add(self)
        note_use()
        self._panel = find_panel()
        if self._panel is not None:
            self._panel.begin(self, self.cancel, has_end=self.has_end)
        loop.call(lambda: self._begin(work), loop.context_here())

    def get_name(self) -> str:
        """What it is called."""
        return self._name

    def cancel(self, msg: object = None) -> bool:
        """End it at its next ``await``, from any thread. False if it is over."""
        if self._future.done():
            return False
        self._is_unwanted = True
        if loop.is_here():
            self._cancel_here()
        else:
            loop.call(self._cancel_here)
        return True

    def done(self) -> bool:
        """Whether it is over, in whichever way."""
        return self._future.done()

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._is_cancelled and self.done()

    def result(self) -> Any:
        """The result. Raises its error if it failed, ``CancelledError`` if it was cancelled, and if it still runs."""
        self._check()
        return self._future.result()

    def exception(self) -> BaseException | None:
        """The error it failed with. Raises ``CancelledError`` if it was cancelled, and if it still runs."""
        self._check()
        if self._is_cancelled:
            self._future.result()
        return self._future.exception()

    def add_done_callback(self, callback: Callable[[Any], object], *, context: object = None) -> None:
        """Have ``callback(task)`` called on the loop when it is over."""
        here = loop.context_here()
        self._future.add_done_callback(lambda _: loop.call(lambda: guarded(callback, self), here))

    def __await__(self) -> Generator[Any, Any, Any]:
        with self._lock:
            self._awaited += 1
        try:
            return (yield from asyncio.wrap_future(self._future).__await__())
        except asyncio.CancelledError:
            self.cancel()  # as an asyncio.Task is by who awaits it
            raise
        finally:
            with self._lock:
                self._awaited -= 1

    def __repr__(self) -> str:
        state = "cancelled" if self.cancelled() else "done" if self.done() else "running"
        return f"<{type(self).__name__} {self._name} {state}>"

    def _check(self) -> None:
        if not self._future.done():
            raise asyncio.InvalidStateError(f"{self!r} has no result yet")

    # -- On the loop

    def _begin(self, work: Awaitable[Any]) -> None:
        if self._is_unwanted:
            if iscoroutine(work):
                work.close()
            self._settle_cancelled()
        else:
            self._inner = asyncio.get_running_loop().create_task(self._do(work))

    def _cancel_here(self) -> None:
        if self._inner is not None and not self.done():
            self._inner.cancel()

    async def _do(self, work: Awaitable[Any]) -> None:
        try:
            value = await work
        except asyncio.CancelledError:
            self._settle_cancelled()
        except BaseException as error:  # also a SystemExit, which would end the loop for all
            if not self._awaited:
                tell(error, self._name)
            self._settle(error=error)
        else:
            self._settle(value)

    def _settle_cancelled(self) -> None:
        self._is_cancelled = True
        self._settle(error=asyncio.CancelledError(f"{self._name} was cancelled"))

    def _settle(self, value: Any = None, error: BaseException | None = None) -> None:
        _under_way.discard(self)
        if self._panel is not None:
            self._panel.end(self)
        if error is None:
            self._future.set_result(value)
        else:
            self._future.set_exception(error)
        self._scope.dispose()


class Interval(Task):
    """Calls of a function again and again. Cancelled it is ``done()`` and not ``cancelled()``, as in the original."""

    has_end = False

    def __init__(self, function: Callable[[], Any], seconds: float) -> None:
        super().__init__(_repeat(function, seconds), f"every {seconds:g} s {named(function)}")

    def _settle_cancelled(self) -> None:
        self._settle()


async def _repeat(function: Callable[[], Any], seconds: float) -> None:
    now = asyncio.get_running_loop().time
    start, ticks = now(), 0
    while True:
        passed = now() - start
        ticks = max(ticks, floor(passed / seconds)) + 1
        await asyncio.sleep(ticks * seconds - passed)
        rest = guarded(function)
        if isawaitable(rest):
            await _finished(rest, function)


async def _finished(rest: Awaitable[Any], function: object) -> None:
    """Await it, and tell its error."""
    try:
        await rest
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        tell(error, function)


def start(work: Awaitable[Any], function: object) -> Task:
    """Run what is left of an async function beside the cell."""
    return Task(work, named(function))


def submit_task(coro: Coroutine[Any, Any, Any]) -> Task:
    """Run a coroutine beside the cell, and get its task: ``submit_task(tick())``.

    Raises ``sidekick.core.CoreTaskSubmissionError`` for what is no coroutine.
    """
    if not iscoroutine(coro):
        raise CoreTaskSubmissionError(f"submit_task() takes a coroutine, as in submit_task(tick()), not {short(coro)}")
    return start(coro, coro)


def submit_interval(callback: Callable[[], Any], interval: float) -> Interval:
    """Call a function, which may be async, every so many seconds beside the cell, the first time after one interval.

    The times are fixed, whatever a call takes; those that pass during a call are skipped. An error is told, and it goes
    on. A task that is cancelled is ``done()`` and not ``cancelled()``.
    """
    if not callable(callback):
        raise TypeError(f"submit_interval() takes a function to call, not {short(callback)}")
    if not (isinstance(interval, int | float) and isfinite(interval) and interval > 0):
        raise ValueError(f"interval of submit_interval() is a number of seconds above 0, not {short(interval)}")
    return Interval(callback, float(interval))


def cancel_all() -> list[Task]:
    """End all that is under way, and get it."""
    found = list(_under_way)
    for task in found:
        task.cancel()
    return found


def wait_for(tasks: list[Task], seconds: float) -> bool:
    """Wait until these are over. False if that takes longer."""
    return not concurrent.futures.wait([task._future for task in tasks], seconds).not_done
