"""Copies that stand still: the same to look at, and nothing of what happens to the value afterwards."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from typing import Any

import pytest
from hypothesis import given

from sidekick import ObservableValue, apply_change
from sidekick.viz.still import ITEMS, MOST, Copier
from support.sidekick_values import VALUES, Player, Point, all_told


@given(VALUES)
def test_a_copy_of_any_value_looks_the_same(value: Any) -> None:
    assert all_told(Copier().copy(value)) == all_told(value)
    assert all_told(Copier(enters=True).copy(value)) == all_told(value)


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1, [2]], lambda value: value[1].append(3)),
        ({"a": {"b": 1}}, lambda value: value["a"].update(b=2)),
        ((1, [2]), lambda value: value[1].append(3)),
        ({1, 2}, lambda value: value.add(3)),
        (deque([1], maxlen=2), lambda value: value.append(2)),
        (bytearray(b"a"), lambda value: value.append(2)),
        (Point([1], 2), lambda value: value.x.append(2)),
        (Player(1), lambda value: setattr(value, "score", 2)),
        ([Player(1)], lambda value: setattr(value[0], "score", 2)),
        (OrderedDict(a=[1]), lambda value: value["a"].append(2)),
        (defaultdict(list), lambda value: value["a"].append(2)),
    ],
)
def test_a_copy_does_not_follow(value: Any, change: Any) -> None:
    copy = Copier().copy(value)
    before = all_told(copy)
    assert before == all_told(value)
    change(value)
    assert all_told(copy) == before
    assert all_told(value) != before


def test_what_is_shared_and_what_is_inside_of_itself_is_so_in_the_copy() -> None:
    shared: list[Any] = [1]
    value: dict[str, Any] = {"a": shared, "b": (shared,)}
    shared.append(value)
    copy = Copier().copy(value)
    assert copy is not value
    assert copy["a"] is copy["b"][0]
    assert copy["a"][1] is copy


def test_deep_values_are_copied_and_enormous_ones_are_taken_as_they_are() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert Copier().copy(deep) is not deep
    wide = [0] * (ITEMS + 1)
    assert Copier().copy(wide) is wide
    many = [[] for _ in range(MOST + 5)]  # type: ignore[var-annotated]
    copy = Copier().copy(many)
    assert copy is not many
    assert copy[-1] is many[-1] or copy[0] is many[0]


def test_observed_values_inside_are_left_or_entered() -> None:
    inner = ObservableValue([1])
    copier = Copier()
    assert copier.copy({"a": inner})["a"] is inner
    assert copier.has_observed
    entered = Copier(enters=True).copy({"a": inner})["a"]
    inner.append(2)
    assert entered.get() == [1]


def test_changes_can_be_applied_to_a_copy_of_objects() -> None:
    observed = ObservableValue({"player": Player(1), "list": [1]})
    copy = Copier().copy(observed.get())
    observed.subscribe(lambda change: apply_change(copy, change))
    observed["player"].score = 5
    observed["list"].append(2)
    assert all_told(copy) == all_told(observed.get())
