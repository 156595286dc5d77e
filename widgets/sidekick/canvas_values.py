"""What the methods of a canvas take: numbers, points and colors, one or many at once. What is none raises, by its name.

Many come as a list, a tuple, another iterable or an array of NumPy's; one number stands for all.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any, Final, NamedTuple, TypeAlias

from flow.readable import short
from sidekick.grid_colors import name_of, paint_of

Column: TypeAlias = float | bytes  # one number for all, or 32 bits for each

FAR: Final = 1e9  # pixels: what is farther away is taken for a mistake
_CLEAR: Final = "transparent"


class Columns(NamedTuple):
    """Numbers for so many shapes."""

    rows: int
    each: tuple[Column, ...]


def number(value: Any, name: str) -> float:
    """A coordinate."""
    if type(value) is not float and type(value) is not int:
        if isinstance(value, str | bytes) or not hasattr(value, "__float__") or getattr(value, "ndim", False):
            raise TypeError(f"{name} takes a number, not {short(value)}")
        value = float(value)
    if not -FAR <= value <= FAR:
        raise ValueError(f"{name} takes a number of pixels, not {short(value)}")
    return float(value)


def length(value: Any, name: str) -> float:
    """A width or height, which may be 0."""
    found = number(value, name)
    if found < 0:
        raise ValueError(f"{name} is 0 or more pixels, not {short(value)}")
    return found


def size(value: Any, name: str, *, least: float = 0, default: float | None = None) -> float:
    """A radius, the width of a line, the size of a text: above 0, or from 0 on. All else is a ``ValueError``."""
    if value is None and default is not None:
        return default
    try:
        found = number(value, name)
    except TypeError:
        found = -1
    if found < 0 or (found == 0 and not least < 0):
        raise ValueError(f"{name} is a number of pixels {'from 0 on' if least < 0 else 'above 0'}, not {short(value)}")
    return found


def whole(value: Any, name: str, most: int) -> int:
    """A whole number above 0."""
    if not hasattr(value, "__index__") or not 0 < value <= most:
        raise ValueError(f"{name} of Canvas is a whole number from 1 to {most}, not {short(value)}")
    return int(value)


def columns(**given: Any) -> Columns:
    """Numbers for many shapes, from one number or as many as there are shapes for each name."""
    each = {name: _column(value, name) for name, value in given.items()}
    counts = {name: len(column) // 4 for name, column in each.items() if not isinstance(column, float)}
    if len({*counts.values()}) > 1:
        told = ", ".join(f"{count} for {name}" for name, count in counts.items())
        raise ValueError(f"as many numbers are wanted for each, or one for all, not {told}")
    return Columns(next(iter(counts.values()), 1), tuple(each.values()))


def positive(given: Columns, names: Sequence[str], *, zero: bool = False) -> Columns:
    """The columns, of which the last ones are sizes: no number in them is below 0, or 0 unless it may be."""
    for name, column in zip(names, given.each[-len(names) :], strict=True):
        least = column if isinstance(column, float) else min(_floats(column), default=1.0)
        if least < 0 or (least == 0 and not zero):
            raise ValueError(f"{name} takes numbers {'from 0 on' if zero else 'above 0'}, not {least:g}")
    return given


def points(given: Any, name: str, least: int) -> bytes:
    """Points as pairs of 32-bit numbers: any sequence of pairs, or an array with two columns."""
    if hasattr(given, "__array__"):
        table = _array(given, name)
        if table.ndim != 2 or table.shape[1] != 2 or len(table) < least:
            raise ValueError(f"{name} takes an array of {least} or more points (x, y), not one of shape {table.shape}")
        return bytes(table.tobytes())
    if isinstance(given, str | bytes) or not isinstance(given, Sequence) or len(given) < least:
        raise ValueError(f"{name} takes a list of {least} or more points (x, y), not {short(given)}")
    found = array("f")
    for place, point in enumerate(given):
        try:
            x, y = point
        except (TypeError, ValueError):
            raise TypeError(f"{name}[{place}] is a point (x, y), not {short(point)}") from None
        found.append(number(x, f"x of {name}[{place}]"))
        found.append(number(y, f"y of {name}[{place}]"))
    return _bytes(found)


def color(value: Any, name: str) -> str | None:
    """A color as text, which the page reads. One of three or four numbers is written as CSS has it."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, str):
        return str(value)
    return name_of(paint_of(value, name)[0]) or _CLEAR


