"""`rdit run --kernel`: a script or a notebook, run by a real rdit kernel and told as it happens.

The kernel is started for this run alone, with this Python, and is gone when it is over. Requests go one cell at a
time; what the kernel publishes is turned into the story by `KernelStory`, and into a notebook by `NotebookRecord`.
"""

from __future__ import annotations

import getpass
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from rdit.kernel_client import Listener, connected, reply_status
from rdit.kernel_story import KernelStory
from rdit.notebooks import CodeCell, code_cells
from rdit.program import Program, environment
from rdit.terminal.story import GRACE, Failure, Finished, InputAwaited, InputGiven, Output, View, timed_out

if TYPE_CHECKING:
    from rdit.recorded import NotebookRecord

_POLL_MS = 50
_READY_WITHIN = 60.0
_NEWS_WITHIN_MS = 30
# A kernel that computes in C tells nothing, not even that it has begun. At this signal it writes down where it is.
_DUMP_SIGNAL: signal.Signals | None = getattr(signal, "SIGUSR1", None)
_LINE_OF_CELL = re.compile(r'^  File "[^"]*\bipykernel_\d+[^"]*", line (\d+) in <(?:module|cell)', re.MULTILINE)

Message = Mapping[str, Any]


class KernelGone(Exception):
    """The kernel ended before the run did. ``str()`` holds what it said last."""


class _Stopped(Exception):
    """The kernel had to be ended: its time was up, or it did not react to interrupts."""


def run_in_kernel(
    program: Program, view: View, *, timeout: float | None, output: Path | None, columns: int | None = None
) -> int:
    """Run ``program`` and return the exit status.

    ``output`` is where the executed notebook is saved, ``columns`` the width that text output has, where it is known.
    """
    text = program.read()
    cells = code_cells(text) if program.is_notebook else [CodeCell(1, 0, text)]
    with ExitStack() as closing:
        record = None
        if output is not None:
            # Imported here, for nbformat takes longer to import than the kernel to start.
            from rdit.recorded import NotebookRecord

            record = NotebookRecord.of_notebook(text) if program.is_notebook else NotebookRecord.of_script(text)
            closing.callback(record.save, output)
        run = closing.enter_context(_running(view, record, timeout, columns))
        finished = run.run(program, cells)
    view.show(finished)
    return finished.status


