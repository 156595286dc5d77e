"""The folder that is built into."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from flow.build.errors import BuildError

STATIC: Final = Path(__file__).parents[1] / "static"
_DIGEST: Final = 10  # letters in a name


@dataclass(frozen=True, slots=True)
class Output:
    """A folder whose files are named from it on, with slashes."""

    folder: Path

    def write(self, name: str, content: bytes) -> str:
        """Write a file. Returns its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return name

    def asset(self, name: str, content: bytes) -> str:
        """Write a file whose name changes with what is in it, so that browsers may keep it."""
        path = PurePosixPath(name)
        return self.write(f"assets/{path.stem}-{digest(content)}{path.suffix}", content)

    def static(self, name: str) -> str:
        """Write a file of flow's browser half."""
        return self.asset(PurePosixPath(name).name, static(name))

    def size(self, url: str) -> int:
        """Bytes of a file, or of all files in a folder."""
        return size(self.folder / url.partition("?")[0])


def static(name: str) -> bytes:
    """A file of flow's browser half. Raises ``BuildError`` if that was not built."""
    try:
        return (STATIC / name).read_bytes()
    except OSError as error:
        raise BuildError(f"{error.filename} is missing: this flow is not whole. `make lab` builds it") from None


def digest(content: bytes) -> str:
    """A few letters that tell a content from others."""
    return hashlib.sha256(content).hexdigest()[:_DIGEST]


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(each.stat().st_size for each in _files(path))


def zipped_size(path: Path) -> int:
    """The same as servers that compress send it."""
    return sum(len(zlib.compress(each.read_bytes())) for each in _files(path))


def _files(path: Path) -> list[Path]:
    return [each for each in (path, *path.rglob("*")) if each.is_file()]
