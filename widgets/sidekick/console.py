"""Console: text that is printed, and a line to answer in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flow import Signal, batch
from flow.control import For
from flow.drafts import Drafted
from flow.drawing import ACCENT, EDGE, FIELD, WIDTH, Drawing, Group, Rectangle, Shape, Text, wrapped
from flow.events import SubmitEvent
from flow.ui import Button, Div, Form, Input, Span
from sidekick.component import Component, Function
from sidekick.events import ConsoleSubmitEvent, ErrorEvent

_OnSubmit = Callable[[ConsoleSubmitEvent], Any]

CHUNK: Final = 2000  # characters that a page is told of together; a chunk ends with its line
_LONGEST: Final = 20_000  # characters of a line that are kept in one chunk
_HEIGHT: Final = 250  # CSS pixels
_SIZE: Final = 14.4
_LINE_HEIGHT: Final = 1.5 * _SIZE
_SEEN: Final = 4  # chunks that are more than the area has place for
_EMPTY: Final[tuple[tuple[str, ...], str]] = ((), "")

_LINE: Final = "line"  # the name of the field in what a page tells of the form

_FRAME: dict[str, Any] = {"width": "100%", "max-width": 1000}
_TEXT: dict[str, Any] = {
    "display": "flex",
    "flex-direction": "column-reverse",
    "height": _HEIGHT,
    "box-sizing": "border-box",
    "overflow": "auto",
    "padding": 10,
    "border": "1px solid var(--flow-edge)",
    "background": "var(--flow-field)",
    "font-family": "var(--flow-mono)",
    "font-size": "0.9em",
    "white-space": "pre-wrap",
    "overflow-wrap": "anywhere",
}


class Console(Component):
    """An area that text is printed to: ``console.print("Hello")``. With ``show_input`` it has a line to answer in."""

    __slots__ = ("_has_input", "_line", "_text")

    def __init__(
        self,
        text: str = "",
        show_input: bool = False,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_submit: _OnSubmit | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("console", instance_id, parent, submit=on_submit, error=on_error)
        # Whole chunks, which change no more, and the text after them.
        self._text: Signal[tuple[tuple[str, ...], str]] = Signal(_EMPTY)
        self._line = Drafted()
        self._has_input = bool(show_input)
        # The last line stays in view as the text grows, for a reversed column is scrolled from its end; the margin has
        # a short text begin at the top all the same.
        lines = Div(
            For(lambda: (*self._text.value[0], self._text.value[1]), render=Span), style={"margin-bottom": "auto"}
        )
        area = Div(lines, style=_TEXT, role="log", aria_label="Console", tabindex=0)
        self._build(area, *([self._input()] if show_input else []), style=_FRAME)
        if text is not None and str(text):
            self._text.value = _appended(*_EMPTY, str(text))

    def _input(self) -> Form:
        field = {"flex": 1, "min-width": 0}
        return Form(
            Input(type="text", name=_LINE, value=self._line, autocomplete="off", aria_label="Input", style=field),
            Button("Send", type="submit"),
            on_submit=self._submitted,
            style={"display": "flex", "gap": 6, "margin-top": 6},
        )

    def print(self, *args: Any, sep: str = " ", end: str = "\n") -> None:
        """Append text as ``print`` writes it: after the last line, unless that ended in a newline."""
        self._append(sep.join(map(str, args)) + end)

    def clear(self) -> None:
        """Show no text any more."""
        with batch(), self._lock:
            self._record("clear")
            self._text.value = _EMPTY

    @property
    def text(self) -> str:
        """All that was printed since it was cleared."""
        chunks, rest = self._text.value
        return "".join(chunks) + rest

    def on_submit(self, callback: _OnSubmit | None) -> None:
        """Have ``callback(event)`` called with each line that is sent. None ends that."""
        self._listen("submit", callback, "on_submit()")

    def submit(self, func: Function) -> Function:
        """``on_submit`` as a decorator: ``@console.submit``."""
        self.on_submit(func)
        return func

    def _append(self, text: str) -> None:
        with batch(), self._lock:
            self._record("_append", text)
            self._text.value = _appended(*self._text.peek(), text)

    def _submitted(self, event: SubmitEvent) -> None:
        value = str((event.data or {}).get(_LINE, ""))
        if value.strip():
            self._line.value = ""
            self._tell(ConsoleSubmitEvent(self.instance_id, "submit", value), value=value)

    # -- Recorded and drawn

    def _state(self) -> tuple[tuple[str, ...], str]:
        return self._text.peek()

    def _restore(self, state: tuple[tuple[str, ...], str]) -> None:
        self._text.value = state

    def _again(self) -> Console:
        return Console(show_input=self._has_input)

    def _drawing(self, width: float = WIDTH) -> Drawing:
        wide, lines = min(width, 1000), self._last_lines(min(width, 1000))
        printed = tuple(
            Text(0, (at + 0.75) * _LINE_HEIGHT, line, _SIZE, family="mono") for at, line in enumerate(lines)
        )
        up = max(0, len(lines) * _LINE_HEIGHT - (_HEIGHT - 20))  # the last line is in view
        inside = Group(10, 10, (Group(0, -up, printed),), wide - 20, _HEIGHT - 20)
        shapes: list[Shape] = [Rectangle(0.5, 0.5, wide - 1, _HEIGHT - 1, FIELD, EDGE), inside]
        if self._has_input:
            top = _HEIGHT + 6
            shapes += (
                Rectangle(0.5, top + 0.5, wide - 77, 33, FIELD, EDGE, radius=4),
                Rectangle(wide - 70, top, 70, 34, ACCENT, radius=4),
                Text(wide - 35, top + 22.5, "Send", fill="white", anchor="middle"),
            )
        return Drawing(wide, _HEIGHT + 40 * self._has_input, tuple(shapes), "Console")

    def _last_lines(self, width: float) -> list[str]:
        """The lines that can be seen, and perhaps some more."""
        chunks, rest = self._text.peek()
        shown = "".join((*chunks[-_SEEN:], rest))[-_SEEN * CHUNK :]
        lines = wrapped(shown.expandtabs(), width - 20, _SIZE, "mono")
        return lines[:-1] if lines and not lines[-1] else lines


def _appended(chunks: tuple[str, ...], rest: str, text: str) -> tuple[tuple[str, ...], str]:
    rest += text
    while len(rest) > CHUNK:
        end = rest.find("\n", CHUNK) + 1 or len(rest) * (len(rest) > _LONGEST)
        if not end:
            break
        chunks, rest = (*chunks, rest[:end]), rest[end:]
    return chunks, rest
