"""Apps built into pages and served from this machine, and a browser's page that tells what goes wrong in it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import ConsoleMessage, Page

from flow.build import BuildResult, FlowBuilder, bytecode
from flow.build.pyodide import FOLDER
from flow.server import create_app

os.environ.setdefault(bytecode.FOLDER, str(Path(__file__).parents[2] / "build" / "compiled"))

# What `make test` installs. Without it the builder fetches the same.
_INSTALLED: Final = Path(__file__).parents[2] / "js" / "node_modules" / "pyodide"
_VIOLATIONS: Final = """document.addEventListener('securitypolicyviolation', event =>
    console.error('policy', event.violatedDirective, event.blockedURI, event.sourceFile))"""


def pyodide() -> Path | None:
    """The Pyodide to build with; None if the builder is to find one."""
    return _INSTALLED if FOLDER not in os.environ and _INSTALLED.is_dir() else None


def built(folder: Path, source: str) -> BuildResult:
    """An app, built."""
    file = folder / "app.py"
    file.write_text(source, encoding="utf-8")
    return FlowBuilder(folder / "dist", pyodide=pyodide()).build(file)


@contextmanager
def served(result: BuildResult) -> Iterator[str]:
    """The address of a built app while its server runs: with its rpc functions, in this process."""
    spec = spec_from_file_location("app", result.server_bundle)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    config = uvicorn.Config(create_app(module.App, client=result.output_dir), port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
            assert thread.is_alive()
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Visit:
    """A visit of a page. ``wrong`` is what its console says, ``hosts`` whom it asks."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.add_init_script(_VIOLATIONS)

    def go(self) -> None:
        """Open the page."""
        self.page.goto(self.url)

    def wait_until_live(self) -> None:
        """Wait until Python has taken over. Fails if it could not begin."""
        self.page.wait_for_selector("html[data-flow]", state="attached", timeout=120_000)
        assert self.page.evaluate("document.documentElement.dataset.flow") == "live", self.page.inner_text("body")

    def times(self) -> dict[str, float]:
        """Milliseconds from the beginning of the visit to what was shown first, and to when it was alive."""
        found: dict[str, Any] = self.page.evaluate(
            """() => ({
                first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
                live: performance.getEntriesByName('flow-live')[0]?.startTime,
            })"""
        )
        return found

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)
