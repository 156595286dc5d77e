"""Real Jupyter servers with the extension: how their kernel websockets send, and what their pages are told."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.jupyter_server import SERVER, serving


def interrupted(process: subprocess.Popen[bytes]) -> int:
    """Ctrl+C, as often as a reader would press it: one that meets a library in the middle of starting may be lost."""
    for _ in range(6):
        process.send_signal(signal.SIGINT)
        try:
            return process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
    raise TimeoutError("the server did not end at Ctrl+C")


@pytest.mark.parametrize(
    ("options", "sends_at_once"),
    [((), True), (("--SideflowServer.tcp_nodelay=False",), False)],
    ids=["by default", "with the setting off"],
)
def test_a_kernels_websocket_sends_at_once_unless_the_setting_is_off(
    tmp_path: Path, options: tuple[str, ...], sends_at_once: bool
) -> None:
    with serving(tmp_path, SERVER, *options) as server:
        assert server.nodelay_of_a_kernels_websocket() == [sends_at_once]


def test_a_server_starts_whatever_is_wrong_with_our_settings_and_says_what_is(tmp_path: Path) -> None:
    with serving(tmp_path, SERVER, "--SideflowServer.tcp_nodelay=perhaps") as server:
        assert "rdit.server_extension | extension failed loading" in server.log.read_text()
        assert "'perhaps'" in server.log.read_text()


def test_rdit_file_serves_a_page_that_knows_the_script(tmp_path: Path) -> None:
    files = tmp_path / "Übungen im Mai"
    files.mkdir()
    (files / "erste Übung.py").write_text("1 + 1\n")
    # A file of the reader's that would take a library's place if the server looked here.
    (files / "random.py").write_text("raise SystemExit('imported')\n")
    command = [str(Path(sys.executable).with_name("rdit")), "erste Übung.py", "--no-browser", "--"]
    with serving(tmp_path / "home", command, files=files) as server:
        page = server.page_config("/lab/tree/erste%20%C3%9Cbung.py")
        assert page["rditScript"] == "erste Übung.py"
        assert page["sideflowSendsAtOnce"] is True
        assert page["treePath"] == "erste Übung.py"
        assert json.loads(server.get("/api/contents/erste%20%C3%9Cbung.py"))["content"] == "1 + 1\n"
        assert f"{server.url}/lab/tree/erste%20%C3%9Cbung.py?token=" in server.log.read_text()
        assert interrupted(server.process) == 0
