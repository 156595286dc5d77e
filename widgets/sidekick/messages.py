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
    "click", "x": 1, "y": 2}}``. Of what a page could not do it is an ``"error"`` with a ``"message"``, of one that
    comes or goes a ``"system"`` ``"announce"``. An error of the handler is told, and stops nothing.
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
    """Tell of an event of a component, ``{"event": "click"}``, or of an error. On the loop."""
    about: dict[str, Any] = {"id": 0, "component": component.component_type, "type": "event"}
    told = dict(payload)
    if payload.get("event") == "error":
        about["type"], told = "error", {"message": payload["message"]}
    for handler in (_global, _by_component.get(component.instance_id)):
        if handler is not None:
            handler({**about, "src": component.instance_id, "payload": dict(told)})


def _announce(page: str, has_come: bool) -> None:
    if _global is not None:
        status = "online" if has_come else "offline"
        about = {"peerId": page, "role": "sidekick", "status": status, "timestamp": int(time() * 1000)}
        _global({"id": 0, "component": "system", "type": "announce", "payload": about})


listeners.append(_announce)
