"""The interpreter's switch interval: short while a message is on its way, and then what it was."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from rdit.haste import LONGEST, SHORT, Haste, when_readable


@pytest.fixture(autouse=True)
def usual() -> Iterator[float]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield 0.005
    sys.setswitchinterval(before)


@pytest.fixture
def timers() -> list[tuple[float, Callable[[], None]]]:
    return []


@pytest.fixture
def haste(timers: list[tuple[float, Callable[[], None]]]) -> Haste:
    return Haste(lambda delay, call: timers.append((delay, call)))


def test_the_interval_is_short_until_the_end_and_then_as_before(haste: Haste) -> None:
    for _ in range(2):
        haste.begin()
        haste.begin()
        assert sys.getswitchinterval() == pytest.approx(SHORT)
        haste.end()
        haste.end()
        assert sys.getswitchinterval() == pytest.approx(0.005)


def test_it_ends_by_itself_but_not_the_haste_that_came_after(
    haste: Haste, timers: list[tuple[float, Callable[[], None]]]
) -> None:
    haste.begin()
    haste.end()
    haste.begin()
    (delay, first), (_, second) = timers
    assert delay == LONGEST
    first()
    assert sys.getswitchinterval() == pytest.approx(SHORT)
    second()
    assert sys.getswitchinterval() == pytest.approx(0.005)
    assert not haste.is_on


def test_an_interval_that_the_user_has_set_meanwhile_stays(haste: Haste) -> None:
    haste.begin()
    sys.setswitchinterval(0.001)
    haste.end()
    assert sys.getswitchinterval() == pytest.approx(0.001)


def test_one_that_is_shorter_already_is_left_alone(haste: Haste) -> None:
    sys.setswitchinterval(SHORT / 2)
    haste.begin()
    assert sys.getswitchinterval() == pytest.approx(SHORT / 2)
    assert not haste.is_on


def test_a_stream_tells_that_it_reads_before_it_does() -> None:
    """The canary for a private name of pyzmq: without it messages come, but later."""
    zmq = pytest.importorskip("zmq")
    from tornado.ioloop import IOLoop
    from zmq.eventloop.zmqstream import ZMQStream

    told: list[str] = []
    context, loop = zmq.Context(), IOLoop(make_current=False)
    sender, receiver = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    try:
        sender.bind("inproc://haste")
        receiver.connect("inproc://haste")
        stream = ZMQStream(receiver, loop)
        stream.on_recv(lambda frames: (told.append(frames[0].decode()), loop.stop()))
        when_readable(stream, lambda: told.append("reads"))
        sender.send(b"it")
        loop.call_later(10, loop.stop)
        loop.start()
        assert told[0] == "reads"
        assert told[-1] == "it"
    finally:
        sender.close(0)
        stream.close(0)
        loop.close()
        context.term()
