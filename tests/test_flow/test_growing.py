"""Bytes that grow: a page that has the first of them is told the rest, and whoever has no script sees a picture."""

from __future__ import annotations

import pytest

from flow import Signal
from flow.renderer.attributes import UnsafeError
from flow.renderer.binary import Binary
from flow.renderer.diff import diff
from flow.renderer.growing import Growing
from flow.renderer.html import HTMLRenderer
from flow.renderer.protocol import RenderNode
from flow.renderer.wire import wire_patch, wire_tree
from flow.ui import Canvas, Div


class Surface(Canvas, props="drawing"):
    pass


def still() -> Binary:
    return Binary(b"<svg/>", "image/svg+xml")


def node(growing: Growing) -> RenderNode:
    return RenderNode("canvas", 1, {"drawing": growing})


def told(old: Growing, new: Growing) -> tuple[object, list[bytes]]:
    buffers: list[bytes] = []
    return wire_patch(diff(node(old), node(new)).operations, buffers)["operations"], buffers


def test_of_bytes_that_were_added_to_the_rest_is_told() -> None:
    data = bytearray(b"abc")
    before = Growing(data, still)
    data += b"de"
    value = {"buffer": 0, "type": "application/x-flow-drawing"}
    assert told(before, Growing(data, still)) == ([["append", 1, "drawing", value]], [b"de"])


def test_of_other_bytes_all_are_told_and_of_the_same_nothing() -> None:
    data = bytearray(b"abc")
    one, other = Growing(data, still), Growing(bytearray(b"abcd"), still)
    operations, buffers = told(one, other)
    assert buffers == [b"abcd"]
    assert operations[0][0] == "set"  # type: ignore[index]
    assert told(one, Growing(data, still)) == ([], [])


def test_what_was_told_stays_what_it_was_while_more_is_added() -> None:
    data = bytearray(b"abc")
    before = Growing(data, still)
    data += b"de"
    assert (before.data, Growing(data, still).data) == (b"abc", b"abcde")
    assert before != Growing(data, still)
    assert repr(before) != repr(Growing(data, still))


def test_a_tree_holds_all_of_them_for_a_page_that_comes_later_and_for_being_saved() -> None:
    buffers: list[bytes] = []
    grown = Growing(bytearray(b"abc"), still)
    sent, saved = wire_tree(node(grown), buffers), wire_tree(node(grown))
    assert buffers == [b"abc"]
    assert sent["shapes"] == [["canvas", {"drawing": {"buffer": 0, "type": Growing.type}}]]
    assert saved["shapes"] == [["canvas", {"drawing": {"buffer": b"abc", "type": Growing.type}}]]


def test_whoever_has_no_script_sees_a_picture_in_its_place() -> None:
    data, count = bytearray(b"abc"), Signal(0)
    canvas = Surface(
        Div("inside"),
        drawing=lambda: Growing(data, still) if not count.value else None,
        role="img",
        aria_label="a plan",
    )
    html = HTMLRenderer(ids=False).render(canvas)
    assert html == '<img aria-label="a plan" src="data:image/svg+xml;base64,PHN2Zy8+" alt="a plan">'
    count.value = 1
    assert HTMLRenderer(ids=False).render(canvas).startswith("<canvas")


def test_nothing_but_a_canvas_takes_them() -> None:
    growing = Growing(bytearray(b"abc"), still)
    with pytest.raises(TypeError, match="title of <div> takes no drawing; drawing of <canvas> does"):
        Div(title=growing)
    with pytest.raises(TypeError, match="is a text, a number or True"):
        HTMLRenderer().render_node(RenderNode("div", 1, {"drawing": growing}))
    with pytest.raises(UnsafeError, match="takes no bytes"):
        HTMLRenderer().render_node(RenderNode("div", 1, {"src": Binary(b"x", "image/png")}))
