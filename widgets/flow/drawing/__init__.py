"""Drawings: what trees and components look like where there is no page: in files, in pictures, on a timeline's page.

A `Drawing` is a list of shapes, painted one over the other, in CSS pixels from the top left corner. `svg()` and `png()`
make it a picture; neither needs a kernel, a browser or a network. A component of sidekick's gives its own with

    def _drawing(self, width: float = WIDTH) -> Drawing:

which is no wider than ``width``, if it can be narrower. The colors are those of the light theme, see `shapes.py`.
"""

from __future__ import annotations

from flow.drawing.as_png import gif, png
from flow.drawing.as_svg import svg
from flow.drawing.shapes import (
    ACCENT,
    EDGE,
    FIELD,
    INK,
    LINE,
    MUTED,
    PAPER,
    TINT,
    WIDTH,
    Drawing,
    Ellipse,
    Group,
    Image,
    Line,
    Link,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Text,
)
from flow.drawing.texts import cut, text_width, wrapped

__all__ = [
    "ACCENT",
    "EDGE",
    "FIELD",
    "INK",
    "LINE",
    "MUTED",
    "PAPER",
    "TINT",
    "WIDTH",
    "Drawing",
    "Ellipse",
    "Group",
    "Image",
    "Line",
    "Link",
    "Polygon",
    "Polyline",
    "Rectangle",
    "Shape",
    "Text",
    "cut",
    "gif",
    "png",
    "svg",
    "text_width",
    "wrapped",
]
