"""A page as a dumb reader of messages: it knows what the messages say, and checks that they make sense."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flow.renderer.protocol import Operation, RenderNode
from flow.renderer.wire import wire_patch, wire_tree


class Page:
    """A page as a dumb reader of messages: DOM nodes by id, each told only what the operations say."""

    def __init__(self, root: RenderNode) -> None:
        self.by_id: dict[int, dict[str, Any]] = {}
        self.root = self._make(read_tree(json.loads(json.dumps(wire_tree(root)))))

    def patch(self, operations: Sequence[Operation]) -> None:
        """Do what a patch of these operations says, as it arrives."""
        self.receive(json.loads(json.dumps(wire_patch(operations, []))))

    def receive(self, message: Mapping[str, Any]) -> None:
        """Do what a patch says that was sent."""
        for name, *rest in read_operations(message):
            getattr(self, f"_{name}")(*rest)

    def tree(self) -> Any:
        return plain(self.root)

    def _make(self, sent: list[Any], parent: dict[str, Any] | None = None) -> dict[str, Any]:
        tag, element_id, props, inside = sent
        node: dict[str, Any] = {"tag": tag, "id": element_id, "props": props, "text": "", "children": [], "in": parent}
        assert element_id not in self.by_id, "an id that is on the page already"
        self.by_id[element_id] = node
        if isinstance(inside, str):
            node["text"] = inside
        else:
            node["children"] = [self._make(each, node) for each in inside]
        return node

    def _forget(self, node: dict[str, Any]) -> None:
        del self.by_id[node["id"]]
        for child in node["children"]:
            self._forget(child)

    def _text(self, element_id: int, text: str) -> None:
        node = self.by_id[element_id]
        for child in node["children"]:
            self._forget(child)
        node["children"], node["text"] = [], text

    def _set(self, element_id: int, name: str, value: Any) -> None:
        assert self.by_id[element_id]["props"].get(name, ...) is not value
        self.by_id[element_id]["props"][name] = value

    def _append(self, element_id: int, name: str, value: Any) -> None:
        assert name in self.by_id[element_id]["props"]

    def _unset(self, element_id: int, name: str) -> None:
        del self.by_id[element_id]["props"][name]

    def _insert(self, element_id: int, before: int | None, nodes: list[Any]) -> None:
        parent = self.by_id[element_id]
        assert not parent["text"]
        at = self._place(parent, before)
        parent["children"][at:at] = [self._make(each, parent) for each in nodes]

    def _move(self, element_id: int, before: int | None, child_id: int) -> None:
        parent, child = self.by_id[element_id], self.by_id[child_id]
        assert child["in"] is parent
        parent["children"].remove(child)
        parent["children"].insert(self._place(parent, before), child)

    def _remove(self, element_id: int) -> None:
        node = self.by_id[element_id]
        node["in"]["children"].remove(node)
        self._forget(node)

    def _replace(self, element_id: int, sent: list[Any]) -> None:
        assert self.root["id"] == element_id
        self._forget(self.root)
        self.root = self._make(sent)

    def _place(self, parent: dict[str, Any], before: int | None) -> int:
        return len(parent["children"]) if before is None else parent["children"].index(self.by_id[before])


def plain(node: dict[str, Any]) -> Any:
    return node["tag"], node["id"], node["props"], node["text"], [plain(child) for child in node["children"]]


class _Reader:
    """One message: ids are differences to the one before, shapes are told once."""

    def __init__(self, shapes: list[list[Any]]) -> None:
        self.shapes = shapes
        self.last = 0

    def id(self, difference: int | None) -> int | None:
        if difference is None:
            return None
        self.last += difference
        return self.last

    def node(self, sent: list[Any]) -> list[Any]:
        shape, difference, *inside = sent
        tag, *props = self.shapes[shape]
        element_id = self.id(difference)
        told = inside[0] if inside else ""
        return [tag, element_id, dict(props[0]) if props else {}, told if isinstance(told, str) else self.nodes(told)]

    def nodes(self, sent: list[Any]) -> list[Any]:
        return [self.node(each) for each in sent]


def read_tree(message: Mapping[str, Any]) -> list[Any]:
    """The root as [tag, id, props, text or nodes]."""
    return _Reader(message["shapes"]).node(message["root"])


def read_operations(message: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The operations with ids and nodes as they are meant."""
    reader = _Reader(message["shapes"])
    read = {"i": reader.id, "n": reader.node, "N": reader.nodes, ".": lambda part: part}
    for name, *told in message["operations"]:
        kinds = PARTS[name]
        for at in range(0, len(told), len(kinds)):
            yield [name, *(read[kind](part) for kind, part in zip(kinds, told[at:], strict=False))]


# The parts of each kind of operation: an id, a node, nodes, or as it stands.
PARTS = {
    "text": "i.", "set": "i..", "unset": "i.", "append": "i..", "insert": "iiN", "move": "iii", "remove": "i",
    "replace": "in", "call": "i..",
}  # fmt: skip
