"""Graphs: objects that refer to each other, as linked lists and trees do, as boxes and arrows.

A value is a graph if it is an object from which others are reached by attributes, or by what these hold, or a mapping
of names to those they are linked to: ``{"a": ["b", "c"], "b": [], "c": ["a"]}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any, Final, TypeAlias

from sidekick.viz.look import is_object, look, name_of
from sidekick.viz.nodes import Entry, Node
from sidekick.viz.tidy import tidy

MOST: Final = 120  # boxes
BOX: Final = 30.0  # CSS pixels that a box is high
_GAP, _LEVEL, _ASIDE = 18.0, 66.0, 46.0  # between boxes of a level, from level to level, between boxes of a list
_HEAD: Final = 7.0  # CSS pixels of an arrow's head
_CHARACTER: Final = 8.0  # CSS pixels, on average
_LONGEST: Final = 16  # characters in a box
_TELLING: Final = ("value", "val", "data", "key", "name", "label", "item", "element", "title", "id", "_value", "_data")

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node: the middle of its box, what it says, and what it is."""

    key: int
    x: float
    y: float
    width: float
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link, from point to point. One that leads back or across is ``aside`` of the others."""

    points: tuple[Point, ...]
    label: str
    is_aside: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes and arrows, and how large all of it is."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float
    told: str
    is_linked: bool  # whether objects of one class refer to each other, which is best seen here


class _Found:
    """What is reached from a value: nodes by their keys, with what they say, and links."""

    def __init__(self) -> None:
        self.texts: dict[int, tuple[str, str]] = {}
        self.links: list[tuple[int, int, str]] = []
        self.is_linked = False
        self.left_out = 0
        self.hold: list[Any] = []


def graph_of(node: Node) -> Graph | None:
    """The graph of a value, if it is one."""
    if is_object(node.hold):
        found = _objects(node)
    elif node.form == "container":
        found = _mapping(node)
    else:
        return None
    if not found.links:
        return None
    return _laid_out(found)


def _objects(root: Node) -> _Found:
    found = _Found()
    waiting = [root]
    known = {id(root.hold)}
    for node in waiting:
        key = id(node.hold)
        found.hold.append(node.hold)
        found.texts[key] = _text(node), node.type
        for label, other in _references(node):
            other_key = id(other.hold)
            if other_key not in known:
                if len(known) >= MOST:
                    found.left_out += 1
                    continue
                known.add(other_key)
                waiting.append(other)
            found.links.append((key, other_key, label))
            found.is_linked = found.is_linked or node.type == other.type
    return found


def _references(node: Node) -> Iterator[tuple[str, Node]]:
    """The objects that an object refers to, itself or by a container."""
    for entry in node.entries(0, MOST):
        inner = look(entry.value)
        if inner.form != "container":
            continue
        if is_object(inner.hold):
            yield entry.label, inner
        elif inner.inside is not None and inner.grating is None:
            for each in inner.entries(0, MOST):
                deeper = look(each.value)
                if deeper.form == "container" and is_object(deeper.hold):
                    yield f"{entry.label}{each.path}", deeper


def _text(node: Node) -> str:
    """What an object says of itself."""
    entries = {entry.label: entry for entry in node.entries(0, MOST)}
    telling = [entries[name] for name in _TELLING if name in entries]
    for entry in (*telling, *entries.values()):
        inner = look(entry.value)
        if inner.inside is None and inner.form != "none":
            text = inner.text[1:-1] if inner.form == "string" and len(inner.text) > 2 else inner.text
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return node.type.removeprefix("object (").removesuffix(")")


def _mapping(node: Node) -> _Found:
    """Links told by a mapping: each key to the keys that its value holds."""
    found = _Found()
    count = node.inside.size if node.inside is not None else 0
    entries = node.entries(0, MOST)
    if not 1 < count <= MOST or any(entry.way != "key" for entry in entries):
        return found
    keys = {entry.label: at for at, entry in enumerate(entries)}
    links: list[tuple[int, int, str]] = []
    for at, entry in enumerate(entries):
        inner = look(entry.value)
        if inner.inside is None or inner.grating is not None:
            return found
        for each in inner.entries(0, MOST):
            to = keys.get(name_of(each.step if each.way == "key" else each.value))
            if to is None:
                return found
            links.append((at, to, _weight(each)))
    found.texts = {at: (entry.label.strip('"')[:_LONGEST], "node") for at, entry in enumerate(entries)}
    found.links = links
    return found


def _weight(entry: Entry) -> str:
    """What stands at a link that a mapping tells: ``{"a": {"b": 5}}``."""
    return look(entry.value).text[:_LONGEST] if entry.way == "key" else ""


def _laid_out(found: _Found) -> Graph:
    roots, children, labels = _spanned(found)
    widths = {key: max(BOX, _CHARACTER * len(text) + 18) for key, (text, _) in found.texts.items()}
    is_chain = all(len(below) <= 1 for below in children.values()) and len(roots) == 1
    places = _in_a_line(roots[0], children, widths) if is_chain else _as_trees(roots, children, widths, labels)
    boxes = tuple(Box(key, round(x, 1), round(y, 1), widths[key], *found.texts[key]) for key, (x, y) in places.items())
    by_key = {box.key: box for box in boxes}
    tree = {(key, child) for key, below in children.items() for child in below}
    names = {label for *_, label in found.links}
    arrows = []
    for source, target, label in found.links:
        is_aside = (source, target) not in tree
        tree.discard((source, target))
        shown = label if len(names) > 1 or label not in ("next", "_next") else ""
        arrows.append(_arrow(by_key[source], by_key[target], shown, is_aside))
    points = [point for arrow in arrows for point in arrow.points]
    width = max([box.x + box.width / 2 for box in boxes] + [x for x, _ in points]) + 2
    height = max([box.y + BOX / 2 for box in boxes] + [y for _, y in points]) + 2
    more = f", {found.left_out} links to more are left out" if found.left_out else ""
    told = f"{len(boxes)} nodes and {len(arrows)} links{more}"
    return Graph(boxes, tuple(arrows), round(width, 1), round(height, 1), told, found.is_linked)


def _spanned(found: _Found) -> tuple[list[int], dict[int, list[int]], dict[int, str]]:
    """Trees that reach every node: their roots, the children of each node, and by which link each was reached."""
    outgoing: dict[int, list[tuple[int, str]]] = {key: [] for key in found.texts}
    for source, target, label in found.links:
        outgoing[source].append((target, label))
    reached: set[int] = set()
    roots: list[int] = []
    children: dict[int, list[int]] = {key: [] for key in found.texts}
    labels: dict[int, str] = {}
    for key in found.texts:
        if key in reached:
            continue
        roots.append(key)
        reached.add(key)
        waiting = [key]
        for at in waiting:
            for target, label in outgoing[at]:
                if target not in reached:
                    reached.add(target)
                    children[at].append(target)
                    labels[target] = label
                    waiting.append(target)
    return roots, children, labels


def _in_a_line(root: int, children: dict[int, list[int]], widths: dict[int, float]) -> dict[int, Point]:
    places: dict[int, Point] = {}
    x, at = 2.0, root
    while True:
        places[at] = x + widths[at] / 2, BOX
        x += widths[at] + _ASIDE
        if not children[at]:
            return places
        at = children[at][0]


def _as_trees(
    roots: list[int], children: dict[int, list[int]], widths: dict[int, float], labels: dict[int, str]
) -> dict[int, Point]:
    def lean(key: int) -> int:
        name = labels.get(key, "").lower()
        return -1 if "left" in name else 1 if "right" in name else 0

    places: dict[int, Point] = {}
    start = 2.0
    for root in roots:
        tree = tidy(root, children, widths.__getitem__, _GAP, lean)
        places |= {key: (start + x, BOX / 2 + 2 + level * _LEVEL) for key, (x, level) in tree.items()}
        start = max(start, *(places[key][0] + widths[key] / 2 for key in tree)) + _GAP
    return places


def _arrow(source: Box, target: Box, label: str, is_aside: bool) -> Arrow:
    if source is target:
        x, y = source.x + source.width / 2, source.y
        return Arrow(((x - 6, y - BOX / 2), (x + 2, y - BOX), (x + 14, y - 8), (x, y)), label, True)
    if not is_aside:
        return Arrow((_edge(source, target.x, target.y), _edge(target, source.x, source.y)), label, False)
    middle = (source.x + target.x) / 2, (source.y + target.y) / 2
    far = hypot(target.x - source.x, target.y - source.y) or 1.0
    bend = min(40.0, far / 4)
    bent = (
        middle[0] - (target.y - source.y) / far * bend,
        middle[1] + (target.x - source.x) / far * bend,
    )
    start, end = _edge(source, *bent), _edge(target, *bent)
    return Arrow(tuple(_curve(start, bent, end)), label, True)


def _edge(box: Box, x: float, y: float) -> Point:
    """Where the line from the middle of a box to a point leaves it."""
    across, down = x - box.x, y - box.y
    if not across and not down:
        return box.x, box.y
    scale = min(box.width / 2 / abs(across) if across else float("inf"), BOX / 2 / abs(down) if down else float("inf"))
    return round(box.x + across * scale, 1), round(box.y + down * scale, 1)


def _curve(start: Point, middle: Point, end: Point) -> Iterator[Point]:
    """A curve of Bézier's with one point to bend it, in steps."""
    for step in range(9):
        t = step / 8
        yield (
            round((1 - t) ** 2 * start[0] + 2 * t * (1 - t) * middle[0] + t * t * end[0], 1),
            round((1 - t) ** 2 * start[1] + 2 * t * (1 - t) * middle[1] + t * t * end[1], 1),
        )


