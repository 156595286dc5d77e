"""The ten points of compatibility: scripts that were written for the original find here what they found there.

Each point has its tests here, as a script sees it; the files of the single modules go further. The tenth, the seven
programs, is also told in ``test_examples.py``, and in live kernels and a browser in ``test_sidekick_examples.py``.
"""

from __future__ import annotations

import ast
import inspect
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sidekick
from flow.drawing import Ellipse, Rectangle, Shape
from sidekick import (
    Button,
    Canvas,
    Column,
    Console,
    Grid,
    Label,
    Markdown,
    ObservableValue,
    Row,
    Textbox,
    Viz,
    events,
    exceptions,
)
from sidekick.component import Component, find
from sidekick.core import CoreTaskSubmissionError
from support.examples import SHOWS, source
from support.sidekick_page import Shown, inside, settle
from test_sidekick.test_viz_rows import Tree, nested

# -- 1. Every signature: names, order, defaults, kinds. What is added comes after, and has a default.

PLACED = "instance_id=None, parent=None"
DRAWN = "line_color=None, line_width=None, buffer_id=None"
SIGNATURES = {
    "set_url": "(url)",
    "activate_connection": "()",
    "wait_for_connection": "(timeout=None)",
    "clear_all": "()",
    "register_global_message_handler": "(handler)",
    "run_forever": "()",
    "run_forever_async": "()",
    "shutdown": "(wait=False)",
    "submit_interval": "(callback, interval)",
    "submit_task": "(coro)",
    "Component": f"(component_type, payload=None, {PLACED}, on_error=None)",
    "Component.on_error": "(self, callback)",
    "Component.remove": "(self)",
    "Label": f"(text='', {PLACED}, on_error=None)",
    "Button": f"(text='', {PLACED}, on_click=None, on_error=None)",
    "Button.on_click": "(self, callback)",
    "Button.click": "(self, func)",
    "Textbox": f"(value='', placeholder='', {PLACED}, on_submit=None, on_error=None)",
    "Textbox.on_submit": "(self, callback)",
    "Textbox.submit": "(self, func)",
    "Markdown": f"(text='', {PLACED}, on_error=None)",
    "Console": f"(text='', show_input=False, {PLACED}, on_submit=None, on_error=None)",
    "Console.print": "(self, *args, sep=' ', end='\\n')",
    "Console.clear": "(self)",
    "Console.on_submit": "(self, callback)",
    "Console.submit": "(self, func)",
    "Grid": f"(num_columns, num_rows, {PLACED}, on_click=None, on_error=None)",
    "Grid.set_color": "(self, x, y, color)",
    "Grid.set_text": "(self, x, y, text)",
    "Grid.clear_cell": "(self, x, y)",
    "Grid.clear": "(self)",
    "Grid.on_click": "(self, callback)",
    "Grid.click": "(self, func)",
    "Canvas": f"(width, height, {PLACED}, on_click=None, on_error=None)",
    "Canvas.clear": "(self, buffer_id=None)",
    "Canvas.draw_line": f"(self, x1, y1, x2, y2, {DRAWN})",
    "Canvas.draw_rect": f"(self, x, y, width, height, fill_color=None, {DRAWN})",
    "Canvas.draw_circle": f"(self, cx, cy, radius, fill_color=None, {DRAWN})",
    "Canvas.draw_ellipse": f"(self, cx, cy, radius_x, radius_y, fill_color=None, {DRAWN})",
    "Canvas.draw_polyline": f"(self, points, {DRAWN})",
    "Canvas.draw_polygon": f"(self, points, fill_color=None, {DRAWN})",
    "Canvas.draw_text": "(self, x, y, text, text_color=None, text_size=None, buffer_id=None)",
    "Canvas.buffer": "(self)",
    "Canvas.on_click": "(self, callback)",
    "Canvas.click": "(self, func)",
    "Row": f"(*children, {PLACED}, on_error=None)",
    "Row.add_child": "(self, child_component)",
    "Column": f"(*children, {PLACED}, on_error=None)",
    "Column.add_child": "(self, child_component)",
    "Viz": f"({PLACED}, on_error=None)",
    "Viz.show": "(self, name, value)",
    "Viz.remove_variable": "(self, name)",
    "Viz.remove": "(self)",
    "ObservableValue": "(value)",
    "ObservableValue.set": "(self, new_value)",
    "ObservableValue.subscribe": "(self, callback)",
    "ObservableValue.unsubscribe": "(self, callback)",
}


