"""Colors of a Grid: by key and slice, of lists and arrays, and of numbers with a color map."""

from __future__ import annotations

from math import inf, nan
from typing import Any
from unittest.mock import Mock, call

import pytest

from sidekick import Grid
from sidekick.grid_maps import NAMES
from support.sidekick_page import Shown
from test_sidekick.test_grid import CLEAR, GOLD, seen

RED, BLUE = (255, 0, 0, 255), (0, 0, 255, 255)


def colors_of(grid: Grid) -> Any:
    return grid[:, :]


# -- By key


def test_a_key_is_a_cell_and_counts_from_the_end_when_it_is_negative() -> None:
    grid = Grid(3, 2)
    grid[2, 0] = "gold"
    grid[-3, -1] = "red"
    assert (grid[2, 0], grid[-1, 0], grid[0, 1], grid[0, 0]) == ("gold", "gold", "red", None)
    assert seen(grid) == [[CLEAR, CLEAR, GOLD], [RED, CLEAR, CLEAR]]
    grid[2, 0] = None
    assert grid[2, 0] is None


def test_a_slice_is_painted_in_one_color_or_in_one_for_each_cell() -> None:
    grid = Grid(3, 3)
    grid[:, 0] = "red"
    grid[0, 1:] = ["gold", "blue"]
    grid[1:, -2:] = [["a", "b"], ["c", None]]
    assert colors_of(grid) == [["red", "red", "red"], ["gold", "a", "b"], ["blue", "c", None]]
    assert (grid[:, 0], grid[0, :]) == (["red"] * 3, ["red", "gold", "blue"])
    grid[::-1, 0] = ["x", "y", "z"]
    grid[::2, 2] = ["left", "right"]
    assert (grid[:, 0], grid[:, 2]) == (["z", "y", "x"], ["left", "c", "right"])
    grid[:, :] = None
    assert seen(grid) == [[CLEAR] * 3] * 3


@pytest.mark.parametrize("area", [(slice(None), slice(None, None, -1)), (slice(None, None, -2), slice(1, None))])
def test_what_is_written_to_a_slice_is_what_is_read_from_it(area: Any) -> None:
    grid = Grid(4, 3)
    before = grid[area]
    new = [[f"#0000{y}{x}" for x in range(len(row))] for y, row in enumerate(before)]
    grid[area] = new
    assert grid[area] == new
    assert sum(color is not None for row in colors_of(grid) for color in row) == sum(map(len, new))


def test_an_empty_slice_is_no_cell() -> None:
    grid = Grid(3, 2)
    grid[3:, 0] = "gold"
    assert (grid[3:, 0], grid[1:1, :]) == ([], [[], []])
    assert seen(grid) == [[CLEAR] * 3] * 2


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        ((3, 0), IndexError, "no x = 3 in a grid of 3 columns: -3 to 2 are there"),
        ((0, -3), IndexError, "no y = -3 in a grid of 2 rows: -2 to 1 are there"),
        ((0.5, 0), TypeError, "x of a cell is a whole number, not 0.5"),
        (0, TypeError, r"takes a column and a row: grid\[x, y\]"),
        ((0, 0, 0), TypeError, "takes a column and a row"),
        (slice(None), TypeError, "takes a column and a row"),
    ],
)
def test_a_key_that_is_none_says_what_it_should_be(key: Any, error: type[Exception], message: str) -> None:
    grid = Grid(3, 2)
    with pytest.raises(error, match=message):
        grid[key]
    with pytest.raises(error, match=message):
        grid[key] = "gold"
    assert seen(grid) == [[CLEAR] * 3] * 2


@pytest.mark.parametrize(
    ("color", "pixel", "name"),
    [
        ((255, 0, 0), RED, "#ff0000"),
        ((0, 0, 255, 128), (0, 0, 255, 128), "#0000ff80"),
        ((1.0, 0, 0), RED, "#ff0000"),
        ((0.5, 0.5, 0.5, 1.0), (128, 128, 128, 255), "#808080"),
        ((0, 0, 0, 0), CLEAR, None),
    ],
)
def test_a_color_may_be_numbers_and_is_read_as_text(color: Any, pixel: tuple[int, ...], name: str | None) -> None:
    grid = Grid(2, 1)
    grid[:, 0] = color
    grid.set_color(0, 0, color)
    assert seen(grid) == [[pixel, pixel]]
    assert grid[:, 0] == [name, name]


