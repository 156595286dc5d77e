"""on_main: a handler that runs on the main thread, where the cells do, in between what they do there.

Other handlers run on the UI thread, beside the cells. One that may not (it draws with matplotlib, or uses a database
connection that belongs to the thread which opened it) is given as ``on_click=on_main(draw)``. It runs when the main
thread has time:

    in a notebook's kernel    at once when no cell runs; in an ``await``; under rdit between two statements
    in a program              in the next turn of the asyncio loop that the main thread was in when on_main was called
    in both                   in flow's waits on the main thread: sleep, run_until, ask
    in Pyodide                at once: there is one thread

Invariant: of these handlers one runs at a time, an async one to its end, in the order of their events.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import Context, copy_context
from functools import partial, update_wrapper
from inspect import isawaitable
from typing import Any, Final, TypeVar

from flow.batch import batch
from flow.cells import find_shell
from flow.handlers import Handler
from flow.readable import short
from flow.runtime.platform import is_wasm

F = TypeVar("F", bound=Callable[..., Any])


def on_main(handler: F) -> F:
    """A handler that runs on the main thread: ``Button("draw", on_click=on_main(draw))``, or ``@on_main`` above it.

    It is called as soon as the main thread has time: at once when the kernel is idle, else in the next ``await`` of the
    cell that runs, and under rdit between two of its statements. Sync or async, and one after the other. What it
    prints and displays goes to the cell that made the element; an error is shown as that of any handler. An interrupt
    (KeyboardInterrupt) ends it while it runs.

    Without a kernel it is called by the asyncio loop that runs in the main thread when ``on_main`` is called, and by
    ``flow.sleep``, ``flow.run_until`` and ``flow.ask`` there; in a program with none of these it waits.
    """
    if not callable(handler) or isinstance(handler, type):
        raise TypeError(f"on_main() takes a function, as on_click=on_main(draw), not {short(handler)}")
    if is_wasm():
        return handler
    if isinstance(handler, Handler):
        wrapped: Any = Handler(on_main(handler.function), handler.event_options)
        return wrapped  # type: ignore[no-any-return]
    _main.remember_loop()

    def on_main_handler(*args: Any) -> Any:
        if _is_main():
            return handler(*args)
        return _main.add(partial(handler, *args))

    return update_wrapper(on_main_handler, handler)  # type: ignore[return-value]  # it is called as the handler is


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _kernel_loop() -> asyncio.AbstractEventLoop | None:
    """The loop of the kernel's main thread, if this is a kernel."""
    io_loop = getattr(getattr(find_shell(), "kernel", None), "io_loop", None)
    return getattr(io_loop, "asyncio_loop", None)


class _Call(Awaitable[Any]):
    """One call of a handler, awaited by whoever told the event. If they are cancelled, so is the handler."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.context: Context = copy_context()
        self.outcome: Future[Any] = Future()

    def __await__(self) -> Generator[Any, None, Any]:
        return asyncio.wrap_future(self.outcome).__await__()

    def succeed(self, value: Any) -> None:
        """Tell who awaits, if they still do."""
        with suppress(Exception):  # it was cancelled
            self.outcome.set_result(value)

    def fail(self, error: BaseException) -> None:
        """Raise the error for who awaits."""
        if isinstance(error, StopIteration):
            # A future takes none, since that would end the coroutine that awaits it.
            cause, error = error, RuntimeError("the handler raised StopIteration")
            error.__cause__ = cause
        with suppress(Exception):
            self.outcome.set_exception(error)


class _Main:
    """The handlers that wait for the main thread, and those who have it call them."""

    def __init__(self) -> None:
        self._calls: deque[_Call] = deque()
        self._is_running = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: list[threading.Event] = []

    def remember_loop(self) -> None:
        """Take the loop that runs here, if this is the main thread, for the one to call handlers in a program."""
        if _is_main():
            with suppress(RuntimeError):
                self._loop = asyncio.get_running_loop()

    def add(self, function: Callable[[], Any]) -> _Call:
        """Have a handler called. From any thread."""
        call = _Call(function)
        self._calls.append(call)
        loop = _kernel_loop() or self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it is closed
                # In an empty context: each handler brings its own.
                loop.call_soon_threadsafe(self.run, context=Context())
        for woken in tuple(self._waiters):
            woken.set()
        return call

    @contextmanager
    def waiting(self, woken: threading.Event) -> Iterator[Callable[[], None]]:
        """The main thread waits, and wants to be woken for handlers: it calls them by what it gets."""
        if not _is_main():
            yield lambda: None
            return
        self._waiters.append(woken)
        try:
            if self._calls:
                woken.set()
            yield self.run
        finally:
            self._waiters.remove(woken)

    def run(self) -> None:
        """Call the handlers that wait, until one is async. On the main thread."""
        while self._calls and not self._is_running:
            call = self._calls.popleft()
            if call.outcome.cancelled():
                continue
            self._is_running = True
            if not self._run(call):
                self._is_running = False

    def _run(self, call: _Call) -> bool:
        """Call one handler. Tells whether it is async, and still runs."""
        try:
            with _interruptible(), batch():
                result = call.context.run(call.function)
        except BaseException as error:
            call.fail(error)
            return False
        if not isawaitable(result):
            call.succeed(result)
            return False
        coroutine = self._finish(call, result)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self._run_in_own_loop(call, coroutine)
        task = loop.create_task(coroutine, context=call.context)
        call.outcome.add_done_callback(lambda _: loop.call_soon_threadsafe(task.cancel))
        return True

    def _run_in_own_loop(self, call: _Call, coroutine: Any) -> bool:
        """Run an async handler where no loop runs: in a wait of a program."""
        with suppress(KeyboardInterrupt):  # told to who awaits
            call.context.run(asyncio.run, coroutine)
        return False

    async def _finish(self, call: _Call, rest: Awaitable[Any]) -> None:
        """The rest of an async handler, and then those that wait for its end."""
        try:
            call.succeed(await _Interruptible(rest))
        except asyncio.CancelledError:
            call.outcome.cancel()
        except BaseException as error:
            # Also an interrupt: from here it would end the loop, and with it the kernel.
            call.fail(error)
        finally:
            self._is_running = False
            if self._calls:
                asyncio.get_running_loop().call_soon(self.run, context=Context())


_main: Final = _Main()
waiting = _main.waiting


@contextmanager
def _interruptible() -> Iterator[None]:
    """Inside, SIGINT is a KeyboardInterrupt, whatever it is to the kernel in between two cells or statements."""
    before = signal.getsignal(signal.SIGINT)
    if before in (None, signal.default_int_handler):
        yield
        return
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
    finally:
        is_restored = False
        while not is_restored:
            # One that comes only now finds nothing to end.
            with suppress(KeyboardInterrupt):
                signal.signal(signal.SIGINT, before)
                is_restored = True


class _Interruptible:
    """Awaits something whose steps can be interrupted; not its waits, in which the main thread does something else."""

    def __init__(self, awaitable: Awaitable[Any]) -> None:
        self._awaitable = awaitable

    def __await__(self) -> Generator[Any, Any, Any]:
        coroutine = _awaited(self._awaitable)
        step: Callable[[], Any] = partial(coroutine.send, None)
        while True:
            try:
                with _interruptible():
                    waits_for = step()
            except StopIteration as stop:
                return stop.value
            try:
                step = partial(coroutine.send, (yield waits_for))
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as error:
                step = partial(coroutine.throw, error)


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
