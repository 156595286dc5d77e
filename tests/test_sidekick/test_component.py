"""Component: ids, places, and an end."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from typing import Any

import pytest

import sidekick
from flow.ui import VStack
from sidekick import Button, Column, Component, Console, Label, Markdown, Row, Textbox
from sidekick.panel import Panel, panel_of_this_cell
from support.sidekick_page import Shown, inside, settle, wait_until

KINDS: dict[str, Callable[..., Component]] = {
    "button": Button,
    "column": Column,
    "console": Console,
    "label": Label,
    "markdown": Markdown,
    "row": Row,
    "textbox": Textbox,
}


def items_of(panel: Panel | Row | Column) -> list[Any]:
    return list(panel.items)


@pytest.mark.parametrize("name", KINDS)
class TestEachKind:
    def test_it_has_a_type_and_an_id_from_one_counter(self, name: str) -> None:
        first, second = KINDS[name](), Label()
        assert first.component_type == name
        kind, number = first.instance_id.split("-")
        assert kind == name
        assert second.instance_id == f"label-{int(number) + 1}"

    def test_an_id_that_is_given_is_stripped_and_takes_no_number(self, name: str) -> None:
        before = Label()
        assert KINDS[name](instance_id="  mine ").instance_id == "mine"
        assert int(Label().instance_id.split("-")[1]) == int(before.instance_id.split("-")[1]) + 1

    @pytest.mark.parametrize("given", ["", "  "])
    def test_an_empty_id_is_an_error(self, name: str, given: str) -> None:
        with pytest.raises(ValueError, match="empty"):
            KINDS[name](instance_id=given)
        with pytest.raises(ValueError, match="empty"):
            KINDS[name](parent=given)

    def test_an_id_that_is_no_text_is_replaced(self, name: str) -> None:
        assert KINDS[name](instance_id=5).instance_id.startswith(f"{name}-")

    @pytest.mark.parametrize("given", [5, VStack, object(), b"row"])
    def test_a_parent_is_a_component_or_its_id(self, name: str, given: Any) -> None:
        with pytest.raises(TypeError, match="parent"):
            KINDS[name](parent=given)
        assert items_of(panel_of_this_cell()) == []

    def test_a_callback_is_checked_before_anything_is_made(self, name: str) -> None:
        with pytest.raises(TypeError, match="on_error"):
            KINDS[name](on_error=5)
        assert items_of(panel_of_this_cell()) == []
        made = KINDS[name]()
        on_error: Any = made.on_error
        with pytest.raises(TypeError, match="on_error"):
            on_error(5)
        assert on_error(print) is None
        assert on_error(None) is None

    def test_it_stands_in_its_parent_wherever_that_is_named(self, name: str) -> None:
        row = Row(instance_id="there")
        by_itself, by_id = KINDS[name](parent=row), KINDS[name](parent=" there ")
        assert items_of(row) == [by_itself, by_id]
        assert items_of(panel_of_this_cell()) == [row]

    def test_it_is_removed_as_often_as_one_likes_and_can_be_used_after(self, name: str) -> None:
        made = KINDS[name]()
        made.remove()
        made.remove()
        assert items_of(panel_of_this_cell()) == []
        for attribute in ("text", "value", "placeholder"):
            if hasattr(made, attribute) and name != "console":
                setattr(made, attribute, "x")

    def test_it_can_stand_in_a_page_of_flow_s(self, name: str) -> None:
        with VStack() as root:
            made = KINDS[name]()
        assert root.children == (made,)
        assert items_of(panel_of_this_cell()) == []


def test_a_child_whose_parent_comes_later_is_shown_then(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "sidekick")
    early = Label(parent="later")
    assert "as soon as" in caplog.text
    assert items_of(panel_of_this_cell()) == []
    assert items_of(Row(instance_id="later")) == [early]


def test_a_child_that_was_removed_or_placed_while_it_waited_stays_so() -> None:
    gone, placed = Label(parent="later"), Label(parent="later")
    gone.remove()
    column = Column(placed)
    assert items_of(Row(instance_id="later")) == []
    assert items_of(column) == [placed]


def test_the_parent_called_root_is_the_panel_also_inside_of_a_block() -> None:
    with VStack() as root:
        made = Label(parent="root")
    assert items_of(panel_of_this_cell()) == [made]
    assert root.children == ()


def test_a_parent_that_takes_no_children_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "sidekick")
    Label("inner", parent=Label("outer"))
    assert "takes no children" in caplog.text


def test_the_newer_of_two_with_one_id_takes_the_place(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "sidekick")
    clicks: list[str] = []
    older = Button("old", instance_id="go", on_click=lambda event: clicks.append("old"))
    newer = Button("new", instance_id="go", on_click=lambda event: clicks.append("new"))
    assert "'go'" in caplog.text
    assert items_of(panel_of_this_cell()) == [newer]
    older.remove()
    del older
    gc.collect()
    shown = Shown(panel_of_this_cell())
    shown.event(inside(newer, "button"), "click")
    settle()
    assert clicks == ["new"]
    assert items_of(Row(parent="root")) == []
    with pytest.raises(ValueError, match="inside"):
        Row(Column(instance_id="in"), parent="in")


def test_removing_a_container_takes_what_is_in_it_from_the_page(shown: Shown) -> None:
    row = Row(Label("inner"))
    assert shown.texts() == ["inner"]
    row.remove()
    assert shown.texts() == []
    assert len(items_of(row)) == 1


def test_a_removed_component_is_called_no_more(shown: Shown) -> None:
    clicks: list[object] = []
    button = Button(on_click=clicks.append)
    assert shown.texts() == []
    shown.event(inside(button, "button"), "click")
    settle()
    button.remove()
    shown.event(inside(button, "button"), "click")
    settle()
    assert len(clicks) == 1


def test_clear_all_takes_all_from_the_panels_and_leaves_the_objects(shown: Shown) -> None:
    label = Label("a", instance_id="kept")
    row = Row(label)
    Label("b")
    assert shown.texts() == ["a", "b"]
    sidekick.clear_all()
    assert shown.texts() == []
    label.text = "c"
    assert items_of(row) == [label]
    row.add_child(Label("d"))
    Label("e")
    assert shown.texts() == ["e"]
    assert Column(row)
    wait_until(lambda: shown.texts() == ["e", "c", "d"])


def test_without_a_kernel_displaying_one_prints_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Label("x", instance_id="it")._ipython_display_()
    assert capsys.readouterr().out == "Label('it')\n"
