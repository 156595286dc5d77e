"""Drawings, and the pictures they make without a page."""

from __future__ import annotations

import builtins
import sys
from io import BytesIO
from typing import Any
from xml.dom.minidom import Element as Node
from xml.dom.minidom import parseString

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as pictures

from flow.drawing import (
    Drawing,
    Ellipse,
    Group,
    Image,
    Line,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Text,
    cut,
    gif,
    png,
    svg,
    text_width,
    wrapped,
)
from flow.drawing.picture import png as small_png

RED, GREEN = (255, 0, 0, 255), (0, 128, 0, 255)
SHAPES: list[Shape] = [
    Rectangle(1, 1, 8, 8, "gold", "black", 2, 3),
    Line(0, 0, 9, 9, "red", 3),
    Ellipse(5, 5, 4, 3, "rgb(255 0 0 / 50%)", "navy"),
    Polygon(((1, 1), (9, 2), (4, 8)), "green", "black"),
    Polyline(((1, 1), (9, 2), (4, 8)), "green", 2),
    Text(1, 9, "Ab", 8, family="mono", is_bold=True),
    Image(2, 2, 4, 4, small_png(1, 1, b"\xff\0\0\xff"), is_pixelated=True),
    Group(2, 2, (Rectangle(0, 0, 9, 9, "red"),), 3, 3),
]


def painted(*shapes: Shape, scale: float = 1, background: str | None = None, size: int = 10) -> Any:
    """What is at each place of a small picture."""
    with pictures.open(BytesIO(png(Drawing(size, size, shapes), scale, background))) as picture:
        pixels = picture.convert("RGBA").load()
    assert pixels is not None
    return lambda x, y: pixels[x, y]


def test_rectangles_on_whole_pixels_are_exact() -> None:
    at = painted(Rectangle(2, 3, 4, 5, "red"))
    inside = {(x, y) for x in range(10) for y in range(10) if at(x, y) == RED}
    assert inside == {(x, y) for x in range(2, 6) for y in range(3, 8)}
    assert at(0, 0) == (0, 0, 0, 0)


def test_a_line_around_a_rectangle_is_half_inside() -> None:
    at = painted(Rectangle(2.5, 2.5, 5, 5, "red", "green"))
    assert [at(x, 5) for x in (1, 2, 3, 6, 7, 8)] == [(0, 0, 0, 0), GREEN, RED, RED, GREEN, (0, 0, 0, 0)]


def test_later_shapes_cover_earlier_ones() -> None:
    assert painted(Rectangle(0, 0, 9, 9, "red"), Ellipse(5, 5, 4, 4, "green"))(5, 5) == GREEN


def test_half_a_color_lets_what_is_below_through() -> None:
    assert painted(Rectangle(0, 0, 9, 9, "rgb(255 0 0 / 50%)"), background="white")(5, 5)[1] in range(126, 130)


def test_what_is_beyond_a_group_is_cut_off() -> None:
    at = painted(Group(2, 2, (Rectangle(-9, -9, 30, 30, "red"),), 3, 4))
    assert {(x, y) for x in range(10) for y in range(10) if at(x, y) == RED} == {
        (x, y) for x in range(2, 5) for y in range(2, 6)
    }


def test_groups_add_up() -> None:
    at = painted(Group(2, 2, (Group(3, 1, (Rectangle(0, 0, 1, 1, "red"),)),)), scale=2, size=10)
    assert at(10, 6) == at(11, 7) == RED
    assert at(9, 6) == at(12, 7) == (0, 0, 0, 0)


def test_a_pixelated_picture_has_sharp_squares() -> None:
    data = small_png(2, 1, b"\xff\0\0\xff" + b"\0\x80\0\xff")
    at = painted(Image(0, 0, 10, 10, data, is_pixelated=True))
    assert [at(x, 0) for x in (0, 4, 5, 9)] == [RED, RED, GREEN, GREEN]


