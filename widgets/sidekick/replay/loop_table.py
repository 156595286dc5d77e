"""A loop as a table: its lines down, its passes across, and in each place what the line did in that pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flow import Computed, Signal
from flow.element import Element
from flow.ui import Button, Div, Span, Table, Tbody, Td, Th, Thead, Tr
from sidekick.replay import look
from sidekick.replay.sources import Loop
from sidekick.replay.steps import Step, Timeline
from sidekick.replay.telling import Moment, effect_told

COLUMNS: Final = 24  # passes that are shown of many


@dataclass(frozen=True, slots=True)
class Passes:
    """What the lines of a loop did in its passes ``first`` to ``last``: (line, pass) -> the last step, its effect."""

    words: str
    lines: tuple[tuple[int, str], ...]
    first: int
    last: int
    count: int
    effects: dict[tuple[int, int], tuple[int, str]]


def passes_of(timeline: Timeline, run: int, around: int) -> Passes:
    """The passes of a run of a loop around one of them."""
    starts = timeline.passes(run)
    count = len(starts)
    first = max(1, min(around - COLUMNS // 2, count - COLUMNS + 1))
    last = min(count, first + COLUMNS - 1)
    effects: dict[tuple[int, int], tuple[int, str]] = {}
    steps = timeline.steps
    loop, source, frame = None, None, None
    for at in timeline.steps_of(run):
        step = steps[at]
        each = next(each for each in step.passes if each.run == run)
        if loop is None:
            loop, source, frame = each.loop, step.frame.source, step.frame
        if step.frame is frame and step.ran and first <= each.number <= last and loop.line <= step.ran <= loop.end_line:
            effects[step.ran, each.number] = at, _told(step)
    assert loop is not None
    assert source is not None
    ran = {line for line, _ in effects}
    lines = [
        (line, source.line(line))
        for line in range(loop.line, loop.end_line + 1)
        if line in ran or source.line(line).strip()
    ]
    return Passes(loop.words, tuple(lines), first, last, count, effects)


def loop_table(
    timeline: Timeline, here: Computed[Moment], loop: Signal[Loop | None], go: Callable[[int], None]
) -> Element:
    """The table of the loop that was chosen, else of the one around the step. ``go`` is told which step was clicked."""
    chosen = Computed(lambda: _chosen(timeline, here.value, loop.value))
    return Div(
        lambda: _table(timeline, *chosen.value, go),
        style=look.MATRIX,
        role="group",
        tabindex=0,
        aria_label="Passes of the loop",
    )


def _chosen(timeline: Timeline, moment: Moment, loop: Loop | None) -> tuple[int, int]:
    """The run of a loop, and the pass that is looked at; 0 if there is none."""
    passes = [each for each in moment.step.passes if timeline.passes(each.run)]
    if passes:
        here = next((each for each in passes if each.loop is loop), passes[-1])
        return here.run, here.number
    runs = timeline.runs()
    before = [run for run, _, start in runs if start <= moment.at]
    return (before or [run for run, _, _ in runs] or [0])[-1 if before else 0], 0


def _told(step: Step) -> str:
    """What a step did. Of one variable the value is enough, for its name is in the line."""
    told = effect_told(step)
    forms = {each.form for each in step.changes}
    form = forms.pop() if step.kind == "line" and len(forms) == 1 else None
    return form.text if form is not None else told


def _table(timeline: Timeline, run: int, current: int, go: Callable[[int], None]) -> Element:
    if not run:
        return Div("No loop has run.", style={"padding": 10})
    shown = passes_of(timeline, run, current)
    columns = range(shown.first, shown.last + 1)
    starts = timeline.passes(run)

    def head(number: int) -> Element:
        def clicked() -> None:
            go(starts[number - 1])

        look_now = look.tinted(look.ACCENT, 16) if number == current else "none"
        button = Button(number, on_click=clicked, title=f"Go to pass {number}", style={**look.NAME, "font-weight": 400})
        return Th(
            button,
            scope="col",
            aria_current="step" if number == current else None,
            style={**look.MATRIX_CELL, "background": look_now},
        )

    def cell(line: int, number: int) -> Element:
        at, told = shown.effects.get((line, number), (-1, ""))
        style = {**look.MATRIX_CELL}
        if number == current:
            style["background"] = look.tinted(look.ACCENT, 16)
        if at < 0:
            return Td(style=style)
        return Td(
            told or Span("·", style=look.NOTE, aria_label="ran"),
            on_click=lambda: go(at),
            title=told or "ran",
            style={**style, "cursor": "pointer"},
        )

    title = f"{shown.words}: {shown.count} pass{'es' if shown.count > 1 else ''}"
    return Table(
        Thead(Tr(Th(title, scope="col", style=look.MATRIX_HEAD), *map(head, columns))),
        Tbody(
            Tr(
                Th(text or " ", scope="row", style=look.MATRIX_HEAD),
                *(cell(line, number) for number in columns),
                style={"background": "none"},
            )
            for line, text in shown.lines
        ),
        style={"border-collapse": "separate", "border-spacing": 0},
    )
