"""flow in other hosts than JupyterLab: the counter counts in each, and is a picture where no kernel is."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from support import stranger
from support.flow_page import BOTH_KERNELS, COUNTER, GROWS, is_harmless, opens_harmless
from support.hosts import serving
from support.lab import Lab
from support.notebook_page import run_in_notebook_7

MARIMO_APP = """\
import marimo

app = marimo.App()


@app.cell
def _():
{}
    return


if __name__ == "__main__":
    app.run()
"""


def needs(module: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=f"{module} is not installed")


def test_notebook_7_shows_the_counter(lab: Lab, page: Page) -> None:
    run_in_notebook_7(lab, page, COUNTER)
    _count_to_3(page)


@needs("voila")
@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_voila_shows_the_counter(tmp_path: Path, page: Page, kernel: str) -> None:
    notebook = _write(tmp_path, kernel)
    with serving("voila", [notebook.name, "--no-browser"], home=tmp_path, files=tmp_path) as address:
        page.goto(address, timeout=120_000)
        _count_to_3(page)


@needs("voila")
def test_voila_shows_raw_html_from_the_start_and_that_comes_later(tmp_path: Path, page: Page) -> None:
    notebook = _write(tmp_path, "python3", GROWS, "Html('<i>from the start</i>')")
    with serving("voila", [notebook.name, "--no-browser"], home=tmp_path, files=tmp_path) as address:
        page.goto(address, timeout=120_000)
        expect(page.locator(".flow-html i")).to_have_text("from the start", timeout=60_000)
        opens_harmless(page, page.locator(".grows"))


@needs("marimo")
@pytest.mark.parametrize("mode", ["run", "edit"])
def test_marimo_shows_the_counter(tmp_path: Path, page: Page, mode: str) -> None:
    with _marimo(tmp_path, mode, COUNTER) as address:
        page.goto(address, timeout=120_000)
        if mode == "edit":
            _run_in_marimo(page)
        _count_to_3(page)


@needs("marimo")
def test_marimo_shows_raw_html_that_comes_later_and_from_the_start(tmp_path: Path, page: Page) -> None:
    with _marimo(tmp_path, "run", GROWS) as address:
        page.goto(address, timeout=120_000)
        root = page.locator(".grows")
        root.wait_for(timeout=60_000)
        opens_harmless(page, root)
    with _marimo(tmp_path, "run", GROWS.replace("Signal(False)", "Signal(True)")) as address:
        page.goto(address, timeout=120_000)
        root.wait_for(timeout=60_000)
        is_harmless(page, root)


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_notebook_that_was_executed_without_a_page_shows_its_tree_as_html(
    tmp_path: Path, page: Page, kernel: str
) -> None:
    """As it was at the end of its cell, like any output.

    Where the state of widgets is kept, nbconvert counts on scripts from the internet instead.
    """
    shown = COUNTER.removesuffix("Counter()") + "display(Counter())\ncount.value = 5"
    _write(tmp_path, kernel, shown, "count.value = 6")
    _jupyter(tmp_path, "nbconvert", "--execute", "--to=html", "--ExecutePreprocessor.store_widget_state=False")
    page.goto((tmp_path / "counter.html").as_uri())
    expect(page.locator(".counter")).to_contain_text("Count: 5")
    expect(page.locator(".counter").get_by_role("button", name="Increment")).to_be_visible()


@contextmanager
def _marimo(folder: Path, mode: str, cell: str) -> Iterator[str]:
    """A server of marimo's that has an app of one cell, by its address."""
    app = folder / "app.py"
    app.write_text(MARIMO_APP.format(textwrap.indent(cell, "    ")), encoding="utf-8")
    with serving("marimo", [mode, app.name, "--headless", "--no-token"], home=folder, files=folder) as address:
        yield address


def _run_in_marimo(page: Page) -> None:
    """Run the cell. The editor is there before its kernel is, and forgets what was asked until then."""
    for _ in range(30):
        page.get_by_test_id("run-button").first.click()
        with suppress(AssertionError):
            expect(page.get_by_role("button", name="Increment")).to_be_visible(timeout=3_000)
            return


def _count_to_3(page: Page) -> None:
    button = page.get_by_role("button", name="Increment")
    button.wait_for(timeout=60_000)
    for count in range(1, 4):
        button.click()
        expect(page.locator(".counter")).to_contain_text(f"Count: {count}")


def _write(folder: Path, kernel: str, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}},
        cells=[*map(nbformat.v4.new_code_cell, cells or (COUNTER,))],
    )
    file = folder / "counter.ipynb"
    nbformat.write(notebook, file)
    return file


def _jupyter(folder: Path, command: str, *options: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "jupyter", command, "counter.ipynb", *options],
        env=stranger.environment(folder),
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=200,
    )
