"""The log of statements, and how its news is gathered for a front end."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from rdit.events import CellRun, StatementChannel, StatementEvent, StatementLog, describe
from rdit.statements import Statement, split


def statements_of(source: str) -> list[Statement]:
    return split(ast.parse(source).body, source)


def run_cell(log: StatementLog, source: str = "a\nb", cell_id: str | None = "c", *, fails: bool = False) -> CellRun:
    """Play what the shell does for a cell. The last statement is the one that fails."""
    cell = CellRun({"msg_id": f"m{len(log.cells)}"}, cell_id, source)
    statements = statements_of(source)
    log.begin(cell, statements, [])
    for statement in statements:
        run = log.start(cell, statement)
        failed = fails and statement is statements[-1]
        run.stop(ZeroDivisionError("no") if failed else None, failed=failed)
        log.end(run)
    log.finish(cell, failed=fails)
    return cell


def test_a_listener_hears_everything_in_order_until_it_stops() -> None:
    log = StatementLog()
    heard: list[StatementEvent] = []
    stop = log.listen(heard.append)
    run_cell(log, fails=True)
    assert [e["event"] for e in heard] == ["cell_started", "started", "finished", "started", "failed", "cell_failed"]
    assert heard[4]["error"] == "ZeroDivisionError: no"
    stop()
    stop()
    run_cell(log)
    assert len(heard) == 6


def test_the_history_is_what_a_listener_would_have_heard_without_the_starts() -> None:
    log = StatementLog()
    heard: list[StatementEvent] = []
    log.listen(heard.append)
    run_cell(log, cell_id="one")
    run_cell(log, cell_id="two", fails=True)

    def keys(events: list[StatementEvent]) -> list[tuple[Any, ...]]:
        return [(e["event"], e["cell_id"], e.get("statement")) for e in events if e["event"] != "started"]

    assert keys(log.history()) == keys(heard)


def test_what_the_first_cells_did_is_kept_for_a_page_that_connects_late() -> None:
    log = StatementLog()
    assert log.is_told
    for _ in range(10):
        run_cell(log)
    assert not log.is_told, "nobody has asked: nobody looks"
    log.listen(lambda event: None)
    assert log.is_told


def test_a_listener_that_left_is_not_looked_for_again() -> None:
    log = StatementLog()
    log.listen(lambda event: None)()
    assert not log.is_told


def test_a_statement_that_runs_is_found_by_its_requests_message_id() -> None:
    log = StatementLog()
    main, sub = CellRun({"msg_id": "main"}, "a"), CellRun({"msg_id": "sub"}, "b")
    (statement,) = statements_of("x")
    for cell in (main, sub):
        log.begin(cell, [statement], [])
    run, other = log.start(main, statement), log.start(sub, statement)
    assert log.running == {"main": run, "sub": other}
    log.end(run)
    assert log.running == {"sub": other}


def test_the_failed_cell_is_remembered_until_it_runs_through() -> None:
    log = StatementLog()
    failed = run_cell(log, cell_id="bad", fails=True)
    run_cell(log, cell_id="other")
    assert log.failed is failed
    run_cell(log, cell_id="bad")
    assert log.failed is None


def test_a_request_without_statements_leaves_no_trace() -> None:
    log = StatementLog()
    last = run_cell(log)
    log.finish(CellRun({"msg_id": "empty"}, None), failed=True)
    assert log.last is last
    assert log.failed is None


def test_of_the_past_only_times_are_kept_and_not_without_end() -> None:
    log = StatementLog(keep=5, keep_statements=25)
    failed = run_cell(log, "f\ng", "bad", fails=True)
    cells = [run_cell(log, "\n".join("abcdefghij"), f"c{k}") for k in range(4)]
    assert [cell.source for cell in cells] == ["", "", "", "\n".join("abcdefghij")]
    assert failed.source == "f\ng"
    assert list(log.cells) == cells[-2:]


class Wire:
    """What a channel sends, and the timer it asks for, fired by hand."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.timers: list[Callable[[], None]] = []

    def later(self, _delay: float, call: Callable[[], None]) -> None:
        self.timers.append(call)

    def fire(self) -> None:
        for call in self.timers:
            call()
        self.timers.clear()

    @property
    def events(self) -> list[str]:
        return [event["event"] for data in self.sent if data["type"] == "events" for event in data["events"]]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_news_is_gathered_until_the_timer_fires(wire: Wire) -> None:
    log = StatementLog()
    StatementChannel(log, wire.sent.append, wire.later)
    run_cell(log, "\n".join(["x"] * 100))
    assert wire.events == []
    assert len(wire.timers) == 1
    wire.fire()
    assert len(wire.sent) == 2
    assert wire.events == ["cell_started", *["finished"] * 100, "cell_finished"]


def test_output_takes_the_news_before_it_along(wire: Wire) -> None:
    log = StatementLog()
    StatementChannel(log, wire.sent.append, wire.later)
    cell = CellRun({"msg_id": "m"}, "c")
    (statement,) = statements_of("x")
    log.begin(cell, [statement], [])
    log.start(cell, statement)
    for deliver in log.before_output:
        deliver()
    assert wire.events == ["cell_started", "started"]
    wire.fire()
    assert len(wire.sent) == 2


def test_the_start_of_a_statement_is_told_if_it_takes_longer_than_the_timer(wire: Wire) -> None:
    log = StatementLog()
    StatementChannel(log, wire.sent.append, wire.later)
    cell = CellRun({"msg_id": "m"}, "c")
    (statement,) = statements_of("x")
    log.begin(cell, [statement], [])
    run = log.start(cell, statement)
    wire.fire()
    run.stop(None, failed=False)
    log.end(run)
    wire.fire()
    assert wire.events == ["cell_started", "started", "finished"]


def test_two_cells_that_run_side_by_side_keep_their_starts_apart(wire: Wire) -> None:
    log = StatementLog()
    StatementChannel(log, wire.sent.append, wire.later)
    main, sub = CellRun({"msg_id": "main"}, "a"), CellRun({"msg_id": "sub"}, "b")
    (statement,) = statements_of("x")
    run = log.start(main, statement)
    log.start(sub, statement)
    run.stop(None, failed=False)
    log.end(run)
    wire.fire()
    assert wire.events == ["started", "started", "finished"]


def test_a_channel_may_begin_without_the_past(wire: Wire) -> None:
    log = StatementLog()
    run_cell(log)
    StatementChannel(log, wire.sent.append, wire.later, has_history=False)
    assert wire.sent == [{"type": "history", "events": []}]
    run_cell(log)
    wire.fire()
    assert wire.events != []


def test_a_channel_that_is_closed_sends_nothing_more(wire: Wire) -> None:
    log = StatementLog()
    channel = StatementChannel(log, wire.sent.append, wire.later)
    channel.stop()
    channel.stop()
    run_cell(log)
    wire.fire()
    assert [data["type"] for data in wire.sent] == ["history"]
    assert log.before_output == []


class Unreadable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("one\ntwo"), "ValueError: one"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (Unreadable(), "Unreadable: <its text could not be read>"),
        (ValueError("x" * 500), "ValueError: " + "x" * 200),
        (None, "failed"),
    ],
)
def test_an_error_is_told_in_one_short_line(error: BaseException | None, text: str) -> None:
    assert describe(error) == text
