"""Which statements of a cell run: all of them, those on some lines, or those a failed run still owes.

A part is asked for in the request's metadata (``rdit.line_range``, ``rdit.resume``), or in the cell's first line
(``%%lines 3-5``, ``%%resume``); ``%resume`` alone in a cell goes on with the cell that failed, as it was.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from IPython.core.error import UsageError

from rdit.alignment import aligned
from rdit.events import CellRun
from rdit.statements import Statement

_FIRST_LINE = re.compile(r"(?P<blank>\s*)(?P<magic>%%lines|%{1,2}resume)(?:[ \t]+(?P<rest>[^\n]*))?(?:\n|$)")
_RANGE = re.compile(r"(?P<first>\d+)?\s*(?P<dash>[-:])?\s*(?P<last>\d+)?")
_END = 2**31


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines ``first`` to ``last`` of the cell, both included, as its editor numbers them."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on from where the last failed cell stopped. ``source`` is the cell's text when none was given."""

    failed: CellRun
    is_alone: bool = False


Selection = LineRange | Resume | None


@dataclass(frozen=True, slots=True)
class Directive:
    """A cell's first line that says which part runs, and the text that is left when it is blanked out."""

    selection: Selection
    body: str


def directive_of(raw: str, failed: CellRun | None) -> Directive | None:
    """The directive on a cell's first line, if there is one. Raises UsageError where it cannot be followed."""
    found = _FIRST_LINE.match(raw)
    if found is None:
        return None
    rest = (found["rest"] or "").strip()
    body = found["blank"] + "\n" + raw[found.end() :]
    if found["magic"] == "%%lines":
        return Directive(parse_lines(rest), body)
    if rest:
        raise UsageError(f"%resume takes no argument, but got {rest!r}.")
    selection = resume(failed)
    if body.isspace():
        return Directive(Resume(selection.failed, is_alone=True), selection.failed.source)
    return Directive(selection, body)


def asked_for(metadata: Mapping[str, Any] | None, failed: CellRun | None) -> Selection:
    """The selection in an execute request's metadata, under the key ``rdit``."""
    ours = (metadata or {}).get("rdit")
    if not isinstance(ours, Mapping):
        return None
    if ours.get("resume"):
        return resume(failed)
    lines = ours.get("line_range")
    if lines is None:
        return None
    match lines:
        case [int(first), int(last)] if 1 <= first <= last:
            return LineRange(first, last)
        case _:
            raise UsageError(f"rdit.line_range: expected [first, last] with 1 <= first <= last, but got {lines!r}.")


def resume(failed: CellRun | None) -> Resume:
    if failed is None:
        raise UsageError("%resume: nothing to resume, no cell has failed since the last one that ran to its end.")
    return Resume(failed)


def parse_lines(text: str) -> LineRange:
    """``3-5``, ``3:5``, ``3``, ``3-`` or ``-5``."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or not (found["first"] or found["last"]):
        raise UsageError(f"%%lines: expected lines such as 3, 3-5, 3- or -5, but got {text!r}.")
    first = int(found["first"] or 1)
    last = int(found["last"] or (_END if found["dash"] else first))
    if not 1 <= first <= last:
        raise UsageError(f"%%lines: expected first <= last, counted from 1, but got {text!r}.")
    return LineRange(first, last)


def choose(statements: Sequence[Statement], selection: Selection) -> list[Statement]:
    """The statements that run."""
    match selection:
        case None:
            return list(statements)
        case LineRange(first, last):
            chosen = [statement for statement in statements if statement.touches(first, last)]
            if not chosen:
                raise UsageError(f"No statement has a line from {first} to {min(last, 10**6)}.")
            return chosen
        case Resume(failed):
            done = unchanged(statements, failed)
            return [statement for statement in statements if statement.node_index not in done]


def unchanged(statements: Sequence[Statement], failed: CellRun) -> set[int]:
    """The indexes of those statements that the failed cell already ran to their end, in the same words.

    Statements are paired in order, so that one which was written twice is skipped once for each time it ran.
    """
    now = [words(statement) for statement in statements]
    pairs = aligned(failed.done_words, now)
    return {statements[place + k].node_index for _, place, size in pairs for k in range(size)}


def words(statement: Statement) -> str:
    """What a statement says, without its comments, white space and place."""
    return ast.dump(statement.node) + (";" if statement.is_quiet else "")


def describe_resume(statements: Sequence[Statement], skipped: Sequence[int], chosen: Sequence[Statement]) -> str:
    """What `%resume` says of what it skips."""
    if not chosen:
        return "Nothing to resume: every statement has run."
    start = f"Resuming at line {chosen[0].line_start}"
    if not skipped:
        return f"{start}: nothing skipped."
    left_out = [s for s in statements if s.node_index in set(skipped)]
    lines = _joined([(s.line_start, s.line_end) for s in left_out])
    count = "1 statement" if len(left_out) == 1 else f"{len(left_out)} statements"
    return f"{start}: skipped {count} that ran before and did not change (lines {lines})."


def _joined(ranges: Sequence[tuple[int, int]]) -> str:
    """Line ranges, joined where they touch: ``1-4, 7``."""
    joined: list[list[int]] = []
    for start, end in ranges:
        if joined and start <= joined[-1][1] + 1:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in joined)
