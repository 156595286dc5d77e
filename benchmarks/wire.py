"""A running kernel at the end of three sockets, read as cheaply as Python allows.

A benchmark's client must not take longer than what it measures: frames are kept as they came with the time of their
arrival, and are parsed only after the clock has stopped. Nothing is dropped on this side (no high-water mark), so what
is missing was lost by the kernel.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import zmq
from jupyter_client.manager import KernelManager

_DELIMITER = b"<IDS|MSG>"


class KernelSilentError(RuntimeError):
    """A kernel did not answer in time."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came: its frames after the delimiter (signature, header, parent, metadata, content), and when."""

    when: float
    frames: list[bytes]

    @property
    def kind(self) -> str:
        return str(json.loads(self.frames[1])["msg_type"])

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.frames[4])
        return content

    @property
    def is_idle(self) -> bool:
        return b'"idle"' in self.frames[4] and b'"status"' in self.frames[1]


@dataclass(slots=True)
class Exchange:
    """One request and what has come back so far. ``replied`` and ``done`` (idle) are seconds since it was ``sent``."""

    msg_id: bytes
    sent: float
    replied: float = 0.0
    done: float = 0.0
    reply: Arrival | None = None
    published: list[Arrival] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.reply is not None and self.done > 0

    @property
    def is_ok(self) -> bool:
        return self.reply is not None and self.reply.content["status"] == "ok"

    def take(self, arrival: Arrival, is_published: bool) -> None:
        """Keep a message if it answers this request."""
        if self.msg_id not in arrival.frames[2]:
            return
        if not is_published:
            self.replied, self.reply = arrival.when - self.sent, arrival
        elif arrival.is_idle:
            self.done = arrival.when - self.sent
        else:
            self.published.append(arrival)

    def of(self, kind: str) -> list[Arrival]:
        return [arrival for arrival in self.published if arrival.kind == kind]

    def text(self) -> str:
        """What came on stdout."""
        contents = [arrival.content for arrival in self.of("stream")]
        return "".join(content["text"] for content in contents if content["name"] == "stdout")


class Wire:
    """A kernel process and the sockets to it. Used as a context manager."""

    def __init__(self, kernel: str, cwd: str | None = None) -> None:
        self.kernel = kernel
        self._cwd = cwd
        self.manager = KernelManager(kernel_name=kernel)
        self.spawned_at = 0.0
        self._sockets: list[zmq.Socket[bytes]] = []
        self._poller = zmq.Poller()

    def __enter__(self) -> Self:
        self.spawned_at = time.perf_counter()
        # A desk where Python may not write bytecode would compile a fresh package again on every start.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.manager.start_kernel(env=environment, cwd=self._cwd)
        self.shell = self._opened(zmq.DEALER, "shell_port")
        self.control = self._opened(zmq.DEALER, "control_port")
        self.iopub = self._opened(zmq.SUB, "iopub_port")
        self.iopub.subscribe(b"")
        return self

    def __exit__(self, *_: object) -> None:
        for socket in self._sockets:
            socket.close(linger=0)
        self.manager.shutdown_kernel(now=True)

    @property
    def pid(self) -> int:
        pid: int = self.manager.provisioner.pid  # type: ignore[union-attr]
        return pid

    def wait_until_ready(self, timeout: float = 60) -> float:
        """Until both channels answer. Returns the seconds from spawning to the first reply to kernel_info_request."""
        info = self.follow(self.send("kernel_info_request"), lambda it: it.reply is not None, timeout)
        deadline = time.perf_counter() + timeout
        while not self._is_heard():
            if time.perf_counter() > deadline:
                raise KernelSilentError(f"{self.kernel}: nothing came on iopub for {timeout:g} s")
        return info.sent + info.replied - self.spawned_at

    def run(self, code: str, timeout: float = 60) -> Exchange:
        """Run a cell that must succeed to its end."""
        exchange = self.follow(self.execute(code), timeout=timeout)
        if not exchange.is_ok:
            raise RuntimeError(f"{self.kernel}: {code[:80]!r} failed: {exchange.reply and exchange.reply.content}")
        return exchange

    def execute(self, code: str) -> Exchange:
        """Send a cell and do not wait."""
        return self.send(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": True,
            },
        )

    def send(
        self,
        kind: str,
        content: dict[str, Any] | None = None,
        *,
        channel: zmq.Socket[bytes] | None = None,
        **header: Any,
    ) -> Exchange:
        """Send a message and start its clock."""
        session = self.manager.session
        message = session.msg(kind, content or {})
        message["header"].update(header)
        frames = session.serialize(message)
        exchange = Exchange(message["header"]["msg_id"].encode(), time.perf_counter())
        (channel or self.shell).send_multipart(frames)
        return exchange

    def follow(
        self, exchange: Exchange, is_enough: Callable[[Exchange], bool] | None = None, timeout: float = 60
    ) -> Exchange:
        """Gather what answers a request until it is over, or until ``is_enough``."""
        for arrival, is_published in self.arrivals(timeout):
            exchange.take(arrival, is_published)
            if is_enough(exchange) if is_enough else exchange.is_over:
                return exchange
        raise KernelSilentError(f"{self.kernel}: a request was not over after {timeout:g} s")

    def arrivals(self, timeout: float) -> Iterator[tuple[Arrival, bool]]:
        """Messages as they come, each with whether it was published (iopub). Ends when ``timeout`` seconds are over."""
        deadline = time.perf_counter() + timeout
        while (remaining := deadline - time.perf_counter()) > 0:
            for socket, _ in self._poller.poll(int(remaining * 1000) + 1):
                with suppress(zmq.Again):
                    while True:
                        frames = socket.recv_multipart(zmq.NOBLOCK)
                        when = time.perf_counter()
                        yield Arrival(when, frames[frames.index(_DELIMITER) + 1 :]), socket is self.iopub

    def interrupt(self) -> None:
        os.kill(self.pid, signal.SIGINT)

    def memory(self) -> tuple[float, float]:
        """Resident and proportional set size in MB (Linux tells them; elsewhere they are nan)."""
        sizes = {"Rss:": float("nan"), "Pss:": float("nan")}
        with suppress(OSError), open(f"/proc/{self.pid}/smaps_rollup") as lines:
            for name, *rest in map(str.split, lines):
                if name in sizes:
                    sizes[name] = int(rest[0]) / 1024
        return sizes["Rss:"], sizes["Pss:"]

    def _is_heard(self) -> bool:
        exchange = self.send("kernel_info_request")
        with suppress(KernelSilentError):
            self.follow(exchange, timeout=0.2)
        return exchange.done > 0

    def _opened(self, kind: int, port: str) -> zmq.Socket[bytes]:
        socket: zmq.Socket[bytes] = self.manager.context.socket(kind)
        socket.set_hwm(0)
        # The kernel binds when it can: with zmq's 100 ms between tries the start would be measured in steps of 100 ms.
        socket.reconnect_ivl = 5
        socket.connect(f"tcp://{self.manager.ip}:{getattr(self.manager, port)}")
        self._sockets.append(socket)
        self._poller.register(socket, zmq.POLLIN)
        return socket
