"""What is painted inside controls and pictures, as Chromium does with flow's style."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow.drawing.shapes import Ellipse, Group, Image, Polyline, Rectangle, Shape
from flow.layout.colors import DARK, LIGHT, Rgba, color
from flow.layout.controls import NO_FILE, Drawn, Field, Fixed, number, picture_of
from flow.layout.frames import Frame
from flow.layout.inline import Inline, line_height_of
from flow.layout.looks import input_type
from flow.layout.metrics import width_of
from flow.layout.styles import Inherited, Style
from flow.layout.text_shapes import text_shape
from flow.layout.vectors import vector_shapes
from flow.renderer.nodes import pictured
from flow.renderer.protocol import RenderNode

Rect = tuple[float, float, float, float]

_GOOD, _FAIR, _POOR = "#107c10", "#ffb900", "#d83b01"  # of meters
_EDGE: Final = (Rgba(118, 118, 118), Rgba(133, 133, 133))  # of what is ticked, light and dark
_FACE: Final = (Rgba(255, 255, 255), Rgba(59, 59, 59))
_RAIL: Final = (Rgba(239, 239, 239), Rgba(59, 59, 59))
_THUMB: Final = 16.0  # CSS pixels


def painted(frame: Frame, inside: Rect) -> Iterator[Shape]:
    """The shapes inside a control, which has so much room in its border and padding."""
    node, leaf = frame.node, frame.leaf
    if node is None:
        return
    if isinstance(leaf, Drawn):
        yield _drawn(leaf, inside, frame.style)
    elif isinstance(leaf, Field):
        yield from _field(node, leaf, inside)
    elif isinstance(leaf, Fixed):
        yield from _fixed(node, frame.style, inside)


def _drawn(leaf: Drawn, inside: Rect, style: Style) -> Shape:
    drawing = leaf.drawing(inside[2])
    paper = (Rectangle(0, 0, drawing.width, drawing.height, "#ffffff", radius=4),) if style.text.is_dark else ()
    return Group(inside[0], inside[1], (*paper, *drawing.shapes), drawing.width, drawing.height)


def _field(node: RenderNode, leaf: Field, inside: Rect) -> Iterator[Shape]:
    x, y, width, height = inside
    look = leaf.look
    ink = _named("--flow-muted", look.color, look.is_dark).faded(0.85) if leaf.is_hint else look.color
    found: list[Shape] = []
    if node.tag == "input" and input_type(node) == "file":
        yield from _file(leaf, inside)
    if node.tag == "input" and input_type(node) == "color":
        yield _swatch(node, look, inside)
    if node.tag == "textarea":
        lines = Inline(look._replace(white_space="pre-wrap", breaks_words=True))
        lines.write(leaf.text)
        for piece in lines.lines(width).pieces:
            found.append(text_shape(piece.x, piece.baseline, piece.text, look, piece.width, ink))
    else:
        wide = width_of(leaf.text, look)
        is_button = node.tag == "input" and input_type(node) in ("button", "submit", "reset")
        start = (width - wide) / 2 if is_button else 0.0
        if leaf.text.strip():
            found.append(text_shape(start, leaf.first_baseline(height), leaf.text, look, wide, ink))
    if node.tag == "select":
        right, middle = width - 3, height / 2
        arrow = ((right - 9, middle - 2), (right - 5, middle + 2), (right - 1, middle - 2))
        found.append(Polyline(arrow, look.color.faded(look.opacity).css, 1.5))
    if found:
        yield Group(x, y, tuple(found), width, max(height, line_height_of(look)))


def _swatch(node: RenderNode, look: Inherited, inside: Rect) -> Shape:
    x, y, width, height = inside
    found = color(str(node.props.get("value", "#000000")), look.color, look.is_dark) or Rgba(0, 0, 0)
    edge = _EDGE[look.is_dark].css
    return Rectangle(x + 2.5, y + 4.5, max(0.0, width - 5), max(0.0, height - 9), found.faded(look.opacity).css, edge)


def _file(leaf: Field, inside: Rect) -> Iterator[Shape]:
    """A button, and that no file is chosen."""
    x, y, _, height = inside
    look, (label, words) = leaf.look, NO_FILE
    wide, baseline = width_of(label, look), y + leaf.first_baseline(height)
    air = 0.9 * look.size + 1
    fill, edge = (
        _named(name, look.color, look.is_dark).faded(look.opacity).css for name in ("--flow-shade", "--flow-line")
    )
    yield Rectangle(x + 0.5, y + 0.5, wide + 2 * air - 1, height - 1, fill, edge, radius=5.5)
    yield text_shape(x + air, baseline, label, look, wide)
    yield text_shape(x + 2 * air + wide + 0.7 * look.size, baseline, words, look, width_of(words, look))


def _fixed(node: RenderNode, style: Style, inside: Rect) -> Iterator[Shape]:
    tag, props = node.tag, node.props
    x, y, width, height = inside
    look = style.text
    accent = _named("--flow-accent", look.color, look.is_dark).faded(look.opacity).css
    if tag == "input":
        kind = input_type(node)
        if kind in ("checkbox", "radio"):
            yield from _ticked(kind, "checked" in props, inside, style, accent)
        elif kind == "range":
            yield from _slider(node, inside, style, accent)
        elif kind == "image":
            yield from _picture(node, style, inside)
    elif tag == "progress":
        if "value" in props:
            share = number(props.get("value"), 0) / (number(props.get("max"), 1) or 1)
            yield Rectangle(x, y, width * min(1.0, max(0.0, share)), height, accent, radius=height / 2)
        else:
            yield Rectangle(x, y + height / 4, width, height / 2, _RAIL[look.is_dark].css, radius=height / 4)
            yield Rectangle(x, y + height / 4, width * 0.3, height / 2, accent, radius=height / 4)
    elif tag == "meter":
        yield from _meter(node, inside, style)
    elif tag == "svg":
        yield Group(x, y, tuple(vector_shapes(node, width, height, look)), width, height)
    else:
        yield from _picture(node, style, inside)


def _ticked(kind: str, is_on: bool, inside: Rect, style: Style, accent: str) -> Iterator[Shape]:
    x, y, width, height = inside
    look = style.text
    edge = _EDGE[look.is_dark].faded(look.opacity).css
    face = _FACE[look.is_dark].faded(look.opacity).css
    mark = (Rgba(0, 0, 0) if look.is_dark else Rgba(255, 255, 255)).faded(look.opacity).css
    cx, cy, radius = x + width / 2, y + height / 2, min(width, height) / 2 - 1
    if kind == "radio":
        yield Ellipse(cx, cy, radius - 0.5, radius - 0.5, face, accent if is_on else edge, 1.5 if is_on else 1)
        if is_on:
            yield Ellipse(cx, cy, radius * 0.6, radius * 0.6, accent)
        return
    fill, stroke = (accent, accent) if is_on else (face, edge)
    yield Rectangle(x + 0.5, y + 0.5, width - 1, height - 1, fill, stroke, radius=2.5)
    if is_on:
        points = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))
        yield Polyline(tuple((x + width * a, y + height * b) for a, b in points), mark, max(1.5, width / 8))


def _slider(node: RenderNode, inside: Rect, style: Style, accent: str) -> Iterator[Shape]:
    x, y, width, height = inside
    props, look = node.props, style.text
    least, most = number(props.get("min"), 0), number(props.get("max"), 100)
    value = number(props.get("value"), (least + most) / 2)
    share = min(1.0, max(0.0, (value - least) / (most - least))) if most > least else 0.0
    middle, at = y + height / 2, x + _THUMB / 2 + share * max(0.0, width - _THUMB)
    rail, edge = _RAIL[look.is_dark].faded(look.opacity).css, _EDGE[look.is_dark].faded(look.opacity * 0.6).css
    yield Rectangle(x + 0.5, middle - 3.5, max(0.0, width - 1), 7, rail, edge, radius=3.5)
    yield Rectangle(x, middle - 4, max(0.0, at - x), 8, accent, radius=4)
    yield Ellipse(at, middle, _THUMB / 2, _THUMB / 2, accent)


def _meter(node: RenderNode, inside: Rect, style: Style) -> Iterator[Shape]:
    x, y, width, height = inside
    props = node.props
    least, most = number(props.get("min"), 0), number(props.get("max"), 1)
    value = number(props.get("value"), least)
    share = min(1.0, max(0.0, (value - least) / (most - least))) if most > least else 0.0
    low, high = number(props.get("low"), least), number(props.get("high"), most)
    best = number(props.get("optimum"), (least + most) / 2)
    zones = [(each < low) * -1 + (each > high) for each in (value, best)]
    fill = (_GOOD, _FAIR, _POOR)[abs(zones[0] - zones[1])]
    look = style.text
    rail, edge = _RAIL[look.is_dark].faded(look.opacity).css, _EDGE[look.is_dark].faded(look.opacity * 0.5).css
    top, tall = y + height / 4, height / 2
    yield Rectangle(x + 0.5, top, max(0.0, width - 1), tall, rail, edge, radius=tall / 2)
    yield Rectangle(x, top, width * share, tall, fill, radius=tall / 2)


def _picture(node: RenderNode, style: Style, inside: Rect) -> Iterator[Shape]:
    """An image; of what cannot be shown here, a frame with what it is said to be."""
    x, y, width, height = inside
    if width <= 0 or height <= 0:
        return
    shown = pictured(node)
    found = picture_of(shown) if shown.tag in ("img", "input") else None
    if found is not None:
        is_pixelated = style.word("image-rendering") in ("pixelated", "crisp-edges")
        yield Image(x, y, width, height, found[0], is_pixelated)
        return
    look = style.text
    edge = _named("--flow-edge", look.color, look.is_dark).faded(look.opacity).css
    words = str(shown.props.get("alt") or shown.props.get("title") or shown.props.get("aria-label") or "")
    text = text_shape(6, line_height_of(look), words, look, width_of(words, look))
    tint = _named("--flow-tint", look.color, look.is_dark).css
    box = Rectangle(0.5, 0.5, max(0.0, width - 1), max(0.0, height - 1), tint, edge)
    yield Group(x, y, (box, text) if words else (box,), width, height)


def _named(name: str, current: Rgba, is_dark: bool) -> Rgba:
    return color((DARK if is_dark else LIGHT)[name], current, is_dark) or current
