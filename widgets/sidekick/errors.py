"""Errors that have no caller to be raised to: they are told where the callback was registered, and stop nothing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from flow.readable import short
from flow.server.burst import burst
from flow.tracebacks import told

_log: Final = logging.getLogger("sidekick")
_HERE: Final = str(Path(__file__).parent)


def guarded(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function, and tell its error. Also a ``SystemExit``, which would end the loop for all.

    What it changes is on the pages when it returns, or bit by bit if that takes long.
    """
    try:
        with burst():
            return function(*args)
    except BaseException as error:
        tell(error, function)


def tell(error: BaseException, function: object) -> None:
    """Print the traceback, which lands in the cell whose context this is, and log it."""
    at = error.__traceback__
    while at is not None and at.tb_frame.f_code.co_filename.startswith(_HERE):
        at = at.tb_next
    error = error.with_traceback(at or error.__traceback__)
    name = getattr(function, "__qualname__", None) or short(function)
    _log.error("%s failed", name, exc_info=error)
    print(told(error)[1], file=sys.stderr)
