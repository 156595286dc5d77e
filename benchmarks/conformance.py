"""Other projects' test suites, run against rdit and, in the same run, against python3.

    python benchmarks/conformance.py                          everything, about fifteen minutes
    python benchmarks/conformance.py --only ipykernel ipython

  kernel_test  jupyter_kernel_test, with every optional test
  ipykernel    ipykernel's own suite: live with a kernelspec in python3's place, in process with the classes swapped
  ipython      IPython's tests of its shell, which runs its nodes rdit's way
  stdlib       CPython's own test modules, each as one cell, beside what plain Python says of them

The suites are the sdists of the versions that are installed, fetched with pip once. The exit status is 1 if rdit fails
a test that the other side passes, unless a reason is known and named.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from suites import foreign
from suites.outcome import Comparison
from suites.sources import Sources
from suites.stdlib import stdlib

_PARTS: Mapping[str, Callable[[Sources, float], list[Comparison]]] = {
    "kernel_test": foreign.kernel_test,
    "ipykernel": foreign.ipykernel,
    "ipython": foreign.ipython,
    "stdlib": lambda _sources, timeout: [stdlib(min(timeout, 120))],
}


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=list(_PARTS), help="the parts to run")
    parser.add_argument(
        "--cache", type=Path, default=Path("build/suites"), help="where downloads are kept (%(default)s)"
    )
    parser.add_argument("--timeout", type=float, default=900, help="seconds for one run of a suite (%(default)s)")
    options = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=140)
    progress = Console(stderr=True, log_path=False)
    sources = Sources(options.cache)
    comparisons: list[Comparison] = []
    for part in options.only:
        progress.log(f"{part} …")
        comparisons += _PARTS[part](sources, options.timeout)
    console.print(_table(comparisons))
    for comparison in comparisons:
        for line in comparison.differing:
            console.print(f"{comparison.suite}: {line}", markup=False, soft_wrap=True)
    sys.exit(0 if all(comparison.is_as_good for comparison in comparisons) else 1)


def _table(comparisons: list[Comparison]) -> Table:
    table = Table(title="Other projects' suites", title_justify="left")
    for heading in ("suite", "python3", "rdit", "differing", ""):
        table.add_column(heading)
    for each in comparisons:
        verdict = "as good" if each.is_as_good else "WORSE"
        table.add_row(each.suite, each.python3.summary, each.rdit.summary, str(len(each.differing)), verdict)
        if each.truth:
            table.add_row("  (plain Python)", each.truth.summary)
    return table


if __name__ == "__main__":
    main()
