"""A Canvas in a real JupyterLab: what it shows, in each view and after all is loaded anew, and what is done on it."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.flow_page import BOTH_KERNELS, picture, run, save
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook, waits_for

DRAW = """\
import flow.drawing.picture
import sidekick

canvas = sidekick.Canvas(400, 300)
canvas.draw_rect(0, 0, 400, 300, fill_color="#eef")
canvas.draw_circle(200, 150, 50, fill_color="gold", line_width=3)
canvas.draw_rects([10, 30, 50], [10, 20, 30], 15, 15, fill_color=["red", (0, 0, 255), None])
canvas.draw_points([20 * k for k in range(20)], [200 + k * k % 17 for k in range(20)], "crimson", 6)
canvas.draw_polyline([(0, 250), (100, 280), (200, 240), (400, 290)], "teal", 2.5)
canvas.draw_text(150, 40, "Hällo Wörld", text_size=24)
with canvas.buffer() as buffer:
    buffer.draw_line(0, 0, 400, 300, line_color="rgb(0 0 0 / 30%)", line_width=8)
    buffer.draw_polygon([(100, 200), (140, 280), (60, 280)], fill_color="rgb(0 128 0 / 50%)")
canvas.draw_image(flow.drawing.picture.png(2, 1, bytes([255, 0, 255, 255] * 2)), 320, 20, 60)"""

FAILS = """\
import sidekick

log = sidekick.Console()
canvas = sidekick.Canvas(40, 30, on_error=lambda event: log.print(event.message))
canvas.draw_circle(20, 15, 5)
button = sidekick.Button("Again")

@button.click
def again(event):
    canvas.draw_circle(20, 15, 8)
    log.print("drawn again")"""

COMPOSED = """\
import sidekick

canvas = sidekick.Canvas(200, 100)
canvas.draw_rect(0, 0, 200, 100, "rgb(1, 2, 3)")
button = sidekick.Button("Redraw")
wide = sidekick.Canvas(1600, 400)
sidekick.Column(sidekick.Row(canvas, button), wide)
wide.draw_rect(0, 0, 1600, 400, "rgb(4, 5, 6)")
log = sidekick.Console()

@button.click
def redraw(event):
    canvas.clear()
    canvas.draw_circle(100, 50, 40, "rgb(7, 8, 9)")

wide.on_click(lambda event: log.print("wide", event.x, event.y))"""

HEARD = """\
import sidekick

canvas = sidekick.Canvas(400, 200)
log = sidekick.Console()

@canvas.click
def clicked(event):
    log.print("click", event.x, event.y)

@canvas.drag
def dragged(event):
    canvas.draw_line(event.x - event.dx, event.y - event.dy, event.x, event.y, "red", 5)
    if event.phase != "move":
        log.print(event.phase, event.x, event.y)

@canvas.move
def moved(event):
    canvas.draw_points(event.x, event.y, "blue", 9)

@canvas.keypress
def pressed(event):
    log.print("key", event.key)"""

BALL = f"""\
import sidekick, time

canvas = sidekick.Canvas(200, 100)
x = 0
def frame():
    global x
    x = (x + 3) % 200
    with canvas.buffer() as buffer:
        buffer.draw_rect(0, 0, 200, 100, fill_color="white")
        buffer.draw_circle(x, 50, 10, fill_color="rgb(200, 0, 0)")
