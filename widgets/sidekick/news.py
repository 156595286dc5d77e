"""News: a function is called soon after components have changed, once for all changes until then, on the UI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from weakref import WeakMethod

from flow import ui_thread
from sidekick.recording import Journal


class News:
    """Calls a method, whose object it does not hold, ``pause`` seconds after the first of some changes."""

    def __init__(self, method: Callable[[], object], pause: float = 0) -> None:
        self._method = WeakMethod(method)
        self._pause = pause
        self._is_due = False

    def of(self, journals: Iterable[Journal]) -> None:
        """Have it called for what changes in these, as long as this is held."""
        for journal in journals:
            journal.follow(self)

    def follow(self) -> None:
        """Something changes just now: whoever does that holds the component's lock."""
        if not self._is_due:
            self._is_due = True
            ui_thread.call(self._wait if self._pause else self._tell)

    def _wait(self) -> None:
        ui_thread.later(self._pause, self._tell)

    def _tell(self) -> None:
        self._is_due = False  # first, for what changes from here on may be too late for this call
        method = self._method()
        if method is not None:
            method()
