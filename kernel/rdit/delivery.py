"""Messages that are handled while the main thread is busy: who handles one, and in what order.

    came in  ──►  one queue  ──►  the main thread, as soon as it looks (`serve_on_main`)
                             └─►  a thread of its own, when the main thread has been held up for long enough

Invariants: a message is handled once; one is handled at a time, on either thread, in the order they came in; what a
message does cannot hurt the queue. The thread begins with the first message that it has to handle, and is a daemon: a
handler that never ends keeps no process.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

M = TypeVar("M")

THREAD_NAME = "rdit delivery"


class Delivery(Generic[M]):
    """The queue and its thread.

    ``serve`` handles one message on the thread. ``patience(message)`` tells in how many seconds the thread may take
    it (at once, if not above 0), or None while the main thread is sure to come; it is asked again after that time, and
    after `look_again`. ``wake_main`` has the main thread call `serve_on_main` soon.
    """

    def __init__(
        self, serve: Callable[[M], None], patience: Callable[[M], float | None], wake_main: Callable[[], None]
    ) -> None:
        self._serve = serve
        self._patience = patience
        self._wake_main = wake_main
        self._waiting: deque[M] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_serving = False
        self._is_closed = False
        self._came = 0
        self._handled = 0

    @property
    def is_waiting(self) -> bool:
        """Whether there is a message that nobody handles yet."""
        return bool(self._waiting)

    @property
    def is_busy(self) -> bool:
        """Whether there is a message that has not been handled to its end."""
        return self._handled < self._came

    @property
    def came(self) -> int:
        """How many messages have come so far."""
        return self._came

    @property
    def handled(self) -> int:
        """How many of them have been handled to their end."""
        return self._handled

    def post(self, message: M) -> None:
        """Add a message. From any thread."""
        with self._changed:
            if self._is_closed:
                return
            self._waiting.append(message)
            self._came += 1
        self.look_again()
        self._wake_main()

    def look_again(self) -> None:
        """The main thread has become busy, or a message has come."""
        if not self._waiting:
            return
        with self._changed:
            if self._is_closed or not self._waiting:
                return
            if self._thread is None and self._patience(self._waiting[0]) is not None:
                self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def serve_on_main(
        self, serve: Callable[[M], None], seconds: float, may_serve: Callable[[M], bool] | None = None
    ) -> None:
        """Handle what waits, on the thread that calls, for so many seconds: then the main thread is woken once more.

        Ends before the first message that ``may_serve`` says no to, and at once where one is being handled.
        """
        end = monotonic() + seconds
        while True:
            with self._changed:
                if self._is_serving or not self._waiting or (may_serve and not may_serve(self._waiting[0])):
                    return
                message = self._take()
            try:
                serve(message)
            finally:
                self._finish()
            if monotonic() > end:
                if self._waiting:
                    self._wake_main()
                return

    def close(self, timeout: float = 1.0) -> None:
        """Handle nothing more, and wait so many seconds for the thread to end."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    def _run(self) -> None:
        while (message := self._next()) is not None:
            try:
                self._serve(message)
            finally:
                self._finish()
                if self._waiting:
                    self._wake_main()

    def _next(self) -> M | None:
        """Wait for a message that is this thread's to handle. None at the end."""
        with self._changed:
            while not self._is_closed:
                seconds = None
                if self._waiting and not self._is_serving:
                    seconds = self._patience(self._waiting[0])
                    if seconds is not None and seconds <= 0:
                        return self._take()
                self._changed.wait(seconds)
        return None

    def _take(self) -> M:
        self._is_serving = True
        return self._waiting.popleft()

    def _finish(self) -> None:
        with self._changed:
            self._is_serving = False
            self._handled += 1
            self._changed.notify_all()