def arrow_head(arrow: Arrow) -> tuple[Point, Point, Point]:
    """The corners of the triangle at the end of an arrow."""
    (x1, y1), (x2, y2) = arrow.points[-2:]
    far = hypot(x2 - x1, y2 - y1) or 1.0
    along, across = ((x2 - x1) / far, (y2 - y1) / far), (-(y2 - y1) / far, (x2 - x1) / far)
    back = x2 - _HEAD * along[0], y2 - _HEAD * along[1]
    half = _HEAD / 2
    return (
        (x2, y2),
        (round(back[0] + half * across[0], 1), round(back[1] + half * across[1], 1)),
        (round(back[0] - half * across[0], 1), round(back[1] - half * across[1], 1)),
    )


def arrow_label(arrow: Arrow) -> Point:
    """Where the label of an arrow stands: beside its middle."""
    points = arrow.points
    (x1, y1), (x2, y2) = (points[0], points[-1]) if len(points) == 2 else (points[len(points) // 2],) * 2
    is_flat = abs(y2 - y1) < 1
    lift = 0 if not is_flat else -4 if arrow.is_aside else 13
    return round((x1 + x2) / 2 + (0 if is_flat else 4 if x2 >= x1 else -4), 1), round((y1 + y2) / 2 + lift, 1)
