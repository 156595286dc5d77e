"""Pace: who has news is called in time, never more often than pages and servers bear."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.server.pace import BURST, FRAME, LIMIT, WINDOW, Pace


class Time:
    """A clock that stands still, and timers that go off when it is moved on."""

    def __init__(self) -> None:
        self.now = 100.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._numbers = count()

    def later(self, seconds: float, function: Callable[[], object]) -> Timer:
        timer = Timer(function)
        heapq.heappush(self._timers, (self.now + seconds, next(self._numbers), timer))
        return timer

    def pass_until(self, end: float) -> None:
        while self._timers and self._timers[0][0] <= end:
            self.now, _, timer = heapq.heappop(self._timers)
            if not timer.is_off:
                timer.function()
        self.now = end

    def passes(self, seconds: float) -> None:
        self.pass_until(self.now + seconds)


class Timer:
    def __init__(self, function: Callable[[], object]) -> None:
        self.function = function
        self.is_off = False

    def cancel(self) -> None:
        self.is_off = True


class Writer:
    """One that sends a message whenever it is its turn, and notes when."""

    def __init__(self, time: Time, pace: Pace) -> None:
        self.time, self.pace = time, pace
        self.sent: list[float] = []

    def flush(self) -> None:
        self.pace.count()
        self.sent.append(self.time.now)

    def request(self, *, is_urgent: bool = False) -> None:
        self.pace.request(self.flush, is_urgent=is_urgent)


def writers(number: int) -> tuple[Time, list[Writer]]:
    time = Time()
    pace = Pace(time.later, clock=lambda: time.now)
    return time, [Writer(time, pace) for _ in range(number)]


def test_the_first_news_are_told_at_once_and_further_ones_a_frame_later() -> None:
    time, (writer,) = writers(1)
    start = time.now
    for _ in range(10):
        writer.request()
    time.passes(0)
    writer.request()
    time.passes(1)
    assert writer.sent == [start, start + FRAME]


def test_what_is_urgent_does_not_wait_for_the_frame() -> None:
    time, (writer,) = writers(1)
    writer.request()
    time.passes(0)
    writer.request()
    time.passes(FRAME / 4)
    writer.request(is_urgent=True)
    time.passes(0)
    time.passes(1)
    assert len(writer.sent) == 2
    assert writer.sent[1] - writer.sent[0] <= FRAME / 2


def test_who_is_forgotten_is_not_called() -> None:
    time, (writer, other) = writers(2)
    writer.request()
    other.request()
    writer.pace.forget(writer.flush)
    time.passes(1)
    assert (len(writer.sent), len(other.sent)) == (0, 1)


def test_one_that_fails_keeps_nobody_from_a_turn() -> None:
    time, (writer,) = writers(1)

    def fail() -> None:
        raise SystemExit("enough")

    writer.pace.request(fail)
    writer.request()
    time.passes(1)
    assert len(writer.sent) == 1


def test_when_the_limit_is_reached_everybody_still_has_a_turn() -> None:
    time, many = writers(3 * LIMIT)
    for writer in many:
        writer.request()
    time.passes(WINDOW / 2)
    assert sum(len(writer.sent) for writer in many) == LIMIT
    time.passes(4 * WINDOW)
    assert all(len(writer.sent) == 1 for writer in many)


@given(st.lists(st.tuples(st.floats(0, 0.05), st.integers(0, 4), st.booleans()), max_size=400))
def test_however_it_is_asked_the_limits_hold_and_nobody_is_left_out(requests: list[tuple[float, int, bool]]) -> None:
    time, many = writers(5)
    last: dict[int, float] = {}
    for pause, index, is_urgent in requests:
        time.passes(pause)
        many[index].request(is_urgent=is_urgent)
        last[index] = time.now
    time.passes(10)
    sent = sorted(at for writer in many for at in writer.sent)
    assert all(later - first >= WINDOW - 1e-6 for first, later in zip(sent, sent[LIMIT:], strict=False))
    assert all(many[index].sent[-1] >= at for index, at in last.items())
    if not any(is_urgent for _, _, is_urgent in requests):
        for writer in many:
            assert all(after - before >= FRAME - 1e-6 for before, after in pairwise(writer.sent))


def test_what_a_burst_changes_is_told_together_when_it_ends() -> None:
    time = Time()
    pace = Pace(time.later, clock=lambda: time.now)
    writer = Writer(time, pace)
    pace.begin_burst()
    writer.request()
    time.passes(0.02)
    assert writer.sent == []
    pace.begin_burst()
    pace.end_burst()
    time.passes(0)
    assert writer.sent == []
    pace.end_burst()
    time.passes(0)
    assert writer.sent == [100.02]


def test_a_burst_that_goes_on_is_told_bit_by_bit() -> None:
    time = Time()
    pace = Pace(time.later, clock=lambda: time.now)
    writer = Writer(time, pace)
    pace.begin_burst()
    for _ in range(100):
        writer.request()
        time.passes(0.001)
    assert writer.sent[0] == pytest.approx(100 + BURST)
    assert all(later - sooner == pytest.approx(FRAME, abs=0.001) for sooner, later in pairwise(writer.sent))


def test_short_bursts_in_a_row_are_told_no_more_often_than_a_screen_shows() -> None:
    time = Time()
    pace = Pace(time.later, clock=lambda: time.now)
    writer = Writer(time, pace)
    for _ in range(500):
        pace.begin_burst()
        writer.request()
        pace.end_burst()
        time.passes(0.002)
    assert all(later - sooner >= FRAME - 1e-9 for sooner, later in pairwise(writer.sent))
    assert len(writer.sent) > 50
