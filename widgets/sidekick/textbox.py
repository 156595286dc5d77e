"""Textbox: a line to type in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flow import Signal, batch
from flow.drafts import Drafted
from flow.drawing import EDGE, FIELD, INK, MUTED, WIDTH, Drawing, Rectangle, Text, cut
from flow.events import Event
from flow.ui import Input
from sidekick.component import Component, Function
from sidekick.events import ErrorEvent, TextboxSubmitEvent

_OnSubmit = Callable[[TextboxSubmitEvent], Any]

_WIDE: Final = 222.0  # CSS pixels, where there is place


class Textbox(Component):
    """A line to type in, which is submitted with Enter or by leaving it: ``Textbox(placeholder="Your name")``."""

    __slots__ = ("_field", "_placeholder", "_value")

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_submit: _OnSubmit | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("textbox", instance_id, parent, submit=on_submit, error=on_error)
        self._value = Signal(str(value))
        self._field = Drafted(str(value))  # what pages type over, each for itself
        self._placeholder = Signal(str(placeholder))
        field = Input(
            type="text",
            value=self._field,
            placeholder=self._placeholder,
            aria_label=lambda: self._placeholder.value or "Text",
            on_change=self._submitted,
            style={"width": "100%", "box-sizing": "border-box"},
        )
        self._build(field, style={"min-width": 150, "max-width": 1000})

    @property
    def value(self) -> str:
        """The text that was set or submitted last. What is set is made a ``str``, and replaces what is being typed."""
        return self._value.value

    @value.setter
    def value(self, value: object) -> None:
        self._set_value(str(value))

    def _set_value(self, value: str) -> None:
        with batch(), self._lock:
            self._record("_set_value", value)
            self._value.value = self._field.value = value

    @property
    def placeholder(self) -> str:
        """What stands in it while it is empty."""
        return self._placeholder.value

    @placeholder.setter
    def placeholder(self, text: object) -> None:
        self._set_placeholder(str(text))

    def _set_placeholder(self, text: str) -> None:
        with batch(), self._lock:
            self._record("_set_placeholder", text)
            self._placeholder.value = text

    def on_submit(self, callback: _OnSubmit | None) -> None:
        """Have ``callback(event)`` called with each text that is submitted. None ends that."""
        self._listen("submit", callback, "on_submit()")

    def submit(self, func: Function) -> Function:
        """``on_submit`` as a decorator: ``@textbox.submit``."""
        self.on_submit(func)
        return func

    def _submitted(self, event: Event) -> None:
        if self._journal is not None:
            self._submit(str(event.value))
            return
        self._field.value = self._value.peek()  # a copy shows what it is told to show
        if isinstance(self._original, Textbox):
            self._original._submit(str(event.value))

    def _submit(self, value: str) -> None:
        if value != self._value.peek():
            self.value = value
            self._tell(TextboxSubmitEvent(self.instance_id, "submit", value), value=value)

    # -- Recorded and drawn

    def _state(self) -> tuple[str, str]:
        return self._value.peek(), self._placeholder.peek()

    def _restore(self, state: tuple[str, str]) -> None:
        with batch():
            self._value.value, self._placeholder.value = state
            self._field.value = state[0]

    def _drawing(self, width: float = WIDTH) -> Drawing:
        value, placeholder = self._state()
        wide = min(width, _WIDE)
        text = Text(10, 23, cut(value or placeholder, wide - 20, 16), fill=INK if value else MUTED)
        field = Rectangle(0.5, 0.5, wide - 1, 35, FIELD, EDGE, radius=4)
        return Drawing(wide, 36, (field, text), f"Textbox {value or placeholder}")
