"""Computed: lazy, cached, right after every write; its errors, its cycles, its depth."""

from __future__ import annotations

import copy
import gc
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from flow import Computed, Effect, Signal, batch, untracked
from flow.errors import CycleError, WriteError

DEEP = 100_000


def test_it_computes_when_it_is_read_and_not_before() -> None:
    runs: list[int] = []
    computed = Computed(lambda: runs.append(1))
    assert runs == []
    _ = computed.value
    _ = computed.value
    assert runs == [1]


def test_it_is_kept_while_other_signals_change() -> None:
    a, other, runs = Signal(1), Signal(1), []

    def double() -> int:
        runs.append(1)
        return a.value * 2

    computed = Computed(double)
    assert computed.value == 2
    other.value = 2
    assert (computed.value, len(runs)) == (2, 1)
    a.value = 2
    assert (computed.value, len(runs)) == (4, 2)


@pytest.mark.parametrize("is_live", [False, True])
def test_a_diamond_is_computed_once_and_never_half_way(is_live: bool) -> None:
    # a ──▶ b ──▶ d
    #  └──▶ c ──▲
    a = Signal(1)
    b, c = Computed(lambda: a.value + 1), Computed(lambda: a.value * 10)
    seen: list[tuple[int, int]] = []

    def pair() -> tuple[int, int]:
        seen.append((b.value, c.value))
        return seen[-1]

    d = Computed(pair)
    if is_live:
        Effect(lambda: d.value)
    assert d.value == (2, 10)
    a.value = 2
    assert d.value == (3, 20)
    assert seen == [(2, 10), (3, 20)]


@pytest.mark.parametrize("is_live", [False, True])
def test_an_equal_result_goes_no_further(is_live: bool) -> None:
    a, runs = Signal(1), []
    parity = Computed(lambda: a.value % 2)

    def say() -> str:
        runs.append(1)
        return "odd" if parity.value else "even"

    text = Computed(say)
    if is_live:
        Effect(lambda: text.value)
    assert text.value == "odd"
    a.value = 3
    assert (text.value, len(runs)) == ("odd", 1)


def test_equals_decides_what_an_equal_result_is() -> None:
    a, seen = Signal(1.0), []
    rounded = Computed(lambda: a.value, equals=lambda old, new: round(old) == round(new))
    Effect(lambda: seen.append(rounded.value))
    a.value = 1.2
    a.value = 2.0
    assert seen == [1.0, 2.0]


@pytest.mark.parametrize("is_live", [False, True])
def test_what_it_does_not_read_any_more_does_not_run_it(is_live: bool) -> None:
    flag, a, runs = Signal(True), Signal(1), []

    def choose() -> int:
        runs.append(1)
        return a.value if flag.value else 0

    computed = Computed(lambda: choose())
    if is_live:
        Effect(lambda: computed.value)
    _ = computed.value
    flag.value = False
    assert computed.value == 0
    a.value = 2
    _ = computed.value
    assert len(runs) == 2
    flag.value = True
    assert (computed.value, len(runs)) == (2, 3)


def test_what_is_only_needed_under_a_condition_does_not_run_when_that_fails_at_the_same_time() -> None:
    divisor, runs = Signal(2), []

    def divide() -> float:
        runs.append(divisor.value)
        return 1 / divisor.value

    half = Computed(divide)
    safe = Computed(lambda: half.value if divisor.value else 0.0)
    # half is read after the divisor was asked for
    asked_first = Computed(lambda: 0.0 if not divisor.value else half.value)
    seen: list[float] = []
    Effect(lambda: seen.append(asked_first.value))
    divisor.value = 0
    assert (seen, runs) == ([0.5, 0.0], [2])
    assert safe.value == 0.0


def test_an_error_is_kept_and_raised_at_each_read_with_the_traceback_it_came_with() -> None:
    runs: list[int] = []

    def fail() -> int:
        runs.append(1)
        raise ValueError("no")

    computed = Computed(fail)
    lengths = []
    for _ in range(5):
        with pytest.raises(ValueError, match="no") as caught:
            _ = computed.value
        lengths.append(len(traceback.extract_tb(caught.value.__traceback__)))
    assert len(runs) == 1
    assert len(set(lengths)) == 1
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "fail"


def test_an_error_ends_when_what_it_came_from_changes() -> None:
    a = Signal(0)
    inverse = Computed(lambda: 1 / a.value)
    seen: list[Any] = []

    def effect() -> None:
        try:
            seen.append(inverse.value)
        except ZeroDivisionError:
            seen.append("none")

    Effect(effect)
    a.value = 2
    a.value = 0
    assert seen == ["none", 0.5, "none"]


