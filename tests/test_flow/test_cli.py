"""The command ``flow``: what it says of itself, its exit codes, and what a shell completes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flow.cli import cli
from flow.dev.program import FIRST_PORT, PORTS, _bound

APP = "from flow import component\nfrom flow.ui import Text\n"
APP += "@component\ndef App(): return Text('x')\n@component\nasync def Page(): return Text('y')\ndef helper(): pass\n"


def test_the_help_has_examples_that_can_be_run_and_tells_exit_codes_and_completion() -> None:
    said = CliRunner().invoke(cli, ["--help"]).output
    assert "flow dev app.py  " in said
    assert "_FLOW_COMPLETE=bash_source flow" in said
    assert "0 done, 1 failed, 2 wrong use" in said
    for command in ("build", "dev", "new"):
        examples = CliRunner().invoke(cli, [command, "--help"]).output.partition("Examples:")[2]
        lines = [line.strip() for line in examples.splitlines() if line.strip()]
        assert lines
        for line in lines:
            assert line.startswith(f"flow {command} ")
            options = re.findall(r" (--?\w[\w-]*)", line)
            assert set(options) <= {
                name for each in cli.commands[command].params for name in (*each.opts, *each.secondary_opts)
            }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dev", "nowhere:App"], "there is no module 'nowhere'"),
        (["dev", "app:Nope"], "app.py has no 'Nope'. It has App, Page."),
        (["dev"], "Missing argument 'APP'"),
        (["dev", "app.py", "--port", "70000"], "70000 is not in the range"),
        (["devv"], "No such command 'devv'"),
    ],
)
def test_wrong_use_ends_with_2_and_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(APP)
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_port_that_is_taken_is_told_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(cli, ["dev", "app.py", "--port", str(port)])
    assert done.exit_code == 1
    assert f"port {port} of 127.0.0.1 cannot be had" in done.output


def test_without_a_port_the_first_free_one_is_taken() -> None:
    with _bound("127.0.0.1", None) as first, _bound("127.0.0.1", None) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
    assert ports[0] in range(FIRST_PORT, FIRST_PORT + PORTS)
    assert ports[0] < ports[1]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("flow ", ["build", "dev", "new"]),
        ("flow dev ", ["app:App", "app:Page"]),
        ("flow dev app:P", ["app:Page"]),
        ("flow dev x", []),
        ("flow dev --no", ["--no-open"]),
    ],
)
def test_a_shell_completes_commands_options_and_apps(tmp_path: Path, words: str, found: list[str]) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "broken.py").write_text("def (")
    (tmp_path / "not-a-module.py").write_text(APP)
    count = len(words.split()) - (not words.endswith(" "))
    env = {**os.environ, "_FLOW_COMPLETE": "zsh_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    done = subprocess.run([sys.executable, "-m", "flow.cli"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.stdout.splitlines()[1::3] == found, done.stderr
