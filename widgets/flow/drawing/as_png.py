"""Drawings as PNG and GIF files, painted by Pillow, which is only imported here.

What stands on whole pixels is exact; slanted and round edges are painted larger and made smaller (antialiasing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatchmethod
from io import BytesIO
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from flow.drawing.fonts import font
from flow.drawing.picture import CLEAR, pixel
from flow.drawing.shapes import (
    PAPER,
    Drawing,
    Ellipse,
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

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw

_Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the picture

_FINE: Final = 4  # times larger each way than it is shown
_COARSE: Final = 2  # what is large
_LARGE: Final = 300_000  # pixels


def png(drawing: Drawing, scale: float = 1, background: str | None = PAPER) -> bytes:
    """The drawing as a PNG file, ``scale`` times as large, over a color of CSS's; None leaves it transparent.

    Raises ``ImportError`` where Pillow is not installed.
    """
    out = BytesIO()
    _painted(drawing, scale, background).save(out, "PNG")
    return out.getvalue()


def gif(drawings: Sequence[Drawing], seconds: Sequence[float], scale: float = 1, background: str = PAPER) -> bytes:
    """Drawings one after the other, each for so many seconds, as a GIF file that begins again at its end.

    The picture is as large as the largest. Raises ``ValueError`` for none, ``ImportError`` where Pillow is missing.
    """
    if not drawings:
        raise ValueError("a film is made of one drawing at least")
    width, height = max(each.width for each in drawings), max(each.height for each in drawings)
    first, *others = (
        _painted(Drawing(width, height, each.shapes), scale, background).convert("RGB") for each in drawings
    )
    times = [max(20, round(each * 1000)) for each in seconds]  # browsers take less for a tenth of a second
    out = BytesIO()
    first.save(out, "GIF", save_all=True, append_images=others, duration=times, loop=0)
    return out.getvalue()


def _painted(drawing: Drawing, scale: float, background: str | None) -> Picture:
    try:
        from PIL import Image as pictures
    except ImportError as error:
        raise ImportError("pictures need Pillow: `pip install pillow`. to_svg() and to_html() do without") from error
    size = max(1, ceil(drawing.width * scale)), max(1, ceil(drawing.height * scale))
    under = (pixel(background) if background is not None else None) or CLEAR
    picture = pictures.new("RGBA", size, tuple(under))
    _Painter(picture, scale).paint_all(drawing.shapes, (0, 0), (0, 0, *size))
    return picture


class _Painter:
    """Paints shapes onto a picture."""

    def __init__(self, picture: Picture, scale: float) -> None:
        from PIL import ImageDraw

        self.picture: Final = picture
        self.scale: Final = scale
        self.draw: Final = ImageDraw.Draw(picture)
        self.offset: Point = (0, 0)  # CSS pixels
        self.clip: _Box = (0, 0, 0, 0)

    def paint_all(self, shapes: Sequence[Shape], offset: Point, clip: _Box) -> None:
        """Paint shapes that are moved by an offset, as far as they are inside a box."""
        before = self.offset, self.clip
        self.offset, self.clip = offset, clip
        if clip[0] < clip[2] and clip[1] < clip[3]:
            for shape in shapes:
                self._paint(shape)
        self.offset, self.clip = before

    @singledispatchmethod
    def _paint(self, shape: Shape) -> None:
        raise TypeError(f"a drawing holds shapes, not {shape!r}")

    @_paint.register
    def _(self, shape: Group) -> None:
        offset, clip = self._at(shape.x, shape.y, scaled=False), self.clip
        if shape.width is not None and shape.height is not None:
            corner = self._at(shape.x, shape.y)
            inside = self._box(*corner, corner[0] + shape.width * self.scale, corner[1] + shape.height * self.scale)
            clip = inside or (0, 0, 0, 0)
        self.paint_all(shape.shapes, offset, clip)

    @_paint.register
    def _(self, shape: Link) -> None:
        self.paint_all(shape.shapes, self.offset, self.clip)

    @_paint.register
    def _(self, shape: Rectangle) -> None:
        left, top = self._at(shape.x, shape.y)
        right, bottom = self._at(shape.x + shape.width, shape.y + shape.height)
        fill = pixel(shape.fill) if shape.fill is not None else None
        whole = [left, top, right, bottom]
        if fill and fill[3] == 255 and not shape.radius and all(each == int(each) for each in whole):
            box = self._box(left, top, right, bottom)
            if box:
                self.picture.paste(tuple(fill), box)
        elif fill:
            radius = shape.radius * self.scale
            self._cover(fill, (left, top, right, bottom), lambda pen: pen.rectangle(left, top, right, bottom, radius))
        self._edge(
            shape,
            (left, top, right, bottom),
            lambda pen, by: pen.rectangle(
                left - by,
                top - by,
                right + by,
                bottom + by,
                max(0, shape.radius * self.scale + by) if shape.radius else 0,
            ),
        )

    @_paint.register
    def _(self, shape: Ellipse) -> None:
        left, top = self._at(shape.cx - shape.rx, shape.cy - shape.ry)
        right, bottom = self._at(shape.cx + shape.rx, shape.cy + shape.ry)
        fill = pixel(shape.fill) if shape.fill is not None else None
        if fill:
            self._cover(fill, (left, top, right, bottom), lambda pen: pen.ellipse(left, top, right, bottom))
        self._edge(
            shape, (left, top, right, bottom), lambda pen, by: pen.ellipse(left - by, top - by, right + by, bottom + by)
        )

    @_paint.register
    def _(self, shape: Polygon) -> None:
        points = [self._at(*point) for point in shape.points]
        fill = pixel(shape.fill) if shape.fill is not None else None
        if fill and len(points) > 2:
            self._cover(fill, _around(points), lambda pen: pen.polygon(points))
        self._stroke([*points, *points[:2]], shape.stroke, shape.stroke_width)

    @_paint.register
    def _(self, shape: Polyline) -> None:
        self._stroke([self._at(*point) for point in shape.points], shape.stroke, shape.stroke_width)

    @_paint.register
    def _(self, shape: Line) -> None:
        points = [self._at(shape.x1, shape.y1), self._at(shape.x2, shape.y2)]
        self._stroke(points, shape.stroke, shape.stroke_width)

    @_paint.register
    def _(self, shape: Text) -> None:
        color = pixel(shape.fill) if shape.fill is not None else None
        if not color or not shape.text.strip():
            return
        size = max(1, round(shape.size * self.scale)) if shape.length is None else max(1, shape.size * self.scale)
        face = font(shape.family, shape.is_bold, size, shape.is_italic)
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor]
        at, text = self._at(shape.x, shape.y), shape.text.replace("\n", " ")
        around = self.draw.textbbox(at, text, font=face, anchor=anchor)
        self._cover(color, _grown(around, 1), lambda pen: pen.text(at, text, face, anchor), fine=1)

    @_paint.register
    def _(self, shape: Image) -> None:
        from PIL import Image as pictures

        left, top = (round(each) for each in self._at(shape.x, shape.y))
        right, bottom = (round(each) for each in self._at(shape.x + shape.width, shape.y + shape.height))
        box = self._box(left, top, right, bottom)
        if box is None:
            return
        with pictures.open(BytesIO(shape.data), formats=["PNG"]) as found:
            how = pictures.Resampling.NEAREST if shape.is_pixelated else pictures.Resampling.BILINEAR
            shown = found.convert("RGBA").resize((right - left, bottom - top), how)
        seen = shown.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        self.picture.alpha_composite(seen, box[:2])

    # -- Edges and colors

    def _edge(
        self, shape: Rectangle | Ellipse, around: tuple[float, ...], outline: Callable[[_Pen, float], None]
    ) -> None:
        """Paint a line around a shape whose outline can be drawn larger or smaller by some pixels."""
        color = pixel(shape.stroke) if shape.stroke is not None else None
        by = shape.stroke_width * self.scale / 2
        if not color or by <= 0:
            return

        def ring(pen: _Pen) -> None:
            outline(pen, by)
            if around[2] - around[0] > 2 * by and around[3] - around[1] > 2 * by:
                pen.color = 0
                outline(pen, -by)

        self._cover(color, _grown(around, by), ring)

    def _stroke(self, points: list[Point], stroke: str | None, width: float) -> None:
        color = pixel(stroke) if stroke is not None else None
        if color and len(points) > 1 and width > 0:
            wide = width * self.scale
            self._cover(color, _grown(_around(points), wide), lambda pen: pen.line(points, wide))

    def _cover(
        self, color: bytes, around: Sequence[float], draw: Callable[[_Pen], None], fine: int | None = None
    ) -> None:
        """Lay a color over the picture, as thick as a pen covers it."""
        from PIL import Image as pictures
        from PIL import ImageDraw

        box = self._box(*around)
        if box is None:
            return
        width, height = box[2] - box[0], box[3] - box[1]
        times = fine or (_FINE if width * height <= _LARGE else _COARSE)
        mask = pictures.new("L", (width * times, height * times))
        draw(_Pen(ImageDraw.Draw(mask), box[:2], times))
        if times > 1:
            mask = mask.resize((width, height), pictures.Resampling.BOX)
        if color[3] < 255:
            mask = mask.point([each * color[3] // 255 for each in range(256)])
        layer = pictures.new("RGBA", (width, height), tuple(color))
        layer.putalpha(mask)
        self.picture.alpha_composite(layer, box[:2])

    def _at(self, x: float, y: float, *, scaled: bool = True) -> Point:
        scale = self.scale if scaled else 1
        return (x + self.offset[0]) * scale, (y + self.offset[1]) * scale

    def _box(self, left: float, top: float, right: float, bottom: float) -> _Box | None:
        """The pixels that are touched and can be seen; None if there are none."""
        seen = self.clip
        box = max(seen[0], floor(left)), max(seen[1], floor(top)), min(seen[2], ceil(right)), min(seen[3], ceil(bottom))
        return box if box[0] < box[2] and box[1] < box[3] else None


class _Pen:
    """Draws into a mask that stands for a part of the picture and is some times larger."""

    def __init__(self, draw: ImageDraw, corner: tuple[int, int], times: int) -> None:
        self._draw, self._corner, self._times = draw, corner, times
        self.color = 255

    def rectangle(self, left: float, top: float, right: float, bottom: float, radius: float) -> None:
        box = self._inside(left, top, right, bottom)
        if box is not None:
            self._draw.rounded_rectangle(box, radius * self._times, fill=self.color)

    def ellipse(self, left: float, top: float, right: float, bottom: float) -> None:
        box = self._inside(left, top, right, bottom)
        if box is not None:
            self._draw.ellipse(box, fill=self.color)

    def polygon(self, points: list[Point]) -> None:
        self._draw.polygon([self._to(point) for point in points], fill=self.color)

    def line(self, points: list[Point], width: float) -> None:
        wide = max(1, round(width * self._times))
        self._draw.line([self._to(point) for point in points], fill=self.color, width=wide, joint="curve")

    def text(self, at: Point, text: str, font: Any, anchor: str) -> None:
        self._draw.text(self._to(at), text, fill=self.color, font=font, anchor=anchor)

    def _to(self, point: Point) -> Point:
        return (point[0] - self._corner[0]) * self._times, (point[1] - self._corner[1]) * self._times

    def _inside(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float] | None:
        """The first and the last pixel each way, for Pillow's boxes hold both."""
        (x1, y1), (x2, y2) = self._to((left, top)), self._to((right, bottom))
        box = round(x1), round(y1), round(x2) - 1, round(y2) - 1
        return box if box[0] <= box[2] and box[1] <= box[3] else None


def _around(points: list[Point]) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _grown(box: Sequence[float], by: float) -> tuple[float, float, float, float]:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
