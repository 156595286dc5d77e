"""Button: something to click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flow import ui
from flow.drawing import ACCENT, WIDTH, Drawing, Rectangle, Text, cut, text_width
from sidekick.component import Component, Function
from sidekick.events import ButtonClickEvent, ErrorEvent
from sidekick.text_component import TextComponent

_OnClick = Callable[[ButtonClickEvent], Any]


class Button(TextComponent):
    """A button: ``Button("Start", on_click=start)``, or ``@button.click`` above the function."""

    def __init__(
        self,
        text: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_click: _OnClick | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("button", instance_id, parent, click=on_click, error=on_error)
        self._begin_text(text)
        style = {"white-space": "nowrap", "max-width": "100%", "overflow": "hidden", "text-overflow": "ellipsis"}
        self._build(
            ui.Button(self._text, title=self._text, on_click=self._clicked, cls="flow-primary", style=style),
            style={"max-width": "100%"},
        )

    def on_click(self, callback: _OnClick | None) -> None:
        """Have ``callback(event)`` called at each click. None ends that."""
        self._listen("click", callback, "on_click()")

    def click(self, func: Function) -> Function:
        """``on_click`` as a decorator: ``@button.click``."""
        self.on_click(func)
        return func

    def _clicked(self) -> None:
        self._tell(ButtonClickEvent(self.instance_id, "click"))

    def _drawing(self, width: float = WIDTH) -> Drawing:
        text = cut(" ".join(self._text.peek().split()), width - 32, 16)
        wide = text_width(text, 16) + 32
        shapes = (
            Rectangle(0, 0, wide, 34, ACCENT, radius=4),
            Text(wide / 2, 22.5, text, fill="white", anchor="middle"),
        )
        return Drawing(wide, 34, shapes, f"Button {self._text.peek()}")
