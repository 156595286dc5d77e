"""The user's lines: where a change was made, and the text that stands there."""

from __future__ import annotations

import linecache
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flow.cells import find_shell
from sidekick.recording import Change


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a user's: what it stands in (``In[3]``, ``ball.py``), its number from 1, and its text without blanks.

    ``statement`` are the first and the last line of the statement that the cell was at, where the kernel tells.
    """

    place: str
    number: int
    text: str
    statement: tuple[int, int] | None = None

    def __str__(self) -> str:
        at = f"{self.place}, line {self.number}" if self.place else f"line {self.number}"
        is_elsewhere = self.statement is not None and not self.statement[0] <= self.number <= self.statement[1]
        return f"{at}, called by line {self.statement[0]}" if self.statement and is_elsewhere else at


def line_of(change: Change) -> Line | None:
    """The line that made a change; None if nobody's did, as when something was typed on the page."""
    filename, number = change.code.co_filename, change.line
    if number is None or _is_of_a_library(filename):
        return None
    at = change.statement
    lines = None if at is None else (at.line_start, at.line_end)
    return Line(_place(filename), number, linecache.getline(filename, number).strip(), lines)


@cache
def _is_of_a_library(filename: str) -> bool:
    """Whether it is Python's own, as of the loop that a handler of the page's runs on."""
    own = sysconfig.get_paths()["stdlib"]
    return filename.startswith(("<frozen", own)) and "site-packages" not in filename


def _place(filename: str) -> str:
    """What a user calls it."""
    naming = getattr(getattr(find_shell(), "compile", None), "format_code_name", None)
    named = naming(filename) if naming is not None else None
    if named is not None:
        return str(named[1])
    return "" if filename.startswith("<") else Path(filename).name