def parameters(of: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
    found = inspect.signature(of).parameters.values()
    return [(each.name, each.kind, each.default) for each in found]


@pytest.mark.parametrize("name", SIGNATURES)
def test_1_each_signature_begins_as_it_did(name: str) -> None:
    found: Any = sidekick
    for part in name.split("."):
        found = getattr(found, part)
    scope: dict[str, Any] = {}
    exec(f"def expected{SIGNATURES[name]}: ...", scope)
    expected, ours = parameters(scope["expected"]), parameters(found)
    assert ours[: len(expected)] == expected
    added = [each for each in ours[len(expected) :] if each[1] is not inspect.Parameter.VAR_KEYWORD]
    assert all(default is not inspect.Parameter.empty for _, _, default in added)


# -- 2. Every exception, by its class


@pytest.fixture
def grid() -> Grid:
    return Grid(3, 2)


ERRORS: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "an empty id": (lambda: Label(instance_id=" "), ValueError),
    "an empty parent": (lambda: Label(parent=" "), ValueError),
    "a parent that is none": (lambda: Label(parent=5), TypeError),  # type: ignore[arg-type]
    "on_error of no function": (lambda: Label(on_error=5), TypeError),  # type: ignore[arg-type]
    "on_click of no function": (lambda: Button(on_click=5), TypeError),  # type: ignore[arg-type]
    "on_submit of no function": (lambda: Console(on_submit="x"), TypeError),  # type: ignore[arg-type]
    "columns": (lambda: Grid(0, 1), ValueError),
    "columns in a float": (lambda: Grid(2.0, 1), ValueError),  # type: ignore[arg-type]
    "a column too many": (lambda: Grid(2, 2).set_color(2, 0, "red"), IndexError),
    "a column below 0": (lambda: Grid(2, 2).set_text(-1, 0, "x"), IndexError),
    "a column of text": (lambda: Grid(2, 2).clear_cell("0", 0), TypeError),  # type: ignore[arg-type]
    "a canvas of no width": (lambda: Canvas(0, 10), ValueError),
    "a canvas of text": (lambda: Canvas("10", 10), ValueError),  # type: ignore[arg-type]
    "a line of no width": (lambda: Canvas(9, 9).draw_line(0, 0, 1, 1, line_width=0), ValueError),
    "a width below 0": (lambda: Canvas(9, 9).draw_rect(0, 0, -1, 1), ValueError),
    "a radius of 0": (lambda: Canvas(9, 9).draw_circle(0, 0, 0), ValueError),
    "radii of text": (lambda: Canvas(9, 9).draw_ellipse(0, 0, "1", 1), ValueError),  # type: ignore[arg-type]
    "one point": (lambda: Canvas(9, 9).draw_polyline([(0, 0)]), ValueError),
    "two points": (lambda: Canvas(9, 9).draw_polygon([(0, 0), (1, 1)]), ValueError),
    "a point that is none": (lambda: Canvas(9, 9).draw_polyline([(0, 0), 5]), TypeError),  # type: ignore[list-item]
    "a text of no size": (lambda: Canvas(9, 9).draw_text(0, 0, "x", text_size=0), ValueError),
    "a child that is none": (lambda: Row("x"), TypeError),  # type: ignore[arg-type]
    "add_child of none": (lambda: Column().add_child(5), TypeError),  # type: ignore[arg-type]
    "no name": (lambda: Viz().show("", 1), ValueError),
    "a name that is none": (lambda: Viz().show(5, 1), ValueError),  # type: ignore[arg-type]
    "subscribe of no function": (lambda: ObservableValue([]).subscribe(5), TypeError),  # type: ignore[arg-type]
    "append to a dict": (lambda: ObservableValue({}).append(1), TypeError),
    "add to a list": (lambda: ObservableValue([]).add(1), TypeError),
    "pop of nothing": (lambda: ObservableValue([]).pop(), IndexError),
    "an item too far": (lambda: ObservableValue([]).__setitem__(0, 1), IndexError),
    "del of an item too far": (lambda: ObservableValue([]).__delitem__(0), IndexError),
    "del of no key": (lambda: ObservableValue({}).__delitem__("a"), KeyError),
    "the hash of what is observed": (lambda: hash(ObservableValue([])), TypeError),
    "len of a number": (lambda: len(ObservableValue(5)), TypeError),
    "a URL of no websocket": (lambda: sidekick.set_url("http://localhost"), ValueError),
    "a handler that is none": (lambda: sidekick.register_global_message_handler(5), TypeError),  # type: ignore[arg-type]
    "an interval of nothing": (lambda: sidekick.submit_interval(5, 1), TypeError),  # type: ignore[arg-type]
    "an interval of no time": (lambda: sidekick.submit_interval(print, 0), ValueError),
    "a task of a function": (lambda: sidekick.submit_task(print), CoreTaskSubmissionError),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", ERRORS)
def test_2_each_mistake_raises_what_it_did(name: str) -> None:
    call, error = ERRORS[name]
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value)
    assert not isinstance(raised.value, exceptions.SidekickConnectionError)


