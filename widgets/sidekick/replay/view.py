"""Replay: a recording to go through, with its source, variables, calls, output and loops at each step.

The page has one step at a time: what it is to show of another comes when that is looked at.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Final, overload

from flow import Computed, For, Show, Signal, batch
from flow.element import Element
from flow.nesting import nested_in
from flow.ui import Button, Div, Nav, Span
from sidekick.player import Player
from sidekick.replay import look
from sidekick.replay.loop_table import loop_table
from sidekick.replay.output_pane import output_pane
from sidekick.replay.source_pane import SourcePane
from sidekick.replay.sources import Loop
from sidekick.replay.steps import Frame, Pass, Recording, Timeline
from sidekick.replay.telling import Moment, frames, label, loop_told, moment
from sidekick.replay.variables_pane import VariablesPane

_CALLS: Final = 8  # calls that are shown of many


class Replay(Element, html="section"):
    """A recording that can be gone through: ``Replay(record("x = 1"))``. ``player`` says which step is shown."""

    __slots__ = ("_chosen", "_here", "_is_table", "_loop_chosen", "player", "recording", "timeline")

    def __init__(self, recording: Recording, *, position: int | None = None) -> None:
        if not recording.steps:
            raise ValueError("this recording has no steps to show: nothing of the user's own code has run in it")
        self.recording = recording
        self.timeline = timeline = Timeline(recording)
        last = len(recording) - 1
        with nested_in(None):
            self.player = Player(
                len(recording),
                label=lambda at: label(timeline, at),
                position=_first_shown(recording) if position is None else position,
                name="Steps of the replay",
            )
            self._chosen: Signal[Frame | None] = Signal(None, name="chosen call")
            self._loop_chosen: Signal[Loop | None] = Signal(None, name="chosen loop")
            self._is_table = Signal(False, name="table of passes")
            self._here: Computed[Moment] = Computed(
                lambda: moment(timeline, min(self.player.position.value, last), self._chosen.value)
            )
            source = SourcePane(self._here, self._press)
            inside = [
                self._bar(),
                Show(self._is_table, lambda: loop_table(timeline, self._here, self._loop_chosen, self._go)),
                Div(source.element, self._side(), style=look.PANES),
                self.player,
                Show(recording.end, lambda: Span(recording.end, role="status", style=look.NOTE)),
            ]
        super().__init__(*inside, aria_label="Replay", style=look.ROOT)

    # -- Ways through it

    def _go(self, at: int) -> None:
        with batch():
            self.player.pause()
            self.player.go(at)

    def _press(self, key: str) -> None:
        player = self.player
        if key in ("ArrowLeft", "ArrowRight"):
            player.step(1 if key == "ArrowRight" else -1)
        elif key in ("Home", "End"):
            self._go(0 if key == "Home" else len(self.recording) - 1)
        elif key == " ":
            (player.pause if player.is_playing.peek() else player.play)()
        else:
            passes = self._here.peek().step.passes
            if passes:
                self._turn(passes[-1].run, 1 if key == "ArrowDown" else -1)

    def _turn(self, run: int, by: int) -> None:
        """Go to another pass of the run of a loop that this step is in."""
        here = next((each for each in self._here.peek().step.passes if each.run == run), None)
        starts = self.timeline.passes(run)
        if here is not None and 0 < here.number + by <= len(starts):
            self._go(starts[here.number + by - 1])

    def _follow(self, scope: int, name: str) -> None:
        at = self.timeline.next_change(scope, name, self._here.peek().at)
        if at is not None:
            self._go(at)

    # -- What is seen

    def _bar(self) -> Element:
        return Div(
            Show(lambda: self._here.value.step.frame.depth > 0, self._calls),
            For(lambda: self._here.value.step.passes, key=lambda each: each.run, render=self._loop),
            Show(
                bool(self.timeline.runs()),
                lambda: Button(
                    "Table of passes",
                    on_click=lambda: setattr(self._is_table, "value", not self._is_table.peek()),
                    aria_pressed=lambda: "true" if self._is_table.value else "false",
                    style=lambda: {
                        **look.SMALL_BUTTON,
                        "margin-inline-start": "auto",
                        "background": look.tinted(look.ACCENT, 20) if self._is_table.value else None,
                    },
                ),
            ),
            style=look.BAR,
        )

    def _loop(self, each: Pass) -> Element:
        run = each.run
        count = len(self.timeline.passes(run))

        def number() -> int:
            return next((found.number for found in self._here.value.step.passes if found.run == run), 0)

        def told() -> str:
            return loop_told(Pass(each.loop, number(), run), count)

        def button(text: str, name: str, by: int) -> Element:
            return Button(
                text,
                on_click=lambda: self._turn(run, by),
                disabled=lambda: not 0 < number() + by <= count,
                aria_label=f"{name} of {each.loop.words}",
                title=name,
                style=look.ROUND,
            )

        words = Button(
            told,
            on_click=lambda: self._loop_chosen.set(each.loop),
            title="Show this loop in the table of passes",
            style=look.NAME_OF_LOOP,
        )
        return Span(words, button("◂", "Previous pass", -1), button("▸", "Next pass", 1), style=look.CHIP)

    def _calls(self) -> Element:
        return Nav(
            For(self._shown_calls, key=lambda frame: frame.number if frame else -1, render=self._call),
            aria_label="Calls",
            style={"display": "flex", "flex-wrap": "wrap", "gap": 4, "align-items": "center"},
        )

    def _shown_calls(self) -> list[Frame | None]:
        found: list[Frame | None] = [*frames(self._here.value.step)]
        return found if len(found) <= _CALLS else [*found[:2], None, *found[3 - _CALLS :]]

    def _call(self, frame: Frame | None) -> Element:
        if frame is None:
            return Span("…", title="more calls")

        def style() -> look.Style:
            is_shown = self._here.value.frame is frame
            return {**look.SMALL_BUTTON, "background": look.tinted(look.ACCENT, 20) if is_shown else None}

        return Button(
            frame.name if not frame.number else f"▸ {frame.name}",
            on_click=lambda: self._choose(frame),
            aria_pressed=lambda: "true" if self._here.value.frame is frame else "false",
            title=f"Look at the variables of {frame.name}",
            style=style,
        )

    def _choose(self, frame: Frame) -> None:
        self._chosen.value = None if self._here.peek().step.frame is frame else frame

    def _side(self) -> Element:
        variables = VariablesPane(self.timeline, self._here, self._follow)
        return Div(
            variables.element,
            output_pane(self.recording, self._here),
            style=look.SIDE,
        )

    # -- To keep

    @overload
    def to_html(self, path: None = None) -> str: ...
    @overload
    def to_html(self, path: str | PathLike[str]) -> None: ...
    def to_html(self, path: str | PathLike[str] | None = None) -> str | None:
        """A page with a slider that needs no kernel, as a text or as a file. It has the first 1000 steps at most."""
        from sidekick.replay.page import replay_page

        text = replay_page(self.timeline)
        if path is None:
            return text
        Path(path).write_text(text, encoding="utf-8")
        return None

    def __repr__(self) -> str:
        return f"Replay({len(self.recording)} steps)"


def _first_shown(recording: Recording) -> int:
    """The step that is shown at first: the last one, or the error that ended the program, at its line."""
    last = len(recording) - 1
    if recording.steps[last].kind == "unwind":
        return max(at for at, step in enumerate(recording.steps) if step.kind == "exception")
    return last
