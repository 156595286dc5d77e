"""Mark: that something has changed, told to the effects that show it, for less than a write of a signal costs."""

from __future__ import annotations

from flow import Signal


class Mark:
    """Stands for state that changes often: who changes it calls ``touch``, who shows it ``read`` before looking at it.

    Changes after the first cost no more than a look at a flag, until somebody has read again. No lock is needed: the
    state is changed before ``touch`` and looked at after ``read``, so a change that finds the flag up is one that the
    reader, who takes it down first, has yet to see.
    """

    __slots__ = ("_changes", "_is_up")

    def __init__(self, name: str) -> None:
        self._changes = Signal(0, name=name)
        self._is_up = False

    def touch(self) -> None:
        """Tell those who have read that there is something new. From any thread."""
        if not self._is_up:
            self._is_up = True
            self._changes.update(_next)

    def read(self) -> None:
        """Depend on it. Call it before looking at what it stands for."""
        _ = self._changes.value
        self._is_up = False


def _next(count: int) -> int:
    return count + 1
