"""The seven programs that the original came with, unmodified, in a real JupyterLab: used, stopped, and run again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from support.examples import ENDLESS, SHOWS, source
from support.flow_page import BOTH_KERNELS, picture, root_of
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook


def drawn(root: Locator) -> str:
    return str(root.locator("canvas").evaluate("canvas => canvas.toDataURL()"))


def changes(look: Callable[[], object]) -> bool:
    """Whether something looks otherwise in a while."""
    before = look()
    return any(look() != before for _ in range(200))


def ball(root: Locator) -> None:
    root.locator("canvas").wait_for()
    assert changes(lambda: drawn(root))


def layout(root: Locator) -> None:
    log, grid, canvas = root.get_by_role("log"), root.get_by_role("grid"), root.locator("canvas")
    expect(grid.get_by_text("4,4", exact=True)).to_be_visible()
    blank = "canvas => { const it = document.createElement('canvas'); it.width = canvas.width; "
    blank += "it.height = canvas.height; return it.toDataURL(); }"
    for _ in range(100):
        if drawn(root) != canvas.evaluate(blank):
            break
        root.page.wait_for_timeout(50)
    assert drawn(root) != canvas.evaluate(blank)  # what was drawn before it was placed
    root.get_by_placeholder("Your name").fill("Ada")
    root.get_by_role("button", name="Say hello").click()
    expect(log).to_have_text("Hello, Ada!\nHello!\n")
    before = drawn(root)
    canvas.click(position={"x": 50, "y": 40})
    expect(log).to_contain_text("Canvas: (")
    for _ in range(100):
        if drawn(root) != before:
            break
        root.page.wait_for_timeout(50)
    assert drawn(root) != before
    grid.click(position={"x": 5, "y": 5})
    expect(log).to_contain_text("Grid: (0, 0)")
    root.get_by_role("button", name="Clear").click()
    expect(log).to_have_text("")


def echo(root: Locator) -> None:
    root.get_by_role("textbox", name="Input").fill("hello?")
    root.get_by_role("textbox", name="Input").press("Enter")
    expect(root.get_by_role("log")).to_have_text("Type something.\nI shall repeat it.\nYou said: hello?\n")


def life(root: Locator) -> None:
    image = root.get_by_role("grid").locator("img")

    def click(button: str) -> None:
        before = image.get_attribute("src") or ""
        root.locator("[data-component]").get_by_role("button", name=button, exact=True).click()
        if button != "Stop":
            expect(image).not_to_have_attribute("src", before)

    for button in ("Random", "Start", "Stop"):
        click(button)
    expect(root.get_by_role("button", name="Start")).to_be_visible()
    root.page.wait_for_timeout(300)
    before = image.get_attribute("src")
    root.page.wait_for_timeout(500)
    assert image.get_attribute("src") == before
    click("Step")


def hanoi(root: Locator) -> None:
    log, field = root.get_by_role("log"), root.get_by_role("textbox").first
    root.get_by_role("button", name="Start").click()
    expect(log).to_contain_text("7: from 1 to 3\nDone\n")
    field.fill("two")
    field.press("Enter")
    expect(log).to_contain_text("'two' is no number")
    field.fill("2")
    field.press("Enter")
    root.get_by_role("button", name="Start").click()
    expect(log).to_contain_text("3: from 2 to 3\nDone\n")
    expect(root.get_by_role("grid")).to_have_count(1)


def clock(root: Locator) -> None:
    now = root.get_by_text(re.compile(r"\d\d:\d\d:\d\d")).first
    now.wait_for()
    before = now.inner_text()
    expect(now).not_to_have_text(before)


USES = {
    "bouncing_ball": ball,
    "comprehensive_layout": layout,
    "console_echo": echo,
    "game_of_life": life,
    "tower_of_hanoi": hanoi,
    "viz_clock": clock,
    "viz_clock_async": clock,
}
CASES = [("rdit", name) for name in SHOWS] + [("python3", "game_of_life"), ("python3", "tower_of_hanoi")]


@pytest.mark.parametrize(("kernel", "name"), CASES)
def test_a_program_is_used_and_stopped_and_used_again_in_the_same_kernel(
    lab: Lab, page: Page, kernel: str, name: str
) -> None:
    assert kernel in BOTH_KERNELS
    notebook = open_notebook(lab, page, [source(name)], kernel)
    for turn in range(2):
        notebook.run()
        root = root_of(notebook)
        expect(notebook.cell().locator(".jp-InputPrompt")).to_have_text("[*]:")
        USES[name](root)
        root.scroll_into_view_if_needed()
        if turn == 0:
            picture(page, f"example_{name}")
        _end(notebook, root, name)


def _end(notebook: NotebookPage, root: Locator, name: str) -> None:
    """By the panel's Stop button, or with an interrupt where nothing else ends it."""
    if name == ENDLESS:
        notebook.do("notebook:interrupt-kernel")
        expect(notebook.cell()).to_contain_text("KeyboardInterrupt")
    else:
        root.get_by_role("button", name="■ Stop").click()
        expect(root.get_by_text("Stopped")).to_be_visible()
    notebook.wait_until_done()
