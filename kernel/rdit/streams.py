"""stdout and stderr of the kernel: text keeps the statement that wrote it, and leaves when that statement ends.

What differs from ipykernel's OutStream, and why:

- text waits in pieces, one for each statement that wrote, so that a piece can be sent late and still be told apart;
- an empty flush costs nothing (there it is two hops to the publishing thread, six times in every cell);
- the first text after a pause leaves within milliseconds, not after 0.2 s; a flood is still gathered;
- `publish` sends without waiting, for the boundary between two statements.

Invariant: a piece is taken and handed to the publishing thread under one lock, so nothing that is published after a
`flush` or `publish` can overtake the text before it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from io import StringIO
from os import getpid
from typing import Any

from ipykernel.iostream import OutStream

from rdit.events import StatementRun
from rdit.publishing import wait_until_sent
from rdit.session import WRITTEN_BY, StatementSession


class _Piece:
    """Text written by one statement under one parent, in a row."""

    __slots__ = ("add", "parent", "run", "text")

    def __init__(self, parent: dict[str, Any], run: StatementRun | None) -> None:
        self.parent = parent
        self.run = run
        buffer = StringIO()
        self.add = buffer.write
        self.text = buffer.getvalue


class StatementStream(OutStream):
    """An OutStream that knows statements."""

    flush_interval = 0.05
    first_interval = 0.002

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._pieces: list[_Piece] = []
        self._sent_at = 0.0
        self._sent_parent: dict[str, Any] | None = None
        super().__init__(*args, **kwargs)

    def write(self, string: str) -> int:
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        try:
            parent = self._parent_header.get()
        except LookupError:
            parent = self._parent_header_global
        if self.echo is not None:
            self._echo(string)
        if self.pub_thread is None:
            raise ValueError("I/O operation on closed file")
        session = self.session
        run = session.running.get(parent.get("msg_id", "")) if isinstance(session, StatementSession) else None
        with self._buffer_lock:
            pieces = self._pieces
            if pieces and (piece := pieces[-1]).run is run and piece.parent is parent:
                piece.add(string)
            else:
                self._begin_piece(parent, run).add(string)
        if getpid() == self._master_pid:
            if not self._flush_pending:
                self._schedule_flush()
        elif not self._subprocess_flush_pending:
            # A forked child cannot rely on the parent's loop for a timer, and a pool's workers may never flush.
            self._subprocess_flush_pending = True
            self.pub_thread.schedule(self._flush)
        return len(string)

    def flush(self) -> None:
        """Send what waits and return when the publishing thread has passed it on."""
        with self._buffer_lock:
            if not self._pieces:
                if self.echo is not None:
                    self.echo.flush()
                return
        self.publish()
        wait_until_sent(self.pub_thread, self.flush_timeout)

    def publish(self) -> bool:
        """Hand what waits to the publishing thread without waiting for it. Tells whether there was anything."""
        with self._buffer_lock:
            if not self._pieces or self.pub_thread is None:
                return False
            is_timer_running = self._flush_pending
            self._flush()
            # The timer goes on: a new one for every statement that prints would be dearer than one that finds nothing.
            self._flush_pending = is_timer_running
            return True

    def _flush(self) -> None:
        with self._buffer_lock:
            self._sent_at = time.monotonic()
            super()._flush()

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        pieces, self._pieces = self._pieces, []
        if pieces:
            self._sent_parent = pieces[-1].parent
        for piece in pieces:
            # What is written before the first request has no parent, and belongs to no statement.
            parent = {**piece.parent, WRITTEN_BY: piece.run} if piece.parent else {}
            yield parent, piece.text()

    def _schedule_flush(self) -> None:
        """Send soon: at once what is the first in a while or in its cell, a flood 20 times a second."""
        rest = self.flush_interval - (time.monotonic() - self._sent_at)
        is_first = self._pieces and self._pieces[-1].parent is not self._sent_parent
        delay = self.first_interval if is_first else max(rest, self.first_interval)

        def start_timer() -> None:
            self._io_loop.call_later(delay, self._flush)

        try:
            self._flush_pending = True
            self.pub_thread.schedule(start_timer)
        except BaseException:
            # Interrupted before the timer was asked for: it has to be asked for again.
            self._flush_pending = False
            raise

    def _begin_piece(self, parent: dict[str, Any], run: StatementRun | None) -> _Piece:
        piece = _Piece(parent, run)
        self._pieces.append(piece)
        if run is not None:
            run.outputs += 1
        return piece

    def _echo(self, string: str) -> None:
        try:
            assert self.echo is not None
            self.echo.write(string)
        except OSError as error:
            if self.echo is not sys.__stderr__:
                print(f"Write failed: {error}", file=sys.__stderr__)