def test_a_computed_that_was_interrupted_is_computed_by_the_next_read() -> None:
    is_interrupted = True

    def work() -> int:
        if is_interrupted:
            raise KeyboardInterrupt
        return 1

    inner = Computed(work)
    outer = Computed(lambda: inner.value)
    with pytest.raises(KeyboardInterrupt):
        _ = outer.value
    is_interrupted = False
    assert outer.value == 1


def test_peek_does_not_subscribe() -> None:
    a, seen = Signal(1), []
    double = Computed(lambda: a.value * 2)
    Effect(lambda: seen.append(double.peek()))
    a.value = 2
    assert (seen, double.peek()) == ([2], 4)


def test_a_cycle_is_an_error_that_names_its_members_in_order() -> None:
    nodes: dict[str, Computed[int]] = {}
    for name, reads in {"a": "b", "b": "c", "c": "a", "outside": "a"}.items():
        nodes[name] = Computed(lambda reads=reads: nodes[reads].value, name=name)
    with pytest.raises(CycleError, match="a -> b -> c -> a") as caught:
        _ = nodes["outside"].value
    assert caught.value.names == ("a", "b", "c")


def test_a_computed_that_reads_itself_is_a_cycle_of_one() -> None:
    nodes: list[Computed[int]] = []
    nodes.append(Computed(lambda: nodes[0].value, name="self"))
    with pytest.raises(CycleError, match="self -> self"):
        _ = nodes[0].value


@pytest.mark.parametrize("is_live", [False, True])
def test_a_cycle_that_opens_heals_everything_it_had_spoilt(is_live: bool) -> None:
    closed = Signal(True)
    a: Computed[int] = Computed(lambda: b.value if closed.value else 1, name="a")
    b: Computed[int] = Computed(lambda: a.value + 1, name="b")
    seen: list[Any] = []

    def effect(node: Computed[int]) -> None:
        try:
            seen.append(node.value)
        except CycleError:
            seen.append("cycle")

    if is_live:
        Effect(lambda: effect(a))
        Effect(lambda: effect(b))
        assert seen == ["cycle", "cycle"]
    for _ in range(2):
        with pytest.raises(CycleError):
            _ = b.value
    closed.value = False
    assert (a.value, b.value) == (1, 2)
    closed.value = True
    with pytest.raises(CycleError):
        _ = a.value
    closed.value = False
    assert (b.value, a.value) == (2, 1)
    if is_live:
        assert seen[-2:] in ([1, 2], [2, 1])


def test_two_that_swap_who_reads_whom_are_no_cycle() -> None:
    first = Signal(True)
    a: Computed[int] = Computed(lambda: 1 if first.value else b.value + 1)
    b: Computed[int] = Computed(lambda: a.value + 1 if first.value else 10)
    seen: list[tuple[int, int]] = []
    Effect(lambda: seen.append((a.value, b.value)))
    first.value = False
    first.value = True
    assert seen == [(1, 2), (11, 10), (1, 2)]


def test_a_computed_may_write_and_effects_run_after_it() -> None:
    a, log = Signal(1), Signal(0)
    seen: list[tuple[int, int]] = []

    def work() -> int:
        log.value = a.value
        return a.value * 2

    computed = Computed(work)
    Effect(lambda: seen.append((log.value, computed.peek())))
    a.value = 2
    assert computed.value == 4
    assert seen[-1] == (2, 4)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("is_live", [False, True])
def test_a_computed_that_always_writes_what_it_has_read_is_an_error_and_the_rest_goes_on(
    is_live: bool, told: list[str]
) -> None:
    """count ──▶ double ──▶ climbing, which writes count."""
    count, seen = Signal(0, name="count"), []
    is_climbing = Signal(False)
    double = Computed(lambda: count.value * 2)

    def climb() -> int:
        n = double.value
        if is_climbing.value:
            count.value += 1
        return n

    climbing = Computed(climb, name="climbing")
    Effect(lambda: seen.append(count.value))
    if is_live:
        Effect(lambda: climbing.value, name="reader")
        is_climbing.value = True
        assert [each.partition(":")[0] for each in told] == ["reader"]
    else:
        is_climbing.value = True
    with pytest.raises(WriteError, match="climbing writes count, which it reads") as caught:
        _ = climbing.value
    assert (caught.value.name, caught.value.signals) == ("climbing", ("count",))
    assert seen[-1] == count.value
    is_climbing.value = False
    count.value = 50
    assert (climbing.value, seen[-1]) == (100, 50)


def test_a_computed_may_put_right_what_it_has_read() -> None:
    count, seen = Signal(0), []

    def most() -> int:
        if count.value > 10:
            count.value = 10
        return count.value

    limited = Computed(most)
    Effect(lambda: seen.append(limited.value))
    count.value = 30
    assert (seen, count.value) == ([0, 10], 10)


