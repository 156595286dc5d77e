"""Listening to an element for a while, beside the handler it was given."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from flow.element import Element, Transparent
from flow.handlers import call
from flow.vocabulary import COMMON

if TYPE_CHECKING:
    from flow.events import Event

_lock: Final = Lock()


class _Listened:
    """What stands in the place of an element's handler while others listen too."""

    def __init__(self, own: Any, was_told: bool) -> None:
        self.own = own
        self.was_told = was_told  # the page listened anyway: for a handler, or for a Signal that it writes
        self.event_options = getattr(own, "event_options", {})
        self.listeners: tuple[Callable[[Event], object], ...] = ()

    def __call__(self, event: Event) -> Any:
        """Call the handler, then those who listen. Returns what is left to do of the handler if it is async."""
        try:
            return call(self.own, event) if self.own is not None else None
        finally:
            for listener in self.listeners:
                listener(event)


def listen(element: Element, event_type: str, function: Callable[[Event], object]) -> Callable[[], None]:
    """Call ``function(event)`` at each event of a type, and get the way out. The element may be shown or not yet."""
    if isinstance(element, Transparent):
        raise TypeError(f"{element!r} is not itself on the page, so nothing happens to it: take an element inside")
    name = f"on_{event_type}"
    if name not in COMMON and name not in element._own:
        element._attribute_called(name)  # raises, and says which events there are
    with _lock:
        there = element._props.get(name)
        if not isinstance(there, _Listened):
            there = _Listened(there, name in element._attributes)
            element._props = {**element._props, name: there}
            if not there.was_told:
                element._attributes = {**element._attributes, name: True}
                _note(element)
        there.listeners += (function,)
    listened = there

    def stop() -> None:
        with _lock:
            listened.listeners = tuple(each for each in listened.listeners if each is not function)
            if not listened.listeners and element._props.get(name) is listened:
                _restore(element, name, listened)

    return stop


def _restore(element: Element, name: str, listened: _Listened) -> None:
    props = {prop: value for prop, value in element._props.items() if prop != name}
    element._props = props if listened.own is None else {**props, name: listened.own}
    if not listened.was_told:
        element._attributes = {prop: value for prop, value in element._attributes.items() if prop != name}
        _note(element)


def _note(element: Element) -> None:
    """Have the pages told that the element has other attributes."""
    if element._live is not None:
        element._live.touch(element)
    else:
        element.invalidate()
