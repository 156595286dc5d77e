"""Take the README's picture again: JupyterLab, a cell that is still running, and what it has shown so far.

python docs/picture.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import chromium
from support.lab import Lab, running

PICTURE = Path(__file__).with_name("rdit-jupyterlab.png")

CELLS = [
    new_markdown_cell("# How many primes?\nA cell runs one statement at a time, and shows each result at once."),
    new_code_cell(
        """\
def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))

def primes(below):
    return [n for n in range(below) if is_prime(n)]

primes(30)
sum(primes(30))"""
    ),
    new_code_cell(
        """\
len(primes(100))
len(primes(100_000))
len(primes(10_000_000))    # this one takes a while
"Done." """.rstrip()
    ),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as files:
        notebook = new_notebook(
            cells=CELLS, metadata={"kernelspec": {"name": "rdit", "display_name": "Python 3 (rdit)"}}
        )
        nbformat.write(notebook, Path(files) / "primes.ipynb")
        with running(Path(home), Path(files)) as lab, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
            page = browser.new_page(viewport={"width": 1000, "height": 640}, device_scale_factor=2)
            take(lab, page)
            browser.close()


def take(lab: Lab, page: Page) -> None:
    lab.open(page, "primes.ipynb")
    lab.wait_for_kernel(page)
    page.keyboard.press("Control+b")  # the file browser away
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    for cell in (cells.nth(0), cells.nth(1)):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-OutputArea-output")).to_have_count(2)
    expect(cells.nth(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    page.keyboard.press("Escape")
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
