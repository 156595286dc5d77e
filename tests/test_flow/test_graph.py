"""The graph itself: links, marks, liveness, the clock, and what an interrupt in the middle of them leaves."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flow import Computed, Effect, Signal
from flow.edges import link, mark, relink, unlink
from flow.graph import leftover, mend
from flow.nodes import LOCK, NEVER, Node, Observer, clock, is_same

Reads = dict[str, list[str]]

# a ──▶ b ──▶ d ──▶ e        a ladder: every node of a layer reads both of the layer above
#  └──▶ c ──▲
DIAMOND: Reads = {"b": ["a"], "c": ["a"], "d": ["b", "c"]}
LADDER: Reads = {
    f"{layer}{side}": [f"{layer - 1}l", f"{layer - 1}r"] if layer else ["a"] for layer in range(30) for side in "lr"
}


@pytest.fixture(autouse=True)
def _nothing_is_left_over() -> Iterator[None]:
    leftover.clear()
    yield
    assert leftover == []
    assert LOCK.acquire(blocking=False)
    LOCK.release()


def graph(reads: Reads) -> dict[str, Any]:
    nodes: dict[str, Any] = {"a": Signal(1, name="a")}
    for name, sources in reads.items():
        nodes[name] = Computed(
            lambda sources=sources: sum(nodes[source].value for source in sources) % 1_000_003, name=name
        )
    return nodes


def observers(node: Node) -> set[str]:
    return {observer.name for observer in node._observers or ()}


def test_a_computed_that_nobody_observes_is_not_subscribed() -> None:
    nodes = graph(DIAMOND)
    _ = nodes["d"].value
    assert [observers(node) for node in nodes.values()] == [set()] * 4


def test_what_an_effect_reads_goes_live_down_to_the_signals() -> None:
    nodes = graph(DIAMOND)
    effect = Effect(lambda: nodes["d"].value, name="e")
    assert {name: observers(node) for name, node in nodes.items()} == {
        "a": {"b", "c"},
        "b": {"d"},
        "c": {"d"},
        "d": {"e"},
    }
    effect.dispose()
    assert [observers(node) for node in nodes.values()] == [set()] * 4


def test_what_two_observe_stays_live_until_both_have_gone() -> None:
    nodes = graph(DIAMOND)
    first, second = Effect(lambda: nodes["d"].value, name="1"), Effect(lambda: nodes["b"].value, name="2")
    first.dispose()
    assert {name: observers(node) for name, node in nodes.items()} == {"a": {"b"}, "b": {"2"}, "c": set(), "d": set()}
    second.dispose()
    assert observers(nodes["a"]) == set()


def test_a_ladder_with_very_many_paths_goes_live_and_cold_in_as_many_steps_as_it_has_arrows() -> None:
    nodes = graph(LADDER)
    effect = Effect(lambda: nodes["29l"].value)
    assert sum(len(observers(node)) for node in nodes.values()) == 2 + 28 * 4 + 2 + 1
    effect.dispose()
    assert sum(len(observers(node)) for node in nodes.values()) == 0


def test_a_computed_that_goes_cold_keeps_its_value_as_long_as_nothing_is_written() -> None:
    runs: list[int] = []
    a = Signal(1)

    def count() -> int:
        runs.append(a.value)
        return a.value

    computed = Computed(count)
    effect = Effect(lambda: computed.value)
    Signal(0).value = 1
    effect.dispose()
    assert (computed.value, runs) == (1, [1])
    a.value = 2
    assert (computed.value, runs) == (2, [1, 2])


def test_a_computed_that_was_read_before_a_write_goes_live_as_stale() -> None:
    a, seen = Signal(1), []
    computed = Computed(lambda: a.value)
    _ = computed.value
    a.value = 2
    Effect(lambda: seen.append(computed.value))
    a.value = 3
    assert seen == [2, 3]


def test_marking_stops_at_what_is_marked_and_collects_each_effect_once() -> None:
    nodes = graph(DIAMOND)
    effect = Effect(lambda: nodes["d"].value)
    with LOCK:
        assert mark(nodes["a"]._observers) == [effect]
        assert mark(nodes["a"]._observers) == []
    assert [node._stale for node in nodes.values()] == [False, True, True, True]
    assert effect._stale is True
    effect.dispose()


def test_the_clock_moves_with_writes_that_change_something_and_not_with_reads() -> None:
    a = Signal(1)
    double = Computed(lambda: a.value * 2)
    before = clock.now
    _ = double.value
    a.value = 1
    assert clock.now == before
    a.value = 2
    _ = double.value
    assert clock.now == before + 1


def test_a_run_with_the_same_reads_keeps_the_list_it_has() -> None:
    a, b = Signal(1), Signal(2)
    total = Computed(lambda: a.value + b.value)
    Effect(lambda: total.value)
    sources = total._sources
    a.value = 5
    assert total._sources is sources


@pytest.mark.parametrize("step", range(60))
def test_links_are_complete_after_an_interrupt_at_any_step(step: int) -> None:
    """An error out of a mapping's method stands for an interrupt there. After ``mend``, marks reach the effect."""
    nodes = graph({**DIAMOND, "f": ["a"], "g": ["f", "d"]})
    which = Signal(0, name="which")
    effect = Effect(lambda: nodes["d"].value if which.value == 0 else nodes["g"].value, name="e")
    _ = nodes["g"].value
    left = [step]

    class Interrupting(dict[Observer, None]):
        def __setitem__(self, key: Observer, value: None) -> None:
            self._tick()
            super().__setitem__(key, value)

        def __delitem__(self, key: Observer) -> None:
            self._tick()
            super().__delitem__(key)

        def _tick(self) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt

    for node in [*nodes.values(), which]:
        node._observers = Interrupting(node._observers or {})
    is_interrupted = False
    with LOCK:
        try:
            relink(effect, [which, nodes["g"], nodes["f"]])
        except KeyboardInterrupt:
            is_interrupted = True
            mend(effect)
    left[0] = -1
    if not is_interrupted:
        assert step == 0 or step > 5
        effect.dispose()
        return
    assert leftover == [effect]
    leftover.clear()
    for node in nodes.values():
        for source in getattr(node, "_sources", ()):
            if node._observers:
                assert node in source._observers, f"{node.name} is live and not subscribed to {source.name}"
    for source in effect._sources:
        assert effect in (source._observers or {})
    effect._stale = False
    for node in nodes.values():
        if isinstance(node, Computed):
            node._stale = not node._observers
    with LOCK:
        assert mark(nodes["a"]._observers) == [effect]
    assert effect._seen == NEVER
    effect.dispose()
    for node in nodes.values():
        assert not node._observers


