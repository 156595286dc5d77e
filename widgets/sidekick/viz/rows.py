"""Rows: a value as the lines of a tree, as far as it is open. Only these are looked at.

What is shown already above is not shown again inside of itself; what stands in two places says so at the second. The
whole has a budget of bytes: what goes beyond is left out, with a line that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from sidekick.viz.look import look
from sidekick.viz.nodes import Entry, Form, Node
from sidekick.viz.places import Place

_ROW: Final = 150  # bytes that a row takes besides its texts
_PREVIEW: Final = 5  # entries that a closed container tells of
DEEPEST: Final = 100  # levels that can be opened
_WIDEST: Final = 14  # characters of each of them


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a value is shown: entries of one container, levels, bytes of all."""

    items: int = 50
    depth: int = 5
    octets: int = 64_000


class Row(NamedTuple):
    """One line of a tree. Two that are equal look alike."""

    kind: Literal["value", "more"]
    serial: int
    level: int
    label: str
    path: str
    type: str
    form: Form
    text: str
    length: int | None
    is_open: bool | None  # None where there is nothing to open
    is_tracked: bool
    note: str
    lit: int = 0
    is_active: bool = False


class Line(NamedTuple):
    """A row's place, that of the row it is inside of, and how many entries there are if it asks for more."""

    row: Row
    place: Place
    parent: Place | None
    hold: Node | None  # so that what is met later does not take its identity


class Rows:
    """One look at a value: ``lines`` in order."""

    def __init__(self, name: str, root: Node, top: Place, limits: Limits, turn: int) -> None:
        self.lines: list[Line] = []
        self._limits, self._turn = limits, turn
        self._left = limits.octets
        self._above: dict[int, str] = {}
        self._seen: dict[int, str] = {}
        self._visit(root, top, None, 0, f"{name} =", name)

    def _visit(self, node: Node, place: Place, parent: Place | None, level: int, label: str, path: str) -> bool:
        """Add the rows of a value. False when the budget is used up."""
        identity = node.identity
        if identity is not None and identity in self._above:
            node = Node("recursive_ref", "note", f"the {node.type} that is {self._above[identity]}", hold=node)
        same = self._seen.get(identity, "") if identity is not None and node.is_openable else ""
        row_node, text, is_open = node, node.text, None
        if node.is_openable and level < DEEPEST:
            is_open = place.is_open if place.is_open is not None else level == 0
        if node.is_openable and level > self._limits.depth and not is_open:
            text = f"{node.type}, deeper than {min(DEEPEST, self._limits.depth)} levels"
            row_node = Node("truncated", "note", text, inside=node.inside)
        elif is_open is False:
            text = " ".join(filter(None, (text, preview(node))))
        self._left -= _ROW + len(text) + len(label) + len(path)
        if self._left < 0:
            self._more(place, parent, level, f"… more than {self._limits.octets // 1000:,} KB: close something above")
            return False
        place.see((node.type, node.text, node.length, node.number), self._turn)
        row = Row(
            *("value", place.serial, level, label, path, row_node.type, row_node.form, text, row_node.length),
            *(is_open, node.is_tracked, f"the same as {same}" if same else ""),
        )
        self.lines.append(Line(row, place, parent, node))
        if identity is not None and node.is_openable:
            self._seen.setdefault(identity, path)
        return not is_open or self._inside(node, place, level, path)

    def _inside(self, node: Node, place: Place, level: int, path: str) -> bool:
        count = node.inside.size if node.inside is not None else 0
        shown = self._limits.items + place.shown
        if node.identity is not None:
            self._above[node.identity] = path
        try:
            for entry in node.entries(0, shown):
                if not self._entry(entry, place, level + 1, path):
                    return False
        finally:
            if node.identity is not None:
                self._above.pop(node.identity, None)
        place.tidy(self._turn)
        if count > shown:
            self._more(place, place, level + 1, f"… {count - shown:,} more of {count:,}")
        return True

    def _entry(self, entry: Entry, place: Place, level: int, path: str) -> bool:
        return self._visit(look(entry.value), place.inside(entry.step), place, level, entry.shown, path + entry.path)

    def _more(self, place: Place, parent: Place | None, level: int, text: str) -> None:
        row = Row("more", -place.serial, level, "", "", "truncated", "note", text, None, None, False, "")
        self.lines.append(Line(row, place, parent, None))


def preview(node: Node) -> str:
    """The first things inside of a closed container, in a few words."""
    if node.grating is not None or node.inside is None:
        return ""
    parts = [_brief(entry) for entry in node.entries(0, _PREVIEW)]
    return ", ".join(parts) + (", …" if node.inside.size > _PREVIEW else "")


def _closed(node: Node) -> str:
    """What stands for a container inside of one that is closed."""
    first = next(iter(node.entries(0, 1)), None)
    way = first.way if first is not None else "index"
    return {"index": "[…]", "key": "{…}", "member": "{…}", "attribute": "(…)"}[way] if node.is_openable else "[]"


def _brief(entry: Entry) -> str:
    inner: Any = look(entry.value)
    text = (inner.text or inner.type) if inner.inside is None else _closed(inner)
    text = text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
    if entry.way == "index" or entry.way == "member":
        return text
    return f"{entry.label}: {text}" if entry.way == "key" else f"{entry.label}={text}"
