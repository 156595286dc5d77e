"""What the original sent to its pages, as a script may send it: done to the components."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from sidekick import Canvas, Console, Grid, Label, Row, Textbox, Viz
from sidekick.component import find
from sidekick.connection import send_message
from sidekick.panel import panel_of_this_cell


def update(component: Any, action: str, **options: Any) -> None:
    send_message(
        {
            "id": 0,
            "component": component.component_type,
            "type": "update",
            "target": component.instance_id,
            "payload": {"action": action, "options": options},
        }
    )


def test_an_update_does_what_the_method_does() -> None:
    label, box, console, grid = Label("old"), Textbox("old"), Console("a"), Grid(2, 2)
    update(label, "setText", text="new")
    update(box, "setValue", value="new")
    update(box, "setPlaceholder", placeholder="name")
    update(console, "append", text="b\n")
    update(grid, "setColor", x=1, y=0, color="gold")
    update(grid, "setText", x=1, y=0, text="x")
    assert (label.text, box.value, box.placeholder, console.text) == ("new", "new", "name", "ab\n")
    assert (grid.get_color(1, 0), grid.get_text(1, 0)) == ("gold", "x")
    update(grid, "clearCell", x=1, y=0)
    update(console, "clear")
    assert (grid.get_color(1, 0), grid.get_text(1, 0), console.text) == (None, "", "")


def test_drawings_are_named_as_the_page_had_them() -> None:
    canvas = Canvas(20, 20)
    update(canvas, "drawLine", bufferId=0, x1=1, y1=2, x2=3, y2=4, lineColor="red", lineWidth=2)
    update(canvas, "drawPolyline", bufferId=0, points=[{"x": 1, "y": 2}, {"x": 3, "y": 4}])
    assert [type(shape).__name__ for shape in canvas._shapes()] == ["Line", "Polyline"]
    update(canvas, "clear", bufferId=0)
    assert canvas._shapes() == []


def test_components_are_made_moved_and_removed() -> None:
    send_message({"component": "row", "type": "spawn", "target": "place", "payload": {}})
    send_message({"component": "grid", "type": "spawn", "target": "g", "payload": {"numColumns": 3, "numRows": 2}})
    send_message(
        {"component": "console", "type": "spawn", "payload": {"text": "hi", "showInput": True, "parent": "place"}}
    )
    row, grid = find("place"), find("g")
    assert isinstance(row, Row)
    assert isinstance(grid, Grid)
    assert (grid.num_columns, grid.num_rows) == (3, 2)
    update(grid, "changeParent", parent="place")
    assert row.items is not None
    assert [each.component_type for each in row.items] == ["console", "grid"]  # type: ignore[attr-defined]
    update(grid, "changeParent", parent="root")
    assert grid in panel_of_this_cell().items
    send_message({"component": "grid", "type": "remove", "target": "g"})
    assert find("g") is None
    send_message({"component": "global", "type": "clearAll"})
    assert [*panel_of_this_cell().items] == []


def test_a_variable_is_removed_by_its_name() -> None:
    viz = Viz()
    viz.show("a", 1)
    payload = {"action": "removeVariable", "variableName": "a"}
    send_message({"component": "viz", "type": "update", "target": viz.instance_id, "payload": payload})
    assert viz._shown.peek() == ()


@pytest.mark.parametrize(
    "message",
    [
        {},
        5,
        {"component": "label", "type": "dance"},
        {"component": "label", "type": "update", "target": "nobody", "payload": {"action": "setText"}},
        {"component": "label", "type": "update", "target": "l", "payload": {"action": "setTextColor", "options": {}}},
        {"component": "label", "type": "update", "target": "l", "payload": {"action": "_begin", "options": {}}},
        {"component": "label", "type": "update", "target": "l", "payload": {"action": "remove", "options": {}}},
        {"component": "label", "type": "update", "target": "l", "payload": {"action": "setText", "options": {}}},
        {"component": "label", "type": "update", "target": "l", "payload": {"action": "changeParent", "options": {}}},
        {"component": "element", "type": "spawn", "payload": {}},
        {"component": "grid", "type": "spawn", "payload": {"numColumns": 0, "numRows": 2}},
    ],
)
def test_what_cannot_be_done_is_logged_and_changes_nothing(message: Any, caplog: pytest.LogCaptureFixture) -> None:
    label = Label("old", instance_id="l")
    with caplog.at_level(logging.WARNING, "sidekick"):
        send_message(message)
    assert "send_message() could not do" in caplog.text
    assert find("l") is label
    assert label.text == "old"
    assert [*panel_of_this_cell().items] == [label]


def test_what_a_script_says_of_itself_is_taken_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    send_message({"component": "system", "type": "announce", "payload": {"role": "hero", "status": "online"}})
    assert caplog.text == ""
