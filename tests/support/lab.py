"""A JupyterLab of our own: where it is, how it is started, how its pages are opened."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from support import stranger
from support.ending import end

# Nothing that asks a question or fetches the news: what a first visit shows is the same on every machine.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
}
KERNEL_ANSWERS = """async () => {
    const context = window.jupyterapp.shell.currentWidget.sessionContext;
    await context.ready;
    await context.session.kernel.info;
}"""


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that is running. ``files`` is the folder it shows."""

    url: str
    token: str
    files: Path

    def open(self, page: Page, path: str = "") -> None:
        """Open a file, or the launcher, in a workspace of its own, so that no earlier test's tabs come back."""
        place = f"/tree/{path}" if path else ""
        page.goto(f"{self.url}/lab/workspaces/{secrets.token_hex(4)}{place}?token={self.token}")
        page.locator("#jp-MainLogo").wait_for(timeout=60_000)

    def wait_for_kernel(self, page: Page) -> None:
        """Wait until the notebook in front has a kernel that answers: a cell that is run earlier is not run at all."""
        page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
        page.evaluate(KERNEL_ANSWERS)

    def end_sessions(self) -> None:
        """End every kernel, as a person does who is done: dozens of idle ones slow a small machine down."""
        for each in self.ask("GET", "sessions") or ():
            self.ask("DELETE", f"sessions/{each['id']}")
        for each in self.ask("GET", "kernels") or ():
            self.ask("DELETE", f"kernels/{each['id']}")

    def ask(self, method: str, what: str) -> Any:
        """The server's answer to a request below /api."""
        request = urllib.request.Request(f"{self.url}/api/{what}?token={self.token}", method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def running(home: Path, files: Path, *options: str, script: str | None = None) -> Iterator[Lab]:
    """A server on a free port of this machine, ended on the way out. Its log is in ``home``.

    With a ``script`` it is the one that `rdit SCRIPT` starts.
    """
    lab = Lab(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16), files)
    log = home / "lab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*_command(lab, script), *options],
            env=_environment(home),
            cwd=files,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(lab, server, log)
        yield lab
    finally:
        end(server)


def _command(lab: Lab, script: str | None) -> list[str]:
    program = ["jupyterlab", "--allow-root", f"--ServerApp.root_dir={lab.files}"]
    return [
        *(sys.executable, "-m", *(program if script is None else ["rdit", script, "--"]), "--no-browser"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={lab.url.rpartition(':')[2]}", "--ServerApp.port_retries=0"),
        f"--IdentityProvider.token={lab.token}",
        *("--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True"),
    ]


def _environment(home: Path) -> dict[str, str]:
    settings = home / "settings"
    for name, values in SETTINGS.items():
        file = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    return {**stranger.environment(home), "JUPYTERLAB_SETTINGS_DIR": str(settings)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(lab: Lab, server: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{lab.url}/api/status?token={lab.token}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not answer at {lab.url}. It said:{os.linesep}{log.read_text()}")
