"""A tour as a page: one file that shows everything with the network off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

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
    assert page.locator(".jp-OutputArea-output").count() > 10
    broken = "images => images.filter(image => !image.naturalWidth).length"
    assert page.locator("img").evaluate_all(broken) == 0


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
