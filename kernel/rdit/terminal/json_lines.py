"""A story as one JSON object a line, for programs: each statement when it has ended, then how the run did."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any, assert_never

from rdit.terminal.story import (
    CellStarted,
    Event,
    Finished,
    InputAwaited,
    InputGiven,
    Output,
    StatementEnded,
    StatementStarted,
)


class JsonLines:
    """Writes ``{"nodeIndex", "lineStart", "lineEnd", "output", "isInvisible"}`` for each statement, and at the end
    ``{"type": "complete"}`` or ``{"type": "error", "message", …}``.

    A notebook's lines also hold ``"cell"``. What is written while no statement runs comes as
    ``{"type": "output", "output"}``.
    """

    def __init__(self, write_line: Callable[[str], None]) -> None:
        self._write_line = write_line
        self._cell: int | None = None
        self._statement: StatementStarted | None = None
        self._output: list[Output] = []

    def show(self, event: Event) -> None:
        match event:
            case CellStarted():
                self._tell_stray_output()
                self._cell = event.cell
            case StatementStarted():
                self._tell_stray_output()
                self._statement = event
            case Output(is_aside=True):
                self._write({"type": "output", "output": merged([event])})
            case Output():
                self._output.append(event)
            case StatementEnded():
                self._tell_statement(event)
            case Finished():
                self._tell_stray_output()
                self._tell_end(event)
            case InputAwaited() | InputGiven():
                pass
            case _:
                assert_never(event)

    def tick(self) -> None:
        """Every line is complete when it is written, so there is nothing to bring up to date."""

    def _tell_statement(self, end: StatementEnded) -> None:
        if self._statement is None:
            return
        line: dict[str, Any] = {} if self._cell is None else {"cell": self._cell}
        line |= {
            "nodeIndex": self._statement.node_index,
            "lineStart": self._statement.line_start,
            "lineEnd": self._statement.line_end,
            "output": merged(self._output),
            "isInvisible": end.is_invisible,
        }
        self._write(line)
        self._statement, self._output = None, []

    def _tell_stray_output(self) -> None:
        if self._statement is None and self._output:
            self._write({"type": "output", "output": merged(self._output)})
            self._output = []

    def _tell_end(self, end: Finished) -> None:
        if end.failure is None:
            self._write({"type": "complete"})
            return
        failure = end.failure
        line: dict[str, Any] = {"type": "error", "message": failure.message, "exitStatus": end.status}
        if failure.cell is not None:
            line["cell"] = failure.cell
        if failure.line_start is not None:
            line |= {"lineStart": failure.line_start, "lineEnd": failure.line_end or failure.line_start}
        self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        self._write_line(json.dumps(line))


# A kernel colours its tracebacks.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def merged(pieces: list[Output]) -> list[dict[str, str]]:
    """Pieces of output as JSON: those of one kind that follow each other are one."""
    runs = groupby(pieces, key=lambda piece: piece.type)
    items: list[dict[str, str]] = [{"type": kind, "text": "".join(piece.text for piece in run)} for kind, run in runs]
    for item in items:
        if item["type"] == "error":
            item["text"] = _COLOURS.sub("", item["text"])
    return items
