"""Steps in words, and the moment that a view shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sidekick.replay.steps import GLOBALS, Change, Frame, Pass, State, Step, Timeline
from sidekick.replay.values import Form

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
    visible = [key for key in state if key[0] in scopes]
    owners: dict[int, list[tuple[int, str]]] = {}
    for key in visible:
        if state[key].identity:
            owners.setdefault(state[key].identity, []).append(key)
    found: list[Variable] = []
    for key in [each for each in state if each[0] == scope] + [
        each for each in changed if each[0] == scope and each not in state
    ]:
        form = state.get(key)
        others = [name for other, name in owners.get(form.identity, []) if (other, name) != key] if form else []
        is_changed = key in changed
        old = before.get(key) if is_changed else None
        found.append(Variable(scope, key[1], form, is_changed, old, others[0] if others else ""))
    return tuple(found)


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
    told = changes_told(step.changes)
    if step.kind == "return" and step.told:
        return f"returns {step.told}" if not told else f"{told}; returns {step.told}"
    if step.kind == "yield":
        return f"{told}; yields {step.told}" if told else f"yields {step.told}"
    return told


def changes_told(changes: tuple[Change, ...]) -> str:
    """Changes as assignments."""
    told = []
    seen: set[str] = set()
    for each in sorted(changes, key=lambda each: -each.scope):
        if each.name not in seen:
            seen.add(each.name)
            told.append(f"{each.name} = {each.form.text}" if each.form is not None else f"del {each.name}")
    return ", ".join(told)


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
    told = changes_told(step.changes)
    return f"Line {step.ran}: {told or step.frame.source.line(step.ran).strip()}"


def loop_told(each: Pass, count: int) -> str:
    """Where a loop stands."""
    return f"{each.loop.words}: pass {each.number} of {count}" if each.number else f"{each.loop.words}: begins"


def place(timeline: Timeline, at: int) -> str:
    """Where a step is: the calls and the passes that it is in."""
    step = timeline.steps[at]
    calls = " ▸ ".join(frame.name for frame in frames(step)) if step.frame.depth else ""
    loops = [loop_told(each, len(timeline.passes(each.run))) for each in step.passes]
    return " · ".join(each for each in (calls, *loops) if each)
