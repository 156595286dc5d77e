"""An app mounted by hand on a document, for Python on a page's main thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from flow import Signal, component, on_cleanup, ui_thread
from flow.control import For
from flow.element import Element
from flow.errors import FlowError
from flow.ui import Button, Div, Li, Text, Ul
from flow.wasm import WasmApp, create_wasm_app
from support.dom_page import Page


class Document(Page):
    """A document with one place, where two queries are known."""

    def __init__(self) -> None:
        super().__init__()
        self.place: Any = self.createElement("div")
        self.place.replaceChildren = self._replace_children
        self.body.appendChild(self.place)

    def querySelector(self, selector: str) -> Any:
        return self.place if selector == "#app" else None

    def getElementById(self, name: str) -> Any:
        found = next((each for each in _elements(self.place) if each.getAttribute("id") == name), None)
        if found is not None:
            found.replaceWith = lambda new: found.parentNode.replaceChild(new, found)
        return found

    def _replace_children(self, *new: Any) -> None:
        for child in [*self.place.childNodes]:
            self.place.removeChild(child)
        for child in new:
            self.place.appendChild(child)


def _elements(node: Any) -> list[Any]:
    return list(node.getElementsByTagName("*"))


def text_of(node: Any) -> str:
    return str(node.data) if node.nodeType == node.TEXT_NODE else "".join(map(text_of, node.childNodes))


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether it is so before long: what is written is drawn on another thread."""
    until = time.monotonic() + 5
    while not is_so() and time.monotonic() < until:
        time.sleep(0.005)
    drawn: list[bool] = []
    ui_thread.wait(lambda: drawn.append(is_so()), 5)
    return drawn == [True]


def test_what_is_bound_is_drawn_anew_and_what_is_not_stays() -> None:
    count = Signal(0)
    ended: list[str] = []

    @component
    def Counter() -> Element:
        on_cleanup(lambda: ended.append("Counter"))
        return Div(
            Text("still"), Text(lambda: f"Count: {count.value}"), Button("+", on_click=lambda: count.update(_next))
        )

    document = Document()
    app = create_wasm_app(Counter, document=document)
    app.mount("#app")
    still, bound, button = document.place.childNodes[0].childNodes
    assert text_of(bound) == "Count: 0"
    button.fire("click")
    assert eventually(lambda: text_of(document.place) == "stillCount: 1+")
    assert document.place.childNodes[0].childNodes[0] is still
    app.close()
    assert document.place.childNodes == []
    assert ended == ["Counter"]


def test_a_list_takes_in_and_lets_go() -> None:
    items = Signal(["a", "b"])
    document = Document()
    app = WasmApp(lambda: Ul(For(items, key=str, render=Li)), document)
    app.mount("#app")
    items.value = ["b", "c", "d"]
    assert eventually(lambda: text_of(document.place) == "bcd")
    items.value = []
    assert eventually(lambda: text_of(document.place) == "")
    app.close()


def test_an_app_has_one_place_that_has_to_be_there() -> None:
    app = create_wasm_app(Div("a"), document=Document())
    with pytest.raises(ValueError, match="no element '#other'"):
        app.mount("#other")
    app.mount("#app")
    with pytest.raises(FlowError, match="is mounted already"):
        app.mount("#app")
    app.close()


def test_what_is_no_component_is_refused() -> None:
    with pytest.raises(TypeError, match="shows a component"):
        create_wasm_app(lambda: "text", document=Document()).mount("#app")


def _next(n: int) -> int:
    return n + 1
