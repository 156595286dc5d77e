"""The least that leads from one tree to another, as operations for a page.

Which node goes on with which, and what moves, is found in ``matching``. Parts that are the same objects in both trees
are not looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from flow.renderer.growing import Growing
from flow.renderer.matching import Nodes, is_like, match
from flow.renderer.protocol import Operation, Patch, RenderNode

Part: TypeAlias = tuple[RenderNode, RenderNode]  # a node of a tree as it was, and as it is


def diff(old: RenderNode, new: RenderNode) -> Patch:
    """What leads a page that shows ``old`` to ``new``. Ids are unique in each tree."""
    walk = _Walk([(old, new)])
    if not is_like(old, new) or (old.element_id != new.element_id and old.element_id in walk.wanted()):
        return Patch([("replace", old.element_id, new)], new, {})
    node = walk.go_on(old, new)
    return Patch(walk.leaving + walk.staying, node, walk.adopted)


def diff_parts(parts: Sequence[Part]) -> tuple[list[Operation], dict[int, int]]:
    """The operations, and who is adopted by whom, if nothing else in the tree has changed. None is inside another."""
    walk = _Walk(parts)
    for old, new in parts:
        walk.go_on(old, new)
    return walk.leaving + walk.staying, walk.adopted


class _Walk:
    """One comparison, and what it found."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.leaving: list[Operation] = []
        self.staying: list[Operation] = []
        self.adopted: dict[int, int] = {}
        self._parts = parts
        self._wanted: set[int] | None = None

    def wanted(self) -> set[int]:
        """The ids that are spoken for by elements of the new tree, but for those inside parts that did not change."""
        if self._wanted is None:
            self._wanted = _new_ids(self._parts)
        return self._wanted

    def go_on(self, old: RenderNode, new: RenderNode) -> RenderNode:
        """Change the old node into the new one, which keeps the old one's id, and get it as the page then has it."""
        if old is new:
            return old
        known = old.element_id
        if new.element_id != known:
            self.adopted[new.element_id] = known
        self._props(old, new)
        children = new.children
        if new.text is not None:
            if old.children or new.text != (old.text or ""):
                (self.leaving if old.children else self.staying).append(("text", known, new.text))
        else:
            if old.text or (old.children and not children):
                self.leaving.append(("text", known, ""))
            if children and children is not old.children:
                children = self._children(known, old.children, children)
        if new.element_id == known and children is new.children:
            return new
        return RenderNode(new.tag, known, new.props, children, new.text, new.key)

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

    def _children(self, parent: int, old: Nodes, new: tuple[RenderNode, ...]) -> tuple[RenderNode, ...]:
        found = match(old, new, self.wanted)
        self.leaving.extend(("remove", each.element_id) for each in found.gone)
        renamed: dict[int, RenderNode] = {}
        for place, at in found.changed:
            node = self.go_on(old[place], new[at])
            if node is not new[at]:
                renamed[at] = node
        if renamed:
            new = tuple(renamed.get(at, node) for at, node in enumerate(new))
        if found.loose:
            self._arrange(parent, new, found.loose, found.new)
        return new

    def _arrange(self, parent: int, nodes: Nodes, loose: Sequence[int], new: set[int]) -> None:
        """Insert and move, from the last to the first, so that what each one is put in front of is in place."""
        start = end = len(nodes)  # of a run of new ones
        for at in reversed(loose):
            if at not in new or at + 1 != start:
                self._insert(parent, nodes, start, end)
                start = end = at + 1
            if at in new:
                start = at
            else:
                self.staying.append(("move", parent, _id_of(nodes, at + 1), nodes[at].element_id))
                start = end = at
        self._insert(parent, nodes, start, end)

    def _insert(self, parent: int, nodes: Nodes, start: int, end: int) -> None:
        if start < end:
            self.staying.append(("insert", parent, _id_of(nodes, end), [*nodes[start:end]]))


def _id_of(nodes: Nodes, at: int) -> int | None:
    return nodes[at].element_id if at < len(nodes) else None


def _new_ids(parts: Sequence[Part]) -> set[int]:
    found: set[int] = set()
    waiting: list[tuple[RenderNode | None, RenderNode]] = [*parts]
    while waiting:
        before, after = waiting.pop()
        found.add(after.element_id)
        if before is not after:
            past = {each.element_id: each for each in before.children} if before is not None else {}
            waiting += [(past.get(child.element_id), child) for child in after.children]
    return found
