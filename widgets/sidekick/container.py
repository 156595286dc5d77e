"""Containers: components that arrange others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from flow import Signal
from flow.drawing import LINE, TINT, Drawing, Rectangle, Shape
from flow.element import Element
from flow.readable import short
from sidekick.component import Component, find
from sidekick.events import ErrorEvent
from sidekick.items import Items, place_of
from sidekick.recording import Arrangement, Recorded

GAP: Final = 10  # CSS pixels between children
PADDING: Final = 15  # and around them
_BOX: dict[str, Any] = {
    "display": "flex",
    "gap": GAP,
    "padding": PADDING,
    "border": "1px solid var(--flow-line)",
    "border-radius": 6,
    "box-sizing": "border-box",
    "width": "100%",
    "max-width": 1000,
}
_TINTED: Final = {"background": "var(--flow-tint)"}


class Container(Component):
    """What Row and Column share. What is made inside ``with row:`` goes into it too."""

    __slots__ = ("_is_inner", "items")

    direction: ClassVar[Mapping[str, Any]] = {}
    items: Items

    def __init__(
        self,
        *children: Element,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        name = type(self).__name__
        around = find(parent.strip()) if isinstance(parent, str) else parent
        for child in children:
            _check_child(child, name)
            if isinstance(around, Element):
                _refuse_cycle(child, around)
        self._begin(name.lower(), instance_id, parent, error=on_error)
        self.items = Items(self)
        self._is_inner = Signal(False, name="is inner")  # in a container, whose tint is behind it already
        box = {**_BOX, **self.direction}
        self._build(self.items.view, style=lambda: box if self._is_inner.value else {**box, **_TINTED})
        for child in children:
            self.items.add(child)

    def add_child(self, child_component: Element) -> None:
        """Put a component, or an element of flow's, at the end, from wherever it is. One that is here stays."""
        _check_child(child_component, "add_child()")
        _refuse_cycle(child_component, self)
        self.items.add(child_component)

    def _state(self) -> Arrangement:
        return self.items.arrangement

    def _restore(self, state: Arrangement) -> None:
        self.items.arrange(state)

    def _arrange(self, elements: Arrangement) -> None:
        self.items.arrange(elements)

    def _placed_in(self, owner: Recorded) -> None:
        self._is_inner.value = isinstance(owner, Container)

    def _box(self, width: float, height: float, inside: tuple[Shape, ...]) -> Drawing:
        """A drawing of what is around the children."""
        box = Rectangle(0.5, 0.5, width - 1, height - 1, TINT, LINE, radius=6)
        return Drawing(width, height, (box, *inside), type(self).__name__)

    def _attach(self, child: Element) -> None:
        """Have what is made inside ``with row:`` among the items."""
        if child is self.items.view:
            super()._attach(child)
        else:
            _refuse_cycle(child, self)
            self.items.add(child)


def _check_child(child: object, where: str) -> None:
    if not isinstance(child, Element):
        raise TypeError(f"{where} takes components, not {short(child)}")


def _refuse_cycle(child: Element, container: Element) -> None:
    at: Element | None = container
    while at is not None:
        if at is child:
            raise ValueError(f"{child!r} cannot go into {container!r}, for that is inside of it")
        at = place_of(at)
