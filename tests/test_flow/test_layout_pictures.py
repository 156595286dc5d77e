"""Pictures of trees: SVG and PNG files that no browser made."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from flow.drawing import Drawing, Rectangle
from flow.drawing.guests import drawn_by
from flow.element import Element
from flow.layout import layout, to_png, to_svg
from flow.rich import shown
from flow.ui import (
    A,
    B,
    Button,
    Card,
    Code,
    Details,
    Div,
    Fieldset,
    HStack,
    Img,
    Input,
    Legend,
    Li,
    Meter,
    Ol,
    Option,
    P,
    Progress,
    Select,
    Summary,
    Text,
    Textarea,
    Ul,
    VStack,
)

SVG = "{http://www.w3.org/2000/svg}"


def parsed(tree: Element, **options: Any) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(tree, **options))


def texts(tree: Element, **options: Any) -> list[str]:
    return ["".join(each.itertext()) for each in parsed(tree, **options).iter(f"{SVG}text")]


def opened(tree: Element, **options: Any) -> Image.Image:
    with Image.open(BytesIO(to_png(tree, **options))) as found:
        return found.convert("RGB")


def pixels(picture: Image.Image) -> list[tuple[int, ...]]:
    data = picture.tobytes()
    return [tuple(data[at : at + 3]) for at in range(0, len(data), 3)]


def png(width: int, height: int, color: str = "red", kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind)
    return out.getvalue()


def test_an_svg_is_as_large_as_the_tree() -> None:
    tree = Div(style={"height": 120})
    root = parsed(tree, width=300)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("300", "120", "0 0 300 120")


def test_a_text_is_a_text_line_by_line_where_layout_has_its_lines() -> None:
    found = texts(P("Words that run on until the line that they are in is full"), width=160)
    assert len(found) > 2
    assert " ".join(found) == "Words that run on until the line that they are in is full"


def test_what_is_written_cannot_become_markup() -> None:
    nasty = '</text><script>alert("&amp;")</script>\x07'
    tree = VStack(Text(nasty), Input(value=nasty), Button(nasty, title=nasty), A(nasty, href='x?a=1&b="2"'))
    svg = to_svg(tree, width=900)
    root = ElementTree.fromstring(svg)
    assert "<script" not in svg
    assert [each for each in root.iter() if each.tag.endswith("script")] == []
    assert [each.get("{http://www.w3.org/1999/xlink}href") for each in root.iter(f"{SVG}a")] == ['x?a=1&b="2"']


def test_a_text_is_as_long_as_it_was_measured_with_any_font() -> None:
    word = Text("Measured")
    tree = HStack(word)
    [text] = parsed(tree, width=300).iter(f"{SVG}text")
    assert float(text.get("textLength", 0)) == pytest.approx(layout(tree, 300)[word].width, abs=0.01)


def test_controls_show_what_they_hold() -> None:
    tree = VStack(
        Input(value="typed"),
        Input(placeholder="a hint"),
        Input(type="password", value="abc"),
        Select(Option("one"), Option("two", value="2"), value="2"),
        Textarea(value="first line\nsecond line"),
        Button("Press"),
        Input(type="submit", value="Send"),
    )
    found = texts(tree, width=400)
    assert found == ["typed", "a hint", "•••", "two", "first line", "second line", "Press", "Send"]


def test_what_is_ticked_looks_otherwise_than_what_is_not() -> None:
    for kind in ("checkbox", "radio"):
        on, off = (to_png(Input(type=kind, checked=each), width=40) for each in (True, False))
        assert on != off


def test_sliders_bars_and_meters_show_their_values() -> None:
    def filled(tree: Element) -> int:
        found = pixels(opened(HStack(tree), width=200, scale=1))
        return sum(1 for pixel in found if pixel[2] > pixel[0] + 60 or pixel[1] > pixel[0] + 60)

    for kind in (lambda value: Input(type="range", value=value), lambda value: Progress(value=value, max=100)):
        assert filled(kind(90)) > 1.5 * filled(kind(30)) > 0
    assert filled(Meter(value=0.9)) > 1.5 * filled(Meter(value=0.3)) > 0


def test_backgrounds_borders_and_rounded_corners_are_painted() -> None:
    style = {"width": 60, "height": 40, "background": "rgb(255 0 0)", "border": "5px solid blue", "border-radius": 15}
    picture = opened(Div(style=style), width=100, scale=1)
    assert picture.getpixel((35, 25)) == (255, 0, 0)
    assert picture.getpixel((2, 25)) == (0, 0, 255)
    assert picture.getpixel((0, 0)) == (255, 255, 255)


def test_borders_may_differ_from_side_to_side() -> None:
    picture = opened(Div(style={"height": 20, "border-left": "6px solid red"}), width=50, scale=1)
    assert picture.getpixel((3, 10)) == (255, 0, 0)
    assert picture.getpixel((3 + 6, 10)) == picture.getpixel((48, 10)) == (255, 255, 255)


def test_a_dark_picture_has_a_dark_page_and_light_text() -> None:
    tree = P("Words")
    light, dark = opened(tree, width=100), opened(tree, width=100, dark=True)
    assert light.getpixel((199, 0)) == (255, 255, 255)
    assert dark.getpixel((199, 0)) == (18, 18, 18)
    assert min(pixels(light)) < (60, 60, 60)
    assert max(pixels(dark)) > (200, 200, 200)


def test_the_page_may_be_of_another_color_or_clear() -> None:
    assert opened(Div(style={"height": 4}), width=4, background="gold").getpixel((0, 0)) == (255, 215, 0)
    with Image.open(BytesIO(to_png(Div(style={"height": 4}), width=4, background=None))) as clear:
        assert clear.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="background takes a color of CSS's, or None, not 'goldish'"):
        to_svg(Div(), background="goldish")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_is_shown_whatever_its_format(kind: str) -> None:
    picture = opened(Img(src=png(30, 20, "red", kind)), width=40, scale=1)
    red, green, blue = picture.getpixel((15, 10))  # type: ignore[misc]
    assert red > 240
    assert max(green, blue) < 20


def test_an_image_may_be_a_data_url() -> None:
    url = f"data:image/png;base64,{b64encode(png(30, 20)).decode()}"
    assert opened(Img(src=url), width=40, scale=1).getpixel((15, 10)) == (255, 0, 0)


@pytest.mark.parametrize(
    "source", ["https://example.org/a.png", "data:image/png;base64,no", b"\x89PNG\r\n\x1a\nbroken"]
)
def test_an_image_that_is_elsewhere_or_broken_leaves_its_words(source: str | bytes) -> None:
    assert texts(Img(src=source, alt="A chart", width=200, height=80), width=300) == ["A chart"]


def test_what_is_cut_off_is_not_painted() -> None:
    inner = Div(style={"width": 100, "height": 10, "background": "red"})
    picture = opened(Div(inner, style={"width": 40, "overflow": "hidden"}), width=100, scale=1)
    assert picture.getpixel((39, 5)) == (255, 0, 0)
    assert picture.getpixel((45, 5)) == (255, 255, 255)


def test_a_line_that_is_too_long_may_end_with_an_ellipsis() -> None:
    style = {"width": 80, "overflow": "hidden", "white-space": "nowrap", "text-overflow": "ellipsis"}
    [text] = texts(Div("Much too long for so little room", style=style), width=300)
    assert text.startswith("Much")
    assert text.endswith("…")
    assert len(text) < 15


def test_lists_are_marked_and_numbered() -> None:
    assert texts(Ol(Li("a"), Li("b", value=7), Li("c")), width=200) == ["1. ", "a", "7. ", "b", "8. ", "c"]
    assert texts(Ol(Li("a"), type="i", start=4), width=200) == ["iv. ", "a"]
    assert len(list(parsed(Ul(Li("a"), Li("b")), width=200).iter(f"{SVG}ellipse"))) == 2


def test_disabled_elements_are_pale() -> None:
    plain, disabled = (opened(Button("OK", disabled=each), width=60, scale=1) for each in (False, True))
    assert min(pixels(disabled)) > min(pixels(plain))


def test_a_legend_interrupts_the_border_of_its_fieldset() -> None:
    tree = Fieldset(Legend("Who"), Input(value="me"))
    assert texts(tree, width=300) == ["Who", "me"]
    assert len(list(parsed(tree, width=300).iter(f"{SVG}polyline"))) == 1


def test_open_details_show_what_they_hold() -> None:
    assert texts(Details(Summary("More"), P("Hidden")), width=200) == ["More"]
    assert texts(Details(Summary("More"), P("Shown"), open=True), width=200) == ["More", "Shown"]


def test_svg_elements_are_drawn() -> None:
    from flow.svg import Circle, Path, Rect, Svg

    tree = Svg(
        Rect(x=0, y=0, width=10, height=10, fill="red"),
        Circle(cx=15, cy=5, r=5, fill="blue"),
        Path(d="M0 10 h10 v10 h-10 z", fill="lime"),
        view_box="0 0 20 20",
        width=40,
        height=40,
    )
    picture = opened(tree, width=60, scale=1)
    colors = [picture.getpixel(place) for place in ((10, 10), (30, 10), (10, 30), (30, 30))]
    assert colors == [(255, 0, 0), (0, 0, 255), (0, 255, 0), (255, 255, 255)]


def test_html_that_is_shown_as_it_is_is_laid_out_too() -> None:
    class Rich:
        def _repr_html_(self) -> str:
            return "<table><tr><th>Name</th></tr><tr><td>Ann <b>B</b></td></tr></table><script>no()</script>"

    element = shown(Rich())
    assert element is not None
    found = texts(Div(element), width=300)
    assert [each.strip() for each in found] == ["Name", "Ann", "B"]


def test_others_may_draw_their_own_kinds_of_elements() -> None:
    class Dot(Element, html="div"):
        pass

    drawn_by(Dot, lambda dot, width: Drawing(20, 10, (Rectangle(0, 0, 20, 10, "red"),)))
    tree = HStack(Text("A dot:"), dot := Dot())
    box = layout(tree, 200)[dot]
    assert (box.width, box.height) == (20, 10)
    assert opened(tree, width=200, scale=1).getpixel((int(box.x) + 10, int(box.y) + 5)) == (255, 0, 0)


def test_sidekick_s_components_are_in_the_picture() -> None:
    import sidekick

    grid = sidekick.Grid(4, 3)
    grid.set_color(0, 0, "red")
    console = sidekick.Console()
    console.print("printed")
    canvas = sidekick.Canvas(60, 40)
    canvas.draw_rect(0, 0, 60, 40, "blue")
    tree = VStack(
        Text("Title"), grid, console, sidekick.Row(sidekick.Button("Press"), sidekick.Label("beside")), canvas
    )
    found = texts(tree, width=400)
    assert [each.strip() for each in found] == ["Title", "printed", "Press", "beside"]
    colors = set(pixels(opened(tree, width=400, scale=1)))
    assert {(255, 0, 0), (0, 0, 255)} <= colors


def test_pictures_may_be_written_to_files(tmp_path: Path) -> None:
    tree = Card(B("Bold"), " and ", Code("code()"), title="Card")
    to_svg(tree, tmp_path / "a.svg", width=200)
    to_png(tree, tmp_path / "a.png", width=200, scale=3)
    assert (tmp_path / "a.svg").read_text("utf-8") == to_svg(tree, width=200)
    with Image.open(tmp_path / "a.png") as found:
        assert found.width == 600


@pytest.mark.parametrize("scale", [0, -1, 17, "2"])
def test_a_scale_that_is_none_is_told(scale: float) -> None:
    with pytest.raises(ValueError, match="scale of to_png"):
        to_png(Div(), scale=scale)


def test_a_picture_that_nothing_could_hold_is_told_and_not_begun() -> None:
    with pytest.raises(ValueError, match="Take a smaller scale"):
        to_png(Div(style={"height": 50_000}), width=50_000)
