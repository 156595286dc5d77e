"""From a story to server-sent events: one a statement, or each step at once; never more than fits."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from rdit.http.event_stream import EventStream
from rdit.terminal.story import (
    CellStarted,
    Event,
    Failure,
    Finished,
    Output,
    StatementEnded,
    StatementStarted,
)


def taken(stream: EventStream) -> list[dict[str, Any]]:
    """The events that wait in a stream."""
    told = asyncio.run(stream.take()).decode()
    assert told == "" or told.endswith("\n\n")
    return [json.loads(event.removeprefix("data: ")) for event in told.split("\n\n")[:-1]]


def told(*events: Event, **how: Any) -> list[dict[str, Any]]:
    stream = EventStream(**how)
    for event in events:
        stream.show(event)
    return taken(stream)


def ran(index: int, *outputs: Output) -> list[Event]:
    return [StatementStarted(index, index + 1, index + 1), *outputs, StatementEnded(0.5, not outputs)]


def test_a_statement_is_one_event_as_rdit_run_tells_it() -> None:
    events = told(CellStarted("1\n2\n"), *ran(0, Output("stdout", "1"), Output("stdout", "\n")), *ran(1), Finished())
    assert events == [
        {
            "nodeIndex": 0,
            "lineStart": 1,
            "lineEnd": 1,
            "output": [{"type": "stdout", "text": "1\n"}],
            "isInvisible": False,
        },
        {"nodeIndex": 1, "lineStart": 2, "lineEnd": 2, "output": [], "isInvisible": True},
        {"type": "complete"},
    ]


def test_each_step_is_an_event_too_where_that_is_wanted() -> None:
    events = told(*ran(0, Output("stdout", "1"), Output("error", "\x1b[31mno\x1b[0m")), Finished(), is_live=True)
    place = {"nodeIndex": 0, "lineStart": 1, "lineEnd": 1}
    assert events[:-2] == [
        {"type": "started", **place},
        {"type": "output", **place, "output": [{"type": "stdout", "text": "1"}]},
        {"type": "output", **place, "output": [{"type": "error", "text": "no"}]},
        {"type": "ended", **place, "seconds": 0.5, "failed": False},
    ]


def test_a_picture_is_told_at_once_and_in_one_kind() -> None:
    shown = Output(
        "stdout", "<Figure>\n", data={"text/html": "<b>", "image/svg+xml": ["<svg", "/>"], "image/png": "iVB"}
    )
    assert [item for event in told(*ran(0, shown), is_live=True) for item in event.get("output", [])] == [
        {"type": "stdout", "text": "<Figure>\n", "data": {"image/png": "iVB"}},
        {"type": "stdout", "text": "<Figure>\n"},
    ]


def test_what_a_statement_writes_too_much_is_left_out_and_counted_and_the_next_one_writes_again() -> None:
    events = told(
        *ran(0, Output("stdout", "abc"), Output("stdout", "defgh")), *ran(1, Output("stdout", "xyz")), longest=4
    )
    assert events[0]["output"] == [
        {"type": "stdout", "text": "abcd"},
        {"type": "stderr", "text": "\n[4 more characters were left out]\n"},
    ]
    assert events[1]["output"] == [{"type": "stdout", "text": "xyz"}]


def test_a_picture_that_is_too_large_is_left_out() -> None:
    events = told(*ran(0, Output("stdout", "<F>", data={"image/png": "x" * 1000})), longest=100, is_live=True)
    assert "data" not in json.dumps(events)
    assert "1,000 more characters" in json.dumps(events)


def test_a_reader_who_does_not_read_costs_no_more_than_is_allowed() -> None:
    stream = EventStream(waiting=1000)
    for index in range(100):
        for event in ran(index, Output("stdout", "x" * 500)):
            stream.show(event)
    full = taken(stream)
    assert len(full) == 100
    assert sum(len(item["text"]) for event in full for item in event["output"] if item["type"] == "stdout") < 1000
    for event in ran(100, Output("stdout", "x" * 500)):
        stream.show(event)
    assert taken(stream)[0]["output"] == [{"type": "stdout", "text": "x" * 500}]


@pytest.mark.parametrize("end", [Finished(), Finished(1, Failure("no", 3, 4)), None])
def test_after_the_last_event_nothing_comes(end: Finished | None) -> None:
    stream = EventStream()
    if end is None:
        stream.fail("no")
    else:
        stream.show(end)
    (event,) = taken(stream)
    assert event["type"] == ("complete" if end == Finished() else "error")
    assert stream.is_over
    assert taken(stream) == []


def test_who_takes_waits_for_the_next_event() -> None:
    async def wait() -> list[bytes]:
        stream = EventStream()
        taking = asyncio.ensure_future(stream.take())
        await asyncio.sleep(0)
        assert not taking.done()
        stream.show(Finished())
        return [await taking, await stream.take()]

    assert asyncio.run(wait()) == [b'data: {"type": "complete"}\n\n', b""]
