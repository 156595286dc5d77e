"""The picture of an app that its page shows until it is alive: HTML of the page's half, before any server answers.

``taken`` starts a Python of its own for it, in which the app's modules are what they are called; run as a module, this
file is that Python's program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from flow import ui_thread
from flow.renderer.html import HTMLRenderer
from flow.rpc import connect

_SECONDS: Final = 30


class NoPicture(Exception):
    """There is none: what the app said."""


def taken(folder: Path, module: str, name: str) -> str:
    """The HTML of a component of a module in a folder. Raises ``NoPicture``."""
    command = [sys.executable, "-m", "flow.build.picture", str(folder), module, name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise NoPicture(f"it took longer than {_SECONDS} s") from None
    if done.returncode:
        raise NoPicture(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode()


class _Silent:
    """A server that does not answer yet."""

    async def fetch(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        await asyncio.Event().wait()

    async def stream(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AsyncIterator[Any]:
        await asyncio.Event().wait()
        yield


class _Nobody:
    """No page: nothing is told."""

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Tell nobody."""


async def _html(module: str, name: str) -> str:
    from flow.wasm.page import root_of, shown

    connect(_Silent())
    session = await shown(await root_of(getattr(import_module(module), name)), _Nobody())
    html = HTMLRenderer(ids=False).render_node(session.tree.node)
    session.close()
    return html


def main(arguments: Sequence[str]) -> None:
    """Print the HTML. What the app prints goes to the errors."""
    folder, module, name = arguments
    sys.path.insert(0, folder)
    os.chdir(folder)  # where the page's Python is too
    with contextlib.redirect_stdout(sys.stderr):
        html = asyncio.run_coroutine_threadsafe(_html(module, name), ui_thread.loop()).result()
    sys.stdout.buffer.write(html.encode())


if __name__ == "__main__":
    main(sys.argv[1:])
