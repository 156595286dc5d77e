"""LiveSession: what is sent to pages and when, and what pages may say."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from flow import Element, Signal, component, every, on, on_cleanup, task, ui_thread
from flow.control import For, Show, Suspense
from flow.drafts import Drafted
from flow.server import session as session_module
from flow.server.session import LiveSession
from flow.ui import Button, Div, Img, Input, Li, Text, Ul
from support.wire_page import Page, read_tree


class Pages:
    """A channel that keeps what is sent, and one page that follows."""

    def __init__(self, root: Element) -> None:
        self.sent: list[dict[str, Any]] = []
        self.session = LiveSession(root, self)
        self.session.settle()

    def send(self, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        assert threading.current_thread().name == "flow", "only the UI thread sends"
        self.sent.append(message)
        self.buffers = buffers

    def say(self, **message: Any) -> None:
        self.session.receive({"page": "p", **message})
        self.wait()

    def event(self, element: Element, kind: str, serial: int = 0, **data: Any) -> None:
        event = {"type": kind, "target_id": f"flow-{element.element_id}", **data}
        self.say(kind="event", serial=serial, event=event)

    def wait(self) -> None:
        """Until the UI thread has done what it was asked for, and a frame has passed."""
        ui_thread.wait(lambda: None, 10)
        time.sleep(0.03)
        ui_thread.wait(lambda: None, 10)

    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.sent]

    def take(self) -> list[dict[str, Any]]:
        taken, self.sent = self.sent, []
        return taken


@pytest.fixture
def shows() -> Iterator[Callable[[Element], Pages]]:
    made: list[Pages] = []

    def show(root: Element) -> Pages:
        made.append(Pages(root))
        return made[-1]

    yield show
    for pages in made:
        ui_thread.wait(pages.session.close, 10)


Shows = Callable[[Element], Pages]


def test_nothing_is_sent_while_no_page_is_open(shows: Shows) -> None:
    count = Signal(0)
    pages = shows(Div(lambda: count.value))
    for n in range(1000):
        count.value = n
    pages.wait()
    assert pages.sent == []


def test_a_page_that_is_ready_gets_a_snapshot_unless_it_has_it(shows: Shows) -> None:
    count = Signal(0)
    pages = shows(Div(lambda: count.value))
    revision = pages.session.saved()["revision"]
    pages.say(kind="ready", revision=revision)
    assert [each["kind"] for each in pages.take()] == ["seen"]
    count.value = 1
    pages.wait()
    pages.take()
    pages.say(kind="ready", revision=revision)
    (snapshot,) = pages.take()
    assert (snapshot["kind"], snapshot["revision"]) == ("snapshot", revision + 1)
    assert read_tree(snapshot)[3] == "1"


def test_patches_are_numbered_and_lead_the_page_to_the_tree(shows: Shows) -> None:
    items = Signal([1, 2, 3])
    pages = shows(Ul(For(items, lambda n: n, lambda n: Li(str(n)))))
    page = Page(pages.session.tree.node)
    pages.say(kind="ready", revision=-1)
    before = pages.take()[0]["revision"]
    for value in ([3, 1], [], [4, 5, 6]):
        items.value = value
        pages.wait()
        (patch,) = pages.take()
        assert patch["revision"] == before + 1
        before += 1
        pages.say(kind="ack", revision=before)
        page.receive(patch)
    assert page.tree() == Page(pages.session.tree.node).tree()


def test_a_page_that_does_not_answer_is_waited_for_and_what_is_written_meanwhile_goes_along(
    shows: Shows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "NEAR", 60)
    count = Signal(0)
    pages = shows(Div(lambda: count.value))
    pages.say(kind="ready", revision=-1)
    pages.take()
    for n in range(1, 20):
        count.value = n
        pages.wait()
    assert len(pages.sent) == session_module.MOST_AHEAD
    pages.say(kind="ack", revision=pages.sent[-1]["revision"])
    assert pages.sent[-1]["operations"][0][2] == "19"
    assert len(pages.sent) == session_module.MOST_AHEAD + 1


def test_a_slow_page_has_little_to_catch_up_with(shows: Shows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "NEAR", 0)
    count = Signal(0)
    pages = shows(Div(lambda: count.value))
    pages.say(kind="ready", revision=-1)
    pages.take()
    for n in range(1, 20):
        count.value = n
        pages.wait()
    assert len(pages.sent) == session_module.AHEAD


def test_a_page_that_died_does_not_slow_down_the_others(shows: Shows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "PATIENCE", 0.05)
    count = Signal(0)
    pages = shows(Div(lambda: count.value))
    for name in ("p", "dead"):
        pages.say(kind="ready", revision=-1, page=name)
    for n in range(1, session_module.MOST_AHEAD + 3):
        count.value = n
        pages.wait()
        pages.say(kind="ack", revision=pages.session.revision)
    time.sleep(0.1)
    pages.wait()
    monkeypatch.setattr(session_module, "PATIENCE", 60)
    for n in range(20, 24):
        count.value = n
        pages.wait()
        pages.say(kind="ack", revision=pages.session.revision)
        assert pages.sent[-1]["operations"][0][2] == str(n)


def test_pages_without_number_are_not_all_remembered(shows: Shows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "PAGES", 3)
    pages = shows(Div("x"))
    for n in range(9):
        pages.session.receive({"kind": "ready", "page": f"p{n}", "revision": -1})
    pages.wait()
    assert list(pages.session._pages) == ["p6", "p7", "p8"]


def test_an_event_calls_its_handler_and_is_answered_with_the_patch(shows: Shows) -> None:
    count = Signal(0)
    button = Button("+", on_click=lambda: count.update(lambda n: n + 1))
    pages = shows(Div(button, lambda: count.value))
    pages.say(kind="ready", revision=-1)
    pages.take()
    pages.event(button, "click", serial=7)
    (patch,) = pages.take()
    assert (patch["kind"], patch["seen"]) == ("patch", {"p": 7})
    assert count.value == 1


def test_a_page_whose_first_word_is_an_event_is_answered(shows: Shows) -> None:
    count = Signal(0)
    button = Button("+", on_click=lambda: count.update(lambda n: n + 1))
    pages = shows(Div(button, lambda: count.value))
    pages.event(button, "click", serial=1)
    (patch,) = pages.take()
    assert (patch["kind"], patch["seen"]) == ("patch", {"p": 1})


def test_a_quick_answer_is_there_before_a_kernel_says_that_it_is_idle_and_a_slow_one_is_not_waited_for(
    shows: Shows, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, count = threading.Event(), Signal(0)

    def quickly() -> None:
        time.sleep(0.002)
        count.value += 1

    quick, slow = Button("1", on_click=quickly), Button("2", on_click=lambda: go.wait(30))
    pages = shows(Div(quick, slow, lambda: count.value))
    for serial, (button, patience) in enumerate([(quick, 30), (slow, 0.01)]):
        monkeypatch.setattr(session_module, "QUICK", patience)
        event = {"type": "click", "target_id": f"flow-{button.element_id}"}
        pages.session.receive({"page": "p", "kind": "event", "serial": serial, "event": event})
        assert pages.kinds() == ["patch"]
    go.set()
    pages.wait()
    assert pages.kinds() == ["patch", "seen"]


def test_what_was_typed_in_a_box_that_leaves_by_it_is_not_set_right(shows: Shows) -> None:
    name, is_there = Signal("fixed"), Signal(True)

    def leave() -> None:
        name.value = "fixed"
        is_there.value = False

    box = Input(value=name, on_input=leave)
    pages = shows(Div(Show(is_there, box)))
    pages.say(kind="ready", revision=-1)
    pages.take()
    pages.event(box, "input", serial=1, value="other")
    (patch,) = pages.take()
    assert [each[0] for each in patch["operations"]] == ["text"]


def test_an_event_that_changes_nothing_is_answered_too(shows: Shows) -> None:
    button = Button("+", on_click=lambda: None)
    pages = shows(button)
    pages.say(kind="ready", revision=-1)
    pages.take()
    pages.event(button, "click", serial=3)
    assert pages.take() == [{"kind": "seen", "seen": {"p": 3}}]


def test_what_was_typed_is_written_and_what_became_of_it_is_told(shows: Shows) -> None:
    name = Signal("")
    box = Input(value=name, on_input=lambda: setattr(name, "value", name.value.upper()))
    pages = shows(box)
    pages.say(kind="ready", revision=-1)
    pages.take()
    pages.event(box, "input", serial=1, value="ann")
    assert name.value == "ANN"
    (patch,) = pages.take()
    assert [each[0::2] for each in patch["operations"]] == [["set", "value"]] or patch["operations"][0][2:] == [
        "value",
        "ANN",
    ]


def test_a_signal_that_stays_as_it_was_takes_back_what_was_typed(shows: Shows) -> None:
    name = Signal("fixed")
    box = Input(value=name, on_input=lambda: setattr(name, "value", "fixed"))
    pages = shows(box)
    pages.say(kind="ready", revision=-1)
    pages.take()
    pages.event(box, "input", serial=1, value="other")
    (patch,) = pages.take()
    assert patch["operations"][0][2:] == ["value", "fixed"]


@pytest.mark.parametrize("is_listed", [True, False])
def test_what_is_typed_and_not_sent_moves_along_from_one_content_to_another(shows: Shows, is_listed: bool) -> None:
    is_left, box = Signal(True), Input(value=Drafted())

    def place(is_here: Callable[[], bool]) -> Element:
        if is_listed:
            return Div(For(lambda: [box] if is_here() else [], render=lambda item: item))
        return Div(lambda: box if is_here() else None)

    pages = shows(Div(place(lambda: is_left.value), place(lambda: not is_left.value)))
    pages.say(kind="ready", revision=-1)
    pages.event(box, "input", serial=1, value="half a wo")
    pages.take()
    ui_thread.wait(lambda: is_left.set(False), 10)  # there, so that both contents change in one update
    pages.wait()
    (patch,) = pages.take()
    assert [props["value"] for _, props in patch["shapes"]] == ["half a wo"]


def test_a_page_is_told_of_a_cleared_text_before_what_was_typed_since_is_taken(shows: Shows) -> None:
    text = Signal("")
    field, send = Input(value=text), Button("Send", on_click=lambda: text.set(""))
    pages = shows(Div(field, send))
    pages.say(kind="ready", revision=-1)
    pages.take()

    def all_before_a_flush() -> None:
        pages.event(field, "input", serial=1, value="hello")
        pages.event(send, "click", serial=2)
        pages.event(field, "input", serial=3, value="hellow")
        pages.event(field, "input", serial=4, value="hellowo")

    ui_thread.wait(all_before_a_flush, 10)
    pages.wait()
    told = [(each["operations"][0][2:], [*each["seen"].values()]) for each in pages.take() if each["kind"] == "patch"]
    assert told == [(["value", ""], [2]), (["value", "hellowo"], [4])]
    assert text.value == "hellowo"  # which the page that heard of the first will set right


@pytest.mark.parametrize("share", [0.45, 3])
def test_a_tree_that_is_nested_too_deep_is_told_on_the_page_and_the_next_is_shown(shows: Shows, share: float) -> None:
    depth = Signal(1)
    levels = int(share * sys.getrecursionlimit())

    def nested() -> Element:
        root = Div()
        for _ in range(depth.value):
            root = Div(root)
        return root

    pages = shows(Div(nested))
    pages.say(kind="ready", revision=-1)
    pages.take()
    ui_thread.wait(lambda: depth.set(levels), 10)
    pages.wait()
    errors = [each["title"] for each in pages.take() if each["kind"] == "error"]
    assert "RecursionError: Div(…) has more elements inside each other than Python's stack has room for" in errors
    ui_thread.wait(lambda: depth.set(2), 10)
    pages.wait()
    assert pages.session.html() == "<div><div><div><div></div></div></div></div>"
    assert "patch" in [each["kind"] for each in pages.take()]


def test_the_saved_tree_is_made_once_for_each_state(shows: Shows) -> None:
    count = Signal(0)
    button = Button(count, on_click=lambda: count.update(lambda n: n + 1))
    pages = shows(button)
    before = pages.session.saved()
    assert pages.session.saved() is before
    pages.event(button, "click", serial=1)
    after = pages.session.saved()
    assert after["revision"] == before["revision"] + 1
    assert [json.loads(saved["root"])[2] for saved in (before, after)] == ["0", "1"]


def test_a_handler_that_is_called_once_is_called_once_also_beside_a_signal(shows: Shows) -> None:
    name, told = Signal(""), []
    box = Input(value=name, on_input=on(lambda: told.append(name.value), once=True))
    pages = shows(box)
    for text in ("a", "ab"):
        pages.event(box, "input", value=text)
    assert (name.value, told) == ("ab", ["a"])


def test_bytes_travel_beside_the_message_and_stand_in_the_saved_tree(shows: Shows) -> None:
    first, second = b"\x89PNG\r\n\x1a\n first", b"\x89PNG\r\n\x1a\n second"
    picture = Signal(first)
    pages = shows(Div(Img(src=picture, alt="a")))
    assert str(pages.session.saved()).count("first") == 1
    pages.say(kind="ready", revision=-1)
    (snapshot,) = pages.take()
    assert {"buffer": 0, "type": "image/png"} in [props.get("src") for _, *rest in snapshot["shapes"] for props in rest]
    assert pages.buffers == [first]
    picture.value = second
    pages.wait()
    (patch,) = pages.take()
    assert patch["operations"][0][2:] == ["src", {"buffer": 0, "type": "image/png"}]
    assert pages.buffers == [second]
    assert "data:image/png;base64,iVBORw0KGgogc2Vjb25k" in pages.session.html()


def test_handlers_run_on_the_ui_thread_in_the_order_of_their_events(shows: Shows) -> None:
    told: list[tuple[str, str]] = []
    one = Button("1", on_click=lambda: told.append(("one", threading.current_thread().name)))

    async def other_clicked() -> None:
        told.append(("other", threading.current_thread().name))
        await asyncio.sleep(0)

    other = Button("2", on_click=other_clicked)
    pages = shows(Div(one, other))
    for element in (one, other, one):
        pages.event(element, "click")
    assert told == [("one", "flow"), ("other", "flow"), ("one", "flow")]


def test_an_async_handler_of_an_element_that_leaves_is_cancelled(shows: Shows) -> None:
    is_there, told = Signal(True), []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    button = Button("work", on_click=work)
    pages = shows(Div(Show(is_there, button)))
    pages.say(kind="ready", revision=-1)
    pages.event(button, "click")
    is_there.value = False
    pages.wait()
    pages.wait()
    assert told == ["cancelled"]


@pytest.mark.parametrize("is_async", [False, True])
def test_what_a_handler_started_ends_when_its_element_leaves(shows: Shows, is_async: bool) -> None:
    is_there, started = Signal(True), []

    def start() -> None:
        started.append(every(60, lambda: None))
        started.append(task(asyncio.sleep(60)))

    async def start_later() -> None:
        await asyncio.sleep(0)
        start()

    button = Button("start", on_click=start_later if is_async else start)
    pages = shows(Div(Show(is_there, button)))
    pages.say(kind="ready", revision=-1)
    pages.event(button, "click")
    pages.wait()
    pages.wait()
    interval, waiting = started
    assert (interval.is_cancelled, waiting.done) == (False, False)
    is_there.value = False
    pages.wait()
    pages.wait()
    pages.wait()
    assert (interval.is_cancelled, waiting.state.value) == (True, "cancelled")


def test_an_error_in_a_handler_is_told_with_the_users_traceback_and_stops_nothing(
    shows: Shows, caplog: pytest.LogCaptureFixture
) -> None:
    count = Signal(0)

    def fail() -> None:
        raise ValueError("no such row")

    bad, good = Button("bad", on_click=fail), Button("good", on_click=lambda: count.update(lambda n: n + 1))
    pages = shows(Div(bad, good, lambda: count.value))
    pages.say(kind="ready", revision=-1)
    pages.take()
    with caplog.at_level(logging.ERROR, "flow"):
        pages.event(bad, "click")
    error = next(each for each in pages.take() if each["kind"] == "error")
    assert error["title"] == "ValueError: no such row"
    assert "in fail" in error["traceback"]
    assert "in _dispatch" not in error["traceback"]
    assert error["where"] == "on_click of Button('bad')"
    assert caplog.records
    pages.event(good, "click")
    assert count.value == 1


@pytest.mark.parametrize("is_async", [False, True])
def test_a_handler_that_exits_ends_nothing_else(shows: Shows, is_async: bool) -> None:
    told: list[int] = []

    def leave() -> None:
        sys.exit("enough")

    async def leave_later() -> None:
        await asyncio.sleep(0)
        sys.exit("enough")

    bad, good = (
        Button("bad", on_click=leave_later if is_async else leave),
        Button("good", on_click=lambda: told.append(1)),
    )
    pages = shows(Div(bad, good))
    pages.say(kind="ready", revision=-1)
    pages.event(bad, "click")
    pages.event(good, "click")
    assert told == [1]
    assert any(message.get("title") == "SystemExit: enough" for message in pages.sent)


def test_what_cannot_be_is_dropped_with_one_line_in_the_log_for_each_kind(
    shows: Shows, caplog: pytest.LogCaptureFixture
) -> None:
    button = Button("go", on_click=lambda: told.append(1))
    told: list[int] = []
    closed = Button("closed", on_click=lambda: told.append(2), disabled=True)
    pages = shows(Div(button, closed))
    pages.say(kind="ready", revision=-1)
    pages.take()
    with caplog.at_level(logging.WARNING, "flow"):
        for _ in range(200):
            pages.session.receive({"kind": "nonsense"})
            pages.session.receive([1, 2])
            pages.session.receive({"kind": "event", "page": "p", "serial": 1, "event": {"type": "click"}})
            pages.session.receive({"kind": "ack", "page": "p", "revision": "x" * 10_000_000})
        pages.event(button, "keydown")
        pages.event(closed, "click")
        pages.event(button, "click", x="left")
    assert told == []
    kinds = {record.getMessage() for record in caplog.records}
    assert len(caplog.records) == len(kinds) == 7
    pages.event(button, "click")
    assert told == [1]


def test_an_async_component_that_waits_for_nothing_is_there_at_once(shows: Shows) -> None:
    @component
    async def Hello() -> Element:
        return Text("hello")

    assert "hello" in shows(Div(Hello())).session.html()


def test_an_async_component_that_fails_at_once_fails_for_who_shows_it() -> None:
    @component
    async def Bad() -> Element:
        await asyncio.sleep(0)
        raise ValueError("no data")

    with pytest.raises(ValueError, match="no data"):
        Pages(Div(Bad()))


def test_an_async_component_that_waits_shows_up_later(shows: Shows) -> None:
    @component
    async def Slow() -> Element:
        await asyncio.sleep(0.05)
        return Text("done")

    pages = shows(Div(Suspense(Slow(), fallback="loading")))
    assert "loading" in pages.session.html()
    pages.say(kind="ready", revision=-1)
    deadline = time.monotonic() + 10
    while "done" not in pages.session.html() and time.monotonic() < deadline:
        pages.wait()
    assert "done" in pages.session.html()
    assert "patch" in pages.kinds()


def test_a_loop_of_a_hundred_thousand_writes_is_a_few_messages_and_ends_with_the_last(shows: Shows) -> None:
    count = Signal(0)
    pages = shows(Div(lambda: count.value))
    pages.say(kind="ready", revision=-1)
    began = time.monotonic()
    for n in range(100_000):
        count.value = n
        if pages.sent and n % 100 == 0:
            pages.session.receive({"kind": "ack", "page": "p", "revision": pages.session.revision})
    pages.say(kind="ack", revision=pages.session.revision)
    pages.say(kind="ack", revision=pages.session.revision)
    took = time.monotonic() - began
    assert pages.sent[-1]["operations"][0][2] == "99999"
    assert len(pages.sent) <= 10 + 100 * took


def test_a_closed_session_is_deaf_and_its_tree_can_be_shown_anew(shows: Shows) -> None:
    told: list[int] = []
    button = Button("go", on_click=lambda: told.append(1))
    pages = shows(button)
    ui_thread.wait(pages.session.close, 10)
    pages.event(button, "click")
    assert told == []
    again = shows(button)
    again.event(button, "click")
    assert told == [1]


def test_a_tree_is_saved_with_a_revision_that_is_not_newer_than_it(shows: Shows) -> None:
    """The UI thread may have its turn between reading the tree and reading the revision."""
    count = Signal(0)
    pages = shows(Div(count))
    pages.say(kind="ready", revision=None)
    session, tree = pages.session, pages.session.tree

    class Interrupted:
        @property
        def node(self) -> Any:
            node, session.tree = tree.node, tree
            count.value += 1
            ui_thread.wait(lambda: session.flush(waits=False), 10)
            return node

    session.tree = Interrupted()  # type: ignore[assignment]
    saved = session.saved()
    assert (saved["revision"], session.revision) == (0, 1)
    pages.take()
    pages.say(kind="ready", revision=saved["revision"])
    assert pages.kinds() == ["snapshot"]


@pytest.mark.parametrize("calls", [lambda close: close(), lambda close: ui_thread.wait(close, 10)], ids=["main", "ui"])
def test_a_session_ends_on_the_ui_thread_whoever_closes_it(calls: Callable[[Any], None], shows: Shows) -> None:
    ended: list[str] = []

    @component
    def Clock() -> Element:
        on_cleanup(lambda: ended.append(threading.current_thread().name))
        return Div("now")

    root = Div(Clock())
    session = shows(root).session
    calls(session.close)
    assert ended == ["flow"]
    calls(session.close)
    shows(root)


def test_closing_does_not_wait_for_ever_for_a_handler_that_does(shows: Shows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "ENDING", 0.05)
    session, go_on = shows(Div("x")).session, threading.Event()
    ui_thread.call(lambda: go_on.wait(10))
    session.close()
    try:
        assert session.root._live is not None
    finally:
        go_on.set()
    ui_thread.wait(lambda: None, 10)
    assert session.root._live is None


def test_an_async_handler_ends_with_its_element_also_if_that_left_before_it_began(shows: Shows) -> None:
    is_on, said = Signal(True), list[str]()

    async def changed() -> None:
        said.append("began")
        await asyncio.sleep(0.02)
        said.append("went on")

    box = Input(type="checkbox", checked=is_on, on_change=changed)
    pages = shows(Div(Show(lambda: is_on.value, box)))
    pages.say(kind="ready", revision=None)
    pages.event(box, "change", 1, value="on", checked=False)
    time.sleep(0.05)
    assert said == ["began"]
    assert not pages.session._work, "the session holds the element"
