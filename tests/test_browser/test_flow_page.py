"""flow in a real JupyterLab: what a component shows, follows and survives."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from support.flow_page import BOTH_KERNELS, COUNTER, Wire, picture, root_of, run, show
from support.lab import Lab
from support.notebook_page import open_notebook, waits_for

FAILING = """\
from flow import Signal
from flow.ui import Button, Div, Text

n, divisor = Signal(0), Signal(1)

def divide():
    return 1 / 0  # the line of the user's

with Div() as root:
    Button("Divide", on_click=divide)
    Button("Add", on_click=lambda: n.update(lambda k: k + 1))
    Button("Zero", on_click=lambda: setattr(divisor, "value", 0))
    Text(lambda: f"n is {n.value}")
    Text(lambda: f"one part is {1 / divisor.value}")
root"""

PROGRESS = """\
import asyncio
from flow import Signal
from flow.ui import Button, Progress, Text, VStack

done, word = Signal(0), Signal("ready")

async def work():
    word.value = "working"
    for step in range(1, 6):
        while step > done_by_test.value:
            await asyncio.sleep(0.01)
        done.value = step
    word.value = "finished"

done_by_test = Signal(0)
with VStack() as root:
    Button("Start", on_click=work)
    Button("Go on", on_click=lambda: done_by_test.update(lambda k: k + 1))
    Progress(value=done, max=5)
    Text(word)
root"""

FLOOD = """\
import time
from flow import Signal
from flow.ui import Button, Div, Text

n, clicks = Signal(-1), Signal(0)
with Div() as root:
    Text(lambda: f"n = {n.value}")
    Button("Click", on_click=lambda: clicks.update(lambda k: k + 1))
    Text(lambda: f"clicks = {clicks.value}")
root"""


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
@pytest.mark.parametrize("how", ["async def", "def"])
def test_a_counter_counts(lab: Lab, page: Page, kernel: str, how: str) -> None:
    notebook = show(lab, page, COUNTER.replace("async def", how), kernel=kernel)
    root = root_of(notebook)
    expect(root.locator(".counter > span")).to_have_text("Count: 0")
    button = root.get_by_role("button", name="Increment")
    button.click()
    expect(root.locator(".counter > span")).to_have_text("Count: 1")
    for _ in range(20):
        button.click()
    expect(root.locator(".counter > span")).to_have_text("Count: 21")
    expect(notebook.outputs()).to_have_count(1)


def test_another_cell_changes_what_is_shown_and_shows_nothing_itself(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, COUNTER, "count.value = 41")
    expect(root_of(notebook).locator(".counter")).to_contain_text("Count: 41")
    expect(notebook.outputs(1)).to_have_count(0)


def test_an_error_of_a_component_fails_its_cell(lab: Lab, page: Page) -> None:
    source = COUNTER.replace("    return root", '    raise ValueError("no counter today")')
    notebook = show(lab, page, source)
    expect(notebook.outputs()).to_have_count(1)
    expect(notebook.outputs()).to_contain_text("ValueError: no counter today")
    expect(notebook.outputs()).not_to_contain_text("widgets/flow")
    expect(notebook.cell().locator(".flow-root")).to_have_count(0)


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_an_async_handler_moves_a_progress_bar_while_it_runs(lab: Lab, page: Page, kernel: str) -> None:
    root = root_of(show(lab, page, PROGRESS, kernel=kernel))
    bar = root.get_by_role("progressbar")
    root.get_by_role("button", name="Start").click()
    expect(root.get_by_text("working")).to_be_visible()
    for step in range(1, 6):
        root.get_by_role("button", name="Go on").click()
        expect(bar).to_have_js_property("value", step)
    expect(root.get_by_text("finished")).to_be_visible()


def test_a_progress_bar_in_a_stack_is_seen(lab: Lab, page: Page) -> None:
    bar = root_of(show(lab, page, PROGRESS)).get_by_role("progressbar")
    expect(bar).to_be_attached()
    box = bar.bounding_box()
    assert box is not None
    assert box["width"] > 50


def test_a_page_can_be_used_while_a_cell_runs(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [COUNTER, waits_for("a_page_can_be_used")])
    run(notebook)
    root = root_of(notebook)
    notebook.run(1)
    expect(notebook.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    root.get_by_role("button").click()
    expect(root).to_contain_text("Count: 1")
    expect(notebook.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    notebook.go("a_page_can_be_used")
    notebook.wait_until_done(1)


def test_what_a_handler_prints_stands_below_what_it_belongs_to(lab: Lab, page: Page) -> None:
    source = COUNTER.replace("on_click=lambda: count", "on_click=lambda: print('clicked') or count")
    notebook = show(lab, page, source, "'another cell'")
    root_of(notebook).get_by_role("button").click()
    expect(notebook.outputs().last).to_have_text("clicked\n")
    expect(notebook.outputs(1)).to_have_text("'another cell'")


def test_a_failing_handler_tells_its_error_above_the_page_which_goes_on(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, FAILING))
    root.get_by_role("button", name="Divide").click()
    error = root.get_by_role("alert").locator(".flow-error")
    expect(error).to_have_count(1)
    expect(error).to_contain_text("ZeroDivisionError: division by zero")
    expect(error).to_contain_text("on_click of Button('Divide')")
    error.locator("summary").click()
    expect(error.locator(".flow-error-traceback")).to_contain_text("return 1 / 0  # the line of the user's")
    expect(error.locator(".flow-error-traceback")).not_to_contain_text("flow/server")
    root.get_by_role("button", name="Add").click()
    expect(root).to_contain_text("n is 1")
    picture(page, "flow_error")
    error.get_by_role("button", name="Dismiss").click()
    expect(error).to_have_count(0)


def test_escape_dismisses_an_error(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, FAILING))
    root.get_by_role("button", name="Zero").click()
    root.get_by_role("button", name="Divide").click()
    root.get_by_role("button", name="Divide").click()
    expect(root.locator(".flow-error-times")).to_have_text(["\u00d7 2", ""])
    page.keyboard.press("Escape")
    expect(root.locator(".flow-error")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(root.locator(".flow-error")).to_have_count(0)
    expect(root.get_by_role("button", name="Divide")).to_be_focused()


def test_an_error_of_a_binding_keeps_what_it_showed_last_and_the_rest_goes_on(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, FAILING, "divisor.value = 4")
    root = root_of(notebook)
    root.get_by_role("button", name="Zero").click()
    expect(root.locator(".flow-error")).to_contain_text("ZeroDivisionError")
    expect(root).to_contain_text("one part is 0.25")
    root.get_by_role("button", name="Add").click()
    expect(root).to_contain_text("n is 1")
    run(notebook, 1)
    root.get_by_role("button", name="Add").click()
    expect(root).to_contain_text("n is 2")


def test_a_loop_of_100000_writes_neither_floods_the_server_nor_holds_up_the_page(lab: Lab, page: Page) -> None:
    wire = Wire(page)
    loop = "for k in range(100_000): n.value = k\nfor k in range(100_000, 100_200): n.value = k; time.sleep(0.01)"
    notebook = open_notebook(lab, page, [FLOOD, loop, "n.value = 'the end'"])
    run(notebook)
    root = root_of(notebook)
    wire.messages.clear()
    notebook.run(1)
    expect(root).not_to_contain_text("n = -1")
    root.get_by_role("button").click()
    expect(root).to_contain_text("clicks = 1")
    notebook.wait_until_done(1)
    expect(root).to_contain_text("n = 100199")
    assert wire.of_comms(), "the page was told nothing over the websocket that is listened to"
    assert wire.most_in_a_second() <= 100, wire.kinds()
    run(notebook, 2)
    expect(root).to_contain_text("n = the end")


def test_the_keyboard_alone_is_enough(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, COUNTER))
    button = root.get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(root).to_contain_text("Count: 1")
    page.keyboard.press("Space")
    expect(root).to_contain_text("Count: 2")
    expect(button).to_be_focused()


def test_letters_typed_into_an_input_are_no_commands_of_the_notebook(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Input, Textarea, Text, VStack
words, lines = Signal(""), Signal("")
VStack(Input(value=words), Textarea(value=lines), Text(words), Text(lines, cls="lines"))"""
    notebook = show(lab, page, source, "'the second cell'")
    root = root_of(notebook)
    root.locator("input").focus()
    page.keyboard.type("a dd x b ii m y 00")
    expect(root.locator("span").first).to_have_text("a dd x b ii m y 00")
    page.keyboard.press("Tab")
    expect(root.locator("textarea")).to_be_focused()
    page.keyboard.type("dd")
    page.keyboard.press("Enter")
    page.keyboard.type("a")
    expect(root.locator(".lines")).to_have_text("dd\na", use_inner_text=False)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)


