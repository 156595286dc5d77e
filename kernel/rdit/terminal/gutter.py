"""Text with a mark in the margin: every line of output, wrapped ones too, hangs beside a sign that tells its kind.

Output comes in pieces that end anywhere, with colours, carriage returns and wide characters in them, so the column is
kept from piece to piece. Where nobody watches (a file, a pipe) control codes are left out, lines are never wrapped,
and of a line that was overwritten with carriage returns the last state is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import get_character_cell_size

from rdit.terminal.story import Kind

_TAB = 8
# CSI and OSC sequences, other escapes, and the characters that move the cursor.
_PIECES = re.compile(
    r"(?P<escape>\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_a-z0-9=>])"
    r"|(?P<move>\r\n|[\n\r\t\b])|(?P<control>[\x00-\x1f\x7f])|(?P<text>[^\x00-\x1f\x7f]+)"
)
_CUT_SHORT = re.compile(r"(?:\x1b(?:\[[0-?]*[ -/]*)?|\r)\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands left of a kind's lines, ``width`` cells wide, and the codes before and after its text."""

    sign: str
    width: int
    before: str = ""
    after: str = ""


class Gutter:
    """Writes pieces of output beside their marks.

    A line's end is held back until something follows, so that a time or a spinner can stand right of the last line.
    """

    def __init__(
        self, write: Callable[[str], object], marks: Mapping[Kind, Mark], width: Callable[[], int], *, is_watched: bool
    ) -> None:
        self._write = write
        self._marks = marks
        self._width = width
        self._is_watched = is_watched
        self._kind: Kind = "stdout"
        # How far the line that is not yet left has come; None when the cursor is at the start of an unused line.
        self._column: int | None = None
        self._is_complete = True
        self._unwritten = ""
        self._escapes = ""

    @property
    def free_from(self) -> int | None:
        """The first cell that is free on the cursor's line; None while the program may go on writing there."""
        if not self._is_complete:
            return None
        return 0 if self._column is None else self._column + self._marks[self._kind].width

    def put(self, kind: Kind, text: str) -> None:
        if kind != self._kind:
            self.end_line()
            self._kind = kind
        if self._is_watched:
            self._put_live(text)
        else:
            self._put_whole_lines(text)

    def end_line(self) -> None:
        """Close an open line, so that something else can follow."""
        if self._unwritten and not self._is_watched:
            self._put_whole_lines("\n")
        if self._column is not None:
            self._write(self._escapes + "\n")
            self._escapes = ""
        self.forget_line()

    def forget_line(self) -> None:
        """The cursor has been brought to a new line by others."""
        self._column, self._is_complete = None, True

    def _put_live(self, text: str) -> None:
        mark = self._marks[self._kind]
        text, self._unwritten = self._unwritten + text, ""
        if cut := _CUT_SHORT.search(text):
            text, self._unwritten = text[: cut.start()], cut[0]
        sign = mark.after + mark.sign + mark.before
        out: list[str] = [mark.before]
        room = max(self._width() - mark.width, 8)
        for piece in _PIECES.finditer(text):
            if piece["escape"]:
                # Between lines it waits, or a colour would show in the margin, and a colour's end would open a line.
                self._escapes += piece["escape"]
                continue
            if self._is_complete:
                out.append(sign if self._column is None else "\n" + sign)
                self._column, self._is_complete = 0, False
            out.append(self._escapes)
            self._escapes = ""
            assert self._column is not None
            if piece["move"] in ("\n", "\r\n"):
                self._is_complete = True
            elif piece["text"]:
                self._fold(piece["text"], room, sign, out)
            elif piece["move"] == "\t":
                self._fold(" " * (_TAB - self._column % _TAB), room, sign, out)
            elif piece["move"] == "\r":
                out.append("\r" + sign)
                self._column = 0
            elif piece["move"] == "\b" and self._column > 0:
                out.append("\b")
                self._column -= 1
        out.append(mark.after)
        self._write("".join(out))

    def _fold(self, text: str, room: int, sign: str, out: list[str]) -> None:
        column = self._column or 0
        if text.isascii():
            cuts = [0, *range(room - column, len(text), room), len(text)]
            out.append(f"\n{sign}".join(text[start:end] for start, end in pairwise(cuts)))
            self._column = len(text) - cuts[-2] + (column if len(cuts) == 2 else 0)
            return
        for character in text:
            cells = get_character_cell_size(character)
            if column + cells > room:
                out += ("\n", sign)
                column = 0
            out.append(character)
            column += cells
        self._column = column

    def _put_whole_lines(self, text: str) -> None:
        *lines, self._unwritten = (self._unwritten + text).replace("\r\n", "\n").split("\n")
        sign = self._marks[self._kind].sign
        self._write("".join((sign + _readable(line)).rstrip() + "\n" for line in lines))


def _readable(line: str) -> str:
    """A line as it looked in the end: codes gone, carriage returns carried out, tabs as spaces."""
    shown = ""
    for state in _PIECES.sub(lambda piece: piece["text"] or (piece["move"] or ""), line).replace("\b", "").split("\r"):
        shown = state + shown[len(state) :]
    return shown.expandtabs(_TAB)
