"""Laws of the graph, on random graphs and histories, against an oracle that is too simple to be wrong.

The oracle knows no marks, links, claims or clocks. It keeps for each node its value, how often that changed, and what
it read last time in which state; a node is due when one of those is in another state, asked in the order of reading.
That defines the least runs: a function runs if and only if something it would read again has changed.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow import Computed, Effect, Signal, batch
from flow.nodes import Node, Observer

SIGNALS = 4


@dataclass(frozen=True)
class Formula:
    """A function of nodes further up: reads ``first``, and by its value one of the two ``branches``, or fails."""

    first: int
    branches: tuple[tuple[int, ...], tuple[int, ...]]
    modulus: int
    fails_at: int | None

    def __call__(self, read: Callable[[int], int]) -> int:
        total = read(self.first)
        for index in self.branches[total % 2]:
            total += read(index)
        total %= self.modulus
        if total == self.fails_at:
            raise ArithmeticError(total)
        return total


@st.composite
def formulas(draw: st.DrawFn, above: int) -> Formula:
    some = st.integers(0, above - 1)
    many = st.lists(some, max_size=3).map(tuple)
    return Formula(
        draw(some), (draw(many), draw(many)), draw(st.integers(1, 5)), draw(st.sampled_from([None, None, 3]))
    )


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Formula], list[Formula]]:
    computeds = [draw(formulas(SIGNALS + index)) for index in range(draw(st.integers(0, 8)))]
    effects = [draw(formulas(SIGNALS + len(computeds))) for _ in range(draw(st.integers(0, 4)))]
    return computeds, effects


writes = st.dictionaries(st.integers(0, SIGNALS - 1), st.integers(0, 4), min_size=1)
steps = st.one_of(
    st.tuples(st.just("write"), writes),
    st.tuples(st.just("read"), st.integers(0, SIGNALS + 8)),
    st.tuples(st.just("dispose"), st.integers(0, 3)),
)


@dataclass
class Known:
    """What the oracle knows of a node. ``read`` holds the state that each node it read was in."""

    formula: Formula | None
    value: int | ArithmeticError = 0
    changes: int = 0
    read: list[tuple[int, int]] | None = None


@dataclass
class Oracle:
    nodes: list[Known]
    runs: Counter[int] = field(default_factory=Counter)

    def current(self, index: int) -> Known:
        """The node, brought up to date by recursion, from scratch at each call."""
        node = self.nodes[index]
        if node.formula is not None and self.is_due(node):
            self.run(index, node)
        return node

    def is_due(self, node: Known) -> bool:
        return node.read is None or any(self.current(index).changes != seen for index, seen in node.read)

    def run(self, index: int, node: Known) -> None:
        assert node.formula is not None
        self.runs[index] += 1
        seen: list[tuple[int, int]] = []

        def read(above: int) -> int:
            known = self.current(above)
            seen.append((above, known.changes))
            if isinstance(known.value, ArithmeticError):
                raise known.value
            return known.value

        value: int | ArithmeticError
        try:
            value = node.formula(read)
        except ArithmeticError as error:
            value = error
        node.read = seen
        if isinstance(value, ArithmeticError) or isinstance(node.value, ArithmeticError) or value != node.value:
            node.changes += 1
        if node.changes == 0:
            node.changes = 1
        node.value = value


class Real:
    """The same graph in flow, counting runs by the oracle's numbers."""

    def __init__(self, computeds: list[Formula], effects: list[Formula]) -> None:
        self.runs: Counter[int] = Counter()
        self.signals = [Signal(0, name=f"s{index}") for index in range(SIGNALS)]
        self.sources: list[Any] = list(self.signals)
        for formula in computeds:
            self.sources.append(Computed(self.counted(len(self.sources), formula)))
        self.seen: dict[int, int | str] = {}
        self.effects: list[Effect | None] = []
        for formula in effects:
            index = len(self.sources) + len(self.effects)
            self.effects.append(Effect(self.shown(index, self.counted(index, formula))))

    def counted(self, index: int, formula: Formula) -> Callable[[], int]:
        def run() -> int:
            self.runs[index] += 1
            return formula(lambda above: int(self.sources[above].value))

        return run

    def shown(self, index: int, function: Callable[[], int]) -> Callable[[], None]:
        def run() -> None:
            try:
                self.seen[index] = function()
            except ArithmeticError as error:
                self.seen[index] = str(error)

        return run


@settings(max_examples=200, deadline=None)
@given(graphs(), st.lists(steps, max_size=12))
def test_values_are_right_and_every_function_runs_exactly_when_it_must(
    graph: tuple[list[Formula], list[Formula]], history: list[tuple[str, Any]]
) -> None:
    computeds, effects = graph
    oracle = Oracle([Known(None) for _ in range(SIGNALS)] + [Known(formula) for formula in (*computeds, *effects)])
    live = list(range(SIGNALS + len(computeds), len(oracle.nodes)))
    for index in live:
        oracle.current(index)
    real = Real(computeds, effects)
    assert real.runs == oracle.runs

    for step, what in history:
        if step == "write":
            for index, value in what.items():
                if oracle.nodes[index].value != value:
                    oracle.nodes[index].value = value
                    oracle.nodes[index].changes += 1
            for index in live:
                oracle.current(index)
            with batch():
                for index, value in what.items():
                    real.signals[index].value = value
        elif step == "read" and what < len(real.sources):
            expected = oracle.current(what).value
            if isinstance(expected, ArithmeticError):
                with pytest.raises(ArithmeticError, match=str(expected)):
                    _ = real.sources[what].value
            else:
                assert real.sources[what].value == expected
        elif step == "dispose" and what < len(real.effects):
            effect = real.effects[what]
            index = len(real.sources) + what
            if effect is not None and index in live:
                effect.dispose()
                live.remove(index)
        assert real.runs == oracle.runs
        for index in live:
            value = oracle.nodes[index].value
            assert real.seen[index] == (str(value) if isinstance(value, ArithmeticError) else value)
        check_invariants(real)


def check_invariants(real: Real) -> None:
    """What graph.py promises of the graph between two operations."""
    effects = [effect for effect in real.effects if effect is not None]
    nodes: list[Node] = [*real.sources, *effects]
    for node in nodes:
        for observer in node._observers or ():
            assert node in observer._sources
            assert not observer._disposed
            assert not (node._stale and not observer._stale)
        if isinstance(node, Observer):
            assert node._running is None
            is_live = bool(node._observers) if node.computes else not node._disposed
            for source in node._sources:
                assert (node in (source._observers or {})) == is_live
            if not node.computes:
                assert node._stale is False


@settings(max_examples=60, deadline=None)
@given(graphs(), st.lists(writes, max_size=5))
def test_what_nobody_reads_any_more_leaves_no_trace_in_the_signals(
    graph: tuple[list[Formula], list[Formula]], history: list[dict[int, int]]
) -> None:
    real = Real(*graph)
    for step in history:
        for index, value in step.items():
            real.signals[index].value = value
    for effect in real.effects:
        assert effect is not None
        effect.dispose()
    assert [signal._observers for signal in real.signals] == [None] * SIGNALS
    gc.collect(0)
