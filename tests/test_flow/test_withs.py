"""``with`` Owner, untracked and batch: what each opens is its own, in the task, thread or generator it is in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from flow import Effect, Owner, Signal, batch, untracked
from flow.batch import current_batch
from flow.owner import current_owner
from flow.tracking import current_run


def test_an_owner_entered_by_two_tasks_leaves_each_with_its_own() -> None:
    shared = Owner(name="shared")

    async def page(name: str, seconds: float) -> tuple[Any, Any]:
        with Owner(name=name) as mine:
            with shared:
                await asyncio.sleep(seconds)
                inside = current_owner()
            return (inside, current_owner() is mine)

    async def main() -> list[tuple[Any, Any]]:
        return await asyncio.gather(page("one", 0.01), page("two", 0.02))

    assert asyncio.run(main()) == [(shared, True)] * 2


def test_an_untracked_entered_by_two_tasks_leaves_each_with_its_own() -> None:
    shared = untracked()

    async def page(name: str, seconds: float) -> bool:
        with Owner(name=name) as mine:
            with shared:
                await asyncio.sleep(seconds)
            return current_owner() is mine

    async def main() -> list[bool]:
        return await asyncio.gather(page("one", 0.01), page("two", 0.02))

    assert asyncio.run(main()) == [True, True]


def test_an_owner_and_an_untracked_may_be_nested_in_themselves() -> None:
    for each in (Owner(), untracked()):
        with each, each:
            assert current_run.get() is not None
        assert current_run.get() is None


def test_a_batch_nested_in_itself_is_an_error_that_leaves_the_outer_as_it_is() -> None:
    count, seen = Signal(0), []
    Effect(lambda: seen.append(count.value))
    once = batch()
    with once:
        count.value = 1
        with pytest.raises(RuntimeError, match="make one for each `with`"), once:
            pass
        count.value = 2
    assert seen == [0, 2]
    with once:  # one after the other is fine
        count.value = 3
        count.value = 4
    count.value = 5
    assert seen == [0, 2, 4, 5]


@pytest.mark.parametrize("opened", [Owner, untracked, batch])
def test_what_a_generator_holds_open_beyond_the_run_it_began_in_does_not_bring_that_back(
    opened: type[AbstractContextManager[Any]],
) -> None:
    count, other, seen, left = Signal(0), Signal(0), list[int](), list[Iterator[None]]()

    def held() -> Iterator[None]:
        with opened():
            yield

    def effect() -> None:
        _ = count.value
        left.append(held())
        next(left[-1])

    it = Effect(effect)
    for _ in range(2):
        left.pop(0).close()
        assert (current_run.get(), current_batch.get()) == (None, None)
        Effect(lambda: seen.append(other.value))
        count.value += 1
    it.dispose()
    seen.clear()
    other.value += 1
    assert len(seen) == 2


def test_what_a_batch_in_a_generator_held_back_is_run_when_it_is_closed_elsewhere() -> None:
    count, seen = Signal(0), []
    Effect(lambda: seen.append(count.value))

    def held() -> Iterator[None]:
        with batch():
            count.value = 1
            yield

    generator = held()

    async def begin() -> None:
        next(generator)

    asyncio.run(begin())
    assert seen == [0]
    generator.close()
    assert (seen, current_batch.get()) == ([0, 1], None)
