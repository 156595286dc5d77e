"""The tools that run notebooks run them with rdit: `jupyter execute`, nbclient, papermill, nbval, nbconvert.

Each runs a small notebook made here, whose outputs are known, and the tours in notebooks/.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat as _nbformat
import pytest

# It has no annotations of its own.
nbformat: Any = _nbformat

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

_CELLS = (
    "x = 1  # the parameter",
    "x + 1\nx + 2",
    "print('told')\ndisplay('shown')\nx",
    "import asyncio\nawait asyncio.sleep(0, 'waited')",
)
_EXPECTED: list[list[Any]] = [
    [],
    [("execute_result", "2"), ("execute_result", "3")],
    [("stream", "told\n"), ("display_data", "'shown'"), ("execute_result", "1")],
    [("execute_result", "'waited'")],
]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A notebook that has not run. Its first cell is papermill's for parameters."""
    cells = [nbformat.v4.new_code_cell(source) for source in _CELLS]
    cells[0].metadata["tags"] = ["parameters"]
    return _written(tmp_path / "small.ipynb", cells)


def _written(path: Path, cells: list[Any]) -> Path:
    spec = {"name": "rdit", "display_name": "Python 3 (rdit)", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
    return path


def _outputs(path: Path) -> list[list[tuple[str, str]]]:
    """The kind and the text of each output of each code cell."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return [[_brief(output) for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def _brief(output: Any) -> tuple[str, str]:
    match output.output_type:
        case "stream":
            return "stream", output.text
        case "error":
            return "error", output.ename
        case kind:
            return kind, output.data["text/plain"]


def _run(*command: object, cwd: Path, fails: bool = False) -> str:
    """Run a module as a command and return what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )
    written = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, written
    return written


def _jupyter_execute(path: Path) -> Path:
    _run("jupyter", "execute", "--inplace", "--kernel_name=rdit", path.name, cwd=path.parent)
    return path


def _nbclient(path: Path) -> Path:
    script = (
        "import nbformat, sys\nfrom nbclient import NotebookClient\nnb = nbformat.read(sys.argv[1], as_version=4)\n"
        "NotebookClient(nb, kernel_name='rdit', timeout=60).execute()\nnbformat.write(nb, sys.argv[1])\n"
    )
    (path.parent / "run_it.py").write_text(script)
    _run("run_it", path.name, cwd=path.parent)
    return path


def _papermill(path: Path) -> Path:
    # It runs on after an error that a cell's tag allows, and fails in the end all the same: with any kernel.
    fails = "raises-exception" in path.read_text()
    _run("papermill", "--kernel", "rdit", path.name, "out.ipynb", cwd=path.parent, fails=fails)
    return path.parent / "out.ipynb"


def _nbconvert(path: Path) -> Path:
    kernel = "--ExecutePreprocessor.kernel_name=rdit"
    _run("nbconvert", "--to=notebook", "--execute", "--inplace", kernel, path.name, cwd=path.parent)
    return path


TOOLS = (_jupyter_execute, _nbclient, _papermill, _nbconvert)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__[1:])
def test_a_tool_keeps_what_each_statement_showed(tool: Callable[[Path], Path], small: Path) -> None:
    executed = tool(small)
    assert _outputs(executed) == _EXPECTED
    # The marks of statements are for front ends: nothing of them is stored.
    assert '"rdit"' not in json.dumps(json.loads(executed.read_text())["cells"])


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__[1:])
@pytest.mark.parametrize("tour", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_tool_runs_the_tour(tool: Callable[[Path], Path], tour: Path, tmp_path: Path) -> None:
    executed = tool(Path(shutil.copy(tour, tmp_path)))
    found = nbformat.read(executed, as_version=4)
    nbformat.validate(found)
    meant = {cell.source: cell for cell in nbformat.read(tour, as_version=4).cells if cell.cell_type == "code"}
    for cell in found.cells:
        if cell.cell_type == "code":
            assert cell.execution_count is not None
            kinds = [output.output_type for output in cell.outputs]
            assert kinds == [output.output_type for output in meant[cell.source].outputs], cell.source


def test_papermill_sets_parameters(small: Path) -> None:
    _run("papermill", "--kernel", "rdit", "-p", "x", "40", small.name, "out.ipynb", cwd=small.parent)
    assert [("execute_result", "41"), ("execute_result", "42")] in _outputs(small.parent / "out.ipynb")


def test_nbconvert_makes_a_page(small: Path) -> None:
    _run("nbconvert", "--to=html", "--execute", "--ExecutePreprocessor.kernel_name=rdit", small.name, cwd=small.parent)
    page = small.with_suffix(".html").read_text()
    assert "told" in page
    assert "<pre>'waited'</pre>" in page


def test_nbval_compares_the_values_of_every_statement(small: Path) -> None:
    _jupyter_execute(small)
    nbval = ("pytest", "--nbval", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", small.name)
    assert "4 passed" in _run(*nbval, cwd=small.parent)
    small.write_text(small.read_text().replace('"2"', '"200"'))
    assert "1 failed, 3 passed" in _run(*nbval, cwd=small.parent, fails=True)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__[1:])
def test_a_tool_tells_an_error(tool: Callable[[Path], Path], tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("'before'\n1/0\n'after'"), nbformat.v4.new_code_cell("'not run'")]
    path = _written(tmp_path / "failing.ipynb", cells)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        tool(path)


def test_errors_are_kept_where_they_are_allowed(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("'before'\n1/0\n'after'"), nbformat.v4.new_code_cell("'runs'")]
    path = _written(tmp_path / "failing.ipynb", cells)
    _run("jupyter", "execute", "--inplace", "--allow-errors", "--kernel_name=rdit", path.name, cwd=tmp_path)
    before = [("execute_result", "'before'"), ("error", "ZeroDivisionError")]
    assert _outputs(path) == [before, [("execute_result", "'runs'")]]
