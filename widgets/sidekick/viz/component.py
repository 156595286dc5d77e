"""Viz: shows the values of a program and follows those that are observed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final
from weakref import ref

from flow import Signal, batch
from flow.control import For, Show
from flow.drawing import WIDTH, Drawing
from flow.drawing.guests import drawn_by
from flow.readable import short
from flow.ui import Div
from sidekick import recording
from sidekick.changes import apply_change
from sidekick.component import Component
from sidekick.events import ErrorEvent
from sidekick.observable_value import ObservableValue, UnsubscribeFunction
from sidekick.observing import telling
from sidekick.observing.kinds import LEAVES
from sidekick.observing.wrapper import plain
from sidekick.viz.drawing import drawn
from sidekick.viz.page import box_of
from sidekick.viz.rows import Limits
from sidekick.viz.still import Copier, Standing
from sidekick.viz.variable import VIEWS, Variable, View

_log: Final = logging.getLogger("sidekick")

HEAVY: Final = 4_000_000  # bytes in a piece of the journal
_BOXES: Final[dict[str, Any]] = {
    "display": "flex",
    "flex-direction": "column",
    "gap": 8,
    "width": "100%",
    "max-width": 1000,
}


class Viz(Component):
    """Shows values by their names: ``viz.show("numbers", [3, 1, 2])``. An ObservableValue is followed.

    Of a container ``max_items`` entries are shown at first, and one that is deeper than ``max_depth`` levels stays
    closed; both can be opened. All rows of a variable together take at most ``max_bytes``.
    """

    __slots__ = ("_ends", "_limits", "_octets", "_shown", "_too_large", "_variables")

    def __init__(
        self,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
        *,
        max_items: int = 50,
        max_depth: int = 5,
        max_bytes: int = 64_000,
    ) -> None:
        self._limits = Limits(
            _checked_limit(max_items, "max_items"),
            _checked_limit(max_depth, "max_depth"),
            _checked_limit(max_bytes, "max_bytes"),
        )
        self._begin("viz", instance_id, parent, error=on_error)
        self._variables: dict[str, Variable] = {}
        self._ends: dict[str, tuple[object, UnsubscribeFunction]] = {}  # what is followed under a name, and the way out
        self._too_large: set[str] = set()  # names of values that are not copied, so their changes are not done again
        self._octets = 0  # that the last piece of the journal takes, about
        self._shown: Signal[tuple[Variable, ...]] = Signal((), name="variables")
        self._build(
            For(self._shown, key=lambda variable: variable.name, render=box_of),
            Show(lambda: not self._shown.value, lambda: Div("Nothing is shown yet", cls="flow-note")),
            style=_BOXES,
        )

    def show(self, name: str, value: Any, *, view: View | None = None) -> None:
        """Show a value under a name, in place of what is shown under it.

        A value is shown as it is now, unless it is an ObservableValue, or has one inside: that is followed. ``view`` is
        ``"tree"``, ``"table"``, ``"bars"`` or ``"graph"``, where these suit the value; the user can choose another.
        Raises ``ValueError`` for an empty name or another view.
        """
        if not isinstance(name, str) or not name:
            raise ValueError(f"name of show() is a text that says what the value is, not {short(name)}")
        if view is not None and view not in VIEWS:
            raise ValueError(f"view of show() is one of {', '.join(VIEWS)}, not {short(view)}")
        value = plain(value)
        copier = Copier()
        shown = copier.copy(value)
        with batch(), self._lock, telling.LOCK:
            if copier.has_observed:
                start = Copier(enters=True)
                copy = start.copy(value)
                self._note_whole(name, start)
                self._record_copy(name, copy, start.octets, view)
                self._follow(name, value if issubclass(type(value), ObservableValue) else ObservableValue(shown))
            else:
                self._record_copy(name, shown, copier.octets, view)
                self._unfollow(name)
            self._put(name, shown, view)

    def remove_variable(self, name: str) -> None:
        """Show no value under this name any more."""
        with batch(), self._lock:
            if name not in self._variables:
                _log.info("%r shows nothing under the name %s, which was to be removed", self, short(name))
                return
            self._record("remove_variable", name)
            self._unfollow(name)
            del self._variables[name]
            self._sort()

    def remove(self) -> None:
        """Take it from the page for good, and follow nothing any more."""
        with self._lock:
            for name in list(self._ends):
                self._unfollow(name)
        super().remove()

    def _put(self, name: str, value: Any, view: View | None) -> None:
        variable = self._variables.get(name)
        if variable is None:
            variable = self._variables[name] = Variable(name, self._limits)
            variable.put(value, view)
            self._sort()
        else:
            variable.put(value, view)

    def _sort(self) -> None:
        self._shown.value = tuple(self._variables[name] for name in sorted(self._variables))

    # -- Following

    def _follow(self, name: str, observed: ObservableValue[Any]) -> None:
        before = self._ends.get(name)
        if before is None or before[0] is not observed:
            self._unfollow(name)
            follower = _Follower(self, name)
            follower.end = observed.subscribe(follower)
            self._ends[name] = observed, follower.end

    def _unfollow(self, name: str) -> None:
        _, end = self._ends.pop(name, (None, None))
        if end is not None:
            end()

    def _changed(self, name: str, change: Mapping[str, Any]) -> None:
        """What is followed has changed."""
        variable = self._variables.get(name)
        if variable is None:
            return
        with self._lock:
            self._record_change(name, variable, change)
        variable.change(change)

    # -- Recording

    def _record_copy(self, name: str, copy: Any, octets: int, view: View | None) -> None:
        self._weigh(octets)
        self._record("_show_copy", name, copy, view)

    def _record_change(self, name: str, variable: Variable, change: Mapping[str, Any]) -> None:
        """Record a change. It is made already: so where a piece begins, with what there is now, that is all."""
        journal = self._journal
        if journal is None:
            return
        value, old = change["value"], change["old_value"]
        told = {**change}
        if not (type(value) in LEAVES and type(old) in LEAVES):
            copier = Copier(enters=True)
            told |= {"value": copier.copy(value), "old_value": copier.copy(old)}
            self._weigh(copier.octets)
        pieces = journal.pieces
        if not pieces or len(pieces[-1].changes) % recording.PIECE == 0:
            self._record("_show_copy", name, self._still(name, variable.value), None)
        elif name in self._too_large:
            self._record("_look_again", name)
        else:
            self._record("_apply", name, told)

    def _weigh(self, octets: int) -> None:
        """Begin another piece of the journal where one has become heavy, so that the old ones go earlier."""
        self._octets += octets
        journal = self._journal
        if journal is not None and journal.pieces and self._octets > HEAVY:
            journal.pieces.append(recording.Piece(self._state(), []))
            self._octets = octets

    # -- In a copy of it

    def _show_copy(self, name: str, copy: Any, view: View | None) -> None:
        copier = Copier(enters=True)
        self._put(name, copier.copy(copy), view)
        self._note_whole(name, copier)

    def _apply(self, name: str, change: Mapping[str, Any]) -> None:
        variable = self._variables.get(name)
        if variable is not None and name not in self._too_large:
            variable.value = apply_change(variable.value, {**change, "value": Standing(change["value"])})
            variable.change(change)

    def _look_again(self, name: str) -> None:
        """What could not be copied is the value itself: it is shown as it is now."""
        if name in self._variables:
            self._variables[name].mark.touch()

    def _note_whole(self, name: str, copier: Copier) -> None:
        if copier.is_whole:
            self._too_large.discard(name)
        else:
            self._too_large.add(name)

    def _state(self) -> tuple[tuple[str, Any, View | None], ...]:
        with telling.LOCK:
            return tuple(
                (name, self._still(name, variable.value), variable.choice.peek())
                for name, variable in self._variables.items()
            )

    def _still(self, name: str, value: Any) -> Any:
        """A value that changes no more. What is not followed is one."""
        if name not in self._ends:
            return value
        copier = Copier(enters=True)
        copy = copier.copy(value)
        self._note_whole(name, copier)
        return copy

    def _restore(self, state: tuple[tuple[str, Any, View | None], ...]) -> None:
        names = {name for name, *_ in state}
        self._variables = {name: variable for name, variable in self._variables.items() if name in names}
        for name, copy, view in state:
            self._show_copy(name, copy, view)
        self._sort()

    def _again(self) -> Viz:
        limits = self._limits
        return Viz(max_items=limits.items, max_depth=limits.depth, max_bytes=limits.octets)

    def _drawing(self, width: float = WIDTH) -> Drawing:
        return drawn([(variable.name, variable.present.peek()) for variable in self._shown.peek()], width)


class _Follower:
    """Hands changes on to a Viz, which it does not hold: the value may outlast it."""

    __slots__ = ("__weakref__", "_name", "_viz", "end")

    def __init__(self, viz: Viz, name: str) -> None:
        self._viz, self._name = ref(viz), name
        self.end: UnsubscribeFunction = lambda: None

    def __call__(self, change: dict[str, Any]) -> None:
        viz = self._viz()
        if viz is None:
            self.end()
        else:
            viz._changed(self._name, change)


def _checked_limit(limit: int, name: str) -> int:
    if not isinstance(limit, int) or limit < 1:
        raise ValueError(f"{name} of Viz is a whole number above 0, not {short(limit)}")
    return limit


drawn_by(Viz, Viz._drawing)
