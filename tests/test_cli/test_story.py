"""Events cross from one process to another unharmed."""

from __future__ import annotations

import pytest

from rdit.terminal.story import (
    CellStarted,
    Event,
    Failure,
    Finished,
    InputAwaited,
    InputGiven,
    Output,
    StatementEnded,
    StatementStarted,
    decode,
    encode,
    timed_out,
)


@pytest.mark.parametrize(
    "event",
    [
        CellStarted("x = 'ä'\n", 3),
        CellStarted("", None),
        StatementStarted(4, 7, 9),
        Output("stderr", "a\nb \udc80 \u2028 日本"),
        InputAwaited(),
        InputGiven(),
        StatementEnded(0.25, is_invisible=True, failed=True),
        Finished(),
        Finished(3, Failure("why", 1, 2, 4)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_crosses_as_one_line(event: Event) -> None:
    line = encode(event)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == event


@pytest.mark.parametrize(
    ("failure", "place"),
    [
        (Failure("x"), ""),
        (Failure("x", 3, 3), "line 3"),
        (Failure("x", 3, 5), "lines 3-5"),
        (Failure("x", 3, None), "line 3"),
        (Failure("x", cell=2), "cell 2"),
        (Failure("x", 3, 5, 2), "cell 2, lines 3-5"),
    ],
)
def test_a_failure_tells_its_place(failure: Failure, place: str) -> None:
    assert failure.place == place


def test_a_timeout_keeps_the_place_and_tells_the_time() -> None:
    assert timed_out(Failure("KeyboardInterrupt", 3, 4, 2), 1.5) == Failure(
        "timed out: still running after 1.5 s", 3, 4, 2
    )
