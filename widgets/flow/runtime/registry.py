"""Who is who by id: a page tells of an event on ``flow-<id>``, and the element's handler is found here.

The registry holds what it registers, so no newcomer can get the id of an element that a page still shows. One that
was made anew in the place of another goes by the other's id, which it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flow.element import Element


class ElementRegistry:
    """Elements by the ids a page knows them by. May be used from several threads."""

    def __init__(self) -> None:
        self._elements: dict[int, Element] = {}
        self._lock = Lock()

    def register(self, element: Element) -> None:
        """Enter one element."""
        with self._lock:
            self._elements[element.element_id] = element

    def register_tree(self, root: Element, adopted: Mapping[int, int] | None = None) -> None:
        """Enter an element and all inside it. ``adopted``: of a patch, who takes the place of whom."""
        found = list(root.walk())  # may run components, which must not find the lock taken
        with self._lock:
            if adopted:
                self._adopt(found, adopted)
            self._elements.update((element.element_id, element) for element in found)

    def _adopt(self, found: Iterable[Element], adopted: Mapping[int, int]) -> None:
        for element in found:
            known = adopted.get(element.element_id)
            if known is not None:
                element.take_place_of(self._elements[known])

    def enter(self, element: Element) -> None:
        """Enter one that comes into a live tree. If another goes by its id meanwhile, it gets a new one."""
        if self._elements.setdefault(id(element._elder or element), element) is not element:  # as ``element_id`` has it
            self._enter_beside(element)

    def _enter_beside(self, element: Element) -> None:
        """Enter one by whose id another goes, or went before it left."""
        with self._lock:
            other = self._elements.get(element.element_id)
            if other is not None and other is not element and other._live is not None:
                element.take_new_id()
            self._elements[element.element_id] = element

    def adopt(self, own: int, known: int) -> None:
        """Let an element go by the id of the one whose place it took."""
        with self._lock:
            element = self._elements.pop(own)
            element.take_place_of(self._elements[known])
            self._elements[known] = element

    def leave(self, left: Iterable[Element]) -> None:
        """Let go of those that no page shows any more, but of none that is back or by whose id another goes."""
        with self._lock:
            self._leave(left)

    def _leave(self, left: Iterable[Element]) -> None:
        for element in left:
            element_id = element.element_id
            if element._live is None and self._elements.get(element_id) is element:
                del self._elements[element_id]

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

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._elements.clear()

    def __len__(self) -> int:
        return len(self._elements)
