"""Places: what is kept of the places of a value while it is shown. Which are open, and which have changed just now.

A place is known by its path, so it stays open whatever comes to stand there. Its `serial` names its row on the page.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import count
from typing import Any, Final

_SIMPLE: Final = frozenset({int, float, bool, str, bytes, type(None)})
_serials: Final = count(1)
_SPARE: Final = 200  # places that are kept beyond those that are shown


class Place:
    """One place of a value, and the places inside of it that were shown."""

    __slots__ = ("_inside", "content", "is_changed", "is_open", "serial", "shown", "turn")

    def __init__(self) -> None:
        self.serial = next(_serials)
        self.is_open: bool | None = None  # None: as its level has it
        self.shown = 0  # entries beyond those that are shown anyway
        self.turn = 0  # of looking, when it was seen last
        self.content: object = None  # what was seen then
        self.is_changed = False  # whether that was something else than the time before
        self._inside: dict[Hashable, Place] = {}

    def inside(self, step: Any) -> Place:
        """The place that a step leads to."""
        token = token_of(step)
        found = self._inside.get(token)
        if found is None:
            found = self._inside[token] = Place()
        return found

    def find(self, step: Any, turn: int) -> Place | None:
        """The place that a step leads to, if it was seen in this turn."""
        found = self._inside.get(token_of(step))
        return found if found is not None and found.turn == turn else None

    def see(self, content: object, turn: int) -> None:
        """Note what is there now."""
        self.is_changed = self.content is None or self.content != content
        self.content, self.turn = content, turn

    def changed(self, turn: int) -> Iterator[Place]:
        """The places inside that are seen in this turn and are not as they were."""
        for place in self._inside.values():
            if place.turn == turn:
                if place.is_changed:
                    yield place
                yield from place.changed(turn)

    def tidy(self, turn: int) -> None:
        """Let go of what was inside and is not any more, where that has become much."""
        if len(self._inside) > _SPARE:
            seen = sum(place.turn == turn for place in self._inside.values())
            if len(self._inside) > 2 * seen + _SPARE:
                self._inside = {token: place for token, place in self._inside.items() if place.turn == turn}


def token_of(step: Any) -> Hashable:
    """What a step is known by. A key of a class of the user's is known by itself, for its own ``==`` is not asked."""
    kind = type(step)
    if kind in _SIMPLE:
        return step  # type: ignore[no-any-return]
    if kind is tuple:
        return tuple(map(token_of, step))
    if issubclass(kind, int):
        return int.__index__(step)
    if issubclass(kind, str):
        return str.__str__(step)
    return id(step), "id"


def changed_at(top: Place, path: Iterable[Any], turn: int, *, is_inside: bool) -> list[Place]:
    """The places that a change is seen at, which was made at a path: what is there, or as near as is seen.

    With ``is_inside`` those in it which are not as they were.
    """
    at = top
    for step in path:
        found = at.find(step, turn)
        if found is None:
            return [at]
        at = found
    return [*at.changed(turn)] or [at] if is_inside else [at]
