"""A replay as one HTML file with a slider, which needs no kernel and loads nothing.

Each step is drawn by the elements of the live view, and kept by its pieces: a line of the source that looks the same in
a hundred steps is in the file once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flow import Computed, Signal
from flow.nesting import nested_in
from flow.renderer.html import HTMLRenderer
from flow.ui import Div
from sidekick.film_page import film
from sidekick.replay import look
from sidekick.replay.output_pane import output_pane
from sidekick.replay.source_pane import SourcePane
from sidekick.replay.steps import Timeline
from sidekick.replay.telling import Moment, label, moment, place
from sidekick.replay.variables_pane import VariablesPane

MOST_STEPS: Final = 1000  # of a page; it takes some milliseconds and kilobytes for each
_PIECE: Final = re.compile(r"(?=<(?:div|table|tr|td|th|pre|svg)\b)")  # no text has a "<"
_BUTTON: Final = re.compile(r"<button\b")


def replay_page(timeline: Timeline) -> str:
    """The page of a recording: of its first steps, if there are more than ``MOST_STEPS``."""
    opening = '<div id="picture" style="padding-top: 8px">'
    return film("Replay", _frames(timeline), opening, "</div>")


def _frames(timeline: Timeline) -> Iterator[tuple[str, str, list[str]]]:
    at = Signal(0)
    here: Computed[Moment] = Computed(lambda: moment(timeline, at.value))
    with nested_in(None):
        source = SourcePane(here, lambda key: None)
        variables = VariablesPane(timeline, here, lambda scope, name: None)
        side = Div(variables.element, output_pane(timeline.recording, here), style=look.SIDE)
        panes = Div(source.element, side, style=look.PANES)
    renderer = HTMLRenderer(ids=False)
    for at.value in range(min(len(timeline.steps), MOST_STEPS)):
        html = _BUTTON.sub("<button inert", renderer.render(panes))  # nobody would answer
        yield label(timeline, at.value), place(timeline, at.value), _PIECE.split(html)
