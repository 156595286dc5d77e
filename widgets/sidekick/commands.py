"""Commands: what the original sent to its pages, as dicts, done to the components that they are about.

Some scripts send such dicts themselves. Their names are in camelCase, those of the methods they mean in snake_case.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from flow.readable import short
from sidekick.component import Component, find
from sidekick.panel import all_panels, panel_of_this_cell

_log: Final = logging.getLogger("sidekick")
_KINDS: Final = ("button", "canvas", "column", "console", "grid", "label", "markdown", "row", "textbox", "viz")


def send_message(message_dict: Mapping[str, Any]) -> None:
    """Do what a message of the original's asks of the page: ``spawn``, ``update`` or ``remove`` a component, or clear.

    For example ``{"component": "label", "type": "update", "target": "label-1", "payload": {"action": "setText",
    "options": {"text": "new"}}}``. What cannot be done is logged; nothing is raised, as it never was.
    """
    try:
        _do(message_dict)
    except Exception as error:
        _log.warning("send_message() could not do %s: %s: %s", short(message_dict), type(error).__name__, error)


def _do(message: Mapping[str, Any]) -> None:
    kind, payload = message["type"], message.get("payload") or {}
    if message["component"] == "system":
        return  # the script says that it is there, which its components do
    if kind == "clearAll":
        for panel in all_panels():
            panel.items.clear()
    elif kind == "spawn":
        _spawn(message["component"], message.get("target"), payload)
    elif kind == "remove":
        _target(message).remove()
    elif kind == "update":
        _update(_target(message), payload, payload["action"], payload.get("options") or {})
    else:
        raise ValueError(f"type is one of spawn, update, remove and clearAll, not {short(kind)}")


def _target(message: Mapping[str, Any]) -> Component:
    found = find(message["target"])
    if found is None:
        raise LookupError(f"there is no component with the id {short(message['target'])}")
    return found


def _spawn(kind: str, instance_id: str | None, payload: Mapping[str, Any]) -> None:
    if kind not in _KINDS:
        raise ValueError(f"component is one of {', '.join(_KINDS)}, not {short(kind)}")
    import sidekick

    getattr(sidekick, kind.title())(instance_id=instance_id, **_in_python(payload))


def _update(target: Component, payload: Mapping[str, Any], action: str, options: Mapping[str, Any]) -> None:
    name, given = _snake(action), _in_python(options)
    if name == "change_parent":
        _move(target, given["parent"])
    elif name == "remove_variable":
        target.remove_variable(payload["variableName"])  # type: ignore[attr-defined]
    elif name == "append" and target.component_type == "console":
        target.print(given["text"], end="")  # type: ignore[attr-defined]
    elif isinstance(vars(_home(type(target), name[4:])).get(name[4:]), property):
        setattr(target, name[4:], given[name[4:]])
    elif not name.startswith("_") and callable(vars(_home(type(target), name)).get(name)):
        getattr(target, name)(**given)
    else:
        raise ValueError(f"a {target.component_type} has no action {short(action)}")


def _home(kind: type[Component], name: str) -> type:
    """The class of sidekick's that has a name, below what all components have."""
    return next((each for each in kind.__mro__[: kind.__mro__.index(Component)] if name in vars(each)), kind)


def _move(target: Component, parent: str) -> None:
    place = panel_of_this_cell() if parent == "root" else find(parent)
    if place is None or place.items is None:
        raise LookupError(f"there is no container with the id {short(parent)}")
    place.items.add(target)


def _in_python(options: Mapping[str, Any]) -> dict[str, Any]:
    found = {_snake(name): value for name, value in options.items()}
    if isinstance(found.get("points"), list):
        found["points"] = [(point["x"], point["y"]) for point in found["points"]]
    return found


def _snake(name: str) -> str:
    """The name as Python has it.

    >>> _snake("setText"), _snake("x1"), _snake("bufferId")
    ('set_text', 'x1', 'buffer_id')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
