"""Reading a notebook's code cells, and knowing which need IPython."""

from __future__ import annotations

import json

import pytest

from rdit.notebooks import CodeCell, NotANotebook, code_cells


def test_code_cells_are_counted_without_the_others() -> None:
    notebook = {
        "nbformat": 4,
        "cells": [
            {"cell_type": "code", "source": ["x = 1\n", "x"], "metadata": {}, "id": "a"},
            {"cell_type": "markdown", "source": "# no"},
            {"cell_type": "code", "source": "1/0", "metadata": {"tags": ["raises-exception"]}},
        ],
    }
    first, second = code_cells(json.dumps(notebook))
    assert first == CodeCell(1, 0, "x = 1\nx", "a", [])
    assert (second.number, second.index, second.may_raise) == (2, 2, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "does not parse"), ("[]", "no list of cells"), ('{"nbformat": 3, "worksheets": []}', "its format is 3")],
)
def test_what_is_no_notebook_is_told_so(text: str, words: str) -> None:
    with pytest.raises(NotANotebook, match=words):
        code_cells(text)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\n%time x", 2),
        ("%%bash\nls", 1),
        ("!ls", 1),
        ("files = !ls", 1),
        ("t = %timeit -o x", 1),
        ("print?", 1),
        ("?print", 1),
        ("x = 1", None),
        ("await x", None),
        ("y = (7\n % 3)", None),
        ("text = '''\n%magic\n!x\n'''", None),
        ("x ==", None),
        ("", None),
    ],
)
def test_lines_that_only_ipython_understands_are_found(source: str, line: int | None) -> None:
    assert CodeCell(1, 0, source).line_for_ipython() == line
