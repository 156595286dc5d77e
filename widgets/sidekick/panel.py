"""Panels: where components show themselves that nobody placed. Each cell that makes some has one below it.

A cell that runs again begins with an empty panel, and what its run before has started ends. Components that a callback
makes go to the panel of the cell which the callback was registered in; those of a thread to the newest. In a script
there is one panel, which nobody sees.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock, current_thread, main_thread
from typing import Any, Final
from weakref import WeakSet

from flow import Signal, ui_thread
from flow.cells import find_cell, find_request
from flow.control import Show
from flow.drawing import WIDTH, Drawing
from flow.element import Element
from flow.nesting import nested_in
from flow.notebook import is_in_kernel, show
from flow.ui import Button, Div
from sidekick import loop
from sidekick.arranging import stacked
from sidekick.items import Items, place_of
from sidekick.pages import follow
from sidekick.recording import Arrangement, Recorded
from sidekick.replicas import copied

_STYLE: dict[str, Any] = {
    "display": "flex",
    "flex-direction": "column",
    "align-items": "flex-start",
    "gap": 15,
    "padding": "4px 0",
    "max-width": 1000,
}
_SMALL: dict[str, Any] = {"font-size": "0.85em", "color": "var(--flow-muted)"}

_panels: Final[WeakSet[Panel]] = WeakSet()
_lock: Final = RLock()
_newest: Panel | None = None
_last_run: str | None = None  # that made or started something
_is_over = False  # whether there was a shutdown since


class Panel(Recorded, html="div"):
    """Shows the components of one run of a cell, in the order in which they were made."""

    __slots__ = ("_endless", "_note", "_works", "cell", "is_stopped", "items", "run")

    def __init__(self, run: str | None, cell: str | None) -> None:
        self.run, self.cell = run, cell
        is_copy = copied.get() is not None
        self._begin_recording(is_copy=is_copy)
        self.items = Items(self)
        self.is_stopped = False  # by a shutdown: its components take no events until it is in use again
        self._note = Signal(False)  # whether that is told
        self._works: dict[object, Callable[[], object]] = {}  # what is under way -> what ends it
        self._endless: Signal[frozenset[object]] = Signal(frozenset())
        with nested_in(None):
            super().__init__(
                self.items.view,
                Show(lambda: bool(self._endless.value), self._stop_button),
                Show(self._note, lambda: Div("Stopped", style=_SMALL, role="status")),
                style=_STYLE,
            )
        if not is_copy:
            _panels.add(self)

    def _stop_button(self) -> Button:
        tip = "End what runs: intervals, tasks, run_forever()"
        return Button("■ Stop", on_click=self.stop, title=tip, style={**_SMALL, "min-height": 0, "padding": "1px 8px"})

    def begin(self, work: object, end: Callable[[], object], *, has_end: bool) -> None:
        """Note what is under way. What has no end by itself can be stopped on the page."""
        self._works[work] = end
        self.resume()
        if not has_end:
            self._endless.update(lambda endless: endless | {work})

    def end(self, work: object) -> None:
        """Note that it is over."""
        self._works.pop(work, None)
        self._endless.update(lambda endless: endless - {work})

    def halt(self, *, is_told: bool) -> None:
        """Take no events any more. What is shown stays, and the page says why nothing answers."""
        self.is_stopped, self._note.value = True, is_told
        self._endless.value = frozenset()  # all of it was told to end, also what has not done so yet

    def resume(self) -> None:
        """Be in use again."""
        self.is_stopped = self._note.value = False

    def stop(self) -> None:
        """End all that is under way."""
        for end in list(self._works.values()):
            end()

    def clear(self) -> None:
        """Take all components from it."""
        self.items.clear()

    # -- Recorded and drawn

    def _state(self) -> Arrangement:
        return self.items.arrangement

    def _restore(self, state: Arrangement) -> None:
        self.items.arrange(state)

    def _arrange(self, elements: Arrangement) -> None:
        self.items.arrange(elements)

    def _again(self) -> Panel:
        return Panel(None, None)

    def _drawing(self, width: float = WIDTH) -> Drawing:
        return stacked([*self.items], width, _STYLE["gap"])


def panel_of_this_cell() -> Panel:
    """The panel of the run of the cell that this line is part of, shown there now if it is new, and in use."""
    global _newest
    with _lock:
        run = find_run()
        panel = find_panel() or (_newest if run is None or _is_in_a_thread() else None)
        if panel is None:
            panel = _newest = Panel(run, find_cell())
            if run is not None:
                _end_earlier_runs(panel)
                follow(panel)
                show(panel)
    panel.resume()
    note_use()
    return panel


def find_panel() -> Panel | None:
    """The panel of the run of the cell that this line is part of, if it has one."""
    run = find_run()
    return next((panel for panel in all_panels() if panel.run == run), None)


def active_panel() -> Panel:
    """The panel of this cell, else the newest, in use."""
    if find_panel() is None and _newest is not None:
        _newest.resume()
        note_use()
        return _newest
    return panel_of_this_cell()


def panel_to_look_back_at() -> Panel:
    """The panel of this cell, else the newest."""
    return find_panel() or _newest or panel_of_this_cell()


def note_use() -> None:
    """Note that this run of a cell, or a callback of it, has made or started something."""
    global _last_run, _is_over
    _last_run, _is_over = find_run(), False


def halt_all(*, is_told: bool) -> None:
    """Have no panel take events until it is in use again."""
    global _is_over
    _is_over = True
    for panel in all_panels():
        panel.halt(is_told=is_told)


def is_over() -> bool:
    """Whether this run was ended already, as by a task that was quick, and nothing was made or started since."""
    return _is_over and find_run() == _last_run


def panel_around(element: Element) -> Panel | None:
    """The panel that an element is in, however deep."""
    at: Element | None = element
    while at is not None and not isinstance(at, Panel):
        at = place_of(at)
    return at


def all_panels() -> list[Panel]:
    """Those that are held by anybody."""
    return list(_panels)


def find_run() -> str | None:
    """What tells this run of a cell from all others; None where no cell runs."""
    header = find_request().get("header", {})
    found = header.get("msg_id") if is_in_kernel() and header.get("msg_type") == "execute_request" else None
    return found if isinstance(found, str) else None


def _is_in_a_thread() -> bool:
    """Whether this line is in a thread of the user's, which goes on whatever cell runs meanwhile."""
    return not (current_thread() is main_thread() or loop.is_here() or ui_thread.is_here())


def _end_earlier_runs(panel: Panel) -> None:
    """End what runs of the same cell have started. Their components are let go of with the panel."""
    for each in all_panels():
        if panel.cell is not None and each.cell == panel.cell and each is not panel:
            each.stop()
