"""An app served on this machine until Ctrl+C: ``flow dev app:App``, or ``flow.run(App)`` at the end of a program."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import click
import uvicorn
from watchfiles import watch as watch_files

from flow import main_thread, ui_thread
from flow.dev.app import DevApp
from flow.dev.keeping import watch
from flow.dev.server import LOCAL, create_dev_app
from flow.dev.target import MAIN, Shown, Target
from flow.errors import FlowError

FIRST_PORT: Final = 8000
PORTS: Final = 20  # that are tried, before any other is taken: a page finds a server again that comes back
_STEP: Final = 20  # milliseconds between two looks at the files
_QUIET: Final = 60  # milliseconds in which an editor saves all it has to
_LOOK: Final = 1000  # milliseconds after which they are looked at in any case
_LAST: Final = 2  # seconds that requests get to finish


class PortError(FlowError):
    """A server cannot have the port."""


def serve(target: Target, *, host: str = "127.0.0.1", port: int | None = None, opens: bool = True) -> None:
    """Serve an app until Ctrl+C, and follow its files. Raises ``PortError``."""
    app = DevApp(target)
    with _bound(host, port) as listener, app.modules.installed(), watch(), suppress(KeyboardInterrupt):
        app.load()
        _serve(app, listener, host, opens)


def serve_program(shown: Shown, namespace: dict[str, Any]) -> None:
    """Serve a component of a program that runs, until Ctrl+C, as FLOW_HOST, FLOW_PORT and FLOW_OPEN (0 or 1) tell."""
    file = namespace.get("__file__")
    path = Path(file).absolute() if file else Path.cwd() / "program.py"
    app = DevApp(Target(path, MAIN, path.parent))
    host, port = os.environ.get("FLOW_HOST", "127.0.0.1"), os.environ.get("FLOW_PORT")
    if port is not None and not port.isdecimal():
        raise PortError(f"FLOW_PORT is a number, not {port!r}")
    with _bound(host, int(port) if port else None) as listener, app.modules.installed(), watch():
        app.take_running(shown, sys.modules[MAIN])
        _serve(app, listener, host, os.environ.get("FLOW_OPEN", "1") != "0")


def _serve(app: DevApp, listener: socket.socket, host: str, opens: bool) -> None:
    names = frozenset() if host in ("0.0.0.0", "::") else LOCAL | {host.lower()}
    config = uvicorn.Config(
        create_dev_app(app, hosts=names), log_level="critical", access_log=False, ws="websockets-sansio",
        ws_per_message_deflate=False, timeout_graceful_shutdown=_LAST, lifespan="off",
    )  # fmt: skip
    url = _url(listener, host)
    ended = threading.Event()
    following = threading.Thread(target=_follow, args=(app, ended), name="flow dev files", daemon=True)
    server = _Server(config, lambda: _begin(url, app, opens))
    following.start()
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        ended.set()
        following.join(_LAST)
        ui_thread.wait(app.close, _LAST)
        click.echo()


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, began: Callable[[], None]) -> None:
        super().__init__(config)
        self._began = began

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        main_thread._main.remember_loop()  # for handlers that are marked on_main
        self._began()


def _begin(url: str, app: DevApp, opens: bool) -> None:
    click.echo(f"{app.target.path.name} is at {click.style(url, bold=True)}   Ctrl+C ends")
    if opens:
        threading.Thread(target=webbrowser.open, args=(url,), name="flow dev browser", daemon=True).start()


def _follow(app: DevApp, ended: threading.Event) -> None:
    """Reload the app when its files change, until it ends. The folders may be others after each reload.

    From time to time the files are looked at by themselves: for an edit while nobody followed, and for folders that
    tell of none, as those of a network may.
    """
    known: dict[Path, int] = {}
    while not ended.is_set():
        folders = _folders(app)
        changes = watch_files(
            *folders, recursive=False, step=_STEP, debounce=_QUIET, rust_timeout=_LOOK, yield_on_timeout=True,
            stop_event=ended, raise_interrupt=False,
        )  # fmt: skip
        for change in changes:
            times = _times(app)
            if times != known or any(path.endswith(".py") or Path(path).is_dir() for _, path in change):
                app.reload()
                known = times
                if folders != _folders(app):
                    break


def _folders(app: DevApp) -> set[Path]:
    return {path.parent for path in app.modules.files() if path.parent.is_dir()}


def _times(app: DevApp) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in app.modules.files() if path.is_file()}


def _bound(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port is not None:
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            raise PortError(f"port {port} of {host} cannot be had: {error.strerror}") from None
    for each in (*range(FIRST_PORT, FIRST_PORT + PORTS), 0):
        try:
            return socket.create_server((host, each), family=family)
        except OSError as error:
            last = error
    raise PortError(f"{host} cannot be had: {last.strerror}")


def _url(listener: socket.socket, host: str) -> str:
    shown = "127.0.0.1" if host == "0.0.0.0" else f"[{'::1' if host == '::' else host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}/"
