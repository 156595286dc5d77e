"""Interrupts: SIGINT ends the cell with KeyboardInterrupt, wherever it finds the kernel, and never the kernel itself.

While the main thread serves a request one handler is in place. What it does depends on what it interrupts:

    the statement's own frame is on the stack      raise KeyboardInterrupt there, as Python does
    the cell waits in an `await`                   cancel its task; `interruptible` turns that into KeyboardInterrupt
    the kernel's own code, between statements      remember it, look again in 10 ms; the next statement does not start
    another request's handler (a widget, jedi)     raise KeyboardInterrupt there; ipykernel's dispatcher catches it
    nothing                                        nothing

The third line is why a flag alone is not enough: the signal may come just before a long statement starts, so the
handler sends itself the signal again until somebody has taken it. Should the kernel's own code not come to an end
(an exception whose ``__str__`` hangs), a second's patience runs out and KeyboardInterrupt is raised there after all.
An interrupt that is raised where nothing can pass it on (in ``__del__``, or in C code that puts an object away, as
pyzmq's does) would be lost, since Python only reports such errors; it is remembered in the same way. One that Python
does not notice because it waits in a system call is what `unseen` looks for.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import CodeType, FrameType, TracebackType
from typing import Any, TypeVar

from rdit.unseen import Unseen

T = TypeVar("T")

_AGAIN = 0.01
_PATIENCE = 1.0


class _InterruptedAwait(KeyboardInterrupt, asyncio.CancelledError):
    """KeyboardInterrupt at an ``await``. To asyncio it is a cancellation too, so a TaskGroup cancels its children."""


_InterruptedAwait.__name__ = _InterruptedAwait.__qualname__ = "KeyboardInterrupt"
_InterruptedAwait.__module__ = "builtins"


class Interrupts:
    """The main thread's answer to SIGINT. ``handlers`` are codes of other requests that may be interrupted."""

    def __init__(self, handlers: Iterable[CodeType] = ()) -> None:
        self.is_pending = False
        self.code: CodeType | None = None
        self._handlers = frozenset(handlers)
        self._unseen = Unseen(self._handle)
        self._task: asyncio.Task[Any] | None = None
        self._is_cancelling = False
        self._is_open = False
        self._since = 0.0
        self._depth = 0

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer SIGINT while a request is served. On other threads, where no signal arrives, it does nothing."""
        if threading.current_thread() is not threading.main_thread() or self._depth:
            yield
            return
        self._depth = 1
        self.is_pending = False
        before = signal.signal(signal.SIGINT, self._handle)
        report = sys.unraisablehook
        sys.unraisablehook = ours = partial(self._unraisable, report)
        try:
            with self._unseen.watching():
                yield
        finally:
            self._depth = 0
            self.is_pending = False
            signal.signal(signal.SIGINT, before)
            if sys.unraisablehook is ours:
                sys.unraisablehook = report

    @contextmanager
    def open(self) -> Iterator[None]:
        """The kernel calls the user's code here (an event's callback): interrupt it at once."""
        self._is_open = True
        try:
            yield
        finally:
            self._is_open = False

    def check(self) -> None:
        """Raise the interrupt that was remembered, if any."""
        if self.is_pending:
            self.is_pending = False
            raise KeyboardInterrupt

    async def run(self, cell: Coroutine[Any, Any, T]) -> T:
        """Await a cell whose awaits can be interrupted."""
        if threading.current_thread() is not threading.main_thread():
            return await cell
        self._task = asyncio.current_task()
        try:
            return await _interruptible(cell, self._translate)
        finally:
            self._task = None
            self._is_cancelling = False
            self.code = None

    def _handle(self, _signum: int, frame: FrameType | None) -> None:
        self._unseen.seen()
        task = self._task
        if self._is_open or self._is_user_code_on(frame):
            self.is_pending = False
            raise KeyboardInterrupt
        if task is not None and not self._runs(task):
            self._cancel(task)
            return
        if self.is_pending and task is not None and time.monotonic() - self._since > _PATIENCE:
            self.is_pending = False
            raise KeyboardInterrupt
        self._remember()

    def _remember(self) -> None:
        if not self.is_pending:
            self.is_pending = True
            self._since = time.monotonic()
        _call_later(_AGAIN, self._remind)

    def _unraisable(self, report: Callable[[sys.UnraisableHookArgs], object], lost: sys.UnraisableHookArgs) -> None:
        if lost.exc_value is not None and self.is_lost(lost.exc_value):
            self._remember()
        else:
            report(lost)

    def is_lost(self, error: BaseException) -> bool:
        """Whether this is an interrupt that C code could not raise, and only reports."""
        return self._task is not None and sys.exception() is not error and _end_of_interrupt(error) is not None

    def replaced_by(self, error: BaseException | None) -> KeyboardInterrupt | None:
        """The interrupt that this error, raised by a clause that clears up, took the place of."""
        before = error.__context__ if isinstance(error, Exception) and self._task is not None else None
        return before if isinstance(before, KeyboardInterrupt) and _end_of_interrupt(before) is not None else None

    def hide(self, error: BaseException | None) -> None:
        """Take this file's frame off the end of an interrupt's traceback, and of those it was raised from."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            end = _end_of_interrupt(error)
            if end is not None:
                end.tb_next = None
            error = error.__cause__ or error.__context__

    def _remind(self) -> None:
        if not self.is_pending:
            return
        if sys.platform == "win32":
            _thread.interrupt_main()
        else:
            # A signal that comes from outside the interpreter also ends a system call that the main thread is in.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def _is_user_code_on(self, frame: FrameType | None) -> bool:
        code, handlers = self.code, self._handlers
        while frame is not None:
            if frame.f_code is code or frame.f_code in handlers:
                return True
            frame = frame.f_back
        return False

    @staticmethod
    def _runs(task: asyncio.Task[Any]) -> bool:
        try:
            return asyncio.current_task(task.get_loop()) is task
        except RuntimeError:
            return False

    def _cancel(self, task: asyncio.Task[Any]) -> None:
        def cancel() -> None:
            if self._task is task and not task.done() and not self._is_cancelling:
                self._is_cancelling = True
                task.cancel()

        task.get_loop().call_soon_threadsafe(cancel)

    def _translate(self, error: asyncio.CancelledError) -> BaseException:
        if not self._is_cancelling or self._task is None:
            return error
        self._is_cancelling = False
        self._task.uncancel()
        return _InterruptedAwait()


