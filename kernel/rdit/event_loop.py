"""The event loop of one program, for its top-level awaits: made for the first, kept for the later ones.

``asyncio.Runner`` makes and closes the loop. It does not run the awaits: an interrupt that arrives while its ``run``
begins or ends leaves its SIGINT handler behind, or is told as a cancellation; here it is always a KeyboardInterrupt.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import weakref
from contextvars import Context
from types import CoroutineType, FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


class EventLoop:
    """Runs coroutines one after the other in one loop. asyncio is imported when the first one comes."""

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None

    def run(self, coroutine: CoroutineType[Any, Any, Any], context: Context) -> object:
        import asyncio

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            raise RuntimeError("an await needs a thread without a running event loop: run the executor in one")
        if self._runner is None:
            # A factory leaves the policy's current loop alone: a script's own asyncio.run() is none of ours.
            self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
            self._finalizer = weakref.finalize(self, self._runner.close)
        loop = self._runner.get_loop()
        interrupt = _Interrupt()
        try:
            interrupt.listen()
            task = interrupt.watch(loop.create_task(coroutine, context=context))
            value = loop.run_until_complete(task)
        except asyncio.CancelledError as cancellation:
            if not interrupt.has_come:
                raise
            # Told at the line that was waiting.
            raise KeyboardInterrupt().with_traceback(cancellation.__traceback__) from None
        except Exception:
            raise
        except BaseException:
            if interrupt.task is not None:
                _settle(interrupt.task, loop)
            raise
        finally:
            interrupt.ignore()
        if interrupt.is_late:
            raise KeyboardInterrupt
        return value

    def close(self) -> None:
        """Cancel the tasks that are left and close the loop; a later await makes a new one."""
        if self._runner is not None:
            self._finalizer.detach()
            runner, self._runner = self._runner, None
            runner.close()


class _Interrupt:
    """SIGINT while a task runs: the first one cancels the task, as asyncio does, so that its ``finally`` can await.

    The first never raises: it would be in the middle of asyncio's own code.
    """

    def __init__(self) -> None:
        self.has_come = False
        self.is_late = False
        self.task: asyncio.Task[Any] | None = None

    def listen(self) -> None:
        # Whoever has a handler of their own keeps it, and only the main thread may set one.
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._handle)

    def watch(self, task: asyncio.Task[Any]) -> asyncio.Task[Any]:
        self.task = task
        if self.has_come:
            task.cancel()
        return task

    def ignore(self) -> None:
        if signal.getsignal(signal.SIGINT) == self._handle:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.has_come and not self.is_late:
            # First, because the exception can keep `ignore` from it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            raise KeyboardInterrupt
        self.has_come = True
        if self.task is None:
            return
        self.is_late = self.task.done()
        self.task.cancel()
        # The loop may be asleep until its next timer.
        self.task.get_loop().call_soon_threadsafe(_nothing)


def _settle(task: asyncio.Task[Any], loop: asyncio.AbstractEventLoop) -> None:
    """End a task that an interrupt, or another task's SystemExit, has torn out of the running loop."""
    import asyncio

    # A stop() that was not obeyed any more would end the next await at once.
    loop.stop()
    loop.run_forever()
    task.cancel()
    for _ in range(2):
        # Twice, if the torn run has left its order to stop the loop when the task is done.
        if not task.done():
            with contextlib.suppress(RuntimeError):
                loop.run_until_complete(asyncio.wait([task]))
    if task.done() and not task.cancelled():
        task.exception()  # asked for, or asyncio reports it once more when the task goes


def _nothing() -> None:
    """Wakes the loop by being called in it."""
