"""What the program had printed by the step that is shown."""

from __future__ import annotations

from typing import Final

from flow import Computed, Show
from flow.element import Element
from flow.ui import Div, Pre
from sidekick.replay import look
from sidekick.replay.steps import Recording
from sidekick.replay.telling import Moment

_TAIL: Final = 2000  # characters that are shown


def output_pane(recording: Recording, here: Computed[Moment]) -> Element:
    """The end of what was printed; nothing if nothing ever was."""

    def written() -> str:
        text = recording.output[: here.value.step.written]
        return text if len(text) <= _TAIL else f"…{text[-_TAIL:]}"

    def pane() -> Element:
        name = "Printed so far"
        return Div(Div(name, style=look.HEADING), Pre(written, style=look.OUTPUT, tabindex=0, aria_label=name))

    return Show(bool(recording.output), pane)
