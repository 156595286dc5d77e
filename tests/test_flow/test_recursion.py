"""A RecursionError of the user's, wherever in the graph it comes: the graph goes on working."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest

from flow import Computed, Effect, Owner, Signal, batch
from flow.nodes import LOCK

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("told")]


class Graph:
    """signal ──▶ double ──▶ half ──▶ an effect"""

    def __init__(self) -> None:
        self.signal, self.seen = Signal(0), list[float]()
        self.double = Computed(lambda: self.signal.value * 2)
        self.half = Computed(lambda: self.double.value / 2)
        self.first = Computed(lambda: self.signal.value + 1)
        self.effect = Effect(lambda: self.seen.append(self.half.value))

    def write(self, n: int) -> None:
        self.signal.value = n

    def write_in_a_batch(self, n: int) -> None:
        with batch():
            self.signal.value = n

    def update(self, n: int) -> None:
        self.signal.update(lambda old: old + 1)

    def read(self, n: int) -> None:
        _ = self.first.value
        self.signal.value = n
        _ = self.half.value

    def make(self, n: int) -> None:
        Effect(lambda: self.half.value).dispose()

    def own(self, n: int) -> None:
        with Owner() as owner:
            Effect(lambda: self.first.value)
        owner.dispose()

    def assert_works(self) -> None:
        free: list[bool] = []
        thread = Thread(target=lambda: free.append(LOCK.acquire(timeout=1)) or LOCK.release())
        thread.start()
        thread.join()
        assert free == [True]
        for n in (-5, -6):
            self.signal.value = n
            assert (self.half.value, self.first.value, self.seen[-1]) == (n, n + 1, n)


def recurse(step: Callable[[int], None], n: int, frames: int) -> None:
    """Take the step in ever deeper calls, that many frames at a time."""
    if n % frames == 0:
        step(n)
    recurse(step, n + 1, frames)


@pytest.mark.parametrize("frames", [1, 2, 3, 5])
@pytest.mark.parametrize("step", [Graph.write, Graph.write_in_a_batch, Graph.update, Graph.read, Graph.make, Graph.own])
def test_the_graph_goes_on_working_after_a_recursion_that_was_too_deep(
    step: Callable[[Graph, int], None], frames: int
) -> None:
    graph = Graph()
    with pytest.raises(RecursionError):
        recurse(lambda n: step(graph, n), 1, frames)
    graph.assert_works()


def test_what_overflowed_before_it_read_anything_goes_on_with_what_it_had_read() -> None:
    count, seen, is_deep = Signal(0), list[int](), False

    def double() -> int:
        if is_deep:
            raise RecursionError
        return count.value * 2

    def show() -> None:
        if is_deep:
            raise RecursionError
        seen.append(count.value)

    doubled = Computed(double)
    Effect(lambda: seen.append(doubled.value))
    Effect(show)
    is_deep = True
    count.value = 1
    is_deep = False
    count.value = 2
    assert sorted(seen) == [0, 0, 2, 4]


@pytest.mark.parametrize("is_live", [False, True])
@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_an_error_that_came_from_where_a_computed_was_read_is_not_kept(error: type[Exception], is_live: bool) -> None:
    count, seen, runs, is_deep = Signal(1), list[int](), [0], True

    def compute() -> int:
        runs[0] += 1
        if is_deep:
            raise error
        return count.value * 2

    doubled = Computed(compute)
    total = Computed(lambda: doubled.value + 1)
    if is_live:
        is_deep = False
        Effect(lambda: seen.append(total.value))
        is_deep = True
        count.value = 2
        runs[0] = 0
    for n in (1, 2):
        with pytest.raises(error):
            _ = total.value
        assert runs[0] == n
    is_deep = False
    assert total.value == count.value * 2 + 1
    assert seen == ([3, 5] if is_live else [])


def test_a_recursion_without_end_in_a_computed_fails_at_each_read_and_holds_up_nothing(told: list[str]) -> None:
    count, other, seen = Signal(0), Signal(0), list[int]()

    def compute(n: int) -> int:
        return compute(n + 1) if count.value else 0

    endless = Computed(lambda: compute(0))
    chain = [endless]
    for _ in range(20):
        chain.append(Computed(lambda above=chain[-1]: above.value))  # type: ignore[misc]
    Effect(lambda: chain[-1].value)
    Effect(lambda: seen.append(other.value))
    count.value = 1
    assert len(told) == 1
    other.value = 1
    assert (seen, len(told)) == ([0, 1], 1)
    for node in (chain[-1], Computed(lambda: chain[-1].value)):
        with pytest.raises(RecursionError):
            _ = node.value
    count.value = 0
    assert chain[-1].value == 0
