"""From a kernel's messages to a story: the one reader of iopub for `rdit run --kernel` and `rdit watch`.

An rdit kernel says what belongs to which statement, and this listens to the best teller there is:

- ``news``: the comm ``rdit.statements`` tells of each start and end. It is some milliseconds behind the output, so a
  statement's output waits until its start has been told.
- ``marks``: no comm (yet). The statement is known by the mark on what it publishes; silent ones stay unseen.
- ``cells``: not an rdit kernel. A cell is told as if it were one statement.
"""

from __future__ import annotations

import ast
import re
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from rdit.events import COMM_TARGET
from rdit.statements import split, touching
from rdit.terminal.story import (
    CellStarted,
    Event,
    Failure,
    Kind,
    Output,
    StatementEnded,
    StatementStarted,
)

# Seconds after a cell's end in which news of its statements must have come.
_NEWS_WITHIN = 2.0

# A SyntaxError's text ends with its place: "invalid syntax (1234.py, line 3)".
_SYNTAX_PLACE = re.compile(r"\s*\([^()]*\bline (\d+)\)$")

Message = Mapping[str, Any]
Teller = Literal["news", "marks", "cells"]


@dataclass(slots=True)
class _Cell:
    """A cell that runs, as far as it has been told."""

    msg_id: str
    source: str
    statement: int | None = None
    ended: int = -1
    began: float = 0.0
    is_silent: bool = True
    idle_at: float | None = None
    is_told: bool = False
    is_over: bool = False
    # It failed before its first statement: it does not parse.
    is_refused: bool = False
    waiting: dict[int, list[Output]] = field(default_factory=lambda: defaultdict(list))
    failure: Failure | None = None


