"""Interrupts that Python has not noticed end what the main thread waits in, lest their statement goes on to its end.

Python looks for a signal between two instructions. One that comes after the last look and before a system call that
blocks (`time.sleep`, a read) is noticed when that call is over, which may be never. Of the interrupts that are sent
just as a statement begins to wait it is one in several hundred. A signal that comes during the call ends it.

For each signal C code writes its number into a pipe (`signal.set_wakeup_fd`), and the handler in Python takes out what
is there. Of what is left after some milliseconds nobody has taken notice, and a thread sends the main thread a signal
that does nothing (SIGURG, as Go's scheduler): it ends the call, and Python notices both. To send the interrupt again
would be to interrupt twice if Python notices it just then.
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
    """Watches for interrupts that ``handler`` has not noticed, which says so by `seen`.

    On Windows, where no signal ends a call, it does nothing.
    """

    def __init__(self, handler: Callable[..., object]) -> None:
        self._handler = handler
        self._reader = self._writer = -1
        self._calls = 0

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
        self._calls += 1
        with suppress(OSError):
            while os.read(self._reader, 64):
                pass

    def _start(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        if signal.getsignal(signal.SIGURG) is signal.SIG_DFL:
            signal.signal(signal.SIGURG, _wake)
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
            select.select([reader], [], [])
            time.sleep(wait := _AGAIN)
            numbers = b""
            with suppress(BlockingIOError):
                numbers = os.read(reader, 64)
            calls = self._calls  # after the read: the handler may have been called before for another one
            while signal.SIGINT in numbers and self._calls == calls and self._may_wake():
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGURG)
                wait = min(2 * wait, _SELDOM)
                time.sleep(wait)

    def _may_wake(self) -> bool:
        """Whether the handlers of both signals are ours: of what another has noticed nothing is known."""
        is_ours = signal.getsignal(signal.SIGINT) == self._handler
        return is_ours and signal.getsignal(signal.SIGURG) is _wake


def _wake(*_: object) -> None:
    """What a signal does that is only to end a system call."""
