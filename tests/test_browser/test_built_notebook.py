"""A notebook that ``flow build`` made a page, in a real browser."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect

from flow.build import FlowBuilder
from support.built_page import Visit, pyodide
from support.files_server import serving

CELLS = (
    new_markdown_cell("# A notebook\n\nIt counts."),
    new_code_cell("import sqlite3\nrows = sqlite3.connect('hunter2')"),
    new_code_cell(
        "from flow import Signal\n"
        "from flow.ui import Button, HStack, Text\n\n"
        "count = Signal(0)\n"
        "with HStack() as counter:\n"
        "    Text(lambda: f'Count: {count.value}')\n"
        "    Button('More', on_click=lambda: count.update(lambda n: n + 1))\n"
        "counter"
    ),
    new_markdown_cell("And it *breaks*."),
    new_code_cell("def half(n):\n    return n / 0\n\nButton('Break', on_click=lambda: half(count.value))"),
)


def test_a_notebook_is_a_page_whose_errors_name_its_cells(page: Page, tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=list(CELLS)), tmp_path / "my notebook.ipynb")
    result = FlowBuilder(tmp_path / "dist", pyodide=pyodide()).build(tmp_path / "my notebook.ipynb")
    assert [each for each in result.warnings if "is not compiled" not in each] == []  # what compiles may not be there
    assert b"hunter2" not in b"".join(each.read_bytes() for each in (tmp_path / "dist").rglob("*") if each.is_file())
    with serving(tmp_path / "dist") as address:
        visit = Visit(page, f"{address}/")
        visit.go()
        expect(page).to_have_title("A notebook")
        expect(page.locator("h1")).to_have_text("A notebook")
        visit.wait_until_live()
        page.get_by_role("button", name="More").click()
        expect(page.get_by_text("Count: 1")).to_be_visible()
        page.get_by_role("button", name="Break").click()
        page.get_by_text("Traceback", exact=True).click()
        expect(page.get_by_text("my notebook.ipynb, cell 5, line 2, in half")).to_be_visible()
