"""Painting very many shapes soon: opaque ones as they are, at twice the size, without smooth edges.

`flow.drawing.png` paints finer pictures, in up to a hundred times the time. Pillow is only imported here.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Final

from flow.drawing.as_png import _Painter
from flow.drawing.picture import CLEAR, pixel
from flow.drawing.shapes import Ellipse, Line, Point, Polygon, Polyline, Rectangle, Shape

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_SCALE: Final = 2
_OPAQUE: Final = 255
_LARGEST: Final = 8_000_000  # pixels of a picture at twice the size; a larger canvas is painted as it is

_Plain = Rectangle | Ellipse | Polygon
_Color = tuple[int, ...]


def painted(shapes: Iterable[Shape], width: int, height: int) -> bytes:
    """The shapes over nothing, as a PNG file."""
    from PIL import Image, ImageDraw

    scale = _SCALE if width * height * _SCALE**2 <= _LARGEST else 1
    size = width * scale, height * scale
    picture = Image.new("RGBA", size)
    fine, pen = _Painter(picture, scale), ImageDraw.Draw(picture)
    for shape in shapes:
        if not _paint(pen, shape, scale):
            fine.paint_all((shape,), (0, 0), (0, 0, *size))
    out = BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _paint(pen: ImageDraw, shape: Shape, scale: int) -> bool:
    """Paint an opaque shape, plainly. Returns whether it could."""
    if isinstance(shape, Line | Polyline):
        points = ((shape.x1, shape.y1), (shape.x2, shape.y2)) if isinstance(shape, Line) else shape.points
        color, wide = _color(shape.stroke), _wide(shape.stroke_width, scale)
        if color is None:
            return False
        if color:
            pen.line(_scaled(points, scale), fill=color, width=wide)
        return True
    return isinstance(shape, _Plain) and _paint_plain(pen, shape, scale)


def _paint_plain(pen: ImageDraw, shape: _Plain, scale: int) -> bool:
    fill, line, wide = _color(shape.fill), _color(shape.stroke), _wide(shape.stroke_width, scale)
    if fill is None or line is None:
        return False
    if isinstance(shape, Polygon):
        points = _scaled(shape.points, scale)
        if fill:
            pen.polygon(points, fill=fill)
        if line:
            pen.line([*points, *points[:2]], fill=line, width=wide)
        return True
    if isinstance(shape, Rectangle):
        left, top, right, bottom = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    else:
        left, top = shape.cx - shape.rx, shape.cy - shape.ry
        right, bottom = shape.cx + shape.rx, shape.cy + shape.ry
    half = wide / 2 if line else 0
    box = (left * scale - half, top * scale - half, right * scale + half - 1, bottom * scale + half - 1)
    if box[2] >= box[0] and box[3] >= box[1] and (fill or line):
        draw = pen.rectangle if isinstance(shape, Rectangle) else pen.ellipse
        draw(box, fill=fill or None, outline=line or None, width=wide if line else 0)
    return True


def _color(color: str | None) -> _Color | None:
    """A color that hides what is under it; empty for one that nobody sees, and None for one that lets it through."""
    found = (pixel(color) if color is not None else None) or CLEAR
    if not found[3]:
        return ()
    return tuple(found) if found[3] == _OPAQUE else None


def _wide(width: float, scale: int) -> int:
    return max(1, round(width * scale))


def _scaled(points: Iterable[Point], scale: int) -> list[Point]:
    return [(x * scale, y * scale) for x, y in points]
