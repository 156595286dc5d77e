"""Packages that the project lists for its page: wheels of Python alone, fetched by pip as a build begins.

    [tool.flow]
    packages = ["humanize>=4", "tabulate==0.9.0"]

Nothing is fetched because a source imports it, for anybody may have registered that name. pip keeps what it fetched and
takes its own settings: an index, a proxy, no index at all.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from flow.build.errors import BuildError

_SECONDS: Final = 300


def fetched(
    requirements: Sequence[str], python: str, *, links: Path | None = None, offline: bool = False
) -> dict[str, bytes]:
    """The files of packages and of what they require. ``links`` is a folder of wheels; ``offline``: only from there.

    Raises ``BuildError`` with what pip said.
    """
    if not requirements:
        return {}
    with TemporaryDirectory() as folder:
        options = [*(["--find-links", str(links)] if links is not None else []), *(["--no-index"] if offline else [])]
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--only-binary=:all:", "--implementation", "py", "--abi", "none", "--platform", "any"),
            *("--python-version", ".".join(python.split(".")[:2]), "--dest", folder),
            *options,
            *requirements,
        ]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise BuildError(f"pip did not fetch {', '.join(requirements)} within {_SECONDS} s") from None
        if done.returncode:
            raise BuildError(
                f"pip could not fetch {', '.join(requirements)}, which packages of [tool.flow] lists, as wheels of "
                f"Python alone: {done.stderr.strip()}"
            )
        found: dict[str, bytes] = {}
        for wheel in sorted(Path(folder).glob("*.whl")):
            found |= _unpacked(wheel)
        return found


def _unpacked(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as opened:
        names = [each.filename for each in opened.infolist() if not each.is_dir()]
        return {name: opened.read(name) for name in names if _is_plain(PurePosixPath(name))}


def _is_plain(path: PurePosixPath) -> bool:
    return not path.is_absolute() and ".." not in path.parts and not path.parts[0].endswith(".data")
