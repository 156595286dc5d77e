"""A real Jupyter server with our extension, as somebody who has just installed it would start one."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
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

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

import rdit
from support import stranger
from support.ending import end

SERVER = [sys.executable, "-m", "jupyter_server", "--ServerApp.open_browser=False", "--allow-root"]

ENABLED = Path(rdit.__file__).parent / "server_config" / "sideflow.json"

# A server extension that tells how the server's end of each kernel websocket sends.
PROBE = """\
import gc, json, socket
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

class Probe(JupyterHandler):
    def get(self):
        sockets = [each.ws_connection.stream.socket for each in gc.get_objects()
                   if isinstance(each, KernelWebsocketHandler) and each.ws_connection]
        self.finish(json.dumps([each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for each in sockets]))

def _load_jupyter_server_extension(serverapp):
    serverapp.web_app.add_handlers('.*', [('/probe', Probe)])
"""


@dataclass(frozen=True)
class Server:
    """A server that answers. ``log`` is what it says."""

    url: str
    token: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, body: dict[str, Any] | None = None) -> str:
        """What is at ``path``, or what posting ``body`` there brings."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text: str = answer.read().decode()
            return text

    def page_config(self, path: str) -> dict[str, Any]:
        """What the page at ``path`` is told, which its scripts read by PageConfig.getOption."""
        before = '<script id="jupyter-config-data" type="application/json">'
        told: dict[str, Any] = json.loads(self.get(path).partition(before)[2].partition("</script>")[0])
        return told

    def nodelay_of_a_kernels_websocket(self) -> list[bool]:
        """Connect to a new kernel, and ask the probe when the kernel has said something."""
        kernel = json.loads(self.get("/api/kernels", {"name": "rdit"}))["id"]
        url = f"{self.url.replace('http', 'ws')}/api/kernels/{kernel}/channels?session_id=1&token={self.token}"

        async def ask() -> str:
            page = await websocket_connect(HTTPRequest(url))
            header = {
                "msg_id": "1",
                "msg_type": "kernel_info_request",
                "session": "1",
                "username": "",
                "version": "5.3",
            }
            message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": {}}
            await page.write_message(json.dumps(message))
            assert await asyncio.wait_for(page.read_message(), 60)
            told = await asyncio.to_thread(self.get, "/probe")
            page.close()
            while await page.read_message() is not None:
                pass
            return told

        return [bool(each) for each in json.loads(asyncio.run(ask()))]


@contextmanager
def serving(home: Path, command: list[str], *options: str, files: Path | None = None) -> Iterator[Server]:
    """A server of somebody who has our extension and the probe, ended on the way out."""
    config = home / ".jupyter" / "jupyter_server_config.d"
    config.mkdir(parents=True)
    shutil.copy(ENABLED, config)
    (config / "probe.json").write_text('{"ServerApp": {"jpserver_extensions": {"sideflow_test_probe": true}}}')
    (home / "modules").mkdir(exist_ok=True)
    (home / "modules" / "sideflow_test_probe.py").write_text(PROBE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    token, log = secrets.token_hex(16), home / "log"
    port = f"--ServerApp.port={url.rpartition(':')[2]}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, port, "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", *options],
            env={**stranger.environment(home), "PYTHONPATH": str(home / "modules")},
            cwd=files or home,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(url, token, process, log)
    try:
        wait_until_it_answers(server)
        yield server
    finally:
        end(process)


def wait_until_it_answers(server: Server, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            server.get("/api/status")
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"no server answered at {server.url}. It said:\n{server.log.read_text()}")
