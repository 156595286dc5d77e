"""When pages are told: at most 60 times a second each, and never more than 100 messages a second in all.

A Jupyter server discards what comes faster than it likes, without a word. So whoever has news stands in line here, and
sends all of them at once when it is its turn; what is written meanwhile goes along.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Final, Protocol

_log = logging.getLogger("flow")

FRAME: Final = 1 / 60  # seconds between two rounds
LIMIT: Final = 100  # messages
WINDOW: Final = 1.0  # in so many seconds
BURST: Final = 0.03  # seconds that changes wait for others which follow at once


class Timer(Protocol):
    """What can be called off."""

    def cancel(self) -> object: ...


class Pace:
    """A line of those who have something to send. Used on one loop only.

    ``later(seconds, function)`` calls a function then, and gives what calls it off.
    """

    def __init__(
        self, later: Callable[[float, Callable[[], object]], Timer], *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._later = later
        self._clock = clock
        self._waiting: dict[Callable[[], object], None] = {}
        self._sent: deque[float] = deque()
        self._last = -WINDOW
        self._timer: Timer | None = None
        self._due = 0.0
        self._bursts = 0  # under way
        self._held_until = 0.0

    def request(self, flush: Callable[[], object], *, is_urgent: bool = False) -> None:
        """Call ``flush`` when it is its turn; at once, limits permitting, if it is the end of a handler or cell."""
        self._waiting[flush] = None
        now = self._clock()
        self._wake_at(now if is_urgent else max(self._last + FRAME, self._held_until if self._bursts else now))

    def begin_burst(self) -> None:
        """Somebody makes changes that belong together, and is probably soon done: let them wait for each other."""
        if not self._bursts:
            self._held_until = self._clock() + BURST
        self._bursts += 1

    def end_burst(self) -> None:
        """That one is done: what waits is told as soon as it is its turn."""
        self._bursts -= 1
        if not self._bursts and self._waiting:
            self._wake_at(max(self._last + FRAME, self._clock()))

    def forget(self, flush: Callable[[], object]) -> None:
        """Do not call it any more."""
        self._waiting.pop(flush, None)

    def count(self) -> None:
        """Note that a message was sent."""
        self._sent.append(self._clock())

    def _wake_at(self, time: float) -> None:
        now = self._clock()
        self._forget_old(now)
        if len(self._sent) >= LIMIT:
            time = max(time, self._sent[0] + WINDOW)
        if self._timer is not None:
            if self._due <= time:
                return
            self._timer.cancel()
        self._due = time
        self._timer = self._later(max(0.0, time - now), self._run)

    def _run(self) -> None:
        self._timer = None
        self._last = self._clock()
        for flush in list(self._waiting):
            self._forget_old(self._clock())
            if len(self._sent) >= LIMIT:
                self._wake_at(self._sent[0] + WINDOW)
                return
            self._waiting.pop(flush, None)
            try:
                flush()
            except (Exception, SystemExit, KeyboardInterrupt):  # the others have their turn, and the loop goes on
                _log.exception("a page could not be told")

    def _forget_old(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - WINDOW:
            self._sent.popleft()