@pytest.mark.parametrize("color", [5, {"red"}, (1, 2), (256, 0, 0), (1.5, 0, 0), (-1, 0, 0), ("a", "b", "c"), object()])
def test_what_is_no_color_raises_at_the_call_and_paints_nothing(color: Any) -> None:
    grid = Grid(1, 1)
    with pytest.raises(TypeError, match=r"color of set_color\(\) takes"):
        grid.set_color(0, 0, color)
    with pytest.raises(TypeError, match=r"\[x, y\] takes"):
        grid[0, 0] = color
    assert seen(grid) == [[CLEAR]]


# -- All at once


def test_all_cells_are_painted_of_rows_of_colors() -> None:
    grid = Grid(2, 2)
    grid.set_colors([["gold", None], ["red", (0, 0, 255)]])
    assert seen(grid) == [[GOLD, CLEAR], [RED, BLUE]]
    assert colors_of(grid) == [["gold", None], ["red", "#0000ff"]]


@pytest.mark.parametrize("colors", [[["red"]], [["red"] * 2] * 3, [["red"] * 3] * 2, [["red", "red"], ["red"]], []])
def test_colors_for_another_size_are_an_error_that_tells_both(colors: Any) -> None:
    grid = Grid(2, 2)
    with pytest.raises(ValueError, match=r"for 2 rows of 2 cells, not for|rows of one length"):
        grid.set_colors(colors)
    with pytest.raises(ValueError, match=r"for 2 rows of 2 cells, not for|rows of one length"):
        grid[:, :] = colors
    assert seen(grid) == [[CLEAR] * 2] * 2


@pytest.mark.parametrize("colors", ["red", 5, [1, 2], b"abc"])
def test_what_is_no_rows_of_colors_says_so(colors: Any) -> None:
    with pytest.raises(TypeError, match="takes rows of colors"):
        Grid(2, 2).set_colors(colors)


def test_arrays_of_colors_are_painted_in_whichever_numbers_they_are() -> None:
    numpy = pytest.importorskip("numpy")
    grid = Grid(2, 1)
    for array in (
        numpy.array([[[255, 215, 0], [255, 0, 0]]], numpy.uint8),
        numpy.array([[[255, 215, 0, 255], [255, 0, 0, 255]]], numpy.int64),
        numpy.array([[[1, 215 / 255, nan], [7.5, -1, 0]]]),
        numpy.array([["gold", "red"]]),
        numpy.array([["gold", (255, 0, 0)]], object),
    ):
        grid.clear()
        grid.set_colors(array)
        assert seen(grid) == [[GOLD, RED]]
        grid[0, 0] = None
        grid[::-1, :] = array
        assert seen(grid) == [[RED, GOLD]]


@pytest.mark.parametrize("shape", [(2,), (1, 2, 5), (1, 1, 2, 3)])
def test_an_array_of_another_shape_is_an_error(shape: tuple[int, ...]) -> None:
    numpy = pytest.importorskip("numpy")
    with pytest.raises(ValueError, match=r"set_colors\(\) takes an array"):
        Grid(2, 1).set_colors(numpy.zeros(shape))


def test_whole_numbers_that_are_no_colors_are_an_error() -> None:
    numpy = pytest.importorskip("numpy")
    with pytest.raises(ValueError, match="from 0 to 255, not from -1 to 300"):
        Grid(1, 1).set_colors(numpy.array([[[-1, 0, 300]]]))


# -- Numbers


def both(rows: list[list[Any]]) -> list[Any]:
    """The same numbers as lists and as an array."""
    numpy = pytest.importorskip("numpy")
    return [rows, numpy.array(rows, float)]


GRAY = {"0": (0, 0, 0, 255), "½": (128, 128, 128, 255), "1": (255, 255, 255, 255), "none": CLEAR}


@pytest.mark.parametrize(
    ("numbers", "options", "expected"),
    [
        ([[0, 5, 10]], {}, ["0", "½", "1"]),
        ([[-3, 5, 13]], {"vmin": 0, "vmax": 10}, ["0", "½", "1"]),
        ([[5, 7.5, 10]], {"vmin": 5}, ["0", "½", "1"]),
        ([[0, nan, 10]], {}, ["0", "none", "1"]),
        ([[-inf, 0, inf]], {"vmin": -1, "vmax": 1}, ["0", "½", "1"]),
        ([[7, 7, 7]], {}, ["0", "0", "0"]),
        ([[nan, nan, nan]], {}, ["none", "none", "none"]),
        ([[3, 4, 5]], {"vmax": 2}, ["1", "1", "1"]),
    ],
)
def test_numbers_are_spread_over_the_scale(numbers: Any, options: dict[str, Any], expected: list[str]) -> None:
    for given in both(numbers):
        grid = Grid(3, 1)
        grid.set_colors(given, cmap="gray", **options)
        assert seen(grid) == [[GRAY[each] for each in expected]]


