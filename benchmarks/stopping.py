"""From a click on a Stop button to the end of the loop that it stops, in a real JupyterLab.

    python benchmarks/stopping.py                             the whole table, about three minutes
    python benchmarks/stopping.py --quick                     fewer clicks
    python benchmarks/stopping.py --kernels rdit

A cell shows a Stop button of flow's, the next runs `while not stop.value: work()` in one statement. The time is the
page's own: from the click to the moment at which the cell's prompt says that it is over. The kernels have their turns
one after the other, A B A B. Needs the dependencies of the tests, and Chromium or Chrome.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from case import Effort, Row, Sample
from report import Report

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from support import chromium
from support.lab import running
from support.notebook_page import NotebookPage, open_notebook

LIMIT = 100  # ms
TIMES = 15

STOP = """\
import time
from flow import Signal
from flow.ui import Button

stop = Signal(False)
Button("Stop", on_click=lambda: setattr(stop, "value", True))"""

WORK = {
    "short sleeps": "time.sleep(0.005)",
    "calculating": "sum(range(1000))",
    "long calculations in C": "sorted(range(200_000), key=lambda k: -k)",
}

CLICKING = """([button, prompt]) => new Promise((resolve, reject) => {
    const observer = new MutationObserver(() => {
        if (/\\d/.test(prompt.textContent)) {
            observer.disconnect();
            resolve(performance.now() - began);
        }
    });
    observer.observe(prompt, { childList: true, characterData: true, subtree: true });
    setTimeout(() => reject(new Error("the loop did not end")), 10_000);
    const began = performance.now();
    button.click();
})"""


def clicked(notebook: NotebookPage, page: Page) -> float:
    """Run the loop and stop it. Returns how long that took, in ms."""
    notebook.run(1)
    prompt = notebook.cell(1).locator(".jp-InputPrompt")
    page.wait_for_function("prompt => prompt.textContent.includes('*')", arg=prompt.element_handle())
    page.wait_for_timeout(200)
    button = notebook.cell(0).get_by_role("button", name="Stop").element_handle()
    took = float(page.evaluate(CLICKING, [button, prompt.element_handle()]))
    notebook.run(2)
    notebook.wait_until_done(2)
    return took


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kernels", default="python3,rdit", help="kernelspecs (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="fewer clicks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        sys.exit(chromium.WHAT_TO_DO)
    kernels = [name.strip() for name in options.kernels.split(",")]
    report = Report(kernels)
    with sync_playwright() as playwright, TemporaryDirectory() as folder, ExitStack() as closing:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        closing.callback(browser.close)
        home, files = Path(folder, "home"), Path(folder, "files")
        home.mkdir()
        files.mkdir()
        lab = closing.enter_context(running(home, files))
        for name, work in WORK.items():
            row = Row(f"a loop of {name}", "ms", limit=LIMIT)
            notebooks = {}
            for kernel in kernels:
                page = browser.new_page()
                closing.callback(page.close)
                loop = f"while not stop.value: {work}"
                notebooks[kernel] = open_notebook(lab, page, [STOP, loop, "stop.value = False"], kernel), page
                notebooks[kernel][0].run(0)
                notebooks[kernel][0].wait_until_done(0)
            for _ in range(Effort(options.quick).times(TIMES)):
                for kernel, (notebook, page) in notebooks.items():
                    page.bring_to_front()
                    report.add(row, kernel, Sample([clicked(notebook, page)]))
    report.show(Console() if sys.stdout.isatty() else Console(width=120))
    if options.json:
        report.write(options.json)


if __name__ == "__main__":
    main()