def test_linking_and_unlinking_twice_is_harmless() -> None:
    nodes = graph(DIAMOND)
    effect = Effect(lambda: nodes["d"].value, name="e")
    with LOCK:
        link(nodes["d"], effect)
        assert observers(nodes["d"]) == {"e"}
        unlink(nodes["d"], effect)
        unlink(nodes["d"], effect)
        assert observers(nodes["a"]) == set()
        link(nodes["d"], effect)
    effect.dispose()


def test_a_finalizer_that_disposes_in_the_middle_of_things_does_not_block() -> None:
    a = Signal(0)

    class Resource:
        def __init__(self) -> None:
            self.effect = Effect(lambda: a.value)
            self.ring = self  # only the collector frees it

        def __del__(self) -> None:
            self.effect.dispose()
            a.value = -1

    threshold = gc.get_threshold()
    gc.set_threshold(5)
    try:
        for n in range(300):
            Resource()
            a.value = n
            Effect(lambda: a.value).dispose()
    finally:
        gc.set_threshold(*threshold)
    gc.collect()
    assert a._observers is None


Equals = Callable[[Any, Any], object]


@pytest.mark.parametrize(
    ("equals", "old", "new", "same"),
    [
        (None, 1, 1, True),
        (None, 1, 2, False),
        (None, (1, [2]), (1, [2]), True),
        (lambda old, new: True, 1, 2, True),
        (lambda old, new: 0, 1, 1, False),
        (lambda old, new: "yes", 1, 2, True),
    ],
)
def test_what_is_the_same(equals: Equals | None, old: Any, new: Any, same: bool) -> None:
    assert is_same(equals, old, new) is same
