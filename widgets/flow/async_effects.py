"""The task of an async effect: it subscribes while it reads, on whichever side of an ``await``, until it is over.

A run that is cancelled tracks nothing from that moment on; the next run starts when it has ended, so that two runs of
one effect are never under way at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, Final

from flow.batch import current_batch, run_or_leave
from flow.edges import link
from flow.errors import NoLoopError, report
from flow.nodes import LOCK, NEVER, Node, clock
from flow.owner import own
from flow.tracking import Run, current_run

if TYPE_CHECKING:
    from flow.effect import Effect

Loop = asyncio.AbstractEventLoop


def no_loop() -> Loop | None:
    """Where async effects run that are made outside of any event loop: nowhere, until ``use_loop`` says better."""
    return None


_find_loop: Callable[[], Loop | None] = no_loop


def use_loop(find: Callable[[], Loop | None]) -> Callable[[], None]:
    """Let ``find()`` name the running loop for async effects that are made outside of any, and get the way back."""
    global _find_loop
    before, _find_loop = _find_loop, find

    def restore() -> None:
        global _find_loop
        if _find_loop is find:
            _find_loop = before

    return restore


def _running_loop() -> Loop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class AsyncReads:
    """What an async run reads, from its own task or from those it started: subscribed to at once."""

    __slots__ = ("_effect", "_known", "is_over")

    def __init__(self, effect: Effect) -> None:
        self._effect = effect
        self._known: set[Node] = set()
        self.is_over = False

    def know_sources(self) -> None:
        """Take over what the effect depends on already, from the part of its run before the coroutine."""
        self._known.update(self._effect._sources)

    def append(self, item: Any, /) -> None:
        if item.__class__ is int:
            return
        source: Node = item
        with LOCK:
            effect = self._effect
            if self.is_over or effect._disposed:
                return
            if not effect._stale:  # else what made it so must keep its later stamp
                effect._seen = clock.now
            if source not in self._known:
                self._known.add(source)
                effect._sources.append(source)
                link(source, effect)


_NO_LOOP: Final = (
    "no event loop runs here: make it inside a coroutine (`await`, asyncio.run), or tell flow.async_effects.use_loop "
    "which loop to take"
)
_CLOSED: Final = "the event loop it was made on is closed: dispose it with its loop, and make it anew on the next"


def _loop_of(effect: Effect) -> Loop | None:
    """Where it runs: where it was told to, else where it was first async, whoever makes it due and wherever."""
    if effect.loop is not None:
        return effect.loop()
    if effect._home is None:
        effect._home = _running_loop() or _find_loop()
    return effect._home


class Job:
    """One async run of an effect."""

    __slots__ = ("_coroutine", "_effect", "_is_wanted_again", "_loop", "_reads", "_run", "_task", "is_started")

    def __init__(self, effect: Effect, coroutine: Coroutine[Any, Any, Any]) -> None:
        loop = _loop_of(effect)
        if loop is None or loop.is_closed():
            coroutine.close()
            raise NoLoopError(f"{effect.name} is async, but {_NO_LOOP if loop is None else _CLOSED}")
        self._effect, self._coroutine, self._loop = effect, coroutine, loop
        self._task: asyncio.Task[Any] | None = None
        self._reads = AsyncReads(effect)
        self._run = run = Run()
        run.reads, run.owner, run.driver, run.inner = self._reads, effect, None, None
        self._is_wanted_again = False
        self.is_started = False

    @property
    def is_postponed(self) -> bool:
        """Whether the next run waits for the end of this one."""
        return self._is_wanted_again

    def start(self) -> None:
        """Have the loop run it. What the function read before its coroutine is subscribed to by now."""
        if self.is_started:
            return
        if self._effect._disposed:
            self.cancel()
            return
        self.is_started = True
        self._reads.know_sources()
        context = copy_context()
        context.run(current_run.set, self._run)
        context.run(current_batch.set, None)
        self._on_loop(lambda: self._begin(context))

    def _begin(self, context: Context) -> None:
        if self._reads.is_over:  # cancelled before it could begin
            self._ended(None)
            return
        self._task = self._loop.create_task(self._coroutine, name=self._effect.name, context=context)
        self._task.add_done_callback(self._ended, context=Context())

    def cancel(self) -> None:
        """Stop tracking at once, and the task at its next ``await``."""
        self._stop_tracking()
        if self.is_started:
            self._on_loop(lambda: self._task.cancel() if self._task is not None else None)
        else:
            self._coroutine.close()

    def postpone(self) -> bool:
        """Let the effect, which this thread has claimed, run when this run has ended. Unless it has ended already."""
        effect = self._effect
        with LOCK:
            if effect._job is not self:
                return False
            effect._running = None
            effect._again = False
            effect._seen = NEVER
            effect._stale = True
            self._is_wanted_again = True
        self.cancel()
        return True

    def _stop_tracking(self) -> None:
        with LOCK:
            self._reads.is_over = True
            self._run.reads = None

    def _on_loop(self, function: Callable[[], object]) -> None:
        if _running_loop() is self._loop:
            function()
            return
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:
            if not self._loop.is_closed():
                raise
            self._ended(None)  # a task of a closed loop will never tell

    def _ended(self, task: asyncio.Task[Any] | None) -> None:
        effect = self._effect
        self._stop_tracking()
        if self._task is None:
            self._coroutine.close()
        if task is not None and not task.cancelled():
            error = task.exception()
            if error is not None:
                report(error, effect)
            elif callable(task.result()):
                own(effect, object(), task.result())
        with LOCK:
            effect._job = None
        if self._is_wanted_again and not effect._disposed:
            run_or_leave([effect])
