"""Tasks and intervals: what runs beside a cell, and how it ends."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

import sidekick
from sidekick import Label
from sidekick.core import CoreTaskSubmissionError
from sidekick.panel import panel_of_this_cell
from sidekick.tasks import Task
from support.sidekick_page import Shown, inside, settle, wait_until


async def forever() -> None:
    await asyncio.sleep(3600)


async def returns(value: object) -> object:
    await asyncio.sleep(0)
    return value


async def fails() -> None:
    await asyncio.sleep(0)
    raise ValueError("no luck")


def test_a_task_has_its_result() -> None:
    task = sidekick.submit_task(returns(5))
    wait_until(task.done)
    assert (task.result(), task.exception(), task.cancelled(), task.cancel()) == (5, None, False, False)


def test_a_task_that_runs_has_no_result_yet() -> None:
    task = sidekick.submit_task(forever())
    assert not task.done()
    for ask in (task.result, task.exception):
        with pytest.raises(asyncio.InvalidStateError):
            ask()


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_task_is_cancelled_from_any_thread(has_begun: bool) -> None:
    task = sidekick.submit_task(forever())
    if has_begun:
        settle()
    assert task.cancel() is True
    wait_until(task.done)
    assert task.cancelled()
    for ask in (task.result, task.exception):
        with pytest.raises(asyncio.CancelledError):
            ask()


def test_a_task_that_fails_has_its_error_and_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    task = sidekick.submit_task(fails())
    wait_until(task.done)
    assert isinstance(task.exception(), ValueError)
    with pytest.raises(ValueError, match="no luck"):
        task.result()
    told = capsys.readouterr().err
    assert "in fails" in told
    assert "widgets/sidekick" not in told


def test_a_task_that_is_awaited_gives_its_error_to_who_awaits_it(capsys: pytest.CaptureFixture[str]) -> None:
    async def waits() -> str:
        try:
            await sidekick.submit_task(fails())
        except ValueError as error:
            return str(error)
        return "none"

    task = sidekick.submit_task(waits())
    wait_until(task.done)
    assert task.result() == "no luck"
    assert asyncio.run(asyncio.wait_for(sidekick.submit_task(returns(7)), 10)) == 7
    assert capsys.readouterr().err == ""


def test_who_gives_up_waiting_for_a_task_cancels_it() -> None:
    task = sidekick.submit_task(forever())

    async def gives_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(task, 0.01)

    asyncio.run(gives_up())
    wait_until(task.cancelled)


@pytest.mark.parametrize("given", [5, None, forever, lambda: forever()])
def test_what_is_no_coroutine_is_an_error(given: Any) -> None:
    with pytest.raises(CoreTaskSubmissionError, match="coroutine"):
        sidekick.submit_task(given)


def test_done_callbacks_are_called_on_the_loop_also_when_it_is_over() -> None:
    heard: list[tuple[str, Task]] = []
    task = sidekick.submit_task(returns(5))

    def tell(task: Task) -> None:
        heard.append((threading.current_thread().name, task))

    task.add_done_callback(tell)
    wait_until(lambda: len(heard) == 1)
    task.add_done_callback(tell)
    wait_until(lambda: len(heard) == 2)
    assert heard == [("sidekick", task)] * 2


def test_an_interval_calls_again_and_again_and_goes_on_after_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    calls: list[str] = []

    def call() -> None:
        calls.append(threading.current_thread().name)
        raise SystemExit("no luck") if len(calls) == 1 else ValueError("no luck")

    interval = sidekick.submit_interval(call, 0.005)
    assert calls == []
    wait_until(lambda: len(calls) >= 3)
    assert not interval.done()
    assert interval.cancel() is True
    wait_until(interval.done)
    assert (interval.cancelled(), interval.result()) == (False, None)
    count = len(calls)
    threading.Event().wait(0.03)
    assert len(calls) == count
    assert set(calls) == {"sidekick"}
    assert capsys.readouterr().err.count("in call") == count


def test_an_interval_awaits_an_async_function_before_it_calls_it_again() -> None:
    at_work, most, calls = [0], [0], [0]

    async def call() -> None:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        await asyncio.sleep(0.02)
        at_work[0] -= 1
        calls[0] += 1
        if calls[0] == 1:
            raise ValueError("once")

    interval = sidekick.submit_interval(call, interval=0.001)
    wait_until(lambda: calls[0] >= 3)
    interval.cancel()
    wait_until(interval.done)
    assert most == [1]


def test_an_interval_ends_itself_from_inside() -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        interval.cancel()

    interval = sidekick.submit_interval(call, 0.01)
    wait_until(interval.done)
    settle()
    assert calls == [1]


@pytest.mark.parametrize("given", [None, 5, "print"])
def test_an_interval_takes_a_function(given: Any) -> None:
    with pytest.raises(TypeError, match="submit_interval"):
        sidekick.submit_interval(given, 1)


@pytest.mark.parametrize("given", [0, -1, "1", None, float("nan"), float("inf"), [1]])
def test_an_interval_takes_seconds_above_none(given: Any) -> None:
    with pytest.raises(ValueError, match="interval"):
        sidekick.submit_interval(print, given)


def test_true_counts_as_one_second() -> None:
    assert sidekick.submit_interval(print, True).cancel()


def test_a_shutdown_ends_all_also_what_nobody_holds() -> None:
    calls: list[int] = []
    sidekick.submit_interval(lambda: calls.append(1), 0.005)
    task = sidekick.submit_task(forever())
    wait_until(lambda: calls)
    sidekick.shutdown(wait=True)
    assert task.cancelled()
    count = len(calls)
    threading.Event().wait(0.03)
    assert len(calls) == count


def test_the_page_can_stop_an_interval_and_offers_it_only_then(shown: Shown) -> None:
    Label("a")
    interval = sidekick.submit_interval(lambda: None, 60)
    assert shown.texts() == ["a", "■ Stop"]
    shown.event(inside(panel_of_this_cell(), "button"), "click")
    wait_until(interval.done)
    assert shown.texts() == ["a"]
    task = sidekick.submit_task(forever())
    assert shown.texts() == ["a"]
    task.cancel()
