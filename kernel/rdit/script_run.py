"""`rdit run`: a program in a process of its own, told as it happens.

The other process (`script_process`) runs the program and tells what happens; this one shows it. So the program has an
interpreter to itself, the spinner turns while it computes in C, a program whose time is up can be ended wherever it
is, and one that crashes is still reported with the statement that did it.
"""

from __future__ import annotations

import codecs
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import groupby
from types import FrameType
from typing import IO

from rdit.program import Program, environment
from rdit.terminal.story import (
    GRACE,
    CellStarted,
    Event,
    Failure,
    Finished,
    Kind,
    Output,
    StatementEnded,
    StatementStarted,
    View,
    decode,
    timed_out,
)

_TICK = 0.05
_CHUNK = 65536
_GATHER = 0.002


def run_script(program: Program, view: View, *, timeout: float | None = None, columns: int | None = None) -> int:
    """Run ``program`` and return its exit status. ``columns`` is the width that its output has, where it is known."""
    with ExitStack() as closing:
        process, events = closing.enter_context(_started(program, columns))
        run = ScriptRun(process, events, view, timeout)
        for number in (signal.SIGINT, signal.SIGTERM):
            closing.callback(signal.signal, number, signal.signal(number, run.take_signal))
        finished = run.follow()
    view.show(finished)
    return finished.status


class ScriptRun:
    """One run: the process, where in the program it is, and whoever shows it."""

    def __init__(self, process: subprocess.Popen[bytes], events: IO[bytes], view: View, timeout: float | None) -> None:
        self._process = process
        self._view = view
        self._timeout = float("inf") if timeout is None else timeout
        # The time runs from the program's first line on.
        self._deadline = float("inf")
        self._is_late = False
        self._interrupts = 0
        self._finished: Finished | None = None
        self._cell: int | None = None
        self._statement: StatementStarted | None = None
        self._statement_began = 0.0
        self._is_silent = True
        self._selector = selectors.DefaultSelector()
        assert process.stdout is not None
        assert process.stderr is not None
        self._selector.register(events, selectors.EVENT_READ, _Events(self._tell))
        # What is written where the program's capture does not reach: by exit handlers, by the interpreter in a crash.
        self._selector.register(process.stdout, selectors.EVENT_READ, _Text("stdout", self._tell))
        self._selector.register(process.stderr, selectors.EVENT_READ, _Text("stderr", self._tell))

    def follow(self) -> Finished:
        """Show what happens until the process has ended."""
        has_ended = is_full = False
        while self._selector.get_map():
            wait = 0.0 if has_ended else max(min(_TICK, self._deadline - time.monotonic()), 0.0)
            ready = self._selector.select(wait)
            if ready and not is_full:
                # A moment for more to come: to be woken for every word of a `print` slows the program down.
                time.sleep(_GATHER)
            is_full = False
            for key, _ in ready:
                data = os.read(key.fd, _CHUNK)
                is_full = is_full or len(data) > _CHUNK // 2
                key.data(data)
                if not data:
                    self._selector.unregister(key.fileobj)
            if not ready:
                # Whoever inherited the pipes may keep them open, but the program is over with its process.
                if has_ended:
                    break
                self._view.tick()
                has_ended = self._process.poll() is not None
            if time.monotonic() >= self._deadline:
                self._end_in_time()
        return self._conclude(self._process.wait())

    def take_signal(self, number: int, _frame: FrameType | None) -> None:
        """Let the program answer a signal that was meant for it."""
        if number != signal.SIGINT:
            self._process.send_signal(number)
            return
        self._interrupts += 1
        if self._interrupts > 2:
            self._process.kill()
        elif self._interrupts > 1 or not _is_in_foreground():
            # A terminal's Ctrl-C has reached the program already, for the two share it.
            self._process.send_signal(number)

    def _tell(self, event: Event) -> None:
        match event:
            case Finished():
                # Told when the process is gone: its exit handlers may still have something to say.
                self._finished = event
                return
            case CellStarted():
                if self._deadline == float("inf"):
                    self._deadline = time.monotonic() + self._timeout
                self._cell = event.cell
            case StatementStarted():
                self._statement, self._statement_began, self._is_silent = event, time.monotonic(), True
            case Output():
                self._is_silent = False
            case StatementEnded():
                self._statement = None
        self._view.show(event)

    def _end_in_time(self) -> None:
        if self._is_late:
            self._process.kill()
            self._deadline = float("inf")
            return
        self._is_late = True
        self._deadline = time.monotonic() + GRACE
        self._process.send_signal(signal.SIGINT)

    def _conclude(self, status: int) -> Finished:
        place = self._place()
        finished = self._finished
        if self._statement is not None:
            seconds = time.monotonic() - self._statement_began
            self._view.show(StatementEnded(seconds, self._is_silent, failed=status != 0))
        if self._is_late and (finished is None or finished.failure is not None):
            where = finished.failure if finished is not None and finished.failure is not None else place
            return Finished(124, timed_out(where, self._timeout))
        if status < 0:
            name = signal.Signals(-status).name
            return Finished(128 - status, _at(place, f"the program's process was ended by {name}"))
        if finished is not None:
            return finished
        return Finished(status, _at(place, f"the program left at once, with exit status {status}") if status else None)

    def _place(self) -> Failure:
        if self._statement is None:
            return Failure("", cell=self._cell)
        return Failure("", self._statement.line_start, self._statement.line_end, self._cell)


class _Events:
    """Hands on the events of what comes in pieces of bytes; output that came in one piece as one output."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._begun: list[bytes] = []

    def __call__(self, data: bytes) -> None:
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = b"".join((*self._begun, lines[0]))
            self._begun.clear()
        self._begun.append(rest)
        # A `print` of three words makes six outputs; shown one by one they would cost more than they did to make.
        for kind, run in groupby(
            map(decode, lines), key=lambda event: event.type if isinstance(event, Output) else None
        ):
            if kind is None:
                for event in run:
                    self._tell(event)
            else:
                self._tell(Output(kind, "".join(event.text for event in run if isinstance(event, Output))))


class _Text:
    """Hands on text of what comes in pieces of bytes."""

    def __init__(self, kind: Kind, tell: Callable[[Event], None]) -> None:
        self._kind = kind
        self._tell = tell
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def __call__(self, data: bytes) -> None:
        text = self._decoder.decode(data, final=not data)
        if text:
            self._tell(Output(self._kind, text))


@contextmanager
def _started(program: Program, columns: int | None) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as events:
        try:
            process = subprocess.Popen(
                # -P: while the process gets ready, a `random.py` beside the program must not be imported.
                [*_python(), "-P", "-m", "rdit.script_process", str(writing), program.to_json()],
                pass_fds=[writing],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment(columns), "PYTHONIOENCODING": "utf-8:backslashreplace"},
            )
        finally:
            os.close(writing)
        with process:
            try:
                yield process, events
            finally:
                if process.poll() is None:
                    process.kill()


def _python() -> list[str]:
    """This interpreter, with the options it was started with."""
    return [sys.executable, *subprocess._args_from_interpreter_flags()]  # type: ignore[attr-defined]


def _is_in_foreground() -> bool:
    """Whether Ctrl-C in this process's terminal is sent to it, and so to its children as well."""
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        finally:
            os.close(terminal)
    return False


def _at(place: Failure, message: str) -> Failure:
    return replace(place, message=message)
