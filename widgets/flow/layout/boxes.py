"""Boxes: where each element of a tree is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flow.layout.frames import Frame, Island
from flow.layout.inline import Inline
from flow.renderer.protocol import RenderNode

if TYPE_CHECKING:
    from flow.element import Element


@dataclass(frozen=True, slots=True)
class Box:
    """An element's box with its border, in CSS pixels from the top left corner of the tree."""

    x: float
    y: float
    width: float
    height: float
    tag: str
    element_id: int
    content: tuple[float, float, float, float]  # x, y, width and height of what is inside of border and padding
    children: tuple[Box, ...] = ()

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends, from the top."""
        return self.y + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom


class Boxes:
    """All boxes of a tree. ``boxes[element]`` is an element's; in a loop come those outside before those inside."""

    def __init__(self, width: float, height: float, tops: tuple[Box, ...]) -> None:
        self.width: Final = width
        self.height: Final = height
        self.tops: Final = tops  # of the root, or of all that a fragment holds
        self._by_id: Mapping[int, Box] | None = None

    @property
    def root(self) -> Box:
        """The box of the root. Raises ``LookupError`` where nothing is to be seen."""
        if not self.tops:
            raise LookupError("nothing of this tree is to be seen, so it has no box")
        return self.tops[0]

    def __getitem__(self, element: Element | int) -> Box:
        number = element if isinstance(element, int) else element.element_id
        if self._by_id is None:
            self._by_id = {box.element_id: box for box in reversed(list(self))}
        found = self._by_id.get(number)
        if found is None:
            raise KeyError(f"{element!r} has no box: it is not in this tree, is not shown, or shows its children only")
        return found

    def __contains__(self, element: object) -> bool:
        try:
            self[element]  # type: ignore[index]
        except (KeyError, AttributeError):
            return False
        return True

    def __iter__(self) -> Iterator[Box]:
        waiting = list(reversed(self.tops))
        while waiting:
            box = waiting.pop()
            yield box
            waiting.extend(reversed(box.children))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def at(self, x: float, y: float) -> Box | None:
        """The innermost box that holds a point."""
        return next((box for box in reversed(list(self)) if box.holds(x, y)), None)

    def __repr__(self) -> str:
        return f"<{len(self)} boxes on {self.width:g} by {self.height:g} pixels>"


def boxes_of(frame: Frame, x: float = 0.0, y: float = 0.0) -> tuple[Box, ...]:
    """The boxes of a frame whose parent's corner is at (x, y): its element's, or those inside if it has none."""
    x, y = x + frame.x, y + frame.y
    if frame.known is not None and frame.known[:2] == (x, y):
        known: tuple[Box, ...] = frame.known[2]
        return known
    found = _made(frame, x, y)
    frame.known = x, y, found
    return found


def _made(frame: Frame, x: float, y: float) -> tuple[Box, ...]:
    inside: list[Box] = []
    if isinstance(frame.leaf, Inline):
        inside += _in_lines(frame, x, y)
    children = [(child, boxes_of(child, x, y)) for child in frame.children]
    inside += _rows(frame, x, y, children) if frame.rows else [box for _, found in children for box in found]
    if frame.node is None:
        return tuple(inside)
    left, top, width, height = frame.inner
    content = (x + left, y + top, width, height)
    return (_box(frame.node, (x, y, frame.width, frame.height), tuple(inside), content),)


def _box(
    node: RenderNode,
    rect: tuple[float, float, float, float],
    children: tuple[Box, ...] = (),
    content: tuple[float, float, float, float] | None = None,
) -> Box:
    return Box(*rect, node.tag, node.element_id, content or rect, children)


def _in_lines(frame: Frame, x: float, y: float) -> Iterator[Box]:
    """The elements in lines of text, each as one box around all that it has of them."""
    lines = frame.lines()
    if lines is None:
        return
    left, top = x + frame.inner[0], y + frame.text_top
    parts: dict[int, list[tuple[float, float, float, float]]] = {}
    nodes: dict[int, RenderNode] = {}
    for span in lines.spans:
        nodes[span.node.element_id] = span.node
        parts.setdefault(span.node.element_id, []).append((span.x, span.y, span.x + span.width, span.y + span.height))
    for number, rects in parts.items():
        x1, y1 = min(each[0] for each in rects), min(each[1] for each in rects)
        x2, y2 = max(each[2] for each in rects), max(each[3] for each in rects)
        yield _box(nodes[number], (left + x1, top + y1, x2 - x1, y2 - y1))
    for each in lines.atoms:
        if isinstance(each.atom, Island):
            yield from boxes_of(each.atom.frame, x, y)


def _rows(frame: Frame, x: float, y: float, children: list[tuple[Frame, tuple[Box, ...]]]) -> list[Box]:
    """The rows and parts of a table, which have their place by their cells."""
    known = {id(child): found for child, found in children}
    left, _, width, _ = frame.inner
    found: list[Box] = []
    rows: list[Box] = []
    for node, _, cells in frame.rows:
        if not cells:
            continue
        top, bottom = min(each.y for each in cells), max(each.y + each.height for each in cells)
        rect = x + left, y + top, width, bottom - top
        if node.tag == "tr":
            rows.append(_box(node, rect, tuple(box for cell in cells for box in known.pop(id(cell)))))
        else:
            found.append(_box(node, rect, tuple(rows)))
            rows = []
    return [*(box for boxes in known.values() for box in boxes), *found, *rows]