class KernelStory:
    """Hears a kernel's messages with `hear` and tells the story to ``tell``.

    ``number`` gives a cell its number from the message id and the execution count of its request; requests for which it
    answers False are not told. ``cell_over`` is called with the message id and the failure, if any, when all is told.
    ``wants_history`` asks the kernel for what it ran before, too.
    """

    def __init__(
        self,
        tell: Callable[[Event], None],
        number: Callable[[str, int], int | Literal[False] | None],
        cell_over: Callable[[str, Failure | None], None] = lambda _msg_id, _failure: None,
        *,
        wants_history: bool = True,
    ) -> None:
        self._tell = tell
        self._number = number
        self._cell_over = cell_over
        self._cell: _Cell | None = None
        self._cell_number: int | None = None
        self._lines: tuple[int | None, int | None] = (None, None)
        self._told: set[str] = set()
        # What came too early: messages of cells after the one that is being told, and news by the request's id.
        self._later: list[Message] = []
        self._news: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self.teller: Teller = "marks"
        self.has_answer = False
        self.comm_id = uuid.uuid4().hex
        self._wants_history = wants_history

    @property
    def comm_open(self) -> dict[str, Any]:
        """The content of the request that asks the kernel for news."""
        data = {} if self._wants_history else {"history": False}
        return {"comm_id": self.comm_id, "target_name": COMM_TARGET, "data": data}

    def place(self, message: str) -> Failure:
        """A failure with this message, of the statement that is or was last told."""
        return Failure(message, *self._lines, self._cell_number)

    def hear(self, message: Message) -> None:
        """Take in the next message from iopub. What belongs to a later cell waits until this one is told."""
        parent = message["parent_header"].get("msg_id", "")
        if self._cell is None or parent == self._cell.msg_id or parent in self._told or not _is_of_a_cell(message):
            self._take_in(message, parent)
        else:
            self._later.append(message)

    def close(self) -> None:
        """No more messages come: tell what was waiting for news."""
        while self._cell is not None:
            self._end_cell(self._cell)

    def stop_in(self, source: str, number: int | None, line: int) -> None:
        """The kernel was ended in this line of a cell. It may have been too busy to tell that it had come so far."""
        cell = self._cell
        if cell is None:
            cell = self._cell = _Cell("", source)
            self._cell_number = number
            self._tell(CellStarted(source, number))
        index, first, last = _statement_at(source, line)
        since = cell.began or time.monotonic()
        if cell.statement is not None and cell.statement != index:
            self._end(cell, 0.0, failed=False)
        if cell.statement is None:
            self._start(cell, index, first, last)
        self._end(cell, time.monotonic() - since, failed=True)

    def _take_in(self, message: Message, parent: str) -> None:
        content = message["content"]
        match message["header"]["msg_type"]:
            case "comm_msg" if content["comm_id"] == self.comm_id:
                self._hear_news(content["data"])
            case "comm_close" if content["comm_id"] == self.comm_id:
                self.teller, self.has_answer = "cells", True
            case "execute_input":
                self._begin_cell(parent, content)
            case "status" if content["execution_state"] == "idle":
                self._hear_idle(parent)
            case "status" if content["execution_state"] == "starting" and self._cell is not None:
                # The kernel was started anew: nothing more will be heard of the cell.
                self._end_cell(self._cell)
            case "stream":
                self._hear_output(message, content["name"], content["text"])
            case "display_data" | "update_display_data" | "execute_result":
                self._hear_output(message, "stdout", plain_text(content["data"]), _more_than_text(content["data"]))
            case "error":
                self._hear_error(message)

    def tick(self) -> None:
        """Give a cell up of which no more news come: nothing of it ran, or the comm is cut off."""
        cell = self._cell
        if cell is not None and cell.idle_at is not None and time.monotonic() - cell.idle_at > _NEWS_WITHIN:
            self._end_cell(cell)

    # Cells

    def _begin_cell(self, msg_id: str, content: Mapping[str, Any]) -> None:
        number = self._number(msg_id, content["execution_count"])
        if number is False:
            return
        source = content["code"]
        self._cell, self._cell_number = _Cell(msg_id, source), number
        self._lines = None, None
        self._told.add(msg_id)
        self._tell(CellStarted(source, number))
        if self.teller == "cells":
            self._start(self._cell, 0, 1, source.rstrip().count("\n") + 1)
        self._apply_news(self._cell)

    def _hear_idle(self, msg_id: str) -> None:
        cell = self._cell
        if cell is None or cell.msg_id != msg_id:
            return
        cell.idle_at = time.monotonic()
        if self.teller != "news" or cell.is_over or not (cell.is_told or _may_run(cell)):
            self._end_cell(cell)

    def _end_cell(self, cell: _Cell) -> None:
        if cell.statement is not None:
            self._end(cell, time.monotonic() - cell.began, failed=cell.failure is not None or cell.idle_at is None)
        for late in cell.waiting.values():
            for output in late:
                self._tell(output)
        self._cell = None
        self._cell_over(cell.msg_id, cell.failure)
        later, self._later = self._later, []
        for message in later:
            self.hear(message)

    # Statements

    def _start(self, cell: _Cell, index: int, first: int, last: int) -> None:
        cell.statement, cell.began, cell.is_silent = index, time.monotonic(), True
        self._lines = first, last
        self._tell(StatementStarted(index, first, last))
        for output in cell.waiting.pop(index, ()):
            self._put_out(cell, output)

    def _end(self, cell: _Cell, seconds: float, *, failed: bool) -> None:
        assert cell.statement is not None
        self._tell(StatementEnded(seconds, cell.is_silent, failed))
        cell.ended, cell.statement = cell.statement, None

    def _put_out(self, cell: _Cell, output: Output) -> None:
        cell.is_silent = False
        self._tell(output)

    # What tells of them

    def _hear_news(self, data: Mapping[str, Any]) -> None:
        self.teller, self.has_answer = "news", True
        for event in data["events"]:
            self._news[event["msg_id"]].append(event)
        if self._cell is not None:
            self._apply_news(self._cell)

    def _apply_news(self, cell: _Cell) -> None:
        for event in self._news.pop(cell.msg_id, ()):
            cell.is_told = True
            match event["event"]:
                case "started" if event["statement"] > cell.ended and event["statement"] != cell.statement:
                    if cell.statement is not None:
                        self._end(cell, time.monotonic() - cell.began, failed=False)
                    self._start(cell, event["statement"], event["line_start"], event["line_end"])
                case "finished" | "failed" if event["statement"] == cell.statement:
                    self._end(cell, event["duration"], failed=event["event"] == "failed")
                case "finished" | "failed" if event["statement"] > cell.ended:
                    # The history a late listener is told holds no starts of what has ended.
                    self._start(cell, event["statement"], event["line_start"], event["line_end"])
                    self._end(cell, event["duration"], failed=event["event"] == "failed")
                case "cell_finished" | "cell_failed":
                    cell.is_over = True
                    # Figures and the like are published after the last statement, and then the kernel is idle.
                    if cell.idle_at is not None:
                        self._end_cell(cell)
                        return

    def _hear_output(self, message: Message, kind: Kind, text: str, data: Mapping[str, Any] | None = None) -> None:
        output = Output(kind, text, data=data)
        parent = message["parent_header"].get("msg_id")
        if (cell := self._cell) is None or parent != cell.msg_id:
            if parent in self._told:
                self._tell(output)
            return
        mark = message["metadata"].get("rdit")
        if mark is None or mark["statement"] == cell.statement:
            self._put_out(cell, output)
        elif mark["statement"] <= cell.ended:
            self._tell(output)
        elif self.teller == "news":
            cell.waiting[mark["statement"]].append(output)
        else:
            if cell.statement is not None:
                self._end(cell, time.monotonic() - cell.began, failed=False)
            self._start(cell, mark["statement"], mark["line_start"], mark["line_end"])
            self._put_out(cell, output)

    def _hear_error(self, message: Message) -> None:
        content, mark = message["content"], message["metadata"].get("rdit", {})
        if self._cell is not None and message["parent_header"].get("msg_id") == self._cell.msg_id:
            first, last = mark.get("line_start"), mark.get("line_end")
            name, value = content["ename"], content["evalue"].partition("\n")[0]
            if first is None and (found := _SYNTAX_PLACE.search(value)) is not None:
                first = last = int(found[1])
                value = value[: found.start()]
            self._cell.is_refused = not mark and self._cell.statement is None and not self._cell.is_told
            told = f"{name}: {value}" if value else name
            self._cell.failure = Failure(told, first, last, self._cell_number)
        self._hear_output(message, "error", "\n".join(content["traceback"]) + "\n")


def _statement_at(source: str, line: int) -> tuple[int, int, int]:
    """Index and lines of the statement that has this line; the line itself where the source is not plain Python."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        for statement in touching(split(ast.parse(source).body, source), line, line):
            return statement.node_index, statement.line_start, statement.line_end
    return 0, line, line


def plain_text(bundle: Mapping[str, Any]) -> str:
    """What a MIME bundle says in plain text; failing that, which kinds of data it holds."""
    text = bundle.get("text/plain")
    if text is None:
        text = f"<{', '.join(sorted(bundle))}>" if bundle else ""
    return ("".join(text) if isinstance(text, list) else str(text)) + "\n"


def _more_than_text(bundle: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return {kind: data for kind, data in bundle.items() if kind != "text/plain"} or None


def _is_of_a_cell(message: Message) -> bool:
    # News are sent with whatever parent the kernel has at the moment.
    is_news = message["header"]["msg_type"].startswith("comm_")
    return not is_news and message["parent_header"].get("msg_type") == "execute_request"


def _may_run(cell: _Cell) -> bool:
    """Whether statements of the cell can have run, so that news of them are still to come."""
    if cell.is_refused:
        return False
    try:
        return bool(ast.parse(cell.source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(cell.source.strip())
