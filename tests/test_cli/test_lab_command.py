"""`rdit FILE`: what JupyterLab is told. A JupyterLab that was told it is in test_kernel/test_server.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat as _nbformat
import pytest
from click.testing import CliRunner, Result

from rdit import lab
from rdit.cli import commands
from rdit.lab import Opened, lab_options, server_options

if TYPE_CHECKING:
    from conftest import Rdit

# It has no annotations of its own.
nbformat: Any = _nbformat


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What JupyterLab was started with, in place of starting it. Commands are said in the test's folder."""
    starts: list[list[str]] = []
    monkeypatch.setattr(lab, "run_lab", starts.append)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.chdir(tmp_path)
    return starts


def say(*words: str) -> Result:
    return CliRunner().invoke(commands, words, prog_name="rdit")


@pytest.mark.parametrize(
    ("said", "root", "name"),
    [
        ("a.py", "here", "a.py"),
        ("./week 1/a.py", "here", "week 1/a.py"),
        ("../here/a.py", "here", "a.py"),
        ("../elsewhere/a.py", "elsewhere", "a.py"),
        ("../a.py", "", "a.py"),
        (".hidden/week 1/a.py", "here/.hidden/week 1", "a.py"),
        (".a.py", "here", ".a.py"),
    ],
)
def test_the_folder_shown_is_the_current_one_where_jupyter_serves_the_file_from_there(
    tmp_path: Path, said: str, root: str, name: str
) -> None:
    opened = Opened.beside(said, tmp_path / "here")
    assert (opened.root, opened.name) == (tmp_path / root, name)


def test_a_current_folder_that_is_hidden_serves_its_files(tmp_path: Path) -> None:
    assert Opened.beside("sub/a.py", tmp_path / ".here").root == tmp_path / ".here"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("a.py", "/lab/tree/a.py"),
        ("week 1/erste Übung.py", "/lab/tree/week%201/erste%20%C3%9Cbung.py"),
        ("50%?#.py", "/lab/tree/50%25%3F%23.py"),
        ("{a}.py", "/lab/tree/%7Ba%7D.py"),
    ],
)
def test_the_first_page_is_the_files_and_its_script_goes_by_its_own_name(tmp_path: Path, name: str, url: str) -> None:
    opened = Opened.beside(name, tmp_path)
    assert lab_options(opened) == [f"--LabApp.default_url={url}", f"--SideflowServer.script={name}"]
    assert lab_options(opened, opens_browser=False)[-1] == "--no-browser"
    assert server_options(opened) == [f"--ServerApp.root_dir={tmp_path}", "--ServerApp.answer_yes=True"]


def test_a_notebook_needs_no_kernel_from_us(tmp_path: Path) -> None:
    options = lab_options(Opened.beside("a.ipynb", tmp_path))
    assert f"--LabApp.default_url={'/lab/tree/a.ipynb'}" in options
    assert not [each for each in options if "SideflowServer" in each]


def test_a_hidden_file_is_allowed_and_no_other_is(tmp_path: Path) -> None:
    allowing = "--ContentsManager.allow_hidden=True"
    assert allowing in server_options(Opened.beside(".a.py", tmp_path))
    assert allowing not in server_options(Opened.beside("a.py", tmp_path))


def test_root_is_allowed_to_run_it(tmp_path: Path) -> None:
    assert server_options(Opened.beside("a.py", tmp_path), is_root=True)[-1] == "--allow-root"


