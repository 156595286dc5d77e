"""What an interrupt leaves, open or undone."""

from __future__ import annotations

from threading import Thread

import pytest

from flow import Effect, Signal, batch, untracked
from flow.interrupts import clear_up
from flow.nesting import innermost
from flow.ui import Div, Text


class Stopped:
    """Two effects that read a signal, of which an interrupt in the first left the second undone."""

    def __init__(self) -> None:
        self.count, self.other, self.seen = Signal(0), Signal(0), list[tuple[int, int]]()
        is_interrupted = False

        def interrupted() -> None:
            _ = self.count.value
            if is_interrupted:
                raise KeyboardInterrupt

        Effect(interrupted)
        Effect(lambda: self.seen.append((self.count.value, self.other.value)))
        is_interrupted = True
        with pytest.raises(KeyboardInterrupt):
            self.count.value = 1
        is_interrupted = False
        assert self.seen == [(0, 0)]


def test_what_an_interrupt_left_is_done_with_the_next_write_also_of_what_only_it_reads() -> None:
    stopped = Stopped()
    stopped.other.value = 1
    assert stopped.seen == [(0, 0), (1, 1)]


def test_what_an_interrupt_left_is_done_at_the_end_of_a_batch_and_of_an_update_too() -> None:
    stopped = Stopped()
    with batch():
        stopped.other.value = 1
        stopped.other.value = 2
        assert stopped.seen == [(0, 0)]
    assert stopped.seen == [(0, 0), (1, 2)]
    stopped = Stopped()
    stopped.other.update(lambda n: n + 1)
    assert stopped.seen == [(0, 0), (1, 1)]


def test_what_an_interrupt_left_is_done_by_a_thread_that_writes() -> None:
    stopped = Stopped()
    thread = Thread(target=stopped.other.set, args=(1,))
    thread.start()
    thread.join(10)
    assert stopped.seen == [(0, 0), (1, 1)]


def test_clearing_up_does_what_an_interrupt_left() -> None:
    stopped = Stopped()
    clear_up()
    assert stopped.seen == [(0, 0), (1, 0)]


def test_clearing_up_closes_what_was_left_open() -> None:
    count, seen = Signal(0), list[int]()
    Effect(lambda: seen.append(count.value))
    outer, inner = Div(), Div()
    for each in (outer, inner, batch(), untracked()):
        each.__enter__()  # type: ignore[attr-defined]
    count.value = 1
    assert seen == [0]
    clear_up()
    assert seen == [0, 1]
    assert innermost() is None
    Text("made after it")
    assert (outer.children, inner.children) == ((), ())
    Effect(lambda: seen.append(count.value * 10))
    count.value = 2
    assert seen == [0, 1, 10, 2, 20]
