"""Input history, written to its database a moment after a cell began.

IPython wakes the thread that saves history as every cell begins, and the two then take turns at the interpreter's
lock: a tenth of a trivial cell's time. Twenty milliseconds later most cells are over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_DELAY = 0.02


class LateFlag(threading.Event):
    """An Event that is set a moment after it was asked to be, unless its thread is to stop."""

    def __init__(self, saver: Any, later: Callable[[float, Callable[[], None]], None]) -> None:
        super().__init__()
        self._saver = saver
        self._later = later
        self._is_due = False

    def set(self) -> None:
        if self._saver._stop_now:
            super().set()
        elif not self._is_due:
            self._is_due = True
            self._later(_DELAY, self._set_now)

    def _set_now(self) -> None:
        self._is_due = False
        super().set()


def save_late(history: Any, later: Callable[[float, Callable[[], None]], None]) -> None:
    """Let the thread that saves ``history`` begin late. ``later(seconds, call)`` calls it from another thread."""
    saver = getattr(history, "save_thread", None)
    if saver is None:
        return
    early, saver.save_flag = saver.save_flag, LateFlag(saver, later)
    # The thread may already wait for the flag it knew: this lets it look again, at the new one.
    early.set()
