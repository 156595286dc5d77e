"""Bytes to which more are added: the commands of a drawing. A page that has the first of them is told the rest only.

They are a prop and not calls of a method, for a page that comes later, and a second view, start from the props of a
tree: they find all that was drawn in it, and what a notebook saves is that too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flow.renderer.binary import Binary

NAME: Final = "drawing"  # the prop that takes them
TAG: Final = "canvas"  # and its element


class Growing:
    """The first bytes of a buffer that is only added to, as long as it is in use; in ``append``, some of the next ones.

    ``still()`` makes the picture for those who have no script that draws it.
    """

    __slots__ = ("_buffer", "_end", "_start", "still")

    type: Final = "application/x-flow-drawing"

    def __init__(self, buffer: bytearray, still: Callable[[], Binary], *, start: int = 0, end: int = -1) -> None:
        self._buffer = buffer
        self._start = start
        self._end = len(buffer) if end < 0 else end
        self.still = still

    @property
    def data(self) -> bytes:
        """The bytes."""
        return bytes(self._buffer[self._start : self._end])

    def since(self, past: object) -> Growing | None:
        """What was added to the bytes of the past; None if they were others."""
        if isinstance(past, Growing) and past._buffer is self._buffer and past._end <= self._end:
            return Growing(self._buffer, self.still, start=past._end, end=self._end)
        return None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Growing):
            return NotImplemented
        return self._buffer is other._buffer and (self._start, self._end) == (other._start, other._end)

    def __hash__(self) -> int:
        return hash((id(self._buffer), self._start, self._end))

    def __repr__(self) -> str:
        # By which those of other bytes are told apart, as of Binary.
        return f"Growing({self._start} to {self._end} at {id(self._buffer):x})"
