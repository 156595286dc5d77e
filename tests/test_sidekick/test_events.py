"""Events: what callbacks are given."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from sidekick import events

FIELDS = {
    "BaseSidekickEvent": ["instance_id", "type"],
    "ButtonClickEvent": ["instance_id", "type"],
    "GridClickEvent": ["instance_id", "type", "x", "y"],
    "CanvasClickEvent": ["instance_id", "type", "x", "y"],
    "TextboxSubmitEvent": ["instance_id", "type", "value"],
    "ConsoleSubmitEvent": ["instance_id", "type", "value"],
    "ErrorEvent": ["instance_id", "type", "message"],
}


@pytest.mark.parametrize("name", FIELDS)
def test_an_event_is_plain_data(name: str) -> None:
    kind: Any = getattr(events, name)
    assert [field.name for field in fields(kind)] == FIELDS[name]
    values = [f"v{at}" for at in range(len(FIELDS[name]))]
    event = kind(*values)
    assert event == kind(**dict(zip(FIELDS[name], values, strict=True)))
    assert event != kind("other", *values[1:])
    assert name in repr(event)
    assert "v1" in repr(event)
    event.type = "changed"
    assert event.type == "changed"
    with pytest.raises(TypeError, match="unhashable"):
        hash(event)
    assert issubclass(kind, events.BaseSidekickEvent)
