"""The table in solara: components that read reactive values, and rows of HTML elements by way of ipyvuetify."""

from __future__ import annotations

from typing import Any

import solara
from solara.alias import rv as v

import rows_table
from rows_state import Item, State, after, new_items


@solara.component
def Row(item: Item, is_chosen: bool, dispatch: Any) -> Any:
    label = v.Html(tag="td", class_="bench-label", children=[item.label])
    remove = v.Html(tag="td", class_="bench-remove", children=["x"])
    v.use_event(label, "click", lambda *_: dispatch("select", item.id))
    v.use_event(remove, "click", lambda *_: dispatch("remove", item.id))
    return v.Html(
        tag="tr",
        class_="bench-row bench-chosen" if is_chosen else "bench-row",
        children=[v.Html(tag="td", children=[str(item.id)]), label, remove],
    )


@solara.component
def Do(name: str, dispatch: Any) -> Any:
    button = v.Html(tag="button", class_=f"do-{name}", children=[name])
    v.use_event(button, "click", lambda *_: dispatch(name))
    return button


@solara.component
def Rows(state: solara.Reactive[State], dispatch: Any) -> Any:
    now = state.value
    rows = [Row(each, each.id == now.chosen, dispatch).key(str(each.id)) for each in now.items]
    buttons = v.Html(tag="div", children=[Do(name, dispatch) for name in rows_table.BUTTONS])
    return v.Html(tag="div", children=[buttons, v.Html(tag="table", children=rows)])


class Table:
    def __init__(self, rows: int = 0) -> None:
        self.state = solara.reactive(State(new_items(rows)))
        self.root, self.context = solara.render(Rows(self.state, self.dispatch))
        self.at = 0

    def dispatch(self, name: str, id: int | None = None) -> None:
        self.state.value = after(self.state.value, (name, id))

    def press(self, operation: str) -> None:
        buttons, rows = self.root.children[0].children
        if operation in rows_table.BUTTONS:
            target = buttons.children[rows_table.BUTTONS.index(operation)]
        else:
            self.at += 1
            row = rows.children[rows_table.REMOVED if operation == "remove" else self.at]
            target = row.children[2 if operation == "remove" else 1]
        target._handle_custom_msg({"event": "click", "data": {}}, [])

    def painted(self) -> None:
        """The page does not tell."""
