"""What the sidekick benchmark does in a notebook of a real JupyterLab, and how it is measured there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from sys import path
from typing import Any

from playwright.sync_api import Browser

path.append(str(Path(__file__).parents[1] / "tests"))

from support.flow_page import Wire
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook

SECONDS = 3  # that frames are counted for
TIMEOUT = 60_000  # ms

# Each cell is one case. A click on the button with the id "go" begins what is measured.
REPAINT = """\
import sidekick
grid = sidekick.Grid(100, 100)
turn = 0

@sidekick.Button("Go", instance_id="go").click
def repaint(event):
    global turn
    turn += 1
    color = f"#0000{{turn:02x}}"
    {paint}"""
CALL_BY_CALL = "for place in range(10_000): grid.set_color(place % 100, place // 100, color)"
AT_ONCE = "grid.set_colors([[color] * 100 for row in range(100)])"

# Waves that roll, with the number of the frame as the color of the first cells.
FRAMES = """\
import sidekick, numpy, time
grid = sidekick.Grid(256, 256)
y, x = numpy.mgrid[:256, :256] / 256 * 6.28
waves = numpy.stack([numpy.sin(2 * x + k) * numpy.cos(3 * y - k) * 120 + 128 for k in range(3)], 2).astype("uint8")
until = time.monotonic() + 2.5 * SECONDS
number = 0
while time.monotonic() < until:
    number += 1
    picture = numpy.roll(waves, 3 * number, 1)
    picture[:2, :2] = number // 256, number % 256, 0
    grid.set_colors(picture)
    time.sleep(1 / 120)""".replace("SECONDS", str(SECONDS))

# A ball that flies, with the number of the picture as the color of a corner.
FILM = """\
import sidekick
canvas = sidekick.Canvas(400, 300)
number = 0

def draw():
    global number
    number += 1
    corner = f"#{number % 65536:04x}00"
    with canvas.buffer() as picture:
        picture.draw_rect(0, 0, 400, 300, fill_color="#f0f0f0")
        picture.draw_circle(20 + 3 * number % 360, 150, 20, fill_color="tomato")
        picture.draw_rect(0, 0, 6, 6, fill_color=corner, line_color=corner)

interval = sidekick.submit_interval(draw, 1 / 60)"""

CALLS = """\
import sidekick, time
grid = sidekick.Grid(100, 100)
time.sleep(1)
began = time.perf_counter()
for k in range(300_000):
    grid.set_color(k % 100, k // 100 % 100, "gold" if k % 3 else "navy")
print("calls in a minute:", round(k / (time.perf_counter() - began) * 60))"""

LINES = """\
import sidekick
console = sidekick.Console()
turn = 0

@sidekick.Button("Go", instance_id="go").click
def lines(event):
    global turn
    turn += 1
    for k in range(4000):
        console.print("line", k, "of turn", turn)"""

VIZ = """\
import sidekick
viz = sidekick.Viz()"""
ZEROS = """\
import numpy
viz.show("zeros", numpy.zeros((1000, 1000)))"""
APPENDS = """\
seen = sidekick.ObservableValue([])
viz.show("seen", seen)
for k in range(10_000):
    seen.append(k)"""

TOOLS = """() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const grid = () => document.querySelector('[role=grid] img');
    const shown = () => document.querySelector('.flow-root canvas') ?? grid();
    const pixel = (image, x, y) => {
        context.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
    const painted = () => new Promise(resolve => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(null);
    }));
    const button = () => document.querySelector('[data-component=go] button') ??
        document.querySelector('button[data-component=go]');
    const until = async (isOver, timeout) => {
        const began = performance.now();
        button().click();
        while (!isOver()) {
            if (performance.now() - began > timeout) return null;
            await frame();
        }
        return await painted() - began;
    };
    window.bench = {
        // From the click until the first and the last cell have the color of this turn, in a picture that is painted.
        repaint: (turn, timeout) => until(() => {
            const image = grid();
            return image.complete && pixel(image, 0, 0)[2] === turn &&
                pixel(image, image.naturalWidth - 1, image.naturalHeight - 1)[2] === turn;
        }, timeout),
        lines: (turn, timeout) => until(
            () => document.querySelector('[role=log]').textContent.endsWith(`line 3999 of turn ${turn}\\n`), timeout),
        // How many different pictures are on the page in a second.
        frames: async seconds => {
            const seen = new Set();
            const began = performance.now();
            while (performance.now() - began < seconds * 1000) {
                const image = shown();
                if (image && image.complete !== false) seen.add(String(pixel(image, 1, 1)));
                await frame();
            }
            return seen.size / seconds;
        },
    };
}"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A notebook of some cells, whose first one has run, and what its page gets."""

    notebook: NotebookPage
    wire: Wire

    def clicked(self, what: str, times: int) -> list[float]:
        """Milliseconds from a click to what it shows, a few times; the first one is not counted."""
        page = self.notebook.page
        page.bring_to_front()
        took = []
        for turn in range(1, times + 2):
            page.wait_for_timeout(300)
            found: Any = page.evaluate(f"([turn, timeout]) => bench.{what}(turn, timeout)", [turn, TIMEOUT])
            if found is None:
                raise TimeoutError(f"the page did not show turn {turn} of {what!r}")
            took.append(float(found))
        return took[1:]

    def run(self, index: int) -> list[dict[str, Any]]:
        """The comm messages that a cell has the page get, also a little later."""
        self.notebook.page.wait_for_timeout(1000)
        self.wire.messages.clear()
        self.notebook.run(index)
        self.notebook.wait_until_done(index)
        self.notebook.page.wait_for_timeout(1000)
        return self.wire.of_comms()


