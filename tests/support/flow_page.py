"""flow in a page, as a test sees it: where a tree is shown, its DOM nodes, and what goes over the wire meanwhile."""

from __future__ import annotations

import json
import re
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, WebSocket, expect

from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook

BOTH_KERNELS = ("rdit", "python3")

COUNTER = """\
from flow import Signal, component
from flow.ui import Button, Div, Text

count = Signal(0)

@component
async def Counter():
    with Div(cls="counter") as root:
        Text(lambda: f"Count: {count.value}")
        Button("Increment", on_click=lambda: count.update(lambda n: n + 1))
    return root

Counter()"""

GROWS = """\
from flow import Html, Show, Signal, component
from flow.ui import Button, Div, Input, Text

is_open = Signal(False)
HARMFUL = "<b>bold</b><img src='x:' onerror='window.harmed = 1'><script>window.harmed = 2</script>"

@component
def Grows():
    with Div(cls="grows") as root:
        Text("Nothing raw yet")
        Input(placeholder="Yours")
        Button("Open", on_click=lambda: setattr(is_open, "value", True))
        Show(is_open, lambda: Html(HARMFUL))
    return root

Grows()"""
"""It shows raw HTML not before its button is clicked."""


def show(lab: Lab, page: Page, *cells: str, kernel: str = "rdit") -> NotebookPage:
    """Open a notebook of these cells and run all of them, one after the other."""
    notebook = open_notebook(lab, page, cells, kernel)
    for index in range(len(cells)):
        run(notebook, index)
    return notebook


def run(notebook: NotebookPage, index: int = 0) -> None:
    """Run a cell to its end."""
    notebook.run(index)
    notebook.wait_until_done(index)


def root_of(notebook: NotebookPage, index: int = 0) -> Locator:
    """Where the tree is shown that a cell ended in, once it is there."""
    root = notebook.cell(index).locator(".flow-root").first
    expect(root).to_be_visible(timeout=30_000)
    return root


def opens_harmless(page: Page, root: Locator) -> None:
    """Open what ``GROWS`` has; it is shown without what could do harm, and nothing of the page goes."""
    root.get_by_placeholder("Yours").fill("typed")
    root.get_by_role("button", name="Open").click()
    is_harmless(page, root)
    expect(root.get_by_placeholder("Yours")).to_have_value("typed")


def is_harmless(page: Page, root: Locator) -> None:
    """What ``GROWS`` has opened is shown without what could do harm."""
    expect(root.locator(".flow-html b")).to_have_text("bold")
    expect(root.locator("script, [onerror]")).to_have_count(0)
    assert page.evaluate("window.harmed") is None


def modules_of(page: Page) -> int:
    """How many modules of flow's came to a page as texts."""
    return int(page.evaluate("globalThis.sideflowModules.size"))


def save(notebook: NotebookPage) -> None:
    """Save the notebook, and wait until it is."""
    notebook.page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")


def picture(page: Page, name: str) -> None:
    """Keep how a page looks, beside the pictures of how each test ended."""
    page.screenshot(path=Path(__file__).parents[2] / "build" / "screenshots" / f"{name}.png")


def mark(element: Locator) -> None:
    """Put something on a DOM node that no patch knows of: a node made anew would not have it."""
    element.evaluate("element => { element.isTheSame = true; }")


def is_marked(element: Locator) -> bool:
    return bool(element.evaluate("element => element.isTheSame === true"))


# What a test reads of the state of all controls, however they hold it.
CONTROLS = """root => Object.fromEntries([...root.querySelectorAll('[name]')].map(each => [each.name,
    each.type === 'checkbox' || each.type === 'radio' ? (each.checked ? each.value : null)
    : each.multiple && each.options ? [...each.selectedOptions].map(option => option.value) : each.value]))"""


@dataclass
class Wire:
    """The messages that a page got from kernels, as they are on the websocket. Listens from its creation on."""

    page: Page
    messages: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("websocket", self._follow)

    def of_comms(self) -> list[dict[str, Any]]:
        return [each for each in self.messages if each["header"]["msg_type"].startswith("comm_")]

    def most_in_a_second(self) -> int:
        """The most comm messages whose times, as the kernel has set them, lie within one second."""
        times = sorted(datetime.fromisoformat(each["header"]["date"]).timestamp() for each in self.of_comms())
        start, most = 0, 0
        for end, time in enumerate(times):
            while time - times[start] > 1:
                start += 1
            most = max(most, end - start + 1)
        return most

    def kinds(self) -> Counter[str]:
        """How many of each kind: a message type, or of flow's own messages their kind."""
        return Counter(
            str(each["content"].get("data", {}).get("content", {}).get("kind") or each["header"]["msg_type"])
            for each in self.messages
        )

    def _follow(self, socket: WebSocket) -> None:
        if re.search(r"/api/kernels/.*/channels", socket.url):
            socket.on("framereceived", self._take)

    def _take(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            return
        parts = _parts(frame)
        header, content = json.loads(parts[1]), json.loads(parts[4])
        self.messages.append({"channel": parts[0].decode(), "header": header, "content": content, "size": len(frame)})


def _parts(frame: bytes) -> Sequence[bytes]:
    """The parts of a message in the protocol v1.kernel.websocket.jupyter.org: channel, header, parent, metadata …"""
    (count,) = struct.unpack_from("<Q", frame)
    ends = struct.unpack_from(f"<{count}Q", frame, 8)
    return [frame[start:end] for start, end in pairwise(ends)]
