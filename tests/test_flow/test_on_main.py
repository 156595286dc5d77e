"""on_main: handlers on the main thread, one after the other, wherever it has time for them."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import pytest

from flow import Element, main_thread, on, run_until, sleep, ui_thread
from flow.main_thread import on_main
from flow.server.session import LiveSession
from flow.ui import Button, Div


class Page:
    """A page that tells of clicks, and keeps the errors it is told of."""

    def __init__(self, root: Element) -> None:
        self.errors: list[str] = []
        self.session = LiveSession(root, self)
        self.session.settle()
        self.session.receive({"page": "p", "kind": "ready", "revision": -1})

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        if message["kind"] == "error":
            self.errors.append(message["title"])

    def click(self, element: Element) -> None:
        event = {"type": "click", "target_id": f"flow-{element.element_id}"}
        self.session.receive({"page": "p", "kind": "event", "serial": 0, "event": event})
        ui_thread.wait(lambda: None, 10)


@pytest.fixture
def shows(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[Element], Page]]:
    pages: list[Page] = []

    def show(root: Element) -> Page:
        pages.append(Page(root))
        return pages[-1]

    yield show
    for page in pages:
        ui_thread.wait(page.session.close, 10)
    main_thread._main._calls.clear()


Shows = Callable[[Element], Page]


def test_it_runs_on_the_main_thread_while_flow_waits_there(shows: Shows) -> None:
    ran: list[str] = []
    button = Button("go", on_click=on_main(lambda: ran.append(threading.current_thread().name)))
    page = shows(button)
    page.click(button)
    assert ran == []
    assert run_until(lambda: ran, timeout=10) == ["MainThread"]


def test_it_runs_in_the_loop_of_the_main_thread_and_gets_its_event(shows: Shows) -> None:
    ran: list[tuple[str, str]] = []

    async def program() -> None:
        @on_main
        def clicked(event: Any) -> None:
            ran.append((event.type, threading.current_thread().name))

        button = Button("go", on_click=clicked)
        page = shows(button)
        await asyncio.to_thread(page.click, button)
        while not ran:
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(program(), 10))
    assert ran == [("click", "MainThread")]


def test_the_next_begins_when_the_last_has_ended_also_an_async_one(shows: Shows) -> None:
    told: list[str] = []

    async def program() -> None:
        go_on = asyncio.Event()

        async def slow() -> None:
            told.append("slow")
            await go_on.wait()
            told.append("slow ends")

        first = Button("1", on_click=on_main(slow))
        second = Button("2", on_click=on_main(lambda: told.append("quick")))
        page = shows(Div(first, second))
        for button in (first, second, first, second):
            await asyncio.to_thread(page.click, button)
        await asyncio.sleep(0.02)
        assert told == ["slow"]
        go_on.set()
        while len(told) < 6:
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(program(), 10))
    assert told == ["slow", "slow ends", "quick"] * 2


def test_an_async_one_runs_in_a_program_without_a_loop(shows: Shows) -> None:
    ran: list[str] = []

    async def clicked() -> None:
        await asyncio.sleep(0.001)
        ran.append(threading.current_thread().name)

    button = Button("go", on_click=on_main(clicked))
    shows(button).click(button)
    assert run_until(lambda: ran, timeout=10) == ["MainThread"]


def test_an_error_is_shown_as_that_of_any_handler(shows: Shows) -> None:
    @on_main
    def fail() -> None:
        raise ValueError("no such row")

    @on_main
    async def fail_later() -> None:
        raise LookupError("later")

    @on_main
    def run_dry() -> None:
        next(iter(()))

    buttons = [Button("go", on_click=each) for each in (fail, fail_later, run_dry)]
    page = shows(Div(*buttons))
    for button in buttons:
        page.click(button)
    run_until(lambda: len(page.errors) == 3, timeout=10)
    assert page.errors == [
        "ValueError: no such row",
        "LookupError: later",
        "RuntimeError: the handler raised StopIteration",
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_an_interrupt_ends_the_handler_and_nothing_else(shows: Shows, is_async: bool) -> None:
    """Also where SIGINT is ignored, as it is in an idle kernel; and in no handler is it what it was."""

    def hang() -> None:
        threading.Timer(0.05, lambda: signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)).start()
        threading.Event().wait(10)

    async def hang_async() -> None:
        hang()

    async def program() -> None:
        button = Button("go", on_click=on_main(hang_async if is_async else hang))
        page = shows(button)
        await asyncio.to_thread(page.click, button)
        while not page.errors:
            await asyncio.sleep(0.001)
        assert page.errors == ["KeyboardInterrupt"]

    loop = asyncio.new_event_loop()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        loop.run_until_complete(asyncio.wait_for(program(), 10))
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
        loop.close()


def test_one_that_has_not_begun_is_dropped_with_its_element_and_one_that_waits_is_cancelled(shows: Shows) -> None:
    told: list[str] = []

    async def program() -> None:
        async def wait() -> None:
            told.append("waits")
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                told.append("cancelled")
                raise

        first = Button("1", on_click=on_main(wait))
        second = Button("2", on_click=on_main(lambda: told.append("dropped?")))
        third = Button("3", on_click=on_main(lambda: told.append("next")))
        pages = [shows(button) for button in (first, second, third)]
        for page, button in zip(pages, (first, second, third), strict=True):
            await asyncio.to_thread(page.click, button)
        while not told:
            await asyncio.sleep(0.001)
        for page in (pages[1], pages[0]):
            ui_thread.wait(page.session.close, 10)
            for _ in range(3):  # turns in which the UI thread tells of the end
                ui_thread.wait(lambda: None, 10)
        while told[-1] != "next":
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(program(), 10))
    assert told == ["waits", "cancelled", "next"]


def test_it_runs_in_the_context_that_made_the_element(shows: Shows) -> None:
    where: ContextVar[str] = ContextVar("where", default="nowhere")
    token = where.set("here")
    ran: list[str] = []
    button = Button("go", on_click=on_main(lambda: ran.append(where.get())))
    page = shows(button)
    where.reset(token)
    page.click(button)
    assert run_until(lambda: ran, timeout=10) == ["here"]


def test_a_handler_that_waits_itself_lets_no_other_begin(shows: Shows) -> None:
    told: list[str] = []

    def wait() -> None:
        told.append("waits")
        sleep(0.1)
        told.append("waited")

    first, second = Button("1", on_click=on_main(wait)), Button("2", on_click=on_main(lambda: told.append("next")))
    page = shows(Div(first, second))
    page.click(first)
    page.click(second)
    run_until(lambda: len(told) == 3, timeout=10)
    assert told == ["waits", "waited", "next"]


def test_called_on_the_main_thread_it_is_the_handler() -> None:
    assert on_main(lambda a, b: a + b)(1, 2) == 3


def test_options_stay_and_the_handler_keeps_its_name_and_its_arguments() -> None:
    def save(event: object) -> None: ...

    for wrapped in (on_main(on(save, debounce=0.3)), on(on_main(save), debounce=0.3)):
        assert wrapped.event_options == {"debounce": 300}
        assert wrapped.__name__ == "save"


@pytest.mark.parametrize("wrong", [None, 3, int])
def test_what_is_no_function_is_told_at_once(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"on_main\(\) takes a function"):
        on_main(wrong)


def test_in_a_browser_it_is_the_handler_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_thread, "is_wasm", lambda: True)

    def save() -> None: ...

    assert on_main(save) is save