def test_showing_a_computed_does_not_compute_it() -> None:
    a = Signal(2)
    computed = Computed(lambda: 1 / a.value, name="inverse")
    assert repr(computed) == "Computed(inverse: not computed yet)"
    _ = computed.value
    assert repr(computed) == "Computed(inverse: 0.5)"
    a.value = 0
    with pytest.raises(ZeroDivisionError):
        _ = computed.value
    assert repr(computed) == "Computed(inverse: failed: ZeroDivisionError('division by zero'))"


def test_a_computed_is_named_after_its_function() -> None:
    @Computed
    def total() -> int:
        return 1

    assert total.name.endswith("total")


def test_a_computed_in_a_condition_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"use \.value"):
        bool(Computed(lambda: 1))


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a function without arguments, not 3"):
        Computed(3)  # type: ignore[arg-type]


def test_a_copy_computes_the_same_and_has_no_readers() -> None:
    a, seen = Signal(1), []
    double = Computed(lambda: a.value * 2)
    Effect(lambda: seen.append(double.value))
    other = copy.deepcopy(double)
    assert (other.value, other._observers) == (2, None)


def chain(length: int, function: Callable[[int], int] = lambda value: value + 1) -> tuple[Signal[int], Computed[int]]:
    head = Signal(0)
    last: Any = head
    for _ in range(length):
        last = Computed(lambda above=last: function(above.value))
    return head, last


def test_a_chain_of_100_000_is_read_written_observed_disposed_and_collected() -> None:
    runs = [0]

    def step(value: int) -> int:
        runs[0] += 1
        return value + 1

    head, last = chain(DEEP, step)
    assert last.value == DEEP
    first_runs, runs[0] = runs[0], 0
    assert first_runs <= 2.1 * DEEP  # most are started twice, the first time

    head.value = 1
    assert (last.value, runs[0]) == (DEEP + 1, DEEP)

    seen: list[int] = []
    effect = Effect(lambda node=last: seen.append(node.value))
    head.value = 2
    assert (seen, runs[0]) == ([DEEP + 1, DEEP + 2], 2 * DEEP)

    effect.dispose()
    assert head._observers is None
    del last, effect
    gc.collect()
    head.value = 3


def test_an_error_at_the_far_end_of_a_deep_chain_arrives() -> None:
    def step(value: int) -> int:
        return value + 1

    head, last = chain(1000, step)
    broken = Computed(lambda: 1 // (head.value - 5) + last.value)
    assert broken.value == 1000 - 1
    head.value = 5
    with pytest.raises(ZeroDivisionError):
        _ = broken.value

    deep: Any = Computed(lambda: 1 // head.value)
    for _ in range(DEEP // 10):
        deep = Computed(lambda above=deep: above.value)
    head.value = 0
    with pytest.raises(ZeroDivisionError):
        _ = deep.value
    head.value = 1
    assert deep.value == 1


def test_a_first_read_deep_in_the_users_own_recursion_does_not_overflow() -> None:
    _, last = chain(2000)

    def descend(levels: int) -> int:
        return descend(levels - 1) if levels else last.value

    assert descend(600) == 2000


def test_an_effect_that_reads_a_deep_chain_is_started_once() -> None:
    _, last = chain(2000)
    runs: list[int] = []

    def effect() -> None:
        runs.append(1)
        _ = last.value

    Effect(effect)
    assert runs == [1]


def test_a_wide_and_deep_lattice_is_computed_once_each() -> None:
    # every node reads two of the layer above: 2**200 paths
    runs = [0]
    head = Signal(1)
    layer: list[Any] = [head, head]

    def node(a: Any, b: Any) -> Computed[int]:
        def add() -> int:
            runs[0] += 1
            return int(a.value + b.value) % 1_000_003

        return Computed(add)

    for _ in range(200):
        a, b = layer
        layer = [node(a, b), node(b, a)]
    _ = layer[0].value
    runs[0] = 0
    head.value = 2
    _ = layer[0].value
    assert runs[0] <= 400


def test_reading_inside_a_batch_gives_the_new_value() -> None:
    a = Signal(1)
    double = Computed(lambda: a.value * 2)
    Effect(lambda: double.value)
    with batch():
        a.value = 2
        assert double.value == 4


def test_a_read_under_untracked_in_a_computed_does_not_subscribe_it() -> None:
    a, b = Signal(1), Signal(1)

    def add() -> int:
        with untracked():
            hidden = b.value
        return a.value + hidden

    total = Computed(add)
    assert total.value == 2
    b.value = 5
    assert total.value == 2
    a.value = 2
    assert total.value == 7


def test_many_reads_of_one_source_are_one_dependency() -> None:
    a, flag = Signal(1), Signal(True)
    total = Computed(lambda: sum(a.value for _ in range(1000)) if flag.value else 0)
    seen: list[int] = []
    effect = Effect(lambda: seen.append(total.value))
    a.value = 2
    flag.value = False
    assert a._observers is None
    effect.dispose()
    assert seen == [1000, 2000, 0]
    assert flag._observers is None
