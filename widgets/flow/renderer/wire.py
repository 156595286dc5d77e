"""Trees and operations as they are sent: as short as they can be told in JSON.

*Shapes.* Elements of one kind come in hundreds, so a message holds each pair of tag and props once: ``shapes`` is a
list of ``[tag]`` and ``[tag, props]``. A node is ``[shape, id]``, ``[shape, id, text]`` or ``[shape, id, nodes]``, its
shape a place in that list.

*Ids* are addresses, fifteen digits long, but neighbours in the tree are neighbours in memory. So each id is told as its
difference from the one told before it in the same message, starting from 0, in the order of reading. Where an operation
has ``None`` for an id, it is left out of account.

A tree is ``{"shapes": …, "root": node}``, a patch ``{"shapes": …, "operations": […]}``; for the operations, whose ids
and nodes are written this way too, see ``flow.renderer.protocol``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from flow.renderer.protocol import Operation, RenderNode

WireNode: TypeAlias = list[Any]
Message: TypeAlias = dict[str, Any]

# Of each operation, what its parts are: an id, an id or None, a node, nodes, or as it stands.
_PARTS: Mapping[str, str] = {
    "text": "i.", "set": "i..", "unset": "i.", "insert": "iiN", "move": "iii", "remove": "i", "replace": "in",
    "call": "i..",
}  # fmt: skip


def wire_tree(root: RenderNode) -> Message:
    """A tree as it is sent."""
    writer = _Writer()
    node = writer.node(root)
    return {"shapes": writer.shapes, "root": node}


def wire_patch(operations: Iterable[Operation]) -> Message:
    """Operations as they are sent."""
    writer = _Writer()
    written = [writer.operation(each) for each in operations]
    return {"shapes": writer.shapes, "operations": written}


class _Writer:
    """One message: its shapes so far, and the id told last."""

    def __init__(self) -> None:
        self.shapes: list[list[Any]] = []
        self._places: dict[tuple[str, str], int] = {}
        self._last = 0

    def operation(self, operation: Operation) -> list[Any]:
        name, *rest = operation
        return [name, *(self._part(kind, part) for kind, part in zip(_PARTS[name], rest, strict=True))]

    def node(self, node: RenderNode) -> WireNode:
        element_id = node.element_id
        written: WireNode = [self._shape(node), element_id - self._last]
        self._last = element_id
        if node.text is not None:
            written.append(node.text)
        elif node.children:
            written.append([self.node(child) for child in node.children])
        return written

    def _part(self, kind: str, part: Any) -> Any:
        if kind == "i":
            return None if part is None else self._difference(part)
        if kind == "n":
            return self.node(part)
        return [self.node(each) for each in part] if kind == "N" else part

    def _difference(self, element_id: int) -> int:
        difference = element_id - self._last
        self._last = element_id
        return difference

    def _shape(self, node: RenderNode) -> int:
        props = node.props
        key = node.tag, repr(props) if props else ""  # as text, in which 1 and True differ
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.shapes)
            self.shapes.append([node.tag, dict(props)] if props else [node.tag])
        return place
