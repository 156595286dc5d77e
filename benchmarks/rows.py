"""The operations of the js-framework-benchmark on a table of 1,000 rows, in flow and in other libraries, in one run.

    python benchmarks/rows.py                     the whole table, about six minutes
    python benchmarks/rows.py --quick             fewer repetitions, about three minutes
    python benchmarks/rows.py --only flow         flow and the floor; also reacton, solara or ipywidgets, by comma
    python benchmarks/rows.py --part kernel       without JupyterLab, about a minute
    python benchmarks/rows.py --kernel rdit --json numbers.json

A row has three cells (so 1,000 rows are 4,000 elements), of which one holds a label that can change. The floor is an
anywidget with messages made by hand for this table alone. The libraries are measured in turn, round by round, A B A B;
the slow ones, each of whose rounds takes half a minute, less often. Medians are compared.

In the kernel: a live one, to which the page's click is handed as its message would be. The time is that of the
processor and of all threads, from then on until the last message of the answer has left. Messages and bytes are those
of comms on iopub, with all headers.

In the page: JupyterLab in headless Chromium, by the page's own clock, from the click (or the running of the cell that
shows a table of 1,000 rows) until the DOM shows all of it, and until that is painted. The floor and flow are also shown
by a server with Sideflow's own setting, without the wait for full packets that a stock one has (see clicks.py). The
times from a click on are those of a clock, so they need a machine with nothing else to do; processor times do not.

Needs the dependencies of the tests, Chromium or Chrome, and for the whole of it `pip install reacton solara`. What is
not installed is left out and named.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

import rows_in_kernel  # noqa: E402
import rows_table  # noqa: E402
from rows_in_kernel import ALL_TIME, MESSAGES, SIZE, TIME  # noqa: E402
from rows_report import FLOOR, OURS, Report  # noqa: E402

# Column of the table: the module to look for, and the module of the table.
LIBRARIES = {
    FLOOR: ("anywidget", "rows_by_hand"),
    OURS: ("flow", "rows_flow"),
    "ipywidgets": ("ipywidgets", "rows_ipywidgets"),
    "reacton": ("reacton", "rows_reacton"),
    "solara": ("solara", "rows_solara"),
}
QUICK_ONES = (FLOOR, OURS)
SELDOM = 4  # of so many rounds the slow ones have one


def rounds(count: int, libraries: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Who has a turn in each round, in which order. Round 0 warms up."""
    for index in range(count + 1):
        turn = [each for each in libraries if each in QUICK_ONES or index % SELDOM == 1]
        yield index, turn[:: 1 if index % 2 else -1]


def in_kernel(report: Report, kernel: str, tables: Mapping[str, str], count: int, console: Console) -> None:
    with ExitStack() as closing:
        console.log("the kernels start")
        kernels = {
            library: closing.enter_context(rows_in_kernel.measured(kernel, module))
            for library, module in tables.items()
        }
        for index, turn in rounds(count, list(tables)):
            console.log(f"in the kernel, round {index} of {count}")
            for library in turn:
                for operation, times in rows_in_kernel.OPERATIONS.items():
                    for cost in kernels[library].do(operation, times):
                        if index:
                            report.add(TIME, operation, library, cost.time)
                            report.add(ALL_TIME, operation, library, cost.all_time)
                            report.add(MESSAGES, operation, library, cost.messages)
                            report.add(SIZE, operation, library, cost.size)


def in_page(report: Report, kernel: str, tables: Mapping[str, str], count: int, console: Console) -> None:
    from playwright.sync_api import sync_playwright

    import rows_in_page
    from rows_in_page import CPU, SERVERS, TO_DOM, TO_PAINT
    from support import chromium

    executable = chromium.find()
    if executable is None:
        sys.exit(chromium.WHAT_TO_DO)
    marks = [rows_table.RELABELLED, rows_table.REMOVED, list(rows_table.SWAPPED)]

    def go_round(server: str, library: str, page: rows_in_page.Opened, *, counts: bool) -> None:
        is_slow = library not in QUICK_ONES
        for operation, times in rows_in_page.OPERATIONS.items():
            is_long = operation in rows_in_page.LONG
            for _ in range(times):
                took = page.do(
                    operation,
                    rest=(1500 if is_slow else 400) if is_long else 120,
                    timeout=40_000 if is_long else 10_000,
                )
                if counts:
                    report.add(TO_DOM[server], operation, library, took and took.to_dom)
                    report.add(TO_PAINT[server], operation, library, took and took.to_paint)
                    report.add(CPU[server], operation, library, took and took.cpu)
                if took is None and operation == "run":
                    console.log(f"{library} never showed its 1,000 rows")
                    return

    with sync_playwright() as playwright, ExitStack() as closing:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        closing.callback(browser.close)
        console.log("the JupyterLabs start")
        labs = {
            name: closing.enter_context(rows_in_page.server(sends_at_once=setting)) for name, setting in SERVERS.items()
        }
        with ExitStack() as pages:
            quick = {
                (server, library): pages.enter_context(
                    rows_in_page.opened(browser, lab, kernel, tables[library], marks)
                )
                for server, lab in labs.items()
                for library in QUICK_ONES
            }
            for index in range(count + 1):
                console.log(f"in the page, round {index} of {count}")
                for server, library in list(quick)[:: 1 if index % 2 else -1]:
                    go_round(server, library, quick[server, library], counts=index > 0)
        server, lab = next(iter(labs.items()))
        for library, module in tables.items():
            if library not in QUICK_ONES:
                console.log(f"in the page, {library}")
                with rows_in_page.opened(browser, lab, kernel, module, marks) as page:
                    go_round(server, library, page, counts=True)


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--only", default="", metavar="LIBRARIES", help="some of them, by comma; the floor is there")
    parser.add_argument("--part", choices=("kernel", "page", "both"), default="both", help="(%(default)s)")
    parser.add_argument("--kernel", default="python3", help="kernelspec (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()

    progress = Console(stderr=True, log_path=False)
    wanted = [name.strip() for name in options.only.split(",") if name.strip()]
    if unknown := set(wanted) - {*LIBRARIES}:
        parser.error(f"no such library: {', '.join(sorted(unknown))}. There are {', '.join(LIBRARIES)}")
    tables = {}
    for library, (needed, module) in LIBRARIES.items():
        if library not in QUICK_ONES and wanted and library not in wanted:
            continue
        if importlib.util.find_spec(needed) is None:
            progress.log(f"{library} is left out: it is not installed (pip install {needed})")
            continue
        tables[library] = module
    report = Report(list(tables))
    if options.part != "page":
        in_kernel(report, options.kernel, tables, 3 if options.quick else 7, progress)
    if options.part != "kernel":
        in_page(report, options.kernel, tables, 1 if options.quick else 3, progress)
    report.show(Console() if sys.stdout.isatty() else Console(width=140))
    if options.json:
        report.write(options.json)


if __name__ == "__main__":
    main()
