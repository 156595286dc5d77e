"""What a person sees who chooses "Python 3 (rdit)" in JupyterLab."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from support.lab import Lab
from support.notebook_page import open_notebook


@pytest.fixture
def notebook(lab: Lab, page: Page) -> Page:
    """A new notebook, chosen from the launcher, whose kernel is ready."""
    lab.open(page)
    page.locator(".jp-LauncherCard[data-category=Notebook]", has_text="Python 3 (rdit)").click()
    expect(page.locator(".jp-NotebookPanel-toolbar .jp-KernelName")).to_have_text("Python 3 (rdit)")
    lab.wait_for_kernel(page)
    return page


def test_the_launcher_shows_the_kernel_with_its_picture(lab: Lab, page: Page) -> None:
    lab.open(page)
    picture = page.locator(".jp-LauncherCard[data-category=Notebook]", has_text="Python 3 (rdit)").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def test_a_statement_shows_its_result_while_the_next_one_is_still_running(lab: Lab, notebook: Page) -> None:
    cell = run_cell(
        notebook,
        """\
'the first result'
import time
from pathlib import Path
while not Path('first_shown').exists(): time.sleep(0.02)
'the second result'
""",
    )
    expect(outputs(cell)).to_have_text(["'the first result'"])
    expect(prompt(cell)).to_have_text("[*]:")
    (lab.files / "first_shown").touch()
    expect(outputs(cell)).to_have_text(["'the first result'", "'the second result'"])
    expect(prompt(cell)).to_have_text("[1]:")


def test_an_error_leaves_what_came_before_it_and_stops_what_comes_after(notebook: Page) -> None:
    cell = run_cell(
        notebook,
        """\
'what came before'
print('and what was printed')
1 / 0
'what comes after'
""",
    )
    expect(outputs(cell)).to_contain_text(["'what came before'", "and what was printed", "ZeroDivisionError"])
    expect(prompt(cell)).to_have_text("[1]:")
    expect(outputs(cell)).to_have_count(3)


def run_cell(page: Page, source: str) -> Locator:
    """Put ``source`` into the notebook's only cell, as pasted text, and run it."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.locator(".cm-content").click()
    page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")
    return cell


def outputs(cell: Locator) -> Locator:
    return cell.locator(".jp-OutputArea-output")


def prompt(cell: Locator) -> Locator:
    return cell.locator(".jp-InputPrompt")


def test_a_kernel_that_is_busy_and_idle_again_has_the_browser_fetch_nothing(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["1 + 1"])
    page.wait_for_function("""() => Array.from(document.querySelectorAll('link.favicon')).length === 2
        && Array.from(document.querySelectorAll('link.favicon')).every(link => link.href.startsWith('data:image/'))""")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for count in (1, 2, 3):
        notebook.run()
        notebook.wait_until_done(count=rf"\[{count}\]:")
    assert [url for url in fetched if "favicon" in url] == []
    assert page.locator("link.favicon[rel=icon]").count() == 1
