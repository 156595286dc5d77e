"""flow over time in a real JupyterLab: two views, pages that come again, kernels that end, notebooks that are kept."""

from __future__ import annotations

import nbformat
from playwright.sync_api import Browser, Locator, Page, expect

from support.flow_page import COUNTER, GROWS, is_harmless, opens_harmless, picture, root_of, run, save, show
from support.lab import Lab
from support.notebook_page import NotebookPage

WORDS = """\
from flow import Signal
from flow.ui import Button, Input, Text, VStack
words, clicks = Signal("start"), Signal(0)
root = VStack(
    Input(value=words), Text(words),
    Button("Click", on_click=lambda: clicks.update(lambda n: n + 1)), Text(lambda: f"{clicks.value} clicks"),
)
root"""
RESTART = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
SAVE_STATE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"


def test_two_cells_that_show_one_tree_stay_equal(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, WORDS, "root")
    first, second = root_of(notebook, 0), root_of(notebook, 1)
    first.get_by_role("button").click()
    expect(second).to_contain_text("1 clicks")
    second.get_by_role("button").click()
    expect(first).to_contain_text("2 clicks")
    first.locator("input").focus()
    page.keyboard.press("End")
    page.keyboard.type(" and more")
    expect(second.locator("input")).to_have_value("start and more")
    expect(first.locator("input")).to_have_value("start and more")
    second.locator("input").press_sequentially("!")
    expect(first.locator("span").first).to_have_text(second.locator("input").input_value())


def test_a_new_view_of_an_output_shows_the_tree_as_it_is_now(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, WORDS)
    root = root_of(notebook)
    root.get_by_role("button").click()
    root.locator("input").fill("later")
    expect(root).to_contain_text("later")
    notebook.do("notebook:create-output-view")
    other = page.locator(".jp-LinkedOutputView .flow-root")
    expect(other.locator("input")).to_have_value("later")
    expect(other).to_contain_text("1 clicks")
    other.get_by_role("button").click()
    expect(other).to_contain_text("2 clicks")
    expect(root).to_contain_text("2 clicks")


def test_what_is_typed_in_one_view_is_not_lost_to_clicks_in_another(lab: Lab, page: Page, browser: Browser) -> None:
    notebook = show(lab, page, WORDS)
    root = root_of(notebook)
    save(notebook)
    other = _second_window(lab, browser, notebook)
    theirs = root_of(other)
    root.locator("input").focus()
    page.keyboard.press("End")
    for _ in range(5):
        theirs.get_by_role("button").click()
        page.keyboard.type("abc")
    expect(root.locator("input")).to_have_value("start" + "abc" * 5)
    expect(theirs.locator("input")).to_have_value("start" + "abc" * 5)
    expect(root).to_contain_text("5 clicks")
    expect(theirs).to_contain_text("5 clicks")
    other.page.context.close()


def test_a_page_that_is_loaded_again_shows_the_state_as_it_is_and_is_alive(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, WORDS)
    root = root_of(notebook)
    save(notebook)
    root.get_by_role("button").click()
    root.locator("input").fill("typed")
    expect(root).to_contain_text("typed")
    page.reload()
    lab.wait_for_kernel(page)
    root = root_of(notebook)
    expect(root.locator("input")).to_have_value("typed")
    expect(root).to_contain_text("1 clicks")
    root.get_by_role("button").click()
    expect(root).to_contain_text("2 clicks")


def test_after_a_restart_a_view_says_that_nobody_is_there_and_the_cell_makes_a_new_one(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, COUNTER)
    root = root_of(notebook)
    root.get_by_role("button").click()
    expect(root).to_contain_text("Count: 1")
    page.evaluate(RESTART)
    lab.wait_for_kernel(page)
    _click_in_vain(root)
    expect(root.get_by_role("status")).to_have_text("Not connected: run the cell again")
    expect(root).to_contain_text("Count: 1")
    run(notebook)
    root = root_of(notebook)
    expect(root).to_contain_text("Count: 0")
    root.get_by_role("button").click()
    expect(root).to_contain_text("Count: 1")
    expect(root.get_by_role("status")).to_be_empty()


def test_a_notebook_saved_with_its_widgets_shows_the_last_state_though_its_kernel_is_gone(
    lab: Lab, page: Page, browser: Browser
) -> None:
    notebook = show(lab, page, COUNTER)
    notebook.do(SAVE_STATE)
    try:
        root = root_of(notebook)
        for _ in range(3):
            root.get_by_role("button").click()
        expect(root).to_contain_text("Count: 3")
        _save_until_it_has(notebook, "Count: 3")
    finally:
        notebook.do(SAVE_STATE)
    lab.end_sessions()
    other = _second_window(lab, browser, notebook)
    root = root_of(other)
    expect(root).to_contain_text("Count: 3")
    _click_in_vain(root)
    expect(root.get_by_role("status")).to_have_text("Not connected: run the cell again")
    expect(root).to_contain_text("Count: 3")
    picture(other.page, "flow_saved")
    other.page.context.close()


def test_a_notebook_saved_with_its_widgets_shows_its_raw_html_though_its_kernel_is_gone(
    lab: Lab, page: Page, browser: Browser
) -> None:
    notebook = show(lab, page, GROWS)
    notebook.do(SAVE_STATE)
    try:
        opens_harmless(page, root_of(notebook))
        _save_until_it_has(notebook, "onerror")
    finally:
        notebook.do(SAVE_STATE)
    lab.end_sessions()
    other = _second_window(lab, browser, notebook)
    is_harmless(other.page, root_of(other))
    other.page.context.close()


def _second_window(lab: Lab, browser: Browser, notebook: NotebookPage) -> NotebookPage:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    lab.open(page, notebook.name)
    lab.wait_for_kernel(page)
    return NotebookPage(lab, page, notebook.name)


def _click_in_vain(root: Locator) -> None:
    root.get_by_role("button", name="Increment").click()


def _save_until_it_has(notebook: NotebookPage, text: str) -> None:
    """Save until the file has this in its widgets' state: the page tells it when it has the time."""
    for _ in range(60):
        save(notebook)
        kept = nbformat.read(notebook.lab.files / notebook.name, as_version=4).metadata.get("widgets", {})
        if text in str(kept):
            return
        notebook.page.wait_for_timeout(500)
    raise AssertionError(f"{text!r} is not in what was saved: {str(kept)[-500:]}")
