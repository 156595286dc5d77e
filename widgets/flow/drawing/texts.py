"""How wide texts are, where no browser tells: by the widths of Helvetica's characters, which Arial has too.

So a drawing is the same on every machine, whatever fonts that has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from unicodedata import combining, east_asian_width

from flow.drawing.shapes import Family

# Of the characters from the blank to the tilde, in thousandths of the size (Adobe's font metrics of Helvetica).
_WIDTHS: Final = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556),
    *(556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778),
    *(722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278),
    *(278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_OTHER: Final = 556
_MONO: Final = 602
_BOLD: Final = 1.06  # times as wide, on average


def text_width(text: str, size: float, family: Family = "sans", *, is_bold: bool = False) -> float:
    """How wide a line of text is, in CSS pixels."""
    units = sum(_width(character, family) for character in text)
    return units * size / 1000 * (_BOLD if is_bold and family == "sans" else 1)


def cut(text: str, width: float, size: float, family: Family = "sans") -> str:
    """As much of a line as fits, with an ellipsis if that is not all."""
    if text_width(text, size, family) <= width:
        return text
    left = width - text_width("…", size, family)
    for end, character in enumerate(text):
        left -= _width(character, family) * size / 1000
        if left < 0:
            return f"{text[:end]}…"
    return text


def wrapped(text: str, width: float, size: float, family: Family = "sans") -> list[str]:
    """The text in lines that fit: broken at newlines, else at blanks, else anywhere."""
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width, size, family)]


def _lines(paragraph: str, width: float, size: float, family: Family) -> Iterator[str]:
    start, blank, used = 0, -1, 0.0
    for at, character in enumerate(paragraph):
        used += _width(character, family) * size / 1000
        while used > width and at > start and character != " ":
            end = blank + 1 if blank >= start else at
            yield paragraph[start:end].rstrip(" ")
            start, blank, used = end, -1, text_width(paragraph[end : at + 1], size, family)
        if character == " ":
            blank = at
    yield paragraph[start:]


@lru_cache(maxsize=4096)
def _width(character: str, family: Family) -> int:
    if combining(character):
        return 0
    if east_asian_width(character) in "WF":
        return 1000
    if family == "mono":
        return _MONO
    place = ord(character) - 32
    return _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _OTHER
