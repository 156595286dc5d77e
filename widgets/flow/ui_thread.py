"""The loop on which handlers, async components and flushes run: one asyncio loop in a thread of its own.

Whichever thread a message came to or a signal was written in, what follows from it happens here, one after the other.
Where there are no threads (Pyodide), the loop that runs already is taken.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from flow.runtime.platform import is_wasm

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def loop() -> asyncio.AbstractEventLoop:
    """The loop, started if it does not run yet."""
    global _loop
    with _lock:
        if _loop is None or _loop.is_closed():
            if is_wasm():
                _loop = asyncio.get_event_loop()
            else:
                _loop = asyncio.new_event_loop()
                # A daemon: a program that has nothing else to do ends.
                threading.Thread(target=_loop.run_forever, name="flow", daemon=True).start()
        return _loop


def is_here() -> bool:
    """Whether this code runs on the loop."""
    try:
        return asyncio.get_running_loop() is _loop
    except RuntimeError:
        return False


def call(function: Callable[[], object], *, patience: float = 0.0) -> None:
    """Have the loop call a function soon, in an empty context. From any thread.

    Another thread than the loop's waits until it was called, and what it asked for ``later(0)`` too, but no longer than
    ``patience`` seconds.
    """
    if not patience or is_wasm() or is_here():
        loop().call_soon_threadsafe(function, context=Context())
        return
    done = threading.Event()

    def call_it() -> None:
        try:
            function()
        finally:
            later(0, done.set)

    call(call_it)
    done.wait(patience)


def later(seconds: float, function: Callable[[], object]) -> asyncio.Handle:
    """Have the loop call a function after a while, behind what is due already. On the loop."""
    if seconds <= 0:
        return loop().call_soon(function, context=Context())
    return loop().call_later(seconds, function, context=Context())


def task(coroutine: Coroutine[Any, Any, Any], context: Context) -> asyncio.Task[Any]:
    """Run a coroutine as a task in this context. On the loop."""
    return loop().create_task(coroutine, context=context)


def wait(function: Callable[[], object], timeout: float) -> bool:
    """Have the loop call a function, and wait until it has. False if that takes longer than ``timeout`` seconds."""
    if is_wasm() or is_here():
        function()
        return True
    done = threading.Event()

    def call_it() -> None:
        try:
            function()
        finally:
            done.set()

    call(call_it)
    return done.wait(timeout)


def current_task() -> asyncio.Task[Any]:
    """The task that runs this."""
    found = asyncio.current_task()
    if found is None:
        raise RuntimeError("no task runs this")
    return found
