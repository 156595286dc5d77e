"""The protocol's verbs, for a kernel that runs a cell statement by statement.

A cell always runs inside the task that received it, on the loop: so it can wait between two statements, and comm
messages that came meanwhile are served there.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from comm.base_comm import BaseComm
from ipykernel.comm.manager import CommManager
from ipykernel.ipkernel import IPythonKernel
from IPython.core.async_helpers import _asyncio_runner
from IPython.core.interactiveshell import ExecutionResult
from jupyter_client.session import Session
from traitlets import DottedObjectName, Float, Type
from traitlets.utils.importstring import import_item

from rdit import __version__, lazy_debugger
from rdit.comm_messages import WAKE, CommMessages
from rdit.compiler import RditCompiler
from rdit.events import COMM_TARGET, CellRun, StatementChannel
from rdit.hooks import serving_comm_message
from rdit.interrupts import Interrupts, forget_cancellation
from rdit.late_history import save_late
from rdit.publishing import PublishingThread, wait_until_sent
from rdit.session import StatementSession
from rdit.shell import Plan, RditShell

# A wait for the publishing thread costs some 0.1 ms, so not after every statement of a thousand short ones: the first
# ten that publish are waited for, and from then on one in so many seconds.
_WAITS = 10
_BETWEEN_WAITS = 0.005
# Seconds after which the loop has a turn between two statements, though it has nothing to do that is known of.
_BETWEEN_TURNS = 0.010
_TARGET = COMM_TARGET.encode()


class RditKernel(IPythonKernel):
    """ "Python 3 (rdit)": ipykernel's kernel, one statement at a time."""

    # Always there in a kernel; ipykernel's traits allow for none.
    shell: RditShell
    session: Session

    shell_class = Type(RditShell)
    # By name: a Type imports its class when the kernel is made, and this one brings debugpy with it.
    debugger_class = DottedObjectName("ipykernel.debugger.Debugger").tag(config=True)  # type: ignore[assignment]
    compiler_class = Type(RditCompiler)

    # ipykernel sleeps after every cell, lest output be late. Here output is on its way before the reply is made.
    _execute_sleep = Float(0.0).tag(config=True)

    abort_wait = Float(
        0.01,
        help="""Seconds that a failed cell takes at least, so that the requests which a front end queued behind it
        have arrived when the queue is aborted.""",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        self.interrupts = Interrupts(
            handler.__code__
            for handler in (
                BaseComm.handle_msg,
                CommManager.comm_open,
                IPythonKernel.do_complete,
                IPythonKernel.do_inspect,
                IPythonKernel.do_is_complete,
                IPythonKernel.do_history,
                IPythonKernel.do_apply,
            )
        )
        self._cells: list[dict[str, Any]] = []
        self._cells_changing = threading.Lock()
        self._channels: dict[str, StatementChannel] = {}
        self._waits = float(_WAITS)
        self._waits_at = 0.0
        self._turned_at = 0.0
        with lazy_debugger.not_imported():
            super().__init__(**kwargs)
        self.comms = CommMessages(self)
        self.shell.interrupts = self.interrupts
        if isinstance(self.session, StatementSession):
            self.session.running = self.shell.statement_log.running
            if isinstance(self.iopub_thread, PublishingThread):
                self.session.hold_back = self.iopub_thread.hold_back
            self.session.before_output = self.shell.statement_log.before_output
        save_late(self.shell.history_manager, self._later)
        self.comm_manager.register_target(COMM_TARGET, self._open_statement_channel)

    @property
    def delivers_while_busy(self) -> bool:
        """Whether comm messages are handled while a cell runs, which who makes widgets would else see to."""
        return self.shell_channel_thread is not None

    def start(self) -> None:
        super().start()
        self.comms.start()

    def do_shutdown(self, restart: bool) -> dict[str, Any]:  # type: ignore[override]  # as IPythonKernel's
        """Handle no comm message any more, and shut down."""
        self.comms.delivery.close()
        reply: dict[str, Any] = super().do_shutdown(restart)
        return reply

    @property
    def banner(self) -> str:  # type: ignore[override]
        return f"{super().banner}rdit {__version__}: each top-level statement runs on its own. %timeline? has help.\n"

    # Executing

    async def execute_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        await self.comms.handled_before(parent["header"]["msg_id"])
        await super().execute_request(stream, ident, parent)

    def _send_abort_reply(self, stream: Any, msg: Any, idents: Any) -> None:
        self.comms.forget(msg["header"]["msg_id"])
        super()._send_abort_reply(stream, msg, idents)

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, str] | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: dict[str, Any] | None = None,
        cell_id: str | None = None,
    ) -> dict[str, Any]:
        """Run a cell and return the content of its reply."""
        shell = self.shell
        if shell.loop_runner is not _asyncio_runner or shell.trio_runner:
            # Another loop has to drive the cell, so it cannot be a task of this one.
            reply: dict[str, Any] = await super().do_execute(
                code, silent, store_history, user_expressions, allow_stdin, cell_meta=cell_meta, cell_id=cell_id
            )
            return reply
        parent = self.get_parent("shell") or {}
        cell = None if silent else CellRun(parent.get("header", {}), cell_id, execution_count=shell.execution_count)
        began = self._turned_at = time.monotonic()
        self._forward_input(allow_stdin)
        self._begin_cell(parent)
        try:
            result = await self.interrupts.run(
                shell.run_cell_in_task(
                    code,
                    Plan(cell=cell, between=self._between_statements),
                    silent=silent,
                    store_history=store_history,
                    cell_id=cell_id,
                    cell_meta=cell_meta,
                )
            )
            await forget_cancellation()
        finally:
            self._end_cell(parent)
            self._restore_input()
        reply = self._reply_to(result, user_expressions)
        if reply["status"] == "error":
            await asyncio.sleep(max(self.abort_wait - (time.monotonic() - began), 0.0))
        return reply

    def _begin_cell(self, parent: dict[str, Any]) -> None:
        self._cells.append(parent)
        if threading.current_thread() is threading.main_thread():
            self.comms.begin_cell()

    def _end_cell(self, parent: dict[str, Any]) -> None:
        if threading.current_thread() is threading.main_thread():
            self.comms.end_cell()
        with self._cells_changing:
            # By identity: two requests may be equal.
            self._cells = [each for each in self._cells if each is not parent]

    def tell_busy_still(self) -> None:
        """Front ends take the last status they see for the kernel's: if a cell runs, tell it once more."""
        # With the lock, lest it be told when the cell has said that it is idle.
        with self._cells_changing:
            if self._cells:
                self._publish_status("busy", "shell", parent=self._cells[-1])

    def _reply_to(self, result: ExecutionResult, user_expressions: dict[str, str] | None) -> dict[str, Any]:
        shell = self.shell
        reply: dict[str, Any] = {"status": "ok"}
        if not result.success or getattr(shell, "_last_traceback_during_displayhook", False):
            errors = (result.error_before_exec, result.error_in_exec, shell.last_shown_error)
            error = next((each for each in errors if each is not None), None)
            reply = {
                "status": "error",
                "traceback": shell._last_traceback or [],
                "ename": type(error).__name__,
                "evalue": str(error),
                # ipyparallel reads this.
                "engine_info": {"engine_uuid": self.ident, "engine_id": self.int_id, "method": "execute"},
            }
            self.log.info("Exception in execute request:\n%s", "\n".join(reply["traceback"]))
        reply["execution_count"] = shell.execution_count - 1
        reply["user_expressions"] = {}
        if reply["status"] == "ok":
            with contextlib.suppress(KeyboardInterrupt), self.interrupts.open():
                reply["user_expressions"] = shell.user_expressions(user_expressions or {})
        # Payloads are read and cleared whatever happened: part of a cell may have made one before it failed.
        payloads = shell.payload_manager
        assert payloads is not None
        reply["payload"] = payloads.read_payload()
        payloads.clear_payload()
        return reply

    def finish_metadata(
        self, parent: dict[str, Any], metadata: dict[str, Any], reply_content: dict[str, Any]
    ) -> dict[str, Any]:
        """The reply's metadata; that of a failed cell says which statement failed."""
        metadata = super().finish_metadata(parent, metadata, reply_content)
        cell = self.shell.statement_log.last
        if reply_content["status"] == "error" and cell is not None and cell.header is parent.get("header"):
            failed = cell.failed_run
            if failed is not None:
                metadata["rdit"] = failed.tag
        return metadata

    async def _between_statements(self) -> None:
        """Give output, comm messages and background tasks their turn."""
        now = time.monotonic()
        self._waits = min(self._waits + (now - self._waits_at) / _BETWEEN_WAITS, _WAITS)
        self._waits_at = now
        if self._waits >= 1 and getattr(self.iopub_thread, "has_unsent", False):
            self._waits -= 1
            wait_until_sent(self.iopub_thread)
        is_turn = now - self._turned_at >= _BETWEEN_TURNS
        if not is_turn and not self.comms.is_due(now):
            return
        await self.comms.between(now, turns=is_turn)
        if is_turn:
            self._turned_at = time.monotonic()

    # Receiving

    async def shell_channel_thread_main(self, msg: Any) -> None:
        if not self._serve_at_once(msg) and not self.comms.takes(msg):
            await super().shell_channel_thread_main(msg)

    async def shell_main(self, subshell_id: str | None, msg: Any) -> None:
        if len(msg) == 1 and msg[0].bytes == WAKE:
            self.comms.woken()
        else:
            await super().shell_main(subshell_id, msg)

    def _serve_at_once(self, msg: Any) -> bool:
        """Answer from the thread that receives what a page asks that is loaded anew while a statement runs.

        It asks who the kernel is, and then on the statements' comm what runs, and shows nothing until it knows. Tells
        whether ``msg`` was one of these.
        """
        idents, parts = self.session.feed_identities(msg, copy=False)
        frames: Any = parts
        if len(frames) < 5 or not self._may_be_urgent(frames[1].bytes, frames[4].bytes):
            return False
        try:
            request = self.session.deserialize(frames, content=False, copy=False)
            request["content"] = self.session.unpack(request["content"])
        except Exception:
            self.log.error("Invalid message", exc_info=True)
            return True
        match request["msg_type"]:
            case "kernel_info_request" if request["header"].get("subshell_id") is None:
                answer = self._tell_kernel_info
            case "comm_open" if request["content"].get("target_name") == COMM_TARGET:
                answer = self._tell_statements
            case _:
                return False
        self._publish_status("busy", "shell", parent=request)
        answer(idents, request)
        self._publish_status("idle", "shell", parent=request)
        self.tell_busy_still()
        return True

    def _may_be_urgent(self, header: bytes, content: bytes) -> bool:
        """A look at the bytes, lest every message be parsed twice."""
        if b"kernel_info_request" in header:
            return bool(self._cells)
        return b"comm_open" in header and _TARGET in content

    def _tell_kernel_info(self, idents: list[bytes], request: dict[str, Any]) -> None:
        self.session.send(self.shell_stream, "kernel_info_reply", {"status": "ok", **self.kernel_info}, request, idents)

    def _tell_statements(self, idents: list[bytes], request: dict[str, Any]) -> None:
        channel = self._channels.get(request["content"]["comm_id"])
        if channel is not None:
            channel.tell_history()
        else:
            self.shell_handlers["comm_open"](None, idents, request)

    async def dispatch_shell(self, msg: Any, /, subshell_id: str | None = None, *, concurrent: bool = False) -> None:
        """Serve one shell request. One that comes while a cell runs (``concurrent``) gets its busy and idle too."""
        if not concurrent:
            with self.interrupts.serving():
                await super().dispatch_shell(msg, subshell_id=subshell_id)
                if subshell_id is None:
                    self.comms.serve_idle()
            return
        parent = self._header_of(msg)
        self._publish_status("busy", "shell", parent=parent)
        try:
            with serving_comm_message():
                await super().dispatch_shell(msg, subshell_id=subshell_id, concurrent=True)
        finally:
            self._publish_status("idle", "shell", parent=parent)

    def _header_of(self, msg: Any) -> dict[str, Any]:
        _, frames = self.session.feed_identities(msg, copy=False)
        parent: dict[str, Any] = self.session.deserialize(frames, content=False, copy=False)
        return parent

    def pre_handler_hook(self) -> None:
        """SIGINT is answered by `interrupts` for as long as a request is served."""

    def post_handler_hook(self) -> None:
        """See `pre_handler_hook`."""

    # Telling

    def _open_statement_channel(self, comm: Any, msg: Any) -> None:
        has_history = msg["content"].get("data", {}).get("history", True)
        channel = StatementChannel(self.shell.statement_log, comm.send, self._later, has_history=has_history)
        self._channels[comm.comm_id] = channel

        def close(_msg: Any) -> None:
            channel.stop()
            self._channels.pop(comm.comm_id, None)

        comm.on_close(close)

    def _later(self, delay: float, call: Callable[[], None]) -> None:
        """Call from the publishing thread after ``delay`` seconds; at once where there is no such thread."""
        loop = getattr(self.iopub_thread, "io_loop", None)
        if loop is None:
            call()
        else:
            self.iopub_thread.schedule(lambda: loop.call_later(delay, call))

    # The debugger, when somebody wants it

    @property
    def kernel_info(self) -> dict[str, Any]:
        with lazy_debugger.not_imported():
            info: dict[str, Any] = super().kernel_info
        if "debugger" not in info["supported_features"] and lazy_debugger.is_available():
            info["supported_features"].append("debugger")
        info["supported_features"].append(COMM_TARGET)
        return info

    async def do_debug_request(self, msg: dict[str, Any]) -> Any:
        """Answer a debug request, making the debugger first if this is the first that needs one."""
        if getattr(self, "debugger", None) is None:
            if msg.get("command") == "debugInfo" or not lazy_debugger.is_available():
                return lazy_debugger.debug_info(msg)
            self.debugger = import_item(self.debugger_class)(
                self.log,
                self.debugpy_stream,
                self._publish_debug_event,
                self.debug_shell_socket,
                self.session,
                self._kernel_modules,
                self.debug_just_my_code,
                self.filter_internal_frames,
            )
            self._poll_task = asyncio.create_task(super().poll_stopped_queue())
        return await super().do_debug_request(msg)

    def dispatch_debugpy(self, msg: Any) -> None:
        if getattr(self, "debugger", None) is not None:
            super().dispatch_debugpy(msg)

    async def poll_stopped_queue(self) -> None:
        """Begins with the debugger, see `do_debug_request`."""
        if getattr(self, "debugger", None) is not None:
            await super().poll_stopped_queue()
