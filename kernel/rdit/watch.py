"""`rdit watch`: what a kernel does for somebody else, told as it happens.

A second client attaches to the kernel's iopub and asks for news of its statements; the client that runs the cells
(JupyterLab, nbclient, a console) notices nothing. `watch_command` starts a program that will start a kernel, with
folders of its own for connection files: one appears there before the kernel listens, so nothing it says is missed.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from rdit.kernel_client import Listener, connected
from rdit.kernel_story import KernelStory
from rdit.terminal.story import Failure, Finished, Kind, Output, View

_POLL_MS = 20


class KernelNotFound(Exception):
    """There is no such kernel. ``str()`` says what was looked for and what to do."""


class CommandNotRun(Exception):
    """The command cannot be started. ``str()`` says why."""


def find_connection_file(name: str | None) -> Path:
    """The connection file that ``name`` means (a path, or part of a kernel's id); the newest kernel's without one."""
    from jupyter_client.connect import find_connection_file as find
    from jupyter_core.paths import jupyter_runtime_dir

    if name is not None and Path(name).is_file():
        return Path(name)
    try:
        return Path(find(f"*{name}*" if name else "kernel-*.json"))
    except OSError:
        wanted = f"a connection file called or like {name!r}" if name else "a running kernel"
        raise KernelNotFound(
            f"expected {wanted}, found none in {jupyter_runtime_dir()}; "
            "`%connect_info` in a cell tells a kernel's connection file"
        ) from None


def watch_kernel(connection_file: Path, view: View) -> int:
    """Tell what the kernel does until it ends (0) or the reader has seen enough (130)."""
    interrupts = _Interrupts()
    with ExitStack() as closing:
        closing.callback(interrupts.install())
        attachment = Attachment(connection_file, view)
        closing.callback(attachment.close)
        while not (interrupts.count or attachment.is_over or not connection_file.exists()):
            if not attachment.listen(_POLL_MS):
                view.tick()
    view.show(Finished(130 if interrupts.count else 0))
    return 130 if interrupts.count else 0


def watch_command(command: Sequence[str], view: View) -> int:
    """Run ``command`` and tell what the kernels do that it starts. The exit status is the command's."""
    interrupts = _Interrupts()
    said: queue.SimpleQueue[Output] = queue.SimpleQueue()
    attachments: dict[Path, Attachment] = {}
    with ExitStack() as closing:
        folders = closing.enter_context(_folders())
        closing.callback(interrupts.install())
        # The command shares the terminal, so a Ctrl-C reaches it without our help; here it only must not end us.
        process = _start(command, folders)
        assert process.stdout is not None
        assert process.stderr is not None
        readers = [_read(process.stdout, "stdout", said.put), _read(process.stderr, "stderr", said.put)]
        kernels = closing.enter_context(ExitStack())
        ended_at = None
        # A kernel that outlives its command by a moment still has something to say.
        while ended_at is None or time.monotonic() - ended_at < 0.2:
            for path in _new_connection_files(folders, attachments):
                attachments[path] = Attachment(path, view)
                kernels.callback(attachments[path].close)
            has_heard = [attachment.listen(0) for attachment in attachments.values()]
            while not said.empty():
                view.show(said.get())
            if not any(has_heard):
                view.tick()
                time.sleep(0.01 if attachments else 0.002)
                if ended_at is None and process.poll() is not None:
                    ended_at = time.monotonic()
        for reader in readers:
            reader.join(timeout=1)
        while not said.empty():
            view.show(said.get())
    # A program that a signal ended has the status a shell would give it.
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    failure = Failure(f"{command[0]} ended with exit status {status}") if status else None
    view.show(Finished(status, failure))
    return status


class Attachment:
    """A second client of one kernel, which tells its story."""

    def __init__(self, connection_file: Path, view: View) -> None:
        self._closing = ExitStack()
        client = self._closing.enter_context(connected(connection_file))
        self._story = KernelStory(view.show, lambda _msg_id, count: count)
        self._listener = Listener(client, self._story)
        self.is_over = False

    def listen(self, milliseconds: int) -> bool:
        """Hear what the kernel has said; wait so long for a first message. Whether there was one."""
        if not self._listener.socket.poll(milliseconds):
            self._listener.tick()
            return False
        for message in self._listener.receive():
            if message["header"]["msg_type"] == "shutdown_reply":
                self.is_over = not message["content"].get("restart", False)
        return True

    def close(self) -> None:
        self._story.close()
        self._closing.close()


class _Interrupts:
    """Counts Ctrl-C instead of falling over it."""

    def __init__(self) -> None:
        self.count = 0

    def install(self) -> Callable[[], object]:
        """Begin to count. Returns the way back."""
        previous = signal.signal(signal.SIGINT, self._take)
        return lambda: signal.signal(signal.SIGINT, previous)

    def _take(self, _signal: int, _frame: FrameType | None) -> None:
        self.count += 1


def _start(command: Sequence[str], folders: tuple[str, str]) -> subprocess.Popen[bytes]:
    places = {"JUPYTER_RUNTIME_DIR": folders[0], "TMPDIR": folders[1], "PYTHONUNBUFFERED": "1"}
    try:
        return subprocess.Popen(command, env={**os.environ, **places}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise CommandNotRun(
            f"expected a command that can be run, but {command[0]!r} cannot: {error.strerror}"
        ) from error


@contextmanager
def _folders() -> Iterator[tuple[str, str]]:
    """Where a command's kernels will have their connection files.

    Servers and consoles keep them in Jupyter's runtime folder. nbclient, papermill and nbval make a temporary file:
    that folder is kept if the command left anything else in it.
    """
    base = tempfile.mkdtemp(prefix="rdit-")
    folders = os.path.join(base, "runtime"), os.path.join(base, "tmp")
    for folder in folders:
        os.mkdir(folder, 0o700)
    try:
        yield folders
    finally:
        shutil.rmtree(folders[0], ignore_errors=True)
        for folder in (folders[1], base):
            with suppress(OSError):
                os.rmdir(folder)


def _new_connection_files(folders: tuple[str, str], known: Container[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in Path(folder).glob("*.json"):
            if path not in known and _is_connection_file(path):
                yield path


def _is_connection_file(path: Path) -> bool:
    """Whether ``path`` is a connection file, and written to its end."""
    try:
        return "iopub_port" in json.loads(path.read_text())
    except (ValueError, TypeError, OSError):
        return False


def _read(stream: IO[bytes], kind: Kind, tell: Callable[[Output], None]) -> threading.Thread:
    """Tell what comes out of ``stream``, in a thread."""

    def read() -> None:
        for line in stream:
            tell(Output(kind, line.decode(errors="replace"), is_aside=True))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread
