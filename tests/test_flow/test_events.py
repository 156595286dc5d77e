"""Events: typed values of what a page tells, all of it checked."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow import Signal
from flow.element import Element
from flow.errors import BadMessageError
from flow.events import (
    ClipboardEvent,
    DragEvent,
    Event,
    FocusEvent,
    InputEvent,
    KeyEvent,
    MediaEvent,
    MouseEvent,
    PointerEvent,
    ScrollEvent,
    SelectionEvent,
    SubmitEvent,
    ToggleEvent,
    WheelEvent,
    make_event,
)
from flow.files import File
from flow.ui import Button, Details, Div, Form, Input, Option, Select, Textarea, Video
from flow.vocabulary import EVENTS

PLACE = {"x": 1.5, "y": 2, "width": 40, "height": 20.5, "client_x": 10, "client_y": -20}
KEYS = {"alt": False, "ctrl": True, "shift": False, "meta": True}


@pytest.mark.parametrize(
    ("event_type", "data", "kind"),
    [
        ("click", {**PLACE, **KEYS, "button": 0, "buttons": 1}, MouseEvent),
        ("pointermove", {**PLACE, "pointer_id": 3, "pointer_type": "pen", "pressure": 0.5}, PointerEvent),
        ("wheel", {**PLACE, "delta_x": 0, "delta_y": -120.5}, WheelEvent),
        ("drop", {**PLACE, "text": "hello"}, DragEvent),
        ("keydown", {**KEYS, "key": "Enter", "code": "NumpadEnter", "repeat": True}, KeyEvent),
        ("input", {"data": "x", "checked": True}, InputEvent),
        ("focus", {}, FocusEvent),
        ("submit", {"data": {"name": "Ada", "likes": ["tea", "maths"]}}, SubmitEvent),
        ("paste", {"text": "pasted"}, ClipboardEvent),
        ("scroll", {"scroll_left": 0, "scroll_top": 12.5}, ScrollEvent),
        ("toggle", {"open": True}, ToggleEvent),
        ("timeupdate", {"current_time": 1.5, "duration": 60, "paused": True}, MediaEvent),
        ("select", {"selection_start": 0, "selection_end": 4}, SelectionEvent),
    ],
)
def test_a_kind_of_event_has_the_fields_that_a_page_tells_of_it(
    event_type: str, data: dict[str, Any], kind: type[Event]
) -> None:
    target = Div()
    event = make_event(target, event_type, {**data, "unknown": 1})
    assert type(event) is kind
    assert (event.type, event.target) == (event_type, target)
    assert {name: getattr(event, name) for name in data} == data
    assert not hasattr(event, "unknown")


def test_an_event_without_a_class_of_its_own_has_what_was_told_as_data() -> None:
    event = make_event(Div(), "cell_click", {"row": 1})
    assert (type(event), event.data) == (Event, {"row": 1})
    assert make_event(Div(), "resize", {}).data is None


@pytest.mark.parametrize("event_type", EVENTS.split())
def test_every_event_of_a_page_can_come_with_nothing_but_its_type(event_type: str) -> None:
    assert make_event(Button(), event_type, {}).type == event_type


def test_what_the_page_does_not_know_is_as_if_it_was_not_told() -> None:
    event = make_event(Video(), "durationchange", {"duration": None})
    assert isinstance(event, MediaEvent)
    assert event.duration is None


def test_an_event_shows_what_it_tells() -> None:
    event = make_event(Button("Go"), "keydown", {"key": "a", "ctrl": True, "alt": False})
    assert repr(event) == "KeyEvent('keydown', target=Button('Go'), ctrl=True, key='a')"


def test_an_event_is_frozen_and_can_be_remembered() -> None:
    event = make_event(Button(), "click", {})
    with pytest.raises(AttributeError):
        event.type = "x"  # type: ignore[misc]
    assert event in {event}


@pytest.mark.parametrize(
    ("event_type", "data"),
    [
        ("click", {"x": "1"}), ("click", {"x": True}), ("click", {"x": float("nan")}), ("click", {"x": float("inf")}),
        ("click", {"x": 1e10}), ("click", {"button": 0.5}), ("click", {"button": True}), ("click", {"alt": 1}),
        ("click", {"buttons": 2**40}),
        ("pointerdown", {"pressure": 1.1}), ("pointerdown", {"pressure": -1}),
        ("pointerdown", {"pointer_type": "x" * 65}),
        ("keydown", {"key": 1}), ("keydown", {"key": "x" * 65}),
        ("input", {"value": 1}), ("input", {"value": "x" * (2**20 + 1)}), ("input", {"data": ["x"]}),
        ("input", {"checked": "on"}), ("input", {"values": "x"}), ("input", {"values": [1]}),
        ("submit", {"data": "x"}), ("submit", {"data": {"a": 1}}), ("submit", {"data": {"a": [1]}}),
        ("submit", {"data": [["a", "b"]]}), ("paste", {"text": 5}),
        ("scroll", {"scroll_top": None, "scroll_left": "0"}),
        ("toggle", {"open": "true"}), ("timeupdate", {"current_time": -1}), ("timeupdate", {"duration": "1"}),
        ("select", {"selection_start": 1.5}),
    ],
    ids=lambda each: str(each)[:40],
)  # fmt: skip
def test_a_field_of_a_wrong_type_or_out_of_range_is_a_bad_message(event_type: str, data: dict[str, Any]) -> None:
    with pytest.raises(BadMessageError) as caught:
        make_event(Div(), event_type, data)
    assert caught.value.kind == "event field"
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("element", "data", "value"),
    [
        (Input(), {"value": "12"}, "12"),
        (Textarea(), {"value": "a\nb"}, "a\nb"),
        (Input(type="number"), {"value": "12"}, 12),
        (Input(type="number"), {"value": "-12.50"}, -12.5),
        (Input(type="number"), {"value": "1e3"}, 1000.0),
        (Input(type="number"), {"value": ""}, None),
        (Input(type=Signal("range")), {"value": "7"}, 7),
        (Input(type="date"), {"value": "2026-11-21"}, date(2026, 11, 21)),
        (Input(type="DATE"), {"value": ""}, None),
        (Input(type="datetime-local"), {"value": "2026-11-21T18:15"}, datetime(2026, 11, 21, 18, 15)),
        (Input(type="time"), {"value": "18:15:30.250"}, time(18, 15, 30, 250000)),
        (Input(type="month"), {"value": "2026-11"}, "2026-11"),
        (Input(type="checkbox"), {"value": "on", "checked": False}, False),
        (Input(type="radio", value="red"), {"value": "red", "checked": True}, "red"),
        (Select(), {"value": "a"}, "a"),
        (Select(multiple=True), {"value": "a", "values": ["a", "b"]}, ["a", "b"]),
        (Select(multiple=True), {"value": "", "values": []}, []),
        (Form(), {"value": "12"}, "12"),
        (Div(), {}, None),
    ],
    ids=str,
)
def test_the_value_of_an_event_is_typed_as_the_control_is(element: Element, data: dict[str, Any], value: Any) -> None:
    for event_type in ("input", "change"):
        event = make_event(element, event_type, data)
        assert (event.value, type(event.value)) == (value, type(value))
    assert make_event(element, "blur", data).value == value
    assert make_event(element, "click", data).value is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [("number", "abc"), ("number", "nan"), ("range", "1e999"), ("number", "1_0"), ("number", "\u0661"),
     ("date", "21.11.2026"), ("time", "25:00"), ("datetime-local", "yesterday"), ("date", "2026-11-31"),
     ("time", "10:00Z"), ("datetime-local", "2026-11-21T10:00+01:00"), ("number", "."), ("number", "5 ")],
)  # fmt: skip
def test_a_value_that_such_a_control_cannot_hold_is_a_bad_message(kind: str, text: str) -> None:
    with pytest.raises(BadMessageError) as caught:
        make_event(Input(type=kind), "input", {"value": text})
    assert caught.value.kind == "event value"


def test_files_come_with_the_event_and_are_the_value_of_a_file_input() -> None:
    file = File("a.txt", b"x")
    chosen = make_event(Input(type="file"), "change", {"value": "C:\\fakepath\\a.txt"}, [file])
    assert isinstance(chosen, InputEvent)
    assert chosen.value == chosen.files == [file]
    dropped = make_event(Div(), "drop", {}, [file])
    assert isinstance(dropped, DragEvent)
    assert dropped.files == [file]
    assert isinstance(make_event(Details(), "toggle", {}, [file]), ToggleEvent)


def test_the_files_of_a_form_are_under_the_names_of_their_controls() -> None:
    one, two, three = files = [File(name, b"x") for name in ("a", "b", "c")]
    told = [{"field": "photo"}, {"field": "papers"}, {"field": "papers"}]
    event = make_event(Form(), "submit", {"data": {"name": "Ada", "photo": "a"}, "files": told}, files)
    assert event.data == {"name": "Ada", "photo": one, "papers": [two, three]}
    assert make_event(Form(), "submit", {"files": [{}]}, [one]).data == {}
    with pytest.raises(BadMessageError):
        make_event(Form(), "submit", {"files": [{"field": 1}]}, [one])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    ["value", "values", "checked", "data", "x", "button", "key", "text", "open", "pressure", "duration", "scroll_top",
     "selection_start", "alt", "files", "type", "target"]
)  # fmt: skip
_ELEMENTS = st.sampled_from(
    [Input(type=kind) for kind in ("text", "number", "date", "datetime-local", "time", "checkbox", "file", "radio")]
    + [Select(Option("a"), multiple=True), Form(), Div()]
)


@given(_ELEMENTS, st.sampled_from([*EVENTS.split(), "own_event"]), st.dictionaries(_FIELDS, _JSON, max_size=4))
def test_whatever_fields_come_there_is_an_event_or_a_bad_message(
    element: Element, event_type: str, data: dict[str, Any]
) -> None:
    try:
        event = make_event(element, event_type, data)
    except BadMessageError:
        return
    assert (event.type, event.target) == (event_type, element)
    assert repr(event)
