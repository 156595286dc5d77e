"""Tracebacks for people: from their own line on, without the way through flow that led there."""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

from flow.cell_lines import cell_in_file

_HERE: Final = str(Path(__file__).parent)
_FILE: Final = re.compile(r'File "([^"\n]+)", line (\d+)')


def from_the_user(error: BaseException) -> TracebackType | None:
    """The part of its traceback that starts at the first frame outside of flow; all of it if there is none."""
    at = error.__traceback__
    while at is not None and at.tb_frame.f_code.co_filename.startswith(_HERE):
        at = at.tb_next
    return at or error.__traceback__


def told(error: BaseException) -> tuple[str, str]:
    """An error as a title, ``ValueError: no such row``, and its traceback, both plain text."""
    title = "".join(traceback.format_exception_only(error)).strip()
    lines = traceback.format_exception(type(error), error, from_the_user(error))
    return title, _FILE.sub(_place, "".join(lines).strip())


def _place(line: re.Match[str]) -> str:
    """A cell by the number that its user sees, not by the file that IPython has for it, or that a page has."""
    if found := cell_in_file(line[1], int(line[2])):
        return f"{found[0]}, line {found[1]}"
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    name = shell.compile.format_code_name(line[1]) if shell is not None else None
    return f"{' '.join(name)}, line {line[2]}" if name else line[0]
