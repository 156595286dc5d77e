"""Which part of a source a reader is shown for a statement: its lines, or its piece of a line that it shares."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from rdit.statements import Statement, split

_LINE_END = re.compile(r"\r\n|\r|\n")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONGEST = 2000
_MOST_LINES = 12
_FIRST_LINES, _LAST_LINES = 8, 2


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines to show: ``numbers`` beside ``lines``, with ``left_out`` lines missing before the one at index ``gap``."""

    numbers: list[int]
    lines: list[str]
    left_out: int = 0
    gap: int = 0


class Source:
    """A script's or a cell's text, and how far a reader has seen it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = _LINE_END.split(text)
        self._seen = 0
        self._statements: list[Statement] | None = None

    @property
    def last_line(self) -> int:
        return len(self._lines)

    def excerpt(self, node_index: int, first: int, last: int) -> Excerpt:
        """The lines ``first`` to ``last``, without what other statements have of them."""
        lines = self._lines[first - 1 : last]
        if first == self._seen or (lines and ";" in lines[-1]):
            lines = self._piece(node_index, first, last) or lines
        self._seen = last
        numbers = list(range(first, first + len(lines)))
        left_out = len(lines) - _FIRST_LINES - _LAST_LINES if len(lines) > _MOST_LINES else 0
        if left_out:
            lines = lines[:_FIRST_LINES] + lines[-_LAST_LINES:]
            numbers = numbers[:_FIRST_LINES] + numbers[-_LAST_LINES:]
        return Excerpt(numbers, [_shown(line) for line in lines], left_out, _FIRST_LINES)

    def _piece(self, node_index: int, first: int, last: int) -> list[str] | None:
        """The statement's own lines, when it shares one with a neighbour."""
        # Most sources have no such lines and are not parsed for being shown.
        if self._statements is None:
            try:
                self._statements = split(ast.parse(self._text).body, self._text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._statements = []
        for neighbour in self._statements[max(node_index - 1, 0) : node_index + 2]:
            if neighbour.node_index != node_index and neighbour.touches(first, last):
                piece = ast.get_source_segment(self._text, self._statements[node_index].node, padded=True)
                return _LINE_END.split(piece.strip()) if piece else None
        return None


def _shown(line: str) -> str:
    line = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", line.expandtabs(4)).rstrip()
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " \N{HORIZONTAL ELLIPSIS}"
