"""What a canvas looks like where there is no page: its shapes in a frame, smaller if there is no room for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch
from typing import Final

from flow.drawing import (
    EDGE,
    PAPER,
    Drawing,
    Ellipse,
    Group,
    Image,
    Line,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Text,
    svg,
)
from flow.renderer.binary import Binary
from sidekick.canvas_fold import painted

_MANY: Final = 2000  # shapes, past which a picture of pixels is smaller
_LARGE: Final = 200_000  # characters of an SVG file, the same


def drawn(shapes: Iterable[Shape], size: tuple[int, int], width: float) -> Drawing:
    """Shapes of a canvas of this size, in a frame that is no wider than ``width``."""
    scale = min(1.0, (width - 2) / size[0])
    wide, high = size[0] * scale, size[1] * scale
    inside = tuple(shapes) if scale == 1 else tuple(_scaled(shape, scale) for shape in shapes)
    frame = Rectangle(0.5, 0.5, wide + 1, high + 1, PAPER, EDGE)
    return Drawing(wide + 2, high + 2, (frame, Group(1, 1, inside, wide, high)), _title(size))


def still(shapes: Iterable[Shape], size: tuple[int, int]) -> Binary:
    """A picture of them for whoever has no kernel."""
    known = tuple(shapes)
    if len(known) <= _MANY:
        text = svg(Drawing(*size, known, _title(size)))
        if len(text) <= _LARGE:
            return Binary(text.encode(), "image/svg+xml")
    return Binary(painted(known, *size), "image/png")


def _title(size: tuple[int, int]) -> str:
    return f"Canvas, {size[0]} by {size[1]} pixels"


@singledispatch
def _scaled(shape: Shape, by: float) -> Shape:
    raise TypeError(f"a canvas holds no such shape: {shape!r}")


@_scaled.register
def _(shape: Line, by: float) -> Shape:
    ends = shape.x1 * by, shape.y1 * by, shape.x2 * by, shape.y2 * by
    return Line(*ends, shape.stroke, shape.stroke_width * by)


@_scaled.register
def _(shape: Rectangle, by: float) -> Shape:
    sides = shape.x * by, shape.y * by, shape.width * by, shape.height * by
    return Rectangle(*sides, shape.fill, shape.stroke, shape.stroke_width * by)


@_scaled.register
def _(shape: Ellipse, by: float) -> Shape:
    sides = shape.cx * by, shape.cy * by, shape.rx * by, shape.ry * by
    return Ellipse(*sides, shape.fill, shape.stroke, shape.stroke_width * by)


@_scaled.register(Polygon)
@_scaled.register(Polyline)
def _(shape: Polygon | Polyline, by: float) -> Shape:
    points = tuple((x * by, y * by) for x, y in shape.points)
    return replace(shape, points=points, stroke_width=shape.stroke_width * by)


@_scaled.register
def _(shape: Text, by: float) -> Shape:
    return replace(shape, x=shape.x * by, y=shape.y * by, size=shape.size * by)


@_scaled.register
def _(shape: Image, by: float) -> Shape:
    return Image(shape.x * by, shape.y * by, shape.width * by, shape.height * by, shape.data)
