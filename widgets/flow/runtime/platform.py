"""Where this Python runs: on a server, which is any CPython with an operating system, or in a browser."""

from __future__ import annotations

import sys
from enum import Enum


class Platform(Enum):
    """The two places where a tree can be at home."""

    SERVER = "server"
    WASM = "wasm"


def is_wasm() -> bool:
    """Whether this is a browser: Pyodide or another Python compiled to WebAssembly."""
    return sys.platform in ("emscripten", "wasi")


def is_server() -> bool:
    """Whether this is not a browser."""
    return not is_wasm()


def get_platform() -> Platform:
    """Where this Python runs."""
    return Platform.WASM if is_wasm() else Platform.SERVER
