"""Comm messages: taken off the shell channel where they arrive, and handled while a cell runs too.

The thread that reads the shell channel hands each to a queue (`delivery.py`), whether it came for a subshell or not. It
is handled on the main thread when that is free, while the cell awaits, and between two statements; during a statement
on one thread beside it. Each has its own busy and idle; front ends take the last status they see for the kernel's, so
after the idle a running cell says that it is busy still.

    a message comes during                    and is handled
    no cell                                   on the main thread, in the context of the cells
    an await                                  on the main thread, in a copy of it
    a statement that has run for 1 ms         on the thread, in a copy of it
    one whose comm this cell has opened       the same, 10 ms after the statement's start, or the comm's opening

The last line is for a cell which shows a widget in one statement and attaches its handler in the next: a front end
that answers at once must find the handler.

Private to ipykernel, and used here: ``Comm._reply_subshell_id``, ``Kernel._main_asyncio_lock``,
``Kernel._shell_parent`` and ``_shell_parent_ident``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

import zmq

from rdit.delivery import Delivery
from rdit.due import is_due
from rdit.haste import Haste, when_readable
from rdit.hooks import serving_comm_message

if TYPE_CHECKING:
    from rdit.kernel import RditKernel

Parsed = dict[str, Any]

# Sent to the main thread among its messages; no message of the protocol is one frame.
WAKE = b"rdit: comm messages wait"

VERBS = frozenset({"comm_open", "comm_msg", "comm_close", "comm_info_request"})

# Seconds that a statement has to run before a message is handled beside it.
_BRIEF = 0.001
_BRIEF_OF_OWN_COMM = 0.010
# Seconds that the loop may leave a message alone while the cell awaits: then something else holds it up.
_LOOP_IS_HELD_UP = 0.25
# Seconds that the main thread handles messages in a row before something else has its turn.
_IN_A_ROW = 0.05
# Seconds that a request waits for the comm messages that were sent before it. A handler may wait for that very cell.
PATIENCE = 3.0


@dataclass(slots=True)
class Mail:
    """A comm message that waits."""

    idents: list[bytes]
    message: Parsed
    came: float = field(default_factory=monotonic)


@dataclass(slots=True)
class RunningCell:
    """The cell that runs on the main thread. ``began`` is when its last statement did, on the monotonic clock."""

    thread: int
    task: asyncio.Task[Any] | None
    loop: asyncio.AbstractEventLoop
    context: Context
    began: float


class CommMessages:
    """The kernel's comm messages, from their arrival to their idle."""

    def __init__(self, kernel: RditKernel) -> None:
        self._kernel = kernel
        self.cell: RunningCell | None = None
        self.haste = Haste(kernel._later)
        self.delivery: Delivery[Mail] = Delivery(self._serve_on_thread, self._patience, self._wake_main)
        self._is_woken = False
        self._is_held = False
        self._came_before: dict[str, int] = {}
        self._stuck_at = -1

    def start(self) -> None:
        """Notice messages sooner. When the kernel starts, with its streams made."""
        thread = self._kernel.shell_channel_thread
        if thread is not None:
            thread.io_loop.add_callback(when_readable, self._kernel.shell_stream, self._hurry)

    # Where they arrive: on the thread that reads the shell channel

    def takes(self, frames: list[Any]) -> bool:
        """Take a message, if it is one of a comm's. The main thread has it soon, or the delivery thread."""
        try:
            return self._takes(frames)
        finally:
            if self.haste.is_on and not self.delivery.is_busy:
                self.haste.end()

    def _takes(self, frames: list[Any]) -> bool:
        session = self._kernel.session
        idents, parts = session.feed_identities(frames, copy=False)
        if len(parts) < 5:
            return False
        header = parts[1].bytes  # type: ignore[union-attr]
        is_execute = self.delivery.is_busy and b"execute_request" in header
        if not is_execute and b"comm_" not in header:
            return False
        try:
            message = session.deserialize(parts, content=False, copy=False)
            kind = message["msg_type"]
            if kind == "execute_request":
                self._came_before[message["header"]["msg_id"]] = self.delivery.came
            if kind not in VERBS:
                return False
            if self._is_for_subshell(session.unpack(message["content"]).get("comm_id", "")):
                return False
            message = session.deserialize(parts, content=True, copy=False)
        except Exception:
            self._kernel.log.error("Invalid message", exc_info=True)
            return True
        self.delivery.post(Mail(idents, message))
        return True

    def _is_for_subshell(self, comm_id: str) -> bool:
        """Whether the comm was last used by a subshell in which a cell runs: one that may be waiting for the answer."""
        comm = self._kernel.comm_manager.comms.get(comm_id)
        subshell = getattr(comm, "_reply_subshell_id", None)
        if subshell is None:
            return False
        manager = self._kernel.shell_channel_thread.manager
        try:
            return bool(manager.get_subshell_asyncio_lock(subshell).locked())
        except KeyError:
            return False

    def _hurry(self) -> None:
        cell = self.cell
        if cell is not None and asyncio.current_task(cell.loop) is cell.task:
            self.haste.begin()

    def _wake_main(self) -> None:
        if self._is_woken:
            return
        self._is_woken = True
        thread = self._kernel.shell_channel_thread
        if threading.current_thread() is thread:
            self._send_wake()
        else:
            thread.io_loop.add_callback(self._send_wake)

    def _send_wake(self) -> None:
        manager = self._kernel.shell_channel_thread.manager
        try:
            manager.get_shell_channel_to_subshell_socket(None).send(WAKE, zmq.DONTWAIT)
        except zmq.Again:
            # A thousand requests wait for the main thread. It looks here after each.
            self._is_woken = False

    # On the main thread

    def woken(self) -> None:
        """The main thread's loop has its turn, and messages may wait."""
        self._is_woken = False
        if self._is_held:
            return
        if self._kernel._main_asyncio_lock.locked():
            self._serve_beside()
        else:
            self.serve_idle()

    def serve_idle(self) -> None:
        """Handle what waits; no cell runs, and no other request is being served."""
        if self.delivery.is_waiting:
            with self._kernel.interrupts.serving():
                self.delivery.serve_on_main(self._serve_idle, _IN_A_ROW)

    def _serve_beside(self, may_serve: Callable[[Mail], bool] | None = None) -> None:
        """Handle what waits while another request is being served, and leave no trace in its context."""
        if self.delivery.is_waiting:
            copy_context().run(self.delivery.serve_on_main, self._serve_in_context, _IN_A_ROW, may_serve)

    def begin_cell(self) -> None:
        """A cell begins to run, in the task that calls."""
        getattr(self._kernel.session, "opened", {}).clear()
        self.cell = RunningCell(
            threading.get_ident(),
            asyncio.current_task(),
            asyncio.get_running_loop(),
            copy_context(),
            monotonic(),
        )
        self.delivery.look_again()

    def end_cell(self) -> None:
        """The cell has ended. What waits is for `serve_idle`."""
        self.cell = None

    def is_due(self, now: float) -> bool:
        """A statement has ended: whether anything waits for the time between it and the next."""
        cell = self.cell
        if cell is None or threading.get_ident() != cell.thread:
            return False
        cell.began = now
        return self.delivery.is_waiting or is_due(cell.loop, now)

    async def between(self, now: float, *, turns: bool) -> None:
        """Handle what waits between two statements, after a turn of the loop if it needs one."""
        cell = self.cell
        if cell is None or threading.get_ident() != cell.thread:
            # A subshell's cell: no message is handled there.
            if turns:
                await asyncio.sleep(0)
            return
        if turns or is_due(cell.loop, now):
            self._is_held = True
            try:
                await asyncio.sleep(0)
                if is_due(cell.loop, now):
                    # The first turn has only found out that a timer or a socket is due.
                    await asyncio.sleep(0)
            finally:
                self._is_held = False
        if self.delivery.is_waiting:
            self._serve_beside(self._may_be_between)
            if self.delivery.is_waiting:
                self._wake_main()
        cell.began = monotonic()

    def _may_be_between(self, mail: Mail) -> bool:
        opened = self._opened(mail)
        return opened is None or monotonic() >= opened + _BRIEF_OF_OWN_COMM

    async def handled_before(self, msg_id: str) -> None:
        """Wait until the messages that came before a request have been handled, for `PATIENCE` at most.

        A message that was waited for in vain is not waited for again.
        """
        count = self._came_before.pop(msg_id, 0)
        delivery, interrupts = self.delivery, self._kernel.interrupts
        is_main = threading.current_thread() is threading.main_thread()
        end = monotonic() + PATIENCE
        while delivery.handled < count and delivery.handled != self._stuck_at and not interrupts.is_pending:
            if is_main:
                self._serve_beside()
            await asyncio.sleep(0.001)
            if monotonic() > end:
                self._stuck_at = delivery.handled

    def forget(self, msg_id: str) -> None:
        """A request is aborted, and waits for nothing."""
        self._came_before.pop(msg_id, None)

    # Handling

    def _patience(self, mail: Mail) -> float | None:
        """In how many seconds the delivery thread may handle a message. See `Delivery`."""
        cell = self.cell
        if cell is None:
            return None
        now = monotonic()
        if asyncio.current_task(cell.loop) is not cell.task:
            return mail.came + _LOOP_IS_HELD_UP - now
        opened = self._opened(mail)
        if opened is None:
            return cell.began + _BRIEF - now
        return max(cell.began, opened) + _BRIEF_OF_OWN_COMM - now

    def _opened(self, mail: Mail) -> float | None:
        """When the running cell has opened the comm of a message, if it has."""
        opened: dict[str, float] = getattr(self._kernel.session, "opened", {})
        return opened.get(mail.message["content"].get("comm_id", ""))

    def _serve_idle(self, mail: Mail) -> None:
        self._kernel.set_parent(mail.idents, mail.message, channel="shell")
        self._serve(mail)

    def _serve_on_thread(self, mail: Mail) -> None:
        cell = self.cell
        context = cell.context.copy() if cell is not None else Context()
        context.run(self._serve_in_context, mail)
        if not self.delivery.is_waiting:
            publishing = self._kernel.iopub_thread
            if self.haste.is_on and publishing is not None:
                publishing.schedule(self._calm)
        if cell is not None:
            # A future that the handler has made ready belongs to the loop, which does not know unless it wakes.
            with suppress(RuntimeError):
                cell.loop.call_soon_threadsafe(_nothing)

    def _calm(self) -> None:
        if not self.delivery.is_waiting:
            self.haste.end()

    def _serve_in_context(self, mail: Mail) -> None:
        kernel = self._kernel
        kernel._shell_parent_ident.set(mail.idents)  # type: ignore[arg-type]
        kernel._shell_parent.set(mail.message)
        kernel.shell.set_thread_parent(mail.message)
        with serving_comm_message():
            self._serve(mail)

    def _serve(self, mail: Mail) -> None:
        kernel, message = self._kernel, mail.message
        kernel._publish_status("busy", "shell", parent=message)
        try:
            if message["msg_type"] == "comm_info_request":
                self._tell_comms(mail)
            else:
                kernel.shell_handlers[message["msg_type"]](None, mail.idents, message)
        except KeyboardInterrupt:
            kernel.log.error("KeyboardInterrupt caught in kernel.")
        except BaseException:
            # Of a handler, whatever it is (SystemExit, say): it ends neither the thread nor the kernel.
            kernel.log.error("Exception in message handler:", exc_info=True)
        finally:
            kernel.shell._publish()
            kernel._publish_status("idle", "shell", parent=message)
            if not self.delivery.is_waiting:
                kernel.tell_busy_still()

    def _tell_comms(self, mail: Mail) -> None:
        kernel, message = self._kernel, mail.message
        wanted = message["content"].get("target_name")
        # Copied in one step: comms come and go on other threads.
        comms = {
            comm_id: {"target_name": comm.target_name}
            for comm_id, comm in kernel.comm_manager.comms.copy().items()
            if wanted in (None, comm.target_name)
        }
        reply = {"comms": comms, "status": "ok"}
        kernel.shell_channel_thread.io_loop.add_callback(
            kernel.session.send, kernel.shell_stream, "comm_info_reply", reply, message, mail.idents
        )


def _nothing() -> None:
    """Wakes a loop by being called in it."""
