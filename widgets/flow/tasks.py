"""Tasks and intervals: what runs on the UI thread's loop beside handlers, one at a time between awaits.

Both belong to the owner of the line that starts them: an effect, a component, ``on_mount``, ``with Owner():``. They end
when it ends or runs anew, so a component's body that runs again does not have two. What is to go on when the body runs
again is started in ``on_mount``. Started in a handler they end with the element that it is of, and in a cell when the
cell runs again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from inspect import isawaitable, iscoroutine
from math import floor
from time import monotonic
from typing import Any, Final, TypeVar, overload

from flow import ui_thread
from flow.batch import batch
from flow.cells import starting
from flow.nodes import named
from flow.outcome import Outcome, at_work, tell_error, work_context
from flow.owner import Owner, clean, own
from flow.readable import short
from flow.seconds import checked_seconds

T = TypeVar("T")
Work = Awaitable[T] | Callable[[], Awaitable[T]]


class Task(Outcome[T]):
    """Async work on the UI thread's loop, as ``task`` starts it."""

    def __init__(self, work: Work[T]) -> None:
        super().__init__(f"task {named(work)}")
        self._work: Work[T] | None = work
        self._task: asyncio.Task[None] | None = None
        self._is_unwanted = False
        self._follow_owner()
        context = self._context()
        ui_thread.call(lambda: self._begin(context))

    def cancel(self) -> None:
        """End it at the next ``await``, from any thread. It is "cancelled" when it has ended."""
        if not self._is_over:
            self._is_unwanted = True
            _here(self._cancel_here)

    def _cancel_here(self) -> None:
        if self._task is not None and not self._is_over:
            self._task.cancel()

    def _begin(self, context: Context) -> None:
        work, self._work = self._work, None
        if self._is_unwanted:
            if iscoroutine(work):
                work.close()
            context.run(self._settle, "cancelled")
        else:
            self._task = ui_thread.task(self._do(work), context)

    async def _do(self, work: Any) -> None:
        try:
            rest = work if isawaitable(work) else work()
            if not isawaitable(rest):
                raise TypeError(f"task() takes async work, but {self.name} returned {short(rest)}. {_PLAIN}")
            value = await rest
        except (asyncio.CancelledError, GeneratorExit):
            self._settle("cancelled")
            raise
        except BaseException as error:  # also a SystemExit, which would end the loop for all
            self._settle("failed", error=error)
        else:
            self._settle("done", value)


_PLAIN: Final = "For a plain function there is flow.run(function), for a repeated one flow.every(seconds, function)"


def task(work: Work[T]) -> Task[T]:
    """Run a coroutine, or an async function without arguments, on the UI thread's loop: ``task(load())``.

    The ``Task`` has ``.state``, ``.progress``, ``.value`` and ``.error`` for a page to show, can be awaited in any loop
    and cancelled from any thread. Inside, ``current_task()`` is it. Also a decorator: ``@task``.
    """
    if not (isawaitable(work) or callable(work)) or isinstance(work, type):
        raise TypeError(f"task() takes a coroutine or an async function, not {short(work)}")
    with starting():
        return Task(work)


class Interval:
    """A function that is called again and again on the UI thread's loop, as ``every`` starts it."""

    def __init__(self, seconds: float, function: Callable[[], object]) -> None:
        self.seconds = seconds
        self.name = f"every({seconds:g}, {named(function)})"
        self._function = function
        self._start = monotonic()
        self._ticks = 0  # how many are over, counting those that were skipped
        self._timer: asyncio.Handle | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_over = False
        self._scope = Owner(name=self.name)
        with self._scope:
            self._made = Owner(name=self.name)  # has what a call makes, until the next call
        self._context = work_context(self._made)
        at_work.add(self)
        own(self._scope, self, self.cancel)
        ui_thread.call(self._plan)

    @property
    def is_cancelled(self) -> bool:
        """Whether it has ended."""
        return self._is_over

    def cancel(self) -> None:
        """End it, from any thread. A call of an async function that is under way is cancelled at its next ``await``."""
        if not self._is_over:
            self._is_over = True
            at_work.discard(self)
            _here(self._stop)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
        self._scope.dispose()

    def _plan(self) -> None:
        """Wait for the next time on the schedule. Those that have passed are skipped."""
        if not self._is_over:
            passed = monotonic() - self._start
            self._ticks = max(self._ticks + 1, floor(passed / self.seconds) + 1)  # a timer may be a moment early
            self._timer = ui_thread.later(self._ticks * self.seconds - passed, self._tick)

    def _tick(self) -> None:
        if self._is_over:
            return
        clean(self._made)
        context = self._context.copy()
        try:
            rest = context.run(self._call)
        except BaseException as error:  # also a SystemExit, which would end the loop for all
            tell_error(error, self._made)
            rest = None
        if isawaitable(rest):
            self._task = ui_thread.task(self._finish(rest), context)
        else:
            self._plan()

    def _call(self) -> object:
        with batch():
            return self._function()

    async def _finish(self, rest: Awaitable[object]) -> None:
        try:
            await rest
        except (asyncio.CancelledError, GeneratorExit):
            if self._is_over:
                raise
        except BaseException as error:
            tell_error(error, self._made)
        self._task = None
        self._plan()

    def __repr__(self) -> str:
        return f"<{self.name}{' cancelled' if self._is_over else ''}>"


@overload
def every(seconds: float, function: Callable[[], object]) -> Interval: ...
@overload
def every(seconds: float) -> Callable[[Callable[[], object]], Interval]: ...
def every(
    seconds: float, function: Callable[[], object] | None = None
) -> Interval | Callable[[Callable[[], object]], Interval]:
    """Call a function, which may be async, every so many seconds: ``every(0.5, tick)``, or ``@every(0.5)`` above it.

    The first call is after ``seconds``. The times are fixed, whatever a call takes: there is no drift, times that pass
    during a call are skipped, and no two calls are made at once. An error is told, and it goes on. What a call makes
    (effects, tasks) ends before the next. ``.cancel()`` of what this returns ends it, from any thread.
    """
    interval = checked_seconds(seconds, "every()", may_be_zero=False)
    if function is None:
        return lambda function: every(interval, function)
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"every() takes seconds and a function: every(0.5, tick), not {short(function)}")
    with starting():
        return Interval(interval, function)


def _here(function: Callable[[], object]) -> None:
    """Call it on the UI thread, at once if this is it."""
    if ui_thread.is_here():
        function()
    else:
        ui_thread.call(function)
