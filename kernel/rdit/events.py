"""What is told of a statement, and to whom.

A running cell is a `CellRun`, each statement it has started a `StatementRun`; the `StatementLog` keeps the cells of
late and knows which statement runs now, by the message id of the request it belongs to (a subshell's cell runs beside
the main shell's). Three read from it: the session tags what is published (`session.py`), `%timeline` and `%resume`
look back (`magics.py`), and front ends that opened the comm target `rdit.statements` are told as it happens.

No reference to a user's object is kept here, nor any syntax tree: a cell of the past is its text and some numbers.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from rdit.brief import Assigned
from rdit.statements import Statement

COMM_TARGET = "rdit.statements"

State = Literal["running", "finished", "failed"]
Header = dict[str, Any]


class Tag(TypedDict):
    """What a message published while a statement runs carries as ``metadata["rdit"]``."""

    cell_id: str | None
    statement: int
    line_start: int
    line_end: int


class StatementEvent(TypedDict, total=False):
    """One line of the news on the comm ``rdit.statements``. Times are seconds since the epoch, durations seconds."""

    event: Literal["cell_started", "started", "finished", "failed", "cell_finished", "cell_failed"]
    cell_id: str | None
    msg_id: str
    execution_count: int
    time: float
    # cell_started: the cell's text as its editor has it (left out of the history where that would be long), the line
    # ranges of all statements, the indexes of those that a resume passes over, and, where only a part was asked for,
    # of those that run
    source: str
    statements: list[tuple[int, int]]
    skipped: list[int]
    selected: list[int]
    # statements
    statement: int
    line_start: int
    line_end: int
    duration: float
    outputs: int
    # how many of the outputs are not text on a stream: those a front end keeps one by one
    displays: int
    error: str
    # what it showed, and the names it bound with what they hold: in a few words, see `brief.py`
    value: str
    assigned: list[tuple[str, str]]


@dataclass(slots=True, eq=False)
class StatementRun:
    """A statement that runs or ran. ``began`` and ``duration`` are seconds, ``began`` since the cell began."""

    cell: CellRun
    index: int
    line_start: int
    line_end: int
    began: float
    duration: float = 0.0
    state: State = "running"
    outputs: int = 0
    displays: int = 0
    error: str | None = None
    value: str | None = None
    assigned: Assigned = field(default_factory=list)

    def restart(self) -> None:
        """The clock starts here: what ran since the start was not the statement."""
        self.began = time.perf_counter() - self.cell.clock

    def stop(self, error: BaseException | None, *, failed: bool) -> None:
        self.duration = time.perf_counter() - self.cell.clock - self.began
        self.state = "failed" if failed else "finished"
        self.error = describe(error) if failed else None

    @property
    def tag(self) -> Tag:
        return {
            "cell_id": self.cell.cell_id,
            "statement": self.index,
            "line_start": self.line_start,
            "line_end": self.line_end,
        }


@dataclass(slots=True, eq=False)
class CellRun:
    """One execute request: its text as it was compiled and as it came (``raw``), and what its statements did."""

    header: Header
    cell_id: str | None
    source: str = ""
    execution_count: int = 0
    line_ranges: list[tuple[int, int]] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    selected: list[int] | None = None
    done_words: list[str] = field(default_factory=list)
    runs: list[StatementRun] = field(default_factory=list)
    state: State = "running"
    started_at: float = field(default_factory=time.time)
    clock: float = field(default_factory=time.perf_counter)
    duration: float = 0.0
    raw: str = ""

    @property
    def msg_id(self) -> str:
        return str(self.header.get("msg_id", ""))

    @property
    def failed_run(self) -> StatementRun | None:
        return self.runs[-1] if self.runs and self.runs[-1].state == "failed" else None

    @property
    def done(self) -> set[int]:
        """The indexes of the statements that need not run again: they ran to their end, now or before a resume."""
        return {run.index for run in self.runs if run.state == "finished"} | set(self.skipped)


FIRST_CELLS = 5  # of a kernel; if nobody has asked by then what their statements did, nobody looks


class StatementLog:
    """The cells of late, the statements that run now, and those who listen."""

    def __init__(self, keep: int = 50, keep_statements: int = 20_000, keep_text: int = 1_000_000) -> None:
        self._keep_text = keep_text
        self.running: dict[str, StatementRun] = {}
        self.cells: deque[CellRun] = deque(maxlen=keep)
        self._keep_statements = keep_statements
        self.last: CellRun | None = None
        self.failed: CellRun | None = None
        self._listeners: list[Callable[[StatementEvent], None]] = []
        self._was_heard = False
        # Called before a statement's output is sent: who gathers news must deliver it first.
        self.before_output: list[Callable[[], None]] = []

    @property
    def is_told(self) -> bool:
        """Whether somebody hears what a statement did, or may soon ask: pages often connect during the first cells."""
        return bool(self._listeners) or (not self._was_heard and len(self.cells) <= FIRST_CELLS)

    def listen(self, listener: Callable[[StatementEvent], None]) -> Callable[[], None]:
        """Call ``listener`` with each event from now on. Returns the way out."""
        self._listeners.append(listener)
        self._was_heard = True

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def begin(self, cell: CellRun, statements: Sequence[Statement], skipped: Sequence[int]) -> None:
        cell.line_ranges = [(statement.line_start, statement.line_end) for statement in statements]
        cell.skipped = list(skipped)
        cell.clock = time.perf_counter()
        cell.started_at = time.time()
        self.cells.append(cell)
        while len(self.cells) > 1 and sum(len(kept.line_ranges) for kept in self.cells) > self._keep_statements:
            self.cells.popleft()
        if self._listeners:
            self._tell(cell, **_beginning(cell))

    def start(self, cell: CellRun, statement: Statement) -> StatementRun:
        run = StatementRun(
            cell,
            statement.node_index,
            statement.line_start,
            statement.line_end,
            time.perf_counter() - cell.clock,
        )
        cell.runs.append(run)
        self.running[cell.msg_id] = run
        if self._listeners:
            self._tell_run(run, "started")
        return run

    def end(self, run: StatementRun) -> None:
        """The statement has stopped, and all it published is on its way."""
        self.running.pop(run.cell.msg_id, None)
        if self._listeners:
            self._tell_run(run, "failed" if run.state == "failed" else "finished")

    def finish(self, cell: CellRun, *, failed: bool) -> None:
        """The cell is over. A request that never came to run a statement leaves no trace."""
        self.running.pop(cell.msg_id, None)
        cell.duration = time.perf_counter() - cell.clock
        cell.state = "failed" if failed else "finished"
        if not cell.line_ranges:
            return
        self.last = cell
        if failed:
            self.failed = cell
        elif self.failed is not None and cell.cell_id is not None and cell.cell_id == self.failed.cell_id:
            self.failed = None
        for kept in self.cells:
            # Of the past the times are kept, and as much of the text as a front end needs to know its lines again.
            if kept.state != "running" and kept is not self.last and kept is not self.failed:
                kept.source = ""
        text = 0
        for kept in reversed(self.cells):
            text += len(kept.raw)
            if text > self._keep_text and kept.state != "running":
                kept.raw = ""
        if self._listeners:
            self._tell(cell, event="cell_failed" if failed else "cell_finished", duration=cell.duration)

    def forget(self) -> None:
        """A reset namespace has no past to resume."""
        self.cells.clear()
        self.last = self.failed = None

    def history(self) -> list[StatementEvent]:
        """The events of the cells that are kept, as a late listener would have heard them."""
        told: list[StatementEvent] = []
        for cell in list(self.cells):
            told.append(_event(cell, **_beginning(cell)))
            for run in list(cell.runs):
                told.append(_run_event(run, "started" if run.state == "running" else run.state))
            if cell.state != "running":
                event: Any = "cell_failed" if cell.state == "failed" else "cell_finished"
                told.append(_event(cell, event=event, duration=cell.duration))
        return told

    def _tell_run(self, run: StatementRun, event: Literal["started", "finished", "failed"]) -> None:
        self._tell_all(_run_event(run, event))

    def _tell(self, cell: CellRun, **what: Any) -> None:
        self._tell_all(_event(cell, **what))

    def _tell_all(self, event: StatementEvent) -> None:
        for listener in tuple(self._listeners):
            listener(event)


class StatementChannel:
    """Sends the news to one front end, gathered: at most one comm message every ``interval`` seconds.

    A cell of a thousand short statements makes two thousand events, and a Jupyter server drops what comes faster than
    a thousand messages a second. The timer runs on the thread that publishes, so that the start of a long statement is
    told while it runs. A statement's start is told before its output, and its end after it: output takes the news
    that has been gathered along. Of a statement that is over before its start was told, the end alone is told.

    Who opens the comm with ``{"history": False}`` in its data is told none of what was before.

    A channel may be asked for its history again, from any thread: a page that is loaded anew uses the comm of the one
    before it, so that none is left behind, and all pages hear all that is sent.
    """

    def __init__(
        self,
        log: StatementLog,
        send: Callable[[dict[str, Any]], None],
        later: Callable[[float, Callable[[], None]], None],
        interval: float = 0.016,
        *,
        has_history: bool = True,
    ) -> None:
        self._send = send
        self._later = later
        self._interval = interval
        self._waiting: list[StatementEvent] = []
        self._is_due = False
        self._lock = threading.Lock()
        self._log = log
        self._stop_listening = log.listen(self._hear)
        if has_history:
            self.tell_history()
        else:
            send({"type": "history", "events": []})
        log.before_output.append(self.deliver)

    def stop(self) -> None:
        """No more news; twice is harmless."""
        self._stop_listening()
        if self.deliver in self._log.before_output:
            self._log.before_output.remove(self.deliver)

    def tell_history(self) -> None:
        """Tell what has happened so far: it stands for all that was told before."""
        with self._lock:
            self._waiting.clear()
            self._is_due = False
        self._send({"type": "history", "events": self._log.history()})

    def _hear(self, event: StatementEvent) -> None:
        with self._lock:
            if event["event"] in ("finished", "failed") and self._starts_last(event):
                self._waiting.pop()
            self._waiting.append(event)
            if self._is_due:
                return
            self._is_due = True
        self._later(self._interval, self.deliver)

    def _starts_last(self, end: StatementEvent) -> bool:
        last = self._waiting[-1] if self._waiting else {}
        return (last.get("event"), last.get("msg_id"), last.get("statement")) == (
            "started",
            end["msg_id"],
            end["statement"],
        )

    def deliver(self) -> None:
        """Send what has been gathered."""
        if not self._waiting:
            return
        with self._lock:
            events, self._waiting = self._waiting, []
            self._is_due = False
        if events:
            self._send({"type": "events", "events": events})


def describe(error: BaseException | None) -> str:
    """An error's name and the first line of what it says, as one short line."""
    if error is None:
        return "failed"
    try:
        lines = str(error).splitlines()
    except Exception:
        lines = ["<its text could not be read>"]
    name = type(error).__name__
    return f"{name}: {lines[0][:200]}" if lines and lines[0] else name


