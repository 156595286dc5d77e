"""Colors as a user may give them for one cell: a pixel of four bytes (RGBA), and the name it was given by, if any."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

from flow.drawing.picture import CLEAR, pixel
from flow.readable import short

Paint: TypeAlias = tuple[bytes, str | None]  # without a name it is called as its pixel is

NOTHING: Final[Paint] = (CLEAR, None)
_HELP: Final = "a color of CSS's such as 'gold' or '#ffd700', three or four numbers (RGB or RGBA), or None"


def paint_of(color: Any, where: str) -> Paint:
    """The paint for a color. ``where`` is told in the ``TypeError`` for what is none.

    Whole numbers go from 0 to 255, others from 0 to 1. A text that is no color shows the empty cell, as in the
    original.

    >>> paint_of("gold", "color"), paint_of((1.0, 0.5, 0.0), "color")
    ((b'\\xff\\xd7\\x00\\xff', 'gold'), (b'\\xff\\x80\\x00\\xff', None))
    """
    if color is None:
        return NOTHING
    if isinstance(color, str):
        return named(color)
    if isinstance(color, Sequence) or hasattr(color, "__array__"):
        return _mixed(tuple(color), color, where), None
    raise TypeError(f"{where} takes {_HELP}, not {short(color)}")


@lru_cache(maxsize=100_000)
def named(color: str) -> Paint:
    """The paint for a color of CSS's."""
    name = str(color)  # also of a subclass, which may look different later
    if len(name) == 7 and name[0] == "#":
        try:
            return bytes.fromhex(name[1:]) + b"\xff", name
        except ValueError:
            pass
    return pixel(name) or CLEAR, name


def name_of(pixel: bytes) -> str | None:
    """What a pixel is called that was given without a name: None if nothing is to be seen of it.

    >>> name_of(bytes([255, 215, 0, 255])), name_of(bytes([255, 215, 0, 128])), name_of(bytes(4))
    ('#ffd700', '#ffd70080', None)
    """
    if not pixel[3]:
        return None
    return f"#{(pixel[:3] if pixel[3] == 255 else pixel).hex()}"


def ink_on(pixel: bytes) -> str | None:
    """The color of a text that is read well on a pixel: None, which is the theme's, where little is to be seen of it.

    By the relative luminance of WCAG 2.2, for which a contrast of black and of white is the same at about 0.18.

    >>> ink_on(bytes([255, 215, 0, 255])), ink_on(bytes([68, 1, 84, 255])), ink_on(bytes(4))
    ('black', 'white', None)
    """
    if pixel[3] < 128:
        return None
    red, green, blue = ((each / 255) ** 2.2 for each in pixel[:3])
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else "white"


def _mixed(channels: tuple[Any, ...], given: object, where: str) -> bytes:
    if len(channels) not in (3, 4):
        raise TypeError(f"{where} takes {_HELP}, not {short(given)}")
    try:
        if all(hasattr(each, "__index__") for each in channels):
            mixed = bytes(channels)
        else:
            mixed = bytes(_byte(float(each)) for each in channels)
    except (TypeError, ValueError):
        message = f"{where} takes numbers from 0 to 255, or from 0.0 to 1.0, not {short(given)}"
        raise TypeError(message) from None
    return mixed if len(mixed) == 4 else mixed + b"\xff"


def _byte(share: float) -> int:
    if not 0 <= share <= 1:
        raise ValueError(share)
    return round(share * 255)
