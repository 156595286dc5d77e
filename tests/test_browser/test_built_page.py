"""Pages that ``flow build`` made, in a real browser: Python runs in it, and nothing but their own server is asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from flow.build import BuildResult
from flow.rpc import RpcRegistry
from support.built_page import Visit, built, served
from support.flow_page import picture

COUNTER = """\
from time import monotonic

from flow import Signal, component
from flow.ui import Button, HStack, Input, Text, VStack

count = Signal(0)
name = Signal("")


def work() -> None:
    until = monotonic() + 2
    while monotonic() < until:
        pass
    count.value = 1000


@component
async def App():
    with VStack() as root:
        with HStack():
            Text(lambda: f"Count: {count.value}")
            Button("Increment", on_click=lambda: count.update(lambda n: n + 1))
            Button("Work", on_click=work)
        Input(name="who", value=name, placeholder="Your name")
        Text(lambda: f"Hello {name.value}!")
    return root
"""

TO_DO = """\
from flow import For, Signal, component
from flow.ui import Button, Form, Input, Li, Text, Ul

tasks = Signal(["Buy tea"])
title = Signal("")


def add() -> None:
    tasks.value = [*tasks.value, title.value]
    title.value = ""


def remove(task: str) -> None:
    tasks.value = [each for each in tasks.value if each != task]


@component
def Task(task: str):
    with Li() as root:
        Input(type="checkbox", value=Signal(False), aria_label=task)
        Text(task)
        Button("Remove", type="button", on_click=lambda: remove(task))
    return root


@component
def App():
    with Form(on_submit=add) as root:
        Input(name="task", value=title)
        Button("Add", type="submit")
        Text(lambda: f"{len(tasks.value)} to do")
        with Ul():
            For(tasks, key=lambda task: task, render=Task)
    return root
"""

FORM = """\
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date, timedelta

from flow import Signal, component, rpc
from flow.rpc import RpcError
from flow.ui import Button, Div, Form, Input, Text

PASSWORD = "hunter2"


@rpc
def order(tea: str, day: date) -> date:
    if tea == "coffee":
        raise RpcError("we have no coffee", "tea")
    with closing(sqlite3.connect(":memory:")) as database:
        (days,) = database.execute("select 2").fetchone()
    return day + timedelta(days=days)


@rpc
async def steps(n: int) -> AsyncIterator[int]:
    for k in range(n):
        yield k


tea = Signal("")
answer = Signal("")


async def send() -> None:
    try:
        comes = await order(tea.value, date(2026, 11, 22))
        answer.value = f"It comes on {comes:%d.%m.}"
    except RpcError as error:
        answer.value = f"Sorry, {error}"


async def count() -> None:
    async for k in steps(4):
        answer.value = f"{answer.peek()} {k}"


def fail() -> None:
    raise ValueError("no such tea")


@component
def App():
    with Div() as root:
        with Form(on_submit=send):
            Input(name="tea", value=tea)
            Button("Order", type="submit")
        Button("Steps", on_click=count)
        Button("Fail", on_click=fail)
        Text(lambda: answer.value, cls="answer")
    return root
"""

TEA_ROOM = """\
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from flow import Show, Signal, Suspense, component, rpc
from flow.ui import Button, Div, Text

NAME = (Path(__file__).parent / "names" / "room.txt").read_text()
ended: list[str] = []


@rpc
async def brew() -> str:
    try:
        await asyncio.sleep(60)
    finally:
        ended.append("brew")
    return "Tea"


@rpc
async def steps() -> AsyncIterator[int]:
    try:
        yield 1
        await asyncio.sleep(60)
    finally:
        ended.append("steps")


step = Signal(0)
is_open = Signal(True)


@component
async def Tea():
    return Text(await brew())


@component
async def Steps():
    async for k in steps():
        step.value = k
    return Text("done")


@component
def App():
    with open("names/room.txt") as file:
        assert file.read() == NAME
    with Div() as root:
        Text(NAME)
        Text(lambda: f"Step {step.value}")
        Button("Leave", on_click=lambda: is_open.set(False))
        Show(is_open, lambda: Suspense(Tea(), fallback=Text("It brews")))
        Show(is_open, lambda: Suspense(Steps(), fallback=Text("It goes on")))
    return root
"""


GRID = """\
from flow import Signal, component
from flow.ui import Text
from sidekick import Column, Grid

clicked = Signal("Paint")


def paint(event):
    grid.set_color(event.x, event.y, "gold")
    clicked.value = f"Column {event.x}, row {event.y}"


grid = Grid(4, 3, on_click=paint)


@component
def App():
    return Column(Text(lambda: clicked.value), grid)
"""

RAW = """\
from flow import Html, Show, Signal, component
from flow.ui import Button, Div, Text

is_open = Signal({is_open})

@component
def App():
    with Div() as root:
        Text("Around it")
        Button("Open", on_click=lambda: setattr(is_open, "value", True))
        Show(is_open, lambda: Html("<b>bold</b><style>body {{ display: none }}</style>"))
    return root
