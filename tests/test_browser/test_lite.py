"""The site that ``make lite`` builds: JupyterLite in a real browser, with no network but this machine's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Page, expect

from support.built_page import pyodide
from support.files_server import serving

ROOT: Final = Path(__file__).parents[2]
TOUR: Final = ROOT / "notebooks" / "02_flow.ipynb"

GRID = """\
import sidekick

grid = sidekick.Grid(3, 3)
told = sidekick.Label("nothing")


@grid.click
def paint(event):
    grid[event.x, event.y] = "gold"
    told.text = f"{event.x}, {event.y} is gold"
"""
EVERY = """\
import flow
from flow.ui import Text

ticks = flow.Signal(0)
flow.every(0.05, lambda: ticks.update(lambda n: n + 1))
Text(lambda: "It goes on" if ticks.value > 3 else "It begins")
"""
INSTALL = "%pip install sideflow"  # as a notebook does that is made for any JupyterLite
RUN_ALL = """async () => {
    const { commands, shell } = window.jupyterapp;
    const context = shell.currentWidget.sessionContext;
    await context.ready;
    await context.session.kernel.info;
    return await commands.execute('notebook:run-all-cells').then(() => true);
}"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a site with one notebook: the tour of flow, and at its end what else is tested."""
    notebook = nbformat.read(TOUR, as_version=4)
    notebook.cells += map(nbformat.v4.new_code_cell, (INSTALL, GRID, EVERY))
    nbformat.write(notebook, tmp_path / "tour.ipynb")
    found = pyodide()
    subprocess.run(
        [
            *(sys.executable, ROOT / "lite" / "build.py", tmp_path / "tour.ipynb"),
            *("--output", tmp_path / "site", *(["--pyodide", found] if found else [])),
        ],
        check=True,
    )
    with serving(tmp_path / "site") as address:
        yield address


def test_widgets_of_flow_and_sidekick_answer_clicks_and_ask_nobody_but_their_own_server(site: str, page: Page) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    run_all(page, site, "tour.ipynb")
    expect(page.locator("[data-mime-type*=error], [data-mime-type*=stderr]")).to_have_count(0)
    expect(page.get_by_text("It goes on")).to_be_visible()
    press(page, "Increment")
    expect(page.get_by_text("Count: 100000").first).to_be_visible()
    press(page, "Start")  # an async handler
    press(page, "vote for tabs")
    expect(page.get_by_text("tabs: 1").first).to_be_visible()
    expect(page.get_by_text("100%", exact=True).first).to_be_visible()
    page.get_by_role("grid").click(position={"x": 3, "y": 3})
    expect(page.get_by_text("0, 0 is gold")).to_be_visible()
    press(page, "Divide by zero")
    expect(page.get_by_text("ZeroDivisionError").first).to_be_visible()
    assert {host for host in hosts if host} == {urlsplit(site).netloc}


def run_all(page: Page, site: str, name: str) -> None:
    """Open a notebook and run its cells. The page is so high that all of them are in it."""
    page.set_viewport_size({"width": 1280, "height": 5000})
    page.goto(f"{site}/lab/index.html?path={name}")
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=60_000)
    assert page.evaluate(RUN_ALL), page.inner_text(".jp-Notebook")


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()
