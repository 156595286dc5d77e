"""A tour as a page: one file that shows everything with the network off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_page_takes_nothing_from_the_network_and_misses_nothing(notebook: Path, page: Page, tmp_path: Path) -> None:
    asked_for, complaints = [], []
    page.on("request", lambda request: asked_for.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    file = as_page(notebook, tmp_path)
    page.goto(file.as_uri(), wait_until="networkidle")
    assert [url for url in asked_for if not url.startswith("data:")] == [file.as_uri()]
    assert complaints == []
    cells = nbformat.read(notebook, as_version=4).cells
    there = sum(len(cell.outputs) for cell in cells if cell.cell_type == "code")
    assert page.locator(".jp-OutputArea-output").count() == there > 0
    broken = "images => images.filter(image => !image.naturalWidth).length"
    assert page.locator("img").evaluate_all(broken) == 0


def test_a_widget_whose_state_is_kept_shows_the_html_that_it_carries(page: Page, tmp_path: Path) -> None:
    """As `make demo` leaves a notebook that was executed."""
    view = {"model_id": "m", "version_major": 2, "version_minor": 0}
    data = {
        "text/plain": "x",
        "text/html": "<p>the still picture</p>",
        "application/vnd.jupyter.widget-view+json": view,
    }
    cell = nbformat.v4.new_code_cell("root", outputs=[nbformat.v4.new_output("display_data", data)])
    state = {
        "m": {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": "~0.9.*", "state": {}}
    }
    kept = {"application/vnd.jupyter.widget-state+json": {"version_major": 2, "version_minor": 0, "state": state}}
    notebook = tmp_path / "executed.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": kept}), notebook)
    page.goto(as_page(notebook, tmp_path).as_uri())
    expect(page.get_by_text("the still picture")).to_be_visible()


def as_page(notebook: Path, folder: Path) -> Path:
    """What `make demo` makes of a notebook."""
    subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--log-level=ERROR", "--to=html", "--template=page"),
            *(f"--TemplateExporter.extra_template_basedirs={NOTEBOOKS}", f"--output-dir={folder}", str(notebook)),
        ],
        check=True,
    )
    return folder / f"{notebook.stem}.html"
