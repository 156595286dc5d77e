"""From a click to the changed page, in a real JupyterLab, with and without the server's wait for full packets.

    python benchmarks/clicks.py                               the whole table, about seven minutes
    python benchmarks/clicks.py --quick                       fewer clicks, about two minutes
    python benchmarks/clicks.py --kernels rdit --json numbers.json

Two JupyterLabs run side by side: in one the setting `SideflowServer.tcp_nodelay` is off, as in every Jupyter server
without Sideflow, in the other it is on. The same notebook is open in both, in headless Chromium, and is clicked in
turn, A B A B. It shows an ipywidgets Button whose handler sets a Label, a hand-written anywidget that sends a message
and shows the answer, which is the least a widget can do, and a button of flow that counts. The time is the page's own:
from the click to the change of the DOM. Pages of flow help themselves where the server waits: goal 12 ms.

The wait ends when the browser's system acknowledges a packet. Linux does that after 40 ms while a page sends soon after
it was answered, as a slider does that is dragged; after a pause it acknowledges the first packets at once, so single
clicks wait only sometimes. Hence two paces. Needs the dependencies of the tests, and Chromium or Chrome.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from case import Effort, Row, Sample
from report import Report

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from support import chromium  # noqa: E402
from support.lab import running  # noqa: E402

# Column of the table: the setting.
SERVERS = {"waiting": False, "at once": True}

CELL = '''\
import anywidget, ipywidgets

button, label = ipywidgets.Button(), ipywidgets.Label("0")
button.add_class("click-label"), label.add_class("shows-label")
@button.on_click
def _(button):
    label.value = str(int(label.value) + 1)

class Echo(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const [button, shown] = ["button", "span"].map(tag => el.appendChild(document.createElement(tag)));
      button.className = "click-echo";
      shown.className = "shows-echo";
      button.onclick = () => model.send({ times: Number(shown.textContent) + 1 });
      model.on("msg:custom", message => { shown.textContent = message.times; });
    } };
    """
echo = Echo()
echo.on_msg(lambda widget, content, buffers: widget.send(content))

from flow import Signal
from flow.ui import Button, Div, Text
from flow.widget import FlowWidget

count = Signal(0)
with Div() as counter:
    Button("Count", cls="click-flow", on_click=lambda: count.update(lambda n: n + 1))
    Text(count, cls="shows-flow")
