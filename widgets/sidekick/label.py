"""Label: a line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flow import Signal
from flow.ui import Span
from sidekick.component import Component
from sidekick.events import ErrorEvent

_LINE: dict[str, Any] = {
    "padding": "4px 8px",
    "font-size": 16,
    "white-space": "nowrap",
    "overflow": "hidden",
    "text-overflow": "ellipsis",
    "max-width": "100%",
    "min-width": 0,
    "min-height": "1.5em",
}


class Label(Component):
    """A line of text: ``Label("Score: 0")``. What does not fit is cut, and is told by the tooltip."""

    __slots__ = ("_text",)

    def __init__(
        self,
        text: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("label", instance_id, parent, error=on_error)
        self._text = Signal(str(text))
        self._build(Span(self._text), title=self._text, style=_LINE)

    @property
    def text(self) -> str:
        """The text. What is set is made a ``str``."""
        return self._text.value

    @text.setter
    def text(self, text: object) -> None:
        self._text.value = str(text)
