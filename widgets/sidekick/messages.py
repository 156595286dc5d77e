"""What the original said of each event and page, for scripts that watch all of them with one handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import time
from typing import TYPE_CHECKING, Any

from flow.readable import short
from sidekick.callbacks import Callback
from sidekick.pages import listeners

if TYPE_CHECKING:
    from sidekick.component import Component

Handler = Callable[[dict[str, Any]], object]

_global: Callback | None = None
_by_component: dict[str, Callback] = {}


def register_global_message_handler(handler: Handler | None) -> None:
    """Have ``handler(message)`` called for all that pages say, before a component's own callback. None ends that.

    A message is a dict, such as ``{"id": 0, "component": "grid", "type": "event", "src": "grid-1", "payload": {"event":
    "click", "x": 1, "y": 2}}``; of a page that comes or goes it is a ``"system"`` ``"announce"``. An error of the
    handler is told, and stops nothing.
    """
    global _global
    _global = _checked(handler, "register_global_message_handler()") if handler else None


def register_message_handler(instance_id: str, handler: Handler) -> None:
    """Have ``handler(message)`` called for what pages say of the component with this id."""
    _by_component[instance_id] = _checked(handler, "register_message_handler()")


def unregister_message_handler(instance_id: str) -> None:
    """End that. An id that nobody registered is no error."""
    _by_component.pop(instance_id, None)


def _checked(handler: object, where: str) -> Callback:
    if not callable(handler):
        raise TypeError(f"{where} takes a function of one message, not {short(handler)}")
    return Callback(handler)


def received(component: Component, payload: Mapping[str, Any]) -> None:
    """Tell of an event of a component. On the loop."""
    about = {"id": 0, "component": component.component_type, "type": "event", "src": component.instance_id}
    for handler in (_global, _by_component.get(component.instance_id)):
        if handler is not None:
            handler({**about, "payload": dict(payload)})


def _announce(page: str, has_come: bool) -> None:
    if _global is not None:
        status = "online" if has_come else "offline"
        about = {"peerId": page, "role": "sidekick", "status": status, "timestamp": int(time() * 1000)}
        _global({"id": 0, "component": "system", "type": "announce", "payload": about})


listeners.append(_announce)
