"""Row and Column: what is in them, in which order, and how it moves."""

from __future__ import annotations

from typing import Any

import pytest

from flow.ui import Div, Text, VStack
from sidekick import Button, Column, Label, Row, Textbox
from sidekick.panel import panel_of_this_cell
from support.sidekick_page import Shown, inside, settle

BOTH = pytest.mark.parametrize("kind", [Row, Column])


@BOTH
def test_children_are_shown_in_the_order_of_their_addition(shown: Shown, kind: Any) -> None:
    box = kind(Label("a"), Label("b"))
    Label("c", parent=box)
    box.add_child(Label("d"))
    Label("e", parent=box.instance_id)
    assert shown.texts() == ["a", "b", "c", "d", "e"]


@BOTH
def test_adding_to_where_it_is_changes_nothing(shown: Shown, kind: Any) -> None:
    first = Label("a")
    box = kind(first, first, Label("b"))
    box.add_child(first)
    assert shown.texts() == ["a", "b"]


@BOTH
@pytest.mark.parametrize("child", ["text", 5, None, [], Label])
def test_what_is_no_component_is_an_error_before_anything_is_made(shown: Shown, kind: Any, child: Any) -> None:
    placed = Label("a")
    with pytest.raises(TypeError, match=kind.__name__):
        kind(placed, child)
    with pytest.raises(TypeError, match="add_child"):
        kind().add_child(child)
    assert next(iter(panel_of_this_cell().items)) is placed


@BOTH
def test_none_goes_into_itself_or_into_what_is_in_it(kind: Any) -> None:
    inner = kind()
    middle = Column(inner)
    outer = Row(VStack(middle))
    for container, child in ((inner, inner), (inner, middle), (inner, outer), (middle, outer)):
        with pytest.raises(ValueError, match="inside"):
            container.add_child(child)
    with pytest.raises(ValueError, match="inside"):
        kind(outer, parent=inner)
    assert list(inner.items) == []


def test_a_child_moves_between_containers_panel_and_flow_as_it_is(shown: Shown) -> None:
    label, typed = Label("moves"), Textbox()
    row, column = Row(), Column(Label("stays"))
    assert shown.texts() == ["moves", "stays"]
    shown.type(typed, "half a wo")
    row.add_child(label)
    column.add_child(typed)
    assert shown.texts() == ["moves", "stays"]
    assert shown.values() == ["half a wo"]
    column.add_child(label)
    assert shown.texts() == ["stays", "moves"]
    row.add_child(label)
    column.add_child(label)
    row.add_child(label)  # before a page was told of any of these
    assert shown.texts() == ["moves", "stays"]
    box = VStack(label, "in flow")
    assert list(row.items) == []
    column.add_child(box)
    assert shown.texts() == ["stays", "moves", "in flow"]
    row.add_child(label)
    assert shown.texts() == ["moves", "stays", "in flow"]
    box._attach(label)
    row.add_child(Label("new"))
    assert shown.texts() == ["new", "stays", "in flow", "moves"]


def test_a_component_that_flow_takes_in_before_a_page_was_told_leaves_the_panel() -> None:
    label = Label("x")
    box = VStack(label)
    panel = panel_of_this_cell()
    assert panel.to_render_node().children == ()
    assert list(panel.items) == []
    assert "x" in str(box.to_render_node())


def test_what_is_made_inside_of_with_goes_into_the_container(shown: Shown) -> None:
    with Row(Label("a")) as row:
        Label("b")
        with VStack():
            Text("c")
        with Column():
            Label("d")
    assert shown.texts() == ["a", "b", "c", "d"]
    assert [type(each).__name__ for each in row.items] == ["Label", "Label", "VStack", "Column"]
    with pytest.raises(ValueError, match="inside"), row:
        Div(row)


def test_a_child_moved_on_the_page_still_answers(shown: Shown) -> None:
    clicks: list[object] = []
    button = Button("go", on_click=clicks.append)
    shown.texts()
    Row(Column(button))
    shown.event(inside(button, "button"), "click")
    settle()
    assert len(clicks) == 1


def test_removing_a_child_leaves_the_others(shown: Shown) -> None:
    labels = [Label(name) for name in "abc"]
    Row(*labels)
    labels[1].remove()
    assert shown.texts() == ["a", "c"]


def tint(container: Any) -> bool:
    return "background: var(--flow-tint)" in str(container.to_render_node().props["style"])


def test_only_the_outermost_container_has_a_tint_for_tints_would_add_up(shown: Shown) -> None:
    inner = Row(Label("x"))
    middle = Column(inner)
    outer = Row(middle)
    assert [tint(each) for each in (outer, middle, inner)] == [True, False, False]
    panel_of_this_cell().items.add(middle)
    shown.texts()
    assert [tint(each) for each in (outer, middle, inner)] == [True, True, False]
    made_in = Column(parent=inner)
    assert not tint(made_in)
