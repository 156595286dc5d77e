"""Who shows a run: people or programs, on standard output."""

from __future__ import annotations

import io
import os
import sys
from typing import IO

from rdit.terminal.story import View


def standard_output() -> IO[str]:
    """``sys.stdout``, which from now on writes anything: what its encoding lacks, it writes as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return sys.stdout


def make_view(*, as_json: bool) -> tuple[View, int | None]:
    """The view for standard output, and how wide a program's output may be in it (None: as wide as it likes)."""
    file = standard_output()
    if as_json:
        from rdit.terminal.json_lines import JsonLines

        return JsonLines(lambda line: print(line, file=file, flush=True)), None
    from rdit.terminal.view import TerminalView

    view = TerminalView(file)
    return view, view.body_width if view.is_watched else None


def leave_quietly() -> None:
    """Standard output's reader is gone: let nothing be written on the way out, for that would raise again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
