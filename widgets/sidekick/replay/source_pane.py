"""The source beside what its lines did: which line ran, which comes, and the values it made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flow import Computed, For, on
from flow.element import Element
from flow.events import KeyEvent
from flow.ui import Div, Span
from sidekick.replay import look
from sidekick.replay.sources import Source
from sidekick.replay.telling import Moment
from sidekick.replay.words import colored

WINDOW: Final = 40  # lines that are shown of a long text
KEYS: Final = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", " ")


class SourcePane:
    """The lines of the frame that is shown. ``press`` is told of keys."""

    def __init__(self, here: Computed[Moment], press: Callable[[str], None]) -> None:
        self._here = here
        self._words: dict[str, list[list[tuple[str, str | None]]]] = {}
        self.element: Final = Div(
            For(self._lines, key=lambda line: f"{line[0].name}:{line[1]}", render=self._row),
            on_keydown=on(lambda event: self._pressed(event, press), keys=KEYS, prevent_default=True),
            role="group",
            tabindex=0,
            aria_label="Source. Left and right go a step, up and down a pass of the loop",
            style=look.SOURCE,
        )

    def _pressed(self, event: KeyEvent, press: Callable[[str], None]) -> None:
        press(event.key)

    def _lines(self) -> list[tuple[Source, int]]:
        """The lines that are shown: of a long text those around the one that is looked at."""
        moment = self._here.value
        source = moment.frame.source
        last = len(source.lines)
        while last > source.first_line and not source.line(last).strip():
            last -= 1
        first = min(source.first_line, last)
        while first < last and not source.line(first).strip():
            first += 1
        if last - first >= WINDOW:
            at = moment.step.next or moment.step.ran
            # In steps of some lines, so that not each step moves all of them.
            top = max(first, min((at - WINDOW // 2) // 8 * 8, last - WINDOW + 1))
            first, last = top, top + WINDOW - 1
        return [(source, number) for number in range(first, last + 1)]

    def _row(self, item: tuple[Source, int]) -> Element:
        source, number = item
        if source.name not in self._words:
            self._words[source.name] = colored(source.lines)
        words = [
            Span(text, style={"color": color}) if color else text
            for text, color in self._words[source.name][number - 1]
        ]
        return Div(
            Span(lambda: self._mark(number), style=look.MARKER, aria_hidden="true"),
            Span(number, style=look.NUMBER),
            Span(*words, style=look.CODE),
            Span(
                lambda: self._here.value.beside.get(number, ""),
                style=lambda: self._beside_style(number),
                title=lambda: self._here.value.beside.get(number),
            ),
            style=lambda: self._style(number),
            aria_current=lambda: "step" if self._is_next(number) else None,
        )

    def _is_next(self, number: int) -> bool:
        return self._here.value.marks[1] == number

    def _fails(self, number: int) -> bool:
        moment = self._here.value
        return moment.step.kind == "exception" and moment.frame is moment.step.frame and moment.marks[0] == number

    def _mark(self, number: int) -> str:
        ran, following = self._here.value.marks
        if self._fails(number):
            return "✕"
        return "▶" if number == following else "●" if number == ran else ""

    def _style(self, number: int) -> look.Style:
        ran, following = self._here.value.marks
        if self._fails(number):
            return {**look.ROW, "background": look.tinted(look.DANGER, 16), "border-color": look.DANGER}
        if number == following:
            return {**look.ROW, "background": look.tinted(look.ACCENT, 16), "border-color": look.ACCENT}
        if number == ran:
            return {**look.ROW, "background": look.tinted("currentcolor", 7)}
        return look.ROW

    def _beside_style(self, number: int) -> look.Style:
        ran = self._here.value.marks[0]
        if self._fails(number):
            return {**look.BESIDE, "color": look.DANGER, "font-weight": 600, "white-space": "pre-wrap"}
        return {**look.BESIDE, "color": look.ACCENT, "font-weight": 600} if number == ran else look.BESIDE
