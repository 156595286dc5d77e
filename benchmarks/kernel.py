"""rdit beside python3: start, cells, output, comms, memory, in one run.

    python benchmarks/kernel.py                               the whole table, about three minutes
    python benchmarks/kernel.py --quick                       fewer repetitions, about one minute
    python benchmarks/kernel.py --kernels python3,rdit,xpython --json numbers.json

The kernels are measured in turn, A B A B, sample by sample, so that whatever else the machine does meets all of them;
medians are compared as multiples of the first kernel's. Absolute times are this machine's. What each case does is
told in `executing.py`, `comms.py` and `starting.py`; 300 shown expressions are compared with python3 in its 'all'
mode, since in its default mode it shows one of them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from rich.console import Console

import comms
import executing
import starting
from case import Case, Effort, Sample
from report import Report
from wire import KernelSilentError, Wire


class Bench:
    """Runs the cases on all kernels, in turn."""

    def __init__(self, kernels: Sequence[str], rounds: int, effort: Effort, console: Console) -> None:
        self.report = Report(kernels)
        self._kernels = kernels
        self._rounds = rounds
        self._effort = effort
        self._console = console

    def run(self, wanted: str) -> Report:
        cases = [case for case in (*executing.CASES, *comms.CASES) if any(wanted in row.name for row in case.rows)]
        if any(wanted in row.name for row in starting.ROWS):
            self._starts()
        with ExitStack() as stack:
            running = {kernel: self._started(stack, kernel) for kernel in self._kernels}
            for case in cases:
                self._case(case, running, stack)
        return self.report

    def _starts(self) -> None:
        # One of each that is not counted: it reads the files from the disk.
        for k in range(self._rounds + 1):
            for kernel in self._in_turn(k):
                self._console.log(f"start {k} of {self._rounds}: {kernel}")
                samples = starting.measure(kernel)
                for row, sample in zip(starting.ROWS, samples, strict=True):
                    if k:
                        self.report.add(row, kernel, sample)

    def _case(self, case: Case, running: dict[str, Wire], stack: ExitStack) -> None:
        self._console.log(case.rows[0].name)
        for k in range(self._rounds):
            for kernel in self._in_turn(k):
                try:
                    samples = case.measure(running[kernel], self._effort)
                except KernelSilentError as error:
                    self._console.log(f"  {error}")
                    samples = [Sample() for _ in case.rows]
                    running[kernel] = self._started(stack, kernel)
                for row, sample in zip(case.rows, samples, strict=True):
                    self.report.add(row, kernel, sample)

    def _in_turn(self, k: int) -> Sequence[str]:
        return self._kernels if k % 2 else self._kernels[::-1]

    def _started(self, stack: ExitStack, kernel: str) -> Wire:
        wire = stack.enter_context(Wire(kernel))
        wire.wait_until_ready()
        for _ in range(5):
            wire.run("1")
        return wire


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--kernels", default="python3,rdit", help="kernelspecs; the first is the reference (%(default)s)"
    )
    parser.add_argument("--rounds", type=int, help="samples of each kernel and case (5, with --quick 3)")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions within a sample")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows whose name contains this")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()
    kernels = [name.strip() for name in options.kernels.split(",")]
    missing = set(kernels) - set(KernelSpecManager().find_kernel_specs())
    if missing:
        parser.error(f"no such kernel: {', '.join(sorted(missing))}. `jupyter kernelspec list` shows those there are.")
    progress = Console(stderr=True, log_path=False)
    rounds = options.rounds or (3 if options.quick else 5)
    try:
        report = Bench(kernels, rounds, Effort(options.quick), progress).run(options.only)
    except KernelSilentError as error:
        sys.exit(f"A kernel did not start: {error}")
    console = Console() if sys.stdout.isatty() else Console(width=120)
    report.show(console)
    if options.json:
        report.write(options.json)


if __name__ == "__main__":
    main()
