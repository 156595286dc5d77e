"""Comms: how long a message to the kernel and back takes, when it is idle and while a cell runs."""

from __future__ import annotations

import time
import uuid
from typing import Any

from case import Case, Effort, Row, Sample, milliseconds
from wire import Exchange, KernelSilentError, Wire

_TARGET = "bench.echo"
_REGISTER = f"""
from comm import get_comm_manager
def _echo(comm, opened):
    comm.on_msg(lambda message: comm.send(message['content']['data']))
get_comm_manager().register_target({_TARGET!r}, _echo)
"""
_SHORT_STATEMENTS = "import time\n" + "\n".join(["time.sleep(0.02)"] * 40)
_PINGS = 7
_EVERY = 0.1


class Echo:
    """A comm whose kernel side sends back what it gets, on the main shell or on a subshell of its own."""

    def __init__(self, wire: Wire, *, in_subshell: bool = False) -> None:
        self._wire = wire
        self._id = uuid.uuid4().hex
        self._header: dict[str, Any] = {"subshell_id": _new_subshell(wire)} if in_subshell else {}
        wire.run(_REGISTER)
        opening = wire.send("comm_open", {"comm_id": self._id, "target_name": _TARGET, "data": {}}, **self._header)
        wire.follow(opening, lambda it: it.done > 0, timeout=10)

    def ping(self) -> Exchange:
        return self._wire.send("comm_msg", {"comm_id": self._id, "data": {}}, **self._header)

    def round_trip(self) -> float:
        exchange = self._wire.follow(self.ping(), _is_back, timeout=10)
        return exchange.published[-1].when - exchange.sent

    def close(self) -> None:
        self._wire.send("comm_close", {"comm_id": self._id, "data": {}}, **self._header)
        if self._header:
            request = self._wire.send("delete_subshell_request", self._header, channel=self._wire.control)
            self._wire.follow(request, lambda it: it.reply is not None, timeout=10)


def _is_back(exchange: Exchange) -> bool:
    return bool(exchange.of("comm_msg"))


def _new_subshell(wire: Wire) -> str:
    request = wire.send("create_subshell_request", channel=wire.control)
    reply = wire.follow(request, lambda it: it.reply is not None, timeout=5).reply
    if reply is None or "subshell_id" not in reply.content:
        raise KernelSilentError(f"{wire.kernel} has no subshells")
    return str(reply.content["subshell_id"])


def _idle(wire: Wire, effort: Effort) -> list[Sample]:
    echo = Echo(wire)
    trips = [milliseconds(echo.round_trip()) for _ in range(effort.times(50))]
    echo.close()
    return [Sample(trips)]


def _busy(wire: Wire, effort: Effort) -> list[Sample]:
    return [_while_a_cell_runs(wire, Echo(wire))]


def _busy_subshell(wire: Wire, effort: Effort) -> list[Sample]:
    return [_while_a_cell_runs(wire, Echo(wire, in_subshell=True))]


def _while_a_cell_runs(wire: Wire, echo: Echo) -> Sample:
    cell = wire.execute(_SHORT_STATEMENTS)
    pings: list[Exchange] = []
    while not (cell.is_over and len(pings) == _PINGS and all(map(_is_back, pings))):
        now = time.perf_counter()
        if now - cell.sent > 20:
            raise KernelSilentError(f"{wire.kernel}: a comm message came back neither during a cell nor after it")
        if len(pings) < _PINGS and now - cell.sent > _EVERY * (len(pings) + 1):
            pings.append(echo.ping())
        for arrival, is_published in wire.arrivals(0.005):
            for exchange in (cell, *pings):
                exchange.take(arrival, is_published)
    echo.close()
    return Sample([milliseconds(ping.of("comm_msg")[0].when - ping.sent) for ping in pings])


CASES = (
    Case((Row("comm round trip, idle", "ms"),), _idle),
    Case((Row("comm round trip, cell of 20 ms statements", "ms"),), _busy),
    Case((Row("the same through a subshell", "ms"),), _busy_subshell),
)
