"""What is disabled calls no handler, whatever a page says: as HTML has it, also what stands in a disabled Fieldset."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from unittest.mock import AsyncMock

import pytest

from flow import Signal
from flow.control import For, Fragment, Show
from flow.element import Element
from flow.portal import Portal
from flow.server.session import LiveSession
from flow.ui import Button, Div, Fieldset, Input, Legend

off = Signal(True)


@pytest.mark.parametrize(
    ("around", "is_told"),
    [
        (lambda button: Div(button), True),
        (lambda button: Fieldset(button), True),
        (lambda button: Fieldset(button, disabled=True), False),
        (lambda button: Fieldset(button, disabled=off), False),
        (lambda button: Fieldset(button, disabled=lambda: not off.value), True),
        (lambda button: Fieldset(Fieldset(Div(button)), disabled=True), False),
        (lambda button: Fieldset(For([1], render=lambda _: Show(True, button)), disabled=True), False),
        (lambda button: Fieldset(Legend(button), disabled=True), True),
        (lambda button: Fieldset(Div(), Fragment(Legend(Div(button))), disabled=True), True),
        (lambda button: Fieldset(Legend("first"), Legend(button), disabled=True), False),
        (lambda button: Fieldset(Div(Legend(button)), disabled=True), False),
        (lambda button: Fieldset(Fieldset(Legend(button), disabled=True), disabled=True), False),
        (lambda button: Fieldset(Portal(button), disabled=True), True),
    ],
)
def test_a_control_in_a_disabled_fieldset_is_disabled_but_in_its_first_legend(
    around: Callable[[Element], Element], is_told: bool
) -> None:
    told: list[str] = []
    button = Button("Pay", on_click=lambda: told.append("paid"))
    session = LiveSession(around(button), AsyncMock())
    asyncio.run(session._handle_event({"type": "click", "target_id": f"flow-{button.element_id}"}))
    session.close()
    assert told == ["paid"] * is_told


def test_what_is_no_control_hears_of_clicks_in_a_disabled_fieldset() -> None:
    told: list[str] = []
    place = Div("here", on_click=lambda: told.append("clicked"))
    session = LiveSession(Fieldset(place, disabled=True), AsyncMock())
    asyncio.run(session._handle_event({"type": "click", "target_id": f"flow-{place.element_id}"}))
    session.close()
    assert told == ["clicked"]


def test_a_signal_is_not_written_by_what_is_typed_in_a_disabled_fieldset() -> None:
    name = Signal("tea")
    field = Input(value=name)
    session = LiveSession(Fieldset(field, disabled=True), AsyncMock())
    asyncio.run(session._handle_event({"type": "input", "target_id": f"flow-{field.element_id}", "value": "x"}))
    session.close()
    assert name.value == "tea"
