"""The kernel's session and streams: marks, packing, and text that keeps its order and its statement."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import zmq
from jupyter_client.session import json_packer

from rdit.events import CellRun, StatementRun
from rdit.publishing import PublishingThread, make_lossless, wait_until_sent
from rdit.session import StatementSession
from rdit.streams import StatementStream

HEADER = {"msg_id": "m1", "msg_type": "execute_request", "date": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}


def statement(index: int = 0) -> StatementRun:
    return StatementRun(CellRun(HEADER, "c1"), index, index + 1, index + 1, 0.0)


@pytest.fixture
def session() -> StatementSession:
    session = StatementSession(key=b"secret")
    session.running = {}
    return session


def test_a_message_is_marked_while_its_requests_statement_runs(session: StatementSession) -> None:
    run = statement(3)
    session.running = {"m1": run}
    marked = session.msg("display_data", {}, parent={"header": HEADER})
    assert marked["metadata"] == {"rdit": {"cell_id": "c1", "statement": 3, "line_start": 4, "line_end": 4}}
    assert run.outputs == 1
    assert session.msg("display_data", {}, parent={"header": {"msg_id": "m2"}})["metadata"] == {}
    assert session.msg("status", {}, parent={"header": HEADER}, metadata={"a": 1})["metadata"]["a"] == 1
    assert run.outputs == 1


@pytest.mark.parametrize(
    "content",
    [{}, {"a": [1, None, "é"]}, {"date": HEADER["date"]}, {"bytes": b"x"}, {"escaped": "\udce9"}],
)
def test_messages_are_packed_to_what_jupyter_client_packs(session: StatementSession, content: dict[str, Any]) -> None:
    assert session.pack(content) == json_packer(content)
    message = session.msg("stream", content, parent={"header": HEADER})
    frames = session.serialize(message)
    assert frames[-3] == json_packer(HEADER)
    assert frames[-1] == json_packer(content)


def test_what_json_does_not_know_is_cleaned_up_and_said(session: StatementSession) -> None:
    with pytest.warns(UserWarning, match="Message serialization failed"):
        assert json.loads(session.pack({"nan": math.nan})) == {"nan": "nan"}


def test_half_a_surrogate_pair_costs_no_other_text(session: StatementSession) -> None:
    assert json.loads(session.pack({"text": "a\ud800b"})) == {"text": "a\ufffdb"}


def test_a_parent_header_is_packed_once_and_never_confused_with_another(session: StatementSession) -> None:
    first, second = {**HEADER, "msg_id": "first"}, {**HEADER, "msg_id": "second"}
    for header in (first, second, first):
        message = session.msg("status", {}, parent=header)
        assert json.loads(session.serialize(message)[-3])["msg_id"] == header["msg_id"]


def test_a_configured_packer_is_left_in_place() -> None:
    session = StatementSession(packer="pickle", unpacker="pickle", key=b"")
    assert session.unpack(session.pack({1, 2})) == {1, 2}


def end(thread: PublishingThread) -> None:
    # ipykernel leaves this task pending when the thread ends, and asyncio complains about it.
    thread.io_loop.add_callback(thread._event_pipe_gc_task.cancel)
    for _ in range(3):
        wait_until_sent(thread)
    thread.stop()
    thread.close()


class Wire:
    """What was sent through a publishing thread."""

    def __init__(self, session: StatementSession) -> None:
        self._context = zmq.Context()
        out, self.inbox = self._context.socket(zmq.PAIR), self._context.socket(zmq.PAIR)
        out.bind("inproc://wire")
        self.inbox.connect("inproc://wire")
        self.thread = PublishingThread(out, session=session)
        self.thread.start()
        wait_until_sent(self.thread)
        self._session = session

    def take(self, wait: float = 1.0) -> list[dict[str, Any]]:
        messages = []
        while self.inbox.poll(int(wait * 1000) if not messages else 20):
            _, frames = self._session.feed_identities(self.inbox.recv_multipart())
            messages.append(self._session.deserialize(frames))
        return messages

    def close(self) -> None:
        end(self.thread)
        self.inbox.close(0)
        self._context.term()


@pytest.fixture
def wire(session: StatementSession) -> Iterator[Wire]:
    wire = Wire(session)
    yield wire
    wire.close()


@pytest.fixture
def stream(session: StatementSession, wire: Wire) -> Iterator[StatementStream]:
    stream = StatementStream(session, wire.thread, "stdout", watchfd=False)
    stream.set_parent({"header": HEADER})
    yield stream
    stream.close()


def test_each_statements_text_is_a_message_of_its_own(
    session: StatementSession, wire: Wire, stream: StatementStream
) -> None:
    running: dict[str, StatementRun] = {}
    session.running = running
    for index in range(3):
        running["m1"] = statement(index)
        stream.write("from ")
        stream.write(f"{index}")
    running.clear()
    stream.write("none")
    stream.publish()
    messages = wire.take()
    assert [m["content"]["text"] for m in messages] == ["from 0", "from 1", "from 2", "none"]
    assert [m["metadata"].get("rdit", {}).get("statement") for m in messages] == [0, 1, 2, None]
    assert all(set(m["parent_header"]) == set(HEADER) for m in messages)


def test_text_of_one_statement_counts_as_one_output(session: StatementSession, stream: StatementStream) -> None:
    run = statement()
    session.running = {"m1": run}
    for _ in range(100):
        stream.write("x")
    assert run.outputs == 1


def test_text_comes_before_what_is_published_after_its_flush(
    session: StatementSession, wire: Wire, stream: StatementStream
) -> None:
    for k in range(300):
        stream.write(str(k))
        stream.flush()
        session.send(wire.thread.background_socket, "display_data", {"k": k}, parent={"header": HEADER})
    told = [m["content"].get("text", m["content"].get("k")) for m in wire.take()]
    assert told == [value for k in range(300) for value in (str(k), k)]


def test_an_empty_flush_sends_nothing_and_waits_for_nothing(wire: Wire, stream: StatementStream) -> None:
    stream.flush()
    assert wire.take(0.05) == []


def test_the_first_text_leaves_by_itself_and_soon(
    wire: Wire, stream: StatementStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    delays: list[float] = []
    call_later = stream._io_loop.call_later

    def later(delay: float, *call: Any) -> object:
        delays.append(delay)
        return call_later(delay, *call)

    monkeypatch.setattr(stream._io_loop, "call_later", later)
    stream.write("soon")
    assert [m["content"]["text"] for m in wire.take(5.0)] == ["soon"]
    assert delays == [stream.first_interval]
    stream.write("a moment later")
    assert [m["content"]["text"] for m in wire.take(5.0)] == ["a moment later"]
    assert stream.first_interval <= delays[1] <= stream.flush_interval


def test_a_flood_is_gathered(wire: Wire, stream: StatementStream) -> None:
    for k in range(20_000):
        stream.write(f"{k}\n")
    stream.flush()
    messages = wire.take()
    assert "".join(m["content"]["text"] for m in messages) == "".join(f"{k}\n" for k in range(20_000))
    assert len(messages) < 50


def test_text_before_the_first_request_is_published_without_a_parent(session: StatementSession, wire: Wire) -> None:
    stream = StatementStream(session, wire.thread, "stderr", watchfd=False)
    stream.write("early")
    stream.flush()
    assert [(m["content"]["text"], m["parent_header"]) for m in wire.take()] == [("early", {})]
    stream.close()


def test_only_text_can_be_written(stream: StatementStream) -> None:
    with pytest.raises(TypeError, match="must be str"):
        stream.write(b"bytes")  # type: ignore[arg-type]


def test_a_publishing_thread_survives_what_it_is_given(wire: Wire) -> None:
    done: list[int] = []
    wire.thread.schedule(lambda: 1 / 0)
    for k in range(1000):
        wire.thread.schedule(lambda k=k: done.append(k))  # type: ignore[misc]
    deadline = time.monotonic() + 5
    while len(done) < 1000 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert done == list(range(1000))
    assert not wire.thread.has_unsent


def test_an_interrupt_in_is_alive_cannot_make_two_threads_send(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    # Up to Python 3.12 a KeyboardInterrupt inside is_alive() declares a living thread dead.
    monkeypatch.setattr(wire.thread.thread, "is_alive", lambda: False)
    sender: list[threading.Thread] = []
    wire.thread.schedule(lambda: sender.append(threading.current_thread()))
    wait_until_sent(wire.thread)
    assert sender == [wire.thread.thread]
    monkeypatch.undo()


@pytest.fixture
def published(session: StatementSession) -> Iterator[tuple[PublishingThread, zmq.Socket[bytes]]]:
    """A publishing thread as the kernel has it, and one reader."""
    context = zmq.Context()
    socket, reader = context.socket(zmq.XPUB), context.socket(zmq.SUB)
    make_lossless(socket)
    socket.sndhwm = reader.rcvhwm = 100
    reader.subscribe(b"")
    reader.connect(f"tcp://127.0.0.1:{socket.bind_to_random_port('tcp://127.0.0.1')}")
    thread = PublishingThread(socket, session=session)
    thread.start()
    reader.recv_multipart()  # iopub_welcome: the subscription has arrived
    yield thread, reader
    end(thread)
    reader.close(0)
    context.term()


def test_a_slow_reader_loses_nothing(published: tuple[PublishingThread, zmq.Socket[bytes]]) -> None:
    thread, reader = published
    body = b"x" * 10_000
    got: list[bytes] = []

    def read() -> None:
        while len(got) < 5000:
            got.append(reader.recv_multipart()[0])
            if len(got) % 500 == 0:
                time.sleep(0.02)

    reading = threading.Thread(target=read)
    reading.start()
    for k in range(5000):
        thread.send_multipart([str(k).encode(), body])
        thread.hold_back()
    reading.join(30)
    assert got == [str(k).encode() for k in range(5000)]


def test_a_reader_that_stands_still_is_not_waited_for_for_ever(
    published: tuple[PublishingThread, zmq.Socket[bytes]],
) -> None:
    thread, _ = published
    began = time.monotonic()
    for _ in range(5000):
        thread.send_multipart([b"x" * 10_000])
        thread.hold_back()
    wait_until_sent(thread)
    assert time.monotonic() - began < 8
