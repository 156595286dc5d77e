"""What can be said on the command line, and what is answered to what cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from rdit import __version__
from rdit.cli import commands

if TYPE_CHECKING:
    from conftest import Rdit


@pytest.mark.parametrize(
    "words", [["--help"], ["-h"], ["run", "--help"], ["watch", "-h"], ["kernelspec", "install", "-h"]]
)
def test_help_is_there(words: list[str]) -> None:
    result = CliRunner().invoke(commands, words, prog_name="rdit")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: {' '.join(['rdit', *words[:-1]])}")
    assert max(map(len, result.output.splitlines())) <= 100


def test_help_tells_of_files_beside_the_commands() -> None:
    told = " ".join(CliRunner().invoke(commands, ["--help"], prog_name="rdit").output.split())
    assert "FILE Open a script or a notebook in JupyterLab. `rdit FILE --help` tells how." in told


def test_help_tells_how_to_complete() -> None:
    assert "_RDIT_COMPLETE=bash_source rdit" in CliRunner().invoke(commands, ["--help"]).output


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_completion_scripts_are_made(rdit: Rdit, shell: str, word: str) -> None:
    ran = rdit(_RDIT_COMPLETE=f"{shell}_source")
    assert word in ran.out


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(commands, ["--version"]).output == f"rdit {__version__}\n"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["nothing.ipynb"], "'nothing.ipynb' is no such file; `rdit nothing.ipynb --new` makes it"),
        (["."], "expected a script or a notebook, but '.' is a folder"),
        (["a.py", "b.py"], "Got unexpected extra argument (b.py)"),
        (["a.py", "--ip=0.0.0.0"], "JupyterLab's own options follow `--`."),
        (["a.py", "--port", "web"], "'web' is not a valid integer"),
        (["--no-browser"], "Missing argument 'FILE'"),
        (["runn"], "No such command 'runn'"),
        (["run"], "Missing argument 'FILE'"),
        (["run", "nothing.py"], "expected a script or a notebook, but 'nothing.py' is no such file"),
        (["run", "."], "expected a script or a notebook, but '.' is a folder"),
        (["run", "a.py", "--lines", "x"], "expected lines such as 3:7, 3, 3: or :7, but got 'x'"),
        (["run", "a.py", "--lines", "7:3"], "first not after last, but got '7:3'"),
        (["run", "a.py", "--lines", "0:3"], "counted from 1"),
        (["run", "a.py", "--lines", ":"], "expected lines such as"),
        (["run", "a.py", "--timeout", "0"], "0.0 is not in the range x>0"),
        (["run", "a.py", "--verbose"], "The program's own options follow `--`."),
        (["run", "a.py", "--output", "b.ipynb"], "add --kernel"),
        (["run", "b.ipynb", "--lines", "1:2"], "a notebook has lines in every cell"),
        (["run", "b.ipynb"], "expected a notebook (JSON), but the file does not parse"),
        (["run", "b.ipynb", "--kernel"], "expected a notebook (JSON), but the file does not parse"),
        (["watch", "no-such-kernel"], "expected a connection file called or like 'no-such-kernel', found none in "),
        (["watch", "--"], "expected either a connection file, or `--` and a command"),
        (["watch", "a", "--", "b"], "expected either a connection file, or `--` and a command"),
        (["watch", "--", "no-such-command"], "expected a command that can be run, but 'no-such-command'"),
        (["kernelspec", "remove", "no-such-spec"], "found no 'no-such-spec'"),
        (["kernelspec", "install", "--user", "--prefix", "x"], "--user and --prefix name two places"),
        (["kernelspec", "install", "--name", "a b", "--prefix", "x"], "expected a name of letters, digits"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_answered_with_what_was_expected(
    tmp_path: Path, rdit: Rdit, words: list[str], answer: str
) -> None:
    (tmp_path / "a.py").write_text("print('ran')\n")
    (tmp_path / "b.ipynb").write_text("no notebook\n")
    ran = rdit(*words)
    assert answer in " ".join((ran.out + ran.err).split())
    assert ran.status in (1, 2)
    assert "Traceback" not in ran.err


def test_asking_for_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from rdit.cli import commands; commands.main(['--help'], standalone_mode=False); "
        "print(sorted({'rich', 'jupyter_client', 'nbformat', 'IPython', 'zmq', 'traitlets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_programs_process_imports_the_standard_library_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import rdit.script_process; "
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "['rdit']"
