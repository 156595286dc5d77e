"""An app mounted by hand on a page's own document: for Python on a page's main thread, as in PyScript.

    from js import document
    create_wasm_app(App, document=document).mount("#app")

A page of ``flow build`` does without: there Python runs in a worker, and flow's own browser half draws.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from flow import ui_thread
from flow.element import Element
from flow.errors import FlowError
from flow.readable import short
from flow.renderer.dom import DOMRenderer
from flow.renderer.protocol import Operation
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.tracebacks import from_the_user

_log: Final = logging.getLogger("flow")


class WasmApp:
    """A component and the document that it is shown in. What changes in its tree is drawn anew, and nothing else.

    Listeners of what was drawn anew last until ``close``.
    """

    def __init__(self, root_component: Callable[..., Any] | Element, document: Any) -> None:
        self.root_component = root_component
        self.document = document
        self.renderer = DOMRenderer(document)
        self.registry = ElementRegistry()
        self._place: Any = None
        self._tree: LiveTree | None = None
        self._is_due = False

    def mount(self, selector: str) -> None:
        """Show the app in the place of what is in the first DOM element of a CSS selector."""
        if self._tree is not None:
            raise FlowError(f"{short(self.root_component)} is mounted already: an app has one place")
        place = self.document.querySelector(selector)
        if place is None:
            raise ValueError(f"the page has no element {selector!r} to mount in")
        root = self.root_component if isinstance(self.root_component, Element) else self.root_component()
        if not isinstance(root, Element):
            raise TypeError(f"mount() shows a component, marked @component, or an element, not {short(root)}")
        self._tree = LiveTree(root, self.registry, tell=self._changed, on_error=_log_error, loop=ui_thread.loop)
        self._place = place
        self._draw_all()

    def update(self, element: Element) -> None:
        """Draw an element of the app anew; one that has no DOM element of its own with what is around it."""
        at: Element | None = element
        while at is not None:
            dom = self.document.getElementById(f"flow-{at.element_id}")
            if dom is not None:
                dom.replaceWith(self.renderer.render(at))
                return
            at = at.parent
        if self._tree is not None:
            self._draw_all()

    def close(self) -> None:
        """End the app: its effects, its listeners, and what it shows."""
        if self._tree is not None:
            self._tree.dispose()
            self._tree = None
            self.renderer.release()
            self._place.replaceChildren()

    def _draw_all(self) -> None:
        assert self._tree is not None
        self._place.replaceChildren(self.renderer.render(self._tree.root))

    def _changed(self) -> None:
        if not self._is_due:
            self._is_due = True
            ui_thread.call(self._flush)

    def _flush(self) -> None:
        self._is_due = False
        if self._tree is None:
            return
        patch = self._tree.update()
        left, self._tree.left = self._tree.left, []
        operations = patch.operations if patch else []
        changes = [each for each in operations if each[0] != "call"]
        # Outer elements first: what they are drawn with needs no drawing of its own, but that costs little.
        for element_id in dict.fromkeys(map(_place_of, changes)):
            element = self.registry.get(element_id)
            self.update(element if element is not None and element not in left else self._tree.root)
        for each in operations:
            if each[0] == "call" and (dom := self.document.getElementById(f"flow-{each[1]}")) is not None:
                getattr(dom, each[2])(*each[3])
        self.registry.leave(left)


def create_wasm_app(root_component: Callable[..., Any] | Element, document: Any) -> WasmApp:
    """An app that is yet to be mounted. ``document`` is the page's."""
    return WasmApp(root_component, document)


def _log_error(error: BaseException, where: str) -> None:
    """Log an error of the tree, which stops nothing else."""
    _log.error("%s failed: %r", where, error, exc_info=(type(error), error, from_the_user(error)))


def _place_of(operation: Operation) -> int:
    """The id of the element that an operation changes."""
    return operation[1]
