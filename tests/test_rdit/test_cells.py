"""A cell's text: what is worth parsing as it stands, and lines that keep their numbers."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from rdit.cells import may_be_python, restore_line_numbers


@pytest.mark.parametrize("raw", ["x = 1", "\n\n'''\n>>> x\n'''", "a = (b\n% c)", "In = 3\nIn"])
def test_python_is_worth_parsing(raw: str) -> None:
    assert may_be_python(raw)


@pytest.mark.parametrize("raw", ["%time x", "\n  !ls", "?x", "In [3]: x = 1", "\nIn [3]: x"])
def test_magics_and_prompts_are_not(raw: str) -> None:
    assert not may_be_python(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "\n\n\nx = 1",
        "   \n\n%time x\ny = 2",
        "!echo a \\\n  b\nlast = 1",
        "first = 1\n!echo a \\\n  b \\\n  c\n\nlast = 1",
        "x = !ls \\\n -l\n%who\nlast = 1",
        ">>> a = 1\n>>> b = 2\nlast = 1",
        "\n%matplotlib inline\nlast = 1",
    ],
)
def test_the_last_line_keeps_its_number(raw: str) -> None:
    cell = TransformerManager().transform_cell(raw)
    restored = restore_line_numbers(raw, cell)
    assert len(restored.splitlines()) == len(raw.splitlines())
    assert restored.splitlines()[-1] == cell.splitlines()[-1]
    assert [line for line in restored.splitlines() if line] == [line for line in cell.splitlines() if line]


@pytest.mark.parametrize("raw", ["\n%matplotlib inline\nx = 1", " \n\n!ls\nx = 1", "\n  a = 1\n  b = 2", "\n\na = 1"])
def test_blank_first_lines_stay_above_a_magic_and_above_what_is_indented(raw: str) -> None:
    restored = restore_line_numbers(raw, TransformerManager().transform_cell(raw)).splitlines()
    assert [bool(line.strip()) for line in restored] == [bool(line.strip()) for line in raw.splitlines()]


def test_a_cell_magic_is_left_alone_where_blank_lines_would_change_it() -> None:
    raw = "%%bash\necho 1\necho 2"
    cell = TransformerManager().transform_cell(raw)
    assert restore_line_numbers(raw, cell).rstrip() == cell.rstrip()


def test_a_blank_line_is_never_put_into_a_string() -> None:
    raw, cell = "'''\na\nb\nc\n'''\nx", "'''\nb\n'''\nx\n"
    assert restore_line_numbers(raw, cell) == cell
