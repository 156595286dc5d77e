"""batch: several writes, one flush."""

from __future__ import annotations

import asyncio
import threading

import pytest

from flow import Computed, Effect, Signal, batch
from flow.errors import LoopError


def test_effects_wait_for_the_end_and_run_once() -> None:
    a, b, seen = Signal(0), Signal(0), []
    Effect(lambda: seen.append((a.value, b.value)))
    with batch():
        a.value = 1
        b.value = 1
        a.value = 2
        assert seen == [(0, 0)]
    assert seen == [(0, 0), (2, 1)]


def test_values_and_computeds_do_not_wait() -> None:
    a = Signal(1)
    double = Computed(lambda: a.value * 2)
    Effect(lambda: double.value)
    with batch():
        a.value = 5
        assert (a.value, double.value) == (5, 10)


def test_an_inner_batch_belongs_to_the_outer() -> None:
    a, seen = Signal(0), []
    Effect(lambda: seen.append(a.value))
    with batch():
        with batch():
            a.value = 1
        assert seen == [0]
        a.value = 2
    assert seen == [0, 2]


def test_a_function_can_be_a_batch() -> None:
    a, seen = Signal(0), []
    Effect(lambda: seen.append(a.value))

    @batch
    def write(n: int) -> str:
        """Writes twice."""
        a.value = n
        a.value = n + 1
        return "done"

    assert write(1) == "done"
    assert (seen, write.__doc__) == ([0, 2], "Writes twice.")


def test_an_error_in_the_batch_goes_on_after_its_writes_have_been_seen() -> None:
    a, seen = Signal(0), []
    Effect(lambda: seen.append(a.value))

    @batch
    def fail() -> None:
        a.value = 1
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert seen == [0, 1]


def test_an_endless_loop_at_the_end_of_a_batch_that_failed_is_a_note_on_its_error() -> None:
    a = Signal(0, name="a")

    def endless() -> None:
        if a.value:
            a.value += 1

    effect = Effect(endless)

    @batch
    def fail() -> None:
        a.value = 1
        raise ValueError("no")

    with pytest.raises(ValueError, match="no") as caught:
        fail()
    assert "after 100 runs" in caught.value.__notes__[0]
    with pytest.raises(LoopError), batch():
        a.value += 1
    effect.dispose()


def test_a_batch_without_writes_does_nothing() -> None:
    a, seen = Signal(0), []
    Effect(lambda: seen.append(a.value))
    with batch():
        _ = a.value
    assert seen == [0]


def test_a_batch_of_another_thread_holds_nothing_back() -> None:
    a, b, seen = Signal(0), Signal(0), []
    Effect(lambda: seen.append(a.value))
    Effect(lambda: seen.append(b.value))
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with batch():
            b.value = 1
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    a.value = 1
    assert seen == [0, 0, 1]
    leave.set()
    thread.join()
    assert seen == [0, 0, 1, 1]


def test_a_batch_of_another_task_holds_nothing_back_even_across_an_await() -> None:
    a, b, seen = Signal(0), Signal(0), []
    Effect(lambda: seen.append(("a", a.value)))
    Effect(lambda: seen.append(("b", b.value)))
    seen.clear()

    async def main() -> None:
        inside, leave = asyncio.Event(), asyncio.Event()

        @batch
        async def hold() -> None:
            b.value = 1
            inside.set()
            await leave.wait()
            b.value = 2

        task = asyncio.create_task(hold())
        await inside.wait()
        a.value = 1
        assert seen == [("a", 1)]
        leave.set()
        await task

    asyncio.run(main())
    assert seen == [("a", 1), ("b", 2)]


def test_a_task_that_outlives_the_batch_it_was_started_in_writes_without_one() -> None:
    a, seen = Signal(0), []
    Effect(lambda: seen.append(a.value))

    async def main() -> None:
        async def later() -> None:
            await asyncio.sleep(0)
            a.value = 1
            assert seen == [0, 1]

        with batch():
            task = asyncio.create_task(later())
        await task

    asyncio.run(main())
    assert seen == [0, 1]
