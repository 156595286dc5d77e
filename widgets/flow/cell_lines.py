"""Lines of a notebook that was made a module: which line of which cell each is.

The module's first line says it, in a comment, so that it is known wherever the file is, also when its import fails:

    # The cells of tour.ipynb begin at lines: 3=2 5=14
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Mapping
from typing import Final

_MARK: Final = re.compile(r"# The cells of (.+) begin at lines: ([\d= ]+)$")


def mark(name: str, firsts: Mapping[int, int]) -> str:
    """The comment. ``firsts`` are the first lines by the numbers of the cells, in their order."""
    return f"# The cells of {name} begin at lines: {' '.join(f'{cell}={line}' for cell, line in firsts.items())}"


def cell_at(comment: str, line: int) -> tuple[str, int] | None:
    """What the cell with a line of such a module is called, and the line in it; None if it is not one or in none."""
    found = _MARK.match(comment.rstrip())
    if found is None:
        return None
    firsts = [(int(first), cell) for cell, first in (each.split("=") for each in found[2].split())]
    before = [each for each in firsts if each[0] <= line]
    if not before:
        return None
    first, cell = before[-1]
    return f"{found[1]}, cell {cell}", line - first + 1


def cell_in_file(path: str, line: int) -> tuple[str, int] | None:
    """The same for a file."""
    return cell_at(linecache.getline(path, 1), line)
