"""What reads an ObservableValue in a Computed or an Effect depends on what it read; and threads may read and change."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Event, Thread
from typing import Any

import pytest

from flow import Computed, Effect, batch, untracked
from sidekick import ObservableValue, apply_change


@dataclass
class Cart:
    items: list[str] = field(default_factory=list)
    note: str = ""


READS: dict[str, Callable[[Any], object]] = {
    "len": len,
    "an item": lambda o: o["a"][0],
    "iterating": lambda o: [list(row) for row in o.values()],
    "a nested len": lambda o: len(o["a"]),
    "its text": str,
    "its repr": repr,
    "the value itself": lambda o: copy.deepcopy(o.get()),
    "comparing": lambda o: o == {},
    "a copy": lambda o: o.copy(),
    "counting": lambda o: o["a"].count(1),
}


@pytest.mark.parametrize("name", READS)
def test_an_effect_runs_again_when_what_it_read_is_changed(name: str) -> None:
    observed, runs = ObservableValue({"a": [1]}), list[Any]()
    effect = Effect(lambda: runs.append(READS[name](observed)))
    before = len(runs)
    observed["a"].append(1)
    observed["b"] = [2]
    observed["a"][0] = 7
    assert len(runs) > before
    observed.set({"a": [5]})
    assert runs[-1] == READS[name](observed)
    now = len(runs)
    effect.dispose()
    observed["a"].clear()
    assert len(runs) == now


def test_an_effect_depends_on_no_more_than_it_read() -> None:
    observed, runs = ObservableValue({"a": [1], "b": [1]}), list[Any]()
    effect = Effect(lambda: runs.append(len(observed["a"])))
    observed["b"].append(2)
    assert runs == [1]
    observed["a"].append(2)
    assert runs == [1, 2]
    effect.dispose()


def test_a_computed_is_current_after_a_change_inside() -> None:
    observed = ObservableValue(Cart())
    size = Computed(lambda: len(observed.items))
    assert size.value == 0
    observed.items.append("tea")
    assert size.value == 1
    observed.items = ["tea", "milk", "bread"]
    assert size.value == 3


def test_an_observed_number_is_a_signal_too() -> None:
    count, doubled = ObservableValue(1), list[int]()
    effect = Effect(lambda: doubled.append(count * 2))
    count += 1
    count.set(5)
    assert doubled == [2, 4, 10]
    effect.dispose()


def test_several_changes_in_a_batch_are_one_run() -> None:
    observed, runs = ObservableValue([1]), list[Any]()
    effect = Effect(lambda: runs.append(sum(observed)))
    with batch():
        observed.append(2)
        observed.append(3)
    assert runs == [1, 6]
    effect.dispose()


def test_what_is_read_untracked_is_not_depended_on() -> None:
    observed, runs = ObservableValue([1]), list[Any]()

    def read() -> None:
        with untracked():
            runs.append(len(observed))

    effect = Effect(read)
    observed.append(2)
    assert runs == [1]
    effect.dispose()


def test_an_effect_runs_again_after_notify_and_after_a_method() -> None:
    class Stack:
        def __init__(self) -> None:
            self.items: list[int] = []

        def push(self, item: int) -> None:
            self.items.append(item)

    observed, runs = ObservableValue(Stack()), list[Any]()
    effect = Effect(lambda: runs.append(list(observed.items)))
    observed.push(1)
    observed.get().items.append(2)
    observed.notify()
    assert runs[-1] == [1, 2]
    assert [1] in runs
    effect.dispose()


def test_an_effect_that_calls_a_method_or_asks_a_property_depends_on_all_that_is_inside() -> None:
    class Basket:
        def __init__(self) -> None:
            self.prices = [[1], [2]]

        def total(self) -> int:
            return sum(map(sum, self.prices))

        @property
        def count(self) -> int:
            return sum(map(len, self.prices))

        def __len__(self) -> int:
            return self.count

    observed, seen = ObservableValue(Basket()), list[Any]()
    effect = Effect(lambda: seen.append((observed.total(), observed.count, len(observed))))
    observed.prices[1].append(5)
    assert seen == [(3, 2, 2), (8, 3, 3)]
    effect.dispose()
    asked = list[Any]()
    effect = Effect(lambda: asked.append(observed.count))
    observed.prices[0].append(1)
    assert asked == [3, 4]
    effect.dispose()


# -- Threads


@contextmanager
def quick_switches() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def in_threads(*works: Callable[[], object]) -> None:
    start = Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(work,), daemon=True) for work in works]
    with quick_switches():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert not errors
    assert not any(thread.is_alive() for thread in threads)


def test_no_change_of_a_thread_is_lost_or_told_out_of_order() -> None:
    start: dict[str, list[Any]] = {"rows": [], "set": []}
    observed, replica = ObservableValue(start), copy.deepcopy(start)
    log: list[Any] = []
    observed.subscribe(log.append)

    def work(name: int) -> None:
        for number in range(150):
            observed["rows"].append((name, number))
            observed["rows"][0:0] = [number]
            observed["set"].insert(0, name)
            observed["rows"].pop(0)

    in_threads(*(lambda name=name: work(name) for name in range(4)))  # type: ignore[misc]
    assert len(log) == 4 * 150 * 4
    for change in log:
        replica = apply_change(replica, change)
    assert replica == observed.get()
    assert len(observed["set"]) == 600


def test_a_number_that_threads_add_to_in_place_tells_every_change_it_made() -> None:
    observed, last = ObservableValue({"n": 0}), list[Any]()
    observed.subscribe(lambda change: last.append(change["value"]))
    in_threads(*(lambda: [observed.update(n=number) for number in range(200)] for _ in range(3)))
    assert len(last) == 600
    assert last[-1] == observed["n"]


def test_an_effect_sees_the_last_change_of_any_thread() -> None:
    observed, seen = ObservableValue([0]), list[int]()
    effect = Effect(lambda: seen.append(len(observed)))
    in_threads(*(lambda: [observed.append(number) for number in range(100)] for _ in range(3)))
    assert seen[-1] == 301
    effect.dispose()


def test_a_subscriber_may_wait_for_a_thread_that_changes_the_same_value() -> None:
    observed, heard = ObservableValue([0]), list[Any]()

    def hear(change: dict[str, Any]) -> None:
        heard.append(change["value"])
        if change["value"] == 1:
            other = Thread(target=observed.append, args=(2,))
            other.start()
            other.join(30)
            assert not other.is_alive()

    observed.subscribe(hear)
    observed.append(1)
    assert heard == [1, 2]


def test_subscribing_and_unsubscribing_while_others_change_harms_nobody() -> None:
    observed, steady, done = ObservableValue([0]), list[Any](), Event()
    observed.subscribe(steady.append)

    def come_and_go() -> None:
        while not done.is_set():
            observed.subscribe(len)()

    def change() -> None:
        for number in range(300):
            observed.append(number)
        done.set()

    in_threads(come_and_go, change)
    assert [change["value"] for change in steady] == list(range(300))
