"""Area: what a key such as ``grid[2, 0]`` or ``grid[:, -1]`` means, given how large the grid is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import index
from typing import Any

from flow.readable import short


@dataclass(frozen=True)
class Area:
    """The cells of some columns and rows, and which of the two was a single number."""

    xs: range
    ys: range
    is_column: bool
    is_row: bool

    @property
    def is_cell(self) -> bool:
        """Whether it was asked for a cell, not for a list of cells."""
        return self.is_column and self.is_row

    def rows_of(self, colors: Any) -> Any:
        """Rows of what was given for the area: a list for a single row or column."""
        if self.is_row and isinstance(colors, Iterable):
            return [colors]
        return [[each] for each in colors] if self.is_column and isinstance(colors, Iterable) else colors

    def rows(self, columns: int) -> Iterator[slice]:
        """The places of the cells among all, counted row by row, for each row."""
        for y in self.ys:
            first = y * columns + self.xs.start
            stop = first + len(self.xs) * self.xs.step
            yield slice(first, stop if stop >= 0 else None, self.xs.step)


def area_of(key: Any, columns: int, rows: int) -> Area:
    """The area that a key means. Negative numbers count from the end.

    Raises ``TypeError`` for what is no key, ``IndexError`` for a column or row that is not there.
    """
    if not (isinstance(key, tuple) and len(key) == 2):
        raise TypeError(f"a grid takes a column and a row: grid[x, y], or slices such as grid[:, 0], not {short(key)}")
    xs, is_column = _span(key[0], columns, "x", "columns")
    ys, is_row = _span(key[1], rows, "y", "rows")
    return Area(xs, ys, is_column, is_row)


def whole(value: Any, name: str) -> int:
    """A whole number, also a float such as ``2.0`` or one of NumPy's. Raises ``TypeError`` for what is none."""
    try:
        return index(value)
    except TypeError:
        pass
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise TypeError(f"{name} of a cell is a whole number, not {short(value)}")


def _span(part: Any, count: int, name: str, what: str) -> tuple[range, bool]:
    if isinstance(part, slice):
        return range(count)[part], False
    number = whole(part, name)
    if not -count <= number < count:
        raise IndexError(
            f"there is no {name} = {number} in a grid of {count} {what}: {-count} to {count - 1} are there"
        )
    number %= count
    return range(number, number + 1), True
