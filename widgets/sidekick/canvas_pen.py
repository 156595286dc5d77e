"""What can be drawn, be it on the canvas itself or in a buffer. Each call is checked and written as a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from flow.drawing.picture import CLEAR, pixel
from sidekick import canvas_ink as ink
from sidekick import canvas_values as values
from sidekick.canvas_images import Pictures
from sidekick.canvas_ink import BLACK, NOT_FILLED, Style

Numbers: TypeAlias = Any  # a number, or one for each shape: a list of them, or an array of NumPy's

_OPAQUE: Final = 255
_INK: Final = b"\0\0\0\xff"


class Pen:
    """Draws shapes. Coordinates count pixels from the top left corner; colors are CSS's, or (red, green, blue).

    ``line_color`` is black and ``line_width`` 1 unless given otherwise; a ``line_width`` of 0 is 1 as well, and
    ``line_color="transparent"`` draws no line. Without a ``fill_color`` a shape is not filled. Of a text, ``x`` and
    ``y`` are the left end of its baseline.

    The methods in the plural draw many shapes in one call, one over the other: each argument is one value for all, or
    a list or an array with one for each shape.
    """

    __slots__ = ("_pictures",)

    _width: float
    _height: float
    _pictures: Pictures

    def _draw(self, style: Style, commands: bytes, *, covers: bool = False, image: int | None = None) -> None:
        """Take checked commands in, to be drawn in this style. What ``covers`` all hides whatever was there."""
        raise NotImplementedError

    def clear(self) -> None:
        """Make all of it transparent."""
        raise NotImplementedError

    # -- One shape

    def draw_line(
        self, x1: float, y1: float, x2: float, y2: float, line_color: str | None = None, line_width: float | None = None
    ) -> None:
        """A line from one point to another."""
        style = _lined(line_color, line_width)
        number = values.number
        ends = number(x1, "x1"), number(y1, "y1"), number(x2, "x2"), number(y2, "y2")
        self._draw(style, ink.one(ink.LINES, *ends))

    def draw_rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
    ) -> None:
        """A rectangle, from its top left corner."""
        style = _styled(fill_color, line_color, line_width)
        left, top = values.number(x, "x"), values.number(y, "y")
        wide, high = values.length(width, "width"), values.length(height, "height")
        covers = left <= 0 and top <= 0 and left + wide >= self._width and top + high >= self._height
        self._draw(style, ink.one(ink.RECTANGLES, left, top, wide, high), covers=covers and _is_opaque(style.fill))

    def draw_circle(
        self,
        cx: float,
        cy: float,
        radius: float,
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
    ) -> None:
        """A circle around its center."""
        style = _styled(fill_color, line_color, line_width)
        r = values.size(radius, "radius")
        self._draw(style, ink.one(ink.ELLIPSES, values.number(cx, "cx"), values.number(cy, "cy"), r, r))

    def draw_ellipse(
        self,
        cx: float,
        cy: float,
        radius_x: float,
        radius_y: float,
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
    ) -> None:
        """An ellipse around its center."""
        style = _styled(fill_color, line_color, line_width)
        radii = values.size(radius_x, "radius_x"), values.size(radius_y, "radius_y")
        self._draw(style, ink.one(ink.ELLIPSES, values.number(cx, "cx"), values.number(cy, "cy"), *radii))

    def draw_polyline(
        self, points: Sequence[Any], line_color: str | None = None, line_width: float | None = None
    ) -> None:
        """Lines from point to point: ``[(x, y), …]``, or an array with two columns."""
        style = _lined(line_color, line_width)
        self._draw(style, ink.path(ink.POLYLINE, values.points(points, "points", 2)))

    def draw_polygon(
        self,
        points: Sequence[Any],
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
    ) -> None:
        """Lines from point to point, and back to the first: ``[(x, y), …]``, or an array with two columns."""
        style = _styled(fill_color, line_color, line_width)
        self._draw(style, ink.path(ink.POLYGON, values.points(points, "points", 3)))

    def draw_text(
        self, x: float, y: float, text: object, text_color: str | None = None, text_size: float | None = None
    ) -> None:
        """A text in a sans-serif font, 10 pixels high and black unless given otherwise."""
        self.draw_texts(values.number(x, "x"), values.number(y, "y"), [text], text_color, text_size)

    def draw_image(
        self, image: Any, x: float = 0, y: float = 0, width: float | None = None, height: float | None = None
    ) -> None:
        """A picture: the path of a file, its bytes, an image of Pillow's or an array of NumPy's.

        An array has rows of gray values, or of colors of three or four channels, from 0 to 255 or from 0.0 to 1.0. With
        a width or a height alone the picture keeps its shape.
        """
        self.draw_images(image, values.number(x, "x"), values.number(y, "y"), width, height)

    # -- Many in one call

    def draw_lines(
        self,
        x1: Numbers,
        y1: Numbers,
        x2: Numbers,
        y2: Numbers,
        line_color: Any = None,
        line_width: float | None = None,
    ) -> None:
        """Many lines."""
        self._draw_many(ink.LINES, values.columns(x1=x1, y1=y1, x2=x2, y2=y2), None, line_color, line_width, least=0)

    def draw_rects(
        self,
        x: Numbers,
        y: Numbers,
        width: Numbers,
        height: Numbers,
        fill_color: Any = None,
        line_color: Any = None,
        line_width: float | None = None,
    ) -> None:
        """Many rectangles."""
        columns = values.columns(x=x, y=y, width=width, height=height)
        columns = values.positive(columns, ("width", "height"), zero=True)
        self._draw_many(ink.RECTANGLES, columns, fill_color, line_color, line_width)

    def draw_circles(
        self,
        cx: Numbers,
        cy: Numbers,
        radius: Numbers,
        fill_color: Any = None,
        line_color: Any = None,
        line_width: float | None = None,
    ) -> None:
        """Many circles."""
        columns = values.positive(values.columns(cx=cx, cy=cy, radius=radius), ("radius",))
        columns = columns._replace(each=(*columns.each, columns.each[-1]))
        self._draw_many(ink.ELLIPSES, columns, fill_color, line_color, line_width)

    def draw_ellipses(
        self,
        cx: Numbers,
        cy: Numbers,
        radius_x: Numbers,
        radius_y: Numbers,
        fill_color: Any = None,
        line_color: Any = None,
        line_width: float | None = None,
    ) -> None:
        """Many ellipses."""
        columns = values.columns(cx=cx, cy=cy, radius_x=radius_x, radius_y=radius_y)
        columns = values.positive(columns, ("radius_x", "radius_y"))
        self._draw_many(ink.ELLIPSES, columns, fill_color, line_color, line_width)

    def draw_points(self, x: Numbers, y: Numbers, point_color: Any = None, point_size: Numbers = 1) -> None:
        """Many points, which are dots as wide as ``point_size`` and have no outline."""
        columns = values.positive(values.columns(x=x, y=y, point_size=point_size), ("point_size",))
        radius = values.halved(columns.each[-1])
        columns = columns._replace(each=(*columns.each[:2], radius, radius))
        point_color = BLACK if point_color is None else point_color
        self._draw_many(ink.ELLIPSES, columns, point_color, "transparent", None, fill_name="point_color")

    def draw_texts(
        self,
        x: Numbers,
        y: Numbers,
        texts: Sequence[object],
        text_color: Any = None,
        text_size: float | None = None,
    ) -> None:
        """Many texts."""
        columns = values.columns(x=x, y=y)
        if isinstance(columns.each[0], float) and isinstance(columns.each[1], float) and len(texts) == 1:
            columns = columns._replace(rows=1)
        color = values.colors(text_color, "text_color", columns.rows, _INK)
        size = values.size(text_size, "text_size", default=10)
        style = Style(fill=color if isinstance(color, str) else BLACK, size=size)
        written = values.texts(texts, columns.rows)
        self._put(style, columns, lambda: ink.many(ink.TEXTS, columns, fills=_table(color), texts=written))

    def draw_images(
        self, image: Any, x: Numbers, y: Numbers, width: Numbers | None = None, height: Numbers | None = None
    ) -> None:
        """Copies of a picture, as ``draw_image`` takes it, in many places."""
        picture = self._pictures.take(image, "image")
        wide, high = picture.sized(width, height)
        columns = values.columns(x=x, y=y, width=wide, height=high)
        columns = values.positive(columns, ("width", "height"), zero=True)
        if columns.rows:
            self._draw(Style(), ink.of_image(picture.number, ink.many(ink.IMAGES, columns)), image=picture.number)

    def _draw_many(
        self,
        kind: int,
        columns: values.Columns,
        fill_color: Any,
        line_color: Any,
        line_width: Any,
        *,
        least: float = -1,
        fill_name: str = "fill_color",
    ) -> None:
        fills = values.colors(fill_color, fill_name, columns.rows, CLEAR)
        strokes = values.colors(line_color, "line_color", columns.rows, _INK)
        fill = fills if isinstance(fills, str) else NOT_FILLED
        line = strokes if isinstance(strokes, str) else BLACK
        style = Style(fill, line, _width(line_width, least))
        self._put(style, columns, lambda: ink.many(kind, columns, fills=_table(fills), strokes=_table(strokes)))

    def _put(self, style: Style, columns: values.Columns, write: Any) -> None:
        if columns.rows:
            self._draw(style, write())


def _styled(fill_color: Any, line_color: Any, line_width: Any) -> Style:
    fill, line = values.color(fill_color, "fill_color"), values.color(line_color, "line_color")
    return Style(fill or NOT_FILLED, line or BLACK, _width(line_width, -1))


def _lined(line_color: Any, line_width: Any) -> Style:
    return Style(line=values.color(line_color, "line_color") or BLACK, width=_width(line_width, 0))


def _width(line_width: Any, least: float) -> float:
    """The width of a line. An outline of 0 pixels is one of 1, as it always was."""
    return values.size(line_width, "line_width", least=least, default=1) or 1.0


def _table(color: str | bytes | None) -> bytes | None:
    return color if isinstance(color, bytes) else None


def _is_opaque(fill: str) -> bool:
    return (pixel(fill) or CLEAR)[3] == _OPAQUE if fill else False
