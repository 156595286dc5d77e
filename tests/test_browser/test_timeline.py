"""A timeline in a real JupyterLab: gone through by clicks, keys and by itself, while what it is of goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from support.flow_page import BOTH_KERNELS, picture, root_of, run
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook

SORT = """\
import sidekick

grid = sidekick.Grid(4, 2)
label = sidekick.Label("start")
more = sidekick.Button("More")

def paint(x):
    sidekick.step(f"column {x}")
    label.text = f"at {x}"
    grid.set_color(x, 0, "gold")
    grid.set_text(x, 1, str(x))

@more.click
def painted(event):
    paint(3)

for x in range(3):
    paint(x)"""
TIMELINE = "sidekick.timeline()"


def opened(lab: Lab, page: Page, kernel: str) -> tuple[NotebookPage, Locator, Locator]:
    """The live panel, and the timeline of it."""
    notebook = open_notebook(lab, page, [SORT, TIMELINE], kernel)
    for cell in range(2):
        run(notebook, cell)
    return notebook, root_of(notebook, 0), root_of(notebook, 1)


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_going_back_changes_the_timeline_alone(lab: Lab, page: Page, kernel: str) -> None:
    _, live, timeline = opened(lab, page, kernel)
    slider = timeline.get_by_role("slider", name="Step")
    expect(slider).to_have_attribute("aria-valuetext", "column 2")
    expect(timeline.get_by_text("at 2", exact=True)).to_be_visible()
    timeline.get_by_role("button", name="Step back").click()
    expect(timeline.get_by_text("at 1", exact=True)).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", "column 1")
    slider.focus()
    page.keyboard.press("Home")
    expect(timeline.get_by_text("at ")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(timeline.get_by_text("at 0", exact=True)).to_be_visible()
    expect(timeline.get_by_text("grid.set_text(x, 1, str(x))", exact=True)).to_be_visible()
    expect(live.get_by_text("at 2", exact=True)).to_be_visible()
    timeline.get_by_role("button", name="More").click()  # of a copy, which tells nobody
    expect(live.get_by_text("at 2", exact=True)).to_be_visible()
    page.keyboard.press("End")
    picture(page, f"timeline_{kernel}")


def test_it_plays_to_its_end_by_itself(lab: Lab, page: Page) -> None:
    _, _, timeline = opened(lab, page, "rdit")
    timeline.get_by_role("button", name="Play").click()
    expect(timeline.get_by_role("button", name="Pause")).to_be_visible()
    expect(timeline.get_by_text("at 2", exact=True)).to_be_visible()
    expect(timeline.get_by_role("button", name="Play")).to_be_visible()
    expect(timeline.get_by_role("button", name="Last step")).to_be_disabled()


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_what_changes_while_it_is_shown_is_added_and_moves_nobody_who_looks_back(
    lab: Lab, page: Page, kernel: str
) -> None:
    _, live, timeline = opened(lab, page, kernel)
    slider = timeline.get_by_role("slider", name="Step")
    last = int(slider.get_attribute("max") or 0)
    timeline.get_by_role("button", name="Step back").click()
    live.get_by_role("button", name="More").click()
    expect(live.get_by_text("at 3", exact=True)).to_be_visible()
    expect(slider).to_have_attribute("max", str(last + 1))
    expect(timeline.get_by_text("at 1", exact=True)).to_be_visible()
    timeline.get_by_role("button", name="Last step").click()
    expect(timeline.get_by_text("at 3", exact=True)).to_be_visible()
    live.get_by_role("button", name="More").click()
    expect(slider).to_have_attribute("max", str(last + 2))
    expect(slider).to_have_value(str(last + 2))


def test_it_looks_well_in_light_and_dark(lab: Lab, page: Page) -> None:
    _, _, timeline = opened(lab, page, "rdit")
    slider = timeline.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(timeline.get_by_text("at 1", exact=True)).to_be_visible()
    slider.scroll_into_view_if_needed()
    picture(page, "timeline_light")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    try:
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        expect(page.locator("#jupyterlab-splash")).to_have_count(0)
        picture(page, "timeline_dark")
    finally:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
