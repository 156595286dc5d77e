"""The lessons of sidekick, as a student goes through them: each cell run, each button clicked."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from support.flow_page import picture
from support.lab import Lab
from support.notebook_page import NotebookPage

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


class Lesson:
    """A lesson that is open. Its code cells are found by a line in them."""

    def __init__(self, lab: Lab, page: Page, name: str) -> None:
        shutil.copy(NOTEBOOKS / name, lab.files / name)
        self.cells = nbformat.read(NOTEBOOKS / name, as_version=4).cells
        lab.open(page, name)
        lab.wait_for_kernel(page)
        self.notebook = NotebookPage(lab, page, name)

    def run_all(self) -> None:
        """Run all cells, one after the other; none fails."""
        for index, cell in enumerate(self.cells):
            if cell.cell_type == "code":
                self.notebook.show(index)
                self.notebook.run(index)
                self.notebook.wait_until_done(index)
                stderr = self.notebook.cell(index).locator("[data-mime-type='application/vnd.jupyter.stderr']")
                expect(stderr).to_have_count(0)

    def cell(self, line: str) -> Locator:
        """The code cell with this in it, scrolled into view."""
        (index,) = [k for k, cell in enumerate(self.cells) if cell.cell_type == "code" and line in cell.source]
        self.notebook.show(index)
        cell = self.notebook.cell(index)
        expect(cell.locator(".flow-root").first).to_be_visible()
        return cell

    def look(self, cell: Locator, name: str) -> None:
        """Keep how it looks."""
        cell.locator(".jp-OutputArea").scroll_into_view_if_needed()
        picture(self.notebook.page, f"lesson_{name}")


COLOR_AT = """(image, [x, y]) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d");
    context.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].join();
}"""


def expect_color(grid: Locator, x: int, y: int, color: tuple[int, int, int, int]) -> None:
    """Wait until a cell of a grid has a color."""
    found = ""
    for _ in range(100):
        found = str(grid.locator("img").evaluate(COLOR_AT, [x, y]))
        if found == ",".join(map(str, color)):
            return
        grid.page.wait_for_timeout(100)
    pytest.fail(f"the cell ({x}, {y}) is {found}, not {color}")


def click_cell(grid: Locator, columns: int, rows: int, x: int, y: int) -> None:
    box = grid.bounding_box()
    assert box is not None
    grid.click(position={"x": (x + 0.5) * box["width"] / columns, "y": (y + 0.5) * box["height"] / rows})


def test_one_can_talk_to_the_robot_of_the_chat(lab: Lab, page: Page) -> None:
    lesson = Lesson(lab, page, "04_chat.ipynb")
    lesson.run_all()
    echo = lesson.cell("def echo")
    echo.get_by_role("textbox", name="Input").fill("Anybody here?")
    echo.get_by_role("textbox", name="Input").press("Enter")
    expect(echo.get_by_role("log")).to_contain_text("You said: Anybody here?")
    chat = lesson.cell("def talk")
    log = chat.get_by_role("log")
    for said, answer in (
        ("Hello, Robo", "How are you today?"),
        ("I have a cat.", "Tell me more about “I have a cat”."),
        ("bye", "You told me 3 things."),
    ):
        chat.get_by_role("textbox", name="Input").fill(said)
        chat.get_by_role("button", name="Send").click()
        expect(log).to_contain_text(answer)
    lesson.look(chat, "chat")
    chat.get_by_role("button", name="Clear").click()
    expect(log).to_have_text("")


def test_the_way_through_the_maze_is_found_looked_back_at_and_changed_by_walls(lab: Lab, page: Page) -> None:
    lesson = Lesson(lab, page, "05_maze.ipynb")
    lesson.run_all()
    red, wall, clear = (231, 76, 60, 255), (52, 73, 94, 255), (0, 0, 0, 0)
    board = lesson.cell("way = search(board")
    expect_color(board.get_by_role("grid"), 2, 1, red)
    expect_color(board.get_by_role("grid"), 0, 0, wall)
    lesson.look(board, "maze_found")
    back = lesson.cell("sidekick.timeline(board)")
    back.get_by_role("button", name="First step").click()
    for _ in range(2):
        back.get_by_role("button", name="Next step").click()
    expect(back).to_contain_text(re.compile(r"\d cells seen"))
    lesson.look(back, "maze_timeline")
    field = lesson.cell("field = sidekick.Grid")
    grid, said = field.get_by_role("grid"), field.locator("[data-component^=label]")
    field.get_by_role("button", name="Search").click()
    expect(said).to_have_text("The shortest way has 34 steps.")
    expect_color(grid, 5, 7, red)
    click_cell(grid, 16, 10, 5, 6)
    expect_color(grid, 5, 6, clear)
    click_cell(grid, 16, 10, 10, 2)
    click_cell(grid, 16, 10, 10, 1)
    click_cell(grid, 16, 10, 10, 0)
    expect_color(grid, 10, 0, wall)
    lesson.look(field, "maze_own")
    field.get_by_role("button", name="Search").click()
    expect(said).to_have_text("There is no way.")


def test_the_game_of_life_steps_runs_stops_and_takes_clicks(lab: Lab, page: Page) -> None:
    lesson = Lesson(lab, page, "06_life.ipynb")
    lesson.run_all()
    life = lesson.cell("def start_or_stop")
    grid, told = life.get_by_role("grid"), life.locator("[data-component^=label]")
    orange, clear = (255, 165, 0, 255), (0, 0, 0, 0)
    expect(told).to_have_text("Generation 0, 5 alive")
    expect_color(grid, 4, 3, orange)
    for generation in range(1, 5):
        life.get_by_role("button", name="One step").click()
        expect(told).to_have_text(f"Generation {generation}, 5 alive")
    expect_color(grid, 4, 3, clear)
    expect_color(grid, 5, 4, orange)
    life.get_by_role("button", name="Start", exact=True).click()
    expect(told).to_have_text(re.compile(r"Generation (1\d|2\d), 5 alive"))
    life.get_by_role("button", name="Stop", exact=True).first.click()
    life.get_by_role("button", name="Random").click()
    expect(told).to_have_text(re.compile(r"Generation 0, \d{3} alive"))
    lesson.look(life, "life_random")
    life.get_by_role("button", name="Clear").click()
    expect(told).to_have_text("Generation 0, 0 alive")
    for x in (10, 11, 12):
        click_cell(grid, 30, 30, x, 10)
    expect(told).to_have_text("Generation 0, 3 alive")
    life.get_by_role("button", name="One step").click()
    expect_color(grid, 11, 9, orange)
    lesson.look(life, "life")


def test_two_ways_of_sorting_are_seen_beside_each_other(lab: Lab, page: Page) -> None:
    lesson = Lesson(lab, page, "07_sorting.ipynb")
    lesson.run_all()
    lesson.look(lesson.cell("watched = sidekick.Viz()"), "sorting_bars")
    back = lesson.cell("sidekick.timeline(watched)")
    back.get_by_role("button", name="First step").click()
    for _ in range(2):
        back.get_by_role("button", name="Next step").click()
    expect(back).to_contain_text(re.compile(r"swap \d+ and \d+"))
    lesson.look(back, "sorting_timeline")
    race = lesson.cell("race = sidekick.Viz()")
    race.get_by_role("button", name="Sort", exact=True).click()
    expect(race.locator("[data-component^=label]")).to_have_text(
        re.compile(r"bubble sort: \d+ swaps, selection sort: \d+")
    )
    lesson.look(race, "sorting_race")


def test_the_ball_starts_stops_and_is_thrown(lab: Lab, page: Page) -> None:
    lesson = Lesson(lab, page, "08_ball.ipynb")
    lesson.run_all()
    film = lesson.cell("def next_picture")
    canvas = film.locator("canvas")

    def drawn() -> str:
        return str(canvas.evaluate("canvas => canvas.toDataURL()"))

    def moves() -> bool:
        before = drawn()
        page.wait_for_timeout(500)
        return drawn() != before

    assert not moves()
    film.get_by_role("button", name="Start", exact=True).click()
    expect(film.get_by_role("button", name="Stop", exact=True).first).to_be_visible()
    assert moves()
    lesson.look(film, "ball")
    film.get_by_role("button", name="Stop", exact=True).first.click()
    expect(film.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.wait_for_timeout(300)
    before = drawn()
    canvas.click(position={"x": 240, "y": 30})
    page.wait_for_timeout(500)
    assert drawn() != before
    lesson.look(lesson.cell("sheet = sidekick.Canvas"), "ball_sheet")
