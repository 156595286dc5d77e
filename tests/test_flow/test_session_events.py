"""The tests of LiveSession that the Flow document spells out. The channel is a comm instead of a socket."""

# ruff: noqa: SIM117
from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import AsyncMock

from flow import Signal
from flow.server.session import LiveSession
from flow.ui import Button, Div


def handle(session: LiveSession, event: dict[str, Any]) -> None:
    asyncio.run(session._handle_event(event))


def test_session_routes_click_events() -> None:
    """LiveSession routes click events to element handlers."""
    handler_called = []

    with Div() as root:
        with Button(
            "Click me",
            on_click=lambda: handler_called.append("clicked"),
        ) as btn:
            pass

    session = LiveSession(root, AsyncMock())
    handle(session, {"type": "click", "target_id": f"flow-{id(btn)}"})
    assert handler_called == ["clicked"]


def test_session_handles_unknown_element() -> None:
    """LiveSession handles events for unknown elements gracefully."""
    session = LiveSession(Div(), AsyncMock())
    handle(session, {"type": "click", "target_id": "flow-99999999"})


def test_session_handles_element_without_handler() -> None:
    """LiveSession handles elements without event handlers."""
    root = Div()  # No on_click handler
    session = LiveSession(root, AsyncMock())
    handle(session, {"type": "click", "target_id": f"flow-{id(root)}"})


def test_session_queues_update_after_handler() -> None:
    """Handler execution can trigger update queue."""
    count = Signal(0)

    def increment() -> None:
        count.value += 1

    with Div() as root:
        with Button("Increment", on_click=increment) as btn:
            pass

    session = LiveSession(root, AsyncMock())
    handle(session, {"type": "click", "target_id": f"flow-{id(btn)}"})
    assert count.value == 1


def test_an_async_handler_is_waited_for() -> None:
    done: list[Callable[[], None] | str] = []

    async def save() -> None:
        await asyncio.sleep(0)
        done.append("saved")

    root = Button("Save", on_click=save)
    handle(LiveSession(root, AsyncMock()), {"type": "click", "target_id": f"flow-{id(root)}"})
    assert done == ["saved"]
