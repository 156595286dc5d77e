"""Capture: what a program writes to stdout and stderr, in the order in which it writes it.

``Record`` is the one ordered list. The streams given to the program are real text streams over a byte sink, so that
``print``, ``sys.stdout.buffer.write`` and a logging handler made ten statements ago all arrive in the same list, from
any thread. How far the capture reaches is the choice between ``StreamCapture`` (``sys.stdout`` and ``sys.stderr``)
and ``rdit.fd_capture.FdCapture`` (file descriptors 1 and 2 as well).
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TextIO

from rdit.outputs import OutputItem, OutputType

if TYPE_CHECKING:
    from typing_extensions import Buffer

StreamName = Literal["stdout", "stderr"]
OnOutput = Callable[[OutputItem], None]

STREAM_NAMES: tuple[StreamName, StreamName] = ("stdout", "stderr")
_KINDS: tuple[OutputType, ...] = (*STREAM_NAMES, "error")


class Record:
    """What was written, in order, until somebody takes it.

    ``on_output`` is called at once, by the thread that writes. What it writes itself goes around the record, or
    showing an output would be one more output; so does what a thread writes that has gone ``outside`` the program.
    """

    def __init__(self, on_output: OnOutput | None = None) -> None:
        self.on_output = on_output
        self.lock = threading.RLock()
        self.drain: Callable[[], None] = nothing
        self.is_forked = False
        self._runs: list[tuple[OutputType, list[str]]] = []
        self._decoders: dict[OutputType, codecs.IncrementalDecoder] = {kind: _decoder() for kind in _KINDS}
        self._begun: set[OutputType] = set()
        self.outsiders: set[int] = set()
        _records.add(self)

    def write(self, kind: OutputType, data: bytes) -> None:
        """Add what the program wrote now; what reached the file descriptors before it comes first."""
        with self.lock:
            self.drain()
            self.add(kind, data)

    def add(self, kind: OutputType, data: bytes, is_final: bool = False) -> None:
        with self.lock:
            self._begun.add(kind)
            text = self._decoders[kind].decode(data, is_final)
            if not text:
                return
            if not self._runs or self._runs[-1][0] != kind:
                self._runs.append((kind, []))
            self._runs[-1][1].append(text)
            if self.on_output is not None:
                self._tell(self.on_output, OutputItem(kind, text))

    def take(self) -> list[OutputItem]:
        """Everything since the last take, neighbours of one stream joined."""
        with self.lock:
            self.drain()
            for kind in self._begun.copy():
                # A character that is still incomplete will not be completed by another statement.
                self.add(kind, b"", is_final=True)
                self._decoders[kind].reset()
            self._begun.clear()
            runs, self._runs = self._runs, []
        return [OutputItem(kind, "".join(parts)) for kind, parts in runs]

    def _tell(self, on_output: OnOutput, item: OutputItem) -> None:
        thread = threading.get_ident()
        if thread in self.outsiders:
            on_output(item)
            return
        self.outsiders.add(thread)
        try:
            on_output(item)
        finally:
            self.outsiders.discard(thread)


class Sink(io.BufferedIOBase):
    """The binary end of a captured stream: every write goes into the record at once.

    ``outside`` is the stream that the capture has replaced.
    """

    def __init__(self, name: StreamName, record: Record) -> None:
        self.name = f"<{name}>"
        self.mode = "wb"
        self.outside: TextIO | None = None
        self._stream: StreamName = name
        self._record = record

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        if self.closed:
            raise ValueError("write to closed file")
        chunk = bytes(data)
        if self._record.is_forked:
            # A forked child's copy of the record is read by nobody.
            self.write_from_child(chunk)
        elif threading.get_ident() in self._record.outsiders:
            self.write_around(chunk)
        else:
            self._record.write(self._stream, chunk)
        return len(chunk)

    def write_from_child(self, chunk: bytes) -> None:
        try:
            write_all(self.fileno(), chunk)
        except io.UnsupportedOperation:
            self.write_around(chunk)

    def write_around(self, chunk: bytes) -> None:
        if self.outside is not None:
            self.outside.write(chunk.decode("utf-8", "replace"))

    @property
    def raw(self) -> Sink:
        """What programs ask of a buffered stream to write around its buffer; there is none."""
        return self

    def fileno(self) -> int:
        if self.outside is None:
            raise io.UnsupportedOperation("fileno")
        return self.outside.fileno()

    def isatty(self) -> bool:
        return False


class StreamCapture:
    """``sys.stdout`` and ``sys.stderr`` (and their ``__stdout__``, ``__stderr__``) for one program.

    Entered for each statement; what the program itself puts into ``sys.stdout`` is put back for its next statement,
    as in one run of its file. To leave twice is harmless, and necessary: an interrupt can hit the first attempt.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._sinks: dict[StreamName, Sink] = {}
        self._own: tuple[io.TextIOWrapper, io.TextIOWrapper] | None = None
        self._theirs: tuple[TextIO, TextIO] | None = None
        self._outside: tuple[TextIO, TextIO, TextIO | None, TextIO | None] | None = None

    def begin(self) -> None:
        """Start a script: streams that an earlier one has closed or taken apart are made anew."""
        if self._own is None or any(map(_is_closed, self._own)):
            self._own = self._make("stdout", "strict"), self._make("stderr", "backslashreplace")
            self._theirs = None
        if self._theirs is not None and any(map(_is_closed, self._theirs)):
            self._theirs = None

    def end(self) -> None:
        """End a script."""

    def enter(self) -> None:
        if self._own is None:
            self.begin()
        assert self._own is not None
        self._sinks["stdout"].outside, self._sinks["stderr"].outside = sys.stdout, sys.stderr
        theirs = self._theirs or self._own
        # From here on no call: an interrupt meets either all of it or nothing.
        self._outside = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
        sys.stdout, sys.stderr = theirs
        sys.__stdout__, sys.__stderr__ = self._own  # type: ignore[misc]

    def leave(self) -> None:
        # No call here either.
        if self._outside is not None:
            self._theirs = (sys.stdout, sys.stderr)
            sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = self._outside  # type: ignore[assignment, misc]
            self._outside = None

    def flush(self) -> None:
        """Let the program's streams write what they still hold, while they are in place."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper) and stream.write_through:
                continue
            # A stream of the program's own making may be closed, or be no stream at all.
            with contextlib.suppress(Exception):
                stream.flush()

    def forget(self) -> None:
        """Forget what the program put into ``sys.stdout`` and ``sys.stderr``."""
        self._own = self._theirs = None

    def close(self) -> None:
        """Give back what the capture holds of the system."""

    def show(self, text: str) -> None:
        """Add a text that the program shows without writing it: the repr of a value."""
        self._sinks["stdout"].write(text.encode("utf-8", "backslashreplace"))

    def _make_sink(self, name: StreamName) -> Sink:
        return Sink(name, self.record)

    def _make(self, name: StreamName, errors: str) -> io.TextIOWrapper:
        self._sinks[name] = self._make_sink(name)
        stream = io.TextIOWrapper(self._sinks[name], "utf-8", errors, newline="\n", write_through=True)
        stream.mode = "w"  # type: ignore[misc]
        return stream


def _is_closed(stream: TextIO) -> bool:
    try:
        return bool(stream.closed)
    except (AttributeError, ValueError):  # no closed attribute; detached from its buffer
        return not hasattr(stream, "write") or isinstance(stream, io.TextIOWrapper)


def write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def nothing() -> None:
    """Nothing to take in: no file descriptor is captured."""


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")("replace")


# A fork copies locks as they are: without this, a child forked while another thread writes could never write.
_records: weakref.WeakSet[Record] = weakref.WeakSet()


def _before_fork() -> None:
    for record in list(_records):
        record.lock.acquire()


def _after_fork_in_parent() -> None:
    for record in list(_records):
        record.lock.release()


def _after_fork_in_child() -> None:
    for record in list(_records):
        record.is_forked = True
        record.drain = nothing
        record.lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
