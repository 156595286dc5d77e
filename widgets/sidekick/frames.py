"""Frames: the changes of some components in one order, put together to what a timeline goes through.

A frame is one change, or, where the program has told its steps, all changes of a step. The first frame is what was
there before any of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from flow.element import Element
from flow.readable import short
from sidekick.recording import Arrangement, Change, Journal, Recorded, Step
from sidekick.replicas import first_state

By: TypeAlias = Literal["step", "change"]

LIMIT: Final = 10_000  # changes that are kept, a tenth more for a while
NEVER: Final = -1


@dataclass(frozen=True, slots=True)
class Frame:
    """What was shown right after the change with this number: the last one of the frame."""

    number: int
    step: Step | None = None  # None of the first frame
    change: Change | None = None
    of: Recorded | None = None  # what changed last

    @property
    def label(self) -> str:
        """What happened, in a few words."""
        if self.step is None:
            return "Start"
        if self.change is None or self.of is None:
            return self.step.label or ("A step" if self.step.number else "Outside of steps")
        what = f"{name_of(self.of)}: {told(self.change)}"
        return f"{self.step.label}: {what}" if self.step.label else what


class Frames:
    """The frames of an element and of all that is or was in it. They become more when they are looked for again."""

    def __init__(self, of: Recorded, by: By | None = None) -> None:
        self._by = by
        self._seen: dict[Recorded, int] = {of: NEVER}  # the number of the last change that is among the frames
        self._changes: list[tuple[Change, Recorded]] = []
        self._is_by_step = False
        self._frames: list[Frame] = []
        self.refresh()

    def __getitem__(self, at: int) -> Frame:
        return self._frames[at]

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    @property
    def journals(self) -> list[Journal]:
        """Whose changes these are."""
        return [journal for each in self._seen if (journal := each._journal) is not None]

    def at(self, number: int) -> int:
        """The place of the last frame that is not after the change with this number."""
        return max(0, bisect_right(self._frames, number, key=lambda frame: frame.number) - 1)

    def refresh(self) -> bool:
        """Take in what has changed since. False if the frames that were there are others now."""
        new = sorted(self._new(), key=lambda each: each[0].number)
        if not new and self._frames:
            return True
        is_in_order = not (new and self._changes) or self._changes[-1][0].number < new[0][0].number
        self._changes += new
        if not is_in_order:
            self._changes.sort(key=lambda each: each[0].number)
        is_too_long = len(self._changes) > LIMIT * 1.1
        if is_too_long:
            del self._changes[:-LIMIT]
        is_by_step = self._by == "step" or (self._by is None and self._has_steps())
        if self._frames and is_in_order and not is_too_long and is_by_step is self._is_by_step:
            self._grow(new)
            return True
        self._is_by_step = is_by_step
        self._frames = [Frame(self._changes[0][0].number - 1 if self._changes else 0)]
        self._grow(self._changes)
        return False

    def _has_steps(self) -> bool:
        first = self._changes[0][0].step.number if self._changes else 0
        return any(change.step.number != first for change, _ in reversed(self._changes))

    def _grow(self, new: Iterable[tuple[Change, Recorded]]) -> None:
        frames = self._frames
        for change, of in new:
            if not self._is_by_step:
                frames.append(Frame(change.number, change.step, change, of))
                continue
            if frames[-1].step == change.step:
                frames.pop()
            frames.append(Frame(change.number, change.step, change))

    def _new(self) -> Iterator[tuple[Change, Recorded]]:
        """The changes that were not seen yet, also of what was put into one of the containers since."""
        waiting = list(self._seen)
        while waiting:
            of = waiting.pop()
            inside: list[Element] = []
            if self._seen[of] == NEVER:
                self._seen[of] = 0
                first = first_state(of)
                inside += first if isinstance(first, Arrangement) else ()
            for change in of._journal.changes(self._seen[of]) if of._journal is not None else ():
                self._seen[of] = change.number
                if change.arguments and isinstance(change.arguments[0], Arrangement):
                    inside += change.arguments[0]
                yield change, of
            for each in inside:
                if isinstance(each, Recorded) and each not in self._seen:
                    self._seen[each] = NEVER
                    waiting.append(each)


def name_of(of: Recorded) -> str:
    """What a user calls it."""
    return str(getattr(of, "instance_id", "panel"))


def told(change: Change) -> str:
    """A change as a call: ``set_color(1, 2, 'gold')``."""
    if change.arguments and isinstance(change.arguments[0], Arrangement):
        return f"shows {', '.join(map(str, change.arguments[0])) or 'nothing'}"
    return f"{change.method.strip('_')}({', '.join(map(short, change.arguments))})"
