"""Steps in words, and the moment that a view shows of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sidekick.replay.steps import GLOBALS, Change, Frame, Pass, State, Step, Timeline
from sidekick.replay.values import Form

_NAME: Final = re.compile(r"[^\W\d]\w*")
_LOOKED_BACK: Final = 3000  # steps, for what stands beside the lines


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable at a moment. ``before`` is what it was until the step that is shown, if that changed it."""

    scope: int
    name: str
    form: Form | None
    is_changed: bool
    before: Form | None
    same_as: str  # the name of another variable that has the same object


@dataclass(frozen=True, slots=True)
class Moment:
    """What there is after a step. ``beside``: what each line of the frame's source did last."""

    at: int
    step: Step
    frame: Frame
    variables: tuple[tuple[Frame | None, tuple[Variable, ...]], ...]
    beside: dict[int, str]

    @property
    def marks(self) -> tuple[int, int]:
        """The line that ran and the one that comes, as far as they are in the frame that is shown."""
        step = self.step
        if self.frame is step.frame:
            leaves = step.kind in ("return", "yield", "unwind")
            return step.ran, 0 if leaves else step.next
        # Of a frame around it: the line that waits for the call.
        return 0, 0


def frames(step: Step) -> list[Frame]:
    """The calls that a step is in, the outermost first."""
    found: list[Frame] = []
    frame: Frame | None = step.frame
    while frame is not None:
        found.append(frame)
        frame = frame.outer
    return found[::-1]


def moment(timeline: Timeline, at: int, chosen: Frame | None = None) -> Moment:
    """The moment after a step, seen from one of the frames that it is in."""
    step = timeline.steps[at]
    frame = chosen if chosen is not None and chosen in frames(step) else step.frame
    state = timeline.state(at)
    before = timeline.state(at - 1)
    scopes = [frame.number] if frame.number == GLOBALS else [frame.number, GLOBALS]
    changed = {(change.scope, change.name) for change in step.changes}
    shown: list[tuple[Frame | None, tuple[Variable, ...]]] = []
    for scope in scopes:
        found = _variables(scope, scopes, state, before, changed)
        shown.append((frame if scope != GLOBALS else None, found))
    return Moment(at, step, frame, tuple(shown), _beside(timeline, at, frame))


def _variables(
    scope: int, scopes: list[int], state: State, before: State, changed: set[tuple[int, str]]
) -> tuple[Variable, ...]:
    owners: dict[int, list[tuple[int, str]]] = {}
    for key, form in state.items():
        if key[0] in scopes and form.identity:
            owners.setdefault(form.identity, []).append(key)
    found: list[Variable] = []
    gone = [key for key in changed if key not in state]
    for key in (*state, *gone):
        if key[0] == scope:
            now = state.get(key)
            others = [each for each in owners.get(now.identity, ()) if each != key] if now is not None else []
            before_it = before.get(key) if key in changed else None
            found.append(Variable(scope, key[1], now, key in changed, before_it, _other(others, scope)))
    return tuple(found)


def _other(others: list[tuple[int, str]], scope: int) -> str:
    """What another variable of the same object is called, seen from a scope."""
    if not others:
        return ""
    other, name = others[0]
    return name if other == scope else f"the global {name}" if other == GLOBALS else f"the local {name}"


def _beside(timeline: Timeline, at: int, frame: Frame) -> dict[int, str]:
    """What each line did when it ran last in a frame."""
    beside: dict[int, str] = {}
    steps = timeline.steps
    for k in range(at, max(-1, at - _LOOKED_BACK), -1):
        step = steps[k]
        if step.frame is not frame:
            continue
        if step.kind == "call":
            beside.setdefault(frame.line, changes_told(step.changes))
            break
        if step.ran and step.ran not in beside:
            beside[step.ran] = effect_told(step)
    return {line: told for line, told in beside.items() if told}


def effect_told(step: Step) -> str:
    """What a step did, in a few words."""
    if step.kind == "exception":
        return step.told
    told = changes_told(step.changes, step.frame.source.line(step.ran))
    if step.kind == "return" and step.told:
        return f"returns {step.told}" if not told else f"{told}; returns {step.told}"
    if step.kind == "yield":
        return f"{told}; yields {step.told}" if told else f"yields {step.told}"
    return told


def changes_told(changes: tuple[Change, ...], line: str = "") -> str:
    """Changes as assignments. An object that several variables have is told once: of the one that the line names."""
    names = set(_NAME.findall(line))
    told: dict[object, str] = {}
    for each in sorted(changes, key=lambda each: (each.name not in names, -each.scope)):
        key: object = each.form.identity if each.form is not None else 0
        text = f"{each.name} = {each.form.text}" if each.form is not None else f"del {each.name}"
        told.setdefault(key or each.name, text)
    return ", ".join(told.values())


def label(timeline: Timeline, at: int) -> str:
    """A step in one line."""
    step = timeline.steps[at]
    name = step.frame.name
    if step.kind == "call":
        return f"{name}({changes_told(tuple(each for each in step.changes if each.scope == step.frame.number))})"
    if step.kind == "return":
        return f"{name} returns {step.told}" if step.told else f"{name} is made"
    if step.kind == "yield":
        return f"{name} yields {step.told}"
    if step.kind == "exception":
        return f"Line {step.ran}: {step.told}"
    if step.kind == "unwind":
        return f"The exception leaves {name}"
    if not step.ran:
        return f"Before line {step.next}"
    line = step.frame.source.line(step.ran)
    return f"Line {step.ran}: {changes_told(step.changes, line) or line.strip()}"


def loop_told(each: Pass, count: int) -> str:
    """Where a loop stands."""
    return f"{each.loop.words}: pass {each.number} of {count}" if each.number else f"{each.loop.words}: begins"


def place(timeline: Timeline, at: int) -> str:
    """Where a step is: the calls and the passes that it is in."""
    step = timeline.steps[at]
    calls = " ▸ ".join(frame.name for frame in frames(step)) if step.frame.depth else ""
    loops = [loop_told(each, len(timeline.passes(each.run))) for each in step.passes]
    return " · ".join(each for each in (calls, *loops) if each)
