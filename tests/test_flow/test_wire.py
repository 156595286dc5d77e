"""The form on the wire: short, and exactly what was meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flow import Signal
from flow.control import For
from flow.renderer.protocol import Operation, RenderNode
from flow.renderer.wire import saved_tree, wire_patch, wire_tree
from flow.ui import Table, Tbody, Td, Text, Tr
from support.wire_page import read_operations


@pytest.mark.parametrize(
    ("node", "shapes", "sent"),
    [
        (RenderNode("a", 1), [["a"]], [0, 1]),
        (RenderNode("a", 1, {"b": True}), [["a", {"b": True}]], [0, 1]),
        (RenderNode("a", 1, {}, (), ""), [["a"]], [0, 1, ""]),
        (RenderNode("a", 7, {}, (RenderNode("b", 2), RenderNode("a", 9, {}, (), "x")), None, "k"),
         [["a"], ["b"]], [0, 7, [[1, -5], [0, 7, "x"]]]),
    ],
)  # fmt: skip
def test_a_node_is_sent_as_short_as_it_can_be_told(node: RenderNode, shapes: Any, sent: Any) -> None:
    assert wire_tree(node) == {"shapes": shapes, "root": sent}


def test_one_and_true_are_different_shapes() -> None:
    root = RenderNode("p", 1, {}, (RenderNode("a", 2, {"b": True}), RenderNode("a", 3, {"b": 1})))
    assert wire_tree(root)["shapes"] == [["p"], ["a", {"b": True}], ["a", {"b": 1}]]


def test_a_tree_is_saved_in_a_few_lines_however_many_elements_it_has() -> None:
    """A notebook gives each value of a list a line of its own."""
    rows = tuple(RenderNode("td", 10 + at, {"class": "name"}, (), f"Zoë \U0001f600 {at}") for at in range(500))
    root = RenderNode("tr", 1, {}, rows)
    saved = saved_tree(root)
    assert len(json.dumps(saved, indent=1).splitlines()) < 20
    assert {**saved, "root": json.loads(saved["root"])} == wire_tree(root)
    assert "Zoë \U0001f600 499" in saved["root"], "as it is, not in escapes twice as long"


def test_each_operation_arrives_as_it_was_meant() -> None:
    inside = RenderNode("b", 200, {"on_click": True}, (RenderNode("#text", 90, {}, (), "t"),))
    operations: list[Operation] = [
        ("text", 140, "new"), ("set", 150, "class", "x"), ("unset", 150, "id"), ("insert", 100, None, [inside, inside]),
        ("insert", 100, 90, [inside]), ("move", 100, 130, 120), ("move", 100, None, 120), ("remove", 120),
        ("replace", 1, inside), ("call", 100, "focus", [1, "a"]),
    ]  # fmt: skip
    told = ["b", 200, {"on_click": True}, [["#text", 90, {}, "t"]]]
    message = json.loads(json.dumps(wire_patch(operations, [])))
    assert list(read_operations(message)) == [
        ["text", 140, "new"], ["set", 150, "class", "x"], ["unset", 150, "id"], ["insert", 100, None, [told, told]],
        ["insert", 100, 90, [told]], ["move", 100, 130, 120], ["move", 100, None, 120], ["remove", 120],
        ["replace", 1, told], ["call", 100, "focus", [1, "a"]],
    ]  # fmt: skip


def test_operations_of_one_kind_that_follow_each_other_are_told_in_one() -> None:
    operations: list[Operation] = [("text", 140, "a"), ("text", 150, "b"), ("remove", 160), ("text", 150, "c")]
    assert wire_patch(operations, [])["operations"] == [["text", 140, "a", 10, "b"], ["remove", 10], ["text", -10, "c"]]


def test_a_thousand_rows_of_three_cells_are_about_a_hundred_kilobytes() -> None:
    items = Signal(list(range(1000)))

    def row(n: int) -> Tr:
        return Tr(Td(n, cls="id"), Td(Text(f"pretty red house {n}"), cls="label"), Td("x", on_click=lambda: None))

    table = Table(Tbody(For(items, key=lambda n: n, render=row)))
    # 82,000 in a kernel; here the memory is in pieces after many tests, so neighbours have longer differences.
    assert len(json.dumps(wire_tree(table.to_render_node()))) < 130_000
