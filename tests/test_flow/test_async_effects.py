"""Async effects: one task at a time, tracking across await, and nothing after its end."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from flow import Computed, Effect, Owner, Signal, batch, on_cleanup
from flow.async_effects import use_loop
from flow.errors import NoLoopError
from flow.owner import current_owner
from flow.tracking import current_run


async def settle(turns: int = 10) -> None:
    """Let the loop do what it has to."""
    for _ in range(turns):
        await asyncio.sleep(0)


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run the test in an event loop, in which nothing may be left and no error untold."""

    def run() -> None:
        untold: list[dict[str, Any]] = []

        async def main() -> None:
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: untold.append(context))
            await test()
            await settle()
            assert asyncio.all_tasks() == {asyncio.current_task()}

        asyncio.run(main())
        assert untold == []

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@in_a_loop
async def test_reads_before_and_after_an_await_are_tracked() -> None:
    before, after, seen = Signal(0), Signal(0), []

    async def effect() -> None:
        first = before.value
        await asyncio.sleep(0)
        seen.append((first, after.value))

    it = Effect(effect)
    await settle()
    before.value = 1
    await settle()
    after.value = 1
    await settle()
    assert seen == [(0, 0), (1, 0), (1, 1)]
    it.dispose()
    assert before._observers is after._observers is None


@in_a_loop
async def test_it_does_not_run_when_nothing_it_read_has_changed() -> None:
    a, b, runs = Signal(0), Signal(0), []

    async def effect() -> None:
        runs.append(a.value)
        await asyncio.sleep(0)
        b.value += 0

    it = Effect(effect)
    await settle()
    Signal(0).value = 1
    await settle()
    assert runs == [0]
    it.dispose()


@in_a_loop
async def test_it_depends_on_what_its_last_run_read_only() -> None:
    which, a, b, seen = Signal("a"), Signal(0), Signal(0), []

    async def effect() -> None:
        name = which.value
        await asyncio.sleep(0)
        seen.append(a.value if name == "a" else b.value)

    it = Effect(effect)
    await settle()
    which.value = "b"
    await settle()
    a.value = 1
    await settle()
    assert seen == [0, 0]
    assert a._observers is None
    it.dispose()


@in_a_loop
async def test_a_new_run_cancels_the_old_one_and_waits_for_its_end() -> None:
    count, log = Signal(0), []

    async def effect() -> None:
        n = count.value
        log.append(f"start {n}")
        try:
            await asyncio.sleep(60 if n < 2 else 0)
        finally:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            log.append(f"end {n}")

    it = Effect(effect)
    await settle(1)
    count.value = 1
    assert log == ["start 0"]
    await settle()
    count.value = 2
    await settle()
    assert log == ["start 0", "end 0", "start 1", "end 1", "start 2", "end 2"]
    it.dispose()


@in_a_loop
async def test_many_writes_while_the_old_run_ends_are_one_new_run() -> None:
    count, starts = Signal(0), []

    async def effect() -> None:
        starts.append(count.value)
        await asyncio.sleep(60)

    it = Effect(effect)
    await settle()
    for n in range(1, 6):
        count.value = n
    await settle()
    assert starts == [0, 5]
    it.dispose()


@in_a_loop
async def test_a_run_that_was_cancelled_tracks_nothing() -> None:
    count, late, starts = Signal(0), Signal(0), []

    async def effect() -> None:
        starts.append(count.value)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            _ = late.value
            raise

    it = Effect(effect)
    await settle()
    count.value = 1
    await settle()
    late.value = 1
    await settle()
    assert starts == [0, 1]
    it.dispose()
    await settle()
    assert late._observers is None


@in_a_loop
async def test_a_run_that_is_over_tracks_nothing_in_the_tasks_it_started() -> None:
    count, late, starts = Signal(0), Signal(0), []
    tasks: list[asyncio.Task[None]] = []
    go = asyncio.Event()

    async def linger() -> None:
        await go.wait()
        _ = late.value

    async def effect() -> None:
        starts.append(count.value)
        tasks.append(asyncio.create_task(linger()))

    it = Effect(effect)
    await settle()
    go.set()
    await settle()
    assert late._observers is None
    it.dispose()


@in_a_loop
async def test_what_its_own_tasks_read_while_it_waits_for_them_is_tracked() -> None:
    a, b = Signal(1), Signal(2)
    seen: list[list[int]] = []

    async def read(signal: Signal[int]) -> int:
        await asyncio.sleep(0)
        return signal.value

    async def effect() -> None:
        seen.append(list(await asyncio.gather(read(a), asyncio.wait_for(read(b), 5))))

    it = Effect(effect)
    await settle(20)
    b.value = 3
    await settle(20)
    assert seen == [[1, 2], [1, 3]]
    it.dispose()


