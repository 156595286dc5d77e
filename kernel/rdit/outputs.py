"""What one statement produced: output items, and all of them as an execution result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypedDict

OutputType = Literal["stdout", "stderr", "error"]


class OutputItemDict(TypedDict):
    """An output item as JSON."""

    type: OutputType
    text: str


class ExecutionResultDict(TypedDict):
    """An execution result as JSON, in the shape that front ends read."""

    nodeIndex: int
    lineStart: int
    lineEnd: int
    output: list[OutputItemDict]
    isInvisible: bool


@dataclass(frozen=True, slots=True)
class OutputItem:
    """A run of text of one kind: what was written to a stream, a value's repr (``stdout``), or a traceback."""

    type: OutputType
    text: str

    def to_dict(self) -> OutputItemDict:
        return {"type": self.type, "text": self.text}


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """What a statement wrote and showed, in the order in which it happened.

    ``error`` is the exception that ended the statement and with it the script, ``duration`` its seconds; both are for
    the caller in this process and no part of the JSON.
    """

    node_index: int
    line_start: int
    line_end: int
    output: list[OutputItem] = field(default_factory=list)
    is_invisible: bool = True
    error: BaseException | None = field(default=None, compare=False)
    duration: float = field(default=0.0, compare=False)

    def to_dict(self) -> ExecutionResultDict:
        return {
            "nodeIndex": self.node_index,
            "lineStart": self.line_start,
            "lineEnd": self.line_end,
            "output": [item.to_dict() for item in self.output],
            "isInvisible": self.is_invisible,
        }


def exit_status(error: BaseException | None) -> int:
    """The status with which Python would leave after ``error``: 0 without one, the code of a SystemExit, else 1."""
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        if error.code is None:
            return 0
        return error.code & 0xFF if isinstance(error.code, int) else 1
    if isinstance(error, KeyboardInterrupt):
        return 130
    return 1
