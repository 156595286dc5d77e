"""Painting: the colors for a rectangle of cells, made of whatever a user has: lists, arrays, numbers with a color map.

Row 0 is on top, so an array is indexed ``[y, x]``. NumPy is used only for what brings it along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite, isnan, nan
from numbers import Real
from typing import Any, Final, NoReturn

from flow.readable import short
from sidekick.grid_colors import NOTHING, Paint, paint_of
from sidekick.grid_maps import STEPS, Choice, Legend, Map, Rule, Scale, map_of

_DEFAULT: Final = "viridis"
_NUMBERS: Final = frozenset((bool, int, float))


@dataclass(frozen=True)
class Painting:
    """Colors for ``columns`` times ``rows`` cells: their pixels (RGBA) and, if any has one, their names."""

    columns: int
    rows: int
    pixels: bytes = field(repr=False)
    names: tuple[str | None, ...] | None = field(repr=False)

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        return len(self.pixels) + 8 * len(self.names or ())


def painting_of(
    colors: Any, where: str, cmap: object = None, vmin: float | None = None, vmax: float | None = None
) -> Painting:
    """The painting for rows of colors, or of what ``cmap`` makes colors of.

    Numbers from ``vmin`` to ``vmax`` (else from the least to the greatest) go over the whole of a scale, and those
    beyond have the color of its end. What is no number (None, NaN) has no color. ``where`` is told in errors:
    ``TypeError`` for what is no color or number, ``ValueError`` for a number or value that the map has no color for.
    """
    if isinstance(colors, Painting):
        return colors
    if hasattr(colors, "__array__"):
        return _of_array(colors, where, cmap, vmin, vmax)
    if isinstance(colors, str | bytes) or not isinstance(colors, Iterable):
        raise TypeError(f"{where} takes rows of colors, such as [['gold', None], ['red', 'red']], not {short(colors)}")
    return _of_rows([_row(row, where) for row in colors], where, cmap, vmin, vmax)


def _row(row: Any, where: str) -> Sequence[Any]:
    if not isinstance(row, Iterable):
        raise TypeError(f"{where} takes rows of colors, and {short(row)} is no row")
    return row if isinstance(row, Sequence) else list(row)


# -- Lists


def _of_rows(rows: list[Sequence[Any]], where: str, cmap: object, vmin: float | None, vmax: float | None) -> Painting:
    columns = len(rows[0]) if rows else 0
    for y, row in enumerate(rows):
        if len(row) != columns:
            raise ValueError(f"{where} takes rows of one length, but row 0 has {columns} colors and row {y} {len(row)}")
    cells = [cell for row in rows for cell in row]
    if cmap is None and not _has_numbers(cells):
        paints = [paint_of(cell, where) for cell in cells]
    else:
        paints = _mapped(cells, map_of(_DEFAULT if cmap is None else cmap), where, vmin, vmax)
    names = tuple([name for _, name in paints])
    return Painting(columns, len(rows), b"".join([pixel for pixel, _ in paints]), names if any(names) else None)


def _has_numbers(cells: list[Any]) -> bool:
    first = next((cell for cell in cells if cell is not None), None)
    return isinstance(first, Real)


def _mapped(cells: list[Any], colors: Map, where: str, vmin: float | None, vmax: float | None) -> list[Paint]:
    paint: Callable[[Any], Paint]
    if isinstance(colors, Legend):
        paint = partial(_found, colors.paints, where=where)
    elif isinstance(colors, Choice):
        paint = partial(_chosen, colors, where=where)
    else:
        share = _share(cells, where, vmin, vmax)
        paint = partial(_shared, _of_scale(colors) if isinstance(colors, Scale) else _of_rule(colors), share)
    known = _Known(paint)
    return [known[cell] for cell in cells]


class _Known(dict[Any, Paint]):
    """Paints of cells, made when they are wanted: most grids have few different ones."""

    def __init__(self, make: Callable[[Any], Paint]) -> None:
        self._make = make

    def __missing__(self, cell: Any) -> Paint:
        self[cell] = paint = self._make(cell)
        return paint


def _found(paints: Mapping[Any, Paint], cell: object, where: str) -> Paint:
    try:
        return paints[cell]
    except KeyError:
        raise ValueError(f"{where} finds no color for {short(cell)} in cmap, which has {short(list(paints))}") from None


def _chosen(choice: Choice, cell: object, where: str) -> Paint:
    number, count = _number(cell, where), len(choice.paints)
    if isnan(number):
        return NOTHING
    if not number.is_integer() or not (choice.repeats or 0 <= number < count):
        _refuse(number, choice, where)
    return choice.paints[int(number) % count]


def _refuse(number: float, choice: Choice, where: str) -> NoReturn:
    which = "whole numbers" if choice.repeats else f"whole numbers from 0 to {len(choice.paints) - 1}"
    raise ValueError(f"{where} takes {which} with a cmap of {len(choice.paints)} colors, not {number:g}")


def _shared(paint: Callable[[float], Paint], share: Callable[[Any], float], cell: Any) -> Paint:
    at = share(cell)
    return NOTHING if isnan(at) else paint(at)


def _of_scale(scale: Scale) -> Callable[[float], Paint]:
    return lambda share: scale.paints[min(STEPS - 1, int(share * STEPS))]


def _of_rule(rule: Rule) -> Callable[[float], Paint]:
    return lambda share: paint_of(rule.function(share), "a color that cmap makes")


def _number(cell: Any, where: str) -> float:
    if cell is None:
        return nan
    if not isinstance(cell, Real):
        raise TypeError(f"{where} takes numbers where cmap makes colors of them, not {short(cell)}")
    return float(cell)


def _share(cells: list[Any], where: str, vmin: float | None, vmax: float | None) -> Callable[[Any], float]:
    """Where a number is between the least (0) and the greatest (1); NaN for what is no number."""
    if not {*map(type, cells)} <= _NUMBERS:  # to look at each takes much longer
        cells = [_number(cell, where) for cell in cells]
    finite = [number for number in cells if isfinite(number)]
    least, most = _limits(min(finite, default=0.0), max(finite, default=0.0), where, vmin, vmax)
    span = float(most - least)

    def share(cell: float | None) -> float:
        if cell is None or isnan(cell):
            return nan
        return min(1.0, max(0.0, (cell - least) / span)) if span else float(cell > most)

    return share


def _limits(least: float, most: float, where: str, vmin: float | None, vmax: float | None) -> tuple[float, float]:
    """From where to where numbers are spread, given the least and the greatest that there are."""
    low = least if vmin is None else _number(vmin, f"{where}: vmin")
    high = max(most, low) if vmax is None else _number(vmax, f"{where}: vmax")
    low = min(low, high) if vmin is None else low
    if not low <= high:
        raise ValueError(f"{where} takes a vmin that is not above vmax, but {low:g} is above {high:g}")
    return low, high


# -- Arrays


def _of_array(given: Any, where: str, cmap: object, vmin: float | None, vmax: float | None) -> Painting:
    import numpy

    array: Any = numpy.asarray(given)
    if array.ndim not in (2, 3):
        raise ValueError(f"{where} takes an array of rows and columns, not one of the shape {array.shape}")
    if array.ndim == 3 and array.shape[2] not in (3, 4):
        raise ValueError(f"{where} takes an array with 3 or 4 numbers for each color, not of the shape {array.shape}")
    if array.dtype.kind not in "buif":
        return _of_rows(array.tolist(), where, cmap, vmin, vmax)
    if array.ndim == 3:
        return _plain(_channels(array, where))
    colors = map_of(_DEFAULT if cmap is None else cmap)
    if isinstance(colors, Legend | Rule):
        return _of_rows(array.tolist(), where, cmap, vmin, vmax)
    return _plain(_looked_up(array, colors, where, vmin, vmax))


def _plain(pixels: Any) -> Painting:
    return Painting(pixels.shape[1], pixels.shape[0], pixels.tobytes(), None)


def _channels(array: Any, where: str) -> Any:
    """Four bytes for each color. What is no number (NaN) is 0."""
    import numpy

    if array.dtype.kind == "f":
        array = numpy.rint(numpy.clip(numpy.nan_to_num(array), 0, 1) * 255)
    elif array.dtype != numpy.uint8 and array.size and not (array.min() >= 0 and array.max() <= 255):
        least, most = array.min(), array.max()
        raise ValueError(f"{where} takes colors of whole numbers from 0 to 255, not from {least} to {most}")
    pixels = numpy.full((*array.shape[:2], 4), 255, numpy.uint8)
    pixels[:, :, : array.shape[2]] = array
    return pixels


def _looked_up(array: Any, colors: Scale | Choice, where: str, vmin: float | None, vmax: float | None) -> Any:
    import numpy

    table = numpy.frombuffer(b"".join([pixel for pixel, _ in colors.paints]), numpy.uint8).reshape(-1, 4)
    if array.dtype.kind != "f":
        array = array.astype(numpy.float64)
    missing = numpy.isnan(array)
    if isinstance(colors, Choice):
        places = _chosen_places(array, missing, colors, where)
    else:
        finite = array[numpy.isfinite(array)]
        bounds = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        least, most = _limits(*bounds, where, vmin, vmax)
        shares = numpy.clip((array - least) / (most - least), 0, 1) if most > least else array > most
        places = numpy.minimum(numpy.nan_to_num(shares) * STEPS, STEPS - 1).astype(numpy.intp)
    pixels = table[places]
    pixels[missing] = 0
    return pixels


def _chosen_places(array: Any, missing: Any, choice: Choice, where: str) -> Any:
    import numpy

    numbers, count = numpy.where(missing, 0, array), len(choice.paints)
    wrong = numbers != numpy.floor(numbers)
    if not choice.repeats:
        wrong |= (numbers < 0) | (numbers >= count)
    if wrong.any():
        _refuse(float(numbers[wrong][0]), choice, where)
    return numbers.astype(numpy.intp) % count
