"""What a recording knows of the cell that made a change."""

from __future__ import annotations

from support.live_kernel import LiveKernel

CHANGES = """\
import sidekick
label = sidekick.Label()

def change(text):
    label.text = text

for text in "ab":
    change(text)"""
ASKS = """\
timeline = label.timeline(by='change')
change = timeline.frames[-1].change
str(timeline.line), timeline.line.text"""


def test_a_change_knows_its_line_and_with_rdit_the_statement_that_the_cell_was_at(kernel: LiveKernel) -> None:
    kernel.run("1")
    kernel.run(CHANGES)
    (told,) = kernel.run(ASKS).results
    assert "line 5, called by line 7" in told
    assert "label.text = text" in told
    assert kernel.run("change.statement.index, change.statement.line_end").results == ["(3, 8)"]


def test_a_step_ends_with_its_cell(kernel: LiveKernel) -> None:
    kernel.run("import sidekick\nlabel = sidekick.Label()\nsidekick.step('one')\nlabel.text = 'a'")
    kernel.run("label.text = 'b'")
    assert kernel.run("[frame.label for frame in label.timeline().frames]").results == [
        "['Start', 'one', 'Outside of steps']"
    ]
