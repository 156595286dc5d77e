"""One run: a script sent to a kernel, and what its statements do, as one JSON line each.

The kernel's messages become the story that `rdit run` tells as well, and the story becomes the lines of
`rdit run --json`. So a tool reads the same whether it asks over HTTP or reads a pipe.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Protocol

import zmq
import zmq.asyncio

from rdit.kernel_client import Listener, connected, reply_status
from rdit.kernel_story import KernelStory
from rdit.terminal.story import CellStarted, Event, Failure, Finished, View

_POLL_MS = 50
# Messages that are taken in at one go: a kernel that floods must leave the server time for others.
_AT_ONCE = 200
_READY_WITHIN = 60.0
_LOOK_EVERY = 0.3

Message = Mapping[str, Any]


class Kernel(Protocol):
    """A kernel as its run sees it."""

    @property
    def connection_file(self) -> Path: ...

    async def has_ended(self) -> bool:
        """Whether its process is gone, or another one has taken its place."""


class KernelLost(Exception):
    """The kernel ended, or was ended, before the run did. ``str()`` says how."""


class Following:
    """Sends a script to a kernel and shows ``view`` what happens, on the loop of whoever awaits `run`."""

    def __init__(self, kernel: Kernel, view: View) -> None:
        self._kernel = kernel
        self._view = view
        self._over: dict[str, Failure | None] = {}
        self._replies: dict[str, Message] = {}
        self._idle: set[str] = set()
        self._wanted = ""
        self._speaker: str | None = None
        self._looked_at = 0.0
        self._why_stopped: str | None = None
        self._is_left = False
        # The kernel has taken the script up: an interrupt before that would be lost.
        self.has_begun = asyncio.Event()

    def stop(self, why: str) -> None:
        """The kernel is about to be ended: tell the reader so in place of waiting for more."""
        self._why_stopped = why

    def leave(self) -> None:
        """The reader is gone: what has not been sent to the kernel is not sent any more."""
        self._is_left = True

    async def run(self, source: str, lines: tuple[int, int] | None, surroundings: str) -> None:
        """Run ``source`` and show its story to the end. ``surroundings`` is Python that runs before and is not told."""
        with connected(self._kernel.connection_file) as client:
            story = KernelStory(self._tell, self._number, self._end_cell, wants_history=False)
            run = _Conversation(client, Listener(client, story))
            try:
                self._view.show(await self._finish(run, story, source, lines, surroundings))
            except KernelLost as lost:
                story.close()
                self._view.show(Finished(1, story.place(str(lost))))
                return
            closed = run.send("comm_close", {"comm_id": story.comm_id, "data": {}})
            with suppress(KernelLost):
                await self._until(run, lambda: closed in self._idle)

    async def _finish(
        self, run: _Conversation, story: KernelStory, source: str, lines: tuple[int, int] | None, surroundings: str
    ) -> Finished:
        ready = run.send("execute_request", _request(surroundings, is_told=False))
        deadline = time.monotonic() + _READY_WITHIN
        await self._until(run, lambda: story.has_answer and ready in self._replies, deadline)
        if self._is_left:
            return Finished(130, Failure("left before it began"))
        metadata = {} if lines is None else {"rdit": {"line_range": list(lines)}}
        self._wanted = run.send("execute_request", _request(source, is_told=True), metadata)
        await self._until(run, lambda: self._wanted in self._over and self._wanted in self._replies)
        failure, reply = self._over[self._wanted], self._replies[self._wanted]
        status = reply_status(reply)
        if status == 0:
            return Finished()
        return Finished(status, failure or story.place(f"{reply.get('ename', 'error')}: {reply.get('evalue', '')}"))

    async def _until(self, run: _Conversation, is_done: Callable[[], bool], deadline: float = float("inf")) -> None:
        while not is_done():
            heard = await run.receive()
            for message in heard:
                self._take_in(message)
            if not heard:
                run.listener.tick()
                self._view.tick()
                await self._look()
            if time.monotonic() > deadline:
                raise KernelLost(f"the kernel did not answer within {_READY_WITHIN:g} s")

    def _take_in(self, message: Message) -> None:
        """What the story does not keep: which kernel spoke, its replies, and what it is done with."""
        header, parent = message["header"], message["parent_header"].get("msg_id", "")
        self._speaker = self._speaker or header["session"]
        if header["session"] != self._speaker:
            raise KernelLost("the kernel was restarted")
        if header["msg_type"] == "execute_reply":
            self._replies[parent] = message["content"]
        elif header["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            self._idle.add(parent)

    async def _look(self) -> None:
        """See whether the kernel is still there."""
        if self._why_stopped is not None:
            raise KernelLost(self._why_stopped)
        if time.monotonic() - self._looked_at > _LOOK_EVERY:
            self._looked_at = time.monotonic()
            if await self._kernel.has_ended():
                raise KernelLost("the kernel's process ended by itself; the next run starts a new one")

    def _tell(self, event: Event) -> None:
        if isinstance(event, CellStarted):
            self.has_begun.set()
        self._view.show(event)

    def _number(self, msg_id: str, _count: int) -> Literal[False] | None:
        return None if msg_id == self._wanted else False

    def _end_cell(self, msg_id: str, failure: Failure | None) -> None:
        self._over[msg_id] = failure


class _Conversation:
    """A client's two channels: what is sent, and what has come."""

    def __init__(self, client: Any, listener: Listener) -> None:
        self.listener = listener
        self._client = client
        self._poller = zmq.asyncio.Poller()
        for channel in (client.iopub_channel, client.shell_channel):
            self._poller.register(channel.socket, zmq.POLLIN)

    def send(self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> str:
        message = self._client.session.msg(kind, content, metadata=metadata)
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    async def receive(self) -> list[Message]:
        """Take in what has come; wait a moment for a first message. What came, on whichever channel."""
        ready = dict(await self._poller.poll(_POLL_MS))
        heard: list[Message] = []
        if self.listener.socket in ready:
            heard += islice(self.listener.receive(), _AT_ONCE)
        # Replies come after what was published before them, as far as sockets can tell.
        elif ready:
            heard.append(self._client.session.recv(self._client.shell_channel.socket)[1])
        return heard


def _request(code: str, *, is_told: bool) -> dict[str, Any]:
    return {
        "code": code,
        "silent": not is_told,
        "store_history": is_told,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
