"""Typing, scrolling, opening and running in a notebook of 200 cells, with the labextension and without.

    python benchmarks/typing_and_scrolling.py                      the whole table, about twenty-five minutes
    python benchmarks/typing_and_scrolling.py --quick              fewer turns, about twelve minutes
    python benchmarks/typing_and_scrolling.py --only scroll        typing, scroll, run or open, by comma
    python benchmarks/typing_and_scrolling.py --windowing full     JupyterLab draws the cells in view only

Two JupyterLabs run side by side, one of them without the labextension, which is checked on the page. The same notebook
is open in both, in headless Chromium: 200 cells of five statements, one of a hundred and one of a single one. The rdit
kernel has run them all, so with the extension every statement has a mark. Each is open four times, for two pages that
should be equal differ by a tenth and more, for as long as they are open: a page is one value, the median of its turns.
They are opened in a shuffled order, and each act is done on all of them, shuffled anew.

CPU is the time that the page's main thread ran: of all numbers the one that other work on the machine disturbs least.
"Of it" are its scripts, and style and layout. The rest is drawing, and going through the page to learn what to draw,
which grows with each node that the page holds.

The goal of a row is not to be slower than noise explains, by a permutation test: all pages are parted into two hands in
all ways there are, whichever they have the extension or not, and the goal is the ratio of the hands' medians that 97.5
of 100 stay below; at least 1.05, for a clock has its grain too. Needs the dependencies of the tests, and Chromium or
Chrome.

Nothing is looked up in the page while it is measured: Playwright walks the whole page for a selector.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, combinations, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from jupyter_core.paths import jupyter_path
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from rich.console import Console

from case import Row, Sample
from report import Report

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from support import chromium  # noqa: E402
from support.lab import Lab, running  # noqa: E402
from support.notebook_page import NotebookPage, write_notebook  # noqa: E402

WITHOUT, WITH = "without", "with"
PAGES = 4  # of each
CELLS, SHORT, LONG, TRIVIAL = 200, 100, 120, 140
FRAME = 1000 / 60
SCROLLER = ".jp-NotebookPanel .jp-WindowedPanel-outer"
GRAIN = 1.05

# The page's own clock. A frame is painted when a message that was posted at its start arrives: style, layout and paint
# come between the two.
CLOCK = """() => {
    const painted = () => new Promise(resolve => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(null);
    }));
    const keys = [];
    document.addEventListener('keydown', event => {
        if (event.key.length === 1 || event.key === 'Backspace') {
            const pressed = performance.now();
            keys.push(painted().then(now => now - pressed));
        }
    }, true);
    window.clock = {
        keys: () => Promise.all(keys.splice(0)),
        frames: (node, end) => new Promise(resolve => {
            const times = [];
            const frame = now => {
                times.push(now);
                if (end(node)) resolve(times); else requestAnimationFrame(frame);
            };
            requestAnimationFrame(frame);
        }),
    };
}"""
OPENED = """() => {
    const look = () => {
        if (!document.querySelector('.jp-Notebook .jp-CodeCell .cm-line')) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => { window.openedAt = performance.now(); }));
    };
    look();
}"""
IS_DOWN = "node => node.scrollTop + node.clientHeight >= node.scrollHeight - 4"
TO_THE_END = f"scroller => {{ window.scrolled = clock.frames(scroller, {IS_DOWN}); }}"
RUN = """index => {
    const cell = jupyterapp.shell.currentWidget.content.widgets[index].node;
    const prompt = cell.querySelector('.jp-InputPrompt'), before = prompt.textContent;
    window.ran = new Promise(done => {
        document.addEventListener('keydown', () => {
            const began = performance.now();
            const observer = new MutationObserver(() => {
                if (/\\d/.test(prompt.textContent) && prompt.textContent !== before) {
                    observer.disconnect();
                    done(performance.now() - began);
                }
            });
            observer.observe(prompt, { childList: true, characterData: true, subtree: true });
        }, { capture: true, once: true });
    });
}"""


class Cpu(NamedTuple):
    """Milliseconds on a processor: all, and what of it were scripts, and style and layout."""

    all: float
    scripts: float
    layout: float


@dataclass(slots=True)
class Opened:
    """A notebook that is open on one of the servers, and has run."""

    notebook: NotebookPage
    context: BrowserContext
    devtools: CDPSession

    @property
    def page(self) -> Page:
        return self.notebook.page

    def cpu(self) -> Cpu:
        """The time on a processor that the page's main thread has had so far: what others do there is left out."""
        metrics = self.devtools.send("Performance.getMetrics")["metrics"]
        spent = {each["name"]: float(each["value"]) * 1000 for each in metrics}
        layout = spent["RecalcStyleDuration"] + spent["LayoutDuration"]
        return Cpu(spent["TaskDuration"], spent["ScriptDuration"], layout)

    def start_typing(self, index: int) -> None:
        # Of a long cell the editor draws what is in view and some lines around it, and how many depends on the way
        # there: come to its start from its end, always.
        self.show(index, "end")
        self.show(index, "start")
        self.notebook.cell(index).locator(".cm-line").nth(2).click(position={"x": 60, "y": 5})
        self.page.keyboard.press("End")

    def type(self) -> list[float]:
        """Write a word where the cursor is and take it away again, thrice. Returns the time of each key."""
        for key in [*"result", *["Backspace"] * 6] * 3:
            self.page.keyboard.press(key)
            # Uneven, so that keys and frames do not fall into step.
            self.page.wait_for_timeout(random.uniform(35, 65))
        keys: list[float] = self.page.evaluate("() => clock.keys()")
        return keys

    def start_scrolling(self) -> None:
        scroller = self.page.locator(SCROLLER).first
        scroller.evaluate("node => { node.scrollTop = 0; }")
        box = scroller.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_timeout(300)

    def scroll(self) -> list[float]:
        """Turn the wheel from the notebook's top to its bottom. Returns how long each frame took."""
        scroller = self.page.locator(SCROLLER).first.element_handle()
        scroller.evaluate(TO_THE_END)
        while not scroller.evaluate(IS_DOWN):
            for _ in range(5):
                self.page.mouse.wheel(0, 480)
        times: list[float] = self.page.evaluate("() => scrolled")
        return [after - before for before, after in pairwise(times)]

    def start_running(self) -> None:
        self.show(TRIVIAL)
        self.notebook.edit(TRIVIAL)

    def run(self) -> list[float]:
        """Run a cell ten times: from the key to the prompt's new number."""
        took: list[float] = []
        for _ in range(10):
            self.page.evaluate(RUN, TRIVIAL)
            self.page.keyboard.press("Control+Enter")
            took.append(self.page.evaluate("() => ran"))
            self.page.wait_for_timeout(random.uniform(80, 120))
        return took

    def open(self) -> list[float]:
        """Open the same notebook in one more page, on the same kernel: from the address to the first cell."""
        page = self.context.new_page()
        try:
            page.add_init_script(f"({OPENED})()")
            self.notebook.lab.open(page, self.notebook.name)
            page.wait_for_function("() => window.openedAt")
            opened: float = page.evaluate("() => openedAt")
            return [opened]
        finally:
            page.close()

    def show(self, index: int, at: Literal["start", "center", "end"] = "center") -> None:
        self.page.evaluate(
            """async ([index, at]) => {
                const notebook = jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = index;
                await notebook.scrollToItem(index, at);
                await notebook.widgets[index].ready;
            }""",
            [index, at],
        )
        self.page.wait_for_timeout(300)


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the pages that take turns: with the extension or without, and which of these."""

    who: str
    number: int

    def __str__(self) -> str:
        return f"{self.who} ({self.number} of {PAGES})"


@dataclass(slots=True)
class Turns:
    """The median of each turn, by row and page."""

    medians: dict[str, dict[Seat, list[float]]] = field(default_factory=dict)

    def add(self, row: str, seat: Seat, values: Sequence[float]) -> None:
        self.medians.setdefault(row, {}).setdefault(seat, []).append(statistics.median(values))

    def add_cpu(self, row: str, seat: Seat, before: Cpu, after: Cpu, times: int = 1) -> None:
        """What an act took that was done so many times, as rows of all of it and of its parts."""
        for part, began, ended in zip(("", ", of it scripts", ", of it style and layout"), before, after, strict=True):
            self.add(f"{row}: CPU{part}", seat, [(ended - began) / times])

    def report(self) -> Report:
        report = Report((WITHOUT, WITH))
        for name, turns in self.medians.items():
            pages = {seat: statistics.median(values) for seat, values in turns.items()}
            row = Row(name, "ms", noise(list(pages.values())))
            for seat, value in pages.items():
                report.add(row, seat.who, Sample([value]))
        return report


def noise(pages: Sequence[float]) -> float:
    """By how much two halves of these differ, seldom exceeded."""
    everyone = range(len(pages))
    ratios = [
        statistics.median(pages[k] for k in hand) / statistics.median(pages[k] for k in everyone if k not in hand)
        for hand in combinations(everyone, len(pages) // 2)
    ]
    return max(GRAIN, statistics.quantiles(ratios, n=40, method="inclusive")[-1])


def type_(index: int, name: str, opened: Opened, seat: Seat, turns: Turns) -> None:
    opened.start_typing(index)
    before = opened.cpu()
    keys = opened.type()
    turns.add_cpu(f"a key in a cell of {name}", seat, before, opened.cpu(), len(keys))
    turns.add(f"a key in a cell of {name}: until painted", seat, keys)
    turns.add(f"a key in a cell of {name}: 95th percentile", seat, [rarely(keys)])


def scroll(opened: Opened, seat: Seat, turns: Turns) -> None:
    opened.start_scrolling()
    before = opened.cpu()
    frames = opened.scroll()
    turns.add_cpu("scrolling through", seat, before, opened.cpu())
    turns.add("scrolling through: time", seat, [sum(frames)])
    turns.add("scrolling through: a frame", seat, frames)
    turns.add("scrolling through: 95th percentile of frames", seat, [rarely(frames)])
    turns.add("scrolling through: time of dropped frames", seat, [sum(max(each - FRAME, 0) for each in frames)])


def run(opened: Opened, seat: Seat, turns: Turns) -> None:
    opened.start_running()
    before = opened.cpu()
    times = opened.run()
    turns.add_cpu("a trivial cell", seat, before, opened.cpu(), len(times))
    turns.add("a trivial cell: from the key to its number", seat, times)


def open_(opened: Opened, seat: Seat, turns: Turns) -> None:
    turns.add("opening: until the first cell is there", seat, opened.open())


ACTS: Mapping[str, Sequence[Callable[[Opened, Seat, Turns], None]]] = {
    "typing": (partial(type_, SHORT, "5 statements"), partial(type_, LONG, "100 statements")),
    "scroll": (scroll,),
    "run": (run,),
    "open": (open_,),
}


def rarely(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def sources() -> list[str]:
    """The cells: short ones, a long one, a trivial one."""
    cells = [
        f"start_{k} = {k}\ndouble_{k} = start_{k} * 2\nnames_{k} = ['a', 'b', start_{k}]\n"
        f"total_{k} = sum(range(double_{k}))\ntotal_{k} + start_{k}"
        for k in range(CELLS)
    ]
    cells[LONG] = "\n".join(f"value_{k} = {k} * 2" for k in range(100))
    cells[TRIVIAL] = "1 + 1"
    return cells


@contextmanager
def served(home: Path, *, is_with: bool, windowing: str | None) -> Iterator[Lab]:
    """A JupyterLab with all labextensions that are installed here, ours with them or not.

    To disable ours would leave its file in the page: JupyterLab loads what it then does not activate. The copies hold
    still when somebody builds anew.
    """
    files, extensions = home / "files", home / "labextensions"
    files.mkdir(parents=True)
    for installed in reversed(jupyter_path("labextensions")):
        if Path(installed).is_dir():
            shutil.copytree(installed, extensions, dirs_exist_ok=True)
    if not is_with:
        shutil.rmtree(extensions / "sideflow")
    if windowing:
        tracker = home / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
        tracker.parent.mkdir(parents=True)
        tracker.write_text(json.dumps({"windowingMode": windowing}))
    with running(home, files, f"--LabApp.labextensions_path={extensions}") as lab:
        yield lab


@contextmanager
def opened(browser: Browser, lab: Lab, *, is_with: bool) -> Iterator[Opened]:
    """The notebook in a window of its own, all its cells run and saved."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(f"({CLOCK})()")
        notebook = NotebookPage(lab, page, write_notebook(lab, sources()))
        lab.open(page, notebook.name)
        lab.wait_for_kernel(page)
        notebook.do("notebook:run-all-cells")
        page.wait_for_function(
            """count => jupyterapp.shell.currentWidget.content.widgets[count - 1].model.executionCount === count""",
            arg=CELLS,
        )
        notebook.do("docmanager:save")
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        result = Opened(notebook, context, devtools)
        # Of a long cell, the editor draws the lines that are in view.
        for index, least in ((SHORT, 5), (LONG, 20)):
            result.show(index)
            page.wait_for_timeout(1000)
            found = notebook.marks(index).count()
            if not (found >= least if is_with else found == 0):
                raise RuntimeError(f"Cell {index} shows {found} marks. Expected {least if is_with else 0}.")
        if page.evaluate("() => 'sideflow' in window._JUPYTERLAB") != is_with:
            raise RuntimeError(f"The labextension is {'not ' if is_with else ''}loaded: {is_with = }.")
        yield result
    finally:
        context.close()


