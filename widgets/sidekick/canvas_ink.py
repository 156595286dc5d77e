"""The commands of a canvas as bytes: what is kept of it, what a page draws, and what a still picture is made of.

Numbers have their lowest byte first. A header is followed by commands to begin with, and these by those of the program:

======================================================== =============================================================
byte 1, u16 width, u16 height, u32 origin, f64 folded,   the header: commands of one origin follow each other. Of these,
u32 length                                               ``folded`` bytes are drawn by the first ``length`` bytes
1, text                                                  the color of fillings and texts from here on; empty: none
2, text                                                  the color of lines and outlines
3, f32                                                   their width
4, f32                                                   the size of texts
16, shapes, x1, y1, x2, y2                               lines
17, shapes, x, y, width, height                          rectangles
18, shapes, cx, cy, radius_x, radius_y                   ellipses
19, shapes, x, y, texts                                  texts, from the left end of their baseline
20, u32 image, shapes, x, y, width, height               copies of an image
21, u32 count, as many f32 x, f32 y                      a polyline
22, u32 count, as many f32 x, f32 y                      a polygon
======================================================== =============================================================

A text is its length in bytes (u32) and UTF-8. ``shapes`` is their count (u32) and a byte of flags. The columns behind
are f32: one for each shape where the column's flag is set (1, 2, 4, 8), else one for all. Two more flags tell of
columns of colors behind those, four bytes each (RGBA): 16 of fillings, 32 of lines. The page's half is ``drawing.ts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from struct import Struct, pack, unpack_from
from typing import Any, Final, NamedTuple

from flow.drawing.shapes import Ellipse, Image, Line, Point, Polygon, Polyline, Rectangle, Shape, Text
from sidekick.canvas_values import Column, Columns

_VERSION: Final = 1
_HEADER: Final = Struct("<BHHIdI")
_FILL, _LINE, _WIDTH, _SIZE = 1, 2, 3, 4
LINES, RECTANGLES, ELLIPSES, TEXTS, IMAGES, POLYLINE, POLYGON = range(16, 23)
_FILLS, _STROKES = 16, 32

BLACK: Final = "#000"
NOT_FILLED: Final = ""


class Style(NamedTuple):
    """How the next shapes are drawn."""

    fill: str = NOT_FILLED
    line: str = BLACK
    width: float = 1
    size: float = 10


class Header(NamedTuple):
    """What a drawing begins with."""

    width: int
    height: int
    origin: int
    folded: int
    length: int  # of the commands that draw what was folded

    @property
    def bytes(self) -> bytes:
        """As it is told."""
        return _HEADER.pack(_VERSION, *self)

    @property
    def start(self) -> int:
        """Where the commands of the program begin."""
        return _HEADER.size + self.length


def read_header(data: bytes | bytearray) -> Header:
    """The header that these bytes begin with."""
    return Header(*_HEADER.unpack_from(data)[1:])


def restyled(past: Style, now: Style) -> bytes:
    """Commands that lead from one style to another."""
    if past == now:
        return b""
    found = b""
    if past.fill != now.fill:
        found += bytes((_FILL,)) + _text(now.fill)
    if past.line != now.line:
        found += bytes((_LINE,)) + _text(now.line)
    if past.width != now.width:
        found += pack("<Bf", _WIDTH, now.width)
    if past.size != now.size:
        found += pack("<Bf", _SIZE, now.size)
    return found


def one(kind: int, *numbers: float) -> bytes:
    """One shape."""
    return pack(f"<BIB{len(numbers)}f", kind, 1, 0, *numbers)


def many(
    kind: int, columns: Columns, *, fills: bytes | None = None, strokes: bytes | None = None, texts: Sequence[str] = ()
) -> bytes:
    """Shapes, as many as the columns have rows."""
    flags = sum(1 << place for place, column in enumerate(columns.each) if not isinstance(column, float))
    flags |= _FILLS * (fills is not None) | _STROKES * (strokes is not None)
    parts = [pack("<BIB", kind, columns.rows, flags), *map(_column, columns.each), fills or b"", strokes or b""]
    return b"".join((*parts, *map(_text, texts)))


def of_image(number: int, shapes: bytes) -> bytes:
    """Shapes of ``IMAGES``, told which image."""
    return shapes[:1] + pack("<I", number) + shapes[1:]


def path(kind: int, points: bytes) -> bytes:
    """A polyline or polygon."""
    return pack("<BI", kind, len(points) // 8) + points


def _column(column: Column) -> bytes:
    return pack("<f", column) if isinstance(column, float) else column


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8", "replace")
    return pack("<I", len(encoded)) + encoded


class Drawn(NamedTuple):
    """A command that was read: what it draws, with which image, and the style and place behind it."""

    shapes: list[Shape]
    image: int | None
    style: Style
    end: int


def read(data: bytes | bytearray, start: int, images: Mapping[int, bytes]) -> Iterator[Drawn]:
    """The commands from a place on, which is not inside of one. ``images``: PNG files by their numbers."""
    reader = _Reader(data, start)
    style = Style()
    while reader.at < len(data):
        kind = reader.take("B")
        shapes: list[Shape] = []
        image: int | None = None
        if kind == _FILL:
            style = style._replace(fill=reader.text())
        elif kind == _LINE:
            style = style._replace(line=reader.text())
        elif kind == _WIDTH:
            style = style._replace(width=reader.take("f"))
        elif kind == _SIZE:
            style = style._replace(size=reader.take("f"))
        elif kind in (POLYLINE, POLYGON):
            shapes = [_path(kind, reader.points(), style)]
        else:
            image = reader.take("I") if kind == IMAGES else None
            shapes = list(_shapes(kind, reader, style, images.get(image or 0)))
        yield Drawn(shapes, image, style, reader.at)


def _path(kind: int, points: tuple[Point, ...], style: Style) -> Shape:
    if kind == POLYGON:
        return Polygon(points, style.fill or None, style.line, style.width)
    return Polyline(points, style.line, style.width)


def _shapes(kind: int, reader: _Reader, style: Style, image: bytes | None) -> Iterator[Shape]:
    count, flags = reader.take("I"), reader.take("B")
    columns = [reader.column(count if flags >> place & 1 else 0) for place in range(2 if kind == TEXTS else 4)]
    fills = reader.colors(count) if flags & _FILLS else None
    strokes = reader.colors(count) if flags & _STROKES else None
    for at in range(count):
        x, y, wide, high = (*(column[at % len(column)] for column in columns), 0, 0)[:4]
        fill = (fills[at] if fills else style.fill) or None
        line = strokes[at] if strokes else style.line
        if kind == TEXTS:
            yield Text(x, y, reader.text(), style.size, fill)
        elif kind == LINES:
            yield Line(x, y, wide, high, line, style.width)
        elif kind == RECTANGLES:
            yield Rectangle(x, y, wide, high, fill, line, style.width)
        elif kind == ELLIPSES:
            yield Ellipse(x, y, wide, high, fill, line, style.width)
        elif image is not None:
            yield Image(x, y, wide, high, image)


class _Reader:
    """Reads what the commands are written in."""

    def __init__(self, data: bytes | bytearray, at: int) -> None:
        self._data = data
        self.at = at

    def take(self, kind: str) -> Any:
        return self._take(f"<{kind}")[0]

    def text(self) -> str:
        length = self.take("I")
        self.at += length
        return self._data[self.at - length : self.at].decode("utf-8")

    def column(self, count: int) -> tuple[float, ...]:
        return self._take(f"<{count or 1}f")

    def points(self) -> tuple[Point, ...]:
        numbers = self._take(f"<{2 * self.take('I')}f")
        return tuple(zip(numbers[::2], numbers[1::2], strict=True))

    def colors(self, count: int) -> list[str]:
        return [f"#{color:08x}" for color in self._take(f">{count}I")]

    def _take(self, form: str) -> tuple[Any, ...]:
        found = unpack_from(form, self._data, self.at)
        self.at += sum(1 if each == "B" else 4 for each in form[1:]) if form[1:].isalpha() else 4 * len(found)
        return found
