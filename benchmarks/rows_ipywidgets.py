"""The table in ipywidgets: an HBox for each row, of a Label and two Buttons."""

from __future__ import annotations

from functools import partial
from typing import Any

from ipywidgets import Button, HBox, Label, VBox

import rows_table
from rows_table import new_label, new_labels, swapped


class Row(HBox):
    def __init__(self, table: Table, id: int, label: str) -> None:
        self.number = Label(str(id))
        self.label = Button(description=label, _dom_classes=("bench-label",))
        self.remove = Button(description="x", _dom_classes=("bench-remove",))
        self.label.on_click(lambda _: table.select(self))
        self.remove.on_click(lambda _: table.remove(self))
        super().__init__([self.number, self.label, self.remove], _dom_classes=("bench-row",))

    def close_all_of_it(self) -> None:
        for each in (*self.children, self):
            each.close()


class Table:
    def __init__(self, rows: int = 0) -> None:
        self.buttons = {name: Button(description=name, _dom_classes=(f"do-{name}",)) for name in rows_table.BUTTONS}
        for name, button in self.buttons.items():
            button.on_click(partial(self.do, name))
        self.rows = VBox(self.new_rows(rows))
        self.root = VBox([HBox([*self.buttons.values()]), self.rows])
        self.chosen: Row | None = None
        self.at = 0

    def do(self, name: str, _: Button) -> None:
        getattr(self, name)()

    def new_rows(self, rows: int = rows_table.COUNT) -> list[Row]:
        return [Row(self, *each) for each in new_labels(rows)]

    def show(self, rows: list[Row]) -> None:
        gone = {*self.rows.children} - {*rows}
        self.rows.children = rows
        for row in gone:
            row.close_all_of_it()

    def create(self) -> None:
        self.show(self.new_rows())

    replace = create

    def append(self) -> None:
        self.show([*self.rows.children, *self.new_rows()])

    def clear(self) -> None:
        self.show([])

    def update(self) -> None:
        for row in self.rows.children[::10]:
            row.label.description += " !!!"

    def label(self) -> None:
        self.rows.children[rows_table.RELABELLED].label.description = new_label()

    def select(self, row: Row) -> None:
        if self.chosen is not None:
            self.chosen.remove_class("bench-chosen")
        self.chosen = row
        row.add_class("bench-chosen")

    def swap(self) -> None:
        self.show(swapped([*self.rows.children]))

    def remove(self, row: Row) -> None:
        self.show([each for each in self.rows.children if each is not row])

    def press(self, operation: str) -> None:
        target: Any = self.buttons.get(operation)
        if target is None:
            self.at += 1
            row = self.rows.children[rows_table.REMOVED if operation == "remove" else self.at]
            target = row.children[2 if operation == "remove" else 1]
        target._handle_custom_msg({"event": "click"}, [])

    def painted(self) -> None:
        """The page does not tell."""
