"""What a grid looks like where there is no page: its picture, enlarged, with lines and texts over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from flow.drawing import EDGE, INK, TINT, Drawing, Group, Image, Line, Rectangle, Shape, Text, text_width, wrapped

Written: TypeAlias = tuple[tuple[int, int], str, str | None]  # a cell, its text, and the color that is read well on it

SMALLEST, LARGEST = 10, 100  # CSS pixels that a cell is wide
_FONTS: Final = range(25, 9, -1)  # CSS pixels that a text in a cell may be high, the largest that fits being taken
_LEADING: Final = 1.1  # from line to line, in heights of the text


def drawn(columns: int, rows: int, picture: bytes, texts: Iterable[Written], width: float) -> Drawing:
    """A grid in this width, given its picture as PNG and its texts."""
    side = min(LARGEST, max(SMALLEST, (width - 2) / columns))
    wide, high = side * columns, side * rows
    inside: tuple[Shape, ...] = (
        Image(0, 0, wide, high, picture, is_pixelated=True),
        *(Line(at, 0, at, high, EDGE) for at in _sharp(columns, side)),
        *(Line(0, at, wide, at, EDGE) for at in _sharp(rows, side)),
        *(Group(x * side, y * side, tuple(_text(text, side, ink)), side, side) for (x, y), text, ink in texts),
    )
    frame = Rectangle(0.5, 0.5, wide + 1, high + 1, TINT, EDGE)
    title = f"Grid of {columns} columns and {rows} rows"
    return Drawing(wide + 2, high + 2, (frame, Group(1, 1, inside, wide, high)), title)


def _sharp(count: int, side: float) -> Iterator[float]:
    """Where the lines between cells go, each on pixels of its own."""
    return (round(k * side) - 0.5 for k in range(1, count))


def _text(text: str, side: float, ink: str | None) -> Iterator[Text]:
    """The lines of a text in the middle of a cell."""
    size, lines = next(
        ((size, lines) for size in _FONTS if (lines := _fitting(text, side, size))), (_FONTS[-1], [text])
    )
    first = side / 2 - (len(lines) - 1) * size * _LEADING / 2 + size * 0.35
    for k, line in enumerate(lines):
        yield Text(side / 2, first + k * size * _LEADING, line, size, ink or INK, "middle")


def _fitting(text: str, side: float, size: int) -> list[str]:
    """The text in lines at blanks, if that fits into a cell."""
    if size > max(_FONTS[-1], 0.7 * side):
        return []
    lines = [line.strip() for line in wrapped(text, side, size)]
    words = max(text_width(word, size) for word in text.split() or [text])
    return lines if words <= side and len(lines) * size * _LEADING <= side else []