def colors(value: Any, name: str, count: int, default: bytes) -> str | bytes | None:
    """One color for all shapes, or four bytes (RGBA) for each; None among those is the default."""
    if value is None or isinstance(value, str):
        return color(value, name)
    if hasattr(value, "__array__") and getattr(value, "ndim", 1) == 2:
        found = _table_of_colors(value, name)
    elif isinstance(value, Iterable):
        each = list(value)
        if each and hasattr(each[0], "__float__") and not getattr(each[0], "ndim", 0):
            return color(tuple(each), name)
        found = b"".join(
            default if one is None else paint_of(one, f"{name}[{place}]")[0] for place, one in enumerate(each)
        )
    else:
        return color(value, name)
    if len(found) != 4 * count:
        raise ValueError(f"{name} takes one color, or as many as there are shapes: {count}, not {len(found) // 4}")
    return found


def halved(column: Column) -> Column:
    """Half of each number."""
    return column / 2 if isinstance(column, float) else _bytes(array("f", [each / 2 for each in _floats(column)]))


def texts(value: Any, count: int) -> list[str]:
    """Texts, one for each place."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"texts takes a list of texts, not {short(value)}")
    found = [str(each) for each in value]
    if len(found) != count:
        raise ValueError(f"texts takes one text for each place: {count}, not {len(found)}")
    return found


def _column(value: Any, name: str) -> Column:
    if hasattr(value, "__array__"):
        table = _array(value, name)
        if table.ndim > 1:
            raise ValueError(f"{name} takes numbers in a row, not an array of shape {table.shape}")
        return bytes(table.tobytes()) if table.ndim else float(table)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        try:
            found = array("f", value if isinstance(value, list | tuple | range) else list(value))
        except TypeError:
            raise TypeError(f"{name} takes a number, or a list of numbers, not {short(value)}") from None
        if not all(map(isfinite, found)):
            raise ValueError(f"{name} takes numbers of pixels, but one of them is {_first_wrong(found)}")
        return _bytes(found)
    return number(value, name)


def _first_wrong(numbers: Iterable[float]) -> float:
    return next(each for each in numbers if not isfinite(each))


def _array(value: Any, name: str) -> Any:
    import numpy

    try:
        table = numpy.asarray(value, dtype="<f4")
    except (TypeError, ValueError):
        raise TypeError(f"{name} takes numbers, not {short(value)}") from None
    if not numpy.isfinite(table).all():
        raise ValueError(f"{name} takes numbers of pixels, but some of the array are none")
    return table


def _table_of_colors(value: Any, name: str) -> bytes:
    """Rows of three or four channels: whole numbers from 0 to 255, others from 0 to 1."""
    import numpy

    table = numpy.asarray(value)
    if table.shape[1] not in (3, 4) or table.dtype.kind not in "uif":
        raise TypeError(f"{name} takes three or four numbers for each color, not an array of shape {table.shape}")
    most = 1 if table.dtype.kind == "f" else 255
    if table.size and not (table.min() >= 0 and table.max() <= most):
        raise ValueError(f"{name} takes numbers from 0 to {most} in an array of {table.dtype}")
    pixels = numpy.full((len(table), 4), 255, dtype="u1")
    pixels[:, : table.shape[1]] = numpy.rint(table * 255) if most == 1 else table
    return bytes(pixels.tobytes())


def _floats(column: bytes) -> array[float]:
    found = array("f", column)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _bytes(numbers: array[float]) -> bytes:
    if sys.byteorder == "big":
        numbers = array("f", numbers)
        numbers.byteswap()
    return numbers.tobytes()