class KernelRun:
    """One run: the kernel, what is known of it, and whoever shows it."""

    def __init__(
        self,
        kernel: KernelManager,
        client: BlockingKernelClient,
        view: View,
        record: NotebookRecord | None,
        timeout: float | None,
        folder: Path,
    ) -> None:
        self._kernel = kernel
        self._client = client
        self._view = view
        self._record = record
        self._timeout = float("inf") if timeout is None else timeout
        self._errors = folder / "stderr"
        self._dump = folder / "dump"
        self._numbers: dict[str, int | None] = {}
        self._over: dict[str, Failure | None] = {}
        self._replies: dict[str, Message] = {}
        self._story = KernelStory(view.show, lambda msg_id, _count: self._numbers.get(msg_id, False), self._end_cell)
        self._listener = Listener(client, self._story)
        self._deadline = float("inf")
        self._is_late = False
        self._interrupts_wanted = self._interrupts_sent = 0
        self._is_reading = False
        self._looked_at = 0.0
        self._is_ready = False
        # The source and number of the cell that runs.
        self._running: tuple[str, int | None] | None = None
        self._poller = zmq.Poller()
        for channel in (client.iopub_channel, client.shell_channel, client.stdin_channel):
            self._poller.register(channel.socket, zmq.POLLIN)

    def run(self, program: Program, cells: list[CodeCell]) -> Finished:
        """Run the cells one after another; stop where one fails that should not."""
        try:
            self._prepare(program)
            self._deadline = time.monotonic() + self._timeout
            for cell in cells:
                finished = self._run_cell(program, cell)
                if finished is not None:
                    return finished
        except _Stopped:
            return self._stopped()
        except KernelGone as gone:
            self._story.close()
            return Finished(1, self._story.place(str(gone)))
        return Finished()

    def interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self._interrupts_wanted += 1
        if self._is_reading:
            raise KeyboardInterrupt

    def _run_cell(self, program: Program, cell: CodeCell) -> Finished | None:
        content = {
            "code": cell.source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": True,
            "stop_on_error": True,
        }
        metadata: dict[str, Any] = {"cellId": cell.cell_id} if cell.cell_id else {}
        if program.lines is not None:
            metadata["rdit"] = {"line_range": list(program.lines)}
        msg_id = self._send("execute_request", content, metadata)
        self._running = cell.source, cell.number if program.is_notebook else None
        # Nothing that is published is looked at before the next poll.
        self._numbers[msg_id] = cell.number if program.is_notebook else None
        if self._record is not None:
            self._record.begin(msg_id, cell.index)
        self._poll_until(lambda: msg_id in self._over and msg_id in self._replies)
        failure, reply = self._over[msg_id], self._replies[msg_id]["content"]
        if failure is None and reply["status"] == "ok":
            return None
        if self._is_late:
            return Finished(124, timed_out(failure or self._story.place(""), self._timeout))
        status = reply_status(reply)
        if status == 0 or (cell.may_raise and status != 130):
            return None if status else Finished()
        return Finished(
            status, failure or self._story.place(f"{reply.get('ename', 'error')}: {reply.get('evalue', '')}")
        )

    def _prepare(self, program: Program) -> None:
        """Wait until the kernel is heard, and give a script the surroundings that `python script.py` gives it."""
        code = _dump_on_signal(self._dump)
        if not program.is_notebook:
            code += program.surroundings
        msg_id = self._send(
            "execute_request",
            {"code": code, "silent": True, "store_history": False, "user_expressions": {}, "allow_stdin": False},
        )
        self._deadline = time.monotonic() + _READY_WITHIN
        self._poll_until(lambda: self._story.has_answer and msg_id in self._replies)
        self._is_ready = True

    def _send(self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> str:
        message = self._client.session.msg(kind, content, metadata=metadata)
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def _poll_until(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            if not self._receive(_POLL_MS):
                self._listener.tick()
                self._view.tick()
            self._keep_in_hand()

    def _receive(self, milliseconds: int) -> bool:
        """Take in what has come on any channel; wait so long for a first message. Whether there was one."""
        ready = dict(self._poller.poll(milliseconds))
        if self._listener.socket in ready:
            self._hear()
        # Replies and questions come after what was published before them, as far as sockets can tell.
        if self._client.shell_channel.socket in ready:
            reply = self._client.session.recv(self._client.shell_channel.socket)[1]
            self._replies[reply["parent_header"].get("msg_id", "")] = reply
        if self._client.stdin_channel.socket in ready and self._listener.socket not in ready:
            self._answer(self._client.session.recv(self._client.stdin_channel.socket)[1]["content"])
        return bool(ready)

    def _hear(self) -> None:
        for message in self._listener.receive():
            if self._record is not None:
                self._record.hear(message)

    def _answer(self, asked: Mapping[str, Any]) -> None:
        """Let the reader answer ``input()``."""
        # What was printed before the question, and the news of its statement, come on another socket.
        while self._listener.socket.poll(_NEWS_WITHIN_MS):
            self._hear()
        self._view.show(Output("stdout", asked["prompt"]))
        self._view.show(InputAwaited())
        self._is_reading = True
        try:
            is_secret = asked["password"] and sys.stdin.isatty()
            answer = getpass.getpass("") + "\n" if is_secret else sys.stdin.readline()
        except KeyboardInterrupt:
            return
        finally:
            self._is_reading = False
            self._view.show(InputGiven())
        # ipykernel reads an end of transmission as the end of the input.
        self._client.input(answer.removesuffix("\n") if answer else "\x04")

    def _keep_in_hand(self) -> None:
        """Pass interrupts on, end a run whose time is up, and see whether the kernel is still there."""
        now = time.monotonic()
        if self._interrupts_wanted > self._interrupts_sent:
            self._interrupts_sent = self._interrupts_wanted
            if self._interrupts_sent > 2 or not self._is_ready:
                raise _Stopped
            self._kernel.interrupt_kernel()
        if now >= self._deadline and not self._is_ready:
            raise KernelGone(f"the kernel did not answer within {_READY_WITHIN:g} s{_last_words(self._errors)}")
        if now >= self._deadline:
            if self._is_late:
                raise _Stopped
            self._is_late = True
            self._deadline = now + GRACE
            self._kernel.interrupt_kernel()
        if now - self._looked_at > 0.5:
            self._looked_at = now
            if not self._kernel.is_alive():
                raise KernelGone(f"the kernel's process ended by itself{_last_words(self._errors)}")

    def _stopped(self) -> Finished:
        line = self._line_of_kernel() if self._running is not None else None
        if self._running is not None and line is not None:
            self._story.stop_in(*self._running, line)
        self._story.close()
        where = self._story.place("interrupted; the kernel did not react and was ended")
        return Finished(124, timed_out(where, self._timeout)) if self._is_late else Finished(130, where)

    def _line_of_kernel(self) -> int | None:
        """The line of the cell in which the kernel is, from a dump that needs no lock of the interpreter's."""
        if _DUMP_SIGNAL is None or not self._kernel.is_alive():
            return None
        self._kernel.signal_kernel(_DUMP_SIGNAL)
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            time.sleep(0.02)
            with suppress(OSError):
                if found := _LINE_OF_CELL.findall(self._dump.read_text("utf-8", "replace")):
                    return int(found[-1])
        return None

    def _end_cell(self, msg_id: str, failure: Failure | None) -> None:
        self._over[msg_id] = failure


class _OwnKernelSpec(KernelSpecManager):
    """Knows one kernel: the one of this very package, installed as a kernelspec or not."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec.from_resource_dir(str(Path(__file__).parent / "kernelspec"))


@contextmanager
def _running(
    view: View, record: NotebookRecord | None, timeout: float | None, columns: int | None
) -> Iterator[KernelRun]:
    with tempfile.TemporaryDirectory(prefix="rdit-", ignore_cleanup_errors=True) as folder, ExitStack() as closing:
        kernel = KernelManager(kernel_name="rdit", kernel_spec_manager=_OwnKernelSpec())
        kernel.connection_file = str(Path(folder, "kernel.json"))
        if os.name == "posix":
            # Sockets that only this user can reach, with no port to be taken meanwhile.
            kernel.transport, kernel.ip = "ipc", str(Path(folder, "k"))
        with open(Path(folder, "stderr"), "wb") as stderr:
            kernel.start_kernel(stderr=stderr, cwd=os.getcwd(), env=environment(columns))
        closing.callback(kernel.shutdown_kernel, now=True)
        client = closing.enter_context(connected(Path(kernel.connection_file), stdin=True))
        run = KernelRun(kernel, client, view, record, timeout, Path(folder))
        previous = signal.signal(signal.SIGINT, run.interrupt)
        closing.callback(signal.signal, signal.SIGINT, previous)
        yield run


def _dump_on_signal(path: Path) -> str:
    if _DUMP_SIGNAL is None:
        return ""
    return f"__import__('faulthandler').register({int(_DUMP_SIGNAL)}, open({str(path)!r}, 'w'))\n"


def _last_words(errors: Path) -> str:
    words = ""
    with suppress(OSError):
        words = errors.read_text("utf-8", "replace").strip()
    return f"; it said last: {words.splitlines()[-1]}" if words else ""