def _beginning(cell: CellRun) -> dict[str, Any]:
    told = {"event": "cell_started", "statements": cell.line_ranges, "skipped": cell.skipped}
    if cell.raw:
        told["source"] = cell.raw
    if cell.selected is not None:
        told["selected"] = cell.selected
    return told


def _event(cell: CellRun, **what: Any) -> StatementEvent:
    event: dict[str, Any] = {
        "cell_id": cell.cell_id,
        "msg_id": cell.msg_id,
        "execution_count": cell.execution_count,
        "time": cell.started_at + what.get("duration", 0.0),
        **what,
    }
    return event  # type: ignore[return-value]  # the keys are those of the TypedDict, spelled at each call


def _run_event(run: StatementRun, event: str) -> StatementEvent:
    told: dict[str, Any] = {
        "event": event,
        "cell_id": run.cell.cell_id,
        "msg_id": run.cell.msg_id,
        "execution_count": run.cell.execution_count,
        "time": run.cell.started_at + run.began,
        "statement": run.index,
        "line_start": run.line_start,
        "line_end": run.line_end,
    }
    if event != "started":
        told.update(duration=run.duration, outputs=run.outputs, displays=run.displays, time=told["time"] + run.duration)
    if run.error is not None:
        told["error"] = run.error
    if run.value is not None:
        told["value"] = run.value
    if run.assigned:
        told["assigned"] = run.assigned
    return told  # type: ignore[return-value]  # as above
