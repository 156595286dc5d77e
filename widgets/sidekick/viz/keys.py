"""The keys of a tree, as the WAI-ARIA Authoring Practices have them: arrows go and open, Enter opens and closes."""

from __future__ import annotations

from typing import Final

from sidekick.viz.places import Place
from sidekick.viz.rows import Line
from sidekick.viz.variable import Variable

KEYS: Final = ("ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home", "End", "Enter", " ", "*")


def active_line(variable: Variable) -> Line:
    """The line that the keyboard is on: the first, if that which it was on is there no more."""
    lines = variable.present.value.lines
    active = variable.active.value
    return next((line for line in lines if line.row.serial == active), lines[0])


def choose(variable: Variable, serial: int) -> None:
    """Go to a line, and open or close what is there, or show more."""
    line = next((line for line in variable.present.value.lines if line.row.serial == serial), None)
    if line is not None:
        variable.active.value = serial
        _enter(variable, line)


def act(variable: Variable, key: str) -> None:
    """Do what a key stands for."""
    lines = variable.present.value.lines
    if not lines:
        return
    line = active_line(variable)
    at = lines.index(line)
    is_open = line.row.is_open
    if key in ("Enter", " "):
        _enter(variable, line)
    elif key == "ArrowRight" and is_open is False:
        variable.open([line.place], is_open=True)
    elif key == "ArrowLeft" and is_open:
        variable.open([line.place], is_open=False)
    elif key == "ArrowLeft":
        _go(variable, line.parent)
    elif key == "*":
        variable.open(_beside(lines, line), is_open=True)
    elif key != "ArrowRight" or is_open:
        steps = {"ArrowDown": at + 1, "ArrowRight": at + 1, "ArrowUp": at - 1, "Home": 0, "End": len(lines) - 1}
        variable.active.value = lines[min(len(lines) - 1, max(0, steps[key]))].row.serial


def _enter(variable: Variable, line: Line) -> None:
    if line.row.kind == "more":
        variable.show_more(line.place)
    elif line.row.is_open is not None:
        variable.toggle(line.place)


def _go(variable: Variable, place: Place | None) -> None:
    if place is not None:
        variable.active.value = place.serial


def _beside(lines: tuple[Line, ...], line: Line) -> list[Place]:
    """What can be opened and is inside of the same."""
    return [each.place for each in lines if each.parent is line.parent and each.row.is_open is not None]
