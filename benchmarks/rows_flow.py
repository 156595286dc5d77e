"""The table in flow: a keyed list of rows, and a signal for each label and each row's being chosen."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

import rows_table
from flow import Signal
from flow.control import For
from flow.element import Element
from flow.ui import Button, Div, HStack, Tbody, Td, Tr
from flow.ui import Table as HtmlTable
from flow.widget import FlowWidget
from rows_table import new_label, new_labels, swapped


class Item:
    def __init__(self, id: int, label: str) -> None:
        self.id, self.label, self.is_chosen = id, Signal(label), Signal(False)


def new_items(rows: int = rows_table.COUNT) -> list[Item]:
    return [Item(id, label) for id, label in new_labels(rows)]


class Table:
    def __init__(self, rows: int = 0) -> None:
        self.items = Signal(new_items(rows))
        self.chosen: Item | None = None
        with Div() as self.root:
            with HStack():
                for name in rows_table.BUTTONS:
                    Button(name, cls=f"do-{name}", on_click=getattr(self, name))
            HtmlTable(Tbody(For(self.items, key=lambda item: item.id, render=self.row)))
        self.page: Page | None = None

    def row(self, item: Item) -> Element:
        return Tr(
            Td(item.id),
            Td(item.label, cls="bench-label", on_click=lambda: self.select(item)),
            Td("x", cls="bench-remove", on_click=lambda: self.remove(item)),
            cls=lambda: "bench-row bench-chosen" if item.is_chosen.value else "bench-row",
        )

    def create(self) -> None:
        self.items.value = new_items()

    replace = create

    def append(self) -> None:
        self.items.update(lambda items: items + new_items())

    def clear(self) -> None:
        self.items.value = []

    def update(self) -> None:
        for item in self.items.value[::10]:
            item.label.update(lambda label: f"{label} !!!")

    def label(self) -> None:
        self.items.value[rows_table.RELABELLED].label.value = new_label()

    def select(self, item: Item) -> None:
        if self.chosen is not None:
            self.chosen.is_chosen.value = False
        self.chosen = item
        item.is_chosen.value = True

    def swap(self) -> None:
        self.items.update(swapped)

    def remove(self, item: Item) -> None:
        self.items.update(lambda items: [each for each in items if each is not item])

    def press(self, operation: str) -> None:
        self.page = self.page or Page(self.root)
        self.page.click(operation)

    def painted(self) -> None:
        if self.page is not None:
            self.page.acknowledge()


class Page:
    """What the page's side does: it is ready, clicks and tells what it has shown. Without it nothing would be sent."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.widget = FlowWidget.of(root)
        self.session = self.widget.session
        self.session.channel = self
        self.sent = threading.Event()
        self.serial = self.at = 0
        self.answered(partial(self.tell, "ready", revision=self.session.revision))

    def send(self, message: Mapping[str, Any], *buffers: Any) -> None:
        self.widget.send(message, *buffers)
        self.sent.set()

    def tell(self, kind: str, **what: Any) -> None:
        self.session.receive({"kind": kind, "page": "page", **what})

    def answered(self, tell: Any) -> None:
        self.sent.clear()
        tell()
        if not self.sent.wait(60):
            raise TimeoutError("flow sent no answer")

    def click(self, operation: str) -> None:
        self.serial += 1
        where = {"x": 9, "y": 9, "client_x": 99, "client_y": 99, "button": 0, "buttons": 0}
        event = {"type": "click", "target_id": f"flow-{self.target(operation).element_id}", **where}
        self.answered(partial(self.tell, "event", serial=self.serial, event=event))

    def target(self, operation: str) -> Element:
        """What is clicked. It is found by its place, for a search would be counted as work of flow's."""
        buttons, table = self.root.children
        if operation in rows_table.BUTTONS:
            return buttons.children[rows_table.BUTTONS.index(operation)]
        self.at += 1
        rows = table.children[0].children[0]._children
        row = rows[rows_table.REMOVED if operation == "remove" else self.at]._children[0]
        return row._children[2 if operation == "remove" else 1]

    def acknowledge(self) -> None:
        self.tell("ack", revision=self.session.revision)
