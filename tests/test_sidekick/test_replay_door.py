"""The door of %%replay: a cell stays a cell, line for line; the options are checked; the shell is told once."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from sidekick.replay import door
from sidekick.replay.door import staying_a_cell
from sidekick.replay.options import OptionsError, read_options
from sidekick.replay.recorder import Options


def transformed(raw: str) -> str:
    """As IPython's ``transform_cell`` does: leading blank lines are dropped, a cell magic takes all as a text."""

    def transform(cell: str) -> str:
        cell = cell.lstrip("\n")
        return f"run_cell_magic({cell!r})\n" if cell.startswith("%%") else cell

    return staying_a_cell(transform)(raw)


LINE = "get_ipython().run_line_magic('replay', {!r})\n"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("%%replay\nx = 1\n", LINE.format("") + "x = 1\n"),
        ("%%replay --depth 2 \nx", LINE.format("--depth 2") + "x"),
        ("\n\n%%replay\n\n\nx", "\n\n" + LINE.format("") + "\n\nx"),
        ("%%replay\n%%time\nx", LINE.format("") + "run_cell_magic('%%time\\nx')\n"),
    ],
)
def test_the_line_becomes_a_line_magic_and_each_line_keeps_its_number(raw: str, expected: str) -> None:
    assert transformed(raw) == expected


@pytest.mark.parametrize("raw", ["x = 1", "%%replays\nx", "x\n%%replay\ny", "%replay\nx"])
def test_other_cells_are_left_alone(raw: str) -> None:
    assert "get_ipython" not in transformed(raw)


@pytest.mark.parametrize("raw", ["%%replay -h\nx", "%%replay --vars a --help\nx", "%%replay", "%%replay\n \n"])
def test_help_and_an_empty_cell_are_the_magic_s_own(raw: str) -> None:
    assert transformed(raw).startswith("run_cell_magic(")


class Manager:
    def __init__(self) -> None:
        self.magics: dict[str, dict[str, Any]] = {"cell": {}, "line": {}}


class Shell:
    def __init__(self) -> None:
        self.magics_manager = Manager()
        self.transform_cell = str.upper

    def register_magic_function(self, function: Any, magic_kind: str, magic_name: str) -> None:
        assert magic_kind == "line_cell"
        self.magics_manager.magics["cell"][magic_name] = function


def test_a_shell_is_told_of_the_magic_once() -> None:
    shell = Shell()
    door.register(shell)
    transform = shell.transform_cell
    assert transform("x") == "X"
    assert "run_line_magic" in transform("%%replay\nx")
    door.register(shell)
    assert shell.transform_cell is transform


def test_importing_sidekick_loads_neither_ipython_nor_what_a_replay_takes() -> None:
    code = (
        "import sys, sidekick, sidekick.replay.door\n"
        "print([each for each in sys.modules if each == 'IPython' or each == 'flow' or each.startswith("
        "'sidekick.replay.') and each != 'sidekick.replay.door'])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_options_are_read() -> None:
    assert read_options("") == Options()
    assert read_options("--max-steps 5 --depth 2 --vars 'a, b' --no-functions") == Options(
        5, 2, frozenset({"a", "b"}), has_functions=False
    )


@pytest.mark.parametrize("line", ["-h", "--help", "--depth 3 -h"])
def test_the_help_tells_of_each_option(line: str) -> None:
    told = read_options(line)
    assert isinstance(told, str)
    assert all(option in told for option in ("--max-steps", "--depth", "--vars", "--no-functions", "to_html"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--max-steps 0", "--max-steps: expected a whole number above 0, but got '0'"),
        ("--depth many", "--depth: expected a whole number above 0, but got 'many'"),
        ("--vars a,1b", "--vars: expected names of variables like a,b, but got '1b'"),
        ("--vars ,", "expected names of variables"),
        ("--no-function", "unrecognized arguments: --no-function"),
        ("total", "unrecognized arguments: total"),
        ("'", "no closing quotation"),
    ],
)
def test_wrong_options_say_what_was_expected(line: str, told: str) -> None:
    with pytest.raises(OptionsError, match="%%replay") as caught:
        read_options(line)
    assert told in str(caught.value)
    assert caught.value._render_traceback_() == [f"UsageError: {caught.value}"]
