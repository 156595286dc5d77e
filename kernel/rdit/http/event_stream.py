"""The server-sent events of one run, from the moment they are told until they are sent.

A statement is one event, told when it has ended; where its output is wanted at once, its start and each piece are
events too. A statement that writes without end, or a reader who does not read, costs a bounded amount of memory: what
is too much is left out, and the output says how much that was.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from rdit.terminal.json_lines import JsonLines
from rdit.terminal.story import Event, Finished, Output, StatementEnded, StatementStarted

# Characters of one statement's output, and of all that waits to be sent.
LONGEST_OUTPUT = 1_000_000
LONGEST_WAITING = 16_000_000


class EventStream:
    """A view of a story; `take` gives what is to be sent. With ``is_live`` output is told while its statement runs."""

    def __init__(self, *, is_live: bool = False, longest: int = LONGEST_OUTPUT, waiting: int = LONGEST_WAITING) -> None:
        self._lines = JsonLines(self._put)
        self._is_live = is_live
        self._longest = longest
        self._longest_waiting = waiting
        self._written = 0
        self._left_out = 0
        self._statement: StatementStarted | None = None
        self._waiting: list[str] = []
        self._length = 0
        self.is_over = False
        self._has_news = asyncio.Event()

    def show(self, event: Event) -> None:
        match event:
            case StatementStarted():
                self._say_what_was_left_out()
                self._statement, self._written = event, 0
                if self._is_live:
                    self._put(json.dumps({"type": "started", **_place(event)}))
                self._lines.show(event)
            case Output():
                self._show_output(event)
            case StatementEnded() | Finished():
                self._say_what_was_left_out()
                self._lines.show(event)
                self._statement, self._written = None, 0
            case _:
                self._lines.show(event)
        if isinstance(event, Finished):
            self.close()

    def tick(self) -> None:
        """Every event is whole when it is told."""

    def fail(self, message: str) -> None:
        """Tell of a failure that is none of the script's, as the last event."""
        self._put(json.dumps({"type": "error", "message": message, "exitStatus": 1}))
        self.close()

    def close(self) -> None:
        """No more events come."""
        self.is_over = True
        self._has_news.set()

    async def take(self) -> bytes:
        """The events that wait, as soon as there are any, and nothing when all have been taken."""
        await self._has_news.wait()
        waiting, self._waiting, self._length = self._waiting, [], 0
        if not self.is_over:
            self._has_news.clear()
        return "".join(waiting).encode("ascii")

    def _show_output(self, output: Output) -> None:
        room = min(self._longest - self._written, self._longest_waiting - self._length)
        kept = output.text[: max(room, 0)]
        self._written += len(kept)
        self._left_out += len(output.text) - len(kept)
        if kept:
            self._tell(Output(output.type, kept, output.is_aside))

    def _say_what_was_left_out(self) -> None:
        if self._left_out:
            count, self._left_out = self._left_out, 0
            self._tell(Output("stderr", f"\n[{count:,} more characters were left out]\n"))

    def _tell(self, output: Output) -> None:
        self._lines.show(output)
        if self._is_live and self._statement is not None:
            piece = {"type": output.type, "text": output.text}
            self._put(json.dumps({"type": "output", **_place(self._statement), "output": [piece]}))

    def _put(self, line: str) -> None:
        event = f"data: {line}\n\n"
        self._waiting.append(event)
        self._length += len(event)
        self._has_news.set()


def _place(statement: StatementStarted) -> dict[str, Any]:
    return {
        "nodeIndex": statement.node_index,
        "lineStart": statement.line_start,
        "lineEnd": statement.line_end,
    }
