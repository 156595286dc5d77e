"""The loop on which callbacks, intervals and tasks run: one asyncio loop in a thread of its own, one after the other.

It is not flow's UI thread, which tells the pages: so what a callback changes is seen while it still runs, and one that
takes its time (``time.sleep``) holds up no page. Where there are no threads (Pyodide), the loop that runs is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from threading import Lock, Thread

from flow import ui_thread
from flow.batch import current_batch
from flow.runtime.platform import is_wasm
from flow.tracking import current_run

_lock = Lock()
_loop: asyncio.AbstractEventLoop | None = None


def _running() -> asyncio.AbstractEventLoop:
    """The loop, started if it does not run yet."""
    global _loop
    with _lock:
        if _loop is None:
            if is_wasm():
                _loop = ui_thread.loop()
            else:
                _loop = asyncio.new_event_loop()
                # A daemon: a program that has nothing else to do ends.
                Thread(target=_loop.run_forever, name="sidekick", daemon=True).start()
        return _loop


def is_here() -> bool:
    """Whether this code runs on the loop."""
    try:
        return asyncio.get_running_loop() is _loop
    except RuntimeError:
        return False


def call(function: Callable[[], object], context: Context | None = None) -> None:
    """Have the loop call a function that does not raise, in this context or an empty one. From any thread."""
    _running().call_soon_threadsafe(function, context=context or Context())


def context_here() -> Context:
    """A copy of this context for what is called later: it prints where this line does, but is part of no batch here."""
    context = copy_context()
    context.run(current_batch.set, None)
    context.run(current_run.set, None)
    return context