interval = sidekick.submit_interval(frame, 1 / 60)
{waits_for("the_ball_has_bounced")}
interval.cancel()
print("kept", len(canvas._drawn().data) < 200)"""


def pixels(canvas: Locator) -> str:
    """All that a canvas shows, as a picture."""
    found: str = canvas.evaluate("canvas => canvas.toDataURL()")
    return found


def pixel(canvas: Locator, x: float, y: float) -> list[int]:
    """A pixel of what it shows, by where it is in the canvas."""
    found: list[int] = canvas.evaluate(
        "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]", [x, y]
    )
    return found


def shows(canvas: Locator, x: float, y: float, color: list[int]) -> None:
    """Wait until a pixel has a color."""
    canvas.page.wait_for_function(
        """([canvas, x, y, color]) =>
            [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].join() === color.join()""",
        arg=[canvas.element_handle(), x, y, color],
    )


def canvas_of(notebook: NotebookPage, index: int = 0) -> Locator:
    canvas = notebook.cell(index).locator("canvas").first
    expect(canvas).to_be_visible(timeout=30_000)
    return canvas


def drawn(notebook: NotebookPage) -> Locator:
    """The canvas of DRAW, when all of it is there."""
    canvas = canvas_of(notebook)
    shows(canvas, 350, 30, [255, 0, 255, 255])
    return canvas


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_canvas_shows_the_same_in_a_second_view_and_after_a_reload(lab: Lab, page: Page, kernel: str) -> None:
    notebook = open_notebook(lab, page, [DRAW], kernel)
    run(notebook)
    canvas = drawn(notebook)
    box = canvas.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (400, 300)
    assert pixel(canvas, 200, 120) == [255, 215, 0, 255]
    assert pixel(canvas, 390, 100) == [238, 238, 255, 255]
    before = pixels(canvas)
    picture(page, f"sidekick_canvas_{kernel}")
    save(notebook)
    notebook.do("notebook:create-output-view")
    second = page.locator(".jp-LinkedOutputView canvas")
    shows(second, 350, 30, [255, 0, 255, 255])
    assert pixels(second) == before
    page.reload()
    assert pixels(drawn(notebook)) == before


def test_a_canvas_is_as_sharp_as_the_screen(lab: Lab, browser: Browser) -> None:
    with closing(browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=2)) as context:
        notebook = open_notebook(lab, context.new_page(), [DRAW])
        run(notebook)
        canvas = canvas_of(notebook)
        shows(canvas, 700, 60, [255, 0, 255, 255])
        assert canvas.evaluate("canvas => [canvas.width, canvas.height]") == [800, 600]
        assert pixel(canvas, 400, 240) == [255, 215, 0, 255]


def test_a_canvas_that_was_drawn_on_before_it_was_placed_is_not_blank_and_a_click_counts_its_own_pixels(
    lab: Lab, page: Page
) -> None:
    notebook = open_notebook(lab, page, [COMPOSED])
    run(notebook)
    canvas, wide = notebook.cell().locator("canvas").nth(0), notebook.cell().locator("canvas").nth(1)
    shows(canvas, 100, 50, [1, 2, 3, 255])
    shows(wide, 10, 10, [4, 5, 6, 255])
    box = wide.bounding_box()
    assert box is not None
    assert box["width"] < 1000
    assert abs(box["width"] / box["height"] - 4) < 0.02
    wide.click(position={"x": box["width"] - 1, "y": box["height"] - 1})
    log = notebook.cell().get_by_role("log")
    expect(log).to_contain_text("wide")
    x, y = map(int, re.findall(r"\d+", log.inner_text()))
    assert 1590 <= x < 1600
    assert 390 <= y < 400
    notebook.cell().get_by_role("button", name="Redraw").click()
    shows(canvas, 100, 50, [7, 8, 9, 255])
    assert pixel(canvas, 5, 5) == [0, 0, 0, 0]
    picture(page, "sidekick_canvas_composed")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    try:
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        picture(page, "sidekick_canvas_dark")
    finally:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


def test_clicks_drags_moves_and_keys_are_told_and_no_key_reaches_the_notebook(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [HEARD, "'another cell'"])
    run(notebook)
    canvas, log = canvas_of(notebook), notebook.cell().get_by_role("log")
    canvas.click(position={"x": 30, "y": 40})
    expect(log).to_contain_text(re.compile(r"click 30 (39|40)"))  # an output stands between two pixels of the screen
    for key in ("x", "ArrowDown", "b", " "):
        page.keyboard.press(key)
        expect(log).to_contain_text(f"key {key}")
    expect(page.locator(".jp-CodeCell")).to_have_count(2)
    expect(canvas).to_be_focused()
    box: Any = canvas.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    shows(canvas, 100, 100, [0, 0, 255, 255])
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=5)
    shows(canvas, 150, 125, [255, 0, 0, 255])
    page.mouse.move(box["x"] + 600, box["y"] + 150, steps=5)
    page.mouse.up()
    expect(log).to_contain_text("start 100 ")
    expect(log).to_contain_text(re.compile("end 399 1(49|50)"))
    expect(log).not_to_contain_text("click 399")
    picture(page, "sidekick_canvas_dragged")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(canvas).not_to_be_focused()


def test_a_ball_bounces_while_the_cell_runs_and_no_more_is_kept_of_it_than_a_frame(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [BALL])
    notebook.run()
    canvas = canvas_of(notebook)
    page.evaluate(
        """canvas => {
            window.drawn = [];
            const draw = CanvasRenderingContext2D.prototype.ellipse;
            CanvasRenderingContext2D.prototype.ellipse = function (x, ...rest) {
                window.drawn.push(x);
                draw.call(this, x, ...rest);
            };
        }""",
        canvas.element_handle(),
    )
    page.wait_for_function("() => new Set(window.drawn).size >= 20")
    notebook.go("the_ball_has_bounced")
    notebook.wait_until_done()
    expect(notebook.cell()).to_contain_text("kept True")


def test_a_saved_notebook_shows_the_drawing_where_its_kernel_is_no_more(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [DRAW])
    run(notebook)
    drawn(notebook)
    save(notebook)
    page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    page.evaluate("window.jupyterapp.commands.execute('application:close-all')")
    lab.open(page, notebook.name)
    still = notebook.cell().locator(".flow-still img")
    expect(still).to_be_visible(timeout=30_000)
    expect(still).to_have_attribute("alt", "Canvas, 400 by 300 pixels")
    color = still.evaluate("""async image => {
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 300 });
        canvas.getContext("2d").drawImage(image, 0, 0, 400, 300);
        return [...canvas.getContext("2d").getImageData(200, 120, 1, 1).data];
    }""")
    assert color == [255, 215, 0, 255]
    picture(page, "sidekick_canvas_still")


def test_a_page_that_cannot_draw_tells_the_canvas_once_and_shows_all_the_rest(lab: Lab, page: Page) -> None:
    page.add_init_script("CanvasRenderingContext2D.prototype.ellipse = () => { throw new Error('no ellipses here'); }")
    notebook = open_notebook(lab, page, [FAILS], "rdit")
    run(notebook)
    log = notebook.cell().get_by_role("log")
    expect(log).to_have_text("the page could not draw the canvas\n")
    notebook.cell().get_by_role("button", name="Again").click()
    expect(log).to_have_text("the page could not draw the canvas\ndrawn again\n")
