"""Cells: the colors of a grid, as the pixels that are shown and the names that they were given by."""

from __future__ import annotations

from typing import Final

from flow.drawing.picture import CLEAR
from sidekick.grid_area import Area
from sidekick.grid_colors import Paint, ink_on, name_of
from sidekick.grid_painting import Painting


class Cells:
    """Colors of ``columns`` times ``rows`` cells, counted row by row. Whoever changes or copies them holds a lock."""

    __slots__ = ("_columns", "_names", "_places", "pixels")

    def __init__(self, columns: int, rows: int) -> None:
        self._columns: Final = columns
        self.pixels: Final = bytearray(CLEAR * (columns * rows))  # four bytes (RGBA) for each
        self._places: Final = memoryview(self.pixels).cast("I")  # the same, one item for each
        self._names: Final[list[str | None]] = [None] * (columns * rows)  # None: what name_of says of the pixel

    def put(self, place: int, paint: Paint) -> None:
        """Paint one cell."""
        self.pixels[place * 4 : place * 4 + 4], self._names[place] = paint

    def get(self, place: int) -> str | None:
        """The color of a cell, as it was given if it was a text."""
        return self._names[place] or name_of(bytes(self.pixels[place * 4 : place * 4 + 4]))

    def ink(self, place: int) -> str | None:
        """The color of a text that is read well on a cell, see ``ink_on``."""
        return ink_on(bytes(self.pixels[place * 4 : place * 4 + 4]))

    def fill(self, area: Area, paint: Paint) -> None:
        """Paint an area in one color."""
        pixel, name = paint
        pixels, names = memoryview(pixel * len(area.xs)).cast("I"), [name] * len(area.xs)
        for row in area.rows(self._columns):
            self._places[row], self._names[row] = pixels, names

    def paint(self, area: Area, painting: Painting) -> None:
        """Put a painting on an area of its size."""
        columns = painting.columns
        pixels = memoryview(painting.pixels).cast("I")
        names = painting.names or (None,) * len(pixels)
        for k, row in enumerate(area.rows(self._columns)):
            part = slice(k * columns, (k + 1) * columns)
            self._places[row], self._names[row] = pixels[part], names[part]

    def painting(self) -> Painting:
        """All of them, as they are now."""
        rows = len(self._names) // self._columns
        return Painting(self._columns, rows, bytes(self.pixels), tuple(self._names))

    def rows(self, area: Area) -> list[list[str | None]]:
        """The colors of an area, row by row."""
        places = range(len(self._names))
        return [[self.get(place) for place in places[row]] for row in area.rows(self._columns)]

    def clear(self) -> None:
        """Take all colors away."""
        self.pixels[:] = bytes(len(self.pixels))
        self._names[:] = [None] * len(self._names)