@in_a_loop
async def test_other_tasks_are_not_tracked() -> None:
    mine, theirs, runs = Signal(0), Signal(0), []

    async def effect() -> None:
        runs.append(mine.value)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    it = Effect(effect)
    await asyncio.sleep(0)
    _ = theirs.value
    await settle()
    theirs.value = 1
    await settle()
    assert runs == [0]
    it.dispose()


@in_a_loop
async def test_it_may_write_what_it_has_read_and_runs_again() -> None:
    count, seen = Signal(0), []

    async def effect() -> None:
        seen.append(count.value)
        await asyncio.sleep(0)
        if count.value < 3:
            count.value += 1

    it = Effect(effect)
    await settle(40)
    assert seen == [0, 1, 2, 3]
    it.dispose()


@in_a_loop
async def test_cleanups_of_a_run_run_before_the_next_and_at_the_end() -> None:
    count, log = Signal(0), []

    async def effect() -> Any:
        n = count.value
        log.append(f"run {n}")
        await asyncio.sleep(0)
        on_cleanup(lambda: log.append(f"cleanup {n}"))
        return lambda: log.append(f"returned {n}")

    it = Effect(effect)
    await settle()
    count.value = 1
    await settle()
    assert log == ["run 0", "returned 0", "cleanup 0", "run 1"]
    it.dispose()
    assert log[4:] == ["returned 1", "cleanup 1"]


@in_a_loop
async def test_an_effect_made_after_an_await_belongs_to_it() -> None:
    outer, inner, log = Signal(0), Signal(0), []

    async def effect() -> None:
        n = outer.value
        await asyncio.sleep(0)
        Effect(lambda: log.append((n, inner.value)))

    it = Effect(effect)
    await settle()
    outer.value = 1
    await settle()
    inner.value = 1
    assert log == [(0, 0), (1, 0), (1, 1)]
    it.dispose()
    assert inner._observers is None


