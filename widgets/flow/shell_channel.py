"""What pages say, taken off the kernel's shell channel as it arrives, so that a cell that runs holds up nobody.

ipykernel queues every message behind the running cell, those of widgets too: it asks a widget's messages of the thread
that last sent on its comm, which is the busy one, even where the front end named another (ipykernel 7.4). Its thread
that receives has time, and a message for a tree is only handed over to the UI thread: so these are taken out there.

Those of all other widgets belong to the main thread. They are kept here, in their order, until it has time: in a wait
of ``sleep``, ``run_until`` or ``ask``, in an ``await``, or after the cell.

A kernel that delivers while it is busy says so (``delivers_while_busy``), and is left alone.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from flow.widget import FlowWidget

_log = logging.getLogger("flow")
_TURN, _TURNS = 0.005, 20  # seconds, and how often, that a message waits for the cell that came before it to begin
_COMMS = frozenset({"comm_open", "comm_msg", "comm_close"})

Pump = Callable[[threading.Event], AbstractContextManager[Callable[[float], object]]]
"""One wait of the main thread: ``wait(seconds)`` returns earlier when the event is set, and has things happen."""

_channel: ShellChannel | None = None


def deliver_to(widget: FlowWidget) -> None:
    """Have this widget's messages delivered while a cell runs, if this is a kernel which would not do so by itself."""
    channel = _of_this_kernel()
    if channel is not None:
        channel.widgets[widget.comm.comm_id] = widget


def pump() -> Pump | None:
    """What a wait of the main thread lets happen meanwhile; None if nothing has to be done for it."""
    channel = _of_this_kernel()
    return channel.waiting if channel is not None else None


def _of_this_kernel() -> ShellChannel | None:
    """The channel of the kernel, opened if it is not yet, if there is one that needs it."""
    kernel = _kernel()
    if kernel is None or getattr(kernel, "delivers_while_busy", False):
        return None
    global _channel
    if _channel is None or not _channel.is_of(kernel):
        _channel = ShellChannel(kernel)
        _channel.open()
    return _channel


def _kernel() -> Any:
    """The kernel, if it is one of ipykernel's that receives in a thread of its own."""
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython is not None else None
    return kernel if getattr(kernel, "shell_channel_thread", None) is not None else None


class ShellChannel:
    """The shell channel of one kernel."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self.widgets: WeakValueDictionary[str, FlowWidget] = WeakValueDictionary()
        self._mail: deque[tuple[list[Any], dict[str, Any]]] = deque()
        self._lock = threading.Lock()
        self._waiter: threading.Event | None = None
        self._is_cell_ahead = False  # one was passed on, and has not begun
        self._tasks: set[asyncio.Task[None]] = set()

    def is_of(self, kernel: Any) -> bool:
        """Whether it is this kernel's."""
        return self._kernel is kernel

    def open(self) -> None:
        """Receive in the place of the kernel, which gets what is not taken here."""
        stream = self._kernel.shell_stream
        self._kernel.shell_channel_thread.io_loop.add_callback(lambda: stream.on_recv(self._receive, copy=False))
        self._kernel.shell.events.register("pre_execute", self._cell_began)

    @contextmanager
    def waiting(self, woken: threading.Event) -> Iterator[Callable[[float], object]]:
        """The main thread waits: ``wait(seconds)`` returns when woken, and handles what has come for other widgets."""

        def wait(seconds: float) -> None:
            woken.wait(seconds)
            self._handle_mail()

        with self._lock:
            outer, self._waiter = self._waiter, woken
        try:
            self._handle_mail()
            yield wait
        finally:
            with self._lock:
                self._waiter = outer

    # -- In the thread that receives

    async def _receive(self, frames: list[Any]) -> None:
        if not self._take(frames):
            await self._kernel.shell_channel_thread_main(frames)

    def _take(self, frames: list[Any]) -> bool:
        """Take a message if it is for a tree, or if the main thread, which it is for, is busy."""
        session = self._kernel.session
        _, parts = session.feed_identities(frames, copy=False)
        if len(parts) < 5:
            return False
        if b"comm_" not in parts[1].bytes:
            self._is_cell_ahead = self._is_cell_ahead or b'"execute_request"' in parts[1].bytes
            return False
        try:
            message = session.deserialize(parts, content=False, copy=False)
            message["content"] = session.unpack(message["content"])
        except Exception:  # the kernel says what is wrong with it
            return False
        if message["header"]["msg_type"] not in _COMMS:
            return False
        data = message["content"].get("data", {})
        widget = self.widgets.get(message["content"].get("comm_id"))
        if widget is not None and data.get("method") == "custom":
            with self._served(message):
                widget.session.receive(data.get("content"), message["buffers"])
            return True
        if self._has_thread_of_its_own(message) or not (self._mail or self._is_cell_ahead or self._is_busy()):
            return False
        with self._lock:
            self._mail.append((frames, message))
            if self._waiter is not None:
                self._waiter.set()
        self._kernel.io_loop.add_callback(self._pass_on)
        return True

    def _has_thread_of_its_own(self, message: dict[str, Any]) -> bool:
        """Whether ipykernel gives it to a subshell."""
        subshell = message["header"].get("subshell_id")
        comm = self._kernel.comm_manager.get_comm(message["content"].get("comm_id"))
        return getattr(comm, "_reply_subshell_id", subshell) is not None

    def _is_busy(self) -> bool:
        return bool(self._kernel._main_asyncio_lock.locked())

    # -- In the main thread

    def _cell_began(self) -> None:
        self._is_cell_ahead = False

    def _pass_on(self, turns: int = _TURNS) -> None:
        """Let the kernel handle what is here, as if it had just come; behind a cell that is ahead, or is aborted."""
        if self._mail and self._is_cell_ahead and turns:
            self._kernel.io_loop.call_later(_TURN, self._pass_on, turns - 1)
            return
        while self._mail:
            frames, _ = self._mail.popleft()
            task = asyncio.ensure_future(self._kernel.shell_main(None, frames))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _handle_mail(self) -> None:
        while self._mail:
            _, message = self._mail.popleft()
            with self._served(message):
                try:
                    self._handle(message)
                except Exception:
                    _log.exception("a widget's message failed")

    def _handle(self, message: dict[str, Any]) -> None:
        manager = self._kernel.comm_manager
        content, kind = message["content"], message["header"]["msg_type"]
        comm = manager.get_comm(content.get("comm_id")) if kind == "comm_msg" else None
        if comm is None:
            getattr(manager, kind)(None, None, message)
        elif comm._msg_callback is not None:
            # Not by `handle_msg`, which says that a cell begins and ends: matplotlib would show figures half drawn.
            comm._msg_callback(message)

    @contextmanager
    def _served(self, message: dict[str, Any]) -> Iterator[None]:
        """Tell the front end, which waits for the end before it sends more."""
        kernel = self._kernel
        kernel._publish_status("busy", "shell", parent=message)
        try:
            yield
        finally:
            kernel._publish_status("idle", "shell", parent=message)
            if self._is_busy():
                # Front ends take the last status that they see for the kernel's.
                kernel._publish_status("busy", "shell")
