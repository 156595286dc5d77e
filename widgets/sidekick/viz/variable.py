"""Variable: one name that a Viz shows, with what it stands for, what of it is open, and what has just changed.

Whatever happens to the value, it is only looked at when a page is told, and only where it is open: `present` is
computed anew then, and not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias, get_args

from flow import Computed, Signal
from sidekick.mark import Mark
from sidekick.observing import telling
from sidekick.observing.change import Attribute
from sidekick.viz import tables
from sidekick.viz.bars import Bars, bars_of, is_numbers
from sidekick.viz.graphs import Graph, graph_of
from sidekick.viz.lights import Lights
from sidekick.viz.look import look
from sidekick.viz.nodes import Node
from sidekick.viz.places import Place, changed_at
from sidekick.viz.rows import Limits, Line, Rows
from sidekick.viz.tables import Table, grating_of, table_of

View: TypeAlias = Literal["tree", "table", "bars", "graph"]
VIEWS: Final[tuple[View, ...]] = get_args(View)

_MOST: Final = 500  # changes that are kept one by one until a page is told

# Of a change, where it is seen: at its path, in what holds that, or in all of it that is not as it was.
_IN_HOLDER: Final = frozenset({"pop", "remove", "delitem", "delattr"})
_AT_PATH: Final = frozenset({"append", "insert", "setitem", "setattr", "clear", "discard_set"})


@dataclass(frozen=True, slots=True)
class Present:
    """What is shown of a value at one moment. Of the views only the chosen one is there."""

    node: Node
    views: tuple[View, ...]
    view: View
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    bars: Bars | None = None
    graph: Graph | None = None


class Variable:
    """A name and its value. From any thread."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.top = Place()
        self.choice: Signal[View | None] = Signal(None, name="view")  # None: the one that suits
        self.active: Signal[int] = Signal(0, name="active")  # the serial of the row that the keyboard is on
        self.mark = Mark(f"what Viz shows as {name!r}")
        self.lights = Lights(self.mark.touch)
        self.present: Computed[Present] = Computed(self._look)
        self.value: Any = None
        self._turn = 0
        self._table_rows = tables.ROWS
        self._changes: list[tuple[tuple[Any, ...], bool]] = []
        self._before: tuple[str, dict[Any, object]] = ("", {})  # what a table, bars or a graph showed, and which

    def put(self, value: Any, view: View | None = None) -> None:
        """Show another value under the name. What is not as before is lit, unless nothing was shown."""
        is_first = self._turn == 0
        self.value = value
        if view is not None:
            self.choice.value = view
        if not is_first:
            self._note((), is_inside=True)
        self.mark.touch()

    def change(self, change: Mapping[str, Any]) -> None:
        """The value has changed, which is to be seen."""
        kind, path = change["type"], change["path"]
        if kind == "add_set":
            self._note((*path, change["value"]), is_inside=False)
        elif kind == "extend":
            self._note(tuple(path[:-1]), is_inside=True)
        elif kind in _IN_HOLDER:
            self._note(tuple(path[:-1]), is_inside=False)
        elif kind in _AT_PATH and not (path and _is_many(path[-1])):
            self._note(tuple(path), is_inside=False)
        else:
            self._note(_spread(path), is_inside=True)
        self.mark.touch()

    def _note(self, path: tuple[Any, ...], *, is_inside: bool) -> None:
        if len(self._changes) < _MOST:
            self._changes.append((path, is_inside))
        else:
            self._changes[-1] = ((), True)

    # -- What the user opens

    def toggle(self, place: Place) -> None:
        """Open what is closed, and the other way round."""
        is_open = place.is_open if place.is_open is not None else place is self.top
        self.open([place], is_open=not is_open)

    def open(self, places: Iterable[Place], *, is_open: bool) -> None:
        """Open places, or close them."""
        for place in places:
            place.is_open = is_open
        self.mark.touch()

    def show_more(self, place: Place) -> None:
        """Show further entries of a long container."""
        place.shown += max(self.limits.items, place.shown)
        self.mark.touch()

    def show_more_rows(self) -> None:
        """Show further rows of a long table."""
        self._table_rows *= 2
        self.mark.touch()

    # -- What is seen

    def _look(self) -> Present:
        choice = self.choice.value
        self.mark.read()
        with telling.LOCK:  # what is observed stands still meanwhile
            changes, self._changes = self._changes, []
            self._turn += 1
            node = look(self.value)
            views, best, graph = _views_of(node)
            view = choice if choice in views else best
            present = Present(node, views, view)
            if view == "tree":
                return self._tree(present, changes)
            if view == "table" and (grating := grating_of(node)) is not None:
                return replace(present, table=self._table(table_of(grating, self._table_rows), bool(changes)))
            if view == "bars":
                bars = bars_of(node)
                self._light_others({bar.at: bar.number for bar in bars.bars}, "bar", bool(changes))
                return replace(present, bars=bars)
            self._light_others({box.key: box.text for box in graph.boxes} if graph else {}, "box", bool(changes))
            return replace(present, graph=graph)

    def _tree(self, present: Present, changes: list[tuple[tuple[Any, ...], bool]]) -> Present:
        lines = Rows(self.name, present.node, self.top, self.limits, self._turn).lines
        for path, is_inside in changes:
            found = changed_at(self.top, _counted(self.value, path), self._turn, is_inside=is_inside)
            self.lights.light(place.serial for place in found)
        return replace(present, lines=tuple(map(self._lit, lines) if self.lights else lines))

    def _lit(self, line: Line) -> Line:
        lit = self.lights.of(line.row.serial)
        return line if not lit else line._replace(row=line.row._replace(lit=lit))

    def _table(self, table: Table, has_changed: bool) -> Table:
        cells = {
            (row.at, column): cell.text
            for row in table.rows
            for column, cell in zip(table.columns, row.cells, strict=False)
        }
        self._light_others(cells, "cell", has_changed)
        if not self.lights:
            return table
        rows = tuple(
            replace(
                row,
                cells=tuple(
                    replace(cell, lit=self.lights.of(("cell", (row.at, column))))
                    for column, cell in zip(table.columns, row.cells, strict=False)
                ),
            )
            for row in table.rows
        )
        return replace(table, rows=rows)

    def _light_others(self, now: Mapping[Any, object], kind: str, has_changed: bool) -> None:
        """Light what is not as it was, of what is known by a place and not by a path."""
        (before_kind, before), self._before = self._before, (kind, {(kind, key): what for key, what in now.items()})
        if has_changed and before_kind == kind:
            self.lights.light(key for key, what in self._before[1].items() if before.get(key, self) != what)


