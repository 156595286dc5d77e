"""What a script calls to wait and to end, where pages may be open or not."""

from __future__ import annotations

import _thread
import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest

import sidekick
from sidekick import Button, Label, connection
from sidekick.config import get_user_set_url
from sidekick.exceptions import SidekickTimeoutError
from sidekick.panel import panel_of_this_cell
from support.sidekick_page import Shown, inside, settle, wait_until


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "GRACE", 0.05)


@pytest.mark.parametrize("url", ["ws://localhost:5163", "wss://example.org/x", None])
def test_a_url_is_kept_and_nothing_done_with_it(url: str | None) -> None:
    sidekick.set_url(url)
    assert get_user_set_url() == url


@pytest.mark.parametrize("url", ["http://localhost", "", "localhost", 5, b"ws://localhost", ["ws://localhost"]])
def test_a_url_begins_as_one_of_a_websocket(url: Any) -> None:
    with pytest.raises(ValueError, match="ws://"):
        sidekick.set_url(url)


def test_a_page_that_is_open_is_not_waited_for(page_is_open: list[bool]) -> None:
    sidekick.activate_connection()
    sidekick.activate_connection()
    assert sidekick.wait_for_connection() is None  # type: ignore[func-returns-value]
    sidekick.wait_for_connection(timeout=0)


def test_where_no_page_comes_it_goes_on_after_the_grace_or_raises_after_the_timeout() -> None:
    sidekick.wait_for_connection()
    with pytest.raises(SidekickTimeoutError, match=r"0\.01 s") as raised:
        sidekick.wait_for_connection(0.01)
    assert raised.value.timeout_seconds == 0.01


@pytest.mark.parametrize(("timeout", "error"), [(-1, ValueError), ("1", TypeError), (float("nan"), ValueError)])
def test_a_timeout_is_checked(timeout: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="wait_for_connection"):
        sidekick.wait_for_connection(timeout)


def test_it_waits_for_a_page_that_comes(page_is_open: list[bool]) -> None:
    page_is_open.clear()
    threading.Timer(0.02, page_is_open.append, [True]).start()
    sidekick.wait_for_connection(timeout=20)


def in_a_callback() -> None:
    async def later() -> None:
        sidekick.shutdown()

    sidekick.submit_task(later())


ENDS: dict[str, Callable[[], object]] = {
    "a task": in_a_callback,
    "an interval": lambda: sidekick.submit_interval(sidekick.shutdown, 0.01),
    "another thread": lambda: threading.Timer(0.02, sidekick.shutdown).start(),
    "an interrupt": lambda: threading.Timer(0.05, _thread.interrupt_main).start(),
    "the Stop button": lambda: threading.Timer(0.05, panel_of_this_cell().stop).start(),
}


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("time", ["once", "a second time"])
def test_run_forever_ends_and_has_ended_all(page_is_open: list[bool], how: str, time: str) -> None:
    interval = sidekick.submit_interval(lambda: None, 60)
    ENDS[how]()
    sidekick.run_forever()
    wait_until(interval.done)


def test_run_forever_ends_by_a_click(shown: Shown, page_is_open: list[bool]) -> None:
    button = Button("quit", on_click=lambda event: sidekick.shutdown())
    threading.Timer(0.05, shown.event, [inside(button, "button"), "click"]).start()
    sidekick.run_forever()
    assert shown.texts() == ["quit", "Stopped"]


def test_a_task_that_ends_all_before_it_is_waited_for_is_not_waited_for(page_is_open: list[bool]) -> None:
    in_a_callback()
    settle()
    sidekick.run_forever()
    asyncio.run(sidekick.run_forever_async())


def test_run_forever_goes_on_while_a_page_is_away(page_is_open: list[bool]) -> None:
    threading.Timer(0.02, page_is_open.clear).start()
    ended = threading.Event()

    def end() -> None:
        ended.set()
        sidekick.shutdown()

    threading.Timer(0.5, end).start()
    sidekick.run_forever()
    assert ended.is_set()


def test_run_forever_returns_where_no_page_comes_and_ends_what_runs() -> None:
    interval = sidekick.submit_interval(lambda: None, 60)
    sidekick.run_forever()
    wait_until(interval.done)


def test_run_forever_returns_after_a_timeout_and_leaves_what_runs(page_is_open: list[bool]) -> None:
    interval = sidekick.submit_interval(lambda: None, 60)
    sidekick.run_forever(timeout=0.05)
    settle()
    sidekick.run_forever(timeout=0.05)
    assert not interval.done()


def test_run_forever_in_a_callback_is_told_there(capsys: pytest.CaptureFixture[str]) -> None:
    async def waits() -> None:
        sidekick.run_forever()

    task = sidekick.submit_task(waits())
    wait_until(task.done)
    assert isinstance(task.exception(), RuntimeError)
    assert "run_forever() would stop the callbacks" in capsys.readouterr().err


def test_the_twin_can_be_awaited_in_any_loop(page_is_open: list[bool]) -> None:
    threading.Timer(0.05, sidekick.shutdown).start()
    asyncio.run(sidekick.run_forever_async())
    page_is_open.clear()
    asyncio.run(sidekick.run_forever_async())


@pytest.mark.parametrize("wait", [False, True])
def test_a_shutdown_can_be_asked_for_twice_and_all_begins_anew(shown: Shown, wait: bool) -> None:
    for _ in range(2):
        sidekick.shutdown(wait)
        sidekick.shutdown(wait=wait)
    clicks: list[object] = []
    button = Button("go", on_click=clicks.append)
    shown.event(inside(button, "button"), "click")
    wait_until(lambda: clicks)
    ticks: list[int] = []
    sidekick.submit_interval(lambda: ticks.append(1), 0.005)
    wait_until(lambda: ticks)


def test_a_shutdown_that_waits_can_be_called_in_a_callback() -> None:
    async def ends() -> str:
        sidekick.shutdown(wait=True)
        return "ended"

    task = sidekick.submit_task(ends())
    wait_until(task.done)
    assert task.result() == "ended"


def test_a_shutdown_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(connection, "_ENDING", 0.02)
    caplog.set_level(logging.WARNING, "sidekick")
    go_on = threading.Event()

    async def stubborn() -> None:
        while not go_on.is_set():
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                continue

    task = sidekick.submit_task(stubborn())
    settle()
    sidekick.shutdown(wait=True)
    assert "some tasks go on" in caplog.text
    go_on.set()
    wait_until(task.done)


def test_after_a_shutdown_what_is_shown_stays_and_answers_when_it_is_used_again(
    shown: Shown, page_is_open: list[bool]
) -> None:
    clicks: list[object] = []
    button = Button("go", on_click=clicks.append)
    sidekick.shutdown()
    assert shown.texts() == ["go", "Stopped"]
    shown.event(inside(button, "button"), "click")
    settle()
    assert clicks == []
    Label("more")
    assert shown.texts() == ["go", "more"]
    sidekick.shutdown()
    sidekick.activate_connection()
    shown.event(inside(button, "button"), "click")
    wait_until(lambda: clicks)


def test_a_callback_that_pumps_goes_on_at_once_and_others_come_after_it(shown: Shown) -> None:
    heard: list[str] = []

    def first(event: object) -> None:
        shown.event(inside(other, "button"), "click")
        sidekick.pump()
        heard.append("first")

    button, other = Button("x", on_click=first), Button("y", on_click=lambda event: heard.append("other"))
    shown.event(inside(button, "button"), "click")
    wait_until(lambda: len(heard) == 2)
    assert heard == ["first", "other"]
