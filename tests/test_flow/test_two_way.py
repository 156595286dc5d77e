"""Two ways: signals that a page shows and changes, in the type that they hold."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from flow import Computed, Signal, on
from flow.bindings import Binding
from flow.element import Element
from flow.errors import BadMessageError
from flow.events import make_event, written_value
from flow.files import File
from flow.renderer import HTMLRenderer
from flow.two_way import number_in
from flow.ui import Details, Dialog, Div, Input, Optgroup, Option, Select, Textarea

NOON = datetime(2026, 11, 21, 12)


def page_says(element: Element, data: dict[str, Any], files: list[File] | None = None) -> Binding:
    """Let a page tell of a change, and write it as a session does."""
    (binding,) = [each for each in element.bindings if each.event]
    assert binding.event is not None
    assert element.to_render_node().props[f"on_{binding.event}"]
    event = make_event(element, binding.event, data, files or [])
    binding.source.value = written_value(binding, event)
    return binding


def shown(element: Element, name: str = "value") -> Any:
    return element.to_render_node().props.get(name)


@pytest.mark.parametrize(
    ("control", "before", "data", "after"),
    [
        (Input, "a", {"value": "b"}, "b"),
        (Input, "", {"value": "5"}, "5"),
        (Input, None, {"value": "b"}, "b"),
        (Input, 5, {"value": "6"}, 6),
        (Input, 5, {"value": " 6.5 "}, 6.5),
        (Input, 5, {"value": "six"}, 5),
        (Input, 5, {"value": ""}, 5),
        (Textarea, "a", {"value": "b\nc"}, "b\nc"),
        (lambda **props: Input(type="number", **props), 1, {"value": "2"}, 2),
        (lambda **props: Input(type="number", **props), 1, {"value": "2.5"}, 2.5),
        (lambda **props: Input(type="number", **props), 1.5, {"value": "2"}, 2.0),
        (lambda **props: Input(type="number", **props), 1, {"value": ""}, 1),
        (lambda **props: Input(type="number", **props), None, {"value": "3"}, 3),
        (lambda **props: Input(type="number", **props), "1", {"value": "02"}, "02"),
        (lambda **props: Input(type="range", **props), 0.5, {"value": "1"}, 1.0),
        (lambda **props: Input(type="date", **props), date(2026, 1, 1), {"value": "2026-11-21"}, date(2026, 11, 21)),
        (lambda **props: Input(type="date", **props), None, {"value": "2026-11-21"}, date(2026, 11, 21)),
        (lambda **props: Input(type="date", **props), "2026-01-01", {"value": "2026-11-21"}, "2026-11-21"),
        (lambda **props: Input(type="date", **props), date(2026, 1, 1), {"value": ""}, date(2026, 1, 1)),
        (lambda **props: Input(type="datetime-local", **props), NOON, {"value": "2026-11-21T13:30"},
         datetime(2026, 11, 21, 13, 30)),
        (lambda **props: Input(type="time", **props), time(1), {"value": "02:00"}, time(2)),
        (Input, "a", {}, "a"),
    ],
)  # fmt: skip
def test_what_is_typed_is_written_in_the_type_that_the_signal_holds(
    control: Callable[..., Element], before: Any, data: dict[str, Any], after: Any
) -> None:
    signal = Signal(before)
    page_says(control(value=signal), data)
    assert (signal.value, type(signal.value)) == (after, type(after))


def test_what_was_none_at_first_is_none_again_when_it_is_emptied() -> None:
    for kind in ("number", "date"):
        signal: Signal[Any] = Signal(None)
        control = Input(type=kind, value=signal)
        page_says(control, {"value": "7" if kind == "number" else "2026-11-21"})
        assert signal.value is not None
        page_says(control, {"value": ""})
        assert signal.value is None


@pytest.mark.parametrize(
    ("control", "before", "text"),
    [
        (lambda signal: Input(type="number", value=signal), time(1), "2"),
        (lambda signal: Input(type="date", value=signal), NOON, "2026-11-21"),
        (lambda signal: Input(type="date", value=signal), 5, "2026-11-21"),
        (lambda signal: Input(value=signal), True, "x"),
    ],
)
def test_a_signal_of_a_type_the_control_is_not_for_is_an_error_and_keeps_its_value(
    control: Callable[[Signal[Any]], Element], before: Any, text: str
) -> None:
    signal = Signal(before)
    with pytest.raises(TypeError, match=rf"Signal\(.*has the type {type(before).__name__}"):
        page_says(control(signal), {"value": text})
    assert signal.value is before


def test_a_value_no_such_control_has_never_reaches_the_signal() -> None:
    signal = Signal(5)
    for wrong in ("x", "nan", 7, ["7"]):
        with pytest.raises(BadMessageError):
            page_says(Input(type="number", value=signal), {"value": wrong})
    assert signal.value == 5


def test_while_half_a_number_is_typed_the_signal_keeps_its_own_and_the_page_what_it_has() -> None:
    signal = Signal(5)
    control = Input(value=signal)
    assert page_says(control, {"value": "-"}).is_unfinished  # type: ignore[attr-defined]
    assert signal.value == 5
    assert not page_says(control, {"value": "-3"}).is_unfinished  # type: ignore[attr-defined]
    assert signal.value == -3


def test_another_text_for_the_same_number_writes_nothing_and_stays_on_the_page() -> None:
    signal = Signal(1.0)
    control = Input(type="number", value=signal)
    assert page_says(control, {"value": "1."}).is_unfinished  # type: ignore[attr-defined]
    assert not page_says(control, {"value": "1.5"}).is_unfinished  # type: ignore[attr-defined]


def test_a_page_is_told_the_text_it_typed_not_another_for_the_same_number() -> None:
    signal = Signal(1.0)
    control = Input(type="number", value=signal)
    page_says(control, {"value": "1.50"})
    assert (signal.value, shown(control)) == (1.5, "1.50")
    signal.value = 2.5
    assert shown(control) == 2.5


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),
        (datetime(2026, 1, 2, 3, 4, 5, 678901), "2026-01-02T03:04:05.678"),
        (time(3, 4), "03:04:00"),
        ("2026-01-02", "2026-01-02"),
    ],
)
def test_dates_and_times_are_attributes_as_html_writes_them(value: Any, attribute: str) -> None:
    for made in (Input(value=value), Input(value=Signal(value)), Input(value=lambda: value)):
        assert shown(made) == attribute
    assert Input(min=value, max=value).to_render_node().props == {"min": attribute, "max": attribute}
    if not isinstance(value, str):
        with pytest.raises(TypeError, match="title takes a text"):
            Div(title=value)


@pytest.mark.parametrize("name", ["value", "checked"])
def test_a_checkbox_writes_whether_it_is_ticked(name: str) -> None:
    signal = Signal(False)
    props: dict[str, Any] = {name: signal}
    control = Input(type="checkbox", **props)
    assert (shown(control), shown(control, "checked")) == (None, None)
    page_says(control, {"value": "on", "checked": True})
    assert signal.value is True
    assert (shown(control), shown(control, "checked")) == (None, True)


def test_radios_write_the_value_of_the_chosen_one() -> None:
    color: Signal[Any] = Signal("red")
    radios = [Input(type="radio", name="color", value=value, checked=color) for value in ("red", "blue", 3)]
    assert [shown(radio, "checked") for radio in radios] == [True, None, None]
    page_says(radios[1], {"value": "blue", "checked": True})
    assert color.value == "blue"
    page_says(radios[2], {"value": "3", "checked": True})
    assert (color.value, [shown(radio, "checked") for radio in radios]) == (3, [None, None, True])


@pytest.mark.parametrize(
    "props", [{"value": Signal("a")}, {"checked": Signal("a")}, {"value": 1, "checked": Signal(True)}]
)
def test_a_radio_is_bound_by_its_value_and_a_signal_of_the_chosen_one(props: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Input of type radio takes"):
        Input(type="radio", **props)


def test_a_select_writes_what_the_option_was_given() -> None:
    signal: Signal[Any] = Signal(1)
    select = Select(Option("one", value=1), Optgroup(Option("two", value="2")), Option(" no  value "), value=signal)
    page_says(select, {"value": "2"})
    assert signal.value == "2"
    page_says(select, {"value": "1"})
    assert signal.value == 1
    page_says(select, {"value": "no value"})
    assert signal.value == "no value"
    page_says(select, {"value": "what was never there"})
    assert signal.value == "no value"


@pytest.mark.parametrize("kind", [list, tuple, set])
def test_a_select_of_several_writes_them_all(kind: type) -> None:
    signal = Signal(kind(["a b"]))
    select = Select(Option("x", value="a b"), Option("y", value=2), Option("z"), multiple=True, value=signal)
    assert shown(select) == "a b"
    page_says(select, {"value": "2", "values": ["2", "z", "not there"]})
    assert signal.value == kind([2, "z"])
    assert sorted(shown(select).split("\n")) == ["2", "z"]


def test_a_select_of_several_takes_a_list_also_when_nothing_is_written() -> None:
    for value in (["a", 1], lambda: ["a", 1], Computed(lambda: ["a", 1])):
        assert shown(Select(multiple=True, value=value)) == "a\n1"
    with pytest.raises(TypeError, match="takes a signal of a list"):
        Select(multiple=True, value=Signal("a"))


def test_the_choice_is_marked_in_html() -> None:
    select = Select(Option("a", selected=True), Optgroup(Option("b", value=1)), value=Signal(1))
    assert HTMLRenderer().render(select).count("selected") == 1
    assert 'value="1" selected>b' in HTMLRenderer().render(select)
    several = HTMLRenderer().render(Select(Option("a"), Option("b"), Option("c"), multiple=True, value=["a", "c"]))
    assert several.count("selected>") == 2
    assert "value" not in several


def test_what_a_user_opens_is_open_in_the_signal() -> None:
    signal = Signal(False)
    details = Details(open=signal)
    page_says(details, {"open": True})
    assert signal.value is True
    assert shown(details, "open") is True
    page_says(details, {"open": False})
    assert signal.value is False


def test_a_dialog_that_is_closed_is_not_open() -> None:
    signal = Signal(True)
    page_says(Dialog(open=signal), {})
    assert signal.value is False


def test_a_file_input_writes_the_files() -> None:
    signal: Signal[list[File]] = Signal([])
    control = Input(type="file", files=signal, multiple=True)
    file = File("a.txt", b"x")
    page_says(control, {"value": "C:\\fakepath\\a.txt"}, [file])
    assert signal.value == [file]
    assert set(control.to_render_node().props) == {"type", "multiple", "on_change"}


@pytest.mark.parametrize(
    "props",
    [{"files": Signal([])}, {"type": "file", "files": []}, {"type": "file", "value": Signal("")}],
    ids=["no file input", "no signal", "a value"],
)
def test_files_are_for_a_file_input_and_a_signal(props: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="files="):
        Input(**props)


@pytest.mark.parametrize("is_handler_first", [True, False])
def test_a_handler_beside_a_signal_keeps_the_options_that_withhold_nothing(is_handler_first: bool) -> None:
    handler = on(print, debounce=0.2, once=True, keys="a")
    props: dict[str, Any] = {"on_input": handler, "value": Signal("")}
    if not is_handler_first:
        props = dict(reversed(props.items()))
    assert shown(Input(**props), "on_input") == {"debounce": 200}
    assert shown(Input(value=Signal(""), on_input=print), "on_input") is True


def test_what_is_only_shown_is_not_listened_for() -> None:
    assert Input(value=Computed(lambda: "a")).to_render_node().props == {"value": "a"}
    assert Input(type="checkbox", checked=lambda: True).to_render_node().props == {"type": "checkbox", "checked": True}


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("-1", -1), ("+1", 1), ("1.", 1.0), (".5", 0.5), ("1e2", 100.0), ("-0.50", -0.5)]
)
def test_a_number_is_read_as_it_is_written(text: str, number: float) -> None:
    assert (number_in(text), type(number_in(text))) == (number, type(number))


@pytest.mark.parametrize("text", ["", "-", ".", "1e", "1_0", " 1", "inf", "nan", "1e999", "0x1", "\u0661"])
def test_what_is_no_number_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no number|out of range"):
        number_in(text)


@pytest.mark.parametrize("kind", ["number", "range", "text"])
def test_a_whole_number_is_whole_again_after_a_part_of_one_was_typed(kind: str) -> None:
    count = Signal[float](5)
    first = Input(type=kind, value=count)
    fields = [first, copy.deepcopy(first), Input(type=kind, value=count)]  # as a component makes it in its next run
    for field in fields:
        for raw, number in (("6.5", 6.5), ("7", 7), ("7.5", 7.5), ("8", 8)):
            binding = page_says(field, {"value": raw})
            value = binding.source.value
            assert (value, type(value)) == (number, type(number))
            assert shown(field) == raw


def test_a_number_with_parts_stays_one_whatever_is_typed() -> None:
    speed = Signal(0.5)
    for raw in ("1", "2.5", "3"):
        page_says(Input(type="number", value=speed), {"value": raw})
        assert type(speed.value) is float