def measured(browser: Browser, windowing: str | None, names: Sequence[str], rounds: int, console: Console) -> Turns:
    turns = Turns()
    with TemporaryDirectory() as folder, ExitStack() as closing:
        labs = [
            closing.enter_context(served(Path(folder, str(is_with)), is_with=is_with, windowing=windowing))
            for is_with in (False, True)
        ]
        notebooks: dict[Seat, Opened] = {}
        order = [Seat(who, number + 1) for who in (WITHOUT, WITH) for number in range(PAGES)]
        random.shuffle(order)
        for seat in order:
            console.log(f"opening and running the notebook {seat}")
            is_with = seat.who == WITH
            notebooks[seat] = closing.enter_context(opened(browser, labs[is_with], is_with=is_with))
        # A first round that is not counted: the page's code is compiled while it is used.
        for k in range(rounds + 1):
            console.log(f"round {k} of {rounds}")
            for act in chain.from_iterable(ACTS[name] for name in names):
                random.shuffle(order)
                for seat in order:
                    notebooks[seat].page.bring_to_front()
                    act(notebooks[seat], seat, turns if k else Turns())
    return turns


def main() -> None:
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, help="times that each page has its turn (8)")
    parser.add_argument("--only", metavar="ACTS", help=f"some of {', '.join(ACTS)}, by comma")
    parser.add_argument("--windowing", metavar="MODE", help="the notebook's windowingMode (JupyterLab's default)")
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE as well")
    options = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        sys.exit(chromium.WHAT_TO_DO)
    rounds = options.rounds or (3 if options.quick else 8)
    names = options.only.split(",") if options.only else list(ACTS)
    if unknown := set(names).difference(ACTS):
        parser.error(f"--only takes some of {', '.join(ACTS)}, not {', '.join(unknown)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        try:
            turns = measured(browser, options.windowing, names, rounds, Console(stderr=True, log_path=False))
        finally:
            browser.close()
    report = turns.report()
    report.show(Console() if sys.stdout.isatty() else Console(width=140))
    if options.json:
        report.write(options.json)


if __name__ == "__main__":
    main()
