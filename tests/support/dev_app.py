"""An app that is being written, without a server: its files, and pages of it that keep what they were told."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flow import ui_thread
from flow.dev.app import DevApp
from flow.dev.keeping import watch
from flow.dev.pages import Page
from flow.dev.target import parse
from flow.dev.wire import unpacked
from flow.element import Element


class Writing:
    """An app and what its author does."""

    def __init__(self, folder: Path, target: str = "app.py") -> None:
        self.folder = folder
        self.app = DevApp(parse(target, folder))

    def write(self, source: str, name: str = "app.py") -> None:
        (self.folder / name).write_text(source, "utf-8")

    def edit(self, source: str, name: str = "app.py") -> None:
        """Save a file, and have the app take it in."""
        self.write(source, name)
        self.app.reload()
        ui_thread.wait(lambda: None, 10)

    def open(self) -> Visitor:
        return Visitor(asyncio.run_coroutine_threadsafe(self.app.open_page(), ui_thread.loop()).result(10))


class Visitor:
    """Somebody at a page."""

    _serials = itertools.count(1)

    def __init__(self, page: Page) -> None:
        self.page = page
        self.told: list[dict[str, Any]] = []
        page.connect(lambda frame: self.told.append(unpacked(frame)[0]))
        self.say(kind="ready", revision=-1)

    @property
    def html(self) -> str:
        assert self.page.session is not None
        ui_thread.wait(self.page.session.catch_up, 10)
        return self.page.session.html()

    def find(self, label: str) -> Element:
        """The element with this text in it, or this name."""
        assert self.page.session is not None
        ui_thread.wait(self.page.session.catch_up, 10)
        return next(
            each
            for each in self.page.session.root.walk()
            if each.props.get("name") == label or [repr(child) for child in each.children] == [f"TextNode({label!r})"]
        )

    def click(self, label: str) -> None:
        self.event(self.find(label).element_id, "click")

    def type(self, name: str, text: str) -> None:
        self.event(self.find(name).element_id, "input", value=text)

    def event(self, element_id: int, kind: str, **data: Any) -> None:
        self.say(
            kind="event", serial=next(self._serials), event={"type": kind, "target_id": f"flow-{element_id}", **data}
        )

    def say(self, **message: Any) -> None:
        self.page.receive({"page": "visitor", **message}, [])
        ui_thread.wait(lambda: None, 10)


@contextmanager
def writing(folder: Path, source: str, target: str = "app.py", **files: str) -> Iterator[Writing]:
    """An app that was run once."""
    (folder / "app.py").write_text(source, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    before = [*sys.path]
    made = Writing(folder, target)
    with made.app.modules.installed(), watch():
        try:
            made.app.load()
            yield made
        finally:
            for page in [*made.app.pages.values()]:
                ui_thread.wait(partial(made.app.close_page, page), 10)
            for name in made.app.modules.own():
                del sys.modules[name]
            sys.path[:] = before
