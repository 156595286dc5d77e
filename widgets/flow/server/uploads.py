"""Uploads: files on their way from a page, put together from chunks before the event that tells of them.

Chunks of a file come in order and without gaps; what does not fit ends the upload. A file whose event never comes is
let go of after a while, one whose event came as well: several events (``input``, ``change``, those of elements
around) tell of the same file, so it is not let go of at the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from threading import Lock
from time import monotonic
from typing import Any, BinaryIO, Final, cast
from weakref import finalize

from flow.errors import BadMessageError
from flow.files import File
from flow.readable import short
from flow.server.messages import Chunk, UploadId

_IN_MEMORY: Final = 1 << 20  # bytes of a file, before it goes to a temporary one
_NAME_LIMIT: Final = 1024  # characters


class _Upload:
    """One file on its way, or arrived."""

    __slots__ = ("__weakref__", "close", "content", "file", "received", "size", "time")

    def __init__(self, size: int, time: float) -> None:
        self.content = cast(BinaryIO, SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 -- closed with this or the File
        self.close = finalize(self, self.content.close)
        self.file: File | None = None  # once an event told of it
        self.received = 0
        self.size = size
        self.time = time  # of the last chunk or event

    def as_file(self, name: str, kind: str, modified: datetime | None) -> File:
        """The file, which from now on closes the content."""
        if self.file is None:
            self.close.detach()
            self.file = File(name, self.content, type=kind, modified=modified)
        return self.file


class Uploads:
    """The uploads of a session's pages. May be used from several threads.

    ``limit``: bytes of all files on their way together; ``most``: how many; ``idle``: seconds without a chunk after
    which one is given up. The files that handlers got count no longer.
    """

    def __init__(
        self, *, limit: int = 256 << 20, most: int = 1000, idle: float = 60.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self.limit, self.most, self.idle = limit, most, idle
        self._clock = clock
        self._uploads: dict[tuple[str, UploadId], _Upload] = {}
        self._lock = Lock()

    def add(self, chunk: Chunk) -> int:
        """Take in a chunk, and get how many bytes of the file there are. Raises ``BadMessageError``."""
        name = chunk.page, chunk.upload
        with self._lock:
            self._drop_idle()
            upload = self._uploads.get(name)
            if upload is None:
                upload = self._uploads[name] = self._begin(chunk)
            if chunk.offset != upload.received or chunk.size != upload.size:
                self._drop([name])
                raise BadMessageError(
                    "chunk place",
                    f"{chunk.offset} of {chunk.size} came where {upload.received} of {upload.size} was next",
                )
            try:
                upload.content.write(chunk.data)
            except OSError as error:  # the disk is full
                self._drop([name])
                raise BadMessageError("upload storage", str(error)) from error
            upload.received += len(chunk.data)
            upload.time = self._clock()
            return upload.received

    def take(self, page: str | None, told: object) -> list[File]:
        """The files that an event tells of: ``[{name, type, size, modified, upload}]``. Raises ``BadMessageError``."""
        if told is None:
            return []
        if not isinstance(told, list):
            raise BadMessageError("files", f"takes a list, not {short(told)}")
        with self._lock:
            return [self._taken(page, each) for each in told]

    def drop_page(self, page: str) -> None:
        """Let go of what a page sent that is gone. The files that handlers got stay."""
        with self._lock:
            self._drop([name for name in self._uploads if name[0] == page])

    def drop_idle(self) -> None:
        """Let go of what nobody went on with."""
        with self._lock:
            self._drop_idle()

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            self._drop(list(self._uploads))

    def __len__(self) -> int:
        return len(self._uploads)

    def _begin(self, chunk: Chunk) -> _Upload:
        if chunk.offset:
            raise BadMessageError("chunk place", f"{chunk.offset} of an upload that is not on its way")
        if not self._has_room(chunk.size):  # what handlers got makes room, for it is only held for further events
            self._drop([name for name, upload in self._uploads.items() if upload.file is not None])
            if not self._has_room(chunk.size):
                raise BadMessageError(
                    "upload size",
                    f"{chunk.size} bytes beside {len(self._uploads)} files, where {self.limit} in {self.most} may be",
                )
        return _Upload(chunk.size, self._clock())

    def _has_room(self, size: int) -> bool:
        total = sum(upload.size for upload in self._uploads.values())
        return total + size <= self.limit and len(self._uploads) < self.most

    def _taken(self, page: str | None, told: Any) -> File:
        if not isinstance(told, dict):
            raise BadMessageError("files", f"holds {short(told)}")
        name, kind, upload_id = _text(told, "name"), _text(told, "type"), told.get("upload")
        upload = self._uploads.get((page, upload_id)) if page and isinstance(upload_id, int | str) else None
        if upload is None or upload.received != upload.size or told.get("size") != upload.size:
            raise BadMessageError("upload", f"{short(upload_id)} has not arrived as {short(told)}")
        upload.time = self._clock()
        return upload.as_file(name, kind, _moment(told.get("modified")))

    def _drop_idle(self) -> None:
        since = self._clock() - self.idle
        self._drop([name for name, upload in self._uploads.items() if upload.time < since])

    def _drop(self, names: Iterable[tuple[str, UploadId]]) -> None:
        for name in names:
            self._uploads.pop(name).close()


def _text(told: dict[Any, Any], name: str) -> str:
    text = told.get(name)
    if isinstance(text, str) and len(text) <= _NAME_LIMIT:
        return text
    raise BadMessageError("files", f"has the {name} {short(text)}")


def _moment(milliseconds: object) -> datetime | None:
    """A time as JavaScript tells it, in the time zone UTC."""
    if milliseconds is None:
        return None
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        raise BadMessageError("files", f"has the time {short(milliseconds)}")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadMessageError("files", f"has the time {short(milliseconds)}") from error
