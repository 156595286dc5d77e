"""The kernel's part of the rows benchmark: processor time, messages and bytes of an operation, in a live kernel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rows_report import Quantity
from wire import Arrival, KernelSilentError, Wire

HERE = str(Path(__file__).parent)
SMALL = ("label", "select", "swap", "remove")
TIME = Quantity(
    "Processor time in the kernel, of the threads that work for it", "ms",
    {"create": 60, "update": 5, **dict.fromkeys(SMALL, 1)},
)  # fmt: skip
ALL_TIME = Quantity("Processor time of the whole process until it has sent all", "ms")
MESSAGES = Quantity("Messages", "on iopub", dict.fromkeys(("create", "update", *SMALL), 1))
SIZE = Quantity("Their size with all headers", "KB", {"create": 100, "update": 5, **dict.fromkeys(SMALL, 1)})

# In this order: each is done on what those before have left; the small ones many times in a row, as somebody does who
# types or drags. The very first finds nothing of it in the processor's caches, and takes about twice the time.
OPERATIONS = {"create": 1, "replace": 1, "update": 1, **dict.fromkeys(SMALL, 20), "append": 1, "clear": 1}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one operation: milliseconds, messages of comms, and their kilobytes (1,000 bytes)."""

    time: float
    all_time: float
    messages: float
    size: float


class Measured:
    """A kernel with a library's table in it."""

    def __init__(self, wire: Wire, library: str) -> None:
        self._wire = wire
        wire.run(f"import sys; sys.path.insert(0, {HERE!r}); import rows_table; from {library} import Table", 120)
        wire.run("table = Table(); table.root", 120)

    def do(self, operation: str, times: int) -> list[Cost]:
        """Do an operation so often. What its messages hold is not looked at until all is over."""
        request = self._wire.execute(f"print(rows_table.seconds(table, {operation!r}, {times}))")
        published: list[Arrival] = []
        for arrival, is_published in self._wire.arrivals(timeout=120):
            request.take(arrival, is_published)
            if is_published:
                published.append(arrival)
            if request.is_over:
                break
        if not request.is_ok:
            raise KernelSilentError(f"{operation} failed: {request.reply and request.reply.content}")
        sent = [each for each in published if each.kind.startswith("comm_")]
        size = sum(len(frame) for each in sent for frame in each.frames)
        return [
            Cost(taken * 1000, taken_all * 1000, len(sent) / times, size / 1000 / times)
            for taken, taken_all in json.loads(request.text().replace("(", "[").replace(")", "]"))
        ]


@contextmanager
def measured(kernel: str, library: str) -> Iterator[Measured]:
    with Wire(kernel) as wire:
        wire.wait_until_ready()
        yield Measured(wire, library)