@pytest.mark.parametrize(
    ("words", "opens_browser", "told"),
    [
        (["a.py"], True, []),
        (["a.py", "--no-browser"], False, []),
        (["--no-browser", "a.py"], False, []),
        (["--port", "9000", "a.py"], True, ["--ServerApp.port=9000"]),
        (["--port=9000", "a.py"], True, ["--ServerApp.port=9000"]),
        (["a.py", "--port", "9000", "--no-browser"], False, ["--ServerApp.port=9000"]),
        (["a.py", "--", "--ip=0.0.0.0", "--no-browser"], True, ["--ip=0.0.0.0", "--no-browser"]),
        (["--port", "9000", "a.py", "--", "--debug"], True, ["--ServerApp.port=9000", "--debug"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_file_in_place_of_a_command_is_opened(
    started: list[list[str]], tmp_path: Path, words: list[str], opens_browser: bool, told: list[str]
) -> None:
    (tmp_path / "a.py").touch()
    opened = Opened.beside("a.py", tmp_path)
    assert say(*words).exit_code == 0
    assert started == [[*lab_options(opened, opens_browser=opens_browser), *server_options(opened), *told]]


def test_a_file_with_any_name_is_opened_but_a_command_stays_a_command(started: list[list[str]], tmp_path: Path) -> None:
    for name in ("homework", "run"):
        (tmp_path / name).touch()
    assert say("homework").exit_code == 0
    assert say("run").exit_code == 2
    assert say("./run").exit_code == 0
    assert [start[1] for start in started] == ["--SideflowServer.script=homework", "--SideflowServer.script=run"]


def test_root_is_noticed(started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    (tmp_path / "a.py").touch()
    say("a.py")
    assert started[0][-1] == "--allow-root"


def test_a_file_that_is_not_there_is_made_when_asked_for(started: list[list[str]], tmp_path: Path) -> None:
    refused = say("new.py")
    assert refused.exit_code == 2
    assert "'new.py' is no such file; `rdit new.py --new` makes it" in " ".join(refused.output.split())
    assert started == []
    assert say("new.py", "--new").exit_code == 0
    assert (tmp_path / "new.py").read_text() == ""
    assert len(started) == 1


def test_a_new_notebook_is_valid_and_runs_on_rdit(started: list[list[str]], tmp_path: Path) -> None:
    assert say("new.ipynb", "--new").exit_code == 0
    made = nbformat.read(tmp_path / "new.ipynb", as_version=4)
    nbformat.validate(made)
    assert made.metadata.kernelspec == {"name": "rdit", "display_name": "Python 3 (rdit)", "language": "python"}
    assert [cell.cell_type for cell in made.cells] == ["code"]


def test_a_file_that_is_there_is_never_made_anew(started: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine\n")
    assert say("a.py", "--new").exit_code == 0
    assert (tmp_path / "a.py").read_text() == "mine\n"


def test_a_file_that_cannot_be_made_is_told(started: list[list[str]]) -> None:
    refused = say("nowhere/a.py", "--new")
    assert refused.exit_code == 1
    assert "expected to make 'nowhere/a.py', but: No such file or directory" in refused.output
    assert started == []


def test_without_jupyterlab_it_says_what_to_install(
    started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    monkeypatch.setitem(sys.modules, "jupyter_server", None)
    refused = say("a.py", "--new")
    assert refused.exit_code == 1
    said = " ".join(refused.output.split())
    assert f"`{sys.executable} -m pip install jupyterlab` installs it" in said
    assert "`rdit run a.py` runs the file without it" in said
    assert started == []
    assert not (tmp_path / "a.py").exists()


@pytest.mark.parametrize("words", [["FILE", "--help"], ["a.py", "-h"]])
def test_help_on_a_file_tells_its_options(words: list[str]) -> None:
    helped = say(*words)
    assert helped.output.startswith("Usage: rdit FILE [OPTIONS] [-- JUPYTERLAB'S OPTIONS...]\n")
    for option in ("--new", "--no-browser", "--port"):
        assert option in helped.output


@pytest.mark.parametrize(
    ("typed", "place", "offered"),
    [
        ("rdit ru", 1, "plain,run"),
        ("rdit hom", 1, "file,hom"),
        ("rdit run hom", 2, "file,hom"),
        ("rdit homework.py --no", 2, "plain,--no-browser"),
        ("rdit --no-browser hom", 2, "file,hom"),
    ],
)
def test_commands_files_and_options_are_completed(rdit: Rdit, typed: str, place: int, offered: str) -> None:
    ran = rdit(_RDIT_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(place))
    assert ran.out.splitlines() == [offered]
