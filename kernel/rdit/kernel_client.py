"""The client side of a kernel that has just been started, or that somebody else uses."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient

from rdit.kernel_story import KernelStory

# So soon does a socket try again where nothing listens yet: long before a new kernel can have run anything.
_RECONNECT_MS = 2
_ASK_EVERY = 0.1


@contextmanager
def connected(connection_file: Path, *, stdin: bool = False) -> Iterator[BlockingKernelClient]:
    """A client with its shell and iopub channels open, for a kernel that need not listen yet."""
    context = zmq.Context()
    context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MS)
    context.setsockopt(zmq.LINGER, 0)
    client = BlockingKernelClient(connection_file=str(connection_file), context=context)
    client.load_connection_file()
    client.start_channels(stdin=stdin, hb=False, control=False)
    try:
        yield client
    finally:
        client.stop_channels()
        context.destroy(linger=0)


class Listener:
    """Hands a client's iopub messages to a story, and asks the kernel for the news that the story is made of.

    What a kernel publishes before a new subscription has reached it is lost, the answer to `comm_open` as well. So
    the kernel is asked something harmless until it is heard, and for the news then.
    """

    def __init__(self, client: BlockingKernelClient, story: KernelStory) -> None:
        self._client = client
        self._story = story
        self._is_heard = False
        self._asked_at = 0.0
        self.socket: Any = client.iopub_channel.socket

    def receive(self) -> Iterator[Mapping[str, Any]]:
        """The messages that have come, each as soon as the story has heard it."""
        while True:
            try:
                _ident, message = self._client.session.recv(self.socket, zmq.NOBLOCK)
            except ValueError:
                continue  # signed with another key, or no message at all
            if message is None:
                return
            if not self._is_heard:
                self._is_heard = True
                self._client.shell_channel.send(self._client.session.msg("comm_open", self._story.comm_open))
            self._story.hear(message)
            yield message

    def tick(self) -> None:
        """Nothing has come for a moment."""
        self._story.tick()
        if not self._is_heard and time.monotonic() - self._asked_at > _ASK_EVERY:
            self._asked_at = time.monotonic()
            self._client.kernel_info()


def reply_status(reply: Mapping[str, Any]) -> int:
    """The exit status with which Python would leave, from the content of an execute reply."""
    if reply["status"] == "ok":
        return 0
    match reply.get("ename"):
        case "SystemExit":
            code = str(reply.get("evalue", "")).strip()
            if code in ("", "None"):
                return 0
            return int(code) & 0xFF if code.removeprefix("-").isdecimal() else 1
        case "KeyboardInterrupt":
            return 130
    return 1
