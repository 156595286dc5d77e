"""The story of a run: what `rdit run`, `rdit run --kernel` and `rdit watch` tell, and what every view understands.

A story is a run of these events in order: cells start, statements start, put out and end, and at last it is finished.
Statements never overlap. Output may also come while no statement runs (from a thread, say, or at exit).
Events cross from the script's process to the one that shows them as one line of JSON each. Standard library only, for
the script's process imports it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["stdout", "stderr", "error"]

# Seconds a program has, once its time is up, to react to an interrupt before it is ended the hard way.
GRACE = 1.0


@dataclass(frozen=True, slots=True)
class CellStarted:
    """A script, or one code cell of a notebook, begins. ``cell`` counts from 1 and is None for a script."""

    source: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class StatementStarted:
    node_index: int
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Output:
    """A piece of what was written, as it came: it may end in the middle of a line.

    An aside is not the running statement's, such as what a watched command says by itself. ``data`` is what ``text``
    stands for, by MIME type, where a kernel displayed more than text.
    """

    type: Kind
    text: str
    is_aside: bool = False
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class InputAwaited:
    """The program waits for a line that the reader types; nothing may be drawn meanwhile."""


@dataclass(frozen=True, slots=True)
class InputGiven:
    """The line came. When it was typed, its echo has moved the cursor to a new line."""


@dataclass(frozen=True, slots=True)
class StatementEnded:
    seconds: float
    is_invisible: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run did not reach its end, and the statement where it stopped, if it stopped in one."""

    message: str
    line_start: int | None = None
    line_end: int | None = None
    cell: int | None = None

    @property
    def place(self) -> str:
        """Such as "cell 2, lines 3-5"; empty when it is not known."""
        cell = "" if self.cell is None else f"cell {self.cell}"
        if self.line_start is None:
            return cell
        one = self.line_end is None or self.line_end == self.line_start
        lines = f"line {self.line_start}" if one else f"lines {self.line_start}-{self.line_end}"
        return f"{cell}, {lines}" if cell else lines


def timed_out(where: Failure, seconds: float) -> Failure:
    """The failure of a program that was stopped at ``where`` because its time was up."""
    return replace(where, message=f"timed out: still running after {seconds:g} s")


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over; ``status`` is the exit status that tells how."""

    status: int = 0
    failure: Failure | None = None


Event: TypeAlias = CellStarted | StatementStarted | Output | InputAwaited | InputGiven | StatementEnded | Finished


class View(Protocol):
    """Whoever shows a story."""

    def show(self, event: Event) -> None:
        """Take in the next event."""

    def tick(self) -> None:
        """Nothing happened for a moment: a time to bring what is shown up to date."""


_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (CellStarted, StatementStarted, Output, InputAwaited, InputGiven, StatementEnded, Finished)
}


def encode(event: Event) -> bytes:
    """One event as one line. Plain ASCII, so that lone surrogates cross unharmed."""
    fields: dict[str, Any] = {name: getattr(event, name) for name in event.__slots__}
    if fields.get("failure") is not None:
        fields["failure"] = asdict(fields["failure"])
    return json.dumps([type(event).__name__, fields]).encode("ascii") + b"\n"


def decode(line: bytes) -> Event:
    """The event that `encode` made this line of."""
    name, fields = json.loads(line)
    if fields.get("failure") is not None:
        fields["failure"] = Failure(**fields["failure"])
    return _KINDS[name](**fields)
