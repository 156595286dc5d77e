"""Pages and widgets in a real JupyterLab while a cell runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from support.flow_page import BOTH_KERNELS, picture, root_of, run
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook, waits_for

STOP = """\
from flow import Signal
from flow.ui import Button, Text, VStack

stop, turns = Signal(False), Signal(0)
with VStack() as root:
    Button("Stop", on_click=lambda: stop.update(lambda _: True))
    Text(lambda: "stopped" if stop.value else "works")
root"""

PLOT = """\
from pathlib import Path
import math, time
from flow import Signal
from flow.svg import Polyline, Svg
from flow.ui import Input, VStack

frequency = Signal(1)

def wave():
    return " ".join(f"{x},{50 - 40 * math.sin(x / 200 * frequency.value * math.tau):.1f}" for x in range(0, 401, 4))

with VStack() as root:
    Input(type="range", min=1, max=9, value=frequency, aria_label="Frequency")
    with Svg(width=400, height=100, role="img", aria_label="Wave"):
        Polyline(points=wave, fill="none", stroke="currentColor")
root"""

WIDGETS = """\
import ipywidgets

stop, slider, label = ipywidgets.Button(description="Stop"), ipywidgets.IntSlider(), ipywidgets.Label("n is 0")
clicks = []
stop.on_click(lambda _: clicks.append(1))
slider.observe(lambda change: setattr(label, "value", f"n is {change.new}"), "value")
ipywidgets.VBox([stop, slider, label])"""

ASK = """\
from flow import ask, run_until
from flow.ui import Button, Input

name = ask(Input(placeholder="Your name", aria_label="Your name"))
f"Hello {name}"
ask(Button("Go on"))
"went on\""""

TRAINING = """\
import flow
from flow.ui import Button, Progress, Text, VStack
from pathlib import Path
import time

go = Path("training_goes")

def train(progress):
    for epoch in range(20):
        progress(epoch / 20)
        while epoch == 5 and not go.exists():
            progress(epoch / 20)
            time.sleep(0.01)

training = flow.run(train)
with VStack() as root:
    Progress(value=lambda: training.progress.value or 0, max=1, aria_label="Training")
    Text(lambda: training.state.value)
    Button("Cancel", on_click=training.cancel)
root"""


def busy(notebook: NotebookPage, index: int) -> None:
    """A cell runs, and is not over."""
    expect(notebook.cell(index).locator(".jp-InputPrompt")).to_have_text("[*]:")


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
@pytest.mark.parametrize("work", ["time.sleep(0.01)", "sum(range(1000))"])
def test_a_stop_button_ends_a_loop_that_one_statement_is_in(lab: Lab, page: Page, kernel: str, work: str) -> None:
    notebook = open_notebook(lab, page, [STOP, f"import time\nwhile not stop.value: {work}"], kernel)
    run(notebook)
    root = root_of(notebook)
    notebook.run(1)
    busy(notebook, 1)
    root.get_by_role("button", name="Stop").click()
    notebook.wait_until_done(1)
    expect(root).to_contain_text("stopped")
    assert "KeyboardInterrupt" not in notebook.cell(1).inner_text()


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_slider_moves_a_plot_while_a_cell_of_twenty_statements_runs(lab: Lab, page: Page, kernel: str) -> None:
    twenty = "\n".join([*["time.sleep(0.05)"] * 19, waits_for(f"plot_moved_{kernel}")])
    notebook = open_notebook(lab, page, [PLOT, twenty], kernel)
    run(notebook)
    root = root_of(notebook)
    line = root.locator("polyline")
    before = line.get_attribute("points")
    notebook.run(1)
    busy(notebook, 1)
    slider = root.get_by_role("slider", name="Frequency")
    slider.focus()
    for value in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        expect(slider).to_have_value(str(value))
        expect(line).not_to_have_attribute("points", before or "")
        before = line.get_attribute("points")
        busy(notebook, 1)
    picture(page, "flow_plot_while_busy")
    notebook.go(f"plot_moved_{kernel}")
    notebook.wait_until_done(1)


@pytest.mark.parametrize("loop", ["while not clicks: pass", "while not clicks: time.sleep(0.01)"])
def test_ipywidgets_answer_while_a_cell_of_rdit_runs(lab: Lab, page: Page, loop: str) -> None:
    notebook = open_notebook(lab, page, [WIDGETS, f"import time\n{loop}"])
    run(notebook)
    widgets = notebook.outputs(0)
    expect(widgets.get_by_text("n is 0")).to_be_visible(timeout=30_000)
    notebook.run(1)
    busy(notebook, 1)
    handle = widgets.get_by_role("slider")
    handle.focus()
    for value in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        expect(widgets.get_by_text(f"n is {value}")).to_be_visible()
        busy(notebook, 1)
    widgets.get_by_role("button", name="Stop").click()
    notebook.wait_until_done(1)


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_cell_asks_and_goes_on_with_the_answer(lab: Lab, page: Page, kernel: str) -> None:
    notebook = open_notebook(lab, page, [ASK], kernel)
    notebook.run()
    field = notebook.cell().get_by_role("textbox", name="Your name")
    field.fill("Ada")
    field.press("Enter")
    button = notebook.cell().get_by_role("button", name="Go on")
    if kernel == "rdit":
        expect(_result(notebook, "'Hello Ada'")).to_be_visible()
    button.click()
    notebook.wait_until_done()
    expect(_result(notebook, "'went on'")).to_be_visible()


def test_long_work_shows_its_progress_and_is_cancelled(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [TRAINING])
    run(notebook)
    root = root_of(notebook)
    bar = root.get_by_role("progressbar", name="Training")
    expect(bar).to_have_js_property("value", 0.25)
    expect(root).to_contain_text("running")
    picture(page, "flow_training")
    root.get_by_role("button", name="Cancel").click()
    expect(root).to_contain_text("cancelled")


def _result(notebook: NotebookPage, text: str) -> Locator:
    return notebook.outputs().get_by_text(text, exact=True)
