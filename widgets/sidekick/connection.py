"""What the original needed a server for. In a notebook the page is there: wait for it, wait in it, and stop."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Final

import flow
from flow.notebook import is_page_open
from flow.readable import short
from flow.runtime.platform import is_wasm
from sidekick.config import set_user_url_globally
from sidekick.exceptions import SidekickTimeoutError
from sidekick.messages import register_global_message_handler
from sidekick.panel import all_panels
from sidekick.tasks import cancel_all, submit_interval, submit_task

__all__ = [
    "activate_connection",
    "clear_all",
    "register_global_message_handler",
    "run_forever",
    "run_forever_async",
    "set_url",
    "shutdown",
    "submit_interval",
    "submit_task",
    "wait_for_connection",
]

GRACE: Final = 2.0  # seconds that a page has to open where none is, before nobody is waited for

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
    """Kept so that scripts run: components show themselves when they are made."""


def wait_for_connection(timeout: float | None = None) -> None:
    """Wait until a page shows a component. Events are handled meanwhile.

    Raises ``SidekickTimeoutError`` after ``timeout`` seconds. Without one it returns after 2 s where no page opens, as
    under ``jupyter execute``.
    """
    if is_wasm():
        raise RuntimeError(
            "wait_for_connection() cannot block in a browser: await sidekick.run_forever_async() at the end"
        )
    if flow.ui_thread.is_here():
        return  # a callback runs, so a page is there
    try:
        flow.run_until(is_page_open, timeout=GRACE if timeout is None else timeout)
    except TimeoutError as error:
        if timeout is not None:
            message = f"no page showed a component within {timeout:g} s"
            raise SidekickTimeoutError(message, timeout_seconds=timeout, original_exception=error) from None
        _log.info("no page is open to show components in: going on without")


def run_forever() -> None:
    """Wait while callbacks, intervals and tasks run, until ``shutdown()`` or an interrupt, which it takes for the end.

    Where no page is open it returns after 2 s, as under ``jupyter execute``, so that nothing hangs.
    """
    if is_wasm():
        _log.error("run_forever() cannot block in a browser: await sidekick.run_forever_async()")
        return
    patience = _Patience()
    try:
        flow.run_until(patience.is_over)
    except KeyboardInterrupt:
        shutdown()


async def run_forever_async() -> None:
    """``run_forever``, to be awaited."""
    patience = _Patience()
    await flow.run_until_async(patience.is_over)


def shutdown(wait: bool = False) -> None:
    """End tasks, intervals and ``run_forever``. What is shown stays, and what is made next starts afresh."""
    cancel_all()
    _stops.update(lambda count: count + 1)


def clear_all() -> None:
    """Take all components from all panels."""
    for panel in all_panels():
        panel.items.clear()


class _Patience:
    """How long it is waited: until a shutdown, and where nobody sees anything, not long."""

    def __init__(self) -> None:
        self._stops = _stops.peek()
        self._since = monotonic()

    def is_over(self) -> bool:
        if _stops.value != self._stops:
            return True
        if is_page_open():
            self._since = monotonic()
        elif monotonic() - self._since > GRACE:
            _log.info("no page is open to show components in: run_forever() returns")
            return True
        return False
