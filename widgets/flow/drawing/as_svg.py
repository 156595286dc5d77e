"""Drawings as SVG (version 1.1): text that every browser shows. It holds no script and loads nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import singledispatch
from html import escape
from typing import Final

from flow.drawing.picture import pixel
from flow.drawing.shapes import (
    Drawing,
    Ellipse,
    Family,
    Group,
    Image,
    Line,
    Link,
    Point,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Text,
)

_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what may not stand in XML 1.0
_FONTS: Final[dict[Family, str]] = {
    "sans": "Arial, Helvetica, 'Liberation Sans', sans-serif",
    "mono": "Menlo, Consolas, 'DejaVu Sans Mono', monospace",
}


def svg(drawing: Drawing, background: str | None = None) -> str:
    """The drawing as a whole SVG file, over a color of CSS's, or over what it will stand on."""
    width, height = _number(drawing.width), _number(drawing.height)
    under = [] if background is None else [Rectangle(0, 0, drawing.width, drawing.height, background)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{_text(drawing.title)}">'
        f"{''.join(pieces((*under, *drawing.shapes)))}</svg>"
    )


def pieces(shapes: Iterable[Shape]) -> Iterator[str]:
    """The shapes as texts that are to be put together: an element each, or the beginning or the end of a group."""
    for shape in shapes:
        if isinstance(shape, Link):
            yield f'<a xlink:href="{_text(shape.address)}" target="_top">'
            yield from pieces(shape.shapes)
            yield "</a>"
        elif not isinstance(shape, Group):
            yield _element(shape)
        elif shape.width is None or shape.height is None:
            yield f'<g transform="translate({_number(shape.x)} {_number(shape.y)})">'
            yield from pieces(shape.shapes)
            yield "</g>"
        else:
            place = _attributes(x=shape.x, y=shape.y, width=shape.width, height=shape.height)
            yield f'<svg{place} overflow="hidden">'
            yield from pieces(shape.shapes)
            yield "</svg>"


@singledispatch
def _element(shape: Shape) -> str:
    raise TypeError(f"a drawing holds shapes, not {shape!r}")


@_element.register
def _(shape: Rectangle) -> str:
    place = _attributes(x=shape.x, y=shape.y, width=shape.width, height=shape.height, rx=shape.radius)
    return f"<rect{place}{_paint(shape)}/>"


@_element.register
def _(shape: Line) -> str:
    return f"<line{_attributes(x1=shape.x1, y1=shape.y1, x2=shape.x2, y2=shape.y2)}{_stroke(shape)}/>"


@_element.register
def _(shape: Ellipse) -> str:
    return f"<ellipse{_attributes(cx=shape.cx, cy=shape.cy, rx=shape.rx, ry=shape.ry)}{_paint(shape)}/>"


@_element.register
def _(shape: Polygon) -> str:
    return f'<polygon points="{_points(shape.points)}"{_paint(shape)}/>'


@_element.register
def _(shape: Polyline) -> str:
    return f'<polyline points="{_points(shape.points)}" fill="none"{_stroke(shape)}/>'


@_element.register
def _(shape: Text) -> str:
    bold = ' font-weight="bold"' if shape.is_bold else ""
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    italic = ' font-style="italic"' if shape.is_italic else ""
    length = "" if not shape.length else f' textLength="{_number(shape.length)}" lengthAdjust="spacingAndGlyphs"'
    font = f'font-family="{_FONTS[shape.family]}"{bold}{italic}'
    look = f'{font}{anchor}{length}{_color("fill", shape.fill)} xml:space="preserve"'
    return f"<text{_attributes(x=shape.x, y=shape.y, font_size=shape.size)} {look}>{_text(shape.text)}</text>"


@_element.register
def _(shape: Image) -> str:
    place = _attributes(x=shape.x, y=shape.y, width=shape.width, height=shape.height)
    look = ' style="image-rendering: pixelated"' if shape.is_pixelated else ""
    data = f"data:image/png;base64,{b64encode(shape.data).decode('ascii')}"
    return f'<image{place} preserveAspectRatio="none"{look} xlink:href="{data}"/>'


def _paint(shape: Rectangle | Ellipse | Polygon) -> str:
    return _color("fill", shape.fill) + (_stroke(shape) if shape.stroke is not None else "")


def _stroke(shape: Rectangle | Ellipse | Polygon | Line | Polyline) -> str:
    width = "" if shape.stroke_width == 1 else f' stroke-width="{_number(shape.stroke_width)}"'
    return _color("stroke", shape.stroke) + width


def _color(name: str, color: str | None) -> str:
    """A color by its numbers, so that no text of a user's gets into the page as anything else."""
    found = pixel(color) if color is not None else None
    if found is None:
        return f' {name}="none"'
    opacity = "" if found[3] == 255 else f' {name}-opacity="{_number(found[3] / 255)}"'
    return f' {name}="#{found[:3].hex()}"{opacity}'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _attributes(**numbers: float) -> str:
    return "".join(f' {name.replace("_", "-")}="{_number(number)}"' for name, number in numbers.items())


def _number(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))
