"""What of a long list is as it was last time, found without a look at each item.

Most changes of a list are of an item or two. Lists compare in C what they hold, and take what is the same object for
equal without touching it; whatever asks a thousand items, even for an attribute, takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flow.renderer.protocol import RenderNode

if TYPE_CHECKING:
    from flow.element import Element

T = TypeVar("T")

_AT_A_TIME: Final = 32  # items that are compared
_FEW: Final = 8  # rows that are looked for one by one
_NO_ROW: Final[Any] = object()


def apart(old: list[Any], new: list[Any]) -> tuple[Sequence[int], Sequence[int]]:
    """The places in the old list and in the new one outside of which they are equal.

    They are two ranges, or the same places in both if the lists are of one length.
    """
    if len(old) == len(new):
        places = [
            at
            for start in range(0, len(new), _AT_A_TIME)
            if not is_equal(old[start : start + _AT_A_TIME], new[start : start + _AT_A_TIME])
            for at in range(start, min(start + _AT_A_TIME, len(new)))
            if old[at] is not new[at]
        ]
        return places, places
    shorter = min(len(old), len(new))
    start = _alike(old, new, shorter)
    end = _alike(old[::-1], new[::-1], shorter - start)
    return range(start, len(old) - end), range(start, len(new) - end)


def exchanged(whole: list[T], places: Sequence[int], others: list[T]) -> list[T]:
    """The old list with others in its places that are ``apart``."""
    found = [*whole]
    if isinstance(places, range):
        found[places.start : places.stop] = others
    else:
        for at, other in zip(places, others, strict=True):
            found[at] = other
    return found


def is_equal(one: Any, other: Any) -> bool:
    """Whether they are, as far as that can be said."""
    try:
        return bool(one == other)
    except Exception:  # arrays give no yes or no
        return False


class Rendered:
    """What a list was rendered to last, a node for each row. The rows that neither moved nor changed are not asked."""

    __slots__ = ("_outdated", "_rows", "nodes")

    def __init__(self, rows: list[Element], nodes: list[RenderNode]) -> None:
        self.nodes = nodes
        self._rows = rows
        self._outdated: set[Element] = set()

    def outdate(self, row: Element) -> bool:
        """Note that a row has another node. False if it is one of many, so that it is easier to ask all."""
        self._outdated.add(row)
        return len(self._outdated) <= _FEW

    def go_on(self, rows: list[Element]) -> bool:
        """Bring the nodes up to date. False if a row has none now, or several, or if it is easier to ask all."""
        for row in self._outdated:
            with suppress(ValueError):
                self._rows[self._rows.index(row)] = _NO_ROW
        rows = [*rows]
        old, new = apart(self._rows, rows)
        if len(new) > len(rows) // 2:
            return False
        for at in new:
            if type(rows[at]._kept) is not RenderNode:
                rows[at]._render_into([])
        nodes: list[Any] = [rows[at]._kept for at in new]
        if not all(type(node) is RenderNode for node in nodes):
            return False
        self._rows, self.nodes = rows, exchanged(self.nodes, old, nodes)
        self._outdated.clear()
        return True


def _alike(old: list[Any], new: list[Any], most: int) -> int:
    """How many at the start are equal, of so many."""
    start = 0
    while start < most and is_equal(old[start : start + _AT_A_TIME], new[start : start + _AT_A_TIME]):
        start += _AT_A_TIME
    return next((at for at in range(start, min(start + _AT_A_TIME, most)) if old[at] is not new[at]), most)
