"""`rdit script.py --page` in a real browser: the script, what its statements did, and the file that it follows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from support.jupyter_server import Server, serving

NAME = "erste Übung & mehr.py"
SCRIPT = """\
words = ["one", "two"]

for word in words:
    print("step", word, flush=True)
    while word == "two" and not __import__("os").path.exists("go"): __import__("time").sleep(0.01)
first = 1; first + 1
from IPython.display import Image, display
display(Image(bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)))
1 / 0
print("never")
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def server(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    (files / NAME).write_text(SCRIPT, "utf-8")
    command = [str(Path(sys.executable).with_name("rdit")), NAME, "--page", "--no-browser", "--"]
    with serving(tmp_path_factory.mktemp("home"), command, files=files) as server:
        yield server


@pytest.fixture
def opened(server: Server, files: Path, page: Page) -> Iterator[Page]:
    """The page, of which nothing may go wrong or have to be refused by its policy."""
    (files / NAME).write_text(SCRIPT, "utf-8")
    (files / "go").unlink(missing_ok=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/rdit/view/{quote(NAME)}?token={server.token}")
    expect(page.get_by_role("status")).to_have_text("Ready")
    yield page
    server.get("/rdit/api/reset", {"session": NAME})
    assert complaints == []


def beside(page: Page, line: int) -> Locator:
    """What stands beside a line."""
    return page.locator(".segment", has=page.locator(f'.line[data-number="{line}"]')).locator(".result")


def test_what_each_statement_did_stands_beside_its_lines_while_the_script_runs(opened: Page, files: Path) -> None:
    opened.keyboard.press("Control+Enter")
    expect(beside(opened, 1)).to_contain_text("✓")
    expect(beside(opened, 5)).to_have_text("runningstep one\nstep two\n")
    expect(opened.get_by_role("status")).to_have_text("Running line 3")
    (files / "go").touch()
    expect(opened.get_by_role("status")).to_have_text("Line 12: ZeroDivisionError: division by zero")
    expect(opened.get_by_label("Lines 3 to 5")).to_have_text("step one\nstep two\n")
    # Two statements on a line stand beside it together.
    expect(opened.get_by_label("Line 6")).to_have_text("2\n")
    picture = opened.get_by_label("Lines 8 to 11").get_by_role("img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    expect(beside(opened, 12)).to_contain_text("ZeroDivisionError: division by zero")
    expect(opened.locator("[data-state=failed] .line")).to_have_text("1 / 0")
    expect(beside(opened, 13)).to_be_empty()
    assert opened.url.endswith(quote(NAME))  # the token is gone


def test_stop_interrupts_and_reset_forgets(opened: Page) -> None:
    opened.get_by_role("button", name="Run").click()
    expect(opened.get_by_role("status")).to_have_text("Running line 3")
    expect(opened.get_by_role("button", name="Stop")).to_be_focused()
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("status")).to_contain_text("Line 3: KeyboardInterrupt")
    opened.get_by_role("button", name="Reset").click()
    expect(opened.get_by_role("status")).to_contain_text("Reset")
    expect(opened.locator("main .output:not(:empty)")).to_have_count(0)


def test_the_page_follows_the_file_and_runs_it_where_that_is_wanted(opened: Page, files: Path) -> None:
    (files / NAME).write_text("x = 6\nx * 7\n'old'\n", "utf-8")
    expect(opened.get_by_role("status")).to_have_text("Changed on disk")
    opened.get_by_role("button", name="Run").click()
    expect(beside(opened, 3)).to_contain_text("'old'")
    (files / NAME).write_text("x = 6\nx * 7\n\n'new'\n", "utf-8")
    expect(opened.locator(".line")).to_have_count(4)
    # What is above the change stays.
    expect(beside(opened, 2)).to_contain_text("42")
    expect(opened.get_by_text("'old'")).to_have_count(0)
    opened.get_by_label("Run when saved").check()
    (files / NAME).write_text("x = 7\n\n\nx * 7", "utf-8")
    expect(beside(opened, 4)).to_contain_text("49")
    expect(opened.get_by_role("status")).to_have_text("Done: 2 statements")
    (files / NAME).write_text("for n in range(3): print(end=f'\\r{n} of 3', flush=True)\n", "utf-8")
    expect(opened.get_by_label("Line 1", exact=True)).to_have_text("2 of 3")
    (files / NAME).write_text("while True: pass\n", "utf-8")
    expect(opened.get_by_role("status")).to_have_text("Running line 1")
    (files / NAME).write_text("'after'\n", "utf-8")
    expect(beside(opened, 1)).to_contain_text("'after'")
