"""Take the README's pictures of sidekick again: a program that is watched, and one that is gone through.

    python docs/picture_sidekick.py

Needs the dependencies of the tests, and Chromium or Chrome.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from picture_flow import keep, opened
from playwright.sync_api import Page, expect, sync_playwright

from support import chromium
from support.lab import Lab, running

HERE = Path(__file__).parent
WATCHED = """\
import sidekick

heap = sidekick.ObservableValue([9, 4, 7, 1, 8, 3])
sidekick.Viz().show("heap", heap)

for k in range(1, len(heap)):
    while k > 0 and heap[k] < heap[(k - 1) // 2]:
        sidekick.step(f"{heap[k]} rises")
        heap[k], heap[(k - 1) // 2] = heap[(k - 1) // 2], heap[k]
        k = (k - 1) // 2"""
LOOK_BACK = "sidekick.timeline()"
REPLAYED = """\
%%replay
numbers = [5, 3, 8, 1]
for i in range(len(numbers)):
    smallest = i
    for j in range(i + 1, len(numbers)):
        if numbers[j] < numbers[smallest]:
            smallest = j
    numbers[i], numbers[smallest] = numbers[smallest], numbers[i]"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory() as files,
        running(Path(home), Path(files)) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        page = browser.new_page(viewport={"width": 1050, "height": 1300}, device_scale_factor=2)
        page.set_default_timeout(120_000)
        timeline(lab, page)
        replay(lab, page)
        browser.close()


def timeline(lab: Lab, page: Page) -> None:
    notebook = opened(lab, page, [WATCHED, LOOK_BACK])
    expect(notebook.outputs(1).get_by_role("slider")).to_be_visible()
    for _ in range(2):
        notebook.outputs(1).get_by_role("button", name="Step back").click()
    keep(page, HERE / "sidekick-timeline.png", page.locator(".jp-Notebook"), 968, 665)


def replay(lab: Lab, page: Page) -> None:
    notebook = opened(lab, page, ["import sidekick", REPLAYED])
    expect(notebook.outputs(1).get_by_role("slider")).to_be_visible()
    for _ in range(6):
        notebook.outputs(1).get_by_role("button", name="Step back").click()
    keep(page, HERE / "sidekick-replay.png", page.locator(".jp-Notebook"), 968, 490)


if __name__ == "__main__":
    main()
