"""Panels: where components show themselves that nobody placed. Each cell that makes some has one below it.

A cell that runs again begins with an empty panel. Components that a callback makes go to the panel of the cell which
the callback was registered in; those of a thread to the newest. In a script there is one panel, which nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakSet

from flow.cells import find_shell
from flow.element import Element
from flow.nesting import nested_in
from flow.notebook import show
from sidekick.items import Items, place_of

_STYLE: dict[str, Any] = {
    "display": "flex",
    "flex-direction": "column",
    "align-items": "flex-start",
    "gap": 15,
    "padding": "4px 0",
    "max-width": 1000,
}

_panels: Final[WeakSet[Panel]] = WeakSet()
_newest: Panel | None = None


class Panel(Element, html="div"):
    """Shows the components of one run of a cell, in the order in which they were made."""

    __slots__ = ("items", "run")

    def __init__(self, run: object) -> None:
        self.items = Items(self)
        self.run = run
        with nested_in(None):
            super().__init__(self.items.view(), style=_STYLE)
        _panels.add(self)


def panel_of_this_cell() -> Panel:
    """The panel of the run of the cell that this line is part of, shown there now if it is new."""
    global _newest
    run = _find_run()
    for panel in all_panels():
        if panel.run == run:
            return panel
    if run is None and _newest is not None:
        return _newest
    _newest = Panel(run)
    if run is not None:
        show(_newest)
    return _newest


def is_shown_here(element: Element) -> bool:
    """Whether an element is in the panel of the cell that runs."""
    at: Element | None = element
    while at is not None and not isinstance(at, Panel):
        at = place_of(at)
    return at is not None and at.run == _find_run()


def all_panels() -> Iterator[Panel]:
    """Those that are held by anybody."""
    return iter(tuple(_panels))


def _find_run() -> object:
    """What tells this run of a cell from all others; None where no cell runs."""
    parent: dict[str, Any] = getattr(find_shell(), "get_parent", dict)() or {}
    return parent.get("header", {}).get("msg_id")
