"""What a page shows of a variable: its view, and the buttons that choose another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from flow import on, svg
from flow.control import For, Show, Switch
from flow.element import Element
from flow.events import KeyEvent
from flow.ui import Button, Div, Span, Tbody, Td, Th, Thead, Tr
from flow.ui import Table as HtmlTable
from sidekick.viz.bars import HEIGHT, LABELED, WIDTH, Bar, Bars
from sidekick.viz.graphs import BOX, Arrow, Box, Graph, arrow_head, arrow_label
from sidekick.viz.keys import KEYS, act, active_line, choose
from sidekick.viz.rows import Row
from sidekick.viz.tables import Cell, TableRow
from sidekick.viz.variable import Variable, View

_TITLES: Final[Mapping[View, str]] = {"tree": "Tree", "table": "Table", "bars": "Bars", "graph": "Graph"}
_LIT: Final = ("", "sk-lit-1", "sk-lit-2")
# Forms whose text tells the type, too.
_SELF_EVIDENT: Final = frozenset({"none", "boolean", "number", "string"})
_LINE: Final[dict[str, Any]] = {"display": "flex", "gap": "0.5em"}  # also where there is no style sheet
_FRAME: Final[dict[str, Any]] = {"font-family": "var(--flow-mono, monospace)", "font-size": "0.9em"}


def box_of(variable: Variable) -> Element:
    """The box that a variable is shown in."""
    present = variable.present
    return Div(
        Show(lambda: len(present.value.views) > 1, partial(_chooser, variable)),
        Switch(
            lambda: present.value.view,
            {
                "tree": partial(_tree, variable),
                "table": partial(_table, variable),
                "bars": partial(_bars, variable),
                "graph": partial(_graph, variable),
            },
        ),
        cls=lambda: "sk-viz-box sk-observed" if present.value.node.is_tracked else "sk-viz-box",
        style=_FRAME,
        role="group",
        aria_label=variable.name,
    )


def _chooser(variable: Variable) -> Element:
    def button(view: View) -> Element:
        is_chosen = lambda: str(variable.present.value.view == view).lower()  # noqa: E731
        choose = partial(variable.choice.set, view)
        return Button(_TITLES[view], on_click=lambda: choose(), aria_pressed=is_chosen, cls="sk-view")

    return Div(For(lambda: variable.present.value.views, key=str, render=button), cls="sk-views", aria_label="View")


# -- The tree


def _tree(variable: Variable) -> Element:
    def pressed(event: KeyEvent) -> None:
        act(variable, event.key)

    return Div(
        For(
            lambda: _rows(variable),
            key=lambda row: row.serial,
            render=partial(_row, variable),
        ),
        role="tree",
        tabindex=0,
        aria_label=variable.name,
        aria_activedescendant=lambda: _id(active_line(variable).row.serial),
        on_keydown=on(pressed, keys=[*KEYS], prevent_default=True),
        cls="sk-tree",
    )


def _rows(variable: Variable) -> list[Row]:
    active = active_line(variable).row.serial
    return [
        line.row._replace(is_active=True) if line.row.serial == active else line.row
        for line in variable.present.value.lines
    ]


def _id(serial: int) -> str:
    return f"sk-viz-{serial}"


def _row(variable: Variable, row: Row) -> Element:
    props: dict[str, Any] = {"id": _id(row.serial)} if row.is_active else {}
    if row.is_open is not None:
        props["aria_expanded"] = str(row.is_open).lower()
    look = ["sk-row", row.is_active and "sk-active", row.is_tracked and "sk-observed", _LIT[row.lit]]
    return Div(
        Span(
            {True: "▾", False: "▸", None: ""}[row.is_open], cls="sk-arrow", style={"width": "0.8em"}, aria_hidden="true"
        ),
        *_told(row),
        role="treeitem",
        aria_level=row.level + 1,
        cls=[each for each in look if each],
        style={**_LINE, "padding-left": f"{row.level * 1.4:g}em"},
        on_click=lambda: choose(variable, row.serial),
        **props,
    )


def _told(row: Row) -> Iterator[Element]:
    """What a row says, from left to right."""
    if row.label:
        yield Span(row.label, cls="sk-name" if row.level == 0 else "sk-label", title=row.path)
    if row.kind == "value" and row.form not in _SELF_EVIDENT:
        yield Span(row.type, cls="sk-type")
    if row.length is not None and row.form == "container":
        yield Span(f"[{row.length}]", cls="sk-type")
    if row.text:
        yield Span(row.text, cls=f"sk-{row.form}")
    if row.note:
        yield Span(row.note, cls="sk-note")


# -- The other views


def _head(variable: Variable) -> Element:
    """The name and what it stands for, above what is no tree."""
    node = variable.present.value.node
    return Div(
        Span(f"{variable.name} =", cls="sk-name"),
        Span(node.type if node.text else f"{node.type} [{node.length}]", cls="sk-type"),
        Span(node.text, cls="sk-container") if node.text else None,
        cls="sk-row",
        style=_LINE,
    )


def _table(variable: Variable) -> Element:
    present = variable.present

    def row(item: TableRow) -> Element:
        if item.at < 0:
            width = len(present.value.table.columns) if present.value.table else 1
            return Tr(Th(item.name, scope="row"), Td("⋮", colspan=width, cls="sk-note"))
        return Tr(Th(item.name, scope="row"), [_cell(cell) for cell in item.cells])

    def names() -> Element:
        table = present.value.table
        return Tr(Td(), [Th(name, scope="col") for name in (table.names if table else ())])

    def more() -> str:
        table = present.value.table
        return f"… {table.left_out:,} more of {table.count:,} rows" if table else ""

    return Div(
        lambda: _head(variable),
        Div(
            HtmlTable(
                Thead(names),
                Tbody(For(lambda: present.value.table.rows if present.value.table else (), key=_row_key, render=row)),
                cls="sk-table",
            ),
            cls="sk-scroll",
            tabindex=0,
            role="region",
            aria_label=f"Table of {variable.name}",
        ),
        Show(
            lambda: bool(present.value.table and present.value.table.left_out),
            lambda: Button(more, on_click=variable.show_more_rows, cls="sk-view"),
        ),
    )


def _row_key(row: TableRow) -> int:
    return row.at


def _cell(cell: Cell) -> Element:
    return Td(cell.text, cls=[each for each in (f"sk-{cell.form}", _LIT[cell.lit]) if each])


def _bars(variable: Variable) -> Element:
    return Div(lambda: _head(variable), lambda: _chart(variable, variable.present.value.bars))


def _chart(variable: Variable, bars: Bars | None) -> Element | None:
    if bars is None:
        return None
    has_labels = len(bars.bars) <= LABELED
    room = 16 if has_labels else 2
    width = max((bar.x + bar.width for bar in bars.bars), default=WIDTH) + 2
    return svg.Svg(
        *(_paths(bars, variable)),
        svg.Line(x1=0, x2=width, y1=bars.zero, y2=bars.zero, stroke="currentColor", stroke_opacity=0.4),
        [_labels(bar) for bar in bars.bars] if has_labels else None,
        view_box=f"0 {-room} {width:g} {HEIGHT + 2 * room:g}",
        style={"width": "100%", "max-width": f"{width:g}px", "display": "block"},
        font_size=11,
        role="img",
        aria_label=f"{variable.name}: {bars.told}",
        cls="sk-chart",
    )


def _paths(bars: Bars, variable: Variable) -> Iterator[Element]:
    """All bars of one look as one shape, so that hundreds of them are a few kilobytes."""
    for lit, look in enumerate(_LIT):
        shape = "".join(
            f"M{bar.x:g} {bar.y:g}h{bar.width:g}v{bar.height:g}h{-bar.width:g}z"
            for bar in bars.bars
            if variable.lights.of(("bar", bar.at)) == lit
        )
        if shape:
            yield svg.Path(d=shape, fill="currentColor", fill_opacity=0.45, cls=f"sk-bar {look}".strip())


def _labels(bar: Bar) -> list[Element]:
    middle = round(bar.x + bar.width / 2, 1)
    return [
        svg.Text(bar.text, x=middle, y=bar.above, text_anchor="middle", fill="currentColor"),
        svg.Text(bar.label, x=middle, y=bar.below, text_anchor="middle", fill="currentColor", fill_opacity=0.6),
    ]


def _graph(variable: Variable) -> Element:
    return Div(lambda: _head(variable), lambda: _net(variable, variable.present.value.graph))


def _net(variable: Variable, graph: Graph | None) -> Element | None:
    if graph is None:
        return None
    return Div(
        svg.Svg(
            svg.Path(d=_lines(graph, is_aside=False), fill="none", stroke="currentColor", stroke_opacity=0.6),
            svg.Path(
                d=_lines(graph, is_aside=True),
                fill="none",
                stroke="currentColor",
                stroke_opacity=0.45,
                stroke_dasharray="4 3",
            ),
            svg.Path(d="".join(map(_head_of, graph.arrows)), fill="currentColor", fill_opacity=0.7),
            [_link(arrow) for arrow in graph.arrows if arrow.label],
            [_node(box, _LIT[variable.lights.of(("box", box.key))]) for box in graph.boxes],
            view_box=f"0 0 {graph.width:g} {graph.height:g}",
            width=graph.width,
            height=graph.height,
            style={"max-width": "none", "display": "block"},
            font_size=12,
            role="img",
            aria_label=f"{variable.name}: {graph.told}",
            cls="sk-chart",
        ),
        cls="sk-scroll",
        tabindex=0,
        role="region",
        aria_label=f"Graph of {variable.name}",
    )


def _lines(graph: Graph, *, is_aside: bool) -> str:
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in arrow.points) for arrow in graph.arrows if arrow.is_aside == is_aside
    )


def _head_of(arrow: Arrow) -> str:
    """The head of an arrow, as a triangle."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in arrow_head(arrow)) + "z"


def _link(arrow: Arrow) -> Element:
    x, y = arrow_label(arrow)
    return svg.Text(arrow.label, x=x, y=y, text_anchor="middle", fill="currentColor", fill_opacity=0.6, font_size=10)


def _node(box: Box, look: str) -> Element:
    left, top = round(box.x - box.width / 2, 1), round(box.y - BOX / 2, 1)
    return svg.G(
        svg.Title(box.title),
        svg.Rect(x=left, y=top, width=box.width, height=BOX, rx=7, fill="#8881", stroke="currentColor", cls=look),
        svg.Text(box.text, x=box.x, y=box.y + 4, text_anchor="middle", fill="currentColor"),
        cls="sk-node",
    )
