"""Which nodes of a live tree are out of date, and the way to them from its root.

    div o            o: something inside is to be made anew
    ├─ header        x: it is itself
    └─ tbody o
       ├─ tr         a, b and c are not even looked at: tbody is as it was, but for one child
       ├─ tr o
       │  ├─ td x
       │  └─ td
       └─ tr

Transparent elements have no node: what changes in one changes the node around it. An element is marked with the node
that it had, by which its place in the node around is found. The way up ends at a mark, since from there it is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from flow.element import Element, Transparent
from flow.renderer.diff import Part
from flow.renderer.matching import is_like
from flow.renderer.protocol import RenderNode

_FEW: Final = 3  # nodes that are searched for one by one


class _Mark:
    """``inside``: the marked elements in it that are next to it; None if it is marked itself."""

    __slots__ = ("inside", "node")

    def __init__(self, node: RenderNode | None) -> None:
        self.node = node  # None if it had none: it is not shown
        self.inside: dict[Element, None] | None = {}


class Marks:
    """The marks of the tree of ``root``. Used in one thread at a time."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._of: dict[Element, _Mark] = {}
        self._parts: list[Part] = []

    def __bool__(self) -> bool:
        return bool(self._of)

    def add(self, element: Element) -> None:
        """Note that the node of an element has to be made anew."""
        inner: Element | None = None
        while True:
            element = self._with_node(element)
            kept = element._kept
            mark = self._of.get(element)
            is_known = mark is not None and kept is None  # one that was rendered meanwhile has the node of then
            if mark is None:
                mark = self._of[element] = _Mark(kept if type(kept) is RenderNode else None)
            element._kept = None
            if inner is None:
                mark.inside = None
            elif mark.inside is not None:
                mark.inside[inner] = None
            outer = element._outer()
            if is_known or element is self._root or outer is None:
                return
            inner, element = element, outer

    def renew(self, before: RenderNode) -> tuple[RenderNode, list[Part]]:
        """The root's node, made anew where it is marked, and the parts in which it is not as before."""
        parts = self._parts = []
        if self._root in self._of:
            self._of[self._root].node = before  # a transparent root has one for the page only
            before = self._renewed(self._root)
        self._of.clear()
        self._parts = []  # they hold what was there before, which is not to last until the next update
        return before, parts

    def _with_node(self, element: Element) -> Element:
        """The element that has its node, or is around those that have it; the nodes kept for it are no longer right."""
        inside: Element | None = None
        while isinstance(element, Transparent) and element is not self._root:
            outer = element._outer()
            if outer is None:
                break
            element._outdate(inside)
            inside, element = element, outer
        return element

    def _renewed(self, element: Element) -> RenderNode:
        mark = self._of[element]
        before = mark.node
        if before is not None and mark.inside is not None:
            known = len(self._parts)
            children = self._with_renewed(before.children, mark.inside)
            if children is not None:
                node = RenderNode(before.tag, before.element_id, before.props, children, None, before.key)
                if not isinstance(element, Transparent):
                    element._kept = node
                return node
            del self._parts[known:]
        node = element._node()
        if before is not None and node is not before:
            self._parts.append((before, node))
        return node

    def _with_renewed(self, nodes: Sequence[RenderNode], inside: Iterable[Element]) -> tuple[RenderNode, ...] | None:
        """The nodes with those of the elements made anew; None if one was not among them, so all have to be seen."""
        renewed: list[Part] = []
        for element in inside:
            before, node = self._of[element].node, self._renewed(element)
            if before is None or before.element_id != node.element_id or not is_like(before, node):
                return None
            renewed.append((before, node))
        return _exchanged_one_by_one(nodes, renewed) if len(renewed) <= _FEW else _exchanged(nodes, renewed)


def _exchanged_one_by_one(nodes: Sequence[RenderNode], parts: list[Part]) -> tuple[RenderNode, ...] | None:
    found = [*nodes]
    for before, node in parts:
        try:
            found[found.index(before)] = node  # ids differ, so no props are compared
        except ValueError:
            return None
    return tuple(found)


def _exchanged(nodes: Sequence[RenderNode], parts: list[Part]) -> tuple[RenderNode, ...] | None:
    others = {id(before): node for before, node in parts}
    found = tuple(map(others.pop, map(id, nodes), nodes))
    return None if others else found
