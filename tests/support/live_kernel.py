"""A running kernel as a test sees it: send a cell, get back everything the kernel said about it.

The three channels are read from one place, `LiveKernel.pump`, so that a request for input is answered while outputs
arrive and several cells can be under way at once. A `Run` grows while its cell runs.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

Message = dict[str, Any]


class KernelTimeoutError(AssertionError):
    """The kernel did not do in time what a test waits for."""


@dataclass(eq=False)
class Run:
    """One execute request, and what has come back so far. ``answers`` go to its requests for input, in order."""

    code: str
    msg_id: str
    answers: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    prompts: list[Message] = field(default_factory=list)
    reply: Message | None = None
    is_idle: bool = False

    @property
    def is_over(self) -> bool:
        return self.reply is not None and self.is_idle

    @property
    def content(self) -> dict[str, Any]:
        """What the reply says."""
        assert self.reply is not None, f"no reply yet to {self.code!r}"
        content: dict[str, Any] = self.reply["content"]
        return content

    @property
    def status(self) -> str:
        return str(self.content["status"])

    def of(self, *kinds: str) -> list[Message]:
        """The published messages of these kinds."""
        return [message for message in self.messages if message["msg_type"] in kinds]

    @property
    def kinds(self) -> list[str]:
        return [message["msg_type"] for message in self.messages]

    @property
    def text(self) -> str:
        """What was written to stdout."""
        return "".join(m["content"]["text"] for m in self.of("stream") if m["content"]["name"] == "stdout")

    @property
    def stderr(self) -> str:
        return "".join(m["content"]["text"] for m in self.of("stream") if m["content"]["name"] == "stderr")

    @property
    def results(self) -> list[str]:
        """The plain text of each execute_result."""
        return [m["content"]["data"]["text/plain"] for m in self.of("execute_result")]

    @property
    def outputs(self) -> list[Message]:
        """What a notebook would show."""
        return self.of("stream", "execute_result", "display_data", "update_display_data", "clear_output", "error")

    @property
    def error(self) -> dict[str, Any] | None:
        """The content of the error message, if there is one."""
        errors = self.of("error")
        return errors[-1]["content"] if errors else None

    @property
    def error_name(self) -> str | None:
        return self.error["ename"] if self.error else None


class LiveKernel:
    """A kernel in a process of its own and the client that talks to it. Used as a context manager."""

    def __init__(self, name: str = "rdit", *, arguments: Sequence[str] = (), **popen: Any) -> None:
        self.name = name
        self.manager = KernelManager(kernel_name=name)
        self._arguments = list(arguments)
        self._popen = popen
        self._runs: dict[str, Run] = {}
        self._replies: dict[str, Message] = {}
        self.published: list[Message] = []

    def __enter__(self) -> Self:
        self.manager.start_kernel(extra_arguments=self._arguments, **self._popen)
        try:
            self._connect()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if hasattr(self, "client"):
            self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        # The manager keeps a context of its own, which warns when it is collected open.
        with suppress(zmq.ZMQError):
            self.manager.context.destroy(linger=0)

    def restart(self) -> None:
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self._connect()

    @property
    def pid(self) -> int:
        pid: int = self.manager.provisioner.pid  # type: ignore[union-attr]
        return pid

    @property
    def is_alive(self) -> bool:
        return bool(self.manager.is_alive())

    def run(self, code: str, *, timeout: float = 30, **request: Any) -> Run:
        """Run a cell to its end. ``request`` is what `send` takes."""
        return self.wait(self.send(code, **request), timeout)

    def send(
        self,
        code: str,
        *,
        answers: Sequence[str] = (),
        cell_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        **content: Any,
    ) -> Run:
        """Send a cell and do not wait. ``content`` are the request's own keys: silent, store_history …"""
        request = {
            "code": code,
            "silent": False,
            "store_history": not content.get("silent", False),
            "user_expressions": {},
            "allow_stdin": True,
            "stop_on_error": True,
            **content,
        }
        marks = {**(metadata or {}), **({} if cell_id is None else {"cellId": cell_id})}
        message = self.client.session.msg("execute_request", request, metadata=marks)
        run = Run(code, message["header"]["msg_id"], list(answers))
        self._runs[run.msg_id] = run
        self.client.shell_channel.send(message)
        return run

    def wait(self, run: Run, timeout: float = 30) -> Run:
        """Until the run has its reply and the kernel has said that it is idle again."""
        self.wait_for(lambda: run.is_over, timeout, f"the end of {run.code!r}")
        return run

    def wait_for_text(self, run: Run, text: str, timeout: float = 30) -> Run:
        """Until the run has written ``text`` to stdout."""
        self.wait_for(lambda: text in run.text, timeout, f"the text {text!r} of {run.code!r}")
        return run

    def ask(self, kind: str, content: Mapping[str, Any] | None = None, *, timeout: float = 30, **extra: Any) -> Message:
        """Send any other request and return its reply. ``extra`` may hold ``channel``, ``header`` and ``buffers``."""
        return self.reply_to(self.tell(kind, content, **extra), timeout)

    def reply_to(self, msg_id: str, timeout: float = 30) -> Message:
        """The reply to a request that `tell` sent."""
        self.wait_for(lambda: msg_id in self._replies, timeout, f"the reply to {msg_id}")
        return self._replies.pop(msg_id)

    def tell(
        self,
        kind: str,
        content: Mapping[str, Any] | None = None,
        *,
        channel: str = "shell",
        header: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        buffers: Sequence[bytes] = (),
    ) -> str:
        """Send a message that may have no reply (a comm's). Returns its id; ``published`` holds what comes back."""
        message = self.client.session.msg(kind, dict(content or {}), metadata=dict(metadata or {}))
        message["header"].update(header or {})
        message["buffers"] = list(buffers)
        socket = self.client.shell_channel.socket if channel == "shell" else self.client.control_channel.socket
        self.client.session.send(socket, message, buffers=list(buffers))
        return str(message["header"]["msg_id"])

    def answers_to(self, msg_id: str) -> list[Message]:
        """What was published for the request ``msg_id``."""
        return [m for m in self.published if m["parent_header"].get("msg_id") == msg_id]

    def interrupt(self) -> None:
        """As the kernel manager does where a kernel's spec says ``signal``."""
        os.kill(self.pid, signal.SIGINT)

    def wait_for(self, is_done: Callable[[], bool], timeout: float, what: str) -> None:
        deadline = time.monotonic() + timeout
        while not is_done():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise KernelTimeoutError(f"{self.name}: waited {timeout:g} s in vain for {what}\n{self._story()}")
            if not self.pump(min(remaining, 1.0)) and not self.is_alive:
                raise KernelTimeoutError(f"{self.name}: the kernel died while a test waited for {what}")

    def pump(self, timeout: float = 0.0) -> int:
        """Take what has arrived, waiting for the first message at most ``timeout`` seconds. Returns how many came."""
        count = 0
        for socket, _ in self._poller.poll(int(timeout * 1000)):
            for message in self._received(socket):
                count += 1
                self._take(socket, message)
        return count

    def _received(self, socket: zmq.Socket[bytes]) -> Iterator[Message]:
        while True:
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            _, frames = self.client.session.feed_identities(frames, copy=False)
            yield self.client.session.deserialize(frames, copy=False)

    def _take(self, socket: zmq.Socket[bytes], message: Message) -> None:
        parent = message["parent_header"].get("msg_id")
        run = self._runs.get(parent)
        if socket is self.client.iopub_channel.socket:
            self.published.append(message)
            if run is not None:
                run.messages.append(message)
                state = message["content"].get("execution_state")
                run.is_idle = run.is_idle or (message["msg_type"] == "status" and state == "idle")
        elif socket is self.client.stdin_channel.socket:
            assert run is not None, f"a request for input that no cell made: {message}"
            run.prompts.append(message)
            if run.answers:
                self.answer(run.answers.pop(0))
        elif run is not None:
            run.reply = message
        else:
            self._replies[parent] = message

    def answer(self, value: str) -> None:
        """Type something where the kernel asks for it."""
        self.client.input(value)

    def _connect(self) -> None:
        client: BlockingKernelClient = self.manager.client()
        client.start_channels(hb=False)
        self.client = client
        # A new client counts its messages from the start again: what the old ones were called is no longer known.
        self._runs.clear()
        self._replies.clear()
        self.published.clear()
        self._poller = zmq.Poller()
        for channel in (client.shell_channel, client.control_channel, client.iopub_channel, client.stdin_channel):
            self._poller.register(channel.socket, zmq.POLLIN)
        self._wait_until_heard()

    def _wait_until_heard(self, timeout: float = 60) -> None:
        """A subscription takes a moment: ask until an answer has come on iopub too."""
        deadline = time.monotonic() + timeout
        asked: list[str] = []
        while not any(m["msg_type"] == "status" and m["parent_header"].get("msg_id") in asked for m in self.published):
            if time.monotonic() > deadline or not self.is_alive:
                raise KernelTimeoutError(f"{self.name}: the kernel did not start")
            if not asked or self._replies:
                self._replies.clear()
                asked.append(self.tell("kernel_info_request"))
            self.pump(0.2)
        self.wait_for(lambda: asked[-1] in self._replies, 10, "the last reply to kernel_info_request")
        self._replies.clear()
        self.published.clear()

    def _story(self) -> str:
        return "\n".join(f"  {m['msg_type']}: {str(m['content'])[:300]}" for m in self.published[-12:])