def test_2_what_was_never_an_error_is_none() -> None:
    label = Label(instance_id=5)  # type: ignore[arg-type]
    label.remove()
    label.remove()
    label.text = "unseen"
    Viz().remove_variable("nothing")
    sidekick.clear_all()
    sidekick.shutdown()
    sidekick.shutdown(wait=True)
    sidekick.shutdown(wait=True)
    assert label.instance_id.startswith("label-")


# -- 3. Ids and events


def test_3_ids_are_counted_over_all_kinds_stripped_and_taken_over(caplog: pytest.LogCaptureFixture) -> None:
    one, other = Label(), Button(parent=Row(instance_id=" row "))
    assert [each.component_type for each in (one, other)] == ["label", "button"]
    assert int(other.instance_id.removeprefix("button-")) == int(one.instance_id.removeprefix("label-")) + 1
    assert find("row") is not None
    with caplog.at_level(logging.WARNING, "sidekick"):
        newer = Row(instance_id="row")
    assert find("row") is newer
    assert "takes the place" in caplog.text


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("BaseSidekickEvent", ("a", "click")),
        ("ButtonClickEvent", ("a", "click")),
        ("GridClickEvent", ("a", "click", 1, 2)),
        ("CanvasClickEvent", ("a", "click", 1, 2)),
        ("TextboxSubmitEvent", ("a", "submit", "x")),
        ("ConsoleSubmitEvent", ("a", "submit", "x")),
        ("ErrorEvent", ("a", "error", "x")),
    ],
)
def test_3_events_are_equal_field_by_field_in_their_order(kind: str, values: tuple[Any, ...]) -> None:
    made = getattr(events, kind)
    assert made(*values) == made(*values) != made("b", *values[1:])
    assert tuple(vars(made(*values)).values())[: len(values)] == values
    assert getattr(sidekick, kind) is made


# -- 4. Callbacks


def test_4_callbacks_are_registered_in_three_ways_replaced_and_cleared(shown: Shown) -> None:
    heard: list[str] = []
    button = Button("x", on_click=lambda event: heard.append("constructor"))

    def click() -> None:
        shown.event(inside(button, "button"), "click")
        settle()

    async def waits(event: sidekick.ButtonClickEvent) -> None:
        heard.append(f"async {event.instance_id == button.instance_id}")

    click()
    assert button.on_click(lambda event: heard.append("method")) is None  # type: ignore[func-returns-value]
    click()
    assert button.click(waits) is waits
    click()
    button.on_click(None)
    click()
    assert heard == ["constructor", "method", "async True"]


