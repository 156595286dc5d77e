"""Steps: what a program did, statement by statement, and what its variables were after each.

A recording keeps changes only: the state after a step is what all changes up to it come to.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from sidekick.replay.sources import Loop, Source
from sidekick.replay.values import Form

Kind: TypeAlias = Literal["line", "call", "return", "yield", "exception", "unwind"]

GLOBALS: Final = 0  # the scope of what is no function's


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a function, which is defined at ``line``, or what stands at the top: there it is ``GLOBALS``."""

    number: int
    name: str
    source: Source
    outer: Frame | None = None
    depth: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that has another value now. Without a form it is gone."""

    scope: int
    name: str
    form: Form | None


@dataclass(frozen=True, slots=True)
class Pass:
    """Where a loop stands: in its how manyeth pass, from 1; 0 before the first. ``run`` tells its runs apart."""

    loop: Loop
    number: int
    run: int


@dataclass(slots=True)
class Step:
    """What one statement did. ``ran`` is the line that it stands on, ``next`` the one that comes, 0 for none.

    ``frame`` is where that is. ``written`` counts the characters that had been printed by then. ``told`` is the value
    of a return, or the exception.
    """

    kind: Kind
    frame: Frame
    ran: int
    next: int
    changes: tuple[Change, ...]
    passes: tuple[Pass, ...] = ()
    written: int = 0
    told: str = ""


@dataclass(slots=True)
class Recording:
    """All steps of a run. ``end`` says why there are no more, if the program went on; ``output`` is what it printed."""

    source: Source
    steps: list[Step] = field(default_factory=list)
    output: str = ""
    end: str = ""

    def __len__(self) -> int:
        return len(self.steps)


State: TypeAlias = "dict[tuple[int, str], Form]"


class Timeline:
    """The states of a recording that has ended, and ways through it."""

    def __init__(self, recording: Recording) -> None:
        self.recording: Final = recording
        self.steps: Final = recording.steps
        self._kept: dict[int, State] = {-1: {}}  # some states, from which the others are not far
        self._changed: dict[tuple[int, str], list[int]] = {}
        self._runs: dict[int, list[int]] = {}
        self._passes: dict[int, list[int]] = {}
        self._loops: dict[int, Loop] = {}
        state: State = {}
        for at, step in enumerate(self.steps):
            for change in step.changes:
                self._changed.setdefault((change.scope, change.name), []).append(at)
            for each in step.passes:
                self._loops[each.run] = each.loop
                self._runs.setdefault(each.run, []).append(at)
                if each.number > len(self._passes.get(each.run, ())):
                    self._passes.setdefault(each.run, []).append(at)
            _apply(step, state)
            if at % _APART == _APART - 1:
                self._kept[at] = dict(state)

    def state(self, at: int) -> State:
        """All variables after a step, also those of functions that have returned since."""
        from_ = (at + 1) // _APART * _APART - 1
        state = dict(self._kept[from_])
        for step in self.steps[from_ + 1 : at + 1]:
            _apply(step, state)
        return state

    def changes(self, scope: int, name: str) -> list[int]:
        """The steps in which a variable changed."""
        return self._changed.get((scope, name), [])

    def next_change(self, scope: int, name: str, after: int) -> int | None:
        """The next step in which it changed; after the last one, the first."""
        found = self.changes(scope, name)
        if not found:
            return None
        at = bisect_right(found, after)
        return found[at] if at < len(found) else found[0]

    def numbers(self, scope: int, name: str, until: int, most: int) -> list[float]:
        """The numbers that a variable was up to a step, the latest; nothing if it ever was anything else."""
        found = self.changes(scope, name)
        found = found[: bisect_right(found, until)][-most:]
        numbers: list[float] = []
        for at in found:
            for change in self.steps[at].changes:
                if change.scope == scope and change.name == name:
                    if change.form is None or change.form.number is None:
                        return []
                    numbers.append(change.form.number)
        return numbers

    def passes(self, run: int) -> list[int]:
        """The first step of each pass of a run of a loop: of the pass 1, of the pass 2 …"""
        return self._passes.get(run, [])

    def steps_of(self, run: int) -> list[int]:
        """The steps of a run of a loop, with those of functions that it calls."""
        return self._runs.get(run, [])

    def runs(self) -> list[tuple[int, Loop, int]]:
        """The runs of loops that had a pass: the number of each, the loop, and the step it begins with."""
        return [(run, self._loops[run], self._runs[run][0]) for run in self._passes]


_APART: Final = 256


def _apply(step: Step, state: State) -> None:
    for change in step.changes:
        if change.form is None:
            state.pop((change.scope, change.name), None)
        else:
            state[change.scope, change.name] = change.form