def _end_of_interrupt(error: BaseException) -> TracebackType | None:
    """Of an error that the handler raised: the last entry of its traceback before the handler's own."""
    entry = error.__traceback__
    while entry is not None and (last := entry.tb_next) is not None:
        if last.tb_frame.f_code is Interrupts._handle.__code__:
            return entry
        entry = last
    return None


@types.coroutine
def _interruptible(
    cell: Coroutine[Any, Any, T],
    translate: Callable[[asyncio.CancelledError], BaseException],
) -> Generator[Any, Any, T]:
    """Drive ``cell`` as ``await`` would, passing each cancellation through ``translate`` before it is thrown in."""
    __tracebackhide__ = True
    step: Callable[[], Any] = lambda: cell.send(None)  # noqa: E731
    while True:
        try:
            waits_for = step()
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        try:
            sent = yield waits_for
        except GeneratorExit:
            cell.close()
            raise
        except asyncio.CancelledError as error:
            # Without the traceback it has by now, which is this function's.
            thrown = translate(error).with_traceback(None)
            step = lambda thrown=thrown: cell.throw(thrown)  # type: ignore[misc]  # noqa: E731
        except BaseException as error:
            step = lambda error=error: cell.throw(error)  # type: ignore[misc]  # noqa: E731
        else:
            step = lambda sent=sent: cell.send(sent)  # type: ignore[misc]  # noqa: E731


def _call_later(delay: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(delay, call)
    timer.daemon = True
    timer.start()


async def forget_cancellation() -> None:
    """Undo a cancellation that user code asked of its own task: it must not hit the kernel's next await."""
    task = asyncio.current_task()
    if task is None or not task.cancelling():
        return
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(0)
    while task.cancelling():
        task.uncancel()
