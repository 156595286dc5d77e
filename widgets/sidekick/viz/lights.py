"""Lights: what has changed in the last moments, and stands out on the page until then.

What changes again is lit anew: it alternates between two lights, ``1`` and ``2``, for a page begins an animation only
where something is other than before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from time import monotonic
from typing import Final, Literal
from weakref import ref

from flow import ui_thread

SECONDS: Final = 1.5  # that something is lit
Light = Literal[0, 1, 2]


class Lights:
    """What is lit. ``tell()`` is called when some of it is not any more."""

    def __init__(self, tell: Callable[[], object]) -> None:
        self._lit: dict[Hashable, tuple[Light, float]] = {}
        self._tell = tell
        self._is_waiting = False

    def light(self, things: Iterable[Hashable]) -> None:
        """Light these, from now on."""
        now = monotonic()
        for thing in things:
            self._lit[thing] = 2 if self.of(thing) == 1 else 1, now
        if self._lit and not self._is_waiting:
            self._is_waiting = True
            _later(self)

    def of(self, thing: Hashable) -> Light:
        """Which light a thing has; 0 for none."""
        found = self._lit.get(thing)
        return found[0] if found is not None else 0

    def __bool__(self) -> bool:
        return bool(self._lit)

    def put_out(self) -> None:
        """Put out what was lit long enough, and come back for the rest."""
        before, now = self._lit, monotonic()
        self._lit = {thing: (light, since) for thing, (light, since) in before.items() if now - since < SECONDS}
        self._is_waiting = bool(self._lit)
        if self._is_waiting:
            _later(self)
        if len(self._lit) != len(before):
            self._tell()


def _later(lights: Lights) -> None:
    waiting = ref(lights)
    ui_thread.call(lambda: ui_thread.loop().call_later(SECONDS, partial(_put_out, waiting)) and None)


def _put_out(waiting: ref[Lights]) -> None:
    lights = waiting()
    if lights is not None:
        lights.put_out()
