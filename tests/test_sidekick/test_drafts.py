"""What is typed and not submitted yet: each page has its own, until the text is set or submitted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flow import ui_thread
from flow.server.messages import parse
from sidekick import Column, Console, Textbox
from sidekick.items import take_away
from sidekick.panel import panel_of_this_cell
from support.sidekick_page import inside
from support.two_pages import TwoPages


@pytest.fixture
def two() -> Iterator[TwoPages]:
    pages = TwoPages(panel_of_this_cell())
    yield pages
    pages.close()


def test_what_one_types_reaches_no_other_page(two: TwoPages) -> None:
    textbox, console = Textbox("set"), Console(show_input=True)
    two.settle()
    two.types("a", textbox, "half a na")
    two.types("b", textbox, "other")
    two.types("a", console, "half a li")
    assert two.fields("a") == ["half a na", "half a li"]
    assert two.fields("b") == ["other", ""]
    assert textbox.value == "set"


def test_what_is_submitted_is_on_all_pages(two: TwoPages) -> None:
    textbox = Textbox()
    two.settle()
    two.types("b", textbox, "draft")
    two.types("a", textbox, "Ada")
    two.event("a", inside(textbox, "input"), "change", value="Ada")
    assert (two.fields("a"), two.fields("b"), textbox.value) == (["Ada"], ["Ada"], "Ada")


def test_a_line_that_is_sent_is_the_one_of_its_page_and_clears_the_field_on_all(two: TwoPages) -> None:
    lines: list[str] = []
    console = Console(show_input=True, on_submit=lambda event: lines.append(event.value))
    two.settle()
    two.types("a", console, "mine")
    two.types("b", console, "yours")
    two.event("a", inside(console, "form"), "submit", data={"line": "mine"})
    assert (lines, two.fields("a"), two.fields("b")) == (["mine"], [""], [""])


@pytest.mark.parametrize("value", ["", "typed", "new"])
def test_a_text_that_is_set_replaces_what_is_typed_whatever_it_was_before(two: TwoPages, value: str) -> None:
    textbox = Textbox("")
    two.settle()
    two.types("a", textbox, "typed")
    textbox.value = value
    assert (two.fields("a"), two.fields("b")) == ([value], [value])


def test_what_is_typed_after_that_stays_again(two: TwoPages) -> None:
    textbox = Textbox()
    two.settle()
    for text in ("one", "two"):
        two.types("a", textbox, text)
        assert (two.fields("a"), two.fields("b")) == ([text], [""])
        textbox.value = ""
        assert (two.fields("a"), two.fields("b")) == ([""], [""])


def test_a_new_page_begins_with_what_was_set(two: TwoPages) -> None:
    textbox = Textbox("set")
    two.settle()
    two.types("a", textbox, "draft")
    two.open("c")
    assert two.fields("c") == ["set"]


def test_a_draft_on_what_is_taken_away_holds_nothing(two: TwoPages) -> None:
    column = Column(Textbox())
    two.settle()
    two.types("a", column, "draft")
    column.remove()
    two.settle()
    assert two.session._written == {}


@pytest.mark.parametrize("data", [None, {}, {"other": "x"}, {"line": " "}])
def test_a_form_that_is_sent_without_a_line_is_none(two: TwoPages, data: Any) -> None:
    lines: list[str] = []
    console = Console(show_input=True, on_submit=lambda event: lines.append(event.value))
    two.settle()
    two.event("a", inside(console, "form"), "submit", **({} if data is None else {"data": data}))
    assert lines == []


@pytest.mark.parametrize("value", ["", "set"])
def test_what_is_typed_while_the_text_is_set_is_not_lost(two: TwoPages, value: str) -> None:
    textbox = Textbox()
    two.settle()
    two.types("a", textbox, "one")
    field = inside(textbox, "input")

    def set_and_typed() -> None:  # before pages are told of either
        textbox.value = value
        two.pages["a"].by_id[field.element_id]["props"]["value"] = "one more"
        page = two.pages["a"]
        page.serial += 1
        event = {"type": "input", "target_id": f"flow-{field.element_id}", "value": "one more"}
        two.session._take(parse({"kind": "event", "page": "a", "serial": page.serial, "event": event}))

    ui_thread.wait(set_and_typed, 10)
    assert two.fields("a") == ["one more"]
    textbox.value = ""
    assert (two.fields("a"), two.fields("b")) == ([""], [""])


def test_what_is_typed_moves_with_its_field(two: TwoPages) -> None:
    textbox, column = Textbox(), Column()
    two.settle()
    two.types("a", textbox, "half a wo")
    column.add_child(textbox)
    assert two.fields("a") == ["half a wo"]
    textbox.value = ""
    assert (two.fields("a"), two.fields("b")) == ([""], [""])


def test_what_was_typed_is_gone_when_the_text_is_set_while_it_is_nowhere(two: TwoPages) -> None:
    textbox, column = Textbox(), Column()
    two.settle()
    two.types("a", textbox, "half a wo")
    take_away(textbox)
    two.settle()
    textbox.value = "set"
    column.add_child(textbox)
    assert two.fields("a") == ["set"]
