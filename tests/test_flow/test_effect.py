"""Effect: when it runs, in which order, what it owns, and what its errors and endless loops come to."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import pytest

from flow import Computed, Effect, Owner, Signal, batch, on_cleanup
from flow.errors import LoopError, handle_errors


def test_it_runs_at_once_and_after_each_change() -> None:
    effects_run: list[int] = []
    count = Signal(0)
    Effect(lambda: effects_run.append(count.value))
    assert effects_run == [0]
    count.value = 1
    assert effects_run == [0, 1]
    count.value = 2
    assert effects_run == [0, 1, 2]


def test_it_stays_alive_without_a_name() -> None:
    seen: list[int] = []
    count = Signal(0)

    @Effect
    def _() -> None:
        seen.append(count.value)

    count.value = 1
    assert seen == [0, 1]


def test_it_ends_when_it_is_disposed_and_twice_is_harmless() -> None:
    count, seen = Signal(0), []
    effect = Effect(lambda: seen.append(count.value), name="watch")
    effect.dispose()
    effect.dispose()
    count.value = 1
    assert (seen, effect.is_disposed, repr(effect)) == ([0], True, "Effect(watch disposed)")


def test_it_runs_for_what_it_read_in_its_last_run_only() -> None:
    which, a, b, seen = Signal("a"), Signal(0), Signal(0), []
    Effect(lambda: seen.append(a.value if which.value == "a" else b.value))
    b.value = 1
    which.value = "b"
    a.value = 5
    b.value = 2
    assert seen == [0, 1, 2]
    assert a._observers is None


def test_effects_of_one_write_run_in_the_order_in_which_they_subscribed() -> None:
    count, order = Signal(0), []
    for name in "abc":
        Effect(lambda name=name: order.append((name, count.value)))
    order.clear()
    count.value = 1
    assert order == [("a", 1), ("b", 1), ("c", 1)]


def test_cleanups_run_before_the_next_run_and_at_the_end_last_made_first() -> None:
    count, log = Signal(0), []

    def effect() -> Any:
        n = count.value
        log.append(f"run {n}")
        on_cleanup(lambda: log.append(f"first {n}"))
        on_cleanup(lambda: log.append(f"second {n}"))
        return lambda: log.append(f"returned {n}")

    it = Effect(effect)
    count.value = 1
    assert log == ["run 0", "returned 0", "second 0", "first 0", "run 1"]
    it.dispose()
    assert log[5:] == ["returned 1", "second 1", "first 1"]


def test_a_cleanup_reads_without_subscribing() -> None:
    count, other, runs = Signal(0), Signal(0), []

    def effect() -> Any:
        runs.append(count.value)
        return lambda: other.value

    Effect(effect)
    count.value = 1
    other.value = 1
    assert runs == [0, 1]


def test_a_cleanup_that_fails_is_told_and_stops_nothing(told: list[str]) -> None:
    count, log = Signal(0), []

    def effect() -> None:
        _ = count.value
        on_cleanup(lambda: log.append("other"))
        on_cleanup(lambda: 1 / 0)

    Effect(effect, name="fragile")
    count.value = 1
    assert (log, told) == (["other"], ["fragile: ZeroDivisionError('division by zero')"])


def test_an_inner_effect_belongs_to_the_outer_and_ends_before_it_runs_again() -> None:
    outer, inner, log = Signal(0), Signal(0), []

    def make() -> None:
        n = outer.value
        Effect(lambda: log.append((n, inner.value)))

    effect = Effect(make)
    inner.value = 1
    outer.value = 1
    inner.value = 2
    assert log == [(0, 0), (0, 1), (1, 1), (1, 2)]
    effect.dispose()
    inner.value = 3
    assert log[4:] == []
    assert inner._observers is None


def test_an_inner_effect_does_not_run_when_the_outer_is_about_to_drop_it() -> None:
    user, log = Signal[Any]({"name": "Ada"}), []

    def page() -> None:
        if user.value is not None:
            Effect(lambda: log.append(user.value["name"]))

    # the inner one subscribes to `name` before the outer one does to `user`
    Effect(page)
    user.value = None
    user.value = {"name": "Grace"}
    assert log == ["Ada", "Grace"]


def test_the_outer_effect_goes_first_even_when_the_inner_one_was_reached_first() -> None:
    early, late, log, told = Signal(0), Signal(0), [], []
    restore = handle_errors(lambda error, where: told.append(error))

    def outer() -> None:
        def inner() -> None:
            _ = early.value
            log.append(("inner", 10 // (1 - late.value)))

        Effect(inner)
        if late.value:
            return
        log.append(("outer", 0))

    def outermost() -> None:
        if late.value == 0:
            outer()

    Effect(outermost)
    with batch():
        early.value = 1
        late.value = 1
    restore()
    assert (told, log) == ([], [("inner", 10), ("outer", 0)])


def test_a_loop_of_effects_made_in_a_run_is_disposed_with_it() -> None:
    size, item = Signal(3), Signal(0)
    runs: list[int] = []

    def rows() -> None:
        for row in range(size.value):
            Effect(lambda row=row: runs.append(item.value + row))

    Effect(rows)
    size.value = 1
    runs.clear()
    item.value = 10
    assert runs == [10]


def test_the_first_error_is_raised_where_the_effect_is_made_and_leaves_nothing() -> None:
    count = Signal(0)
    log: list[str] = []

    def effect() -> None:
        on_cleanup(lambda: log.append("cleaned"))
        raise ValueError(count.value)

    with pytest.raises(ValueError, match="0"):
        Effect(effect)
    assert (count._observers, log) == (None, ["cleaned"])


def test_a_later_error_is_told_stops_no_other_effect_and_the_effect_lives_on(told: list[str]) -> None:
    count, log = Signal(1), []
    Effect(lambda: log.append(("before", count.value)))
    Effect(lambda: log.append(("inverse", 1 / count.value)), name="inverse")
    Effect(lambda: log.append(("after", count.value)))
    log.clear()
    count.value = 0
    assert log == [("before", 0), ("after", 0)]
    assert told == ["inverse: ZeroDivisionError('division by zero')"]
    count.value = 1
    assert ("inverse", 1) in log


def test_an_untold_error_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    count = Signal(1)
    Effect(lambda: 1 // count.value, name="inverse")
    with caplog.at_level(logging.ERROR, "flow"):
        count.value = 0
    [record] = caplog.records
    assert record.getMessage().startswith("inverse failed: ZeroDivisionError")
    assert record.exc_info is not None


def test_the_nearest_owner_that_listens_hears_of_errors(told: list[str]) -> None:
    count = Signal(1)
    heard: list[str] = []
    with (
        Owner(on_error=lambda error, where: heard.append(where.name)),
        Owner(name="silent"),
    ):
        Effect(lambda: Effect(lambda: 1 // count.value, name="inner"), name="outer")
    count.value = 0
    assert (heard, told) == (["inner"], [])


def test_a_handler_of_errors_that_fails_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    count, log = Signal(1), []
    restore = handle_errors(lambda error, where: 1 / 0)
    Effect(lambda: 1 // count.value, name="inverse")
    Effect(lambda: log.append(count.value))
    count.value = 0
    restore()
    assert log == [1, 0]
    assert "the handler of an error of inverse failed" in caplog.text


def test_a_failing_effect_depends_on_what_it_had_read(told: list[str]) -> None:
    a, b, log = Signal(0), Signal(0), []

    def effect() -> None:
        log.append(a.value)
        if log[-1] == 1:
            raise ValueError
        log.append(b.value)

    Effect(effect)
    a.value = 1
    b.value = 7
    a.value = 2
    assert log == [0, 0, 1, 2, 7]


def test_what_an_effect_writes_is_seen_after_it_and_once() -> None:
    a, b, log = Signal(1), Signal(0), []

    def copy() -> None:
        b.value = a.value * 10
        b.update(lambda n: n + 1)

    Effect(copy)
    Effect(lambda: log.append((a.value, b.value)))
    a.value = 2
    assert log[-1] == (2, 21)
    assert log.count((2, 21)) == 1


def test_an_effect_that_writes_what_it_has_read_runs_again_until_it_settles() -> None:
    count, seen = Signal(0), []

    def climb() -> None:
        seen.append(count.value)
        if count.value < 5:
            count.value += 1

    Effect(climb)
    assert seen == [0, 1, 2, 3, 4, 5]
    count.value = 3
    assert seen[6:] == [3, 4, 5]


def test_an_effect_that_writes_before_it_reads_does_not_run_again() -> None:
    a, b, runs = Signal(0), Signal(0), []
    double = Computed(lambda: b.value * 2)

    def effect() -> None:
        b.value = a.value + 1
        runs.append((b.value, double.value))

    Effect(effect)
    a.value = 1
    assert runs == [(1, 2), (2, 4)]


def test_an_effect_that_writes_what_a_computed_it_read_depends_on_runs_again() -> None:
    a, trigger, runs = Signal(0), Signal(0), []
    double = Computed(lambda: a.value * 2)

    def effect() -> None:
        runs.append((trigger.value, double.value))
        a.value = trigger.value

    Effect(effect)
    trigger.value = 3
    assert runs == [(0, 0), (3, 0), (3, 6)]


def test_the_same_holds_for_its_first_run() -> None:
    a, runs = Signal(0), []
    double = Computed(lambda: a.value * 2)

    def effect() -> None:
        runs.append(double.value)
        a.value = 3

    Effect(effect)
    assert runs == [0, 6]
    a.value = 4
    assert runs == [0, 6, 8, 6]


def test_effects_that_set_each_other_off_without_end_are_an_error_that_names_them() -> None:
    ping, pong = Signal(0, name="ping"), Signal(0, name="pong")
    Effect(lambda: pong.set(ping.value + 1), name="to pong")

    def back() -> None:
        if pong.value > 1:
            ping.value = pong.value

    Effect(back, name="to ping")
    with pytest.raises(LoopError, match="after 100 runs") as caught:
        ping.value = 5
    assert caught.value.effects in (("to pong",), ("to ping",))
    assert caught.value.signals in (("ping",), ("pong",))


def test_after_an_endless_loop_everything_else_still_works() -> None:
    go, count, log = Signal(False), Signal(0, name="count"), []

    def endless() -> None:
        if go.value:
            count.value += 1

    effect = Effect(endless)
    Effect(lambda: log.append(count.value))
    with pytest.raises(LoopError, match="count"):
        go.value = True
    effect.dispose()
    count.value = -1
    assert log[-1] == -1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("depth", [1, 2])
def test_an_endless_loop_is_found_too_where_the_effects_inside_are_due_as_well(depth: int) -> None:
    count = Signal(0, name="count")

    def inside(level: int) -> None:
        _ = count.value
        if level:
            Effect(lambda: inside(level - 1))

    def outer() -> None:
        Effect(lambda: inside(depth - 1))
        if count.value:
            count.value += 1

    effect = Effect(outer)
    with pytest.raises(LoopError, match="outer"):
        count.value = 1
    effect.dispose()
    count.value = -1
    assert count._observers is None


def test_a_long_chain_of_effects_that_write_is_no_endless_loop() -> None:
    signals = [Signal(0) for _ in range(300)]

    def copy(source: Signal[int], target: Signal[int]) -> None:
        target.value = source.value

    for source, target in itertools.pairwise(signals):
        Effect(lambda source=source, target=target: copy(source, target))
    signals[0].value = 1
    assert signals[-1].value == 1


def test_only_what_goes_round_is_given_up_and_named() -> None:
    """count ──▶ endless, which writes count and other ──▶ relay ──▶ far: those that follow see the last of it"""
    count, other, far = Signal(0, name="count"), Signal(0, name="other"), Signal(0, name="far")
    seen, seen_far = [], []

    def endless() -> None:
        if count.value:
            count.value += 1
            other.value += 1

    def relay() -> None:
        far.value = other.value

    Effect(lambda: seen.append(other.value), name="watcher")
    Effect(relay, name="relay")
    it = Effect(endless, name="endless")
    Effect(lambda: seen_far.append(far.value))
    with pytest.raises(LoopError) as caught:
        count.value = 1
    assert caught.value.effects == ("endless",)
    assert (seen[-1], seen_far[-1]) == (other.value, other.value)
    it.dispose()
    other.value = -1
    assert (seen[-1], seen_far[-1]) == (-1, -1)


@pytest.mark.timeout(20)
def test_two_loops_at_a_time_are_both_given_up_and_named() -> None:
    go, seen = Signal(False), []

    def loop(count: Signal[int]) -> None:
        if go.value:
            count.value += 1

    for name in ("one", "two"):
        count = Signal(0, name=name)
        Effect(lambda count=count: loop(count), name=f"loop {name}")
    Effect(lambda: seen.append(go.value))
    with pytest.raises(LoopError) as caught:
        go.value = True
    assert (caught.value.effects, caught.value.signals) == (("loop one", "loop two"), ("one", "two"))
    go.value = False
    assert seen == [False, True, False]


@pytest.mark.timeout(20)
def test_an_effect_that_writes_a_signal_of_its_own_after_it_has_read_it_is_an_endless_loop() -> None:
    def effect() -> None:
        mine = Signal(0, name="mine")
        mine.value += 1

    with pytest.raises(LoopError, match="mine"):
        Effect(effect)


def test_an_effect_may_dispose_itself_while_it_runs() -> None:
    count = Signal(0)
    log: list[object] = []

    def effect() -> Any:
        log.append(count.value)
        if count.value == 1:
            it.dispose()
        return lambda: log.append("cleaned")

    it = Effect(effect)
    count.value = 1
    count.value = 2
    assert log == [0, "cleaned", 1, "cleaned"]
    assert count._observers is None


def test_an_effect_may_dispose_another_that_was_about_to_run() -> None:
    count, log = Signal(0), []
    effects: list[Effect] = []

    def first() -> None:
        if count.value:
            effects[0].dispose()

    Effect(first)
    effects.append(Effect(lambda: log.append(count.value)))
    count.value = 1
    assert log == [0]


def test_an_effect_made_in_a_run_that_disposes_its_owner_ends_at_once() -> None:
    log: list[str] = []
    count = Signal(0)
    with Owner() as owner:

        def effect() -> None:
            if not count.value:
                return
            owner.dispose()
            Effect(lambda: log.append(f"late {count.value}"))
            on_cleanup(lambda: log.append("closed"))

        Effect(effect)
    count.value = 1
    count.value = 2
    assert log == ["late 1", "closed"]
    assert count._observers is None


def test_an_interrupted_flush_leaves_the_rest_to_the_next() -> None:
    count, other, log = Signal(0), Signal(0), []
    is_interrupted = True

    def interrupted() -> None:
        if count.value and is_interrupted:
            raise KeyboardInterrupt

    Effect(interrupted)
    Effect(lambda: log.append(count.value))
    Effect(lambda: other.value)
    with pytest.raises(KeyboardInterrupt):
        count.value = 1
    assert log == [0]
    other.value = 1
    assert log == [0, 1]
    is_interrupted = False
    count.value = 2
    assert log == [0, 1, 2]


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a function without arguments, not 3"):
        Effect(3)  # type: ignore[arg-type]


def test_an_effect_that_was_interrupted_before_it_read_anything_goes_on_with_what_it_had_read() -> None:
    count, other, seen, is_interrupted = Signal(0), Signal(0), [], False

    def effect() -> None:
        if is_interrupted:
            raise KeyboardInterrupt
        seen.append(count.value)

    Effect(effect)
    Effect(lambda: other.value)
    is_interrupted = True
    with pytest.raises(KeyboardInterrupt):
        count.value = 1
    is_interrupted = False
    other.value = 1  # the next flush
    count.value = 2
    assert seen == [0, 2]
