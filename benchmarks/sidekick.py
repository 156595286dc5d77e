"""How soon sidekick's components show what a program does, in a real JupyterLab.

    python benchmarks/sidekick.py                             the whole table, about four minutes
    python benchmarks/sidekick.py --quick                     once each, half of that
    python benchmarks/sidekick.py --kernels rdit --only grid --json numbers.json

The times are the page's own: from a click to the frame in which all is painted. A picture is counted as shown when it
is decoded and its first and last cell have the new color; frames are told apart by a number in their corner. Sizes
and rates are those of the comm messages on the page's websocket. The kernels have their turns one after the other,
A B A B. Needs the dependencies of the tests, NumPy, and Chromium or Chrome.

The goals are those that the project has set itself; the original takes 26 s for a repaint of 100 x 100 cells.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

import sidekick_in_page as case
from support import chromium
from support.lab import Lab, running
from timing import KERNEL, conditions

TIMES = 7  # clicks in a round
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Goal:
    """A line of the table: what is measured, and the value that it should not exceed, or with ``is_least`` reach."""

    name: str
    unit: str
    bound: float
    measure: Callable[[Browser, Lab, str, int], list[float]]
    is_least: bool = False

    @property
    def wish(self) -> str:
        return f"{'at least' if self.is_least else 'under'} {self.bound:,.0f} {self.unit}"

    def is_met(self, value: float) -> bool:
        return value >= self.bound if self.is_least else value < self.bound


GOALS = (
    Goal("grid of 100 x 100, each cell by set_color, click to painted", "ms", 100, case.repainting(case.CALL_BY_CALL)),
    Goal("grid of 100 x 100, set_colors of lists, click to painted", "ms", 100, case.repainting(case.AT_ONCE)),
    Goal("grid of 256 x 256, frames shown of an array that changes", "a second", 30, case.frames, is_least=True),
    Goal("grid, calls of set_color by a loop, recorded and shown", "a minute", 1_000_000, case.calls, is_least=True),
    Goal("canvas of 400 x 300, frames shown of 60 that are drawn", "a second", 50, case.film, is_least=True),
    Goal("console, 4,000 lines, click to painted", "ms", 300, case.lines),
    Goal("viz of np.zeros((1000, 1000)), on the wire", "KB", 20, case.zeros),
    Goal("viz of a list, 10,000 appends, messages in the fullest second", "", 100, case.appends),
)  # fmt: skip
Results = dict[str, dict[str, list[float]]]


def run(browser: Browser, kernels: list[str], goals: list[Goal], rounds: int, times: int, progress: Console) -> Results:
    """Measure all, one kernel after the other in each round."""
    results: Results = {goal.name: {kernel: [] for kernel in kernels} for goal in goals}
    with TemporaryDirectory() as folder:
        home, files = Path(folder, "home"), Path(folder, "files")
        home.mkdir()
        files.mkdir()
        with running(home, files) as lab:
            for goal in goals:
                progress.log(goal.name)
                for turn in range(rounds):
                    for kernel in kernels if turn % 2 else kernels[::-1]:
                        results[goal.name][kernel] += goal.measure(browser, lab, kernel, times)
                        for context in browser.contexts:
                            context.close()
                        lab.end_sessions()
    return results


def show(results: Results, goals: list[Goal], console: Console) -> None:
    """The table."""
    kernels = list(next(iter(results.values())))
    table = Table(title="sidekick: medians (worst)", caption=conditions(*KERNEL), title_justify="left")
    table.add_column("what")
    table.add_column("goal", justify="right")
    for kernel in kernels:
        table.add_column(kernel, justify="right")
        table.add_column("")
    for goal in goals:
        cells = [goal.name, goal.wish]
        for kernel in kernels:
            values = results[goal.name][kernel]
            middle, worst = statistics.median(values), (min if goal.is_least else max)(values)
            cells += [f"{middle:,.3g} ({worst:,.3g})" if middle < 1000 else f"{middle:,.0f} ({worst:,.0f})"]
            cells += ["met" if goal.is_met(middle) else "MISSED"]
        table.add_row(*cells)
    console.print(table)


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kernels", default="python3,rdit", help="kernelspecs (%(default)s)")
    parser.add_argument("--only", default="", metavar="WORD", help="only the lines whose name begins with it")
    parser.add_argument("--quick", action="store_true", help="one round of two clicks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        sys.exit(chromium.WHAT_TO_DO)
    goals = [goal for goal in GOALS if goal.name.startswith(options.only)]
    if not goals:
        parser.error(f"nothing begins with {options.only!r}: grid, canvas, console and viz do")
    rounds, times = (1, 2) if options.quick else (ROUNDS, TIMES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        progress = Console(stderr=True, log_path=False)
        results = run(browser, [name.strip() for name in options.kernels.split(",")], goals, rounds, times, progress)
        browser.close()
    show(results, goals, Console() if sys.stdout.isatty() else Console(width=140))
    if options.json:
        options.json.write_text(json.dumps({"conditions": conditions(*KERNEL), "values": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
