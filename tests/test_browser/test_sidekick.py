"""sidekick in a real JupyterLab: a chat, a form, a layout, a grid."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.flow_page import BOTH_KERNELS, picture, root_of, run, save
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook

CHAT = """\
import sidekick

console = sidekick.Console("What is your name?\\n", show_input=True)

@console.submit
def answer(event):
    console.print("You are", event.value)
    if event.value == "quit":
        sidekick.shutdown()

sidekick.run_forever()
print("the chat is over")"""

FORM = """\
import sidekick, time

name = sidekick.Textbox(placeholder="Your name")
greet = sidekick.Button("Greet")
greeting = sidekick.Label("…")

@greet.click
def clicked(event):
    greeting.text = f"Hello {name.value}"

clear = sidekick.Button("Clear")

@clear.click
def cleared(event):
    greeting.text = "clearing"
    time.sleep(0.5)
    name.value = ""
    greeting.text = "cleared\""""

LAYOUT = """\
import sidekick

console = sidekick.Console("> ready\\n", show_input=True)
sidekick.Column(
    sidekick.Markdown("# Control panel\\nA **column** of things, with `code` and a [link](https://example.org)."),
    sidekick.Row(
        sidekick.Button("Start"), sidekick.Button("Stop"), sidekick.Label("Score: 42"), sidekick.Label(""),
        sidekick.Label("A label that is too long for its row and is therefore cut: " + "so long " * 20),
    ),
    sidekick.Textbox(placeholder="A text box as wide as the column"),
    console,
    sidekick.Row(sidekick.Textbox("beside"), sidekick.Button("Send")),
)
sidekick.Label("Outside of the column")
interval = sidekick.submit_interval(lambda: console.print("tick"), 60)"""


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_chat_goes_on_in_the_cell_that_runs_forever_until_it_is_quit(lab: Lab, page: Page, kernel: str) -> None:
    notebook = open_notebook(lab, page, [CHAT], kernel)
    for _ in range(2):  # the script runs a second time in the same kernel
        notebook.run()
        root = root_of(notebook)
        log, line = root.get_by_role("log"), root.get_by_role("textbox", name="Input")
        expect(log).to_have_text("What is your name?\n")
        expect(notebook.cell().locator(".jp-InputPrompt")).to_have_text("[*]:")
        line.fill("Ada")
        line.press("Enter")
        expect(log).to_contain_text("You are Ada")
        expect(line).to_have_value("")
        line.fill("quit")
        root.get_by_role("button", name="Send").click()
        notebook.wait_until_done()
        expect(log).to_contain_text("You are quit")
        expect(root.get_by_text("Stopped")).to_be_visible()
        expect(notebook.cell()).to_contain_text("the chat is over")


def test_the_stop_button_ends_a_cell_that_runs_forever(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [CHAT], "rdit")
    notebook.run()
    root_of(notebook).get_by_role("button", name="Stop").click()
    notebook.wait_until_done()
    expect(notebook.cell()).to_contain_text("the chat is over")


def test_a_form_submits_a_field_before_the_button_that_is_clicked_and_shows_each_change_at_once(
    lab: Lab, page: Page
) -> None:
    notebook = open_notebook(lab, page, [FORM], "rdit")
    run(notebook)
    root = root_of(notebook)
    name = root.get_by_role("textbox", name="Your name")
    name.click()
    page.keyboard.type("Ada")
    root.get_by_role("button", name="Greet").click()
    expect(root).to_contain_text("Hello Ada")
    name.click()
    page.keyboard.type(" Lovelace")
    page.keyboard.press("Enter")
    root.get_by_role("button", name="Greet").press("Enter")
    expect(root).to_contain_text("Hello Ada Lovelace")
    name.click()
    page.keyboard.type(" not submitted")
    root.get_by_role("button", name="Clear").click()
    expect(root).to_contain_text("clearing")
    expect(name).to_have_value("")
    expect(root).to_contain_text("cleared")