def test_4_a_callback_that_fails_ends_nothing(shown: Shown, capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[int] = []

    def fails(event: sidekick.ButtonClickEvent) -> None:
        heard.append(1)
        raise ValueError("no luck")

    button = Button("x", on_click=fails)
    for _ in range(2):
        shown.event(inside(button, "button"), "click")
    settle()
    assert heard == [1, 1]
    assert capfd.readouterr().err.count("ValueError: no luck") == 2


# -- 5. Notifications: the table row by row is in test_observable_value.py


def test_5_each_kind_of_change_is_told_with_the_six_keys_after_it_was_made() -> None:
    told: list[tuple[str, Any, Any, Any, Any, Any]] = []
    keys: set[tuple[str, ...]] = set()

    def hear(change: dict[str, Any]) -> None:
        keys.add(tuple(change))
        told.append(tuple(change.values()))  # type: ignore[arg-type]

    numbers, ages, names = ObservableValue([1]), ObservableValue({"a": 1}), ObservableValue({"x"})
    for each in (numbers, ages, names):
        each.subscribe(hear)
    numbers.append(2)
    numbers.insert(0, 0)
    numbers.pop()
    numbers.remove(1)
    numbers[0] = 5
    del numbers[0]
    numbers.clear()
    ages["b"] = 2
    ages.update(a=3)
    del ages["a"]
    names.add("y")
    names.discard("x")
    numbers.set([7])
    assert keys == {("type", "path", "value", "key", "old_value", "length")}
    assert told == [
        ("append", [1], 2, None, None, 2),
        ("insert", [0], 0, None, None, 3),
        ("pop", [2], None, None, 2, 2),
        ("remove", [1], None, None, 1, 1),
        ("setitem", [0], 5, None, 0, None),
        ("delitem", [0], None, None, 5, 0),
        ("clear", [], [], None, None, 0),
        ("setitem", ["b"], 2, "b", None, None),
        ("setitem", ["a"], 3, "a", 1, None),
        ("delitem", ["a"], None, "a", 3, 1),
        ("add_set", [], "y", None, None, 2),
        ("discard_set", [], None, None, "x", 1),
        ("set", [], [7], None, [], None),
    ]


# -- 6. What values are described as


class Thing:
    def __init__(self) -> None:
        self.size, self._hidden = 3, 4

    @property
    def costly(self) -> int:
        raise AssertionError("nobody asked for it")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ["v NoneType None"]),
        (True, ["v bool True"]),
        (5, ["v int 5"]),
        (0.5, ["v float 0.5"]),
        ("text", ['v str "text"']),
        ([1, "a"], ["v = list", "0: int 1", '1: str "a"']),
        ((1,), ["v = tuple", "0: int 1"]),
        ({"a": 1}, ["v = dict", '"a" : int 1']),
        ({3}, ["v = set", "int 3"]),
        (ObservableValue([1]), ["v = list", "0: int 1"]),
        (Thing(), ["v = object (Thing)", ".size: int 3"]),
    ],
)
def test_6_values_are_described_by_their_kind_and_nothing_of_them_is_run(value: Any, expected: list[str]) -> None:
    def words(lines: list[str]) -> list[list[str]]:
        return [line.replace(" = ", " ").replace(":", " ").split() for line in lines]

    assert words(Tree(value).texts()) == words(expected)


def test_6_there_are_limits_of_items_and_depth_and_cycles_end() -> None:
    assert (len(Tree([0] * 50).texts()), len(Tree([0] * 51).texts())) == (51, 52)
    assert "51" in Tree([0] * 51).texts()[-1]
    cycle: list[Any] = []
    cycle.append(cycle)
    assert len(Tree(cycle).texts()) == 2
    deep = Tree(nested(7))
    assert "end" not in " ".join(deep.texts())
    deep.open_all()
    assert '"end"' in " ".join(deep.texts())


# -- 7. Buffers of a canvas


def circles(canvas: Canvas) -> list[float]:
    """Where the circles are that a page shows."""
    return [shape.cx for shape in _flat(canvas._shapes()) if isinstance(shape, Ellipse)]


def _flat(shapes: Any) -> Iterator[Shape]:
    for shape in shapes:
        inner = getattr(shape, "shapes", None)
        if inner is None:
            yield shape
        else:
            yield from _flat(inner)


