"""The door of ``%%replay``: makes the magic known to IPython, and imports what it does when it is first used.

A cell that begins with ``%%replay`` is not handed to the magic as a text, but stays a cell: the line becomes a line
magic, which starts the recording. So the cell runs as it would without it, ``await``, magics, last value and all.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, Final

_FIRST_LINE: Final = re.compile(r"(?P<blank>\s*)%%replay(?P<options>[ \t]+[^\n]*)?(?:\n|\Z)")
_HELP: Final = re.compile(r"(?:^|\s)(?:-h|--help)(?:\s|$)")


def register(shell: Any = None) -> None:
    """Make ``%%replay`` known to this shell, else to the one that this runs in, if any. Twice is harmless."""
    if shell is None:
        ipython = sys.modules.get("IPython")  # not imported for this: elsewhere there is no shell
        shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or "replay" in shell.magics_manager.magics["cell"]:
        return

    def replay(line: str, cell: str | None = None) -> None:
        from sidekick.replay.magic import run_cell, start

        if cell is None:
            start(shell, line)
        else:
            run_cell(shell, line, cell)

    replay.__doc__ = "Run a cell and show what each of its statements did, back and forth. See %%replay --help."
    shell.register_magic_function(replay, magic_kind="line_cell", magic_name="replay")
    shell.transform_cell = staying_a_cell(shell.transform_cell)


def staying_a_cell(transform: Callable[[str], str]) -> Callable[[str], str]:
    """What makes Python of a cell, also of one that begins with ``%%replay``. Each line keeps its number."""

    def transform_cell(raw: str) -> str:
        found = _FIRST_LINE.match(raw)
        body = raw[found.end() :] if found is not None else ""
        options = ((found and found["options"]) or "").strip()
        if found is None or not body.strip() or _HELP.search(options):
            return transform(raw)
        # IPython drops blank lines at the beginning, so they are kept from it.
        above, below = found["blank"].count("\n"), _blank_lines(body)
        cell = transform(body.split("\n", below)[below])
        blank = "\n"
        return f"{blank * above}get_ipython().run_line_magic('replay', {options!r})\n{blank * below}{cell}"

    return transform_cell


def _blank_lines(text: str) -> int:
    """How many lines with nothing on them it begins with."""
    return text[: len(text) - len(text.lstrip())].count("\n")