ipywidgets.VBox([button, label, echo, FlowWidget(counter)])
'''
WIDGETS = {"label": "a Button sets a Label", "echo": "an anywidget answers", "flow": "a button of flow counts"}
HELPS_ITSELF = "flow"

# The pauses are a little uneven, so that no timer of the network's falls into step.
CLICKING = """async ([name, clicks, rest]) => {
    const button = document.querySelector(`.click-${name}`), shown = document.querySelector(`.shows-${name}`);
    const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
    const took = [];
    for (let k = 0; k < clicks; k++) {
        await pause(rest * (0.9 + 0.2 * Math.random()));
        let observer;
        const changed = new Promise(resolve => {
            observer = new MutationObserver(() => resolve(performance.now()));
            observer.observe(shown, { childList: true, characterData: true, subtree: true });
        });
        const began = performance.now();
        button.click();
        const when = await Promise.race([changed, pause(5000)]);
        observer.disconnect();
        took.push(when === undefined ? null : when - began);
    }
    return took;
}"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to rest between a change of the page and the next click, in ms, and how often to click in a turn."""

    name: str
    rest: int
    clicks: int
    percentile: int
    goal: float


# More than this and a ratio tells of something else than noise.
NOT_WORSE = 1.25
PACES = (
    Pace("in a row", rest=30, clicks=40, percentile=99, goal=0.5),
    Pace("now and then", rest=250, clicks=16, percentile=90, goal=NOT_WORSE),
)


@dataclass(frozen=True, slots=True)
class Clicked:
    """A notebook that is open on one server, with its widgets shown."""

    page: Page

    def measure(self, widget: str, pace: Pace, effort: Effort) -> Sample:
        self.page.bring_to_front()
        took: list[float | None] = self.page.evaluate(CLICKING, [widget, effort.times(pace.clicks), pace.rest])
        values = [each for each in took if each is not None]
        return Sample(values, lost=len(took) - len(values))


@contextmanager
def shown(browser: Browser, kernels: Sequence[str], *, sends_at_once: bool) -> Iterator[dict[str, Clicked]]:
    """A JupyterLab with the setting, and in it a notebook for each kernel that has run and shows its widgets."""
    with TemporaryDirectory() as folder, ExitStack() as closing:
        home, files = Path(folder, "home"), Path(folder, "files")
        files.mkdir()
        settings = home / ".jupyter" / "jupyter_server_config.json"
        settings.parent.mkdir(parents=True)
        enabled = json.loads((ROOT / "kernel" / "rdit" / "server_config" / "sideflow.json").read_text("utf-8"))
        settings.write_text(json.dumps({**enabled, "SideflowServer": {"tcp_nodelay": sends_at_once}}))
        lab = closing.enter_context(running(home, files))
        found: dict[str, Clicked] = {}
        for kernel in kernels:
            name = f"{kernel}.ipynb"
            (files / name).write_text(json.dumps(notebook(kernel)))
            context = browser.new_context()
            closing.callback(context.close)
            page = context.new_page()
            lab.open(page, name)
            lab.wait_for_kernel(page)
            page.locator(".jp-CodeCell .cm-content").first.click()
            page.keyboard.press("Shift+Enter")
            for widget in WIDGETS:
                page.locator(f".shows-{widget}").wait_for(state="attached", timeout=60_000)
            found[kernel] = Clicked(page)
        yield found


def notebook(kernel: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "widgets",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": CELL,
    }
    kernelspec = {"name": kernel, "display_name": kernel}
    return {"cells": [cell], "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}


def measured(notebooks: dict[str, dict[str, Clicked]], rounds: int, effort: Effort, console: Console) -> Report:
    """Two rows for each kernel, widget and pace: the median, and what few clicks exceed."""
    report = Report(list(notebooks))
    kernels = next(iter(notebooks.values()))
    for kernel, (widget, name), pace in product(kernels, WIDGETS.items(), PACES):
        row = Row(f"{kernel}, {name}, {pace.name}", "ms", NOT_WORSE if widget == HELPS_ITSELF else pace.goal)
        console.log(row.name)
        # A first round that is not counted: while a connection is young, its packets are acknowledged at once.
        for k in range(rounds + 1):
            for server in list(notebooks)[:: 1 if k % 2 else -1]:
                sample = notebooks[server][kernel].measure(widget, pace, effort)
                if k:
                    report.add(row, server, sample)
        rarely = Row(f"{row.name}, {pace.percentile}th percentile", "ms", NOT_WORSE)
        for server in notebooks:
            values = [value for sample in report.samples[row][server] for value in sample.values]
            report.add(rarely, server, Sample([statistics.quantiles(values, n=100)[pace.percentile - 1]]))
    return report


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kernels", default="python3,rdit", help="kernelspecs (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="times that each server has its turn (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="fewer clicks in a turn")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        sys.exit(chromium.WHAT_TO_DO)
    kernels = [name.strip() for name in options.kernels.split(",")]
    progress = Console(stderr=True, log_path=False)
    with sync_playwright() as playwright, ExitStack() as closing:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        closing.callback(browser.close)
        notebooks = {
            server: closing.enter_context(shown(browser, kernels, sends_at_once=setting))
            for server, setting in SERVERS.items()
        }
        report = measured(notebooks, options.rounds, Effort(options.quick), progress)
    console = Console() if sys.stdout.isatty() else Console(width=120)
    report.show(console)
    if options.json:
        report.write(options.json)


if __name__ == "__main__":
    main()
