"""The table in reacton, with ipywidgets: components whose state is reduced, and rows that have keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton
import reacton.ipywidgets as w

import rows_table
from rows_state import Item, State, after, new_items

Dispatch = Callable[[tuple[str, int | None]], object]


@reacton.component
def Row(item: Item, is_chosen: bool, dispatch: Dispatch) -> Any:
    return w.HBox(
        children=[
            w.Label(value=str(item.id)),
            w.Button(
                description=item.label, on_click=lambda: dispatch(("select", item.id)), _dom_classes=["bench-label"]
            ),
            w.Button(description="x", on_click=lambda: dispatch(("remove", item.id)), _dom_classes=["bench-remove"]),
        ],
        _dom_classes=["bench-row", "bench-chosen"] if is_chosen else ["bench-row"],
    )


@reacton.component
def Rows(rows: int) -> Any:
    first = reacton.use_memo(lambda: State(new_items(rows)), [])
    state, dispatch = reacton.use_reducer(after, first)
    always = reacton.use_memo(lambda: dispatch, [])  # the same function, so that a row is not rendered for it
    buttons = [
        w.Button(description=name, on_click=lambda name=name: always((name, None)), _dom_classes=[f"do-{name}"])
        for name in rows_table.BUTTONS
    ]
    shown = [Row(each, each.id == state.chosen, always).key(str(each.id)) for each in state.items]
    return w.VBox(children=[w.HBox(children=buttons), w.VBox(children=shown)])


class Table:
    def __init__(self, rows: int = 0) -> None:
        self.root, self.context = reacton.render(Rows(rows))
        self.at = 0

    def press(self, operation: str) -> None:
        buttons, rows = self.root.children[0].children
        if operation in rows_table.BUTTONS:
            target = buttons.children[rows_table.BUTTONS.index(operation)]
        else:
            self.at += 1
            row = rows.children[rows_table.REMOVED if operation == "remove" else self.at]
            target = row.children[2 if operation == "remove" else 1]
        target._handle_custom_msg({"event": "click"}, [])

    def painted(self) -> None:
        """The page does not tell."""