def opened(browser: Browser, lab: Lab, kernel: str, *cells: str, is_awaited: bool = True) -> Opened:
    """Open a notebook, and run its first cell."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(TIMEOUT)
    wire = Wire(page)
    notebook = open_notebook(lab, page, cells, kernel)
    page.evaluate(TOOLS)
    notebook.run(0)
    if is_awaited:
        notebook.wait_until_done(0)
    return Opened(notebook, wire)


def repainting(paint: str) -> Callable[[Browser, Lab, str, int], list[float]]:
    """Milliseconds from a click to a whole grid in another color."""

    def measure(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
        return opened(browser, lab, kernel, REPAINT.format(paint=paint)).clicked("repaint", times)

    return measure


def frames(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
    """Different pictures on the page in a second, while a loop paints."""
    case = opened(browser, lab, kernel, FRAMES, is_awaited=False)
    case.notebook.page.locator("[role=grid] img").wait_for()
    case.notebook.page.wait_for_timeout(1000)
    return [float(case.notebook.page.evaluate("seconds => bench.frames(seconds)", SECONDS))]


def film(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
    """Different pictures on the page in a second, of an interval that draws sixty."""
    case = opened(browser, lab, kernel, FILM)
    case.notebook.page.locator(".flow-root canvas").wait_for()
    case.notebook.page.wait_for_timeout(1000)
    return [float(case.notebook.page.evaluate("seconds => bench.frames(seconds)", SECONDS))]


def calls(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
    """Calls of ``set_color`` that a loop makes in a minute, while the page shows the grid."""
    case = opened(browser, lab, kernel, CALLS)
    text = case.notebook.outputs().filter(has_text="calls in a minute").inner_text()
    return [float(text.rpartition(":")[2])]


def lines(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
    """Milliseconds from a click to the last of 4,000 lines."""
    return opened(browser, lab, kernel, LINES).clicked("lines", times)


def zeros(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
    """Kilobytes that the page gets for an array of a million numbers."""
    messages = opened(browser, lab, kernel, VIZ, ZEROS).run(1)
    return [sum(each["size"] for each in messages) / 1000]


def appends(browser: Browser, lab: Lab, kernel: str, times: int) -> list[float]:
    """Messages that the page gets in the fullest second while a list grows."""
    case = opened(browser, lab, kernel, VIZ, APPENDS)
    case.run(1)
    return [float(case.wire.most_in_a_second())]
