"""%%replay in a real JupyterLab: gone through by slider, keys and clicks, in light and dark, and kept as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from support.flow_page import BOTH_KERNELS, picture, root_of, run
from support.lab import Lab
from support.notebook_page import open_notebook

IMPORT = "import sidekick"
SORT = """\
%%replay
def smallest_from(numbers, start):
    found = start
    for k in range(start, len(numbers)):
        if numbers[k] < numbers[found]:
            found = k
    return found

numbers = [5, 3, 8, 1]
alias = numbers
for i in range(len(numbers)):
    at = smallest_from(numbers, i)
    numbers[i], numbers[at] = numbers[at], numbers[i]
    print(i, numbers)"""
ERROR = """\
%%replay
def mean(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)

m = mean([1, 2, 3])
m = mean([])"""


def step(root: Locator) -> Locator:
    return root.locator("[aria-current=step]")


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_replay_is_gone_through_by_slider_keys_and_clicks(lab: Lab, page: Page, kernel: str) -> None:
    notebook = open_notebook(lab, page, [IMPORT, SORT], kernel)
    run(notebook)
    run(notebook, 1)
    root = root_of(notebook, 1)
    slider = root.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("Home")
    expect(root.get_by_text("Before line 2")).to_be_visible()
    expect(step(root)).to_contain_text("def smallest_from")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(root.get_by_text("Line 11: i = 0")).to_be_visible()
    expect(step(root)).to_contain_text("at = smallest_from(numbers, i)")
    expect(slider).to_have_attribute("aria-valuetext", "Line 11: i = 0")
    expect(root.get_by_text("for i: pass 1 of 4")).to_be_visible()
    root.get_by_role("button", name="Next pass of for i").click()
    expect(root.get_by_text("for i: pass 2 of 4")).to_be_visible()
    root.get_by_role("button", name="Next step").click()
    expect(root.get_by_text("Variables of smallest_from")).to_be_visible()
    root.get_by_role("button", name="the cell", exact=True).click()
    expect(root.get_by_text("Variables of smallest_from")).to_have_count(0)
    root.get_by_role("button", name="numbers", exact=True).click()
    expect(root.locator("ins").first).to_have_text("[1, 3, 5, 8]")
    root.get_by_role("group", name="Source").focus()
    page.keyboard.press("ArrowDown")
    expect(root.get_by_text("for i: pass 4 of 4")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(root.get_by_text("for i: pass 3 of 4")).to_be_visible()


def test_playing_goes_on_by_itself(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [IMPORT, SORT], "rdit")
    run(notebook)
    run(notebook, 1)
    root = root_of(notebook, 1)
    root.get_by_role("slider", name="Step").focus()
    page.keyboard.press("Home")
    root.get_by_role("combobox", name="Speed").select_option("30")
    root.get_by_role("button", name="Play").click()
    expect(root.get_by_role("button", name="Pause")).to_be_visible()
    expect(root.get_by_role("button", name="Play")).to_be_visible()
    expect(root.get_by_role("button", name="Last step")).to_be_disabled()


def test_a_loop_is_a_table_and_a_failed_cell_shows_its_error_in_light_and_dark(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [IMPORT, SORT, ERROR], "rdit")
    for cell in range(3):
        notebook.run(cell)
        notebook.wait_until_done(cell)
    root = root_of(notebook, 1)
    root.get_by_role("slider", name="Step").focus()
    for _ in range(16):
        page.keyboard.press("ArrowLeft")
    root.get_by_role("button", name="Table of passes").click()
    table = root.get_by_role("group", name="Passes of the loop")
    expect(table.get_by_role("columnheader").first).to_contain_text("pass")
    table.scroll_into_view_if_needed()
    picture(page, "replay_light")
    failed = root_of(notebook, 2)
    expect(failed.get_by_text("Line 6: ZeroDivisionError: division by zero")).to_be_visible()
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    try:
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        failed.get_by_role("slider", name="Step").scroll_into_view_if_needed()
        picture(page, "replay_dark")
    finally:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


def test_the_file_of_a_replay_has_a_slider_that_works_without_a_kernel(page: Page, tmp_path: Path) -> None:
    from sidekick.replay import Replay, record

    Replay(record("x = 0\nfor k in range(3):\n    x += k\nprint(x)")).to_html(tmp_path / "replay.html")
    page.goto((tmp_path / "replay.html").as_uri())
    slider = page.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Before line 1")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Line 2: k = 0")).to_be_visible()
    expect(step(page.locator("body"))).to_contain_text("x += k")
    expect(page.locator("ins")).to_have_text("0")
