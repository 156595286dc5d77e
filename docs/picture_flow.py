"""Take the README's pictures of flow again: a page with its code, and others in the dark theme with an error.

    python docs/picture_flow.py

Needs the dependencies of the tests, and Chromium or Chrome.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support import chromium  # noqa: E402
from support.lab import Lab, running  # noqa: E402
from support.notebook_page import NotebookPage, open_notebook  # noqa: E402

LIGHT, DARK = (Path(__file__).with_name(f"flow-{name}.png") for name in ("jupyterlab", "dark"))
DIVIDES = """\
ratio = lambda: 1 / 0
Button("Divide by zero", on_click=ratio)"""
WORKS = "Work that takes its time"
IMPORTS = """\
from flow import Computed, Signal
from flow.ui import Button, Card, HStack, Input, Text"""


def tour(*titles: str) -> list[str]:
    """The code of the tour's sections with these titles."""
    cells = nbformat.read(ROOT / "notebooks" / "02_flow.ipynb", as_version=4).cells
    found, is_in = [IMPORTS], False
    for cell in cells:
        if cell.cell_type == "markdown":
            is_in = cell.source.startswith(tuple(f"## {title}" for title in titles))
        elif is_in:
            found.append(cell.source)
    return found


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory() as files,
        running(Path(home), Path(files)) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        page = browser.new_page(viewport={"width": 1200, "height": 1000}, device_scale_factor=2)
        page.set_default_timeout(120_000)
        light(opened(lab, page, [*tour("A value that can be watched")[1:2], *tour("What the page changes")[1:]]))
        dark(opened(lab, page, [*tour("Lists", WORKS), DIVIDES]))
        browser.close()


def opened(lab: Lab, page: Page, cells: Sequence[str]) -> NotebookPage:
    """The cells, run, with only what they show in sight."""
    notebook = open_notebook(lab, page, cells)
    page.keyboard.press("Control+b")
    for index in range(len(cells)):
        notebook.run(index)
        notebook.wait_until_done(index)
    return notebook


def light(notebook: NotebookPage) -> None:
    page = notebook.page
    page.get_by_role("button", name="Increment", exact=True).click(click_count=3)
    expect(page.get_by_text("Count: 3", exact=True)).to_be_visible()
    page.get_by_placeholder("your name").fill("Grace")
    expect(page.get_by_text("Grace is 36")).to_be_visible()
    keep(page, LIGHT, page.locator(".jp-Notebook"), 1000, 800)


def dark(notebook: NotebookPage) -> None:
    page = notebook.page
    page.evaluate("() => jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    notebook.do("notebook:hide-all-cell-code")
    page.get_by_placeholder("What next?").fill("show it to a friend")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("li input").first.check()
    page.get_by_role("button", name="Divide by zero").click()
    page.get_by_text("Traceback", exact=True).click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_function("() => document.querySelector('progress').value > 0.5")
    keep(page, DARK, page.locator(".jp-Notebook"), 1000, 640)


def keep(page: Page, file: Path, place: Locator, width: int, height: int) -> None:
    page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").evaluate("node => { node.scrollTop = 0; }")
    page.mouse.move(0, 0)
    box = place.bounding_box()
    assert box is not None
    clip = {"x": box["x"], "y": box["y"], "width": width, "height": height}
    seen = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]
    seen.point(lambda value: round(value / 5) * 5).save(file, optimize=True)


if __name__ == "__main__":
    main()