@in_a_loop
async def test_an_error_is_told_and_the_effect_lives_on() -> None:
    count, seen, heard = Signal(0), [], []

    async def effect() -> None:
        await asyncio.sleep(0)
        seen.append(1 // count.value)

    with Owner(on_error=lambda error, where: heard.append((where.name, type(error)))) as owner:
        Effect(effect, name="inverse")
    await settle()
    count.value = 1
    await settle()
    assert (heard, seen) == ([("inverse", ZeroDivisionError)], [1])
    owner.dispose()


@in_a_loop
async def test_disposing_cancels_the_task() -> None:
    log: list[str] = []

    async def effect() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    it = Effect(effect)
    await settle()
    it.dispose()
    await settle()
    assert log == ["cancelled"]


@in_a_loop
async def test_disposing_before_the_task_has_begun_never_begins_it() -> None:
    log: list[str] = []

    async def effect() -> None:
        log.append("begun")

    Effect(effect).dispose()
    await settle()
    assert log == []


@in_a_loop
async def test_disposing_it_by_an_outer_run_before_the_coroutine_is_awaited() -> None:
    async def inner() -> None:
        await asyncio.sleep(60)

    def make() -> Any:
        owner.dispose()
        return inner()

    with Owner() as owner:
        Effect(make)
    await settle()


@in_a_loop
async def test_a_plain_function_may_return_a_coroutine_and_both_parts_are_tracked() -> None:
    a, b, seen = Signal(0), Signal(0), []

    async def rest(n: int) -> None:
        await asyncio.sleep(0)
        seen.append((n, b.value))

    it = Effect(lambda: rest(a.value))
    await settle()
    a.value = 1
    await settle()
    b.value = 1
    await settle()
    assert seen == [(0, 0), (1, 0), (1, 1)]
    it.dispose()


@in_a_loop
async def test_what_changed_in_an_open_batch_is_not_forgotten_by_a_later_read() -> None:
    first, second, seen = Signal(0), Signal(0), []
    go_on = asyncio.Event()

    async def effect() -> None:
        value = first.value
        if not value:
            await go_on.wait()
        seen.append((value, second.value))

    it = Effect(effect)
    await settle()
    with batch():
        first.value = 1
        go_on.set()
        await settle()  # the effect reads second, while it waits for the end of the batch
        assert seen == [(0, 0)]
    await settle()
    assert seen == [(0, 0), (1, 0)]
    it.dispose()


@in_a_loop
async def test_a_task_started_by_a_plain_effect_in_a_flush_writes_as_if_by_itself() -> None:
    go, result, seen, tasks = Signal(0), Signal(0), [], []

    async def work(n: int) -> None:
        await asyncio.sleep(0)
        result.value = n * 10

    def start() -> None:
        if n := go.value:
            tasks.append(asyncio.create_task(work(n)))

    Effect(start)
    Effect(lambda: seen.append(result.value))
    go.value = 1
    await settle()
    assert seen == [0, 10]


def test_without_a_loop_it_is_an_error_that_says_what_to_do() -> None:
    async def effect() -> None:
        pass

    with pytest.raises(NoLoopError, match=r"is async, but no event loop runs here.*use_loop"):
        Effect(effect)


def test_a_loop_of_another_thread_runs_it_where_one_is_named() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    restore = use_loop(lambda: loop)
    count, threads, seen = Signal(0), set(), []
    ran = threading.Event()

    async def effect() -> None:
        await asyncio.sleep(0)
        threads.add(threading.get_ident())
        seen.append(count.value)
        ran.set()

    it = Effect(effect)
    assert ran.wait(10)
    ran.clear()
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result(10)
    count.value = 1
    assert ran.wait(10)
    it.dispose()
    restore()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    assert (seen, threads) == ([0, 1], {thread.ident})


@in_a_loop
async def test_it_stays_on_the_loop_it_was_made_on_whoever_writes() -> None:
    count, seen = Signal(0), list[tuple[int, int]]()

    async def effect() -> None:
        seen.append((count.value, threading.get_ident()))

    it = Effect(effect)
    await settle()
    await asyncio.to_thread(count.set, 1)
    await settle()
    count.value = 2
    await settle()
    await asyncio.to_thread(lambda: asyncio.run(write_in_a_loop(count, 3)))
    await settle()
    it.dispose()
    assert seen == [(n, threading.get_ident()) for n in range(4)]


async def write_in_a_loop(signal: Signal[int], value: int) -> None:
    signal.value = value
    await settle()


def test_a_write_after_its_loop_was_closed_is_told_once(told: list[str]) -> None:
    count, runs = Signal(0), []

    async def effect() -> None:
        runs.append(count.value)

    async def main() -> None:
        Effect(effect)
        await settle()

    asyncio.run(main())
    asyncio.run(write_in_a_loop(count, 1))
    count.value = 2
    assert (runs, len(told)) == ([0], 1)
    assert "the event loop it was made on is closed" in told[0]


def test_a_run_whose_loop_was_closed_counts_as_ended_and_holds_up_nobody(told: list[str]) -> None:
    count, other, seen = Signal(0), Signal(0), []

    async def effect() -> None:
        _ = count.value
        await asyncio.Event().wait()

    async def main() -> Effect:
        it = Effect(effect)
        await settle()
        return it

    loop = asyncio.new_event_loop()
    effects = [loop.run_until_complete(main()) for _ in range(2)]
    loop.set_exception_handler(lambda loop, context: None)  # that the tasks were not waited for is the test's doing
    loop.close()
    Effect(lambda: seen.append(other.value))
    effects[0].dispose()
    count.value = 1
    assert [each.partition("(")[0] for each in told] == [f"{effects[1].name}: NoLoopError"]
    other.value = 1
    count.value = 2
    assert (seen, len(told)) == ([0, 1], 1)
    effects[1].dispose()


def test_a_context_copied_during_a_run_does_not_track_after_it() -> None:
    contexts: list[contextvars.Context] = []
    count, late, runs = Signal(0), Signal(0), []

    def effect() -> None:
        runs.append(count.value)
        contexts.append(contextvars.copy_context())

    Effect(effect)
    contexts[0].run(lambda: late.value)
    count.value = 1
    thread = threading.Thread(target=lambda: [context.run(lambda: late.value) for context in contexts])
    thread.start()
    thread.join()
    late.value = 1
    assert (runs, late._observers) == ([0, 1], None)


def test_a_context_copied_in_a_computed_tracks_and_owns_nothing_after_it() -> None:
    contexts: list[contextvars.Context] = []
    count, late = Signal(0), Signal(0)

    def compute() -> int:
        contexts.append(contextvars.copy_context())
        return count.value

    computed = Computed(compute)
    Effect(lambda: computed.value)
    contexts[0].run(lambda: late.value)
    run = contexts[0][current_run]
    assert run is not None
    assert (run.reads, contexts[0].run(current_owner), late._observers) == (None, None, None)


def test_a_context_copied_in_one_run_does_not_track_into_the_next() -> None:
    contexts: list[contextvars.Context] = []
    count, late, runs = Signal(0), Signal(0), []

    def effect() -> None:
        runs.append(count.value)
        for context in contexts:
            context.run(lambda: late.value)
        contexts.append(contextvars.copy_context())

    Effect(effect)
    count.value = 1
    late.value = 1
    assert (runs, late._observers) == ([0, 1], None)
