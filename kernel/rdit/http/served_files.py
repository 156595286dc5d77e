"""Files below the server's root folder, and no others.

A path is relative to the root and written with `/`. What Jupyter hides is not there, links are followed as long as
they stay below the root, and only text of a sensible size is read. The messages name what was asked for, never where
it lies.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import is_hidden

from rdit.http.refused import Refused
from rdit.sources import to_text

LARGEST = 5_000_000  # bytes of a script or of a text that is read
# Elsewhere than on Windows these are characters as any other.
_OF_WINDOWS = re.compile(r'[\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class ServedFiles:
    """The text files below ``root``. Hidden ones are served if ``shows_hidden``, as the server's setting is."""

    root: Path
    shows_hidden: bool = False

    def find(self, path: str) -> Path:
        """Where the file with this path is. Raises Refused: 400 for what is no such path, 404 where nothing is."""
        is_bad = "\0" in path or path.startswith("/") or ".." in path.split("/")
        if os.name == "nt" and not is_bad:
            is_bad = _OF_WINDOWS.search(path) is not None
        if is_bad or not path.strip("/"):
            raise Refused(400, "expected a path below the server's folder, such as folder/script.py, without `..`")
        missing = Refused(404, f"expected a file below the server's folder, found none at {path!r}")
        root = self.root.resolve()
        try:
            found = (root / path).resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: links that go round
            raise missing from error
        if not found.is_relative_to(root):
            raise missing
        # Hidden is what the name asked for hides, and what the file that it leads to hides.
        if not self.shows_hidden and any(is_hidden(str(each), str(root)) for each in (root / path, found)):
            raise missing
        return found

    def read(self, path: str) -> str:
        """The text of a file. Raises Refused: 413 for one that is too large, 415 for what is no text, see `find`."""
        where = self.find(path)
        try:
            # A pipe would keep us waiting for who writes it.
            descriptor = os.open(where, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise _unreadable(path, where) from error
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise _no_file(path)
            data = _bytes_of(descriptor) if about.st_size <= LARGEST else b""
        finally:
            os.close(descriptor)
        if about.st_size > LARGEST or len(data) > LARGEST:
            raise Refused(413, f"expected at most {LARGEST:,} bytes, but {path!r} is larger")
        if b"\0" in data:
            raise Refused(415, f"expected text, but {path!r} is binary")
        try:
            return to_text(data, path)
        except SyntaxError as error:
            raise Refused(415, f"expected text, but {path!r} is none: {error.msg}") from error


def _bytes_of(descriptor: int) -> bytes:
    """All bytes of a file, or more than may be where it has grown meanwhile."""
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(LARGEST + 1)


def _unreadable(path: str, where: Path) -> Refused:
    if where.is_dir():
        return _no_file(path)
    return Refused(403, f"the server may not read {path!r}")


def _no_file(path: str) -> Refused:
    return Refused(400, f"expected a file, but {path!r} is a folder or a device")
