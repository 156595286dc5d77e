"""What is kept from being searched for garbage, and is searched behind it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from flow import garbage
from flow.garbage import unsearched

NEW = 12_000  # objects: more than are left to the collector


@pytest.fixture
def searches() -> Iterator[list[int]]:
    """The generations that were searched so far."""
    found: list[int] = []

    def note(phase: str, what: dict[str, Any]) -> None:
        if phase == "start":
            found.append(what["generation"])

    gc.collect()
    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)


def test_much_that_is_new_is_searched_behind_it(searches: list[int]) -> None:
    with unsearched():
        new: list[Any] = [[] for _ in range(NEW)]
        assert not searches
    assert searches == [1], "not what was there before, which may be a lot"
    assert gc.isenabled()
    assert len(new) == NEW


@pytest.mark.skipif(gc.get_threshold()[2] == 0, reason="this Python looks through all bit by bit")
def test_all_is_searched_when_python_would_do_it_next(searches: list[int]) -> None:
    before, old = gc.get_threshold(), len(gc.get_objects())
    gc.set_threshold(before[0], before[1], 1)
    new: list[Any] = []
    try:
        for _ in range(3):
            with unsearched():
                new += [[] for _ in range(old // 4)]
    finally:
        gc.set_threshold(*before)
    assert searches == [1, 1, 2, 1]


def test_all_is_not_searched_while_little_of_it_is_new(searches: list[int]) -> None:
    before = gc.get_threshold()
    gc.set_threshold(before[0], before[1], 1)
    new: list[Any] = [[] for _ in range(NEW * 12)]
    gc.collect()
    searches.clear()
    try:
        for _ in range(3):
            with unsearched():
                new += [[] for _ in range(NEW)]
    finally:
        gc.set_threshold(*before)
    assert searches == [1, 1, 1]


def test_little_that_is_new_is_left_to_the_collector(searches: list[int]) -> None:
    with unsearched():
        new = [[]]
    assert not searches
    assert new


def test_the_inner_of_two_leaves_the_search_to_the_outer(searches: list[int]) -> None:
    with unsearched():
        with unsearched():
            new: list[Any] = [[] for _ in range(NEW)]
        assert not gc.isenabled()
        assert not searches
    assert len(searches) == 1
    assert new


def test_an_interrupt_before_the_search_leaves_the_collector_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(garbage, "let_others_go_first", interrupt)
    new: list[Any] = []
    with pytest.raises(KeyboardInterrupt), unsearched():
        new += [[] for _ in range(NEW)]
    assert gc.isenabled()
