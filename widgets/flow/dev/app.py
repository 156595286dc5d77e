"""The app under its author's hands: it is run, run again after an edit, and shown on the pages that are open.

    files ──▶ Modules ──▶ a session for each page ──▶ the pages take them over, all of them or none

What fails on the way is told, and everything stays as it was before the edit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import click

from flow import entry, ui_thread
from flow.compiler import SplitError, split
from flow.component import ComponentFunction
from flow.dev.failures import Failure, failure_of, failures_of_split, in_short, of_finding, overlay
from flow.dev.keeping import Notes, making_modules, noted
from flow.dev.modules import Modules
from flow.dev.pages import Entry, Page
from flow.dev.target import Shown, Target, TargetError, component_of
from flow.server.session import LiveSession

_WRONG: Final = (Exception, SystemExit)  # an app that ends itself does not end its server; Ctrl+C does


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the app's modules: what they show, and their signals."""

    module: ModuleType
    entry: Entry
    notes: Notes


class DevApp:
    """The app and its pages. ``load`` and ``reload`` are called by one thread at a time."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.modules = Modules(target)
        self.pages: dict[str, Page] = {}
        self.failures: list[Failure] = []
        self.warnings: list[Failure] = []
        self._run: Run | None = None
        self._error: BaseException | None = None  # of what the files hold

    def take_running(self, shown: Shown, module: ModuleType) -> None:
        """Begin with a program that runs already, and serves this."""
        self.modules.take_running()
        notes: Notes = {}
        for each in self.modules.own().values():
            notes |= noted(each)
        self._run = Run(module, shown, notes)
        self._look_at_split()

    def load(self) -> None:
        """Run the app for the first time. Raises ``TargetError`` if it runs, but has not what is to be shown."""
        self._try("The app does not start", self._run_modules, passed_on=TargetError)

    def reload(self) -> None:
        """Run what was edited, if anything was, and show it."""
        edited = self.modules.edited()
        if edited or self._error is not None:
            began = time.perf_counter()
            if self._try("The edit does not run", lambda: self._run_modules(edited)):
                click.secho(f"Reloaded in {1000 * (time.perf_counter() - began):.0f} ms", dim=True)

    async def open_page(self) -> Page:
        """A page that shows the app as it is now, or is empty if the app fails. On the UI thread."""
        page = Page()
        while (run := self._run) is not None:
            try:
                session = await page.prepare(run.entry)
            except _WRONG as error:
                self._fail(error, "The page cannot be shown")
                break
            if run is self._run:
                page.show(session)
                break
            session.close()  # meanwhile there was an edit
        self.pages[page.token] = page
        return page

    def close_page(self, page: Page) -> None:
        """Forget a page. On the UI thread."""
        self.pages.pop(page.token, None)
        page.close()

    def close(self) -> None:
        """End all pages, and what the modules started."""
        for page in [*self.pages.values()]:
            self.close_page(page)
        self.modules.end()

    def overlay(self) -> dict[str, object]:
        """What a page is told of all that is wrong."""
        return overlay(self.failures, self.warnings)

    def _run_modules(self, edited: Collection[str] = ()) -> None:
        before = self._run
        named: list[Shown] = []
        with (
            entry.taking(named.append),
            making_modules(before.notes if before is not None else {}) as notes,
            self.modules.running(edited) as module,
        ):
            if before is not None and module is before.module:
                shown = before.entry
            else:
                shown = component_of(module, self.target, named[-1] if named else None)
            after = Run(module, shown, (before.notes if before is not None else {}) | notes)
            asyncio.run_coroutine_threadsafe(self._renew(after), ui_thread.loop()).result()

    async def _renew(self, run: Run) -> None:
        """Have all pages show the app as this run made it, or none. On the UI thread."""
        made: dict[Page, LiveSession] = {}
        try:
            while coming := [page for page in self.pages.values() if page not in made]:
                for page in coming:
                    made[page] = await page.prepare(run.entry)
        except BaseException:
            for session in made.values():
                session.close()
            raise
        self._run = run
        for page, session in made.items():
            page.show(session)

    # -- What is wrong

    def _try(self, kind: str, act: Callable[[], None], passed_on: type[Exception] | tuple[()] = ()) -> bool:
        try:
            act()
        except passed_on:
            raise
        except _WRONG as error:
            self._fail(error, kind)
            return False
        self._error = None
        self._look_at_split()
        return True

    def _fail(self, error: BaseException, kind: str) -> None:
        self._error = error
        self._tell([failure_of(error, self.target.root, kind)], self.warnings)

    def _look_at_split(self) -> None:
        """Say what ``flow build`` would."""
        root, path = self.target.root, self._file_shown()
        failures: list[Failure] = []
        warnings: list[Failure] = []
        try:
            warnings = [of_finding(each, root) for each in split(path, root=root).warnings]
        except SplitError as error:
            failures = failures_of_split(error, root)
        except Exception as error:  # a source that cannot be read, say
            warnings = [failure_of(error, root, "flow build would fail")]
        self._tell(failures, warnings)

    def _file_shown(self) -> Path:
        """The file of what is shown, which may be another than that of the program."""
        shown = self._run.entry if self._run is not None else None
        function = shown.function if isinstance(shown, ComponentFunction) else getattr(shown, "_function", shown)
        code = getattr(function, "__code__", None)
        path = Path(code.co_filename) if code is not None else self.target.path
        return path if path.is_relative_to(self.target.root) else self.target.path

    def _tell(self, failures: list[Failure], warnings: list[Failure]) -> None:
        known = (*self.failures, *self.warnings)
        for each in failures:
            if each not in known:
                click.secho(f"Error: {in_short(each)}", fg="red", err=True)
        for each in warnings:
            if each not in known:
                click.secho(f"Warning: {in_short(each)}", fg="yellow", err=True)
        self.failures, self.warnings = failures, warnings
        ui_thread.call(self._tell_pages)

    def _tell_pages(self) -> None:
        for page in self.pages.values():
            page.send(self.overlay())
