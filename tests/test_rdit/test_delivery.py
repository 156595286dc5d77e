"""The queue of messages, with threads of the test's own: who handles one, in what order, and when it is given up."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from rdit.delivery import THREAD_NAME, Delivery


class Desk:
    """A delivery of numbers, and what was done with each. ``patience`` is what the main thread asks for."""

    def __init__(self) -> None:
        self.patience: float | None = None
        self.handled: list[tuple[int, str]] = []
        self.wakes = 0
        self.before: Callable[[int], object] = lambda _: None
        self.delivery: Delivery[int] = Delivery(self.serve, lambda _: self.patience, self.wake)

    def serve(self, message: int) -> None:
        self.before(message)
        self.handled.append((message, threading.current_thread().name))

    def wake(self) -> None:
        self.wakes += 1

    def settle(self) -> list[int]:
        deadline = time.monotonic() + 10
        while self.delivery.is_busy and time.monotonic() < deadline:
            time.sleep(0.001)
        return [message for message, _ in self.handled]

    @property
    def threads(self) -> set[str]:
        return {name for _, name in self.handled}


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.delivery.close()
    assert THREAD_NAME not in [thread.name for thread in threading.enumerate()]


def test_while_the_main_thread_is_sure_to_come_nothing_is_handled_without_it(desk: Desk) -> None:
    for k in range(3):
        desk.delivery.post(k)
    assert desk.wakes == 3
    assert THREAD_NAME not in [thread.name for thread in threading.enumerate()]
    desk.delivery.serve_on_main(desk.serve, 10)
    assert desk.handled == [(k, "MainThread") for k in range(3)]


def test_a_main_thread_that_is_held_up_leaves_it_to_the_thread(desk: Desk) -> None:
    desk.patience = 0
    for k in range(100):
        desk.delivery.post(k)
    assert desk.settle() == list(range(100))
    assert desk.threads == {THREAD_NAME}


def test_what_waited_for_the_main_thread_is_the_threads_when_that_becomes_busy(desk: Desk) -> None:
    desk.delivery.post(1)
    desk.patience = 0.01
    desk.delivery.look_again()
    time.sleep(0.002)
    desk.patience = 0
    assert desk.settle() == [1]
    assert desk.threads == {THREAD_NAME}


def test_the_main_thread_overtakes_no_message_that_the_thread_is_in(desk: Desk) -> None:
    is_in, go_on = threading.Event(), threading.Event()
    desk.before = lambda message: (is_in.set(), go_on.wait(10)) if message == 0 else None
    desk.patience = 0
    desk.delivery.post(0)
    assert is_in.wait(10)
    desk.patience = None
    desk.delivery.post(1)
    desk.delivery.serve_on_main(desk.serve, 10)
    assert desk.handled == []
    wakes = desk.wakes
    go_on.set()
    while desk.wakes == wakes:
        time.sleep(0.001)
    desk.delivery.serve_on_main(desk.serve, 10)
    assert desk.settle() == [0, 1]
    assert desk.handled[1][1] == "MainThread"


def test_a_handler_on_the_main_thread_that_looks_itself_gets_nothing(desk: Desk) -> None:
    desk.before = lambda _: desk.delivery.serve_on_main(desk.serve, 10)
    for k in range(3):
        desk.delivery.post(k)
    desk.delivery.serve_on_main(desk.serve, 10)
    assert desk.settle() == [0, 1, 2]


def test_the_main_thread_stops_at_what_it_may_not_handle_yet_and_when_its_time_is_over(desk: Desk) -> None:
    for k in range(4):
        desk.delivery.post(k)
    desk.delivery.serve_on_main(desk.serve, 10, lambda message: message < 2)
    assert desk.handled == [(0, "MainThread"), (1, "MainThread")]
    wakes = desk.wakes
    desk.delivery.serve_on_main(desk.serve, -1)
    assert len(desk.handled) == 3
    assert desk.wakes == wakes + 1, "for the one that is left"


def test_whoever_handles_them_each_is_handled_once_and_in_order(desk: Desk) -> None:
    rng = random.Random(5)
    desk.before = lambda _: time.sleep(rng.choice([0, 0, 0.0002]))
    poster = threading.Thread(target=lambda: [desk.delivery.post(k) for k in range(2000)])
    poster.start()
    while poster.is_alive() or desk.delivery.is_busy:
        desk.patience = rng.choice([None, 0, 0.0005])
        desk.delivery.look_again()
        if rng.random() < 0.5:
            desk.delivery.serve_on_main(desk.serve, rng.choice([0, 0.001]))
        time.sleep(0.0003)
    assert [message for message, _ in desk.handled] == list(range(2000))
    assert desk.threads == {"MainThread", THREAD_NAME}


def test_a_closed_delivery_handles_nothing_and_waits_for_a_hanging_handler_only_so_long(desk: Desk) -> None:
    is_in, go_on = threading.Event(), threading.Event()
    desk.before = lambda _: (is_in.set(), go_on.wait(10))
    desk.patience = 0
    for k in range(3):
        desk.delivery.post(k)
    assert is_in.wait(10)
    desk.delivery.close(timeout=0.01)
    desk.delivery.post(3)
    go_on.set()
    desk.delivery.close()
    assert [message for message, _ in desk.handled] == [0]
