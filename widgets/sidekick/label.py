"""Label: a line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flow.drawing import WIDTH, Drawing, Text, cut, text_width
from flow.ui import Span
from sidekick.component import Component
from sidekick.events import ErrorEvent
from sidekick.text_component import TextComponent

_SHORT: Final = 24  # characters of a text that is not cut to make place for those beside it
_LINE: dict[str, Any] = {
    "padding": "4px 8px",
    "box-sizing": "border-box",
    "font-size": 16,
    "white-space": "nowrap",
    "overflow": "hidden",
    "text-overflow": "ellipsis",
    "max-width": "100%",
    "min-width": 0,
    "min-height": "2em",
}


class Label(TextComponent):
    """A line of text: ``Label("Score: 0")``. What does not fit is cut, and is told by the tooltip."""

    def __init__(
        self,
        text: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("label", instance_id, parent, error=on_error)
        self._begin_text(text)
        self._build(Span(self._text), title=self._text, style=self._style)

    def _style(self) -> dict[str, Any]:
        return {**_LINE, "flex-shrink": 0 if len(self._text.value) <= _SHORT else 1}

    def _drawing(self, width: float = WIDTH) -> Drawing:
        text = cut(" ".join(self._text.peek().split()), width - 16, 16)
        return Drawing(text_width(text, 16) + 16, 32, (Text(8, 22, text),), self._text.peek())
