"""Less waiting for the interpreter's lock while a message is on its way.

A thread that wants the lock waits 5 ms (``sys.getswitchinterval``) for a loop in Python code to hand it over, and a
message on its way from the socket to its handler and back wants it some ten times. The interval is shortened from
the moment the thread that reads the socket wakes, and only until the message has been answered.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

SHORT = 0.0001  # seconds
# Seconds after which haste ends though the message is not answered: a handler that computes for long is in none.
LONGEST = 0.05


class Haste:
    """The interpreter's switch interval, short from `begin` to `end`. From any thread; twice is harmless."""

    def __init__(self, later: Callable[[float, Callable[[], None]], None]) -> None:
        self._later = later
        self._lock = threading.Lock()
        self._usual = 0.0
        self._began = 0

    @property
    def is_on(self) -> bool:
        return self._usual > 0

    def begin(self) -> None:
        """Shorten the interval, for `LONGEST` at most."""
        if self._usual:
            return
        with self._lock:
            usual = sys.getswitchinterval()
            if self._usual or usual <= SHORT:
                return
            self._usual = usual
            self._began += 1
            sys.setswitchinterval(SHORT)
            this = self._began
        self._later(LONGEST, lambda: self._end(this))

    def end(self) -> None:
        """Have the interval be what it was, unless somebody else has set it meanwhile."""
        if self._usual:
            self._end(self._began)

    def _end(self, which: int) -> None:
        with self._lock:
            if not self._usual or which != self._began:
                return
            if abs(sys.getswitchinterval() - SHORT) < SHORT / 10:
                sys.setswitchinterval(self._usual)
            self._usual = 0.0


def when_readable(stream: Any, begin: Callable[[], object]) -> None:
    """Call ``begin`` whenever a ZMQStream is about to read, before it does. On the thread of the stream's loop.

    The stream registers a private method with its loop; one that has none, or another, is left as it is.
    """
    handle = getattr(stream, "_handle_events", None)
    if handle is None:
        return

    def begin_and_handle(fd: Any, events: int) -> None:
        begin()
        handle(fd, events)

    stream.io_loop.remove_handler(stream.socket)
    stream.io_loop.add_handler(stream.socket, begin_and_handle, stream.io_loop.READ)
