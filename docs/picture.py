"""Take the README's picture again: JupyterLab, a cell that has run, one that runs, and the results beside their lines.

    python docs/picture.py

Needs the dependencies of the tests, and Chromium or Chrome.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support import chromium, stranger  # noqa: E402
from support.lab import Lab, running  # noqa: E402

PICTURE = Path(__file__).with_name("rdit-jupyterlab.png")

CELLS = [
    new_markdown_cell("### A year of bicycles"),
    new_code_cell(
        """\
import numpy as np, matplotlib.pyplot as plt

days = np.arange(365)
warmth = 9 - 12 * np.cos(2 * np.pi * (days - 20) / 365)
rain = np.random.default_rng(7).gamma(0.6, 4, size=365)
rides = (900 + 130 * warmth - 60 * rain).clip(100)
f"{rides.sum():,.0f} rides, most of them on day {rides.argmax()}"
fig, ax = plt.subplots(figsize=(12, 1.4))
ax.fill_between(days, rides, color="#7aa6f0");"""
    ),
    new_code_cell(
        """\
def another_year(seed):
    rain = np.random.default_rng(seed).gamma(0.6, 4, size=365)
    return (900 + 130 * warmth - 60 * rain).clip(100).sum()

round(another_year(2))
years = np.array([another_year(seed) for seed in range(2_000_000)])
np.percentile(years, [5, 50, 95])"""
    ),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as files:
        notebook = new_notebook(
            cells=CELLS, metadata={"kernelspec": {"name": "rdit", "display_name": "Python 3 (rdit)"}}
        )
        nbformat.write(notebook, Path(files) / "bicycles.ipynb")
        # Matplotlib looks for fonts once for each home, and says so: not in the picture.
        subprocess.run(
            [sys.executable, "-c", "import matplotlib.pyplot"], env=stranger.environment(Path(home)), check=True
        )
        with running(Path(home), Path(files)) as lab, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
            page = browser.new_page(viewport={"width": 1200, "height": 770}, device_scale_factor=2)
            page.set_default_timeout(120_000)
            take(lab, page)
            browser.close()


def take(lab: Lab, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # the strip of the running statement pulses otherwise
    lab.open(page, "bicycles.ipynb")
    lab.wait_for_kernel(page)
    page.keyboard.press("Control+b")  # the file browser away
    done, runs = page.locator(".jp-Notebook .jp-CodeCell").all()
    for cell in (done, runs):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    expect(done.locator(".jp-InputPrompt")).to_have_text("[1]:", timeout=120_000)
    expect(runs.locator(".sf-mark.sf-running")).to_have_attribute(
        "data-words", re.compile(r"^2\.\d s$"), timeout=120_000
    )
    page.keyboard.press("Escape")
    page.mouse.move(0, 0)
    # Nobody sees the difference between so near colours, but the file is a third smaller.
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    seen.point(lambda value: round(value / 5) * 5).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
