"""What holds of the layout of any tree, found out with trees made at random."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flow import Signal
from flow.element import Element
from flow.layout import Box, Boxes, layout, to_svg
from flow.ui import Button, Card, Div, HStack, Input, P, Span, Table, Td, Text, Tr, VStack

WORDS = st.text("ab cdé-\n", max_size=40)
LENGTHS = st.integers(0, 60)
STYLES = st.fixed_dictionaries(
    {},
    optional={
        "padding": LENGTHS,
        "margin": LENGTHS,
        "gap": LENGTHS,
        "width": LENGTHS | st.sampled_from(["50%", "5em", "fit-content"]),
        "height": LENGTHS,
        "border": st.sampled_from(["1px solid", "5px dashed red"]),
        "flex-grow": st.integers(0, 3),
        "align-items": st.sampled_from(["center", "flex-end", "stretch"]),
        "justify-content": st.sampled_from(["center", "space-between", "flex-end"]),
        "flex-wrap": st.sampled_from(["wrap", "nowrap"]),
        "position": st.sampled_from(["relative", "absolute"]),
        "left": LENGTHS,
        "display": st.sampled_from(["none", "flex", "block", "inline-block"]),
        "font-size": st.integers(6, 30),
    },
)


def leaves() -> st.SearchStrategy[Element]:
    return st.one_of(
        st.builds(Text, WORDS),
        st.builds(Button, WORDS),
        st.builds(lambda value: Input(value=value), WORDS),
        st.builds(lambda words, style: P(words, style=style), WORDS, STYLES),
    )


def around(children: st.SearchStrategy[Element]) -> st.SearchStrategy[Element]:
    kinds = st.sampled_from([Div, HStack, VStack, Card, Span])
    inside = st.lists(children | WORDS, max_size=4)
    boxes = st.builds(lambda kind, style, given: kind(*given, style=style), kinds, STYLES, inside)
    return boxes | st.builds(lambda given: Table(Tr(*map(Td, given)), Tr(Td("x"), Td("y"))), inside)


TREES: st.SearchStrategy[Element] = st.recursive(leaves(), around, max_leaves=12)


def places(boxes: Boxes) -> list[tuple[Any, ...]]:
    return [(box.tag, *(round(each, 3) for each in (box.x, box.y, box.width, box.height))) for box in boxes]


@settings(max_examples=60, deadline=None)
@given(TREES, st.integers(1, 900))
def test_any_tree_can_be_laid_out_and_drawn(tree: Element, width: int) -> None:
    for box in layout(tree, width):
        assert box.width >= 0
        assert box.height >= 0
        assert box.x == box.x  # no NaN
    assert to_svg(tree, width=width).endswith("</svg>")


@settings(max_examples=40, deadline=None)
@given(TREES, TREES, st.integers(50, 900), st.sampled_from([Div, HStack, VStack]))
def test_a_layout_that_is_brought_up_to_date_is_as_one_that_is_made_anew(
    before: Element, after: Element, width: int, kind: type[Element]
) -> None:
    content = Signal[Any](before)
    kept = kind(Text("above"), kind(Text("beside"), Div(content), P("below")), Button("last"))
    layout(kept, width)
    for now in (after, before, "a text", after):
        content.value = now
        found = places(layout(kept, width))
        copy = kind(Text("above"), kind(Text("beside"), Div(Signal(now)), P("below")), Button("last"))
        assert found == places(layout(copy, width))
        content.value = None


SIZES = st.integers(0, 120)


@st.composite
def stacks(draw: st.DrawFn, depth: int = 3) -> Element:
    """Rows and columns whose children do not shrink below what they need."""
    kind = draw(st.sampled_from([HStack, VStack]))
    style = {
        "padding": draw(LENGTHS),
        "gap": draw(LENGTHS),
        "align-items": draw(st.sampled_from(["center", "stretch"])),
    }
    count = draw(st.integers(0, 4))
    if depth and draw(st.booleans()):
        return kind(*(draw(stacks(depth - 1)) for _ in range(count)), style=style)
    return kind(
        *(Div(style={"min-width": draw(SIZES), "height": draw(SIZES), "flex": "none"}) for _ in range(count)),
        style=style,
    )


@settings(max_examples=40, deadline=None)
@given(stacks())
def test_no_box_is_outside_of_its_parent_s_content_where_there_is_room(tree: Element) -> None:
    slack = 0.01

    def check(box: Box) -> None:
        x, y, width, height = box.content
        for child in box.children:
            assert child.x >= x - slack
            assert child.y >= y - slack
            assert child.right <= x + width + slack
            assert child.bottom <= y + height + slack
            check(child)

    check(layout(tree, 20_000).root)


@settings(max_examples=40, deadline=None)
@given(stacks(), st.integers(10, 2000))
def test_siblings_in_rows_and_columns_do_not_overlap(tree: Element, width: int) -> None:
    for box in layout(tree, width):
        for one, other in pairwise(box.children):
            is_beside = other.x >= one.right - 0.01
            is_below = other.y >= one.bottom - 0.01
            assert is_beside or is_below
