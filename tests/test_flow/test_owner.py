"""Owner: what is made inside ends with it, last made first."""

from __future__ import annotations

import pytest

from flow import Computed, Effect, Owner, Signal, on_cleanup
from flow.errors import NoOwnerError


def test_effects_and_cleanups_end_with_their_owner_last_made_first() -> None:
    count, log = Signal(0), []
    with Owner() as owner:
        on_cleanup(lambda: log.append("first"))
        Effect(lambda: lambda: log.append(f"effect {count.value}"))
        on_cleanup(lambda: log.append("last"))
    assert not owner.is_disposed
    owner.dispose()
    owner.dispose()
    assert (log, owner.is_disposed) == (["last", "effect 0", "first"], True)


def test_an_inner_owner_ends_with_the_outer() -> None:
    count, seen = Signal(0), []
    with Owner() as outer, Owner() as inner:
        Effect(lambda: seen.append(count.value))
    outer.dispose()
    count.value = 1
    assert (seen, inner.is_disposed) == ([0], True)


def test_an_inner_owner_may_end_before_the_outer() -> None:
    log: list[str] = []
    with Owner() as outer:
        on_cleanup(lambda: log.append("outer"))
        with Owner() as inner:
            on_cleanup(lambda: log.append("inner"))
    inner.dispose()
    outer.dispose()
    assert log == ["inner", "outer"]


def test_an_owner_keeps_nothing_of_what_ended_by_itself() -> None:
    with Owner() as owner:
        for _ in range(10):
            Effect(lambda: None).dispose()
            Owner().dispose()
    assert not owner._owned


def test_an_owner_may_be_entered_again() -> None:
    log: list[int] = []
    owner = Owner()
    for n in range(3):
        with owner:
            on_cleanup(lambda n=n: log.append(n))
    assert owner.run(lambda: 7) == 7
    owner.dispose()
    assert log == [2, 1, 0]


def test_what_is_given_to_a_disposed_owner_ends_at_once() -> None:
    count = Signal(0)
    log: list[object] = []
    owner = Owner()
    owner.dispose()
    with owner:
        on_cleanup(lambda: log.append("cleanup"))
        Effect(lambda: log.append(count.value))
    count.value = 1
    assert log == ["cleanup", 0]


def test_an_owner_inside_an_effect_does_not_stop_it_from_tracking() -> None:
    count, seen = Signal(0), []

    def effect() -> None:
        with Owner():
            seen.append(count.value)

    Effect(effect)
    count.value = 1
    assert seen == [0, 1]


def test_a_cleanup_where_nothing_ends_is_an_error() -> None:
    with pytest.raises(NoOwnerError, match="call it in an effect, a component or `with Owner"):
        on_cleanup(lambda: None)


def test_on_cleanup_is_a_decorator_too() -> None:
    log: list[int] = []
    with Owner() as owner:

        @on_cleanup
        def close() -> None:
            log.append(1)

    owner.dispose()
    assert log == [1]
    close()
    assert log == [1, 1]


def test_an_effect_made_in_a_computed_ends_before_that_computes_again_and_with_its_owner() -> None:
    which, count, log = Signal(0), Signal(0), []

    def build() -> int:
        n = which.value
        Effect(lambda: log.append((n, count.value)))
        return n

    with Owner() as owner:
        computed = Computed(build)
        Effect(lambda: computed.value)
    which.value = 1
    count.value = 1
    assert log == [(0, 0), (1, 0), (1, 1)]
    owner.dispose()
    count.value = 2
    assert len(log) == 3
    assert count._observers is None


def test_disposing_in_a_cleanup_is_harmless() -> None:
    log: list[str] = []
    with Owner() as owner:
        on_cleanup(owner.dispose)
        on_cleanup(lambda: log.append("other"))
    owner.dispose()
    assert log == ["other"]


def test_ten_thousand_effects_end_one_by_one_in_no_time() -> None:
    # removing one from the middle of a list would make this a matter of minutes
    count = Signal(0)
    with Owner() as owner:
        effects = [Effect(lambda: count.value) for _ in range(10_000)]
    for effect in effects:
        effect.dispose()
    assert (owner._owned, count._observers) == ({}, None)


def test_owners_nested_ten_thousand_deep_end_and_the_innermost_first() -> None:
    count, seen = Signal(0), []
    log: list[int] = []
    root = inner = Owner()
    for n in range(10_000):
        inner.run(lambda n=n: on_cleanup(lambda: log.append(n)))  # type: ignore[misc]
        inner = inner.run(Owner)
    inner.run(lambda: Effect(lambda: seen.append(count.value)))
    root.dispose()
    count.value = 1
    assert (seen, inner.is_disposed, log) == ([0], True, [*reversed(range(10_000))])


def test_a_cleanup_that_fails_deep_inside_is_told_for_its_owner_and_stops_nothing(told: list[str]) -> None:
    log: list[str] = []

    def fail() -> None:
        raise ValueError("no")

    with Owner(name="outer") as outer:
        on_cleanup(lambda: log.append("outer"))
        with Owner(name="inner"):
            on_cleanup(lambda: log.append("inner"))
            on_cleanup(fail)
    outer.dispose()
    assert (log, told) == (["inner", "outer"], ["inner: ValueError('no')"])
