"""Trees and operations as they are sent: as short as they can be told in JSON.

*Shapes.* Elements of one kind come in hundreds, so a message holds each pair of tag and props once: ``shapes`` is a
list of ``[tag]`` and ``[tag, props]``. A node is ``[shape, id]``, ``[shape, id, text]`` or ``[shape, id, nodes]``, its
shape a place in that list.

*Ids* are addresses, fifteen digits long, but neighbours in the tree are neighbours in memory. So each id is told as its
difference from the one told before it in the same message, starting from 0, in the order of reading. Where an operation
has ``None`` for an id, it is left out of account.

*Operations* of the same kind that follow each other are told in one: ``["text", id, text, id, text]``.

*Bytes* of pictures, drawings and the like are not part of the message: they stand in ``buffers`` beside it, and in it
``{"buffer": place, "type": media type}``. In a tree that is saved they stand where they belong, as hosts of widgets
want it.

A tree is ``{"shapes": …, "root": node}``, where it is saved with its root as a text of JSON; a patch
``{"shapes": …, "operations": […]}``. For the operations, whose ids and nodes are written this way too, see
``flow.renderer.protocol``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from flow.renderer.binary import Binary
from flow.renderer.growing import Growing
from flow.renderer.protocol import Operation, PropValue, RenderNode

WireNode: TypeAlias = list[Any]
Message: TypeAlias = dict[str, Any]

# Of each operation, what its parts are: an id, an id or None, a node, nodes, or as it stands.
_PARTS: Mapping[str, str] = {
    "text": "i.", "set": "i..", "unset": "i.", "append": "i..", "insert": "iiN", "move": "iii", "remove": "i",
    "replace": "in", "call": "i..",
}  # fmt: skip

_HALF: Final = re.compile("[\ud800-\udfff]")


def wire_tree(root: RenderNode, buffers: list[bytes] | None = None) -> Message:
    """A tree as it is sent, with its bytes in ``buffers``; without a list for these, as it is saved."""
    writer = _Writer(buffers)
    node = writer.node(root)
    return {"shapes": writer.shapes, "root": node}


def saved_tree(root: RenderNode) -> Message:
    """A tree as it is saved, its root as a text.

    Hosts of widgets walk through each list and dict that they are given, in Python and in the page, and a notebook
    spreads them over a line for each number.
    """
    tree = wire_tree(root)
    return {**tree, "root": json.dumps(tree["root"], ensure_ascii=False, separators=(",", ":"))}


def wire_patch(operations: Iterable[Operation], buffers: list[bytes]) -> Message:
    """Operations as they are sent, with their bytes in ``buffers``."""
    writer = _Writer(buffers)
    written: list[list[Any]] = []
    for name, *parts in operations:
        if not written or written[-1][0] != name:
            written.append([name])
        written[-1] += writer.parts(name, parts)
    return {"shapes": writer.shapes, "operations": written}


def encodable(text: str) -> str:
    """A text with U+FFFD for each half of a character: with one of them, a whole message could not be sent."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALF.sub("\ufffd", text)
    return text


class _Writer:
    """One message: its shapes so far, and the id told last."""

    def __init__(self, buffers: list[bytes] | None) -> None:
        self.shapes: list[list[Any]] = []
        self._buffers = buffers
        self._places: dict[tuple[str, str], int] = {}
        self._last = 0

    def parts(self, name: str, parts: Sequence[Any]) -> Iterator[Any]:
        """What an operation tells beside its name."""
        return map(self._part, _PARTS[name], parts)

    def node(self, node: RenderNode) -> WireNode:
        element_id = node.element_id
        written: WireNode = [self._shape(node), element_id - self._last]
        self._last = element_id
        if node.text is not None:
            written.append(node.text if node.text.isascii() else encodable(node.text))
        elif node.children:
            written.append([self.node(child) for child in node.children])
        return written

    def _part(self, kind: str, part: Any) -> Any:
        if kind == "i":
            return None if part is None else self._difference(part)
        if kind == "n":
            return self.node(part)
        return [self.node(each) for each in part] if kind == "N" else self._value(part)

    def _value(self, value: PropValue) -> Any:
        if isinstance(value, str):
            return encodable(value)
        if not isinstance(value, Binary | Growing):
            return value
        if self._buffers is None:
            return {"buffer": value.data, "type": value.type}
        self._buffers.append(value.data)
        return {"buffer": len(self._buffers) - 1, "type": value.type}

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
            told = {name: self._value(value) for name, value in props.items()}
            self.shapes.append([node.tag, told] if told else [node.tag])
        return place
