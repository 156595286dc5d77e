"""Pyodide, which is Python for browsers: found on this machine, or fetched once from npm's registry.

It is looked for in a folder that is named, by an option or by ``FLOW_PYODIDE``; in ``node_modules`` of the folder
of the app and of those around it; in the user's cache. What is fetched is one version, whose digest stands here.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from flow.build.errors import BuildError

VERSION: Final = "314.0.7"
INTEGRITY: Final = "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
FOLDER: Final = "FLOW_PYODIDE"  # names the folder
REGISTRY: Final = "npm_config_registry"  # as npm itself has it
_NPM: Final = "https://registry.npmjs.org"
_SECONDS: Final = 60
LOCK: Final = "pyodide-lock.json"
LIBRARY: Final = "python_stdlib.zip"
FILES: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", LIBRARY, LOCK)  # that a page loads
_PACKAGE: Final = "package.json"


@dataclass(frozen=True, slots=True)
class Pyodide:
    """A folder with it. ``packages`` are those that its lock knows: what they import as, and their files."""

    folder: Path
    version: str
    python: str  # its version
    packages: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> Pyodide:
        """The one in a folder. Raises ``BuildError`` if there is none, or an old one."""
        missing = [name for name in (*FILES, _PACKAGE) if not (folder / name).is_file()]
        if missing:
            raise BuildError(
                f"{folder} holds no Pyodide {VERSION.split('.')[0]} or later: it lacks {', '.join(missing)}. "
                "`npm install pyodide` makes node_modules/pyodide, which does"
            )
        package = json.loads((folder / _PACKAGE).read_text("utf-8"))
        lock = json.loads((folder / LOCK).read_text("utf-8"))
        return cls(folder, package["version"], lock["info"]["python"], lock["packages"])


def find(named: Path | None, near: Path) -> Pyodide:
    """The Pyodide to build with. ``near``: where ``node_modules`` are looked for, there and above."""
    if named is not None:
        return Pyodide.read(named)
    if told := os.environ.get(FOLDER):
        return Pyodide.read(Path(told))
    for folder in (near, *near.parents):
        found = folder / "node_modules" / "pyodide"
        if (found / LOCK).is_file():
            return Pyodide.read(found)
    kept = cache() / VERSION
    if not (kept / LOCK).is_file():
        _fetch(kept)
    return Pyodide.read(kept)


def cache() -> Path:
    """Where what was fetched is kept."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "sideflow" / "pyodide"


def _fetch(folder: Path) -> None:
    url = f"{os.environ.get(REGISTRY, _NPM).rstrip('/')}/pyodide/-/pyodide-{VERSION}.tgz"
    try:
        with urlopen(url, timeout=_SECONDS) as response:
            archive = response.read()
    except (URLError, OSError) as error:
        raise BuildError(
            f"Pyodide {VERSION}, which the page runs in, could not be fetched from {url}: {error}. Without a network, "
            f"name a folder that holds it, as `npm install pyodide` makes one: --pyodide FOLDER or {FOLDER}=FOLDER"
        ) from error
    unpack(archive, folder)


def unpack(archive: bytes, folder: Path, integrity: str = INTEGRITY) -> None:
    """Take the files out of npm's archive, whole or not at all. Raises ``BuildError`` if it is another."""
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode("ascii")
    if digest != integrity:
        raise BuildError(f"what came as Pyodide {VERSION} is not: its digest is {digest}, not {integrity}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as making, tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        whole = Path(making) / "whole"
        whole.mkdir()
        for member in tar:
            path = PurePosixPath(member.name)
            if (
                path.name in (*FILES, _PACKAGE)
                and len(path.parts) == 2
                and (content := tar.extractfile(member)) is not None
            ):
                (whole / path.name).write_bytes(content.read())
        try:
            whole.rename(folder)
        except OSError:
            if not (folder / LOCK).is_file():  # else another build was quicker
                raise
