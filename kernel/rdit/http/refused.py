"""What is wrong with a request, as its sender is told."""

from __future__ import annotations


class Refused(Exception):
    """A request that is not done. ``status`` is HTTP's, ``str()`` says what was expected, what came and what to do.

    It names no path of the machine but what the sender said.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