def test_7_a_buffer_begins_empty_is_painted_over_what_is_there_and_used_again() -> None:
    canvas = Canvas(100, 100)
    canvas.draw_circle(1, 1, 1)
    for x in (2, 3):
        with canvas.buffer() as frame:
            frame.draw_circle(x, 1, 1)
            assert circles(canvas) == [1, 2, 3][: x - 1]
    assert circles(canvas) == [1, 2, 3]
    with canvas.buffer() as outer:
        outer.draw_circle(4, 1, 1)
        with canvas.buffer() as inner:
            inner.draw_circle(5, 1, 1)
    assert circles(canvas) == [1, 2, 3, 5, 4]


def test_7_a_block_that_raises_paints_nothing_and_a_removed_canvas_takes_calls() -> None:
    canvas = Canvas(100, 100)

    def fails() -> None:
        with canvas.buffer() as frame:
            frame.draw_circle(1, 1, 1)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert circles(canvas) == []
    with canvas.buffer() as frame:
        frame.clear()
        frame.draw_rect(0, 0, 100, 100, fill_color="white")
    assert [type(shape) for shape in _flat(canvas._shapes())].count(Rectangle) >= 1
    canvas.remove()
    with canvas.buffer() as frame:
        frame.draw_circle(1, 1, 1)


# -- 8. A console goes on after its last line


@pytest.mark.parametrize(
    ("start", "prints", "expected"),
    [
        ("", [(("a",), {}), (("b",), {})], "a\nb\n"),
        ("start", [(("a",), {})], "starta\n"),
        ("start\n", [(("a",), {})], "start\na\n"),
        ("", [(("a",), {"end": ""}), (("b",), {"end": ""}), ((), {})], "ab\n"),
        ("", [((1, None, "x"), {"sep": "-"})], "1-None-x\n"),
    ],
)
def test_8_text_is_appended_as_a_terminal_does(start: str, prints: list[Any], expected: str) -> None:
    console = Console(start)
    for args, how in prints:
        console.print(*args, **how)
    assert console.text == expected
    console.clear()
    assert console.text == ""


# -- 9. A text box submits what has changed, and its value is there before


def test_9_a_form_finds_in_a_text_box_what_was_typed_before_its_button_was_clicked(shown: Shown) -> None:
    heard: list[str] = []
    box = Textbox("old", on_submit=lambda event: heard.append(f"{event.value} {box.value}"))
    button = Button("x", on_click=lambda event: heard.append(f"click {box.value}"))
    shown.event(inside(box, "input"), "change", value="old")
    shown.event(inside(box, "input"), "change", value="new")  # as it is left for the button
    shown.event(inside(button, "button"), "click")
    shown.event(inside(box, "input"), "change", value="new")
    shown.event(inside(box, "input"), "change", value="")
    settle()
    assert heard == ["new new", "click new", " "]


# -- 10. The seven programs


def test_10_the_programs_use_only_what_the_original_had() -> None:
    originals = {name.split(".")[0] for name in SIGNATURES} | {
        *("ButtonClickEvent", "TextboxSubmitEvent", "GridClickEvent", "logger"),
    }
    for name in SHOWS:
        names = [node for node in ast.walk(ast.parse(source(name))) if isinstance(node, ast.Attribute)]
        used = {node.attr for node in names if isinstance(node.value, ast.Name) and node.value.id == "sidekick"}
        assert used <= originals


@pytest.mark.parametrize("folder", ["test_sidekick", "test_kernel", "test_browser"])
def test_10_they_are_run_as_scripts_in_kernels_and_in_a_browser(folder: str) -> None:
    files = [*Path(__file__).parents[1].joinpath(folder).glob("test_*examples.py")]
    assert any("support.examples" in file.read_text("utf-8") for file in files)


def test_components_are_what_they_are_called() -> None:
    kinds = (Button, Canvas, Column, Console, Grid, Label, Markdown, Row, Textbox, Viz)
    made = [kind(5, 5) if kind in (Canvas, Grid) else kind() for kind in kinds]  # type: ignore[operator]
    assert [each.component_type for each in made] == [kind.__name__.lower() for kind in kinds]
    assert all(isinstance(each, Component) for each in made)
