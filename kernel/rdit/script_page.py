"""`rdit FILE --page`: a small page with a script and what each statement did, for who edits it elsewhere.

JupyterLab brings an editor; this page follows the one that the reader has already. All it needs is jupyter_server,
which runs in this process with rdit's extension and no other, so the page is there in a second.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from urllib.parse import quote

from rdit.lab import Opened

_EXTENSION = "rdit.server_extension"


class ServerMissing(Exception):
    """There is no Jupyter server to make the page. ``str()`` says what to do."""


def has_server() -> bool:
    """Whether jupyter_server can be imported."""
    return importlib.util.find_spec("jupyter_server") is not None


def require_server(name: str) -> None:
    """Raise ServerMissing where jupyter_server cannot be imported; ``name`` is the file it was to show."""
    if not has_server():
        raise ServerMissing(
            f"expected jupyter_server beside rdit to show {name!r}, found none; "
            f"`{sys.executable} -m pip install jupyter_server` installs it, "
            f"and `rdit run {name}` runs the file without it"
        )


def page_options(opened: Opened, *, opens_browser: bool = True) -> list[str]:
    """What the server is told besides."""
    return [
        f"--ServerApp.default_url=/rdit/view/{quote(opened.name)}",
        f"--ServerApp.jpserver_extensions={_EXTENSION}=True",
        f"--ServerApp.open_browser={opens_browser}",
    ]


def run_page(options: Sequence[str]) -> None:
    """Run the server until it is ended."""
    server = importlib.import_module("jupyter_server.serverapp").ServerApp.instance()
    # Those that are configured are JupyterLab's, a language server's and the like: the page has no use for them.
    server.initialize(list(options), find_extensions=False)
    server.start()
