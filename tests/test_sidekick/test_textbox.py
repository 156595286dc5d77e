"""Textbox: what Python knows of what is typed."""

from __future__ import annotations

from typing import Any

import pytest

from sidekick import Textbox, TextboxSubmitEvent
from support.sidekick_page import Shown, inside, settle


def submit(shown: Shown, textbox: Textbox, text: str) -> None:
    """What a browser tells of a text that is typed and then left, or entered."""
    shown.type(textbox, text)
    shown.event(inside(textbox, "input"), "change", value=text)
    settle()


def test_it_holds_what_it_was_given_as_text() -> None:
    kind: Any = Textbox
    textbox = kind(5, None)
    assert (textbox.value, textbox.placeholder) == ("5", "None")
    textbox.value, textbox.placeholder = 7, 8
    assert (textbox.value, textbox.placeholder) == ("7", "8")


def test_what_is_typed_is_told_when_it_is_submitted_and_its_value_is_there_before(shown: Shown) -> None:
    events: list[Any] = []
    textbox = Textbox("old", on_submit=lambda event: events.append((event, textbox.value)))
    shown.texts()
    shown.type(textbox, "new")
    settle()
    assert (textbox.value, events) == ("old", [])
    submit(shown, textbox, "new")
    assert events == [(TextboxSubmitEvent(textbox.instance_id, "submit", "new"), "new")]


def test_a_text_is_submitted_only_if_it_changed(shown: Shown) -> None:
    values: list[str] = []
    textbox = Textbox("preset", on_submit=lambda event: values.append(event.value))
    shown.texts()
    for text in ("preset", "go", "go", "", ""):
        submit(shown, textbox, text)
    assert values == ["go", ""]


def test_the_same_can_be_submitted_again_when_python_has_set_the_value_meanwhile(shown: Shown) -> None:
    values: list[str] = []

    def submitted(event: TextboxSubmitEvent) -> None:
        values.append(event.value)
        textbox.value = ""

    textbox = Textbox(on_submit=submitted)
    shown.texts()
    submit(shown, textbox, "go")
    assert shown.values() == [""]
    submit(shown, textbox, "go")
    assert values == ["go", "go"]


@pytest.mark.parametrize("value", ["", "kept"])
def test_setting_the_value_replaces_what_is_being_typed_also_when_it_is_what_it_was(shown: Shown, value: str) -> None:
    textbox = Textbox(value)
    shown.texts()
    shown.type(textbox, "half a wo")
    settle()
    assert shown.values() == ["half a wo"]
    textbox.value = value
    assert shown.values() == [value]
    assert textbox.value == value
