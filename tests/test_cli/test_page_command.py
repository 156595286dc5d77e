"""`rdit FILE --page`: what the server is told. A server that was told it is in test_kernel/test_http_page.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rdit import lab, script_page
from rdit.cli import commands
from rdit.lab import Opened, server_options
from rdit.script_page import page_options


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, list[str]]]:
    """What was started, and how, in place of starting it. Commands are said where there is a script."""
    starts: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(lab, "run_lab", lambda options: starts.append(("lab", options)))
    monkeypatch.setattr(script_page, "run_page", lambda options: starts.append(("page", options)))
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").touch()
    return starts


def say(*words: str) -> Result:
    return CliRunner().invoke(commands, words, prog_name="rdit")


def test_the_first_page_is_the_scripts_and_nothing_but_rdit_is_loaded(tmp_path: Path) -> None:
    assert page_options(Opened.beside("week 1/erste Übung.py", tmp_path)) == [
        "--ServerApp.default_url=/rdit/view/week%201/erste%20%C3%9Cbung.py",
        "--ServerApp.jpserver_extensions=rdit.server_extension=True",
        "--ServerApp.open_browser=True",
    ]


@pytest.mark.parametrize(
    ("words", "opens_browser", "told"),
    [
        (["a.py", "--page"], True, []),
        (["--page", "a.py"], True, []),
        (["a.py", "--page", "--no-browser"], False, []),
        (["a.py", "--page", "--port", "9000"], True, ["--ServerApp.port=9000"]),
        (["a.py", "--page", "--", "--debug"], True, ["--debug"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_script_is_shown_in_the_page_where_that_is_asked_for(
    started: list[tuple[str, list[str]]], tmp_path: Path, words: list[str], opens_browser: bool, told: list[str]
) -> None:
    opened = Opened.beside("a.py", tmp_path)
    assert say(*words).exit_code == 0
    assert started == [("page", page_options(opened, opens_browser=opens_browser) + server_options(opened) + told)]


def test_jupyterlab_is_opened_where_it_is_and_the_page_where_it_is_not(
    started: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say("a.py").exit_code == 0
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert say("a.py").exit_code == 0
    assert [what for what, _ in started] == ["lab", "page"]


def test_a_notebook_has_no_page(started: list[tuple[str, list[str]]], tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").touch()
    refused = say("a.ipynb", "--page")
    assert (refused.exit_code, started) == (2, [])
    assert "--page shows a script; `rdit a.ipynb` opens a notebook in JupyterLab" in refused.output


def test_without_a_jupyter_server_it_says_what_to_install(
    started: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jupyter_server", None)
    refused = say("a.py", "--page")
    assert (refused.exit_code, started) == (1, [])
    assert f"`{sys.executable} -m pip install jupyter_server` installs it" in " ".join(refused.output.split())
