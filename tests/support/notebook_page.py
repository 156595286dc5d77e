"""A notebook in a real JupyterLab, as a test sees it: its cells, their marks, their outputs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import nbformat
from playwright.sync_api import FloatRect, Locator, Page, expect

from support.lab import Lab

KERNELS = {"rdit": "Python 3 (rdit)", "python3": "Python 3 (ipykernel)"}
SIGNS = ("✓", "✗")
# Of a line: it may be the mark itself, which it then draws behind its code, or have some in it.
MARKS = ":scope.sf-mark, .sf-mark"


@dataclass(frozen=True)
class NotebookPage:
    """A notebook that is open and whose kernel answers."""

    lab: Lab
    page: Page
    name: str

    def cell(self, index: int = 0) -> Locator:
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']").first

    def marks(self, index: int = 0) -> Locator:
        return self.cell(index).locator(".sf-mark")

    def mark(self, line: int, index: int = 0) -> Locator:
        """The marks on a line of a cell, counted from 1."""
        return self.cell(index).locator(".cm-line").nth(line - 1).locator(MARKS)

    def outputs(self, index: int = 0) -> Locator:
        return self.cell(index).locator(".jp-OutputArea-output")

    def show(self, index: int) -> None:
        """Scroll a cell into view. One that is far away is not in the page at all."""
        self.page.evaluate("index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index)", index)
        self.cell(index).wait_for()

    def edit(self, index: int = 0) -> None:
        """Put the cursor into a cell."""
        self.cell(index).locator(".cm-content").click()

    def run(self, index: int = 0) -> None:
        """Run a cell and stay on it."""
        self.edit(index)
        self.page.keyboard.press("Control+Enter")

    def wait_until_done(self, index: int = 0, count: str = r"\[\d+\]:") -> None:
        expect(self.cell(index).locator(".jp-InputPrompt").first).to_have_text(re.compile(count), timeout=60_000)

    def do(self, command: str) -> None:
        """Execute one of JupyterLab's commands."""
        self.page.evaluate("command => window.jupyterapp.commands.execute(command)", command)

    def go(self, name: str) -> None:
        """Let a cell go on that waits for this file. All tests share the folder: no name serves twice."""
        (self.lab.files / name).touch(exist_ok=False)


def expect_marks(marks: Locator, *patterns: str, timeout: float | None = None) -> None:
    """Wait until there are so many marks, and each one's words match its pattern, which may begin with its sign.

    Words are attributes: a mark has no text, which the editor could take for code.
    """
    expect(marks).to_have_count(len(patterns), timeout=timeout)
    for k, pattern in enumerate(patterns):
        sign = pattern[0] if pattern[0] in SIGNS else ""
        words = pattern.removeprefix(sign).replace("^", rf"^(?:[{''.join(SIGNS)}]  )?")
        for wanted in filter(None, (sign, words)):
            expect(marks.nth(k)).to_have_attribute("data-words", re.compile(wanted), timeout=timeout)


def words_box(mark: Locator) -> FloatRect:
    """Where the words of a mark stand, once its statement is over. Of what a line draws no browser tells."""
    expect(mark).to_have_attribute("data-words", re.compile("|".join(SIGNS)))
    mark.scroll_into_view_if_needed()
    box: FloatRect = mark.evaluate(
        """mark => {
            const range = document.createRange();
            range.selectNodeContents(mark);
            const style = getComputedStyle(mark, '::after'), canvas = document.createElement('canvas').getContext('2d');
            canvas.font = `${style.fontSize} ${style.fontFamily}`;
            const { x, y, width, height } = mark.getBoundingClientRect();
            return mark.matches('.cm-line')
                ? { x: range.getBoundingClientRect().right + parseFloat(style.marginLeft), y, height,
                    width: canvas.measureText(mark.dataset.words).width }
                : { x, y, width, height };
        }"""
    )
    return box


def point_at(mark: Locator) -> None:
    """Rest the pointer on a mark's words."""
    box = words_box(mark)
    mark.page.mouse.move(box["x"] + 3, box["y"] + box["height"] / 2)


def click_on(mark: Locator) -> None:
    """Click the words of a mark."""
    point_at(mark)
    mark.page.mouse.down()
    mark.page.mouse.up()


def open_notebook(lab: Lab, page: Page, cells: Sequence[str], kernel: str = "rdit") -> NotebookPage:
    """Write a notebook of these code cells, open it in JupyterLab, and wait for its kernel."""
    name = write_notebook(lab, cells, kernel)
    lab.open(page, name)
    lab.wait_for_kernel(page)
    return NotebookPage(lab, page, name)


def run_in_notebook_7(lab: Lab, page: Page, source: str) -> NotebookPage:
    """Open a notebook of one cell in Notebook 7 and run it. Its page does not tell when a cell can be run."""
    name = write_notebook(lab, [source])
    page.goto(f"{lab.url}/notebooks/{name}?token={lab.token}")
    cell = page.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click(timeout=60_000)
    for _ in range(20):
        page.keyboard.press("Control+Enter")
        with suppress(AssertionError):
            expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[(\*|\d+)\]:"), timeout=2_000)
            break
    return NotebookPage(lab, page, name)


def write_notebook(lab: Lab, cells: Sequence[str], kernel: str = "rdit") -> str:
    spec = {"name": kernel, "display_name": KERNELS[kernel], "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": spec}, cells=[*map(nbformat.v4.new_code_cell, cells)])
    name = f"{secrets.token_hex(4)}.ipynb"
    nbformat.write(notebook, lab.files / name)
    return name


def waits_for(name: str) -> str:
    """A statement that runs until a test says `NotebookPage.go`."""
    return f"while not __import__('pathlib').Path({name!r}).exists(): __import__('time').sleep(0.02)"
