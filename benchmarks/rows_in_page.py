"""The page's part of the rows benchmark: from a click, and from running a cell, to a changed and painted table."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from rows_in_kernel import HERE, SMALL
from rows_report import Quantity
from support.lab import Lab, running
from support.notebook_page import write_notebook

ROOT = Path(__file__).parents[1]
NOT_WORSE = 1.3
SERVERS = {"in a stock JupyterLab": False, "with Sideflow's setting of the server": True}
TO_DOM = {
    server: Quantity(f"From click to changed DOM {server}", "ms", {} if cured else dict.fromkeys(SMALL, 12), NOT_WORSE)
    for server, cured in SERVERS.items()
}
TO_PAINT = {
    server: Quantity(f"From click to painted {server}", "ms", dict.fromkeys(("run", "create"), 300))
    for server in SERVERS
}
CPU = {server: Quantity(f"Processor time of the page's main thread {server}", "ms") for server in SERVERS}

# In this order, as in the kernel. "run": the cell is run that ends in a table of 1,000 rows.
LONG = ("run", "replace", "append", "clear", "create")
OPERATIONS = {"run": 1, "replace": 1, "update": 2, **dict.fromkeys(SMALL, 5), "append": 1, "clear": 1, "create": 1}

# An operation is over when the page shows what it should. For long ones that is looked at once a frame only, and the
# time is that of the last change before; looking at each of their thousands of changes would slow them down.
BENCH = """([relabelled, removed, [one, other]]) => {
    const rows = document.getElementsByClassName('bench-row');
    const text = (at, cell) => rows[at]?.querySelector(cell)?.textContent ?? '';
    const label = at => text(at, '.bench-label');
    const number = at => rows[at]?.firstElementChild?.textContent ?? '';
    const isWhole = count => rows.length === count && label(count - 1) && label(0) && label(count >> 1);
    const button = name => document.querySelector(`.do-${name}`);
    const cell = (at, which) => rows[at].querySelector(`.bench-${which}`);
    let at = 10;
    const make = name => () => {
        const before = rows[0];
        return [() => button(name).click(), () => isWhole(1000) && rows[0] !== before && rows[999] !== before];
    };
    const operations = {
        run() {
            const before = rows[0], first = before && number(0);
            const run = () => window.jupyterapp.commands.execute('notebook:run-cell');
            return [run, () => isWhole(1000) && rows[0] !== before && number(0) !== first];
        },
        create: make('create'),
        replace() {
            const first = number(0), last = number(999);
            const isOver = () => isWhole(1000) && number(0) !== first && number(999) !== last;
            return [() => button('replace').click(), isOver];
        },
        append() {
            const count = rows.length + 1000;
            return [() => button('append').click(), () => isWhole(count)];
        },
        clear: () => [() => button('clear').click(), () => rows.length === 0],
        update() {
            const last = rows.length - 1 - (rows.length - 1) % 10;
            const before = [label(0), label(last)];
            return [() => button('update').click(), () => label(0) !== before[0] && label(last) !== before[1]];
        },
        label() {
            const before = label(relabelled);
            return [() => button('label').click(), () => label(relabelled) !== before];
        },
        select() {
            const row = rows[++at], before = document.querySelector('.bench-chosen');
            return [() => cell(at, 'label').click(), () =>
                row.classList.contains('bench-chosen') && !before?.classList.contains('bench-chosen')];
        },
        swap() {
            const before = [number(one), number(other)];
            return [() => button('swap').click(), () => number(one) === before[1] && number(other) === before[0]];
        },
        remove() {
            const count = rows.length - 1;
            return [() => cell(removed, 'remove').click(), () => rows.length === count];
        },
    };
    const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
    const painted = () => new Promise(resolve => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(null);
    }));
    window.bench = async (name, isLong, timeout) => {
        const [act, isOver] = operations[name]();
        let frame = 0, last = 0, observer;
        const changed = new Promise(resolve => {
            const look = () => { if (isOver()) resolve(last); };
            observer = new MutationObserver(() => {
                last = performance.now();
                if (!isLong) look();
            });
            observer.observe(document.querySelector('.jp-Notebook'),
                { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ['class'] });
            const eachFrame = () => { look(); frame = requestAnimationFrame(eachFrame); };
            if (isLong) frame = requestAnimationFrame(eachFrame);
        });
        const began = performance.now();
        act();
        const when = await Promise.race([changed, pause(timeout)]);
        cancelAnimationFrame(frame);
        observer.disconnect();
        return when === undefined ? null : [when - began, await painted() - began];
    };
}"""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds from the click to the change, and to its being painted, and of work of the page meanwhile."""

    to_dom: float
    to_paint: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Opened:
    """A notebook with a library's table, open in a JupyterLab."""

    page: Page
    devtools: CDPSession

    def do(self, operation: str, *, rest: int, timeout: int) -> Took | None:
        """Do an operation after a rest. None if the page did not change in time."""
        self.page.bring_to_front()
        self.page.wait_for_timeout(rest * random.uniform(0.9, 1.1))  # so that no timer of the network's falls into step
        before = self._cpu()
        took: Any = self.page.evaluate(
            "([name, isLong, timeout]) => bench(name, isLong, timeout)", [operation, operation in LONG, timeout]
        )
        return took and Took(*took, self._cpu() - before)

    def _cpu(self) -> float:
        metrics = self.devtools.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) * 1000 for each in metrics if each["name"] == "TaskDuration")


@contextmanager
def server(*, sends_at_once: bool) -> Iterator[Lab]:
    """A JupyterLab with or without Sideflow's setting."""
    with TemporaryDirectory() as folder:
        home, files = Path(folder, "home"), Path(folder, "files")
        files.mkdir()
        settings = home / ".jupyter" / "jupyter_server_config.json"
        settings.parent.mkdir(parents=True)
        enabled = json.loads((ROOT / "kernel" / "rdit" / "server_config" / "sideflow.json").read_text("utf-8"))
        settings.write_text(json.dumps({**enabled, "SideflowServer": {"tcp_nodelay": sends_at_once}}))
        with running(home, files) as lab:
            yield lab


@contextmanager
def opened(browser: Browser, lab: Lab, kernel: str, library: str, marks: list[Any]) -> Iterator[Opened]:
    """``marks``: which rows the operations are about."""
    cells = [f"import sys; sys.path.insert(0, {HERE!r}); from {library} import Table", "Table(1000).root"]
    with ExitStack() as closing:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        closing.callback(context.close)
        page = context.new_page()
        page.set_default_timeout(90_000)
        lab.open(page, write_notebook(lab, cells, kernel))
        lab.wait_for_kernel(page)
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-CodeCell .jp-InputPrompt", has_text="[1]:").wait_for()
        page.evaluate(BENCH, marks)
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        yield Opened(page, devtools)
        closing.callback(lab.end_sessions)
