"""File: what the user of a page chose, dropped or pasted. Its content is here, in memory or a temporary file."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, Final, cast
from weakref import finalize

if TYPE_CHECKING:
    import os

_NOT_IN_NAMES: Final = re.compile(r"[\x00-\x1f\x7f]")


class File:
    """A file with its content, which goes away with it.

    >>> file = File("notes.txt", b"Hello")
    >>> file.text()
    'Hello'
    >>> file
    File('notes.txt', 5 bytes)
    """

    __slots__ = ("__weakref__", "_content", "_lock", "modified", "name", "size", "type")

    def __init__(
        self, name: str, content: bytes | BinaryIO, *, type: str = "", modified: datetime | None = None
    ) -> None:
        self.name = _base_name(name)  # never a path, so it is safe to save under
        self.type = type  # as the page's system tells it: "text/csv", or nothing
        self.modified = modified  # with a time zone
        self._content: BinaryIO = io.BytesIO(content) if isinstance(content, bytes | bytearray) else content
        self._lock = Lock()
        self.size = self._content.seek(0, io.SEEK_END)  # in bytes
        finalize(self, self._content.close)

    def read(self) -> bytes:
        """All of it."""
        return self._part(0, self.size)

    def text(self, encoding: str = "utf-8-sig", errors: str = "strict") -> str:
        """All of it as text: UTF-8 unless told otherwise, without the mark that some programs put in front."""
        return self.read().decode(encoding, errors)

    def open(self) -> BinaryIO:
        """A reader of it, for ``pandas.read_csv`` and the like. Each one reads from the start, by itself."""
        return cast(BinaryIO, io.BufferedReader(_Reader(self)))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it to this path, or under its own name into this folder, and get where it is."""
        target = Path(path)
        if target.is_dir():
            target /= self.name
        with target.open("wb") as out, self.open() as source:
            while part := source.read(1 << 20):
                out.write(part)
        return target

    def _part(self, start: int, size: int) -> bytes:
        with self._lock:  # one position for all readers
            self._content.seek(start)
            return self._content.read(size)

    def __repr__(self) -> str:
        return f"File({self.name!r}, {self.size} bytes)"


class _Reader(io.RawIOBase):
    """One reader's position in a file."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        if start + offset < 0:
            raise ValueError(f"{start + offset} is before the start of {self._file!r}")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._file._part(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _base_name(name: str) -> str:
    """The last part of what may be a path of any system, without what no file name has."""
    last = _NOT_IN_NAMES.sub("", re.split(r"[/\\]", name)[-1]).strip()
    return last if last.strip(".") else "file"
