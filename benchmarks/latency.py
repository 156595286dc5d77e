"""How long a comm message to a kernel and back takes: idle, and while a cell sleeps, awaits or computes.

    python benchmarks/latency.py                              300 messages each, about two minutes
    python benchmarks/latency.py --quick                      60 messages each, half a minute
    python benchmarks/latency.py --on python3,rdit --json numbers.json

A kernel's name alone means a client without subshells, as VS Code, Colab and older JupyterLabs are; `python3+subshell`
one that sends its comm messages to a subshell, as JupyterLab does since 4.4 (for a comm that no cell has used:
ipykernel 7.4 sends the others to the busy main thread nevertheless). Messages are sent every 20 ms, whether the last
was answered or not, so what is only answered after the cell counts as that. Those compared are measured in turn,
A B A B.

The goals are milliseconds, for the median and the 99th percentile. In the loop the interpreter's lock is what costs: a
thread that wants it waits 5 ms at least.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from rich.console import Console
from rich.table import Table

from case import milliseconds
from comms import Echo
from timing import KERNEL, conditions
from wire import Exchange, KernelSilentError, Wire

EVERY = 0.02  # seconds between two messages
PINGS = 100  # of one round: the cells take 2 s
SUBSHELL = "+subshell"


@dataclass(frozen=True, slots=True)
class State:
    """What the kernel does meanwhile, and the milliseconds not to exceed by the median and the 99th percentile."""

    name: str
    cell: str | None
    median: float
    worst: float = 50


STATES = (
    State("idle", None, 5),
    State("in statements that sleep", "import time\n" + "time.sleep(0.05)\n" * 40, 5),
    State("in one long sleep", "import time\ntime.sleep(2)", 5),
    State("in an await", "import asyncio\n" + "await asyncio.sleep(0.05)\n" * 40, 5),
    State("in a tight loop", "import time\nend = time.monotonic() + 2\nwhile time.monotonic() < end: pass", 15),
)


@dataclass(slots=True)
class Figures:
    """The milliseconds that messages took, and how many never came back."""

    values: list[float] = field(default_factory=list)
    lost: int = 0

    def at(self, percent: int) -> float:
        """A percentile."""
        return statistics.quantiles(self.values, n=100, method="inclusive")[percent - 1]

    def is_within(self, state: State) -> bool:
        return self.at(50) <= state.median and self.at(99) <= state.worst and not self.lost


Results = dict[str, dict[str, Figures]]


def measure(wire: Wire, state: State, pings: int, *, in_subshell: bool) -> Figures:
    """One round."""
    echo = Echo(wire, in_subshell=in_subshell)
    cell = wire.execute(state.cell) if state.cell else None
    began = time.perf_counter() + 0.05  # the cell is under way
    exchanges: list[Exchange] = []
    while time.perf_counter() < began + pings * EVERY + 10:
        if len(exchanges) < pings and time.perf_counter() >= began + len(exchanges) * EVERY:
            exchanges.append(echo.ping())
        for arrival, is_published in wire.arrivals(0.002):
            for exchange in (*exchanges, *([cell] if cell else [])):
                exchange.take(arrival, is_published)
        if len(exchanges) == pings and all(each.done for each in exchanges) and (cell is None or cell.is_over):
            break
    echo.close()
    if cell is not None and not cell.is_over:
        raise KernelSilentError(f"{wire.kernel}: a cell did not end")
    answered = [(each, each.of("comm_msg")) for each in exchanges]
    times = [milliseconds(answers[0].when - each.sent) for each, answers in answered if answers]
    return Figures(times, len(answered) - len(times))


def run(names: Sequence[str], rounds: int, pings: int, progress: Console) -> Results:
    """Measure all states, one of those compared after the other in each round."""
    results: Results = {state.name: {name: Figures() for name in names} for state in STATES}
    with ExitStack() as stack:
        wires: dict[str, Wire] = {}
        for name in names:
            wires[name] = stack.enter_context(Wire(name.removesuffix(SUBSHELL)))
            wires[name].wait_until_ready()
        for state in STATES:
            progress.log(state.name)
            for k in range(rounds):
                for name in names if k % 2 else names[::-1]:
                    figures = measure(wires[name], state, pings, in_subshell=name.endswith(SUBSHELL))
                    results[state.name][name].values += figures.values
                    results[state.name][name].lost += figures.lost
    return results


def show(results: Results, console: Console) -> None:
    """The table."""
    names = list(next(iter(results.values())))
    table = Table(title="Comm echo, milliseconds: p50 / p95 / p99", caption=conditions(*KERNEL), title_justify="left")
    table.add_column("the kernel is")
    table.add_column("goal", justify="right")
    for name in names:
        table.add_column(name, justify="right")
    for state in STATES:
        cells = [state.name, f"{state.median:g} / - / {state.worst:g}"]
        for name in names:
            figures = results[state.name][name]
            text = " / ".join(f"{figures.at(percent):.3g}" for percent in (50, 95, 99))
            cells.append(text + (f", {figures.lost} lost" if figures.lost else "") + _verdict(name, figures, state))
        table.add_row(*cells)
    console.print(table)


def _verdict(name: str, figures: Figures, state: State) -> str:
    if not name.startswith("rdit"):
        return ""
    return "  met" if figures.is_within(state) else "  MISSED"


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--on", default=f"python3,python3{SUBSHELL},rdit,rdit{SUBSHELL}", help="(%(default)s)")
    parser.add_argument("--rounds", type=int, help="how often each is measured (3, with --quick 2)")
    parser.add_argument("--quick", action="store_true", help="fewer messages in a round")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()
    names = [name.strip() for name in options.on.split(",")]
    missing = {name.removesuffix(SUBSHELL) for name in names} - set(KernelSpecManager().find_kernel_specs())
    if missing:
        parser.error(f"no such kernel: {', '.join(sorted(missing))}. `jupyter kernelspec list` shows those there are.")
    progress = Console(stderr=True, log_path=False)
    rounds = options.rounds or (2 if options.quick else 3)
    try:
        results = run(names, rounds, 30 if options.quick else PINGS, progress)
    except KernelSilentError as error:
        sys.exit(f"A kernel fell silent: {error}")
    show(results, Console() if sys.stdout.isatty() else Console(width=160))
    if options.json:
        data = {state: {name: figures.values for name, figures in row.items()} for state, row in results.items()}
        options.json.write_text(json.dumps({"conditions": conditions(*KERNEL), "milliseconds": data}, indent=2) + "\n")


if __name__ == "__main__":
    main()
