"""Capture at the level of file descriptors: what ``os.write``, C code and subprocesses write as well.

During a script, descriptors 1 and 2 are pipes. ``sys.stdout`` and ``sys.stderr`` do not go through them: a write in
Python first takes in what the pipes hold and then adds its own text, so its order relative to everything written
before is exact. A thread empties the pipes meanwhile: output shows while a long statement runs, and no writer blocks
on a full pipe. Where only the pipes could tell (one process writing to 1 and 2 in quick alternation) the order holds
within each of the two.

Descriptors 1 and 2 belong to the script until it ends. Between two statements the caller's own ``print`` reaches the
old ones; a caller who writes in any other way, or from another thread, needs duplicates made before the script began.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import re
import select
import sys
import threading
import warnings
import weakref

from rdit.capture import STREAM_NAMES, Record, Sink, StreamCapture, StreamName, nothing, write_all

_DESCRIPTORS: dict[StreamName, int] = {"stdout": 1, "stderr": 2}
_PIPE_SIZE = 65536

# The descriptors are the process's, so one script at a time can have them.
_owner: FdCapture | None = None


class FdCapture(StreamCapture):
    """A StreamCapture that reaches from a script's beginning to its end, file descriptors included."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        if sys.platform == "win32":
            raise ValueError("capture_fd needs pipes that can be polled, and Windows has none: leave it off")
        # By descriptor: duplicates of what 1 and 2 were before the script.
        self.saved: dict[int, int] = {}
        self._pipes: _Pipes | None = None

    def begin(self) -> None:
        global _owner
        super().begin()
        if _owner is not None:
            raise RuntimeError("another script has file descriptors 1 and 2: let it end, or use capture_fd=False")
        _owner = self
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):
                stream.flush()
        if self._pipes is None:
            self._pipes = _Pipes(self.record)
            weakref.finalize(self, self._pipes.stop)
        for name, descriptor in _DESCRIPTORS.items():
            self.saved[descriptor] = os.dup(descriptor)
            os.dup2(self._pipes.inlets[name], descriptor)
        super().enter()
        self.leave()

    def end(self) -> None:
        # Each step stands in the `finally` of the one before, so that an interrupt skips none of them.
        global _owner
        if _owner is not self:
            return
        try:
            self.flush()
        finally:
            super().leave()
            self.record.outsiders.discard(threading.get_ident())
            try:
                self._give_back()
            finally:
                self._give_back()
                _owner = None

    def enter(self) -> None:
        """Into a statement. The streams are in place for the whole script, for the sake of its other threads."""
        self.record.outsiders.discard(threading.get_ident())

    def leave(self) -> None:
        self.record.outsiders.add(threading.get_ident())

    def flush(self) -> None:
        super().flush()
        _flush_c_streams()
        _forget_fork_warning()

    def close(self) -> None:
        """Stop reading the pipes. A subprocess that still writes to them is told so by its next write."""
        self.end()
        if self._pipes is not None:
            self._pipes.stop()
            self._pipes = None

    def _give_back(self) -> None:
        for descriptor in list(self.saved):
            os.dup2(self.saved[descriptor], descriptor)
            os.close(self.saved.pop(descriptor))

    def _make_sink(self, name: StreamName) -> Sink:
        return _FdSink(name, self)


class _FdSink(Sink):
    """A sink whose descriptor is the pipe, and whose way around the record is the saved descriptor."""

    def __init__(self, name: StreamName, capture: FdCapture) -> None:
        super().__init__(name, capture.record)
        self._descriptor = _DESCRIPTORS[name]
        self._saved = capture.saved

    def fileno(self) -> int:
        return self._descriptor

    def write_around(self, chunk: bytes) -> None:
        write_all(self._saved.get(self._descriptor, self._descriptor), chunk)


class _Pipes:
    """Two pipes and the thread that empties them into the record, from the first script to the capture's close.

    They outlive a script because its subprocesses may: to be cut off from the pipe would kill them.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._outlets: dict[int, StreamName] = {}
        self.inlets: dict[StreamName, int] = {}
        for name in STREAM_NAMES:
            outlet, self.inlets[name] = os.pipe()
            os.set_blocking(outlet, False)
            self._outlets[outlet] = name
        self._wake_outlet, self._wake_inlet = os.pipe()
        self._stopped = threading.Event()
        record.drain = self.drain
        _pipes.add(self)
        # Not a threading.Thread: the program would find it among its own threads.
        self._reader = _thread.start_new_thread(self._read, ())

    def drain(self) -> None:
        """Take in what the pipes hold now; one read empties a pipe."""
        with self._record.lock:
            for outlet, name in self._outlets.items():
                with contextlib.suppress(BlockingIOError):
                    self._record.add(name, os.read(outlet, _PIPE_SIZE))

    def stop(self) -> None:
        if self._stopped.is_set() or self._record.is_forked:
            return
        os.write(self._wake_inlet, b".")
        if threading.get_ident() != self._reader:
            self._stopped.wait()

    def _read(self) -> None:
        poll = select.poll()
        for descriptor in (*self._outlets, self._wake_outlet):
            poll.register(descriptor, select.POLLIN)
        try:
            while not any(descriptor == self._wake_outlet for descriptor, _ in poll.poll()):
                self.drain()
        finally:
            with self._record.lock:
                self.drain()
                self._record.drain = nothing
                for descriptor in (*self._outlets, *self.inlets.values(), self._wake_outlet, self._wake_inlet):
                    os.close(descriptor)
            _pipes.discard(self)
            self._stopped.set()


def _flush_c_streams() -> None:
    """Let C's stdio write what it holds, if the program has loaded a way to fill it."""
    ctypes = sys.modules.get("ctypes")
    if ctypes is not None:
        with contextlib.suppress(Exception):
            ctypes.CDLL(None).fflush(None)


# Python 3.12 warns of a fork in a process with several threads. When the second thread is ours, the program has done
# nothing to be warned of: its own forks hold no lock of ours, because the record's lock is taken around a fork.
_pipes: weakref.WeakSet[_Pipes] = weakref.WeakSet()
_fork_warning = ("ignore", re.compile(r".*is multi-threaded, use of fork\(\)"), DeprecationWarning, None, 0)


def _hide_fork_warning() -> None:
    if len(_pipes) and threading.active_count() == 1:
        warnings.filters.insert(0, _fork_warning)  # type: ignore[attr-defined]


def _forget_fork_warning() -> None:
    while _fork_warning in warnings.filters:
        warnings.filters.remove(_fork_warning)  # type: ignore[attr-defined]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hide_fork_warning, after_in_child=_forget_fork_warning)
