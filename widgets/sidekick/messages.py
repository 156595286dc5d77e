"""What the original said of each event, for scripts that watch all of them with one handler."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flow.readable import short

if TYPE_CHECKING:
    from sidekick.component import Component

Handler = Callable[[dict[str, Any]], object]

_log: Final = logging.getLogger("sidekick")
_handler: Handler | None = None


def register_global_message_handler(handler: Handler | None) -> None:
    """Have ``handler(message)`` called for all that pages say, before a component's own callback. None ends that.

    A message is a dict, such as ``{"id": 0, "component": "grid", "type": "event", "src": "grid-1", "payload": {"event":
    "click", "x": 1, "y": 2}}``. An error of the handler is logged, and stops nothing.
    """
    global _handler
    if handler is not None and not callable(handler):
        raise TypeError(
            f"register_global_message_handler() takes a function of one message, or None, not {short(handler)}"
        )
    _handler = handler


def received(component: Component, payload: Mapping[str, Any]) -> None:
    """Tell of an event of a component."""
    if _handler is None:
        return
    kind = {"id": 0, "component": component.component_type, "type": "event", "src": component.instance_id}
    try:
        _handler({**kind, "payload": dict(payload)})
    except Exception:
        _log.exception("the global message handler failed")