def test_numbers_without_a_map_are_shown_in_viridis_and_none_has_no_color() -> None:
    grid = Grid(3, 1)
    grid.set_colors([[None, 0, True]])
    assert seen(grid) == [[CLEAR, (0x44, 1, 0x54, 255), (0xFD, 0xE7, 0x25, 255)]]


def test_a_map_may_be_a_list_of_colors_for_whole_numbers() -> None:
    for given in both([[0, 1, 2]]):
        grid = Grid(3, 1)
        grid.set_colors(given, ["gold", "red", None])
        assert seen(grid) == [[GOLD, RED, CLEAR]]
        for wrong in (["gold", "red"], ["gold"]):
            with pytest.raises(ValueError, match=f"takes whole numbers from 0 to {len(wrong) - 1} with a cmap of"):
                grid.set_colors(given, wrong)
    for given in both([[0, 0.5, 1]]):
        with pytest.raises(ValueError, match=r"takes whole numbers from 0 to 1 with a cmap of 2 colors, not 0\.5"):
            Grid(3, 1).set_colors(given, ["gold", "red"])


def test_the_colors_of_a_set_begin_anew_behind_the_last() -> None:
    for given in both([[0, 10, -1]]):
        grid = Grid(3, 1)
        grid.set_colors(given, "tab10")
        assert grid[:, 0] == ["#1f77b4", "#1f77b4", "#17becf"]


def test_a_map_may_be_a_function_which_is_asked_once_for_each_number() -> None:
    for given in both([[0, 2, 4, 4]]):
        rule = Mock(side_effect=lambda share: "gold" if share > 0.4 else None, spec=())
        grid = Grid(4, 1)
        grid.set_colors(given, rule)
        assert seen(grid) == [[CLEAR, GOLD, GOLD, GOLD]]
        assert rule.call_args_list == [call(0), call(0.5), call(1)]


def test_a_map_may_be_a_dict_for_whatever_its_keys_are() -> None:
    grid = Grid(3, 2)
    grid.set_colors(["#.#", "..#"], cmap={"#": "red", ".": None})
    assert seen(grid) == [[RED, CLEAR, RED], [CLEAR, CLEAR, RED]]
    with pytest.raises(ValueError, match="finds no color for 'x' in cmap, which has"):
        grid.set_colors(["#.x", "..#"], cmap={"#": "red", ".": None})


@pytest.mark.parametrize("name", NAMES)
def test_the_scales_are_nearly_those_of_matplotlib(name: str) -> None:
    colormaps = pytest.importorskip("matplotlib").colormaps
    numbers = [[*range(colormaps[name].N)]]
    for way in ("", "_r"):
        ours, theirs = Grid(len(numbers[0]), 1), Grid(len(numbers[0]), 1)
        ours.set_colors(numbers, name + way)
        count = len(numbers[0]) - 1
        theirs.set_colors([[colormaps[name + way](number / count) for number in numbers[0]]])
        distance = max(abs(a - b) for one, other in zip(seen(ours)[0], seen(theirs)[0], strict=True)
                       for a, b in zip(one, other, strict=True))  # fmt: skip
        assert distance <= 8


def test_any_colormap_of_matplotlib_is_taken_by_name_or_as_it_is() -> None:
    colormaps = pytest.importorskip("matplotlib").colormaps
    for cmap in ("Blues", colormaps["Blues"]):
        grid = Grid(2, 1)
        grid.set_colors([[0, 1]], cmap)
        assert grid[:, 0] == ["#f7fbff", "#08306b"]


@pytest.mark.parametrize(
    ("cmap", "error"), [("no such map", ValueError), (5, TypeError), ([], TypeError), (["gold", 5], TypeError)]
)
def test_what_is_no_map_says_what_is(cmap: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="cmap"):
        Grid(1, 1).set_colors([[0]], cmap)


def test_what_is_no_number_is_an_error_where_a_map_wants_one() -> None:
    for cmap in ("viridis", "tab10", ["red"], lambda share: "red"):
        with pytest.raises(TypeError, match="takes numbers where cmap makes colors of them, not 'a'"):
            Grid(1, 1).set_colors([["a"]], cmap)
    with pytest.raises(ValueError, match="a vmin that is not above vmax, but 2 is above 1"):
        Grid(1, 1).set_colors([[0]], "gray", vmin=2, vmax=1)


# -- On the page


def test_a_page_shows_what_was_painted_after_it_looked_and_is_told_of_the_rest_at_once(shown: Shown) -> None:
    grid = Grid(2, 1)
    shown.texts()
    for color, pixel in (("gold", GOLD), ("red", RED)):
        shown.sent.clear()
        grid[0, 0] = color
        grid.set_colors([[color, color]])
        shown.texts()
        patches = [each for each in shown.sent if each["kind"] == "patch"]
        assert len(patches) == 1
        assert seen(grid) == [[pixel, pixel]]


