"""SVG elements of a tree as shapes: the basic ones, and paths of lines and curves. Units are those of the viewBox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil, cos, pi, radians, sin
from typing import Final, NamedTuple

from flow.drawing.shapes import Ellipse, Polygon, Polyline, Shape, Text
from flow.layout.colors import Rgba, color
from flow.layout.controls import number
from flow.layout.css import declarations
from flow.layout.paths import points_of
from flow.layout.styles import Inherited
from flow.renderer.protocol import TEXT, RenderNode

Point = tuple[float, float]


class Matrix(NamedTuple):
    """An affine transformation, as SVG writes it."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> Point:
        """Where a point comes to."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, inner: Matrix) -> Matrix:
        """First an inner one, then it."""
        (e, f) = self.at(inner.e, inner.f)
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            e,
            f,
        )

    @property
    def scale(self) -> float:
        """By how much lengths grow, on average."""
        return float(abs(self.a * self.d - self.b * self.c) ** 0.5)


class _Paint(NamedTuple):
    fill: str = "#000000"
    stroke: str = "none"
    stroke_width: float = 1.0
    opacity: float = 1.0
    font_size: float = 16.0
    anchor: str = "start"
    color: Rgba = Rgba(0, 0, 0)
    is_dark: bool = False

    def css(self, name: str) -> str | None:
        """A color as a shape takes it."""
        found = color(name, self.color, self.is_dark)
        return found.faded(self.opacity).css if found is not None and found.alpha else None


_NUMBERS: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_CALL: Final = re.compile(r"(\w+)\s*\(([^)]*)\)")
_PAINTS: Final = ("fill", "stroke", "stroke-width", "opacity", "font-size", "text-anchor")


def vector_shapes(svg: RenderNode, width: float, height: float, look: Inherited) -> Iterator[Shape]:
    """The shapes of an svg element in a box of this size, from its corner."""
    box = [float(each) for each in _NUMBERS.findall(str(svg.props.get("viewBox", "")))]
    matrix = Matrix()
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        scale = min(width / box[2], height / box[3])
        matrix = Matrix(
            scale, 0, 0, scale,
            (width - box[2] * scale) / 2 - box[0] * scale, (height - box[3] * scale) / 2 - box[1] * scale,
        )  # fmt: skip
    paint = _Paint(opacity=look.opacity, font_size=look.size, color=look.color, is_dark=look.is_dark)
    yield from _inside(svg, matrix, _painted(svg, paint))


def _inside(node: RenderNode, matrix: Matrix, paint: _Paint) -> Iterator[Shape]:
    for child in node.children:
        if child.tag == TEXT or child.tag in ("defs", "title", "desc", "style", "clipPath", "mask", "symbol", "marker"):
            continue
        own = _painted(child, paint)
        place = matrix.then(_transform(str(child.props.get("transform", ""))))
        if child.tag in ("g", "a", "svg"):
            yield from _inside(child, place, own)
        else:
            yield from _shape(child, place, own)


def _painted(node: RenderNode, around: _Paint) -> _Paint:
    style = node.props.get("style")
    own = {name: str(node.props[name]) for name in _PAINTS if name in node.props}
    own |= dict(declarations(style)) if isinstance(style, str) else {}
    current = color(str(node.props.get("color", "")), around.color, around.is_dark) or around.color
    return around._replace(
        fill=own.get("fill", around.fill),
        stroke=own.get("stroke", around.stroke),
        stroke_width=number(own.get("stroke-width", "").removesuffix("px") or None, around.stroke_width),
        opacity=around.opacity * number(own.get("opacity"), 1.0),
        font_size=number(own.get("font-size", "").removesuffix("px") or None, around.font_size),
        anchor=own.get("text-anchor", around.anchor),
        color=current,
    )


def _shape(node: RenderNode, matrix: Matrix, paint: _Paint) -> Iterator[Shape]:
    def given(name: str, default: float = 0.0) -> float:
        return number(str(node.props.get(name, "")).removesuffix("px") or None, default)

    fill, stroke, wide = paint.css(paint.fill), paint.css(paint.stroke), paint.stroke_width * matrix.scale
    tag = node.tag
    if tag == "text":
        x, y = matrix.at(given("x") + given("dx"), given("y") + given("dy"))
        text = node.text if node.text is not None else "".join(each.text or "" for each in node.children)
        anchor = paint.anchor if paint.anchor in ("middle", "end") else "start"
        yield Text(x, y, " ".join(text.split()), paint.font_size * matrix.scale, fill, anchor)  # type: ignore[arg-type]
    elif tag in ("circle", "ellipse") and not matrix.b and not matrix.c:
        cx, cy = matrix.at(given("cx"), given("cy"))
        rx, ry = (given("r"),) * 2 if tag == "circle" else (given("rx"), given("ry"))
        yield Ellipse(cx, cy, rx * abs(matrix.a), ry * abs(matrix.d), fill, stroke, wide)
    else:
        for points, is_closed in _outlines(node, given):
            places = tuple(matrix.at(*point) for point in points)
            if tag not in ("line",) and fill is not None and len(places) > 2:
                yield Polygon(places, fill, stroke if is_closed else None, wide)
            elif is_closed and stroke is not None:
                yield Polygon(places, None, stroke, wide)
            if stroke is not None and not is_closed:
                yield Polyline(places, stroke, wide)


def _outlines(node: RenderNode, given) -> Iterator[tuple[list[Point], bool]]:  # type: ignore[no-untyped-def]
    tag = node.tag
    if tag == "rect":
        x, y, width, height = given("x"), given("y"), given("width"), given("height")
        yield _rounded(x, y, width, height, min(given("rx", given("ry")), width / 2, height / 2)), True
    elif tag in ("circle", "ellipse"):
        rx, ry = (given("r"),) * 2 if tag == "circle" else (given("rx"), given("ry"))
        turns = (2 * pi * at / 48 for at in range(48))
        yield [(given("cx") + rx * cos(turn), given("cy") + ry * sin(turn)) for turn in turns], True
    elif tag == "line":
        yield [(given("x1"), given("y1")), (given("x2"), given("y2"))], False
    elif tag in ("polyline", "polygon"):
        numbers = [float(each) for each in _NUMBERS.findall(str(node.props.get("points", "")))]
        yield list(zip(numbers[::2], numbers[1::2], strict=False)), tag == "polygon"
    elif tag == "path":
        yield from points_of(str(node.props.get("d", "")))


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> list[Point]:
    if radius <= 0:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    steps = max(2, ceil(radius / 2))
    corners = ((x + width - radius, y + radius, -90), (x + width - radius, y + height - radius, 0),
               (x + radius, y + height - radius, 90), (x + radius, y + radius, 180))  # fmt: skip
    return [
        (cx + radius * cos(turn), cy + radius * sin(turn))
        for cx, cy, start in corners
        for turn in (radians(start + 90 * at / steps) for at in range(steps + 1))
    ]


def _transform(text: str) -> Matrix:
    found = Matrix()
    for name, arguments in _CALL.findall(text):
        parts = [float(each) for each in _NUMBERS.findall(arguments)]
        found = found.then(_single(name, parts))
    return found


def _single(name: str, parts: list[float]) -> Matrix:
    if name == "translate" and parts:
        return Matrix(e=parts[0], f=parts[1] if len(parts) > 1 else 0.0)
    if name == "scale" and parts:
        return Matrix(a=parts[0], d=parts[-1])
    if name == "matrix" and len(parts) == 6:
        return Matrix(*parts)
    if name == "rotate" and parts:
        turn = radians(parts[0])
        spin = Matrix(cos(turn), sin(turn), -sin(turn), cos(turn))
        if len(parts) < 3:
            return spin
        return Matrix(e=parts[1], f=parts[2]).then(spin).then(Matrix(e=-parts[1], f=-parts[2]))
    return Matrix()
