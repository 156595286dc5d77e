"""Tracebacks for people: from their own line on, without the way through flow that led there."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

_HERE: Final = str(Path(__file__).parent)


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
    return title, "".join(lines).strip()
