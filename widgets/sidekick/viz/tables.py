"""Tables: rows and columns of frames, of arrays with two axes, and of lists whose items have the same entries.

Of a large one the corners are shown: the first rows and columns and the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sidekick.viz.look import look
from sidekick.viz.nodes import Entry, Form, Grating, Node
from sidekick.viz.rows import preview

ROWS: Final = 20  # that are shown at first
_LAST_ROWS: Final = 2
_COLUMNS: Final = 12
_LAST_COLUMNS: Final = 2
_SAMPLE: Final = 50  # rows that say what the columns are
_WIDEST: Final = 60  # characters of a cell
_MOST: Final = 200  # entries of an item that may be columns


@dataclass(frozen=True, slots=True)
class Cell:
    """What is in a cell."""

    text: str
    form: Form
    lit: int = 0


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row, or the gap (``at`` is -1) where some are left out."""

    at: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What is shown of a table. ``columns`` are places, -1 for the gap."""

    names: tuple[str, ...]
    columns: tuple[int, ...]
    rows: tuple[TableRow, ...]
    count: int
    left_out: int


def grating_of(node: Node) -> Grating | None:
    """The rows and columns of a value, if it has any."""
    if node.grating is not None or node.inside is None or not node.inside.size:
        return node.grating
    columns = _columns(node.entries(0, _SAMPLE))
    if not columns:
        return None

    def cells(row: int, wanted: Sequence[int]) -> Sequence[Any]:
        (entry,) = node.entries(row, row + 1)
        held = {each.label: each.value for each in look(entry.value).entries(0, _MOST)}
        return [held.get(columns[column], _ABSENT) for column in wanted]

    return Grating(node.inside.size, columns, lambda row: node.entries(row, row + 1)[0].label, cells)


def _columns(entries: Sequence[Entry]) -> Sequence[str]:
    """The names that the items share: all keys of dicts, the places of sequences of one length, attributes."""
    found: dict[str, None] = {}
    kinds: set[str] = set()
    lengths: set[int] = set()
    for entry in entries:
        inner = look(entry.value)
        if (
            entry.way not in ("index", "key")
            or inner.inside is None
            or not 0 < inner.inside.size <= _MOST
            or inner.grating
        ):
            return ()
        inside = inner.entries(0, _MOST)
        kinds.add("index" if inside[0].way == "index" else inner.type)
        lengths.add(len(inside))
        found |= dict.fromkeys(each.label for each in inside)
        if len(kinds) > 1 or inside[0].way == "member":
            return ()
    is_alike = len(lengths) == 1 or "index" not in kinds
    return [*found] if is_alike and len(found) <= _MOST and len(found) <= 2 * max(lengths, default=0) else ()


class _Absent:
    """Stands in a cell that a row does not have."""


_ABSENT: Final = _Absent()


def table_of(grating: Grating, shown: int) -> Table:
    """What is shown: so many rows, and the last ones."""
    columns = _some(len(grating.columns), _COLUMNS - _LAST_COLUMNS, _LAST_COLUMNS)
    rows = _some(grating.rows, shown, _LAST_ROWS)
    real = [column for column in columns if column >= 0]
    names = tuple("…" if column < 0 else str(grating.columns[column]).strip('"') for column in columns)
    left_out = grating.rows - sum(row >= 0 for row in rows)
    return Table(names, columns, tuple(_row(grating, row, columns, real) for row in rows), grating.rows, left_out)


def _some(count: int, first: int, last: int) -> tuple[int, ...]:
    if count <= first + last + 1:
        return (*range(count),)
    return (*range(first), -1, *range(count - last, count))


def _row(grating: Grating, row: int, columns: Sequence[int], real: Sequence[int]) -> TableRow:
    if row < 0:
        return TableRow(-1, "⋮", ())
    try:
        cells = iter(grating.cells(row, real))
        return TableRow(row, grating.name(row), tuple(_GAP if at < 0 else _cell(next(cells)) for at in columns))
    except Exception as error:
        return TableRow(row, str(row), (Cell(type(error).__name__, "error"),))


_GAP: Final = Cell("…", "note")


def _cell(value: Any) -> Cell:
    if value is _ABSENT:
        return Cell("", "note")
    node = look(value)
    text = node.text or preview(node) or node.type
    if node.form == "string" and len(text) <= _WIDEST:
        text = text[1:-1] if text[0] == text[-1] == '"' else text
    return Cell(text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…", node.form)