# -- What was


def test_a_copy_that_is_given_the_same_calls_shows_the_same_at_each_of_them() -> None:
    grid = Grid(3, 2)
    then: list[Any] = []
    for change in (
        lambda: grid.set_color(1, 1, "gold"),
        lambda: grid.set_color(0, 0, [255, 0, 0]),  # type: ignore[arg-type]
        lambda: grid.set_text(2, 0, "x"),
        lambda: grid.set_colors([[0, 1, 2], [3, 4, 5]]),
        lambda: grid.__setitem__((slice(None), 0), ["red", None, (0, 0, 255, 128)]),
        lambda: grid.__setitem__((0, slice(None)), ["red", "blue"]),
        lambda: grid.__setitem__((-1, -1), (0, 0, 0, 0)),
        lambda: grid.__setitem__((slice(1, None), slice(None)), "rgb(1 2 3)"),
        lambda: grid.clear_cell(2, 0),
        lambda: grid.set_color(0, 0, None),
        lambda: grid.clear(),
    ):
        change()
        then.append(grid._state())
    assert grid._journal is not None
    changes = list(grid._journal.changes())
    assert len(changes) == len(then)
    copy = grid._again()
    for change_, state in zip(changes, then, strict=True):
        getattr(copy, change_.method)(*change_.arguments)
        assert copy._state() == state
    for state in then:
        copy._restore(state)
        assert copy._state() == state
        assert seen(copy) == [[tuple(state[0].pixels[k : k + 4]) for k in range(y, y + 12, 4)] for y in (0, 12)]


def test_what_fails_is_no_change() -> None:
    grid = Grid(2, 1)
    for wrong in (
        lambda: grid.set_color(5, 0, "gold"),
        lambda: grid.set_colors([["gold"]]),
        lambda: grid.__setitem__((slice(None), 0), ["gold"]),
        lambda: grid.set_text(0, 7, "x"),
        lambda: grid.clear_cell(0.5, 0),  # type: ignore[arg-type]
    ):
        with pytest.raises((ValueError, IndexError, TypeError)):
            wrong()
    assert grid._journal is not None
    assert list(grid._journal.changes()) == []


def test_large_paintings_are_kept_as_long_as_there_is_room_for_them() -> None:
    numpy = pytest.importorskip("numpy")
    grid = Grid(256, 256)
    for k in range(300):
        grid.set_colors(numpy.full((256, 256, 3), k % 256, numpy.uint8))
    assert grid._journal is not None
    kept = [change.arguments[0].weight for change in grid._journal.changes()]
    assert len(kept) > 100
    assert sum(kept) < 50_000_000
    found = grid._journal.up_to(0)
    assert found is not None
    assert found[0][0].pixels[0] == (300 - len(kept) - 1) % 256


def test_a_grid_is_drawn_with_its_cells_lines_and_texts() -> None:
    pytest.importorskip("PIL")
    from io import BytesIO

    from PIL import Image

    from flow.drawing import png, svg

    grid = Grid(4, 2)
    grid.set_color(0, 0, "gold")
    grid.set_color(3, 1, "red")
    grid.set_text(1, 0, "two words")
    drawing = grid._drawing(202)
    assert (drawing.width, drawing.height) == (202, 102)
    picture = Image.open(BytesIO(png(drawing, 1))).convert("RGBA")
    assert picture.getpixel((20, 20)) == GOLD
    assert picture.getpixel((180, 80)) == RED
    assert picture.getpixel((0, 50)) == (153, 153, 153, 255)  # the frame
    assert picture.getpixel((50, 80)) < (200, 200, 200, 255)  # a line
    assert picture.getpixel((70, 80)) == (250, 250, 250, 255)
    written = svg(drawing)
    assert written.index(">two<") < written.index(">words<")


def test_a_wide_grid_is_drawn_no_narrower_than_its_smallest_cells() -> None:
    assert [Grid(columns, 1)._drawing(640).width for columns in (1, 6, 100)] == [102, 602, 1002]


def test_a_text_is_dark_on_light_cells_and_light_on_dark_ones(shown: Shown) -> None:
    grid = Grid(3, 1)
    grid.set_colors([["gold", "navy", None]])
    for x in range(3):
        grid.set_text(x, 0, str(x))

    def inks() -> list[Any]:
        shown.texts()
        texts = [each for each in grid.walk() if each.props.get("title")]
        return [each.props["style"].get("color") for each in texts]

    assert inks() == ["black", "white", None]
    grid[1, 0] = "white"
    assert inks() == ["black", "black", None]
