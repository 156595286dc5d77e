"""The least that leads from one tree to another, as operations for a page.

A new node goes on with an old sibling if it is the same element, or has the same key and tag, or, without keys, is
next in line of the same tag. Of the children that go on, those of a longest increasing subsequence of old places stay
where they are and the others move, which is the least number of moves (Fredman 1975, by patience sorting). Parts that
are the same objects in both trees are not looked into.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence

from flow.renderer.growing import Growing
from flow.renderer.protocol import Key, Operation, Patch, RenderNode


def diff(old: RenderNode, new: RenderNode) -> Patch:
    """What leads a page that shows ``old`` to ``new``. Ids are unique in each tree."""
    walk = _Walk(old, new)
    if not _is_like(old, new) or (old.element_id != new.element_id and old.element_id in walk.wanted):
        return Patch([("replace", old.element_id, new)], new, {})
    node = walk.go_on(old, new)
    return Patch(walk.leaving + walk.staying, node, walk.adopted)


class _Walk:
    """One comparison, and what it found."""

    def __init__(self, old: RenderNode, new: RenderNode) -> None:
        self.leaving: list[Operation] = []
        self.staying: list[Operation] = []
        self.adopted: dict[int, int] = {}
        self._trees = old, new
        self._wanted: set[int] | None = None

    @property
    def wanted(self) -> set[int]:
        """The ids that are spoken for by elements of the new tree, but for those inside parts that did not change."""
        if self._wanted is None:
            self._wanted = _new_ids(*self._trees)
        return self._wanted

    def go_on(self, old: RenderNode, new: RenderNode) -> RenderNode:
        """Change the old node into the new one, which keeps the old one's id, and get it as the page then has it."""
        if old is new:
            return old
        known = old.element_id
        if new.element_id != known:
            self.adopted[new.element_id] = known
        self._props(old, new)
        if new.text is not None:
            if old.children or new.text != (old.text or ""):
                (self.leaving if old.children else self.staying).append(("text", known, new.text))
            return _as(known, new)
        if old.text:
            self.leaving.append(("text", known, ""))
        if old.children and not new.children:
            self.leaving.append(("text", known, ""))
            return _as(known, new)
        return _as(known, new, self._children(known, old.children, new.children))

    def _props(self, old: RenderNode, new: RenderNode) -> None:
        before, after = old.props, new.props
        if before is after:
            return
        for name in before:
            if name not in after:
                self.staying.append(("unset", old.element_id, name))
        for name, value in after.items():
            past = before.get(name)
            if past != value or (past is True) != (value is True):  # 1 == True
                more = value.since(past) if isinstance(value, Growing) else None
                if more is not None:
                    self.staying.append(("append", old.element_id, name, more))
                else:
                    self.staying.append(("set", old.element_id, name, value))

    def _children(self, parent: int, old: Sequence[RenderNode], new: Sequence[RenderNode]) -> tuple[RenderNode, ...]:
        if old is new:
            return tuple(new)
        start, end = _common(old, new)
        old_rest, new_rest = old[start : len(old) - end], new[start : len(new) - end]
        places = self._match(old_rest, new_rest) if old_rest and new_rest else [None] * len(new_rest)
        kept = {*places} - {None}
        if len(kept) < len(old_rest):
            self.leaving.extend(("remove", each.element_id) for at, each in enumerate(old_rest) if at not in kept)
        head = self._go_on_each(old[:start], new[:start])
        rest = [
            each if place is None or old_rest[place] is each else self.go_on(old_rest[place], each)
            for place, each in zip(places, new_rest, strict=True)
        ]
        cut = len(new) - end
        tail = self._go_on_each(old[len(old) - end :], new[cut:])
        self._arrange(parent, rest, places, tail[0].element_id if tail else None)
        return (*head, *rest, *tail)

    def _match(self, old: Sequence[RenderNode], new: Sequence[RenderNode]) -> Sequence[int | None]:
        """For each new node the place of the old one it goes on with, or None."""
        places = _match_ids(old, new)
        return _match(old, new, self.wanted) if places is None else places

    def _go_on_each(self, old: Sequence[RenderNode], new: Sequence[RenderNode]) -> list[RenderNode]:
        return [
            before if before is after else self.go_on(before, after) for before, after in zip(old, new, strict=True)
        ]

    def _arrange(
        self, parent: int, nodes: Sequence[RenderNode], places: Sequence[int | None], before: int | None
    ) -> None:
        """Insert and move, from the last to the first, so that what each one is put in front of is in place."""
        still = longest_increasing(places)
        run: list[RenderNode] = []
        for at in range(len(nodes) - 1, -1, -1):
            if at in still and not run:
                continue
            node, place = nodes[at], places[at]
            if not run and at + 1 < len(nodes):
                before = nodes[at + 1].element_id
            if place is None:
                run.append(node)
                continue
            if run:
                before = self._insert(parent, before, run)
            if at not in still:
                self.staying.append(("move", parent, before, node.element_id))
        if run:
            self._insert(parent, before, run)

    def _insert(self, parent: int, before: int | None, run: list[RenderNode]) -> int:
        """Insert the nodes of the run, last first, and get what the next one is put in front of."""
        run.reverse()
        first = run[0].element_id
        self.staying.append(("insert", parent, before, list(run)))
        run.clear()
        return first


