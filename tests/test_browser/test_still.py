"""Elements in a notebook that is opened again, where their kernel is no more."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from support.flow_page import COUNTER, picture, root_of, run, save, show
from support.lab import Lab
from support.notebook_page import NotebookPage

OTHER = """\
import ipywidgets
slider = ipywidgets.IntSlider(description="A slider of another library")
slider"""
COUNTER_AT_41 = COUNTER.replace("Signal(0)", "Signal(41)")
NOT_FOUND = "Error displaying widget: model not found"


def test_a_saved_element_is_its_html_until_its_cell_runs_again(lab: Lab, page: Page) -> None:
    notebook = _saved_and_closed(lab, page, COUNTER_AT_41, OTHER)
    again = _opened_again(notebook)
    expect(_still(again)).to_contain_text("Count: 41")
    expect(_still(again).get_by_role("button", name="Increment")).to_be_visible()
    expect(again.outputs()).to_have_count(1)
    expect(again.outputs(1)).to_have_text(NOT_FOUND)
    picture(page, "still_after_reopening")
    run(again)
    root = root_of(again)
    expect(root).to_contain_text("Count: 41")
    root.get_by_role("button", name="Increment").click()
    expect(root).to_contain_text("Count: 42")
    expect(_still(again)).to_have_count(0)


def test_a_saved_element_is_its_html_in_a_notebook_that_has_no_kernel_at_all(lab: Lab, page: Page) -> None:
    notebook = _saved_and_closed(lab, page, COUNTER_AT_41)
    lab.open(page)
    page.evaluate(
        """path => window.jupyterapp.commands.execute('docmanager:open', {
            path, factory: 'Notebook', kernelPreference: {shouldStart: false, autoStartDefault: false, canStart: false},
        }).then(() => null)""",
        notebook.name,
    )
    expect(_still(notebook)).to_contain_text("Count: 41")
    assert lab.ask("GET", "kernels") == []


def test_a_second_view_of_a_notebook_shows_the_html_too(lab: Lab, page: Page) -> None:
    again = _opened_again(_saved_and_closed(lab, page, COUNTER_AT_41))
    expect(_still(again)).to_contain_text("Count: 41")
    again.do("notebook:create-output-view")
    expect(page.locator(".jp-LinkedOutputView .flow-still")).to_contain_text("Count: 41")


def test_notebook_7_shows_the_html_of_a_saved_element(lab: Lab, page: Page) -> None:
    notebook = _saved_and_closed(lab, page, COUNTER_AT_41)
    page.goto(f"{lab.url}/notebooks/{notebook.name}?token={lab.token}")
    expect(_still(notebook)).to_contain_text("Count: 41", timeout=60_000)
    expect(notebook.cell()).not_to_contain_text(NOT_FOUND)


def test_an_element_of_a_notebook_that_is_not_trusted_is_its_html(lab: Lab, page: Page) -> None:
    notebook = _saved_and_closed(lab, page, COUNTER_AT_41)
    file = lab.files / notebook.name
    text = file.read_text(encoding="utf-8")
    changed = text.replace(
        '<div class=\\"flow-still\\">', '<div class=\\"flow-still\\"><script>window.hacked = 1</script>'
    )
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    again = _opened_again(notebook)
    expect(_still(again)).to_contain_text("Count: 41")
    assert page.evaluate("window.hacked") is None


def _still(notebook: NotebookPage) -> Locator:
    return notebook.cell().locator(".flow-still")


def _saved_and_closed(lab: Lab, page: Page, *cells: str) -> NotebookPage:
    """A notebook that was run, saved and closed, and whose kernel was shut down."""
    notebook = show(lab, page, *cells)
    expect(root_of(notebook)).to_contain_text("Count: 41")
    save(notebook)
    page.goto("about:blank")
    lab.end_sessions()
    return notebook


def _opened_again(notebook: NotebookPage) -> NotebookPage:
    """The notebook with a new kernel, as JupyterLab opens one: nothing has run in it."""
    notebook.lab.open(notebook.page, notebook.name)
    notebook.lab.wait_for_kernel(notebook.page)
    return notebook
