"""Bound values: a prop or child given as a Signal, a Computed or a function, which is read anew when it changes.

A session finds them as ``element.bindings`` and reads each one in an effect; whatever the read has tracked then tells
when that prop or content, and nothing else, is to be patched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final
from weakref import ref

from flow.copying import give_state, state_of
from flow.nodes import PLAIN
from flow.readable import Readable
from flow.renderer.attributes import attribute, check_bytes
from flow.renderer.protocol import PropValue

if TYPE_CHECKING:
    from flow.deferred import Postponed
    from flow.element import Element
    from flow.runtime.live import LiveTree


_READ: Final = (Readable, FunctionType)


class Binding:
    """One bound value of an element: an attribute, or its content, where ``name`` is None."""

    __slots__ = ("_element", "effect", "event", "name", "source", "tree", "value")

    tree: LiveTree  # that keeps it up to date, or did

    def __init__(self, element: Element, name: str | None, source: Any, event: str | None = None) -> None:
        self._element: Callable[[], Any] = ref(element)  # which holds it
        self.name = name
        self.source = source
        self.event = event  # on which the page's value is written to the source, which then is a Signal
        self.effect: Postponed | None = None  # by which the tree keeps it up to date
        self.value: PropValue | None = None  # what it was when that tree last looked

    def belong_to(self, element: Element) -> None:
        """Be a binding of this element, which holds it."""
        self._element = ref(element)

    def __getstate__(self) -> dict[str, Any]:
        return state_of(self, ("_element", "effect", "tree"))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.effect = None
        give_state(self, state)

    @property
    def element(self) -> Any:
        """The element whose it is; None once that is gone."""
        return self._element()

    def read(self) -> PropValue | None:
        """The attribute's value now. The content of an element is brought up to date, and None is returned."""
        if self.name is None:
            self._element().refresh()
            return None
        value = attribute(self.name, present(self.source))
        if type(value) is not str:
            check_bytes(self._element().html, self.name, value)
        return value

    def __call__(self) -> object:
        """Be read for the tree, which is what its effect does."""
        return self.tree.evaluate(self)

    def __repr__(self) -> str:
        return f"Binding({self.element!r}, {self.name!r})"


def is_bound(value: Any) -> bool:
    """Whether a value is read anew: as a whole, or an entry of the dict or list that a style or class may be."""
    if isinstance(value, _READ):
        return True
    if type(value) in PLAIN:
        return False
    if isinstance(value, Mapping):
        return any(is_bound(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(is_bound(each) for each in value)
    return callable(value) and not isinstance(value, type)


def present(value: Any) -> Any:
    """What a value is now."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is FunctionType:
        return present(value())
    if isinstance(value, Readable):
        return present(value.value)
    if isinstance(value, Mapping):
        return {name: present(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [present(each) for each in value]
    if callable(value) and not isinstance(value, type):
        return present(value())
    return value