def test_what_is_no_color_is_not_painted() -> None:
    assert painted(Rectangle(0, 0, 9, 9, "no color"), Line(0, 0, 9, 9, "url(x)"))(4, 4) == (0, 0, 0, 0)


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_a_text_stands_where_its_anchor_says(anchor: Any) -> None:
    at = painted(Text(20, 25, "HHH", 10, "red", anchor), size=40)
    columns = [x for x in range(40) if any(at(x, y)[3] for y in range(40))]
    wanted = {"start": (20, 42), "middle": (8, 32), "end": (-2, 21)}[anchor]
    assert columns
    assert wanted[0] - 1 <= columns[0] <= columns[-1] <= wanted[1] + 1


def test_a_picture_is_as_large_as_its_scale_says() -> None:
    with pictures.open(BytesIO(png(Drawing(10, 5.2), 3))) as picture:
        assert picture.size == (30, 16)


def test_a_film_shows_its_drawings_one_after_the_other() -> None:
    first, second = (Drawing(8, 8, (Rectangle(0, 0, 8, 8, color),)) for color in ("red", "green"))
    with pictures.open(BytesIO(gif([first, second], [0.5, 1]))) as film:
        colors = []
        for at in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(at)
            colors.append((film.convert("RGBA").getpixel((4, 4)), film.info["duration"]))
    assert colors == [(RED, 500), (GREEN, 1000)]


def test_a_film_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="one drawing at least"):
        gif([], [])


def test_without_pillow_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    importing = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.startswith("PIL"):
            raise ImportError(name)
        return importing(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match="pip install pillow"):
        png(Drawing(1, 1))


def test_pillow_is_not_imported_with_sidekick() -> None:
    import subprocess

    code = "import sys, sidekick; sidekick.Grid(2, 2).to_svg(); sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


# -- SVG


def parsed(*shapes: Shape) -> Node:
    found = parseString(svg(Drawing(10, 10, shapes, "A <title> & more"))).documentElement
    assert found is not None
    return found


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_each_shape_is_well_formed_svg_and_can_be_painted(shape: Shape) -> None:
    assert parsed(shape).childNodes
    assert any(painted(shape)(x, y)[3] for x in range(10) for y in range(10))


@given(st.text(), st.text())
def test_any_text_and_color_is_well_formed_and_stays_a_text(text: str, color: str) -> None:
    root = parsed(Text(0, 0, text, fill=color), Rectangle(0, 0, 1, 1, color))
    (drawn,) = root.getElementsByTagName("text")
    assert all(node.nodeType == node.TEXT_NODE for node in drawn.childNodes)
    assert {each.tagName for each in root.getElementsByTagName("*")} == {"text", "rect"}
    assert all(each.getAttribute("fill")[:1] in ("#", "n") for each in root.getElementsByTagName("*"))


def test_the_size_and_the_title_are_told() -> None:
    root = parsed()
    told = [root.getAttribute(name) for name in ("width", "viewBox", "role", "aria-label")]
    assert told == ["10", "0 0 10 10", "img", "A <title> & more"]


# -- Texts


@given(st.text(alphabet="ab cd漢\n", max_size=60), st.sampled_from([20.0, 50.0, 200.0]))
def test_wrapped_lines_fit_and_lose_only_blanks(text: str, width: float) -> None:
    lines = wrapped(text, width, 10)
    assert all(text_width(line.strip(" "), 10) <= width or len(line.strip(" ")) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_lines_are_broken_at_blanks() -> None:
    assert wrapped("one two three", text_width("one two ", 10), 10) == ["one two", "three"]


def test_a_cut_text_fits_and_says_that_it_was_cut() -> None:
    assert cut("short", 100, 10) == "short"
    shortened = cut("much too long for this", 60, 10)
    assert shortened.endswith("…")
    assert text_width(shortened, 10) <= 60
    assert len(shortened) > 5
