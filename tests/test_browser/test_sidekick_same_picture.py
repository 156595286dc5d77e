"""Each component looks the same to the pixel after a reload, in a second tab, and without its kernel.

A new component is a row of `SCENES`.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Final

from PIL import Image, ImageChops
from playwright.sync_api import Error, Locator, Page, ViewportSize

from support.flow_page import save, show
from support.lab import Lab
from support.notebook_page import NotebookPage

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
SCENES = {
    "label": 'import sidekick\nsidekick.Label("A label that is as wide as it is")',
    "button": 'sidekick.Button("A button")',
    "textbox": 'sidekick.Textbox("a value"); sidekick.Textbox(placeholder="a placeholder")',
    "markdown": 'sidekick.Markdown("# Title\\n* one\\n* `two`\\n\\n> *three*\\n\\n    four")',
    "console": """\
console = sidekick.Console("first\\n", show_input=True)
for number in range(30):
    console.print("line", number)""",
    "grid": """\
grid = sidekick.Grid(6, 3)
for x in range(6):
    grid.set_color(x, x % 3, "gold")
    grid.set_text(x, 0, f"cell {x}")
grid[:, 2] = "rgb(0 128 0 / 50%)\"""",
    "canvas": """\
canvas = sidekick.Canvas(200, 100)
canvas.draw_rect(10, 10, 80, 50, fill_color="gold")
canvas.draw_circle(140, 50, 30, fill_color="rgb(0 0 255 / 50%)", line_color="navy", line_width=3)
canvas.draw_text(20, 90, "a text", text_size=16)""",
    "viz": """\
viz = sidekick.Viz()
viz.show("numbers", [3, 1, 2])
viz.show("nested", {"a": [1, 2], "b": None})""",
    "row": 'sidekick.Row(sidekick.Label("short"), sidekick.Label("long " * 60), sidekick.Button("B"))',
    "column": 'sidekick.Column(sidekick.Label("a"), sidekick.Row(sidekick.Textbox("b")), sidekick.Grid(3, 1))',
}

_SIZE: Final[ViewportSize] = {"width": 1100, "height": 1000}

# All views are as wide as each other, and what is dimmed without a kernel, for nobody would answer, is not.
_EQUAL = """
.flow-content > *, .flow-still > :not(style) { width: 560px !important; }
.flow-still :is(button, input, select, textarea) { opacity: 1 !important; }
* { caret-color: transparent !important; }
"""
# How much a pixel may differ: without its kernel a Canvas is an SVG, whose round edges are smoothed otherwise.
_EDGES = {"canvas": 80}
_ON_WHOLE_PIXELS = """element => {
    Object.assign(element.style, { position: 'relative', left: '0px', top: '0px' });
    const { x, y } = element.getBoundingClientRect();
    Object.assign(element.style, { left: `${Math.round(x) - x}px`, top: `${Math.round(y) - y}px` });
}"""


def test_after_a_reload_every_component_shows_what_it_showed(lab: Lab, page: Page) -> None:
    notebook, before = _shown(lab, page)
    save(notebook)
    page.goto("about:blank")
    _open_again(notebook)
    _look_at_each(notebook, ".flow-content > *", before)


def test_in_a_second_tab_every_component_shows_what_it_shows(lab: Lab, page: Page) -> None:
    notebook, before = _shown(lab, page)
    save(notebook)
    second = replace(notebook, page=page.context.new_page())
    second.page.set_viewport_size(_SIZE)
    _open_again(second)
    _look_at_each(second, ".flow-content > *", before)


def test_in_a_saved_notebook_without_a_kernel_every_component_shows_what_it_showed(lab: Lab, page: Page) -> None:
    notebook, before = _shown(lab, page)
    save(notebook)
    page.goto("about:blank")
    lab.end_sessions()
    _open_again(notebook)
    _look_at_each(notebook, ".flow-still > :not(style)", before)


def _shown(lab: Lab, page: Page) -> tuple[NotebookPage, dict[str, bytes]]:
    """A notebook of all scenes, and how each of them looks."""
    page.set_viewport_size(_SIZE)
    notebook = show(lab, page, *SCENES.values())
    page.add_style_tag(content=_EQUAL)
    pictures = {}
    for index, name in enumerate(SCENES):
        notebook.show(index)
        pictures[name] = _at_rest(notebook.cell(index).locator(".flow-content > *").first)
    return notebook, pictures


def _open_again(notebook: NotebookPage) -> None:
    notebook.lab.open(notebook.page, notebook.name)
    notebook.lab.wait_for_kernel(notebook.page)
    notebook.page.add_style_tag(content=_EQUAL)


def _look_at_each(notebook: NotebookPage, where: str, before: dict[str, bytes]) -> None:
    for index, name in enumerate(SCENES):
        notebook.show(index)
        _wait_for_the_same(notebook.cell(index).locator(where).first, before[name], name)


def _picture(element: Locator) -> bytes:
    """An element as it looks on whole pixels, wherever its view begins, with the mouse elsewhere."""
    element.page.mouse.move(0, 0)
    element.scroll_into_view_if_needed()
    element.evaluate(_ON_WHOLE_PIXELS)
    return element.screenshot()


def _at_rest(element: Locator) -> bytes:
    """The picture of an element that changes no more."""
    last = _picture(element)
    for _ in range(20):
        element.page.wait_for_timeout(150)
        now = _picture(element)
        if now == last:
            return now
        last = now
    raise AssertionError("it never comes to rest")


def _wait_for_the_same(element: Locator, wanted: bytes, name: str) -> None:
    """Until an element looks like this; what differs is told, and kept beside the pictures of the tests."""
    element.wait_for(timeout=30_000)
    end = monotonic() + 10
    difference = ""
    while monotonic() < end:
        try:
            difference = _difference(wanted, _picture(element), _EDGES.get(name, 0))
        except Error as error:  # it was drawn anew meanwhile
            difference = str(error)
        if not difference:
            return
        element.page.wait_for_timeout(200)
    for when, picture in (("before", wanted), ("after", _picture(element))):
        (SCREENSHOTS / f"same_picture_{name}_{when}.png").write_bytes(picture)
    raise AssertionError(f"{name} looks different: {difference}")


def _difference(first: bytes, second: bytes, most: int) -> str:
    """Where two pictures differ; empty if they are the same."""
    with Image.open(BytesIO(first)) as one, Image.open(BytesIO(second)) as other:
        if one.size != other.size:
            return f"{one.size} became {other.size}"
        difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
        box = difference.point(lambda by: 255 * (by > most)).getbbox()
    return "" if box is None else f"in {box}"
