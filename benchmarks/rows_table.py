"""What the tables of the rows benchmark have in common. It runs in the kernel, beside the library that is measured.

Each library's table is a module of its own, ``rows_<library>``, with a class ``Table`` as a user of that library would
write it: a row of buttons for the operations, and the rows, each of three cells: a number, a label that chooses the row
when it is clicked, and a cell that removes it. All use the same CSS classes, by which the page's side finds them.
"""

from __future__ import annotations

import gc
import random
import threading
import time
from itertools import count, cycle, islice, product
from typing import Any, Protocol

BUTTONS = ("create", "replace", "update", "label", "swap", "append", "clear")
IN_ROWS = ("select", "remove")
COUNT = 1000
REST = 0.01
RELABELLED, REMOVED = 7, 4  # rows
SWAPPED = (1, 998)

_WORDS = (
    ["pretty", "large", "small", "long", "handsome", "plain", "quaint", "clean", "elegant", "helpful"],
    ["red", "yellow", "blue", "green", "pink", "brown", "purple", "white", "black", "orange"],
    ["table", "chair", "house", "desk", "mouse", "pony", "cookie", "sandwich", "burger", "bike"],
)
_labels = cycle(random.Random(1).sample([*map(" ".join, product(*_WORDS))], k=COUNT))
# What an ipykernel has of its own beside the main thread; there may be others, which do nothing meanwhile.
_KERNELS = {"IOPub"}
_numbers = count(1)


class Table(Protocol):
    """``root`` is what is displayed."""

    root: Any

    def __init__(self, rows: int = 0) -> None: ...

    def press(self, operation: str) -> None:
        """Do what a click in the page does, from its message on, and return when all of its answer is sent."""

    def painted(self) -> None:
        """Hear from the page that it has shown what it was sent, if it is the library's way to tell that."""


def new_label() -> str:
    return next(_labels)


def new_labels(rows: int = COUNT) -> list[tuple[int, str]]:
    """Numbers that no row had before, and labels."""
    return [*zip(islice(_numbers, rows), islice(_labels, rows), strict=True)]


def swapped(rows: list[Any]) -> list[Any]:
    one, other = SWAPPED
    rows = [*rows]
    rows[one], rows[other] = rows[other], rows[one]
    return rows


def seconds(table: Table, operation: str, times: int = 1) -> list[tuple[float, float]]:
    """The processor time of an operation, done so often: of the threads that work for it, and of the whole process.

    The second has also what it takes to wake the thread that sends what is published, and to send it; it ends when the
    last message is with the socket.
    """
    gc.collect()
    found = []
    for _ in range(times):
        time.sleep(REST)  # until what the one before has left is done too
        _publish()
        start, start_all = _working(), time.process_time()
        table.press(operation)
        taken = _working() - start
        _publish()
        found.append((taken, time.process_time() - start_all))
        table.painted()
    return found


def _working() -> float:
    """The processor time of all threads but those of the kernel's own."""
    own = threading.main_thread()
    threads = [each for each in threading.enumerate() if each is own or each.name not in _KERNELS]
    return sum(time.clock_gettime(time.pthread_getcpuclockid(each.ident)) for each in threads if each.ident)


def _publish() -> None:
    """Wait for the thread that sends what is published."""
    from IPython import get_ipython

    sent = threading.Event()
    get_ipython().kernel.iopub_thread.schedule(sent.set)  # type: ignore[no-untyped-call, union-attr]
    sent.wait()
