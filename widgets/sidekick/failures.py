"""Failures: what a page was told to do and could not, told to a component's ``on_error`` once for each kind."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sidekick.events import ErrorEvent

if TYPE_CHECKING:
    from sidekick.component import Component

GENERIC: Final = "the page could not show the component"

_log: Final = logging.getLogger("sidekick")
_told: Final[WeakKeyDictionary[Component, set[str]]] = WeakKeyDictionary()


def failed(component: Component, message: str = "") -> None:
    """Tell that a page failed to do something for a component. The same again, as with each frame of a film, is not."""
    text = message or GENERIC
    told = _told.setdefault(component, set())
    if text not in told:
        told.add(text)
        _log.warning("%r: %s", component, text)
        component._tell(ErrorEvent(component.instance_id, "error", text), message=text)
