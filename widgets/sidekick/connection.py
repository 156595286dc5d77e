"""What the original needed a server for. In a notebook the page is there: wait for it, wait in it, and stop."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Final

import flow
from flow import ui_thread
from flow.notebook import is_page_open
from flow.readable import short
from flow.runtime.platform import is_wasm
from flow.seconds import checked_seconds
from flow.waiting import sleep
from sidekick import loop
from sidekick.commands import send_message
from sidekick.config import set_user_url_globally
from sidekick.exceptions import SidekickTimeoutError
from sidekick.messages import (
    register_global_message_handler,
    register_message_handler,
    unregister_message_handler,
)
from sidekick.panel import Panel, active_panel, all_panels, halt_all, is_over
from sidekick.tasks import cancel_all, submit_interval, submit_task, wait_for

__all__ = [
    "activate_connection",
    "clear_all",
    "pump",
    "register_global_message_handler",
    "register_message_handler",
    "run_forever",
    "run_forever_async",
    "send_message",
    "set_url",
    "shutdown",
    "sleep",
    "submit_interval",
    "submit_task",
    "unregister_message_handler",
    "wait_for_connection",
]

GRACE: Final = 2.0  # seconds that a page has to open where none is, before nobody is waited for
_MOMENT: Final = 0.002  # seconds that a pump waits for what is on its way
_ENDING: Final = 5.0  # seconds that tasks have to end in

_log: Final = logging.getLogger("sidekick")
_stops: Final = flow.Signal(0, name="shutdowns")


def set_url(url: str | None) -> None:
    """Kept so that scripts run: components show themselves in the notebook, and need no server.

    Raises ``ValueError`` for what is neither None nor a text that begins with ``ws://`` or ``wss://``.
    """
    if url is not None and not (isinstance(url, str) and url.startswith(("ws://", "wss://"))):
        raise ValueError(f"set_url() takes a URL that begins with ws:// or wss://, or None, not {short(url)}")
    set_user_url_globally(url)
    _log.info("set_url() has no effect here: components show themselves in the notebook")


def activate_connection() -> None:
    """Show the panel of this cell. Components do that by themselves when they are made."""
    active_panel()


def wait_for_connection(timeout: float | None = None) -> None:
    """Wait until a page shows a component. Events are handled meanwhile.

    Raises ``SidekickTimeoutError`` after ``timeout`` seconds. Without one it returns after 2 s where no page opens, as
    under ``jupyter execute``.
    """
    if is_wasm():
        raise RuntimeError(
            "wait_for_connection() cannot block in a browser: await sidekick.run_forever_async() at the end"
        )
    seconds = GRACE if timeout is None else checked_seconds(timeout, "wait_for_connection()")
    active_panel()
    if _is_on_a_loop():
        return  # a callback runs, so a page is there
    try:
        flow.run_until(is_page_open, timeout=seconds)
    except TimeoutError as error:
        if timeout is not None:
            message = f"no page showed a component within {timeout:g} s"
            raise SidekickTimeoutError(message, timeout_seconds=timeout, original_exception=error) from None
        _log.info("no page is open to show components in: going on without")


def run_forever(timeout: float | None = None) -> None:
    """Wait while callbacks, intervals and tasks run, until ``shutdown()`` or an interrupt, which it takes for the end.

    Where no page opens it returns after 2 s, as under ``jupyter execute``, so that nothing hangs. However it ends, it
    ends intervals and tasks too; only after ``timeout`` seconds, if that is given, they go on.

    In a cell that was ended by a ``shutdown()`` already, and has made and started nothing since, it returns at once.
    """
    if is_wasm():
        _log.error("run_forever() cannot block in a browser: await sidekick.run_forever_async()")
        return
    if _is_on_a_loop():
        raise RuntimeError("run_forever() would stop the callbacks that it waits for, for it is called by one of them")
    if is_over():
        return
    try:
        with _Wait() as wait:
            flow.run_until(wait.is_over, timeout)
    except KeyboardInterrupt:
        pass
    except TimeoutError:
        return
    shutdown()


async def run_forever_async() -> None:
    """``run_forever``, to be awaited."""
    if is_over():
        return
    with _Wait() as wait:
        await flow.run_until_async(wait.is_over)
    shutdown()


def shutdown(wait: bool = False) -> None:
    """End tasks, intervals and ``run_forever``. What is shown stays, and says that it has stopped.

    What is made next starts afresh. With ``wait`` it returns when the tasks have ended, or after 5 s.
    """
    tasks = cancel_all()
    halt_all(is_told=is_page_open())
    _stops.update(lambda count: count + 1)
    if wait and not (is_wasm() or _is_on_a_loop()) and not wait_for(tasks, _ENDING):
        _log.warning("some tasks go on after shutdown(wait=True): they did not end within %g s", _ENDING)


def pump() -> None:
    """Have what came from pages handled in the midst of a long work: ``while work(): sidekick.pump()``.

    It takes some 2 ms. A callback that calls it does not wait: the others come when it is over.
    """
    if not (is_wasm() or _is_on_a_loop()):
        sleep(_MOMENT)


def clear_all(panel: Panel | None = None) -> None:
    """Take all components from all panels, or from one."""
    for each in all_panels() if panel is None else [panel]:
        each.clear()


def _is_on_a_loop() -> bool:
    """Whether a callback calls, be it one of sidekick's or of flow's."""
    return loop.is_here() or ui_thread.is_here()


class _Wait:
    """One ``run_forever``: until a shutdown or the Stop button, and where nobody sees anything, not long."""

    def __init__(self) -> None:
        self._stops = _stops.peek()
        self._since = monotonic()
        self._had_page = False
        self._is_stopped = flow.Signal(False)
        self._panel = active_panel()

    def __enter__(self) -> _Wait:
        self._panel.begin(self, lambda: self._is_stopped.set(True), has_end=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._panel.end(self)

    def is_over(self) -> bool:
        """Whether it has ended."""
        if _stops.value != self._stops or self._is_stopped.value:
            return True
        self._had_page = self._had_page or is_page_open()
        is_alone = not self._had_page and monotonic() - self._since > GRACE
        if is_alone:
            _log.info("no page is open to show components in: run_forever() returns")
        return is_alone