def _views_of(node: Node) -> tuple[tuple[View, ...], View, Graph | None]:
    """The views that suit a value, and the one that suits it best: the tree, unless it has a form of its own."""
    views: list[View] = ["tree"]
    best: View = "tree"
    graph = None
    if node.is_openable:
        with suppress(Exception):  # of a value that cannot be looked at, which the tree tells
            if grating_of(node) is not None:
                views.append("table")
                best = "table" if node.grating is not None else best
            if is_numbers(node):
                views.append("bars")
            graph = graph_of(node)
            if graph is not None:
                views.append("graph")
                best = "graph" if graph.is_linked else best
    return tuple(views), best, graph


def _is_many(step: Any) -> bool:
    """Whether a step leads to several things at once: a slice, or an index of an array's."""
    return not (type(step) is int or isinstance(step, str | Attribute)) and (
        isinstance(step, slice | list | type(...)) or hasattr(type(step), "__array__")
    )


def _spread(path: list[Any]) -> tuple[Any, ...]:
    """A path as far as it leads to one thing."""
    steps: list[Any] = []
    for step in path:
        if _is_many(step):
            break
        steps.append(step)
    return tuple(steps)


def _counted(value: Any, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """A path whose steps are those of the tree: counted from the start, and one for each axis of an array."""
    if all(type(step) is not tuple and not (type(step) is int and step < 0) for step in path):
        return path
    steps: list[Any] = []
    at: Any = value
    for step in path:
        node = look(at)
        if type(step) is int and step < 0 and node.length is not None:
            step += node.length
        is_axes = type(step) is tuple and node.grating is not None and all(type(each) is int for each in step)
        steps += step if is_axes else [step]
        inside = node.inside
        found = next(
            (entry for entry in node.entries(step, step + 1)) if type(step) is int and inside is not None else iter(()),
            None,
        )
        if found is None:
            return (*steps, *path[len(steps) :])
        at = found.value
    return tuple(steps)
