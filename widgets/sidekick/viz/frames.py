"""Frames and series of pandas and polars, as tables. Neither library is imported here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from sidekick.viz.nodes import Entry, Grating, Inside, Node
from sidekick.viz.texts import TIMES, clean, counted


def look_for(kind: type) -> Callable[[Any], Node] | None:
    """How to look at the values of a class, if it is one of these libraries'."""
    for library, name, look in (
        ("pandas", "DataFrame", _pandas_frame),
        ("pandas", "Series", _pandas_series),
        ("pandas", "Index", _pandas_index),
        ("polars", "DataFrame", _polars_frame),
        ("polars", "LazyFrame", _lazy_frame),
        ("polars", "Series", _polars_series),
    ):
        found = getattr(sys.modules.get(library), name, None)
        if isinstance(found, type) and issubclass(kind, found):
            return look
    return None


def _pandas_frame(value: Any) -> Node:
    return _frame(
        value,
        [_text(name) for name in value.columns],
        lambda at: _text(value.index[at]),
        lambda row, columns: [value.iat[row, column] for column in columns],
        lambda at: value.iloc[:, at],
    )


def _polars_frame(value: Any) -> Node:
    return _frame(
        value,
        [*value.columns],
        str,
        lambda row, columns: [value[row, column] for column in columns],
        lambda at: value.to_series(at),
    )


def _frame(
    value: Any,
    columns: Sequence[str],
    name: Callable[[int], str],
    cells: Callable[[int, Sequence[int]], Sequence[Any]],
    column: Callable[[int], Any],
) -> Node:
    rows = len(value)
    return Node(
        *("DataFrame", "container", TIMES.join((counted(rows, "row"), counted(len(columns), "column"))), rows),
        inside=Inside(
            len(columns),
            lambda start, stop: [
                Entry("key", columns[at], f'"{columns[at]}"', column(at)) for at in range(start, stop)
            ],
        ),
        identity=id(value),
        grating=Grating(rows, columns, name, cells),
        hold=value,
    )


def _pandas_series(value: Any) -> Node:
    return _series(
        value,
        str(value.dtype),
        lambda start, stop: [Entry("index", at, _text(value.index[at]), value.iat[at]) for at in range(start, stop)],
    )


def _pandas_index(value: Any) -> Node:
    return _series(value, str(value.dtype), lambda start, stop: _numbered(value[start:stop], start), "Index")


def _polars_series(value: Any) -> Node:
    return _series(value, str(value.dtype), lambda start, stop: _numbered(value[start:stop].to_list(), start))


def _series(value: Any, cells: str, entries: Callable[[int, int], Sequence[Entry]], kind: str = "Series") -> Node:
    count = len(value)
    return Node(kind, "container", clean(cells), count, Inside(count, entries), identity=id(value), hold=value)


def _numbered(values: Any, start: int) -> list[Entry]:
    return [Entry("index", at, str(at), item) for at, item in enumerate(values, start)]


def _lazy_frame(value: Any) -> Node:
    return Node("LazyFrame", "plain", "not collected", identity=id(value), hold=value)


def _text(name: Any) -> str:
    from sidekick.viz.look import look

    node = look(name)
    return clean(name) if type(name) is str else node.text or node.type
