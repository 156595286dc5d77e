"""flow's signals beside other libraries and beside work scheduled by hand, in one run.

    python benchmarks/signals.py                      the whole table, about three minutes
    python benchmarks/signals.py --quick              fewer repetitions, about one minute
    python benchmarks/signals.py --libraries flow,observ --shapes deep,mux --json numbers.json

The libraries are measured in turn, A B A B, round by round, each by the processor's time, so that whatever else the
machine does meets all of them; medians are compared. "By hand" is no library: the functions read plain attributes and
are called in an order made beforehand, so it is the floor. "By hand, noting reads" does what a library needs that finds
its dependencies itself. Runs are the functions that ran for a write, over the least possible: more is work nobody
needed, less is a write that did not arrive. What is not installed is left out and named.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import signal_shapes
from signal_libraries import LIBRARIES, ByHand, Kit, shapes_for
from timing import conditions, processor_time

OTHERS = [kit.module for kit in LIBRARIES if kit.module not in (None, "flow")]
GOAL = 1.5  # multiples of the reference
MANY = 10_000


class Bench:
    """Times, runs and bytes, by shape and library."""

    def __init__(self, kits: Sequence[type[Kit]], shapes: Sequence[str], rounds: int, writes: int) -> None:
        self.kits, self.shapes = kits, shapes
        self._rounds, self._writes = rounds, writes
        self._modules = {kit: shapes_for(kit) for kit in kits}
        self.times: dict[str, dict[str, list[float]]] = {}
        self.runs: dict[str, dict[str, float]] = {}
        self.bytes: dict[str, dict[str, int]] = {}

    def run(self) -> None:
        for shape in self.shapes:
            self.runs[shape] = {kit.name: self._count(kit, shape) for kit in self.kits}
            times: dict[str, list[float]] = {kit.name: [] for kit in self.kits}
            for index in range(self._rounds + 1):
                for kit in self.kits if index % 2 else reversed(self.kits):
                    sample = self._time(kit, shape)
                    if index:  # the first warms up
                        times[kit.name].append(sample)
            self.times[shape] = times
        for kit in self.kits:
            self.bytes[kit.name] = _bytes(kit)

    def _count(self, kit_type: type[Kit], shape: str) -> float:
        kit = kit_type(counts=True)
        step = getattr(self._modules[kit_type], shape)(kit)
        step(1)
        kit.runs = 0
        for n in range(2, 12):
            step(n)
        kit.end()
        return kit.runs / 10

    def _time(self, kit_type: type[Kit], shape: str) -> float:
        """Seconds for a write."""
        kit = kit_type()
        step = getattr(self._modules[kit_type], shape)(kit)
        step(1)

        def write() -> None:
            for n in range(2, self._writes + 2):
                step(n)

        taken, _ = processor_time(write)
        kit.end()
        return taken / self._writes

    def median(self, shape: str, name: str) -> float:
        return statistics.median(self.times[shape][name])

    def ratio(self, shape: str, name: str, reference: str = ByHand.name) -> float:
        return self.median(shape, name) / self.median(shape, reference)

    def tables(self) -> list[Table]:
        return [self._times_table(), self._runs_table(), self._bytes_table()]

    def _times_table(self) -> Table:
        others = [kit.name for kit in self.kits[1:]]
        table = Table(
            title=f"Microseconds for a write, medians; multiples of {ByHand.name}, goal {GOAL}",
            caption=conditions(*OTHERS),
            title_justify="left",
        )
        table.add_column("shape")
        table.add_column(ByHand.name, justify="right")
        for name in others:
            table.add_column(name, justify="right")
        for shape in self.shapes:
            cells = [f"{self.median(shape, name) * 1e6:.3g}  {self.ratio(shape, name):.2f}x" for name in others]
            table.add_row(shape, f"{self.median(shape, ByHand.name) * 1e6:.3g}", *cells)
        return table

    def _runs_table(self) -> Table:
        table = Table(title="Runs of functions for a write, over the least possible", title_justify="left")
        table.add_column("shape")
        for kit in self.kits:
            table.add_column(kit.name, justify="right")
        for shape in self.shapes:
            least = self.least(shape)
            table.add_row(shape, *(f"{self.runs[shape][kit.name]:g} / {least:g}" for kit in self.kits))
        return table

    def least(self, shape: str) -> float:
        """What the reference runs; for `unstable` it is told of a source more than each run reads."""
        return self.runs[shape][ByHand.name] - (1 if shape == "unstable" else 0)

    def _bytes_table(self) -> Table:
        table = Table(title=f"Bytes for each of {MANY}, without what the functions take", title_justify="left")
        table.add_column("what")
        for kit in self.kits:
            table.add_column(kit.name, justify="right")
        for what in ("signal", "computed", "effect"):
            table.add_row(what, *(str(self.bytes[kit.name][what]) for kit in self.kits))
        return table

    def as_data(self) -> dict[str, Any]:
        return {
            "conditions": conditions(*OTHERS),
            "goal": GOAL,
            "shapes": {
                shape: {
                    kit.name: {
                        "microseconds": self.median(shape, kit.name) * 1e6,
                        "ratio": self.ratio(shape, kit.name),
                        "runs": self.runs[shape][kit.name],
                        "least": self.least(shape),
                    }
                    for kit in self.kits
                }
                for shape in self.shapes
            },
            "bytes": self.bytes,
        }


def _bytes(kit_type: type[Kit]) -> dict[str, int]:
    """What a signal, a computed that reads it, and an effect that reads that take, each in its turn."""
    kit = kit_type()
    module: dict[str, Any] = {}
    source = f"make = lambda x: (lambda: x{kit.reads_signal})\nread = lambda x: (lambda: x{kit.reads_computed})"
    exec(source, module)
    signals: list[Any] = [None] * MANY
    computeds: list[Any] = [None] * MANY
    taken = {}

    def measured(what: str, fill: Any) -> None:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        fill()
        gc.collect()
        taken[what] = (tracemalloc.get_traced_memory()[0] - before) // MANY

    def make_signals() -> None:
        signals[:] = [kit.signal(0) for _ in range(MANY)]

    functions = []

    def make_computeds() -> None:
        computeds[:] = [kit.computed(f, [s]) for f, s in zip(functions, signals, strict=True)]
        for computed in computeds:
            module["read"](computed)()

    def make_effects() -> None:
        for function, computed in zip(functions, computeds, strict=True):
            kit.effect(function, [computed])

    tracemalloc.start()
    measured("signal", make_signals)
    functions = [module["make"](signal) for signal in signals]
    measured("computed", make_computeds)
    functions = [module["read"](computed) for computed in computeds]
    measured("effect", make_effects)
    tracemalloc.stop()
    kit.end()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--libraries", default="", help="some of them, by comma; the references are always there")
    parser.add_argument("--shapes", default="", help="some of them, by comma")
    parser.add_argument("--json", type=Path, help="where to write the numbers as well")
    options = parser.parse_args()

    wanted = [name for name in options.libraries.split(",") if name]
    kits = [kit for kit in LIBRARIES if kit.is_there() and (kit.module is None or not wanted or kit.name in wanted)]
    every = [shape.__name__ for shape in signal_shapes.SHAPES]
    shapes = [name for name in every if not options.shapes or name in options.shapes.split(",")]
    bench = Bench(kits, shapes, rounds=5 if options.quick else 9, writes=50 if options.quick else 100)
    bench.run()
    console = Console(width=max(Console().width, 200))
    for table in bench.tables():
        console.print(table)
    if options.json:
        options.json.write_text(json.dumps(bench.as_data(), indent=2) + "\n")


if __name__ == "__main__":
    main()
