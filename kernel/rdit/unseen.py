"""Interrupts that Python has not noticed are sent once more, lest the statement that they were for goes on to its end.

Python looks for a signal between two instructions. One that comes after the last look and before a system call that
blocks (`time.sleep`, a read) is noticed when that call is over, which may be never. Of the interrupts that are sent
just as a statement begins to wait it is one in several hundred. A signal that comes during the call ends it.

For each signal C code writes its number into a pipe (`signal.set_wakeup_fd`), and the handler in Python takes out what
is there. What is left after some milliseconds nobody has noticed, and a thread sends it to the main thread again.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_AGAIN = 0.01
_SELDOM = 1.0


class Unseen:
    """Watches for interrupts that ``handler`` has not seen, which says so by `seen`.

    On Windows, where no signal ends a call, it does nothing.
    """

    def __init__(self, handler: Callable[..., object]) -> None:
        self._handler = handler
        self._reader = self._writer = -1

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch, on the main thread. Somebody else who is told of signals stays so: an event loop with handlers."""
        if sys.platform == "win32":
            yield
            return
        if self._writer < 0:
            self._start()
        before = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        if before != -1:
            signal.set_wakeup_fd(before)
        try:
            yield
        finally:
            self._stop()
            self.seen()

    def seen(self) -> None:
        """The handler was called: all that came before is noticed."""
        with suppress(OSError):
            while os.read(self._reader, 64):
                pass

    def _start(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        # A forked process would write of its own signals into this one's pipe.
        os.register_at_fork(after_in_child=self._forget)
        threading.Thread(target=self._watch, args=(self._reader,), name="rdit-unseen", daemon=True).start()

    def _stop(self) -> None:
        now = signal.set_wakeup_fd(-1)
        if now != self._writer:
            signal.set_wakeup_fd(now)

    def _forget(self) -> None:
        self._stop()
        self._reader = self._writer = -1

    def _watch(self, reader: int) -> None:
        while True:
            wait = _AGAIN
            select.select([reader], [], [])
            while self._is_left(reader, wait):
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
                wait = min(2 * wait, _SELDOM)

    def _is_left(self, reader: int, wait: float) -> bool:
        """Whether an interrupt was left for ``wait`` seconds. Of a handler of the user's own nothing is known."""
        time.sleep(wait)
        try:
            numbers = os.read(reader, 64)
        except BlockingIOError:
            return False
        return signal.SIGINT in numbers and signal.getsignal(signal.SIGINT) == self._handler
