"""Where elements stand in a drawing: below each other, or beside each other in the room that there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flow.drawing import INK, Drawing, Group, Text, text_width, wrapped
from flow.element import Element
from flow.renderer.protocol import RenderNode
from sidekick.recording import Recorded


def drawing_of(element: Element, width: float) -> Drawing:
    """The drawing of a component; of an element of flow's, its text."""
    if isinstance(element, Recorded):
        return element._drawing(width)
    lines = wrapped(" ".join("".join(_texts(element.to_render_node())).split()), width, 16)
    wide = max(text_width(line, 16) for line in lines)
    shapes = tuple(Text(0, 24 * at + 17, line, fill=INK) for at, line in enumerate(lines))
    return Drawing(wide, 24 * len(lines), shapes, " ".join(lines))


def stacked(elements: Iterable[Element], width: float, gap: float) -> Drawing:
    """Below each other."""
    drawings = [drawing_of(each, width) for each in elements]
    groups, y = [], 0.0
    for each in drawings:
        groups.append(each.at(0, y))
        y += each.height + gap
    wide = max((each.width for each in drawings), default=0)
    return Drawing(wide, max(0, y - gap), tuple(groups), _titles(drawings))


def beside(elements: Sequence[Element], width: float, gap: float) -> Drawing:
    """Beside each other: what is narrow is as wide as it is, and the others share the rest."""
    drawings = [drawing_of(each, width) for each in elements]
    left, count = width - gap * max(0, len(drawings) - 1), len(drawings)
    if sum(each.width for each in drawings) > left:
        for at in sorted(range(count), key=lambda at: drawings[at].width):
            share = max(1.0, left / count)
            if drawings[at].width > share:
                drawings[at] = drawing_of(elements[at], share)
            left, count = left - drawings[at].width, count - 1
    groups: list[Group] = []
    x = 0.0
    for each in drawings:
        groups.append(each.at(x, 0))
        x += each.width + gap
    tall = max((each.height for each in drawings), default=0)
    return Drawing(max(0, x - gap), tall, tuple(groups), _titles(drawings))


def _titles(drawings: Iterable[Drawing]) -> str:
    return "; ".join(each.title for each in drawings if each.title)


def _texts(node: RenderNode) -> Iterable[str]:
    if node.text:
        yield f"{node.text} "
    for child in node.children:
        yield from _texts(child)