"""


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return built(tmp_path_factory.mktemp("counter"), COUNTER)


@pytest.fixture(autouse=True)
def no_functions_left() -> Iterator[None]:
    yield
    RpcRegistry.clear()


def test_a_built_counter_counts_with_nothing_but_its_server_and_within_its_policy(
    page: Page, counter: BuildResult
) -> None:
    with served(counter) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        page.get_by_role("button", name="Increment").click(click_count=2)
        expect(page.get_by_text("Count: 2")).to_be_visible()
        assert visit.wrong == []
        assert visit.hosts == {urlsplit(url).netloc}
        print("milliseconds:", visit.times(), "bytes:", counter.sizes)


def test_a_page_goes_on_while_its_python_computes(page: Page, counter: BuildResult) -> None:
    with served(counter) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        page.get_by_role("button", name="Work").click()
        page.get_by_role("textbox").fill("Ada", timeout=1500)
        assert page.evaluate("new Promise(done => requestAnimationFrame(() => done(true)))")
        assert page.get_by_text("Count: 0").is_visible()
        expect(page.get_by_text("Count: 1000")).to_be_visible()
        expect(page.get_by_text("Hello Ada!")).to_be_visible()


def test_what_a_page_shows_first_stays_where_it_is_and_keeps_what_is_typed(page: Page, counter: BuildResult) -> None:
    with served(counter) as url:
        visit = Visit(page, url)
        held: list[Route] = []
        page.route("**/worker-*.js", lambda route: held.append(route))
        visit.go()
        expect(page.get_by_text("Count: 0")).to_be_visible()
        expect(page.get_by_role("progressbar", name="Loading")).to_be_attached()
        picture(page, "built-page-first")
        before = _places(page)
        page.get_by_role("textbox").press_sequentially("Ada")
        _note_each_frame(page, "#flow-root")
        for each in held:
            each.continue_()
        visit.wait_until_live()
        expect(page.get_by_text("Hello Ada!")).to_be_visible()
        assert _places(page, "Hello Ada!") == [*before[:-1], {**before[-1], "width": _places(page)[-1]["width"]}]
        assert all("Count: 0" in text for text in page.evaluate("window.seen"))
        textbox = page.get_by_role("textbox")
        expect(textbox).to_have_value("Ada")
        expect(textbox).to_be_focused()
        page.keyboard.type(" L.")
        expect(page.get_by_text("Hello Ada L.!")).to_be_visible()


def test_a_built_page_needs_no_server_of_ours_and_from_its_second_visit_on_none_at_all(
    page: Page, counter: BuildResult
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=counter.output_dir)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        visit = Visit(page, f"http://127.0.0.1:{server.server_port}/")
        visit.go()
        visit.wait_until_live()
        page.get_by_role("button", name="Increment").click()
        expect(page.get_by_text("Count: 1")).to_be_visible()
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.goto("about:blank")
        server.shutdown()
        thread.join()
    visit.go()
    visit.wait_until_live()
    page.get_by_role("button", name="Increment").click()
    expect(page.get_by_text("Count: 1")).to_be_visible()
    assert visit.wrong == []
    print("milliseconds:", visit.times())


def test_what_sanitises_comes_when_raw_html_is_first_shown_with_a_network_or_without(
    page: Page, tmp_path: Path
) -> None:
    opener, shown = page.get_by_role("button", name="Open"), page.locator(".flow-html b")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def asks() -> bool:
        return any("/sanitizer-" in each for each in asked)

    with served(built(tmp_path, RAW.format(is_open=False))) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        assert not asks()
        opener.click()
        expect(shown).to_have_text("bold")
        assert asks()
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    visit.go()
    visit.wait_until_live()
    opener.click()
    expect(shown).to_have_text("bold")
    expect(shown).to_be_visible()
    assert visit.wrong == []


def test_raw_html_that_a_page_shows_first_stays_when_it_comes_alive(page: Page, tmp_path: Path) -> None:
    with served(built(tmp_path, RAW.format(is_open=True))) as url:
        visit = Visit(page, url)
        held: list[Route] = []
        page.route("**/worker-*.js", lambda route: held.append(route))
        visit.go()
        expect(page.locator(".flow-html b")).to_have_text("bold")
        _note_each_frame(page, ".flow-html")
        for each in held:
            each.continue_()
        visit.wait_until_live()
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert set(page.evaluate("window.seen")) == {"bold"}
        assert visit.wrong == []


def test_a_page_whose_sanitiser_is_gone_shows_no_raw_html_and_lives(page: Page, tmp_path: Path) -> None:
    with served(built(tmp_path, RAW.format(is_open=True))) as url:
        visit = Visit(page, url)
        page.route("**/sanitizer-*.js", lambda route: route.abort())
        visit.go()
        visit.wait_until_live()
        expect(page.locator(".flow-html")).to_contain_text("This page cannot show it")
        expect(page.get_by_text("Around it")).to_be_visible()
        assert any("what makes it harmless could not be loaded" in each for each in visit.wrong)


def test_what_is_clicked_before_a_page_is_live_is_done_then(page: Page, counter: BuildResult) -> None:
    with served(counter) as url:
        visit = Visit(page, url)
        held: list[Route] = []
        page.route("**/worker-*.js", lambda route: held.append(route))
        visit.go()
        button = page.get_by_role("button", name="Increment")
        button.click(click_count=2)
        expect(button).to_have_attribute("aria-busy", "true")
        picture(page, "built-page-clicked-early")
        for each in held:
            each.continue_()
        visit.wait_until_live()
        expect(page.get_by_text("Count: 2")).to_be_visible()
        expect(button).not_to_have_attribute("aria-busy", "true")
        assert visit.wrong == []


def test_a_built_list_takes_in_and_lets_go(page: Page, tmp_path: Path) -> None:
    with served(built(tmp_path, TO_DO)) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        page.get_by_role("textbox").fill("Write a book")
        page.get_by_role("textbox").press("Enter")
        expect(page.get_by_text("2 to do")).to_be_visible()
        expect(page.get_by_role("textbox")).to_have_value("")
        page.get_by_role("checkbox", name="Write a book").check()
        page.get_by_role("button", name="Remove").first.click()
        expect(page.get_by_role("listitem")).to_have_count(1)
        expect(page.get_by_role("checkbox", name="Write a book")).to_be_checked()
        picture(page, "built-page-list")
        assert visit.wrong == []


def test_a_built_form_calls_its_server(page: Page, tmp_path: Path) -> None:
    with served(built(tmp_path, FORM)) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        status = page.locator(".answer")
        page.get_by_role("textbox").fill("Assam")
        page.get_by_role("button", name="Order").click()
        expect(status).to_have_text("It comes on 24.11.")
        page.get_by_role("textbox").fill("coffee")
        page.get_by_role("button", name="Order").click()
        expect(status).to_have_text("Sorry, we have no coffee")
        page.get_by_role("button", name="Steps").click()
        expect(status).to_have_text("Sorry, we have no coffee 0 1 2 3")
        assert "hunter2" not in page.content()
        page.get_by_role("button", name="Fail").click()
        failure = page.get_by_text("ValueError: no such tea").first
        expect(failure).to_be_visible()
        failure.click()
        expect(page.get_by_text(f"line {FORM.splitlines().index('def fail() -> None:') + 2}, in fail")).to_be_attached()
        picture(page, "built-page-form")


def test_a_page_has_its_files_and_ends_calls_that_nobody_waits_for(page: Page, tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "room.txt").write_text("Tea room", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.flow]\nfiles = ['names/*']\n", "utf-8")
    with served(built(tmp_path, TEA_ROOM)) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        expect(page.get_by_text("Tea room")).to_be_visible()
        expect(page.get_by_text("Step 1")).to_be_visible()
        expect(page.get_by_text("It brews")).to_be_visible()
        ended: list[str] = RpcRegistry.get("app.brew").function.__globals__["ended"]
        assert ended == []
        page.get_by_role("button", name="Leave").click()
        expect(page.get_by_text("It brews")).to_have_count(0)
        until = time.monotonic() + 10
        while len(ended) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert sorted(ended) == ["brew", "steps"]
        assert visit.wrong == []


def test_a_grid_of_sidekick_in_a_built_page_is_clicked_and_painted(page: Page, tmp_path: Path) -> None:
    with served(built(tmp_path, GRID)) as url:
        visit = Visit(page, url)
        visit.go()
        visit.wait_until_live()
        grid = page.get_by_role("grid")
        before = grid.locator("img").get_attribute("src")
        assert before
        box = grid.bounding_box()
        assert box
        grid.click(position={"x": box["width"] * 1.5 / 4, "y": box["height"] * 2.5 / 3})
        expect(page.get_by_text("Column 1, row 2")).to_be_visible()
        expect(grid.locator("img")).not_to_have_attribute("src", before)
        picture(page, "built-page-grid")
        assert visit.wrong == []


def test_a_page_whose_app_fails_says_so_at_the_authors_line(page: Page, tmp_path: Path) -> None:
    source = COUNTER.replace("    with VStack() as root:", "    1 / 0\n    with VStack() as root:")
    result = built(tmp_path, source)
    assert "ZeroDivisionError" in " ".join(result.warnings)
    with served(result) as url:
        page.goto(url)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("ZeroDivisionError: division by zero", timeout=60_000)
        expect(alert).to_contain_text(f'app.py", line {source.splitlines().index("    1 / 0") + 1}, in App')
        expect(alert).not_to_contain_text("flow/wasm")


def _note_each_frame(page: Page, selector: str) -> None:
    """Have the text of an element in each frame noted in ``window.seen``."""
    page.evaluate(
        """selector => {
            window.seen = [];
            const look = () => {
                window.seen.push(document.querySelector(selector)?.innerText);
                requestAnimationFrame(look);
            };
            look();
        }""",
        selector,
    )


def _places(page: Page, text: str = "Hello") -> list[dict[str, float]]:
    """Where the parts of the counter stand."""
    parts = (
        page.get_by_text("Count:"),
        page.get_by_role("button", name="Increment"),
        page.get_by_role("textbox"),
        page.get_by_text(text),
    )
    found = [each.bounding_box() for each in parts]
    return [{**each} for each in found if each is not None]
