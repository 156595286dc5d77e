"""A page that shows sidekick's components, as a test plays it without a kernel or a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Event
from typing import Any

from flow import Element, ui_thread
from flow.server.session import LiveSession
from sidekick import loop
from support.wire_page import Page, plain, read_tree


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until it holds, which takes no longer than the machine is slow."""
    for _ in range(2000):
        if condition():
            return
        Event().wait(0.005)
    raise AssertionError("it did not come about")


def settle() -> None:
    """Until both loops have done what they were asked for."""
    for _ in range(3):
        ui_thread.wait(lambda: None, 10)
        done = Event()
        loop.call(done.set)
        assert done.wait(10)


class Shown:
    """A panel, or another element, that a page shows."""

    def __init__(self, root: Element) -> None:
        self.session = LiveSession(root, self)
        self.session.settle()
        self.page: Page | None = None
        self.serial = 0
        self.sent: list[Mapping[str, Any]] = []
        self.session.receive({"kind": "ready", "page": "p", "revision": None})
        ui_thread.wait(lambda: None, 10)

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        self.sent.append(message)
        if message["kind"] == "snapshot":
            self.page = Page.__new__(Page)
            self.page.by_id = {}
            self.page.root = self.page._make(read_tree(message))
        elif message["kind"] == "patch":
            assert self.page is not None
            self.page.receive(message)
            self.session.receive({"kind": "ack", "page": "p", "revision": message["revision"]})

    def event(self, element: Element, kind: str, **data: Any) -> None:
        """Something happens on the page, which shows all there is."""
        self.texts()
        self.serial += 1
        event = {"type": kind, "target_id": f"flow-{element.element_id}", **data}
        self.session.receive({"kind": "event", "page": "p", "serial": self.serial, "event": event})

    def type(self, component: Element, text: str) -> None:
        """Type into the only input of a component."""
        self.texts()
        field = inside(component, "input")
        assert self.page is not None
        self.page.by_id[field.element_id]["props"]["value"] = text
        self.event(field, "input", value=text)

    def send_line(self, component: Element, text: str) -> None:
        """Type into the only field of a component, and send the form that it is in."""
        self.type(component, text)
        self.event(inside(component, "form"), "submit", data={inside(component, "input").props["name"]: text})

    def texts(self) -> list[str]:
        """The texts on the page, in order."""
        ui_thread.wait(lambda: self.session.flush(waits=False), 10)
        assert self.page is not None
        return list(_texts(plain(self.page.root)))

    def values(self) -> list[str]:
        """What the inputs hold as far as the kernel knows, in order."""
        ui_thread.wait(lambda: self.session.flush(waits=False), 10)
        assert self.page is not None
        return [str(node["props"].get("value", "")) for node in nodes_in(self.page.root) if node["tag"] == "input"]


def inside(component: Element, html: str) -> Element:
    """The first element of a kind in a component."""
    return next(each for each in component.walk() if each.html == html)


def nodes_in(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a page, and all that are in it."""
    yield node
    for child in node["children"]:
        yield from nodes_in(child)


def _texts(node: Any) -> Iterator[str]:
    _, _, _, text, children = node
    if text:
        yield text
    for child in children:
        yield from _texts(child)
