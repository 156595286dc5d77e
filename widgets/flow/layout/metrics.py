"""How wide and high texts are, by the fonts that pictures are painted with. Widths are kept word by word.

They are measured at one size and scaled, for a browser does not round the widths of characters to pixels either.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unicodedata import east_asian_width

from flow.drawing.fonts import font

if TYPE_CHECKING:
    from flow.layout.styles import Inherited

_SIZE: Final = 1024  # pixels, at which is measured
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_AVERAGE: Final = 0.5  # of its size, that a character is wide where the font does not say it


class Face(NamedTuple):
    """A font without its size."""

    family: str
    is_bold: bool
    is_italic: bool


def face_of(text: Inherited) -> Face:
    """The font that a text is written with."""
    return Face(text.family, text.is_bold, text.is_italic)


def width_of(word: str, text: Inherited) -> float:
    """How wide a piece of a line is, in CSS pixels."""
    if not word:
        return 0.0
    return _ems(word, text.family, text.is_bold, text.is_italic) * text.size


@lru_cache(maxsize=1024)
def heights_of(family: str, is_bold: bool, is_italic: bool, size: float) -> tuple[float, float]:
    """How far a font goes above and below its baseline, in CSS pixels: whole ones, as browsers have it."""
    ascent, descent = _font(family, is_bold, is_italic).getmetrics()
    return floor(ascent * size / _SIZE + 0.5), floor(descent * size / _SIZE + 0.5)


@lru_cache(maxsize=65_536)
def _ems(word: str, family: str, is_bold: bool, is_italic: bool) -> float:
    found = _font(family, is_bold, is_italic)
    word = _CONTROLS.sub(" ", word)  # of which the engine that shapes text takes some for errors
    if word.isascii():
        return float(found.getlength(word)) / _SIZE
    # Fonts that have no Chinese, Japanese or Korean characters say the width of a box for what is missing.
    wide = sum(east_asian_width(each) in "WF" for each in word)
    rest = "".join(each for each in word if east_asian_width(each) not in "WF")
    return wide + (float(found.getlength(rest)) / _SIZE if rest else 0.0)


def average_of(text: Inherited) -> float:
    """How wide a character is on average, as the font says it itself, in CSS pixels."""
    return _average(text.family, text.is_bold, text.is_italic) * text.size


@lru_cache(maxsize=8)
def _average(family: str, is_bold: bool, is_italic: bool) -> float:
    """From the font's file: xAvgCharWidth of its table OS/2, by unitsPerEm of its table head (OpenType 1.9)."""
    source: Any = getattr(_font(family, is_bold, is_italic), "path", None)
    try:
        data = Path(source).read_bytes() if isinstance(source, str) else source.getvalue()
        tables = {data[at : at + 4]: int.from_bytes(data[at + 8 : at + 12]) for at in range(12, 12 + 16 * data[5], 16)}
        width = int.from_bytes(data[tables[b"OS/2"] + 2 : tables[b"OS/2"] + 4], signed=True)
        return width / int.from_bytes(data[tables[b"head"] + 18 : tables[b"head"] + 20])
    except (AttributeError, KeyError, OSError, ZeroDivisionError):
        return _AVERAGE


@lru_cache(maxsize=8)
def _font(family: str, is_bold: bool, is_italic: bool):  # type: ignore[no-untyped-def]
    return font("mono" if family == "mono" else "sans", is_bold, _SIZE, is_italic)
