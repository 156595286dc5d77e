"""Shapes, and the drawing that they make. Lengths are CSS pixels, colors those of CSS; what is none is not painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Family: TypeAlias = Literal["sans", "mono"]

WIDTH: Final = 640.0  # that a component has for its drawing, unless it is told another

# The light theme.
INK: Final = "#213547"
MUTED: Final = "#6b7785"
PAPER: Final = "#ffffff"
TINT: Final = "#fafafa"  # in rows, columns and empty cells
LINE: Final = "#e0e0e0"  # around rows and columns
EDGE: Final = "#999999"  # around grids, canvases, consoles and fields
FIELD: Final = "#ffffff"
ACCENT: Final = "#0b67c2"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """With rounded corners if it has a ``radius``. The line is on its edge, half in and half out."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 1
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """From a point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str | None = INK
    stroke_width: float = 1


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A circle, if its radii are the same."""

    cx: float
    cy: float
    rx: float
    ry: float
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 1


@dataclass(frozen=True, slots=True)
class Polygon:
    """Closed from its last point to its first."""

    points: tuple[Point, ...]
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 1


@dataclass(frozen=True, slots=True)
class Polyline:
    """From point to point, not closed and not filled."""

    points: tuple[Point, ...]
    stroke: str | None = INK
    stroke_width: float = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text: ``x`` is its start, middle or end, as ``anchor`` says, ``y`` its baseline."""

    x: float
    y: float
    text: str
    size: float = 16
    fill: str | None = INK
    anchor: Literal["start", "middle", "end"] = "start"
    family: Family = "sans"
    is_bold: bool = False
    is_italic: bool = False
    length: float | None = None  # how wide it is to be, whatever font it is shown with


@dataclass(frozen=True, slots=True)
class Image:
    """A picture from the bytes of a PNG file, stretched to this size. A pixelated one shows its pixels as squares."""

    x: float
    y: float
    width: float
    height: float
    data: bytes
    is_pixelated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes moved by (x, y). With a width and a height what is beyond those is cut off."""

    x: float
    y: float
    shapes: tuple[Shape, ...]
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Shapes that lead to an address, where one can click them."""

    address: str
    shapes: tuple[Shape, ...]


Shape: TypeAlias = Rectangle | Line | Ellipse | Polygon | Polyline | Text | Image | Group | Link


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes, the first one at the bottom. What is beyond its size is cut off; ``title`` tells what it is in words."""

    width: float
    height: float
    shapes: tuple[Shape, ...] = ()
    title: str = ""

    def at(self, x: float, y: float) -> Group:
        """It as a part of another drawing."""
        return Group(x, y, self.shapes, self.width, self.height)
