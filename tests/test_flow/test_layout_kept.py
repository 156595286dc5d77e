"""A tree that is laid out again: only what changed is made anew, and it ends with its tree."""

from __future__ import annotations

import gc
import subprocess
import sys
from weakref import ref

import pytest

from flow import Signal
from flow.element import Element
from flow.layout import keeping, layout
from flow.layout.inline import Inline
from flow.ui import Button, Div, HStack, P, Span, Text, VStack


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are broken into lines, each time they are."""
    found: list[str] = []
    made = Inline._made

    def counted(self: Inline, width: float | None) -> object:
        lines = made(self, width)
        found.append(" ".join(piece.text for piece in lines.pieces))
        return lines

    monkeypatch.setattr(Inline, "_made", counted)
    return found


def table(rows: int = 50) -> tuple[Element, list[Signal[str]]]:
    labels = [Signal(f"Row {number}") for number in range(rows)]
    return VStack(*(HStack(Text(label), Button("Go"), P("Some words")) for label in labels)), labels


def test_a_tree_that_is_as_it_was_is_measured_no_second_time(broken: list[str]) -> None:
    tree, _ = table()
    first = layout(tree, 400)
    broken.clear()
    assert layout(tree, 400) is first
    assert broken == []


def test_only_a_text_that_changed_is_measured_anew(broken: list[str]) -> None:
    tree, labels = table()
    layout(tree, 400)
    broken.clear()
    labels[7].value = "Another"
    boxes = layout(tree, 400)
    assert set(broken) <= {"Another", "Go", "Some words"}
    assert len(broken) < 8
    assert len(boxes) == 1 + 50 * 4


def test_another_width_is_another_layout() -> None:
    tree, _ = table()
    assert layout(tree, 400).root.width == 400
    assert layout(tree, 300).root.width == 300


def test_what_moves_because_of_a_change_is_where_it_belongs() -> None:
    words = Signal("short")
    tree = VStack(P(words), last := Button("Last"))
    before = layout(tree, 200)[last]
    words.value = "so much longer that it takes several lines of a page as narrow as this one"
    assert layout(tree, 200)[last].y > before.y + 40
    words.value = "short"
    assert layout(tree, 200)[last] == before


def test_a_style_that_is_inherited_reaches_what_did_not_change() -> None:
    size = Signal(10)
    tree = Div(Div(word := Span("Word")), style=lambda: {"font-size": size.value})
    small = layout(tree, 300)[word]
    size.value = 30
    assert layout(tree, 300)[word].width == pytest.approx(3 * small.width, rel=0.01)


def test_what_stays_as_it_is_in_a_box_that_gets_narrower_is_narrower_too() -> None:
    words = Signal("x")
    with HStack(align="flex-start") as tree:
        with Div(style={"flex": 1}):
            inner = Div(style={"height": 5})
        Text(words)
    before = layout(tree, 400)[inner]
    words.value = "a longer text"
    after = layout(tree, 400)[inner]
    assert after.width < before.width - 30
    assert (after.x, after.y) == (before.x, before.y)


def test_what_is_placed_outside_of_its_parent_stays_there_when_others_change() -> None:
    words = Signal("x")
    with Div(style={"position": "relative", "height": 100}) as tree:
        Text(words)
        with Div():
            corner = Div(style={"position": "absolute", "right": 0, "bottom": 0, "width": 10, "height": 10})
    before = layout(tree, 200)[corner]
    assert (before.x, before.y) == (190, 90)
    words.value = "y"
    assert layout(tree, 200)[corner] == before


def test_many_changes_leave_no_boxes_behind() -> None:
    tree, labels = table(5)
    layout(tree, 400)
    engine = keeping._kept[tree].engine
    before = len(engine._children), len(engine._measures)
    for number in range(20):
        labels[number % 5].value = f"Change {number}"
        layout(tree, 400)
    assert keeping._kept[tree].engine is engine
    assert (len(engine._children), len(engine._measures)) == before


def test_a_layout_ends_with_its_tree() -> None:
    tree = table(3)[0]
    layout(tree, 400)
    engine = ref(keeping._kept[tree].engine)
    assert engine() is not None
    del tree
    gc.collect()
    assert engine() is None


def test_the_engine_leaves_the_program_s_logging_alone() -> None:
    code = (
        "import logging; from flow.layout import layout; from flow.ui import Div; layout(Div(), 9); "
        "print(logging.root.handlers)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
