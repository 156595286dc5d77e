"""The server-sent events of one run, from the moment they are told until they are sent.

A statement is one event, told when it has ended. Where its output is wanted at once, its start, each piece and its
end with its time are events too, and a piece brings the picture that its text stands for. A statement that writes
without end, or a reader who does not read, costs a bounded amount of memory: what is too much is left out, and the
output says how much that was.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from rdit.terminal.json_lines import JsonLines, merged
from rdit.terminal.story import Event, Finished, Output, StatementEnded, StatementStarted

# Characters of one statement's output, and of all that waits to be sent.
LONGEST_OUTPUT = 1_000_000
LONGEST_WAITING = 16_000_000
_PICTURES = ("image/png", "image/svg+xml", "image/jpeg", "image/gif", "image/webp")


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
                if self._is_live and self._statement is not None and isinstance(event, StatementEnded):
                    told = {"type": "ended", **_place(self._statement), "seconds": event.seconds}
                    self._put(json.dumps({**told, "failed": event.failed}))
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
        room = max(min(self._longest - self._written, self._longest_waiting - self._length), 0)
        kept = output.text[:room]
        picture = _picture(output.data) if self._is_live else None
        if picture is not None and len(kept) + len(picture[1]) > room:
            self._left_out += len(picture[1])
            picture = None
        self._written += len(kept) + (0 if picture is None else len(picture[1]))
        self._left_out += len(output.text) - len(kept)
        if kept:
            self._tell(Output(output.type, kept, output.is_aside), picture)

    def _say_what_was_left_out(self) -> None:
        if self._left_out:
            count, self._left_out = self._left_out, 0
            self._tell(Output("stderr", f"\n[{count:,} more characters were left out]\n"))

    def _tell(self, output: Output, picture: tuple[str, str] | None = None) -> None:
        self._lines.show(output)
        if self._is_live and self._statement is not None:
            (piece,) = merged([output])
            data = {} if picture is None else {"data": dict([picture])}
            self._put(json.dumps({"type": "output", **_place(self._statement), "output": [{**piece, **data}]}))

    def _put(self, line: str) -> None:
        event = f"data: {line}\n\n"
        self._waiting.append(event)
        self._length += len(event)
        self._has_news.set()


def _picture(data: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """The kind and the text of the picture in a MIME bundle."""
    for kind in _PICTURES:
        found = (data or {}).get(kind)
        if found:
            return kind, found if isinstance(found, str) else "".join(found)
    return None


def _place(statement: StatementStarted) -> dict[str, Any]:
    return {
        "nodeIndex": statement.node_index,
        "lineStart": statement.line_start,
        "lineEnd": statement.line_end,
    }