def test_a_link_looks_like_one_also_under_the_pointer(lab: Lab, page: Page) -> None:
    source = """\
from flow.ui import *
VStack(A("a link", href="https://example.org"), A("mine", href="#", style={"color": "rgb(1, 2, 3)"}), A("none"))"""
    root = root_of(show(lab, page, source))
    words = root.evaluate("element => getComputedStyle(element).color")
    link, mine, none = root.locator("a").all()
    expect(link).not_to_have_css("color", words)
    looks = link.evaluate("element => getComputedStyle(element).color")
    link.hover()
    expect(link).to_have_css("text-decoration-line", "underline")
    expect(link).to_have_css("color", looks)
    expect(mine).to_have_css("color", "rgb(1, 2, 3)")
    expect(none).to_have_css("color", words)


def test_the_terms_of_a_list_stand_above_what_they_mean(lab: Lab, page: Page) -> None:
    source = "from flow.ui import *\nDl(Dt('A term of many words that no fifth of the page would hold'), Dd('means'))"
    root = root_of(show(lab, page, source))
    term, meaning = (root.locator(name).bounding_box() for name in ("dt", "dd"))
    assert term is not None
    assert meaning is not None
    assert meaning["y"] >= term["y"] + term["height"]
    assert meaning["x"] > term["x"]


def test_the_theme_of_the_lab_is_followed(lab: Lab, page: Page) -> None:
    source = """\
from flow.ui import *
with Card(title="A card") as root:
    Text("words")
    Input(value="typed"), Button("A button"), Button("The main button", cls="flow-primary"), Progress(value=0.4)
    A("a link", href="https://example.org"), Code("code")
root"""
    notebook = show(lab, page, source)
    root = root_of(notebook)
    light = root.evaluate("element => getComputedStyle(element).color")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    try:
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        expect(root).not_to_have_css("color", light)
        expect(root.locator("input")).not_to_have_css("background-color", "rgb(255, 255, 255)")
        expect(root).to_have_css("color-scheme", re.compile("dark"))
        expect(page.locator("#jupyterlab-splash")).to_have_count(0)
    finally:
        picture(page, "flow_dark")
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
