"""``flow build tour.ipynb``: the module that its cells become, and what of it a page gets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from flow import cell_lines
from flow.build import BuildError
from flow.build.notebook import SHOWN, Notebook, module_name, read
from flow.build.picture import taken
from flow.compiler import SplitError
from flow.tracebacks import told

PNG = b"\x89PNG\r\n\x1a\n"


def text(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def code(source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "metadata": {}, "source": lines, "outputs": [], "execution_count": None}


def written(folder: Path, cells: Sequence[str | dict[str, Any]], name: str = "tour.ipynb", **more: Any) -> Path:
    made = [code(each) if isinstance(each, str) else each for each in cells]
    path = folder / name
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **more}), "utf-8")
    return path


def cells_of(notebook: Notebook) -> str:
    """The lines of its cells."""
    return notebook.source.partition("from flow import component as _component")[0].partition("\n")[2]


def drawn(folder: Path, notebook: Notebook) -> str:
    """The HTML of its page, of the half that pages get."""
    for name, source in notebook.split().sources.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    return taken(folder, notebook.module, SHOWN)


def test_the_page_shows_the_texts_and_what_the_cells_show_in_their_order(tmp_path: Path) -> None:
    cells = (
        text("# The *shop*\n\nTea & <b>cake</b>"),
        "from flow.ui import Div, Text\n\nprice = 3",
        "Div(f'{price} €')",
        text("| a | b |\n|---|---|\n| 1 | 2 |"),
        "with Div(cls='late') as form:\n    Text('typed')\n    with Div():\n        Text('deep')\nform",
        "price * 2",
        "None",
    )
    notebook = read(written(tmp_path, cells))
    assert notebook.title == "The shop"
    assert notebook.warnings == ()
    html = drawn(tmp_path, notebook)
    shown = (
        "<h1>The <em>shop</em></h1>\n<p>Tea &amp; &lt;b&gt;cake&lt;/b&gt;</p>",
        "<div>3 €</div>",
        "<td>1</td>",
        '<div class="late"><span>typed</span><div><span>deep</span></div></div>',
        "<pre>6</pre>",
    )
    places = [html.find(each) for each in shown]
    assert -1 not in places, html
    assert places == sorted(places)
    assert "None" not in html


def test_a_cell_that_no_cell_shown_needs_stays_on_the_server(tmp_path: Path) -> None:
    cells = (
        "import sqlite3\npassword = 'hunter2'\nrows = sqlite3.connect(password)",
        "from flow import rpc\n\n@rpc\nasync def order(tea: str) -> int:\n    return rows.execute(tea).lastrowid",
        "print(rows)",
        "rows.fetchall();",
        "from flow.ui import Button\nasync def buy(): await order('tea')\nButton('Buy', on_click=buy)",
    )
    found = read(written(tmp_path, cells)).split()
    source = found.sources["tour"]
    assert "hunter2" not in source
    assert "sqlite3" not in source
    assert "print(" not in source
    assert "fetch('tour.order', [], {'tea': tea})" in source
    assert found.warnings == ()


def test_what_is_done_inside_of_a_with_comes_along_only_with_what_it_is_called(tmp_path: Path) -> None:
    cells = (
        "from contextlib import suppress\nfrom flow.ui import Div, Text",
        "with suppress(ImportError):\n    price = 3\n    secret = 'hunter2'",
        "with Div() as form:\n    first = Text('one')\n    for n in range(2):\n        Text(f'more {n}')",
        "with Div() as unseen:\n    Text('hunter3')",
        "price",
        "form",
    )
    notebook = read(written(tmp_path, cells))
    source = notebook.split().sources["tour"]
    assert "hunter" not in source
    assert "<div><span>one</span><span>more 0</span><span>more 1</span></div>" in drawn(tmp_path, notebook)


def test_a_cell_that_shows_what_is_the_server_s_is_an_error_at_its_line(tmp_path: Path) -> None:
    cells = (text("# A"), "import sqlite3\n\ndef rows():\n    return sqlite3.connect('x')", "a = 1\nrows()")
    path = written(tmp_path, cells)
    with pytest.raises(SplitError) as caught:
        read(path).split()
    (finding,) = caught.value.findings
    assert (finding.path, finding.line) == (f"{path}, cell 2", 4)
    assert finding.chain[:2] == ("cell 3", "rows")
    assert str(caught.value).startswith(f"{path}, cell 2:4: cell 3 -> rows")


def test_lines_of_the_module_in_a_text_become_those_of_the_cells(tmp_path: Path) -> None:
    notebook = read(written(tmp_path, ("a = 1", text("between"), "b = 2\na")))
    told = f"{tmp_path / 'tour.py'}:4: a; {tmp_path / 'other.py'}:4: b; {tmp_path / 'tour.py'}:1: c"
    cell = tmp_path / "tour.ipynb, cell 3"
    assert notebook.with_cells(told) == f"{cell}, line 2: a; {tmp_path / 'other.py'}:4: b; {tmp_path / 'tour.py'}:1: c"


def test_lines_are_those_of_the_cells(tmp_path: Path) -> None:
    cells = ("a = 1\nb = 2", text("between"), "c = (a +\n     b)\nc", "d = 3; d  # shown", "é = 'é'; é", "e = 4\ne ;")
    notebook = read(written(tmp_path, cells))
    assert cells_of(notebook) == (
        "a = 1\nb = 2\nc = (a +\n     b)\n_cell_3_1 = c\nd = 3; _cell_4_1 = d  # shown\n"
        "é = 'é'; _cell_5_1 = é\ne = 4\ne ;\n"
    )
    assert notebook.mark == "# The cells of tour.ipynb begin at lines: 1=2 3=4 4=7 5=8 6=9"
    assert [cell_lines.cell_at(notebook.mark, line) for line in (1, 2, 3, 6, 7)] == [
        None,
        ("tour.ipynb, cell 1", 1),
        ("tour.ipynb, cell 1", 2),
        ("tour.ipynb, cell 3", 3),
        ("tour.ipynb, cell 4", 1),
    ]
    assert cell_lines.cell_at("# A comment like any other", 3) is None


def test_what_display_shows_in_a_cell_is_shown_too(tmp_path: Path) -> None:
    cells = (
        "from flow.ui import Div\ndisplay(Div('one'),\n        Div('two'),)\nfor n in range(2): pass\nDiv('three')",
    )
    notebook = read(written(tmp_path, cells))
    assert "_cell_1_1 = [Div('one'),\n        Div('two'),]\n" in notebook.source
    html = drawn(tmp_path, notebook)
    assert "<div><div>one</div></div><div><div>two</div></div><div><div>three</div></div>" in html


def test_an_element_that_two_cells_show_is_in_the_page_once(tmp_path: Path) -> None:
    html = drawn(tmp_path, read(written(tmp_path, ("from flow.ui import Div\nd = Div('once')\nd", "d"))))
    assert html.count("once") == 1


@pytest.mark.parametrize(
    ("cell", "left", "said"),
    [
        ("%matplotlib inline\nx = 5\nx", "pass\nx = 5\n_cell_2_1 = x\n", ", line 1: `%matplotlib inline` is left out"),
        ("if True:\n    !ls -l\n5", "if True:\n    pass\n_cell_2_1 = 5\n", ", line 2: `!ls -l` is left out"),
        ("len?\n5", "pass\n_cell_2_1 = 5\n", ", line 1: `len?` is left out"),
        ("%%bash\necho 5", "", ": it is left out, for a page has no %%bash"),
        ("%%time\n5", "\n_cell_2_1 = 5\n", ": %%time is left out, and its cell runs without"),
        ("s = '''\n%x\n'''\ns", "s = '''\n%x\n'''\n_cell_2_1 = s\n", None),
        ("7 \\\n%5", "_cell_2_1 = 7 \\\n%5\n", None),
    ],
)
def test_magics_are_left_out_with_a_warning_that_names_the_cell(
    tmp_path: Path, cell: str, left: str, said: str | None
) -> None:
    path = written(tmp_path, ("1", cell))
    notebook = read(path)
    assert cells_of(notebook) == f"_cell_1_1 = 1\n{left}"
    if said is None:
        assert notebook.warnings == ()
    else:
        (warning,) = notebook.warnings
        assert warning.startswith(f"{path}, cell 2{said}")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("x = 1\nfiles = !ls\nfiles", r"cell 2, line 2: `files = !ls` is IPython's.*write it in Python"),
        ("x = 1\nif x\n    y", r"cell 2, line 2: expected ':'"),
        ("await load()", r"cell 2, line 1: 'await' outside function\. In a page nothing waits for a cell"),
        ("from __future__ import annotations", r"cell 2, line 1: from __future__ imports must occur at the beginning"),
    ],
)
def test_what_is_no_python_is_an_error_at_its_cell_and_line(tmp_path: Path, cell: str, said: str) -> None:
    with pytest.raises(BuildError, match=said):
        read(written(tmp_path, ("1", cell)))


@pytest.mark.parametrize("cells", [(), (text("# Only a text"),), ("x = 1", "x;", "print(x)", "None")])
def test_a_notebook_that_shows_nothing_is_an_error_that_says_what_would_be_shown(
    tmp_path: Path, cells: Sequence[str | dict[str, Any]]
) -> None:
    with pytest.raises(BuildError, match=r"tour\.ipynb has nothing for a page to show.*the last line of a cell"):
        read(written(tmp_path, cells))


def test_what_is_no_notebook_of_python_s_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "tour.ipynb"
    path.write_text("no JSON")
    with pytest.raises(BuildError, match="cannot be read as a notebook"):
        read(path)
    with pytest.raises(BuildError, match="no notebook of format 4: `jupyter nbconvert"):
        read(written(tmp_path, ("1",), nbformat=3))
    with pytest.raises(BuildError, match="a notebook in R: a page runs Python"):
        read(written(tmp_path, ("1",), metadata={"kernelspec": {"language": "R"}}))


@pytest.mark.parametrize(
    ("name", "module"), [("tour.ipynb", "tour"), ("02_flow.ipynb", "_02_flow"), ("my tea-shop.ipynb", "my_tea_shop")]
)
def test_the_module_is_called_like_the_file(name: str, module: str) -> None:
    assert module_name(Path(name)) == module


def test_pictures_in_a_notebook_and_beside_it_come_along_and_no_others(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "beside.png").write_bytes(PNG)
    (inside / "notes.txt").write_bytes(b"secret")
    (tmp_path / "outside.png").write_bytes(PNG)
    attachments = {"in.png": {"image/png": "aW4="}}
    source = "![a](beside.png) ![b](attachment:in.png) ![c](../outside.png) ![d](notes.txt) ![e](missing.png)"
    found = read(written(inside, (text(source, attachments=attachments), "1"))).source
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in found
    assert 'src="data:image/png;base64,aW4="' in found
    assert [f'src="{each}"' in found for each in ("../outside.png", "notes.txt", "missing.png")] == [True] * 3


TOLD = """
import sys; sys.path.insert(0, "")
from flow.tracebacks import told
try:
    import tour
except ZeroDivisionError as error:
    print(told(error)[1])
"""


def test_a_traceback_names_cells_and_their_lines(tmp_path: Path) -> None:
    cells = ("def half(n):\n\n    return n / 0", text("between"), "x = 1\nhalf(x)")
    source = read(written(tmp_path, cells)).split().sources["tour"]
    (tmp_path / "tour.py").write_text(source, "utf-8")
    done = subprocess.run([sys.executable, "-c", TOLD], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "tour.ipynb, cell 3, line 2, in <module>" in done.stdout
    assert "tour.ipynb, cell 1, line 3, in half\n    return n / 0" in done.stdout
    assert "tour.py" not in done.stdout


def test_a_traceback_of_another_file_is_as_ever() -> None:
    with pytest.raises(ValueError, match="Expecting property name") as caught:
        json.loads("{")
    assert f'File "{__file__}", line ' in told(caught.value)[1]
