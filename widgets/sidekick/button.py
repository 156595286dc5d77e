"""Button: something to click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flow import Signal, ui
from sidekick.component import Component, Function
from sidekick.events import ButtonClickEvent, ErrorEvent

_OnClick = Callable[[ButtonClickEvent], Any]


class Button(Component):
    """A button: ``Button("Start", on_click=start)``, or ``@button.click`` above the function."""

    __slots__ = ("_text",)

    def __init__(
        self,
        text: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_click: _OnClick | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("button", instance_id, parent, click=on_click, error=on_error)
        self._text = Signal(str(text))
        style = {"white-space": "nowrap", "max-width": "100%", "overflow": "hidden", "text-overflow": "ellipsis"}
        self._build(
            ui.Button(self._text, title=self._text, on_click=self._clicked, cls="flow-primary", style=style),
            style={"max-width": "100%"},
        )

    @property
    def text(self) -> str:
        """What stands on it. What is set is made a ``str``."""
        return self._text.value

    @text.setter
    def text(self, text: object) -> None:
        self._text.value = str(text)

    def on_click(self, callback: _OnClick | None) -> None:
        """Have ``callback(event)`` called at each click. None ends that."""
        self._listen("click", callback, "on_click()")

    def click(self, func: Function) -> Function:
        """``on_click`` as a decorator: ``@button.click``."""
        self.on_click(func)
        return func

    def _clicked(self) -> None:
        self._tell(ButtonClickEvent(self.instance_id, "click"))
