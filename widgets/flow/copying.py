"""What a copy of an element or binding takes along, from ``copy.deepcopy`` and ``pickle``: all but what it lives by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def state_of(thing: object, left: Collection[str]) -> dict[str, Any]:
    """Its attributes, but for those that are left behind."""
    found: Any = object.__getstate__(thing)
    own, slots = found if isinstance(found, tuple) else (found, None)
    return {name: value for name, value in {**(slots or {}), **(own or {})}.items() if name not in left}


def give_state(thing: object, state: Mapping[str, Any]) -> None:
    """Let a copy have these attributes."""
    for name, value in state.items():
        setattr(thing, name, value)
