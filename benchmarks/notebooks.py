"""Real notebooks through both kernels: every notebook inside the sdists of well-known packages, outputs compared.

    python benchmarks/notebooks.py                            about ten minutes
    python benchmarks/notebooks.py --packages nbclient emcee
    python benchmarks/notebooks.py my_folder/*.ipynb          notebooks of your own

Each notebook runs from top to bottom, errors allowed, with python3 twice and with rdit once, each time in a fresh copy
of its folder. What python3 says differently the second time (times, random numbers, addresses) counts for nothing.
rdit is told Jupyter's rule, to show a cell's last expression only, so that equal means equal; with --all it shows every
expression, and outputs that rdit has beyond python3's are counted apart.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from suites.notebook_runs import Finding, compare
from suites.sources import Sources

# Packages whose notebooks need nothing but themselves, and what they are installed with.
PACKAGES: dict[str, tuple[str, ...]] = {
    "nbclient": (),
    "nbconvert": (),
    "nbval": (),
    "papermill": (),
    "tqdm": ("tqdm",),
    "emcee": ("emcee", "corner", "scipy"),
    "corner": ("corner", "scipy"),
}

# Differences that are not the kernel's doing.
EXPLAINED = {
    "Check History in Memory.ipynb": "nbclient keeps the history in memory only for kernels named python3",
}


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="notebooks to run in place of the packages'")
    parser.add_argument("--packages", nargs="+", choices=PACKAGES, default=list(PACKAGES), help="whose notebooks")
    parser.add_argument(
        "--cache", type=Path, default=Path("build/suites"), help="where downloads are kept (%(default)s)"
    )
    parser.add_argument("--timeout", type=int, default=60, help="seconds for one cell (%(default)s)")
    parser.add_argument("--all", action="store_true", help="let rdit show every expression, as it does by default")
    options = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=140)
    progress = Console(stderr=True, log_path=False)
    sources = Sources(options.cache)
    found: dict[str, list[Finding]] = {}
    wanted = {"yours": options.notebooks} if options.notebooks else {name: [] for name in options.packages}
    for name, given in wanted.items():
        folder = None if given else sources.latest(name)
        path = sources.installed(name, PACKAGES[name]) if PACKAGES.get(name) else None
        for notebook in given or sorted(folder.rglob("*.ipynb") if folder else ()):
            progress.log(f"{name}: {notebook.name}")
            finding = compare(notebook, path, options.timeout, shows_all=options.all)
            found.setdefault(name, []).append(finding)
    _show(found, console)
    unexplained = [each for findings in found.values() for each in findings if each.name not in EXPLAINED]
    sys.exit(1 if any(each.differences for each in unexplained) else 0)


def _show(found: dict[str, list[Finding]], console: Console) -> None:
    table = Table(title="Notebooks through python3 and rdit", title_justify="left")
    for heading in ("package", "notebooks", "run", "cells", "equal", "unsteady in python3", "differ", "more in rdit"):
        table.add_column(heading)
    for name, findings in found.items():
        run = [finding for finding in findings if not finding.left_out]
        totals = [sum(getattr(each, what) for each in run) for what in ("cells", "equal", "unsteady")]
        differ, more = sum(len(each.differences) for each in run), sum(each.more for each in run)
        table.add_row(name, *map(str, (len(findings), len(run), *totals, differ, more)))
    console.print(table)
    for name, findings in found.items():
        for each in findings:
            if each.left_out:
                console.print(f"{name}: {each.name} was left out: {each.left_out}", markup=False, soft_wrap=True)
            for difference in each.differences:
                reason = f" ({EXPLAINED[each.name]})" if each.name in EXPLAINED else ""
                console.print(f"{name}: {each.name}, {difference}{reason}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
