"""What a recording costs: programs recorded by ``%%replay`` beside the same run plainly, and traced as others do.

    python benchmarks/replay.py             the whole table, about a minute
    python benchmarks/replay.py --quick     fewer rounds
    python benchmarks/replay.py --programs sort,frames --json numbers.json

The tracer beside it does what Python Tutor's does, after its ``pg_logger.py`` and ``pg_encoder.py``: the standard
library's ``bdb``, which stops at each line of the program, and at each stop a picture of all variables of all frames
with every object that they lead to. PySnooper, if it is installed, writes each line and each new value as text. All are
run in turn, round by round, A B A B, each by the processor's time; medians are compared. Steps are what can be gone
through afterwards.
"""

from __future__ import annotations

import bdb
import io
import json
import statistics
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from types import FrameType
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.append(sys.path.pop(0))  # one of the benchmarks beside this has the name of the package

from sidekick.replay.recording import record
from timing import conditions, options, processor_time

NAME = "<program>"
PLAIN, REPLAY, TUTOR, SNOOPER = "plain", "%%replay", "as Python Tutor", "PySnooper"

PROGRAMS = {
    "sort": """\
numbers = [(7 * k) % 41 for k in range(24)]
for i in range(len(numbers)):
    for j in range(len(numbers) - 1 - i):
        if numbers[j] > numbers[j + 1]:
            numbers[j], numbers[j + 1] = numbers[j + 1], numbers[j]
""",
    "recursion": """\
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

found = fib(11)
""",
    "objects": """\
class Node:
    def __init__(self, value, after):
        self.value = value
        self.after = after

head = None
for k in range(60):
    head = Node(k, head)
total = 0
at = head
while at is not None:
    total += at.value
    at = at.after
""",
    "arrays": """\
import numpy
board = numpy.zeros((60, 60))
for k in range(60):
    board[k, :] += k
    board = (board + board.T) / 2
    mean = board.mean()
""",
    "frames": """\
import pandas
data = pandas.DataFrame({"group": list("abc") * 200, "value": [float(k) for k in range(600)]})
for group, part in data.groupby("group"):
    mean = part["value"].mean()
    data.loc[data["group"] == group, "value"] -= mean
table = data.groupby("group").agg(["mean", "max"])
""",
}


class Tutor(bdb.Bdb):
    """Stops at each line of the program, and keeps a picture of all that there is."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def trace(self, source: str) -> int:
        self.run(compile(source, NAME, "exec"), {"__name__": "__main__"})
        return len(self.steps)

    def user_line(self, frame: FrameType) -> None:
        self._keep("line", frame)

    def user_return(self, frame: FrameType, return_value: Any) -> None:
        self._keep("return", frame)

    def _keep(self, event: str, frame: FrameType) -> None:
        if frame.f_code.co_filename != NAME:
            self.set_return(frame)
            return
        frames, heap = [], {}
        at: FrameType | None = frame
        while at is not None and at.f_code.co_filename == NAME:
            names = {name: value for name, value in at.f_locals.items() if not name.startswith("__")}
            frames.append({name: _encoded(value, heap) for name, value in names.items()})
            at = at.f_back
        self.steps.append(json.dumps({"event": event, "line": frame.f_lineno, "frames": frames, "heap": heap}))


def _encoded(value: Any, heap: dict[int, Any]) -> Any:
    """A value, or where in the heap it is: each object is told once."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if id(value) not in heap:
        heap[id(value)] = None  # it may lead to itself
        if isinstance(value, (list, tuple, set)):
            heap[id(value)] = [type(value).__name__, *(_encoded(each, heap) for each in value)]
        elif isinstance(value, dict):
            heap[id(value)] = [[_encoded(each, heap), _encoded(item, heap)] for each, item in value.items()]
        elif type(value).__module__ == "__main__":
            heap[id(value)] = {name: _encoded(each, heap) for name, each in vars(value).items()}
        else:
            heap[id(value)] = repr(value)
    return id(value)


def plain(source: str) -> int:
    exec(compile(source, NAME, "exec"), {"__name__": "__main__"})
    return 0


def replay(source: str) -> int:
    return len(record(source).steps)


def snooper(source: str) -> int:
    import pysnooper

    written = io.StringIO()
    code = compile(
        f"def program():\n{''.join(f'    {line}' for line in source.splitlines(keepends=True))}", NAME, "exec"
    )
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(code, space)
    pysnooper.snoop(written, depth=2, color=False)(space["program"])()
    return sum(" line " in line for line in written.getvalue().splitlines())


KINDS: dict[str, Callable[[str], int]] = {PLAIN: plain, REPLAY: replay, TUTOR: lambda source: Tutor().trace(source)}
if find_spec("pysnooper"):
    KINDS[SNOOPER] = snooper


class Bench:
    """Milliseconds and steps, by program and by who records."""

    def __init__(self, programs: list[str], rounds: int) -> None:
        self.programs, self._rounds = programs, rounds
        self.times: dict[str, dict[str, list[float]]] = {}
        self.steps: dict[str, dict[str, int]] = {}

    def run(self) -> None:
        for name in self.programs:
            times: dict[str, list[float]] = {kind: [] for kind in KINDS}
            self.steps[name] = {}
            for index in range(self._rounds + 1):
                for kind in times if index % 2 else reversed(times):
                    taken, self.steps[name][kind] = processor_time(partial(KINDS[kind], PROGRAMS[name]))
                    if index:  # the first warms up
                        times[kind].append(taken * 1e3)
            self.times[name] = times

    def table(self) -> Table:
        table = Table(
            title="Milliseconds of the processor for a run, medians, and the steps that it has",
            caption=conditions("pysnooper"),
            title_justify="left",
        )
        table.add_column("program")
        for kind in KINDS:
            table.add_column(kind, justify="right")
        for name in self.programs:
            cells = [f"{median:.1f}" + (f"  {self.steps[name][kind]:,} steps" if kind != PLAIN else "")
                     for kind, median in self.data()[name].items()]  # fmt: skip
            table.add_row(name, *cells)
        return table

    def data(self) -> dict[str, dict[str, float]]:
        return {name: {kind: statistics.median(of) for kind, of in times.items()} for name, times in self.times.items()}


def main() -> None:
    wanted = options(__doc__, "programs", PROGRAMS)
    bench = Bench(wanted.rows, 3 if wanted.quick else 15)
    bench.run()
    Console().print(bench.table())
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(bench.data(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