def longest_increasing(places: Sequence[int | None]) -> set[int]:
    """The positions of a longest increasing subsequence, not counting None."""
    tops: list[int] = []  # the least last place of an increasing subsequence of each length
    ends: list[int] = []  # and its position
    previous: list[int] = [-1] * len(places)
    for at, place in enumerate(places):
        if place is None:
            continue
        if not tops or place > tops[-1]:
            previous[at] = ends[-1] if ends else -1
            tops.append(place)
            ends.append(at)
        else:
            length = bisect_left(tops, place)
            previous[at] = ends[length - 1] if length else -1
            tops[length], ends[length] = place, at
    found: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = previous[at]
    return found


def _match_ids(old: Sequence[RenderNode], new: Sequence[RenderNode]) -> list[int] | None:
    """The same, if all of the new nodes were there already, which is soon found out; else None."""
    by_id = {node.element_id: at for at, node in enumerate(old)}
    places: list[int] = []
    for node in new:
        place = by_id.get(node.element_id)
        if place is None or not (old[place] is node or _is_like(old[place], node)):
            return None
        places.append(place)
    return places


def _match(old: Sequence[RenderNode], new: Sequence[RenderNode], wanted: set[int]) -> list[int | None]:
    """For each new node the place of the old one it goes on with, or None."""
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
    for node in new:
        place = by_id.get(node.element_id)
        if place is not None and not _is_like(old[place], node):
            place = None
        elif place is None and node.key is not None:
            place = by_key.pop((node.tag, node.key), None)
        elif place is None and (line := by_tag.get(node.tag)):
            place = line.popleft()
        places.append(place)
    return places


def _common(old: Sequence[RenderNode], new: Sequence[RenderNode]) -> tuple[int, int]:
    """How many elements are the same at the start, and at the end of the rest."""
    start = end = 0
    for before, after in zip(old, new, strict=False):
        if not (before is after or _is_same(before, after)):
            break
        start += 1
    shorter = min(len(old), len(new))
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if end == shorter - start or not (before is after or _is_same(before, after)):
            break
        end += 1
    return start, end


def _as(known: int, node: RenderNode, children: tuple[RenderNode, ...] = ()) -> RenderNode:
    """The node by the id that the page knows it by."""
    return RenderNode(node.tag, known, node.props, children, node.text, node.key)


def _is_same(old: RenderNode, new: RenderNode) -> bool:
    return old.element_id == new.element_id and _is_like(old, new)


def _is_like(old: RenderNode, new: RenderNode) -> bool:
    return old.tag == new.tag and old.key == new.key


def _new_ids(old: RenderNode, new: RenderNode) -> set[int]:
    found = {new.element_id}
    waiting: list[tuple[RenderNode | None, RenderNode]] = [(old, new)]
    while waiting:
        before, after = waiting.pop()
        if before is after:
            continue
        past = {each.element_id: each for each in before.children} if before is not None else {}
        for child in after.children:
            found.add(child.element_id)
            waiting.append((past.get(child.element_id), child))
    return found
