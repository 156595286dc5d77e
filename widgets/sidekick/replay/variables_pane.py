"""The variables beside the source: what they are, what the step changed, and numbers as a small line over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from flow import Computed, For
from flow.element import Element
from flow.svg import Circle, Polyline, Svg
from flow.ui import Button, Caption, Del, Div, Ins, Span, Table, Tbody, Td, Th, Tr
from sidekick.replay import look
from sidekick.replay.steps import Frame, Timeline
from sidekick.replay.telling import Moment, Variable

MOST_SHOWN: Final = 40  # variables of a scope
_NUMBERS: Final = 60  # of a line of numbers
_WIDTH, _HEIGHT = 72, 18


class VariablesPane:
    """The variables of the frame that is shown, and the global ones. ``follow`` is told whose name was clicked."""

    def __init__(self, timeline: Timeline, here: Computed[Moment], follow: Callable[[int, str], None]) -> None:
        self._timeline, self._here, self._follow = timeline, here, follow
        self.element: Final = For(self._scopes, key=lambda scope: scope[0], render=lambda scope: self._table(*scope))

    def _scopes(self) -> list[tuple[int, str]]:
        return [(_number(frame), _called(frame)) for frame, found in self._here.value.variables if found or frame]

    def _table(self, scope: int, called: str) -> Element:
        return Div(
            Table(
                Caption(called, style=look.CAPTION),
                Tbody(
                    For(lambda: self._names(scope), key=lambda name: name, render=lambda name: self._row(scope, name))
                ),
                style=look.TABLE,
            ),
            Span(lambda: self._more(scope), style=look.NOTE),
            style={**look.PANE, "overflow": "hidden"},
        )

    def _found(self, scope: int) -> tuple[Variable, ...]:
        return next((found for frame, found in self._here.value.variables if _number(frame) == scope), ())

    def _names(self, scope: int) -> list[str]:
        return [each.name for each in self._found(scope)][:MOST_SHOWN]

    def _more(self, scope: int) -> str:
        more = len(self._found(scope)) - MOST_SHOWN
        return f"and {more} more: choose some with --vars" if more > 0 else ""

    def _variable(self, scope: int, name: str) -> Variable | None:
        return next((each for each in self._found(scope) if each.name == name), None)

    def _row(self, scope: int, name: str) -> Element:
        found = Computed(lambda: self._variable(scope, name))
        return Tr(
            Th(
                Button(
                    name,
                    on_click=lambda: self._follow(scope, name),
                    title=f"Go to the next change of {name}",
                    style=look.NAME,
                ),
                scope="row",
                style={**look.CELL, "padding-inline": "4px 0"},
            ),
            Td(lambda: _value(found.value), style=look.VALUE),
            Td(lambda: self._numbers(scope, name), style=look.SPARK),
            style={"background": "none"},
        )

    def _numbers(self, scope: int, name: str) -> Element | None:
        return spark(self._timeline.numbers(scope, name, self._here.value.at, _NUMBERS))


def _number(frame: Frame | None) -> int:
    return frame.number if frame is not None else 0


def _called(frame: Frame | None) -> str:
    return f"Variables of {frame.name}" if frame is not None else "Variables"


def _value(variable: Variable | None) -> list[Element | str]:
    """What a variable is, and was before if the step changed it."""
    if variable is None:
        return []
    now = variable.form.text if variable.form is not None else "deleted"
    if not variable.is_changed:
        shown: list[Element | str] = [now]
    elif variable.before is None:
        shown = [Ins(now, style=look.NEW)]
    elif variable.before.text == now:
        is_same = variable.form is not None and variable.form.identity == variable.before.identity
        shown = [Ins(now, style=look.NEW), Span("  changed inside" if is_same else "  another, alike", style=look.NOTE)]
    else:
        shown = [Del(variable.before.text, style=look.OLD), " → ", Ins(now, style=look.NEW)]
    if variable.same_as:
        told = f"{variable.name} and {variable.same_as} are the same object"
        shown.append(Span(f"  is {variable.same_as}", title=told, style=look.NOTE))
    return shown


def spark(numbers: Sequence[float]) -> Element | None:
    """A small line of numbers over time; of fewer than three there is none."""
    finite = [each for each in numbers if each - each == 0]
    if len(finite) < 3:
        return None
    low, high = min(finite), max(finite)
    across, up = (_WIDTH - 6) / (len(finite) - 1), (_HEIGHT - 6) / ((high - low) or 1)
    points = [(3 + k * across, _HEIGHT - 3 - (each - low) * up) for k, each in enumerate(finite)]
    return Svg(
        Polyline(
            points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
            fill="none",
            stroke="currentColor",
            stroke_width=1.2,
            opacity=0.7,
        ),
        Circle(cx=f"{points[-1][0]:.1f}", cy=f"{points[-1][1]:.1f}", r=2.4, fill=look.ACCENT),
        width=_WIDTH,
        height=_HEIGHT,
        view_box=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"{len(finite)} values from {low:g} to {high:g}, now {finite[-1]:g}",
        style={"display": "block"},
    )
