"""How work in another process says how far it is: with a function that is sent along with it.

From the processes of this machine it goes over a socket, which takes along the other way whether to go on. From a Dask
cluster it comes as an event of the scheduler, from ipyparallel's engines as data that they publish, so nothing new has
to be reachable there.
"""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from flow.tasks import Interval, every

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, Listener

Take = Callable[[float], bool]
"""Takes a share of the work, from 0 to 1, and tells whether the work is still wanted."""
Report = Callable[[float], None]

_FORMAT: Final = struct.Struct("!Qd")
_GO_ON: Final = b"1"


_LOOK: Final = 0.05  # seconds between two looks at what engines have published


@dataclass(frozen=True)
class Reporting:
    """What to send along with the work, and what to call with what was submitted and when the work is over."""

    report: Report
    begin: Callable[[Any], object] = lambda submitted: None
    end: Callable[[], object] = lambda: None


def reporting(executor: Any, take: Take) -> Reporting:
    """How ``take`` is told how far work in an executor is. Of an executor that is not known the reports go nowhere."""
    client = getattr(executor, "_client", executor)
    if hasattr(client, "subscribe_topic"):
        topic = _new_topic()
        client.subscribe_topic(topic, lambda event: take(event[1]))
        return Reporting(_by_dask(topic), end=lambda: client.unsubscribe_topic(topic))
    if isinstance(executor, ProcessPoolExecutor):
        report, end = _listening().add(take)
        return Reporting(report, end=end)
    if type(executor).__module__.partition(".")[0] == "ipyparallel":
        return _by_ipyparallel(take)
    return Reporting(_nowhere)


def _new_topic() -> str:
    return f"flow-progress-{uuid4().hex}"


def _nowhere(share: float) -> None:
    """Nobody hears it."""


def _by_dask(topic: str) -> Report:
    # Made anew for each, so that it is sent as it is: flow need not be installed where it runs.
    def report(share: float) -> None:
        from distributed import get_worker

        get_worker().log_event(topic, float(share))

    return report


def _by_ipyparallel(take: Take) -> Reporting:
    topic = _new_topic()
    looking: list[Interval] = []

    def report(share: float) -> None:
        from ipyparallel.datapub import publish_data

        publish_data({topic: float(share)})

    def begin(submitted: Any) -> None:
        looking.append(every(_LOOK, lambda: look(submitted)))

    def look(submitted: Any) -> None:
        published = submitted.data
        # A view of several engines has each of them do the work: it is as far as the slowest.
        each = published if isinstance(published, list) else [published]
        if any(topic in data for data in each):
            take(min(data.get(topic, 0.0) for data in each))

    def end() -> None:
        for interval in looking:
            interval.cancel()

    return Reporting(report, begin, end)


# -- In the process that waits


class _Listening:
    """The socket of this process, and who is told what comes."""

    def __init__(self) -> None:
        from multiprocessing.connection import Listener

        self.pid = os.getpid()
        self._key = os.urandom(32)
        self._listener: Listener = Listener(authkey=self._key)
        self._takes: dict[int, Take] = {}
        self._numbers = count(1)
        threading.Thread(target=self._accept, name="flow progress", daemon=True).start()

    def add(self, take: Take) -> tuple[Report, Callable[[], None]]:
        number = next(self._numbers)
        self._takes[number] = take
        return _Reporter(self._listener.address, self._key, number), lambda: self._takes.pop(number, None) and None

    def _accept(self) -> None:
        from multiprocessing import AuthenticationError

        while True:
            with suppress(AuthenticationError, OSError, EOFError):
                connection = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), name="flow progress", daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        """Answer one process, until it ends."""
        with connection, suppress(OSError, EOFError):
            while True:
                number, share = _FORMAT.unpack(connection.recv_bytes(_FORMAT.size))
                take = self._takes.get(number)
                connection.send_bytes(_GO_ON if take is not None and take(share) else b"0")


_lock = threading.Lock()
_ours: _Listening | None = None


def _listening() -> _Listening:
    """That of this process, which may have been forked off another."""
    global _ours
    with _lock:
        if _ours is None or _ours.pid != os.getpid():
            _ours = _Listening()
        return _ours


# -- In the process that works

_connections: dict[Any, Connection] = {}


class _Reporter:
    """Says how far work is to the process it came from. Raises ``CancelledError`` if nobody waits for it any more."""

    def __init__(self, address: Any, key: bytes, number: int) -> None:
        self._address, self._key, self._number = address, key, number

    def __call__(self, share: float) -> None:
        with _lock:
            connection = _connections.get(self._address)
            if connection is None:
                from multiprocessing.connection import Client

                connection = _connections[self._address] = Client(self._address, authkey=self._key)
            connection.send_bytes(_FORMAT.pack(self._number, share))
            answer = connection.recv_bytes(1)
        if answer != _GO_ON:
            raise CancelledError("the work was cancelled")
