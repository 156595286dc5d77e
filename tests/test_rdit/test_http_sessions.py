"""The life of sessions' kernels, with kernels that are none. Real ones are in test_kernel/test_http.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from rdit.http import sessions
from rdit.http.refused import Refused
from rdit.http.sessions import Limits, Sessions, Work


class Kernels:
    """A server's kernel manager. A kernel starts once ``may_start`` is set."""

    def __init__(self) -> None:
        self.running: dict[str, SimpleNamespace] = {}
        self.started = 0
        self.may_start = asyncio.Event()
        self.may_start.set()
        self.error: Exception | None = None
        self.stubborn = ""

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self.running

    async def start_kernel(self, *, kernel_name: str, path: str) -> str:
        assert (kernel_name, path) == ("rdit", "folder")
        await self.may_start.wait()
        if self.error is not None:
            raise self.error
        self.started += 1
        kernel = SimpleNamespace(connection_file="", is_alive=lambda: True, interrupts=0, notes=[])
        self.running[str(self.started)] = kernel
        return str(self.started)

    def get_kernel(self, kernel_id: str) -> SimpleNamespace:
        return self.running[kernel_id]

    def add_restart_callback(self, kernel_id: str, call: Callable[[], None], event: str) -> None:
        self.running[kernel_id].notes.append(call)

    async def interrupt_kernel(self, kernel_id: str) -> None:
        self.running[kernel_id].interrupts += 1

    async def shutdown_kernel(self, kernel_id: str, *, now: bool) -> None:
        assert now
        if kernel_id == self.stubborn:
            raise TimeoutError("it does not end")
        del self.running[kernel_id]


class Following:
    """A run that ends when it is told to."""

    def __init__(self, kernel: Any, view: Any) -> None:
        self.has_begun = asyncio.Event()
        self.has_begun.set()
        self.ending = asyncio.Event()
        self.stopped: str | None = None
        made.append(self)

    def leave(self) -> None:
        pass

    def stop(self, why: str) -> None:
        self.stopped = why
        self.ending.set()

    async def run(self, *_asked: Any) -> None:
        await self.ending.wait()


made: list[Following] = []
WORK = Work("1", "folder")


@pytest.fixture(autouse=True)
def followings(monkeypatch: pytest.MonkeyPatch) -> None:
    made.clear()
    monkeypatch.setattr(sessions, "Following", Following)


Story = Callable[[Sessions, Kernels], Coroutine[Any, Any, None]]


def tell(story: Story, **limits: Any) -> None:
    async def told() -> None:
        kernels = Kernels()
        await story(Sessions(kernels, Limits(**limits), logging.getLogger("test")), kernels)

    asyncio.run(told())


async def run_through(all_sessions: Sessions, name: str) -> None:
    run = await all_sessions.begin(name, WORK)
    made[-1].ending.set()
    await run.over(10)


def test_a_session_keeps_its_kernel_and_another_has_another() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        for name in ("a", "a", "b"):
            await run_through(all_sessions, name)
        assert kernels.started == 2

    tell(story)


def test_an_unused_session_ends_and_one_that_runs_for_somebody_does_not() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        await run_through(all_sessions, "unused")
        run = await all_sessions.begin("used", WORK)
        await asyncio.sleep(0.002)
        await all_sessions.cull()
        assert list(kernels.running) == ["2"]
        await run.leave()
        await all_sessions.cull()
        assert list(kernels.running) == []

    tell(story, idle=0.001)


def test_a_kernel_that_cannot_be_ended_is_logged_and_the_others_end(caplog: pytest.LogCaptureFixture) -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        kernels.stubborn = "1"  # before it is idle for long enough
        for name in ("a", "b"):
            await run_through(all_sessions, name)
        await asyncio.sleep(0.002)
        await all_sessions.cull()
        assert list(kernels.running) == ["1"]
        assert "the kernel of session a could not be ended" in caplog.text

    tell(story, idle=0.001)


