"""Builds the browser's half for wheels, sdists and editable installs, unless it is there and made of these sources.

js/dist/fingerprint tells that: a digest of the sources and of what was made of them. An sdist carries all three, so
that a wheel is built from it with neither Node nor a network.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
JS = ROOT / "js"
SOURCES = ("lab", "src", "build", "build.mjs", "package.json", "package-lock.json", "tsconfig.json")
FOLDERS_MADE = (JS / "dist" / "lab", ROOT / "widgets" / "flow" / "static")
FINGERPRINT = JS / "dist" / "fingerprint"

sys.path.insert(0, str(JS))

import npm  # noqa: E402


class BrowserHalf(BuildHookInterface):  # type: ignore[type-arg]
    """hatchling asks for ``dependencies`` first and calls ``initialize`` before it collects the files."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if is_built(self.metadata.version) else npm.requirements()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if is_built(self.metadata.version):
            return
        self.app.display_info("Building the browser's half of Sideflow with esbuild")
        try:
            build()
        except npm.NpmError as error:
            self.app.abort(str(error))
        FINGERPRINT.write_text(fingerprint(self.metadata.version), encoding="ascii")

    def clean(self, versions: list[str]) -> None:
        FINGERPRINT.unlink(missing_ok=True)


def build() -> None:
    found = npm.find()
    npm.install(found, development=False)
    found.run("run", "build")


def is_built(version: str) -> bool:
    return FINGERPRINT.exists() and FINGERPRINT.read_text(encoding="ascii") == fingerprint(version)


def fingerprint(version: str) -> str:
    """A digest of the sources, of the version, which they show, and of what was made of them."""
    digest = hashlib.sha256(version.encode())
    for root in [*(JS / name for name in SOURCES), *FOLDERS_MADE]:
        for file in sorted(files_of(root)):
            content = file.read_bytes()
            digest.update(f"\n{file.relative_to(ROOT).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def files_of(root: Path) -> Iterator[Path]:
    """A file, or the files of a folder but for hidden ones, which editors leave behind."""
    if root.is_file():
        yield root
    for file in root.rglob("*"):
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(root).parts):
            yield file
