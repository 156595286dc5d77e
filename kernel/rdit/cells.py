"""A cell's text: when it is Python as it stands, and keeping its lines where the user sees them.

IPython rewrites a cell before Python sees it: magics, prompts, leading blank lines. Some of that is not wanted:

- text that already is Python must reach Python untouched (a ``>>>`` inside a string is not a prompt);
- a line must keep its number, or every traceback, mark and breakpoint below it points at the wrong one. Where the
  rewriting took lines away, blank ones stand in for them.
"""

from __future__ import annotations

import ast
import re

from rdit.alignment import aligned

# `In [3]: x` parses as Python (an annotation), and is always a pasted prompt.
_PROMPT = re.compile(r"^\s*In \[\d+\]:", re.MULTILINE)


def may_be_python(raw: str) -> bool:
    """Whether a cell is worth parsing as it stands."""
    return not raw.lstrip().startswith(("%", "!", "?")) and not _PROMPT.match(raw)


def restore_line_numbers(raw: str, cell: str) -> str:
    """``cell``, rewritten from ``raw``, with blank lines put where lines went missing."""
    raw_lines, lines = raw.splitlines(), cell.splitlines()
    if len(lines) >= len(raw_lines) or not lines:
        return cell
    blank = 0 if not lines[0].strip() else next((k for k, line in enumerate(raw_lines) if line.strip()), 0)
    restored = [""] * blank  # IPython drops blank first lines
    raw_at, at = blank, 0
    for raw_from, line_from, size in aligned(raw_lines[blank:], lines):
        raw_from += blank
        # What else took lines away is a statement over several lines that became a shorter one.
        restored += lines[at:line_from] + [""] * ((raw_from - raw_at) - (line_from - at))
        restored += lines[line_from : line_from + size]
        raw_at, at = raw_from + size, line_from + size
    candidate = "\n".join(restored) + "\n"
    return candidate if _parses_alike(cell, candidate) else cell


def _parses_alike(one: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