def test_sessions_are_looked_after_while_there_are_any() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        for _ in range(2):
            await run_through(all_sessions, "a")
            while kernels.running:
                await asyncio.sleep(0.001)
        assert kernels.started == 2

    tell(story, idle=0.01)


def test_a_session_lasts_where_no_limit_is_set() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        await run_through(all_sessions, "a")
        assert len(asyncio.all_tasks()) == 1
        assert list(kernels.running) == ["1"]

    tell(story, idle=0.0)


def test_a_kernel_that_was_replaced_or_ended_by_others_is_followed_by_a_new_one() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        await run_through(all_sessions, "a")
        kernels.running["1"].notes[0]()
        await run_through(all_sessions, "a")
        assert list(kernels.running) == ["2"]
        await kernels.shutdown_kernel("2", now=True)
        await run_through(all_sessions, "a")
        assert list(kernels.running) == ["3"]

    tell(story)


def test_a_kernel_that_cannot_be_started_is_told_and_takes_no_place() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        kernels.error = RuntimeError("/some/where: no such kernel")
        for _ in range(3):
            with pytest.raises(Refused, match="expected Jupyter to start the kernel 'rdit'") as refused:
                await all_sessions.begin("a", WORK)
            assert refused.value.status == 503
            assert "/some/where" not in str(refused.value)
        kernels.error = None
        await run_through(all_sessions, "b")

    tell(story, count=1)


def test_a_session_that_is_reset_while_its_kernel_starts_leaves_no_kernel() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        kernels.may_start.clear()
        beginning = asyncio.ensure_future(all_sessions.begin("a", WORK))
        await asyncio.sleep(0)
        await all_sessions.reset("a")
        kernels.may_start.set()
        with pytest.raises(Refused, match="was reset before the script began"):
            await beginning
        assert kernels.running == {}

    tell(story)


def test_a_run_whose_kernel_starts_counts_as_one_that_runs() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        kernels.may_start.clear()
        beginning = asyncio.ensure_future(all_sessions.begin("a", WORK))
        await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await all_sessions.begin("a", WORK)
        assert refused.value.status == 409
        kernels.may_start.set()
        await beginning

    tell(story)


def test_who_comes_after_a_reader_that_left_waits_for_the_interrupt() -> None:
    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        run = await all_sessions.begin("a", WORK)
        await run.leave()
        assert kernels.running["1"].interrupts == 1
        following = asyncio.ensure_future(all_sessions.begin("a", WORK))
        await asyncio.sleep(0)
        assert not following.done()
        made[0].ending.set()
        assert (await following) is not run

    tell(story)


def test_who_comes_after_one_that_does_not_end_is_told_what_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_FORMER_WITHIN", 0.01)

    async def story(all_sessions: Sessions, kernels: Kernels) -> None:
        run = await all_sessions.begin("a", WORK)
        await run.leave()
        with pytest.raises(Refused, match="/rdit/api/reset ends it"):
            await all_sessions.begin("a", WORK)
        await all_sessions.reset("a")
        assert made[0].stopped == "the session was reset"
        assert kernels.running == {}
        await run_through(all_sessions, "a")

    tell(story)


def test_a_run_that_the_server_fails_to_follow_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_self: Following, *_asked: Any) -> None:
        raise FileNotFoundError("/some/where")

    monkeypatch.setattr(Following, "run", fail)

    async def story(all_sessions: Sessions, _kernels: Kernels) -> None:
        run = await all_sessions.begin("a", WORK)
        told = (await run.events.take()).decode()
        assert "the server failed to follow the kernel; its log tells why" in told
        assert "/some/where" not in told

    tell(story)


def test_resetting_or_interrupting_what_is_not_there_is_no_error() -> None:
    async def story(all_sessions: Sessions, _kernels: Kernels) -> None:
        await all_sessions.reset("a")
        assert not await all_sessions.interrupt("a")

    tell(story)
