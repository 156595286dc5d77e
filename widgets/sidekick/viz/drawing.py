"""The drawing of what a Viz shows, for files and timelines: the same rows, cells, bars and boxes as on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from flow.drawing import (
    EDGE,
    INK,
    LINE,
    MUTED,
    TINT,
    Drawing,
    Group,
    Line,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Text,
    cut,
    text_width,
)
from sidekick.viz.bars import HEIGHT, LABELED, Bars
from sidekick.viz.graphs import BOX, Graph, arrow_head, arrow_label
from sidekick.viz.nodes import Form
from sidekick.viz.rows import Row
from sidekick.viz.tables import Table
from sidekick.viz.variable import Present

_SIZE: Final = 13.0  # CSS pixels of a text
_ROW: Final = 21.0
_STEP: Final = 18.0  # from a level to the next
_PAD: Final = 10.0
_COLORS: Final[dict[Form, str]] = {
    "string": "#1f7a70", "number": "#b4481d", "boolean": "#9a5b0f", "none": "#c22a35", "word": "#5a2de8",
    "time": "#5a2de8", "container": MUTED, "note": MUTED, "error": "#c22a35",
}  # fmt: skip
_LIT: Final = "#e0d4ff"
_OBSERVED: Final = ("#eef4ff", "#7aa5e2")


def drawn(variables: Sequence[tuple[str, Present]], width: float) -> Drawing:
    """The boxes of variables, one below the other."""
    if not variables:
        return Drawing(width, _ROW + 2 * _PAD, (Text(_PAD, _PAD + 15, "Nothing is shown yet", _SIZE, MUTED),))
    shapes: list[Shape] = []
    top = 0.0
    for name, present in variables:
        inside, height = _inside(name, present, width - 2 * _PAD)
        fill, edge = _OBSERVED if present.node.is_tracked else (TINT, LINE)
        shapes.append(Rectangle(0.5, top + 0.5, width - 1, height + 2 * _PAD - 1, fill, edge, radius=6))
        shapes.append(Group(_PAD, top + _PAD, tuple(inside), width - 2 * _PAD, height))
        top += height + 2 * _PAD + 8
    return Drawing(width, top - 8, tuple(shapes), ", ".join(name for name, _ in variables))


def _inside(name: str, present: Present, width: float) -> tuple[list[Shape], float]:
    if present.view == "tree":
        rows = [line.row for line in present.lines]
        return [shape for at, row in enumerate(rows) for shape in _row(row, at * _ROW, width)], len(rows) * _ROW
    node = present.node
    told = node.text or f"[{node.length}]"
    head = [*_texts(0, 15, [_Part(f"{name} =", INK, True), _Part(node.type, MUTED), _Part(told, MUTED)], width)]
    if present.table is not None:
        shapes, height = _table(present.table, width)
    elif present.bars is not None:
        shapes, height = _bars(present.bars)
    elif present.graph is not None:
        shapes, height = _graph(present.graph)
    else:
        return head, _ROW
    return [*head, Group(0, _ROW + 4, tuple(shapes))], height + _ROW + 4


class _Part(NamedTuple):
    """A part of a line."""

    text: str
    color: str
    is_bold: bool = False


def _texts(x: float, y: float, parts: Iterable[_Part], width: float) -> Iterator[Shape]:
    """Texts in a line, each in its color, as far as they fit."""
    for part in parts:
        if part.text and x < width:
            text = cut(part.text, width - x, _SIZE, "mono")
            yield Text(x, y, text, _SIZE, part.color, family="mono", is_bold=part.is_bold)
            x += text_width(text, _SIZE, "mono") + 8


def _row(row: Row, top: float, width: float) -> Iterator[Shape]:
    left = row.level * _STEP
    if row.lit:
        yield Rectangle(left, top, width - left, _ROW, _LIT, radius=3)
    if row.is_open is not None:
        x, y = left + 5, top + _ROW / 2
        turned = (
            ((x - 4, y - 2), (x + 4, y - 2), (x, y + 3))
            if row.is_open
            else ((x - 2, y - 4), (x - 2, y + 4), (x + 3, y))
        )
        yield Polygon(turned, MUTED)
    is_container = row.form == "container"
    kind = (
        row.type if row.kind == "value" and row.form in ("container", "word", "time", "plain", "error", "note") else ""
    )
    length = f"[{row.length}]" if is_container and row.length is not None else ""
    parts = (
        _Part(row.label, INK, row.level == 0),
        _Part(kind + length, MUTED),
        _Part(row.text, _COLORS.get(row.form, INK)),
        _Part(row.note, MUTED),
    )
    yield from _texts(left + 16, top + 15, parts, width)


def _table(table: Table, width: float) -> tuple[list[Shape], float]:
    rows = [["", *table.names], *([row.name, *(cell.text for cell in row.cells)] for row in table.rows)]
    columns = max(map(len, rows))
    widths = [
        min(180.0, 16 + max(text_width(row[at], _SIZE, "mono") for row in rows if at < len(row)))
        for at in range(columns)
    ]
    shapes: list[Shape] = []
    for at, row in enumerate(rows):
        x = 0.0
        for column, text in enumerate(row):
            is_name = not at or not column
            text = cut(text, widths[column] - 8, _SIZE, "mono")
            shapes.append(
                Text(x + widths[column] - 8, at * _ROW + 15, text, _SIZE, MUTED if is_name else INK, "end", "mono")
            )
            x += widths[column]
        shapes.append(Line(0, (at + 1) * _ROW, min(width, sum(widths)), (at + 1) * _ROW, LINE if at else EDGE))
    return shapes, len(rows) * _ROW


def _bars(bars: Bars) -> tuple[list[Shape], float]:
    has_labels = len(bars.bars) <= LABELED
    room = 16.0 if has_labels else 2.0
    shapes: list[Shape] = [Rectangle(bar.x, bar.y + room, bar.width, bar.height, "#7aa5e2") for bar in bars.bars]
    if bars.bars:
        shapes.append(Line(0, bars.zero + room, bars.bars[-1].x + bars.bars[-1].width + 2, bars.zero + room, EDGE))
    for bar in bars.bars if has_labels else ():
        middle = bar.x + bar.width / 2
        shapes.append(Text(middle, room + bar.above, bar.text, 11, INK, "middle"))
        shapes.append(Text(middle, room + bar.below, bar.label, 11, MUTED, "middle"))
    return shapes, HEIGHT + 2 * room


def _graph(graph: Graph) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    for arrow in graph.arrows:
        shapes.append(Polyline(arrow.points, EDGE if arrow.is_aside else MUTED))
        shapes.append(Polygon(arrow_head(arrow), MUTED))
        if arrow.label:
            shapes.append(Text(*arrow_label(arrow), arrow.label, 10, MUTED, "middle"))
    for box in graph.boxes:
        left, top = box.x - box.width / 2, box.y - BOX / 2
        shapes.append(Rectangle(left, top, box.width, BOX, "#ffffff", MUTED, radius=7))
        shapes.append(Text(box.x, box.y + 4, box.text, 12, INK, "middle"))
    return shapes, graph.height
