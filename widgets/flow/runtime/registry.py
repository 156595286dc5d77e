"""Who is who by id: a page tells of an event on ``flow-<id>``, and the element's handler is found here.

The registry holds what it registers, so no newcomer can get the id of an element that a page still shows. An element
that a page knows by the id of an earlier one (see ``Patch.adopted``) is entered by that id, and the earlier one is
held as well.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flow.element import Element


class ElementRegistry:
    """Elements by the ids a page knows them by. May be used from several threads."""

    def __init__(self) -> None:
        self._elements: dict[int, Element] = {}
        self._namesakes: dict[int, Element] = {}  # whose id it is, where another goes by it
        self._lock = Lock()

    def register(self, element: Element, element_id: int | None = None) -> None:
        """Enter one element, by its own id or by that of the entered one whose place it takes."""
        own = id(element)
        with self._lock:
            if element_id is None or element_id == own:
                self._elements[own] = element
                self._namesakes.pop(own, None)
                return
            before = self._elements.get(element_id)
            if before is None:
                raise LookupError(f"no element is registered as {element_id}, so none can take its place")
            self._namesakes.setdefault(element_id, before)
            self._elements[element_id] = element

    def register_tree(self, root: Element) -> None:
        """Enter an element and all inside it."""
        found = list(root.walk())  # may run components, which must not find the lock taken
        with self._lock:
            self._elements.update((id(element), element) for element in found)

    def get(self, element_id: int) -> Element | None:
        """The element of this id, if there is one."""
        return self._elements.get(element_id)

    def get_handler(self, element_id: int, event_type: str) -> Callable[..., Any] | None:
        """What the element of this id wants called when the event, such as ``click``, happens to it."""
        element = self.get(element_id)
        return None if element is None else element.props.get(f"on_{event_type}")

    def unregister(self, element_id: int) -> None:
        """Let go of one that left the page, and of its id. One that is not there is no error."""
        with self._lock:
            self._elements.pop(element_id, None)
            self._namesakes.pop(element_id, None)

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._elements.clear()
            self._namesakes.clear()

    def __len__(self) -> int:
        return len(self._elements)
