"""Containers: components that arrange others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flow.element import Element
from flow.readable import short
from sidekick.component import Component
from sidekick.events import ErrorEvent
from sidekick.items import Items, place_of

_BOX: dict[str, Any] = {
    "display": "flex",
    "gap": 10,
    "padding": 15,
    "border": "1px solid var(--flow-line)",
    "border-radius": 6,
    "box-sizing": "border-box",
    "width": "100%",
    "max-width": 1000,
    "background": "var(--flow-tint)",
}


class Container(Component):
    """What Row and Column share."""

    __slots__ = ("items",)

    direction: ClassVar[Mapping[str, Any]] = {}
    items: Items

    def __init__(
        self,
        *children: Component,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin(type(self).__name__.lower(), instance_id, parent, error=on_error)
        for child in children:
            _check_child(child, type(self).__name__)
        self.items = Items(self)
        self._build(self.items.view(), style={**_BOX, **self.direction})
        for child in children:
            self.add_child(child)

    def add_child(self, child_component: Component) -> None:
        """Put a component, or an element of flow's, at the end, from wherever it is. One that is here stays."""
        _check_child(child_component, "add_child()")
        at: Element | None = self
        while at is not None:
            if at is child_component:
                raise ValueError(f"{child_component!r} cannot go into {self!r}, for that is inside of it")
            at = place_of(at)
        self.items.add(child_component)


def _check_child(child: object, where: str) -> None:
    if not isinstance(child, Element):
        raise TypeError(f"{where} takes components, not {short(child)}")
