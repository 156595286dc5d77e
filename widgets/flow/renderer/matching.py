"""Which of the new children of a node go on with which of the old ones, and which have to be moved for it.

A new node goes on with an old sibling if it is the same element, or has the same key and tag, or, without keys, is
next in line of the same tag. Most changes of a long list are of a row or two, so first those are left out that are at
the same place from either end, and those that went from one end of the rest to the other, as in a swap:

    old   a b c d e f g        a and g stay
    new   a f c d e b g        b and f crossed, so they move, and then c, d and e stay

Nodes that are the same objects, the most by far, are passed over in C. What is left then is matched one by one; of
those that go on, a longest increasing subsequence of old places stays, which is the least number of moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import compress
from operator import is_not
from typing import NamedTuple

from flow.renderer.moves import longest_increasing
from flow.renderer.protocol import Key, RenderNode

Nodes = Sequence[RenderNode]
Wanted = Callable[[], set[int]]


class Matching(NamedTuple):
    """What becomes of the children of a node, by the places in the old list and in the new one."""

    gone: list[RenderNode]  # those that nobody goes on with
    changed: list[tuple[int, int]]  # the places of those that are other objects now, old and new
    loose: list[int]  # the new places of those that are moved or are new, in order; the others stay
    new: set[int]  # the new places of those that go on with none


def is_like(old: RenderNode, new: RenderNode) -> bool:
    """Whether a node can go on as another, whatever their ids."""
    return old.tag == new.tag and old.key == new.key


def match(old: Nodes, new: Nodes, wanted: Wanted) -> Matching:
    """``wanted`` gets the ids of all elements of the new tree, if they have to be known."""
    rest = _Rest(old, new)
    rest.trim()
    while rest.cross():
        rest.trim()
    return rest.match(wanted)


class _Rest:
    """What is not matched yet: ``old[first:last]`` and ``new[start:end]``."""

    def __init__(self, old: Nodes, new: Nodes) -> None:
        self._old, self._new = old, new
        self._first, self._last = 0, len(old)
        self._start, self._end = 0, len(new)
        self._changed: list[tuple[int, int]] = []
        self._front: list[int] = []  # the new places of those that crossed
        self._back: list[int] = []

    def trim(self) -> None:
        """Leave those out that are in the same place from the start or from the end."""
        old, new = self._nodes()
        shorter = min(len(old), len(new))
        same, changed = _common(old, new, range(shorter))
        self._changed += [(self._first + at, self._start + at) for at in changed]
        self._first, self._start = self._first + same, self._start + same
        if same < shorter:
            same, changed = _common(old, new, range(-1, same - shorter - 1, -1))
            self._changed += [(self._last + at, self._end + at) for at in changed]
            self._last, self._end = self._last - same, self._end - same

    def cross(self) -> bool:
        """Leave those out that went from one end to the other, if one that stays comes next. Whether there were any.

        Each of them would be alone in an increasing subsequence, so there is one without them that is as long.
        """
        old, new = self._old, self._new
        first, last, start, end = self._first, self._last, self._start, self._end
        crossed: list[tuple[int, int]] = []
        while last - first > 1 and end - start > 1:
            if _is_same(old[first], new[end - 1]):
                crossed.append((first, end - 1))
                first, end = first + 1, end - 1
            elif _is_same(old[last - 1], new[start]):
                crossed.append((last - 1, start))
                last, start = last - 1, start + 1
            else:
                break
        if not crossed or not (_is_same(old[first], new[start]) or _is_same(old[last - 1], new[end - 1])):
            return False
        self._front += range(self._start, start)
        self._back[:0] = range(end, self._end)
        self._changed += [(place, at) for place, at in crossed if old[place] is not new[at]]
        self._first, self._last, self._start, self._end = first, last, start, end
        return True

    def match(self, wanted: Wanted) -> Matching:
        """Match those that are left one by one."""
        old, new = self._nodes()
        if not old or not new:
            fresh = range(self._start, self._end)
            return Matching([*old], self._changed, [*self._front, *fresh, *self._back], {*fresh})
        places: Sequence[int | None] = _places_by_id(old, new) or _places(old, new, wanted())
        still = longest_increasing(places)
        gone = {*range(len(old))}.difference(places)
        for at, place in enumerate(places):
            if place is not None and old[place] is not new[at]:
                self._changed.append((self._first + place, self._start + at))
        return Matching(
            [old[place] for place in sorted(gone)],
            self._changed,
            [*self._front, *(self._start + at for at in range(len(new)) if at not in still), *self._back],
            {self._start + at for at, place in enumerate(places) if place is None},
        )

    def _nodes(self) -> tuple[Nodes, Nodes]:
        return self._old[self._first : self._last], self._new[self._start : self._end]


def _common(old: Nodes, new: Nodes, places: range) -> tuple[int, list[int]]:
    """How many in these places from an end are the same elements, and where among them are other objects."""
    changed: list[int] = []
    pairs = (old, new) if places.step > 0 else (reversed(old), reversed(new))
    for at in compress(places, map(is_not, *pairs)):
        if not _is_same(old[at], new[at]):
            return abs(at - places.start), changed
        changed.append(at)
    return len(places), changed


def _places_by_id(old: Nodes, new: Nodes) -> list[int] | None:
    """For each new node the place of the old one it goes on with, if all were there already; else None, soon."""
    by_id = {node.element_id: place for place, node in enumerate(old)}
    places: list[int] = []
    for node in new:
        place = by_id.get(node.element_id)
        if place is None or not (old[place] is node or is_like(old[place], node)):
            return None
        places.append(place)
    return places


def _places(old: Nodes, new: Nodes, wanted: set[int]) -> list[int | None]:
    """The same, with None for each one that goes on with none."""
    by_id: dict[int, int] = {}
    by_key: dict[tuple[str, Key], int] = {}
    by_tag: dict[str, deque[int]] = {}
    for at, node in enumerate(old):
        if node.element_id in wanted:  # an element of its own in the new tree, perhaps with other siblings
            by_id[node.element_id] = at
        elif node.key is not None:
            by_key.setdefault((node.tag, node.key), at)
        else:
            by_tag.setdefault(node.tag, deque()).append(at)
    places: list[int | None] = []
    place: int | None
    for node in new:
        place = by_id.get(node.element_id)
        if place is not None and not is_like(old[place], node):
            place = None
        elif place is None and node.key is not None:
            place = by_key.pop((node.tag, node.key), None)
        elif place is None and (line := by_tag.get(node.tag)):
            place = line.popleft()
        places.append(place)
    return places


def _is_same(old: RenderNode, new: RenderNode) -> bool:
    return old is new or (old.element_id == new.element_id and is_like(old, new))
