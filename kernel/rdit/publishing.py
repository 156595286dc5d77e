"""The thread that publishes: how messages leave the kernel.

ipykernel's is woken for every message, and its socket drops messages when a reader falls behind. Here it is woken once
for all that waits; and when a reader falls behind, first the thread waits for it and then who writes does, so that a
cell that displays faster than a front end can read loses nothing. A reader that stands still is not waited for.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread

# Seconds without any reading after which a reader counts as standing still.
_STALL = 1.0
# Messages that may wait to be sent before who makes them has to wait.
_BACKLOG = 1_000


class PublishingThread(IOPubThread):
    """An IOPubThread that is woken once for all that waits, and loses nothing to a reader that reads."""

    def __init__(self, socket: Any, *args: Any, **kwargs: Any) -> None:
        self._serving_in: int | None = None
        self._is_woken = False
        self._is_lossy = False
        self._lossy_until = 0.0
        self._patience = _STALL
        super().__init__(socket, *args, **kwargs)

    def start(self) -> None:
        self._serving_in = os.getpid()
        super().start()

    def _thread_main(self) -> None:
        try:
            super()._thread_main()
        finally:
            self._serving_in = None

    @property
    def is_serving(self) -> bool:
        """Whether the thread runs, in this process.

        ``Thread.is_alive`` is not to be asked where an interrupt may come: up to Python 3.12 a KeyboardInterrupt inside
        it declares the thread dead (its cure for bpo-45274 releases the lock of a thread that lives). Whoever asked
        would then send by itself, at the same time as this thread, and cut messages in two.
        """
        return self._serving_in == os.getpid()

    @property
    def has_unsent(self) -> bool:
        return bool(self._events)

    def schedule(self, f: Callable[[], Any]) -> None:
        """Call ``f`` on this thread, in the order of the calls to `schedule`."""
        if not self.is_serving:
            f()
            return
        self._events.append(f)
        if self._is_woken:
            return
        try:
            self._is_woken = True
            self._event_pipe.send(b"")
        except BaseException:
            # An interrupt may come between the two: then nobody has been woken, and the next call has to.
            self._is_woken = False
            raise

    def _handle_event(self, msg: Any) -> None:
        # Cleared before the queue is read: what is added from here on wakes the thread again.
        self._is_woken = False
        for _ in range(len(self._events)):
            try:
                self._events[0]()
            except Exception:
                logging.getLogger(__name__).exception("A message could not be published")
            finally:
                # Only now: what is being sent is not sent yet.
                self._events.popleft()

    def _really_send(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if not self._is_master_process():
            super()._really_send(msg, *args, **kwargs)
            return
        if self._is_lossy and time.monotonic() > self._lossy_until:
            self._set_lossy(False)
        give_up = time.monotonic() + _STALL
        while True:
            try:
                # Not left waiting inside zmq, where nothing could be decided meanwhile.
                super()._really_send(msg, *args, flags=zmq.DONTWAIT, **kwargs)
                break
            except zmq.Again:
                if time.monotonic() > give_up:
                    # A reader stands still. It shall lose messages rather than stop everybody, each time for
                    # twice as long.
                    self._lossy_until = time.monotonic() + self._patience
                    self._patience = min(self._patience * 2, 60.0)
                    self._set_lossy(True)
                else:
                    time.sleep(0.0005)
        if not self._is_lossy:
            self._patience = _STALL

    def _set_lossy(self, is_lossy: bool) -> None:
        self._is_lossy = is_lossy
        self.socket.setsockopt(zmq.XPUB_NODROP, 0 if is_lossy else 1)

    def hold_back(self) -> None:
        """Let who writes faster than it can be sent wait a little. Not to be called with a stream's lock held."""
        if len(self._events) <= _BACKLOG or threading.current_thread() is self.thread:
            return
        give_up = time.monotonic() + 2 * _STALL
        while len(self._events) > _BACKLOG // 2 and self.is_serving and time.monotonic() < give_up:
            time.sleep(0.001)


def make_lossless(socket: Any) -> None:
    """Set an XPUB socket, before it is bound, to wait for slow readers instead of dropping what they are sent.

    zmq drops silently, the message that says "idle" as well as any other, when a reader is 1000 messages behind.
    """
    socket.setsockopt(zmq.XPUB_NODROP, 1)


def wait_until_sent(pub_thread: Any, timeout: float = 10.0) -> None:
    """Return when the publishing thread has sent all it was given so far.

    It also lets go of the interpreter's lock for as long as that takes: a busy loop that follows would otherwise hold
    the message back for some 30 ms.
    """
    if not getattr(pub_thread, "is_serving", False) or pub_thread.thread is threading.current_thread():
        return
    sent = threading.Event()
    pub_thread.schedule(sent.set)
    if not sent.wait(timeout):
        print("rdit: output could not be sent within 10 s", file=sys.__stderr__)