def width(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["width"]


def test_a_layout_is_as_wide_as_it_should_be_in_light_and_dark(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [LAYOUT], "rdit")
    run(notebook)
    root = root_of(notebook)
    field = root.get_by_placeholder("A text box as wide as the column")
    column = root.locator("[data-component^=column]")
    assert width(column) - 60 < width(field) < width(column)
    assert abs(width(root.get_by_role("log")) - width(field)) < 4
    long = root.locator("[data-component^=label]").filter(has_text="too long")
    assert long.evaluate("label => label.scrollWidth > label.clientWidth")
    assert column.evaluate("column => column.scrollWidth <= column.clientWidth")
    notebook.cell().locator(".jp-OutputArea").scroll_into_view_if_needed()
    picture(page, "sidekick_light")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    try:
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        picture(page, "sidekick_dark")
    finally:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


PAINT = """\
import sidekick
grid = sidekick.Grid(5, 5)

@grid.click
def paint(event):
    grid.set_color(event.x, event.y, "rgb(255, 215, 0)")
    grid.set_text(event.x, event.y, f"{event.x},{event.y}")"""


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_grid_is_painted_by_mouse_and_keyboard_and_looks_the_same_after_a_reload(
    lab: Lab, page: Page, kernel: str
) -> None:
    notebook = open_notebook(lab, page, [PAINT], kernel)
    run(notebook)
    grid = notebook.cell().get_by_role("grid")
    box = grid.bounding_box()
    assert box is not None
    for x, y in ((0, 0), (4, 4), (2, 1)):
        grid.click(position={"x": (x + 0.5) * box["width"] / 5, "y": (y + 0.5) * box["height"] / 5})
        expect(grid.get_by_text(f"{x},{y}", exact=True)).to_be_visible()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        grid.press(key)
    expect(grid.get_by_text("1,1", exact=True)).to_be_visible()
    painted = [[0, 0], [1, 1], [2, 1], [4, 4]]
    assert _gold(grid) == painted
    save(notebook)
    page.reload()
    again = notebook.cell().get_by_role("grid")
    expect(again.get_by_text("4,4", exact=True)).to_be_visible(timeout=60_000)
    assert _gold(again) == painted


def _gold(grid: Locator) -> list[list[int]]:
    """The cells whose middle is gold in the picture that the page shows."""
    found: list[list[int]] = grid.locator("img").evaluate("""async image => {
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const cells = [];
        for (let k = 0; k < data.length / 4; k++) {
            const color = data.slice(4 * k, 4 * k + 4).join();
            if (color === "255,215,0,255") cells.push([k % canvas.width, Math.floor(k / canvas.width)]);
        }
        return cells.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    }""")
    return found


DRAFTS = """\
import sidekick

name = sidekick.Textbox()
console = sidekick.Console(show_input=True)
console.submit(lambda event: console.print(event.value))"""


@pytest.mark.parametrize("is_in_a_window", [False, True])
def test_each_view_keeps_what_is_typed_in_it_until_one_submits(
    lab: Lab, page: Page, browser: Browser, is_in_a_window: bool
) -> None:
    notebook = open_notebook(lab, page, [DRAFTS], "rdit")
    run(notebook)
    mine = root_of(notebook)
    other = page
    if is_in_a_window:
        save(notebook)
        other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        lab.open(other, notebook.name)
        lab.wait_for_kernel(other)
        theirs = root_of(NotebookPage(lab, other, notebook.name))
    else:
        notebook.do("notebook:create-output-view")
        theirs = page.locator(".jp-LinkedOutputView .flow-root")
    views = (mine, theirs)
    names = [view.get_by_role("textbox", name="Text") for view in views]
    lines = [view.get_by_role("textbox", name="Input") for view in views]
    for view, text in enumerate(("mine", "theirs")):
        lines[view].fill(text)
    names[1].press_sequentially("Ada")
    expect(names[0]).to_have_value("")
    names[1].press("Enter")
    for field in names:
        expect(field).to_have_value("Ada")
    expect(lines[0]).to_have_value("mine")
    expect(lines[1]).to_have_value("theirs")
    lines[0].press("Enter")
    for view, field in zip(views, lines, strict=True):
        expect(view.get_by_role("log")).to_have_text("mine\n")
        expect(field).to_have_value("")
    lines[1].fill("again")
    lines[1].press("Enter")
    expect(mine.get_by_role("log")).to_have_text("mine\nagain\n")
    expect(lines[1]).to_have_value("")
    if is_in_a_window:
        other.context.close()
