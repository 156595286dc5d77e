"""``flow dev`` as its author meets it: a page in a browser that follows the files, and a server that goes and comes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from support.built_page import Visit
from support.flow_page import picture

APP = """\
from flow import Signal, component, rpc, run
from flow.ui import Button, Card, HStack, Input, Text, VStack

count = Signal(0)
name = Signal("")
answer = Signal("")


@rpc
def greet(name: str) -> str:
    return f"Hello {name}, from {__name__}"


async def ask():
    answer.value = await greet(name.value)


@component
def Step(label: str):
    size = Signal(1)
    with HStack() as root:
        Button(label, on_click=lambda: count.update(lambda n: n + size.value))
        Button("Larger", on_click=lambda: size.update(lambda n: n * 10), aria_label=f"Larger {label}")
        Text(lambda: f"by {size.value}")
    return root


@component
def App():
    with VStack() as root:
        Text(lambda: f"Count: {count.value}")
        Step("Add")
        with Card(title="Greeting"):
            Input(name="who", value=name, placeholder="Your name")
            Button("Greet", on_click=ask)
            Text(answer)
        Input(name="free", placeholder="Bound to nothing")
    return root


if __name__ == "__main__":
    run(App)
"""

RAW = """\
from flow import Html, component
from flow.ui import Div, Text

@component
def App():
    with Div() as root:
        Text("First")
        Html("<b>bold</b><style>body { display: none }</style>")
    return root
"""
SEEN = """() => {
    window.seen = new Set();
    const look = () => {
        if (document.body) window.seen.add(document.querySelector('.flow-html b')?.innerText);
        requestAnimationFrame(look);
    };
    look();
}"""


class Served:
    """An app that a process of its own serves."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.file = folder / "app.py"
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "FLOW_OPEN": "0"}
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", first)
        assert found, first + self.process.stdout.read()
        self.url = found[0]

    def edit(self, source: str) -> None:
        self.file.write_text(source, "utf-8")

    def interrupt(self) -> tuple[int, str]:
        """Ctrl+C: the exit code, and what it said."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=20)
        return self.process.returncode, said


@contextmanager
def serving(folder: Path, *command: str) -> Iterator[Served]:
    served = Served(folder, *command)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.process.kill()
        served.process.communicate()


def test_a_page_follows_each_edit_and_keeps_what_was_done_on_it(page: Page, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    with serving(tmp_path, "-m", "flow.cli", "dev", "app:App", "--no-open", "--port", "0") as app:
        visit = Visit(page, app.url)
        visit.go()
        visit.wait_until_live()
        page.get_by_role("button", name="Larger Add").click()
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_placeholder("Your name").fill("Ada")
        page.get_by_role("button", name="Greet").click()
        expect(page.get_by_text("Hello Ada, from app")).to_be_visible()
        page.get_by_placeholder("Bound to nothing").press_sequentially("typed")
        picture(page, "dev-page")

        app.edit(APP.replace("Count:", "Number:"))
        expect(page.get_by_text("Number: 20")).to_be_visible()
        expect(page.get_by_text("by 10")).to_be_visible()
        expect(page.get_by_placeholder("Your name")).to_have_value("Ada")
        expect(page.get_by_placeholder("Bound to nothing")).to_be_focused()
        page.keyboard.type(" on")
        expect(page.get_by_placeholder("Bound to nothing")).to_have_value("typed on")

        app.edit(APP.replace("def App():", "def App(:"))
        overlay = page.get_by_role("alert").filter(has_text="SyntaxError")
        expect(overlay).to_contain_text(f"app.py:{APP.splitlines().index('def App():') + 1}")
        expect(overlay.locator("li[data-here]")).to_have_text("def App(:")
        picture(page, "dev-syntax-error")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("Number: 30")).to_be_visible()

        app.edit(APP.replace("    with VStack() as root:", "    rows = {}['rows']\n    with VStack() as root:"))
        expect(page.get_by_role("alert").filter(has_text="KeyError: 'rows'")).to_be_visible()
        page.emulate_media(color_scheme="dark")
        picture(page, "dev-key-error-dark")

        app.edit(APP)
        expect(page.get_by_text("Count: 30")).to_be_visible()
        expect(page.locator(".flow-dev-errors")).to_be_hidden()
        picture(page, "dev-page-dark")
        assert visit.wrong == []
        assert visit.hosts == {urlsplit(app.url).netloc}
        code, said = app.interrupt()
        assert code == 0
        assert "Traceback" not in said
        assert re.findall(r"Error: .*", said) == [
            "Error: app.py:29: SyntaxError: invalid syntax",
            "Error: app.py:30: KeyError: 'rows'",
        ]


def test_raw_html_stays_where_it_is_when_a_page_comes_alive_and_when_another_session_begins(
    page: Page, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(RAW)
    with serving(tmp_path, "-m", "flow.cli", "dev", "app:App", "--no-open", "--port", "0") as app:
        visit = Visit(page, app.url)
        page.add_init_script(f"addEventListener('DOMContentLoaded', {SEEN})")
        visit.go()
        visit.wait_until_live()
        app.edit(RAW.replace("First", "Second"))
        expect(page.get_by_text("Second")).to_be_visible()
        app.interrupt()
        port = str(urlsplit(app.url).port)
        (tmp_path / "app.py").write_text(RAW.replace("First", "Third").replace("bold", "bolder", 1))
        with serving(tmp_path, "-m", "flow.cli", "dev", "app:App", "--no-open", "--port", port):
            expect(page.get_by_text("Third")).to_be_visible()
            expect(page.locator(".flow-html b")).to_have_text("bolder")
            expect(page.locator(".flow-html b")).to_be_visible()
            assert set(page.evaluate("[...window.seen]")) == {"bold", "bolder"}


def test_a_program_serves_itself_and_its_page_waits_for_it_to_come_back(page: Page, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    with serving(tmp_path, "app.py") as app:
        visit = Visit(page, app.url)
        visit.go()
        visit.wait_until_live()
        page.get_by_role("button", name="Add", exact=True).click()
        app.edit(APP.replace("Count:", "Number:"))
        expect(page.get_by_text("Number: 1")).to_be_visible()
        assert app.interrupt()[0] == 0
        expect(page.get_by_role("status").filter(has_text="Connection lost")).to_be_visible()
        picture(page, "dev-connection-lost")
        page.get_by_placeholder("Bound to nothing").press_sequentially("meanwhile")
        port = str(urlsplit(app.url).port)
        with serving(tmp_path, "-m", "flow.cli", "dev", "app.py", "--no-open", "--port", port) as again:
            assert again.url == app.url
            expect(page.get_by_text("Number: 0")).to_be_visible()
            expect(page.get_by_role("status").filter(has_text="Connection lost")).to_be_hidden()
            expect(page.get_by_placeholder("Bound to nothing")).to_have_value("meanwhile")
            expect(page.get_by_placeholder("Bound to nothing")).to_be_focused()
            page.get_by_placeholder("Your name").fill("Ada")
            page.get_by_role("button", name="Greet").click()
            expect(page.get_by_text("Hello Ada, from app")).to_be_visible()
            again.edit(APP)
            expect(page.get_by_text("Count: 0")).to_be_visible()
