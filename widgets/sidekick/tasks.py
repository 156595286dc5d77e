"""What runs beside a cell: tasks and intervals, on the loop on which callbacks run, one after the other."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Coroutine, Generator
from inspect import iscoroutine
from typing import Any, Final
from weakref import WeakSet

import flow
from flow.readable import short
from sidekick.callbacks import Callback
from sidekick.exceptions import SidekickError

_started: Final[WeakSet[Task]] = WeakSet()


class CoreTaskSubmissionError(SidekickError):
    """What was submitted is no coroutine."""


class Task:
    """Work under way: with the methods of an ``asyncio.Task``, from any thread, and awaitable in any loop."""

    def __init__(self, cancel: Callable[[], object], name: str) -> None:
        self._cancel = cancel
        self._name = name
        self._future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        _started.add(self)

    def get_name(self) -> str:
        """What it is called."""
        return self._name

    def cancel(self, msg: object = None) -> bool:
        """End it at its next ``await``. False if it is over."""
        if self._future.done():
            return False
        self._cancel()
        return True

    def done(self) -> bool:
        """Whether it is over, in whichever way."""
        return self._future.done()

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._future.cancelled()

    def result(self) -> Any:
        """The result. Raises its error if it failed, and ``InvalidStateError`` if it still runs."""
        self._check()
        return self._future.result()

    def exception(self) -> BaseException | None:
        """The error it failed with."""
        self._check()
        return self._future.exception()

    def add_done_callback(self, callback: Callable[[Any], object], *, context: object = None) -> None:
        """Call ``callback(task)`` when it is over."""
        self._future.add_done_callback(lambda _: callback(self))

    def __await__(self) -> Generator[Any, Any, Any]:
        import asyncio

        return asyncio.wrap_future(self._future).__await__()

    def __repr__(self) -> str:
        return f"<{self._name}{' done' if self.done() else ''}>"

    def _check(self) -> None:
        if not self._future.done():
            raise concurrent.futures.InvalidStateError(f"{self!r} has no result yet")


def submit_task(coro: Coroutine[Any, Any, Any]) -> Task:
    """Run a coroutine beside the cell, and get its task: ``submit_task(tick())``.

    Raises ``sidekick.core.CoreTaskSubmissionError`` for what is no coroutine.
    """
    if not iscoroutine(coro):
        raise CoreTaskSubmissionError(f"submit_task() takes a coroutine, as in submit_task(tick()), not {short(coro)}")
    work = flow.task(coro)
    task = Task(work.cancel, work.name)
    flow.Effect(lambda: _settle(task, work), name=work.name)
    return task


def _settle(task: Task, work: flow.Task[Any]) -> None:
    """Say what became of it, once it is over."""
    state = work.state.value
    future = task._future
    if state == "running" or future.done():
        return
    if state == "cancelled":
        future.cancel()
    elif state == "failed":
        future.set_exception(work.error)
    else:
        future.set_result(work.value)


def submit_interval(callback: Callable[[], Any], interval: float) -> Task:
    """Call a function, which may be async, every so many seconds beside the cell, the first time after one interval.

    The times are fixed, whatever a call takes; those that pass during a call are skipped. An error is told, and it goes
    on. A task that is cancelled is ``done()`` and not ``cancelled()``.
    """
    if not callable(callback):
        raise TypeError(f"submit_interval() takes a function to call, not {short(callback)}")
    if not isinstance(interval, int | float) or not interval > 0:
        raise ValueError(f"interval of submit_interval() is a number of seconds above 0, not {short(interval)}")
    every = flow.every(interval, Callback(callback))

    def cancel() -> None:
        every.cancel()
        if not task._future.done():
            task._future.set_result(None)

    task = Task(cancel, every.name)
    return task


def cancel_all() -> None:
    """End all that was submitted."""
    for task in tuple(_started):
        task.cancel()
