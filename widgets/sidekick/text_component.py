"""What Label, Button and Markdown share: one text, which is shown."""

from __future__ import annotations

from flow import Signal, batch
from sidekick.component import Component


class TextComponent(Component):
    """A component that shows one text."""

    __slots__ = ("_text",)

    def _begin_text(self, text: object) -> None:
        """Have this text to begin with."""
        self._text = Signal(str(text), name="text")

    @property
    def text(self) -> str:
        """The text that it shows. What is set is made a ``str``."""
        return self._text.value

    @text.setter
    def text(self, text: object) -> None:
        self._set_text(str(text))

    def _set_text(self, text: str) -> None:
        with batch(), self._lock:
            if text != self._text.peek():
                self._record("_set_text", text)
                self._text.value = text

    def _state(self) -> str:
        return self._text.peek()

    def _restore(self, state: str) -> None:
        self._text.value = state
