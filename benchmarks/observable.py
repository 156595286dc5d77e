"""What it costs to observe: changes of an ObservableValue beside the same changes of the plain container, in one run.

    python benchmarks/observable.py             the whole table, about half a minute
    python benchmarks/observable.py --quick     fewer rounds, a few seconds
    python benchmarks/observable.py --changes append,setitem --json numbers.json

Each change is made to the plain container, to an ObservableValue nobody listens to, and to one with a subscriber that
does nothing, in turn, A B A B, round by round, each by the processor's time; medians are compared. "Three deep" changes
a container inside of two others, reached by reading from the outside every time. A write of the plain container is the
floor: one that is seen has at least to be caught.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.append(sys.path.pop(0))  # one of the benchmarks beside this has the name of the package

from sidekick import ObservableValue
from timing import conditions, options, processor_time

PLAIN, QUIET, HEARD = "plain", "no subscriber", "one subscriber"
WRITES = 5_000

# What is changed, and how, by name: a value, and a function that makes so many changes of it.
Change = Callable[[Any, int], object]


def append(value: Any, times: int) -> None:
    for number in range(times):
        value.append(number)


def set_item(value: Any, times: int) -> None:
    for number in range(times):
        value[5] = number


def set_key(value: Any, times: int) -> None:
    for number in range(times):
        value["a"] = number


def set_attribute(value: Any, times: int) -> None:
    for number in range(times):
        value.a = number


def add_to_set(value: Any, times: int) -> None:
    for number in range(times):
        value.add(number)


def read_item(value: Any, times: int) -> None:
    for _ in range(times):
        value[5]


def change_deep(value: Any, times: int) -> None:
    for number in range(times):
        value[5]["row"][5] = number


CHANGES: dict[str, tuple[Callable[[], Any], Change]] = {
    "append": (list, append),
    "setitem": (lambda: list(range(10)), set_item),
    "key": (dict, set_key),
    "attribute": (SimpleNamespace, set_attribute),
    "add": (set, add_to_set),
    "three deep": (lambda: [{"row": list(range(10))} for _ in range(10)], change_deep),
    "reading an item": (lambda: list(range(10)), read_item),
}


class Bench:
    """Seconds for a change, by change and by who listens."""

    def __init__(self, changes: Sequence[str], rounds: int) -> None:
        self.changes, self._rounds = changes, rounds
        self.times: dict[str, dict[str, list[float]]] = {}

    def run(self) -> None:
        for name in self.changes:
            times: dict[str, list[float]] = {PLAIN: [], QUIET: [], HEARD: []}
            for index in range(self._rounds + 1):
                for kind in times if index % 2 else reversed(times):
                    sample = _time(name, kind)
                    if index:  # the first warms up
                        times[kind].append(sample)
            self.times[name] = times

    def median(self, name: str, kind: str) -> float:
        return statistics.median(self.times[name][kind])

    def ratio(self, name: str, kind: str) -> float:
        return self.median(name, kind) / self.median(name, PLAIN)

    def table(self) -> Table:
        table = Table(
            title=f"Microseconds for a change, medians; multiples of {PLAIN}",
            caption=conditions(),
            title_justify="left",
        )
        table.add_column("change")
        for kind in (PLAIN, QUIET, HEARD):
            table.add_column(kind, justify="right")
        for name in self.changes:
            cells = [f"{self.median(name, kind) * 1e6:.2f}  {self.ratio(name, kind):.0f}x" for kind in (QUIET, HEARD)]
            table.add_row(name, f"{self.median(name, PLAIN) * 1e6:.3f}", *cells)
        return table

    def data(self) -> dict[str, Any]:
        return {name: {kind: self.median(name, kind) for kind in times} for name, times in self.times.items()}


def _time(name: str, kind: str) -> float:
    """Seconds for a change."""
    make, change = CHANGES[name]
    value = make()
    if kind != PLAIN:
        value = ObservableValue(value)
    if kind == HEARD:
        value.subscribe(_ignore)
    return processor_time(lambda: change(value, WRITES))[0] / WRITES


def _ignore(change: dict[str, Any]) -> None:
    pass


def main() -> None:
    wanted = options(__doc__, "changes", CHANGES)
    bench = Bench(wanted.rows, 3 if wanted.quick else 15)
    bench.run()
    Console().print(bench.table())
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(bench.data(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
