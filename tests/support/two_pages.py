"""Several pages of one session, each with what is typed on it, as a test plays them without a kernel or a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flow import Element, ui_thread
from flow.server.session import LiveSession
from support.sidekick_page import inside, nodes_in, settle
from support.wire_page import Page, read_tree


class _Typed(Page):
    """A page on which somebody types. A text that it is told is shown, also where it was told that before."""

    def __init__(self, root: list[Any]) -> None:
        self.by_id = {}
        self.root = self._make(root)
        self.serial = 0

    def _set(self, element_id: int, name: str, value: Any) -> None:
        self.by_id[element_id]["props"][name] = value


class TwoPages:
    """Pages "a" and "b" that show an element, and any others that are opened."""

    def __init__(self, root: Element) -> None:
        self.session = LiveSession(root, self)
        self.session.settle()
        self.pages: dict[str, _Typed] = {}
        for name in "ab":
            self.open(name)

    def open(self, name: str) -> None:
        """Have one more page show it."""
        self.session.receive({"kind": "ready", "page": name, "revision": None})
        self.settle()

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        if message["kind"] == "snapshot":
            (name,) = message["seen"]
            self.pages[name] = _Typed(read_tree(message))
        elif message["kind"] == "patch":
            for name, page in self.pages.items():
                page.receive(message)
                self.session.receive({"kind": "ack", "page": name, "revision": message["revision"]})

    def types(self, name: str, component: Element, text: str) -> None:
        """Somebody types into the only field of a component on a page."""
        self.settle()
        field = inside(component, "input")
        self.pages[name].by_id[field.element_id]["props"]["value"] = text
        self.event(name, field, "input", value=text)

    def event(self, name: str, element: Element, kind: str, **data: Any) -> None:
        """Something happens on a page."""
        page = self.pages[name]
        page.serial += 1
        event = {"type": kind, "target_id": f"flow-{element.element_id}", **data}
        self.session.receive({"kind": "event", "page": name, "serial": page.serial, "event": event})
        self.settle()

    def fields(self, name: str) -> list[str]:
        """What the fields of a page show, in order."""
        self.settle()
        return [
            str(node["props"].get("value", "")) for node in nodes_in(self.pages[name].root) if node["tag"] == "input"
        ]

    def settle(self) -> None:
        """Until the loops have done what they were asked for, and the pages were told."""
        settle()
        ui_thread.wait(lambda: self.session.flush(waits=False), 10)

    def close(self) -> None:
        ui_thread.wait(self.session.close, 10)
