"""How long a page of ``flow build`` takes until it shows something, and until it is alive.

    python benchmarks/built_page.py --rounds 5

Pages with their Python compiled and without, in turn, each from a plain file server: a first visit with an empty
profile, and a second, when the service worker has what the first has brought. Medians, as Chromium itself tells them.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from sys import path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from playwright.sync_api import Browser, sync_playwright

path.append(str(Path(__file__).parents[1] / "tests"))

from flow.build import BuildResult
from flow.build.bytecode import Compiled
from support import chromium
from support.built_page import Visit, built

APP: Final = """\
from flow import Signal, component
from flow.ui import Button, Div, Text

count = Signal(0)


@component
def App():
    return Div(Text(lambda: f"Count: {count.value}"), Button("+", on_click=lambda: count.update(lambda n: n + 1)))
"""
VISITS: Final = ("first visit", "second visit")
_Times = dict[tuple[str, str], list[dict[str, float]]]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def _pages(folder: Path) -> dict[str, BuildResult]:
    """The app as it is built, and with sources as they come."""
    for name in ("compiled", "sources"):
        (folder / name).mkdir()
    with patch("flow.build.assets.compiled", lambda sources, pyodide: Compiled({}, "it is compared with")):
        sources = built(folder / "sources", APP)
    return {"sources": sources, "compiled": built(folder / "compiled", APP)}


def _visited(browser: Browser, url: str) -> Iterator[tuple[str, dict[str, float]]]:
    context = browser.new_context()
    page = context.new_page()
    for name in VISITS:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        yield name, visit.times()
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.goto("about:blank")
    context.close()


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    times: _Times = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        pages = _pages(folder)
        urls = {name: stack.enter_context(_served(page.output_dir)) for name, page in pages.items()}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        for _ in range(rounds):
            for name, url in urls.items():
                for visit, found in _visited(browser, url):
                    times.setdefault((name, visit), []).append(found)
        browser.close()
        for name, page in pages.items():
            print(f"{name}: {sum(page.sizes[each] for each in page.zipped) / 1e6:.1f} MB")
    print("\n| Python's library | visit | first content | alive | fastest |\n|---|---|--:|--:|--:|")
    for (name, visit), found in times.items():
        first, live = (median(each[what] for each in found) for what in ("first", "live"))
        print(
            f"| {name} | {visit} | {first:,.0f} ms | {live:,.0f} ms | {min(each['live'] for each in found):,.0f} ms |"
        )


if __name__ == "__main__":
    main()
