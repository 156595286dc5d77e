"""Timelines: what a panel or a component has shown, change by change or step by step, while it goes on itself.

    for number in range(10):
        sidekick.step(f"pass {number}")
        ...
    sidekick.timeline()

A timeline shows copies, so going back changes nothing for the program, and clicks in it reach nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any, Final

from flow import Signal, batch
from flow.drawing import WIDTH, Drawing
from flow.element import Element
from flow.nesting import nested_in
from flow.readable import short
from flow.ui import Code, Div, Span
from sidekick.exporting import Exportable
from sidekick.film import chosen, drawn, film
from sidekick.film_page import page
from sidekick.frames import By, Frame, Frames
from sidekick.news import News
from sidekick.panel import panel_to_look_back_at
from sidekick.player import Player
from sidekick.recording import Recorded
from sidekick.replicas import Stage
from sidekick.sources import Line, line_of

_PAUSE: Final = 0.1  # seconds between two looks for what is new, while it changes

_FRAME: Final[dict[str, Any]] = {"width": "100%", "max-width": 1000, "box-sizing": "border-box"}
_STAGE: Final[dict[str, Any]] = {
    "padding": 12,
    "margin-top": 6,
    "border": "1px solid var(--flow-line)",
    "border-radius": 6,
    "overflow": "auto",
}
_LINE: Final[dict[str, Any]] = {
    "display": "flex",
    "gap": 10,
    "align-items": "baseline",
    "min-height": "1.6em",
    "font-size": "0.92em",
    "white-space": "nowrap",
    "overflow": "hidden",
}
_PLACE: Final[dict[str, Any]] = {"color": "var(--flow-muted)", "flex": "none"}
_CODE: Final[dict[str, Any]] = {
    "font-family": "var(--flow-mono)",
    "overflow": "hidden",
    "text-overflow": "ellipsis",
    "background": "none",
}


class Timeline(Exportable, Element, html="div"):
    """Shows ``of`` as it was, with a slider through its changes, and the line of the program that made each.

    ``by="step"`` goes from one ``step()`` to the next, ``by="change"`` from change to change; without it the steps are
    taken, if there are any. New ones are added while it is shown.
    """

    __slots__ = ("_frames", "_guard", "_line", "_news", "_of", "_stage", "player")

    def __init__(self, of: Recorded, *, by: By | None = None) -> None:
        if not isinstance(of, Recorded):
            raise TypeError(f"a timeline is of a component or a panel, not of {short(of)}")
        if by not in (None, "step", "change"):
            raise ValueError(f"by of a timeline is 'step' or 'change', not {short(by)}")
        self._of = of
        self._guard = RLock()
        self._frames = Frames(of, by)
        self._stage = Stage(of, self._frames[-1].number)
        self._line: Signal[Line | None] = Signal(None, name="line")
        last = len(self._frames) - 1
        with nested_in(None):
            self.player: Final = Player(
                last + 1,
                label=lambda at: self._frames[at].label,
                position=last,
                speed=4.0,
                follows=True,
                name="Timeline",
            )
            where = Div(
                Span(lambda: str(self._line.value or ""), style=_PLACE),
                Code(lambda: self._line.value.text if self._line.value else "", style=_CODE),
                style=_LINE,
            )
            inside = (self.player, where, Div(self._stage.root, style=_STAGE))
        super().__init__(*inside, style=_FRAME)
        self.player.position.subscribe(self._show, now=True)
        self._news = News(self.refresh, _PAUSE)
        self._news.of(self._frames.journals)

    def __len__(self) -> int:
        return len(self._frames)

    def __bool__(self) -> bool:
        return True

    @property
    def frames(self) -> list[Frame]:
        """What it goes through. The first one is what was there before the first change."""
        return [*self._frames]

    @property
    def position(self) -> int:
        """Which frame is shown, from 0. Setting it shows another."""
        return self.player.position.value

    @position.setter
    def position(self, position: int) -> None:
        self.player.go(position)

    @property
    def line(self) -> Line | None:
        """The line of the program that made the frame that is shown."""
        return self._line.value

    def refresh(self) -> None:
        """Take in what has changed since. That is done by itself while it is shown."""
        with batch(), self._guard:
            at = self.player.position.peek()
            before, number = len(self._frames), self._frames[at].number
            if self._frames.refresh():
                self.player.extend(len(self._frames) - before)
            else:
                self.player.drop(before)
                self.player.extend(len(self._frames))
                self.player.go(self._frames.at(number))
            self._show(self.player.position.peek())
            self._news.of(self._frames.journals)

    def _show(self, position: int) -> None:
        with batch(), self._guard:
            frame = self._frames[min(position, len(self._frames) - 1)]
            self._stage.go(frame.number)
            self._line.value = None if frame.change is None else line_of(frame.change)

    # -- Kept as a picture, a film or a page

    def timeline(self, *, by: By | None = None) -> Timeline:
        """Another one of the same, which stands where this does not."""
        return Timeline(self._of, by=by)

    def _drawing(self, width: float = WIDTH) -> Drawing:
        with self._guard:
            return next(drawn(self._of, [self._frames[self.player.position.peek()]], width))

    def _page(self) -> str:
        self.refresh()
        frames = self.frames
        lines = (None if frame.change is None else line_of(frame.change) for frame in frames)
        said = (f"{line}: {line.text}" if line is not None else "" for line in lines)
        labels = (frame.label for frame in frames)
        return page("Timeline", zip(labels, said, drawn(self._of, frames), strict=True))

    def _film(self, fps: float, steps: Sequence[int] | None, scale: float) -> bytes:
        self.refresh()
        return film(self._of, chosen(self.frames, steps), fps, scale)


def timeline(of: Recorded | None = None, *, by: By | None = None) -> Timeline:
    """What the components of this cell, or of the last one that made some, have shown; or what one component has.

    Without ``by`` it goes from ``step()`` to ``step()``, or from change to change if there were none.
    """
    return Timeline(panel_to_look_back_at() if of is None else of, by=by)
