"""Grid: what cells hold, what a page is shown of them, and who is told of a click."""

from __future__ import annotations

import struct
from random import Random
from typing import Any
from zlib import decompress

import pytest

from flow.drawing.picture import png
from sidekick import Grid, GridClickEvent
from support.sidekick_page import Shown, inside, settle

GOLD, CLEAR = (255, 215, 0, 255), (0, 0, 0, 0)


def pixels_of(picture: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of a PNG file as we write it: one chunk of rows without a filter."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack("!II", picture[16:24])
    at, data = 8, b""
    while at < len(picture):
        (length,) = struct.unpack("!I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            data += picture[at + 8 : at + 8 + length]
        at += length + 12
    raw, stride = decompress(data), width * 4 + 1
    rows = [raw[k * stride + 1 : (k + 1) * stride] for k in range(height)]
    return [[tuple(row[k : k + 4]) for k in range(0, len(row), 4)] for row in rows]


def seen(grid: Grid) -> list[list[tuple[int, ...]]]:
    return pixels_of(grid._picture().data)


def test_a_picture_has_its_pixels_where_they_were_put() -> None:
    colors = bytes(range(24))
    assert pixels_of(png(3, 2, colors)) == [
        [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11)],
        [(12, 13, 14, 15), (16, 17, 18, 19), (20, 21, 22, 23)],
    ]


def test_a_large_picture_is_compressed_only_where_that_is_worth_its_time() -> None:
    plain, noise = bytes(4 * 200 * 200), Random(0).randbytes(4 * 200 * 200)
    assert len(png(200, 200, plain)) < 2000
    assert len(noise) < len(png(200, 200, noise)) < len(noise) + 1000
    for pixels in (plain, noise):
        rows = pixels_of(png(200, 200, pixels))
        assert bytes(channel for row in rows for pixel in row for channel in pixel) == pixels


def test_a_painted_cell_is_one_pixel_and_can_be_read_back() -> None:
    grid = Grid(3, 2)
    grid.set_color(2, 0, "gold")
    assert seen(grid) == [[CLEAR, CLEAR, GOLD], [CLEAR, CLEAR, CLEAR]]
    assert (grid.get_color(2, 0), grid.get_color(0, 0)) == ("gold", None)
    grid.set_color(2, 0, None)
    assert seen(grid)[0][2] == CLEAR
    assert grid.get_color(2, 0) is None


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#ffd700", GOLD),
        ("rgb(255, 215, 0)", GOLD),
        ("hsl(0 100% 50%)", (255, 0, 0, 255)),
        ("rgb(0 0 255 / 50%)", (0, 0, 255, 128)),
        ("transparent", CLEAR),
        ("no color at all", CLEAR),
        ("", CLEAR),
    ],
)
def test_a_color_is_any_of_css_and_what_is_none_shows_the_empty_cell(color: str, expected: tuple[int, ...]) -> None:
    grid = Grid(1, 1)
    grid.set_color(0, 0, "red")
    grid.set_color(0, 0, color)
    assert seen(grid) == [[expected]]


def test_a_text_stays_when_the_color_changes_and_goes_with_none_or_nothing() -> None:
    grid = Grid(2, 2)
    grid.set_text(1, 1, 7)  # type: ignore[arg-type]
    grid.set_color(1, 1, "gold")
    assert (grid.get_text(1, 1), grid.get_color(1, 1)) == ("7", "gold")
    grid.set_text(1, 1, "")
    assert grid.get_text(1, 1) == ""
    grid.set_text(1, 1, "x")
    grid.set_text(1, 1, None)
    assert (grid.get_text(1, 1), grid.get_color(1, 1)) == ("", "gold")


def test_a_cell_or_all_of_them_are_cleared_of_color_and_text() -> None:
    grid = Grid(2, 1)
    for x in (0, 1):
        grid.set_color(x, 0, "gold")
        grid.set_text(x, 0, "x")
    grid.clear_cell(0, 0)
    assert (grid.get_color(0, 0), grid.get_text(0, 0), grid.get_color(1, 0)) == (None, "", "gold")
    grid.clear()
    assert seen(grid) == [[CLEAR, CLEAR]]
    assert grid.get_text(1, 0) == ""


@pytest.mark.parametrize("size", [(0, 1), (1, -1), (1.5, 1), ("3", 3), (None, 1)])
def test_a_grid_has_whole_numbers_of_columns_and_rows(size: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match="of Grid is a whole number above 0"):
        Grid(*size)


@pytest.mark.parametrize(
    ("x", "y", "error"),
    [(-1, 0, IndexError), (3, 0, IndexError), (0, 2, IndexError), ("a", 0, TypeError), (0.5, 0, TypeError)],
)
def test_a_cell_that_is_not_there_is_an_error_and_changes_nothing(x: Any, y: Any, error: type[Exception]) -> None:
    grid = Grid(3, 2)
    calls = [lambda: grid.set_color(x, y, "gold"), lambda: grid.set_text(x, y, "x"), lambda: grid.clear_cell(x, y)]
    for call in [*calls, lambda: grid.get_color(x, y), lambda: grid.get_text(x, y)]:
        with pytest.raises(error):
            call()
    assert seen(grid) == [[CLEAR] * 3] * 2


def test_places_may_be_floats_that_are_whole_and_numpys_integers() -> None:
    numpy = pytest.importorskip("numpy")
    grid = Grid(3, 2)
    grid.set_color(1.0, numpy.int64(1), "gold")  # type: ignore[arg-type]
    assert grid.get_color(1, 1) == "gold"


def test_the_columns_and_rows_can_be_read_and_not_written() -> None:
    grid = Grid(3, 2)
    assert (grid.num_columns, grid.num_rows) == (3, 2)
    with pytest.raises(AttributeError):
        grid.num_columns = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        ((0, 0), (0, 0)),
        ((29.9, 9.9), (0, 0)),
        ((31, 11), (1, 1)),
        ((89.9, 19.9), (2, 1)),
        ((90, 20), (2, 1)),
        ((-1, 5), (0, 0)),
    ],
)
def test_a_click_is_told_with_its_cell_however_large_the_grid_is_shown(
    shown: Shown, place: tuple[float, float], cell: tuple[int, int]
) -> None:
    events: list[GridClickEvent] = []
    grid = Grid(3, 2, on_click=events.append)
    shown.event(_board(grid), "click", x=place[0], y=place[1], width=90, height=20)
    settle()
    assert events == [GridClickEvent(grid.instance_id, "click", *cell)]


def test_arrows_go_from_cell_to_cell_and_enter_clicks(shown: Shown) -> None:
    events: list[GridClickEvent] = []
    grid = Grid(3, 2)
    grid.click(events.append)

    def press(*keys: str) -> None:
        for key in keys:
            shown.event(_board(grid), "keydown", key=key)
        settle()

    press("Enter")
    assert events == []
    press("ArrowRight", "Enter", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", " ")
    press("End", "ArrowRight", "Enter", "Home", "Enter")
    assert [(event.x, event.y) for event in events] == [(0, 0), (2, 1), (2, 1), (0, 1)]


def test_a_page_is_told_of_many_paintings_at_once(shown: Shown) -> None:
    grid = Grid(20, 20)
    shown.texts()
    shown.sent.clear()
    for k in range(400):
        grid.set_color(k % 20, k // 20, "gold")
    shown.texts()
    patches = [each for each in shown.sent if each["kind"] == "patch"]
    assert len(patches) < 30  # 400 without
    assert seen(grid) == [[GOLD] * 20] * 20


def _board(grid: Grid) -> Any:
    """What is listened to."""
    return inside(grid, "img").parent
