"""A folder that looks like Pyodide, for builds whose pages nobody opens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flow.build.pyodide import FILES


def make_runtime(folder: Path, packages: Mapping[str, Any] | None = None) -> Path:
    """Make one. ``packages`` are those that its lock names."""
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(name.encode())
    (folder / "package.json").write_text('{"version": "314.0.0"}', "utf-8")
    lock = {"info": {"python": "3.14.2"}, "packages": packages or {}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    return folder
