"""Component: what all components share: an id, a place, callbacks, and an end.

A component is an element of flow, so it can stand anywhere in a page of flow's. One that is made without a parent, and
not inside a ``with``, shows itself in the panel of the cell that made it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

from flow.element import Element
from flow.nesting import innermost, nested_in
from flow.notebook import is_in_kernel, show
from flow.readable import short
from sidekick import loop, messages
from sidekick.callbacks import Callback, checked_callback
from sidekick.events import BaseSidekickEvent, ErrorEvent
from sidekick.items import Items, place_of, take_away
from sidekick.mirror import Mirror
from sidekick.panel import find_panel, panel_around, panel_of_this_cell
from sidekick.recording import Recorded
from sidekick.replicas import copied
from sidekick.utils import generate_unique_id

Function = TypeVar("Function", bound=Callable[..., Any])

_log: Final = logging.getLogger("sidekick")
_by_id: Final[WeakValueDictionary[str, Component]] = WeakValueDictionary()
_waiting: Final[dict[str, list[Component]]] = {}  # for a container with this id to be made


class Component(Recorded, html="div"):
    """The base of all components; only these are made by users."""

    __slots__ = ("_callbacks", "_original", "_place_in", "component_type", "instance_id")

    items: Items | None = None  # of a component that has others inside

    def __init__(
        self,
        component_type: str,
        payload: dict[str, Any] | None = None,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin(component_type, instance_id, parent, error=on_error)
        self._build(**(payload or {}))

    def _begin(
        self,
        component_type: str,
        instance_id: str | None,
        parent: Component | str | None,
        **callbacks: Callable[..., Any] | None,
    ) -> None:
        """Check what all components are given, before anything is made."""
        self.component_type = component_type
        name = type(self).__name__
        explicit = _checked_id(instance_id, f"instance_id of {name}")
        if not (parent is None or isinstance(parent, Component | str)):
            raise TypeError(f"parent of {name} takes a component or its id, not {short(parent)}")
        self._place_in = _checked_id(parent, f"parent of {name}") if isinstance(parent, str) else parent
        self._callbacks: dict[str, Callback] = {}
        for kind, callback in callbacks.items():
            self._listen(kind, callback, f"on_{kind} of {name}")
        self._original: Component | None = None  # what a mirror shows, which gets the mirror's events
        copy = copied.get()
        self._begin_recording(is_copy=copy is not None)
        self.instance_id: str = copy or explicit or generate_unique_id(component_type)

    def _build(self, *inside: Any, **props: Any) -> None:
        """Make the element, and put it where it belongs."""
        around = innermost()
        with nested_in(None):
            Element.__init__(self, *inside, data_component=self.instance_id, **props)
        if self._journal is None:
            return
        before = _by_id.get(self.instance_id)
        if before is not None:
            _log.warning(
                "there is a new component with the id %r, which takes the place of the older", self.instance_id
            )
            before.remove()
        _by_id[self.instance_id] = self
        if self._place_in is not None:
            _put(self, self._place_in)
        elif around is not None:
            around._attach(self)
        else:
            panel_of_this_cell().items.add(self)
        for child in _waiting.pop(self.instance_id, []):
            if find(child.instance_id) is child and place_of(child) is None:
                _put(child, self)

    # -- Its end

    def remove(self) -> None:
        """Take it from the page for good, with all that is in it. Its callbacks are called no more."""
        if _by_id.get(self.instance_id) is self:
            del _by_id[self.instance_id]
        self._callbacks.clear()
        take_away(self)

    # -- Callbacks

    def on_error(self, callback: Callable[[ErrorEvent], Any] | None) -> None:
        """Have a function called when what the page was told to do has failed there. None ends that."""
        self._listen("error", callback, "on_error()")

    def _listen(self, kind: str, callback: Callable[..., Any] | None, where: str) -> None:
        checked = checked_callback(callback, where)
        if checked is None:
            self._callbacks.pop(kind, None)
        else:
            self._callbacks[kind] = checked

    def _tell(self, event: BaseSidekickEvent, **payload: Any) -> None:
        """Have the callback for an event called, on the loop. From any thread. A copy in a timeline tells nobody."""
        if self._original is not None:
            self._original._tell(replace(event, instance_id=self._original.instance_id), **payload)
        elif self._journal is not None:
            loop.call(lambda: self._deliver(event, payload))

    def _deliver(self, event: BaseSidekickEvent, payload: dict[str, Any]) -> None:
        panel = panel_around(self)
        if panel is not None and panel.is_stopped:
            return
        messages.received(self, {"event": event.type, **payload})
        callback = self._callbacks.get(event.type)
        if callback is not None:
            callback(event)

    def _is_copy_of(self, original: Recorded) -> None:
        self._original = original if isinstance(original, Component) else None

    def _ipython_display_(self) -> None:
        """Show it here as well: where its cell shows it already it stays as it is, and another cell gets a mirror."""
        if not is_in_kernel():
            super()._ipython_display_()
        elif place_of(self) is None:
            panel_of_this_cell().items.add(self)
        elif panel_around(self) is None or panel_around(self) is not find_panel():
            show(Mirror(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.instance_id!r})"


def find(instance_id: str) -> Component | None:
    """The component with this id."""
    return _by_id.get(instance_id)


def _checked_id(given: object, where: str) -> str | None:
    if not isinstance(given, str):
        return None
    stripped = given.strip()
    if not stripped:
        raise ValueError(f"{where} is empty: give it a name, or leave it out")
    return stripped


def _put(child: Component, parent: Component | str) -> None:
    """Put a component into a container, now or as soon as there is one with this id."""
    if isinstance(parent, str):
        if parent == "root":
            panel_of_this_cell().items.add(child)
            return
        found = find(parent)
        if found is None:
            _waiting.setdefault(parent, []).append(child)
            _log.warning("%r is shown as soon as there is a container with the id %r", child, parent)
            return
        parent = found
    items = parent.items
    if items is None:
        _log.warning("%r cannot be shown in %r, which takes no children: Row and Column do", child, parent)
        return
    items.add(child)
