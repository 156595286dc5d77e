"""flow.layout beside Chromium, with flow's own style sheet and the same fonts: each box of trees of all kinds."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from flow.drawing.fonts import font
from flow.drawing.shapes import Family
from flow.element import Element
from flow.layout import layout, to_png, to_svg
from flow.renderer.html import HTMLRenderer
from flow.ui import (
    H1,
    H2,
    Blockquote,
    Box,
    Br,
    Button,
    Card,
    Code,
    Details,
    Div,
    Em,
    Fieldset,
    Flex,
    Hr,
    HStack,
    Img,
    Input,
    Kbd,
    Label,
    Legend,
    Li,
    Meter,
    Ol,
    Option,
    P,
    Pre,
    Progress,
    Select,
    Small,
    Span,
    Strong,
    Sub,
    Summary,
    Sup,
    Table,
    Tbody,
    Td,
    Text,
    Textarea,
    Th,
    Thead,
    Tr,
    Ul,
    VStack,
    Window,
)

STYLE = Path(__file__).parents[2] / "js" / "src" / "style" / "flow.css"
WIDTH = 600
RIGID, TEXTUAL = 2.0, 0.08  # CSS pixels; of a length that depends on text

WORDS = "Words that run on, one after the other, until the line that they are in is full and another has to begin."


def _png(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (70, 130, 180)).save(out, "PNG")
    return out.getvalue()


def rows_and_columns() -> Element:
    return VStack(
        HStack(Box(width=40, height=20), Box(grow=1, height=30), Box(width="25%", height=10), gap=12, padding=6),
        Flex(*(Box(width=90, height=24, style={"margin": "3px 5px"}) for _ in range(9)), wrap=True, gap=7),
        HStack(Box(width=500, height=8), Box(width=500, height=8, shrink=3), Box(min_width=120, height=8)),
        Flex(Box(width=30, height=9), Box(width=30, height=19), direction="column", align="flex-end", height=90, gap=3),
        HStack(*(Box(width=50, height=12) for _ in range(3)), justify="space-between", align="stretch", height=40),
    )


def boxes_with_edges() -> Element:
    edges = {"padding": "4px 10px", "margin": "8px auto", "border": "3px solid teal", "max-width": "70%"}
    with Div(style=edges) as tree:
        Div(style={"height": 20, "margin": "10px 0 14px"})
        with Div(style={"height": 30, "margin": "6px 5%", "box-sizing": "border-box", "padding": "2%", "width": "50%"}):
            Div(style={"height": "100%"})
        with Div(style={"position": "relative", "height": 60}):
            Div(style={"position": "absolute", "inset": "5px 10px auto auto", "width": "20%", "height": 12})
            Div(style={"position": "absolute", "left": 4, "right": 40, "bottom": 0, "height": 7})
            Div(style={"position": "relative", "left": 9, "top": -3, "width": 33, "height": 11})
        Div(style={"display": "none", "height": 50})
        Div(style={"aspect-ratio": "4 / 1", "width": 120})
    return Div(tree)


def text() -> Element:
    return Div(
        H1("A heading"),
        P("Some ", Strong("strong"), ", ", Em("stressed"), " and ", Code("code()"), " words. ", Small("Aside."), WORDS),
        H2("Another, that is much longer than the first and goes on in a second line of its own"),
        P("H", Sub("2"), "O, E = mc", Sup("2"), " and ", Kbd("Ctrl"), " + ", Kbd("C"), "."),
        P(WORDS, style={"width": 210, "text-align": "center"}),
        P(WORDS, style={"width": 150, "font-size": "1.3em", "line-height": 1.2}),
        Blockquote(WORDS),
        Pre("def function():\n    return 42\n"),
        Hr(),
    )


def buttons() -> Element:
    return VStack(
        HStack(Button("Plain"), Button("Go", cls="flow-primary"), Button("Two words"), Button("Off", disabled=True)),
        Div(Button("One"), " ", Button("Two"), " and text between ", Button("Three")),
        HStack(Text(WORDS), Button("Sign up now"), Button("Log in")),
        HStack(*(Button("Do this thing") for _ in range(6))),
        HStack(Button(WORDS)),
        Button("In a column"),
        Button("As wide as it says", style={"width": 240}),
        Div(Button("A long label that has to go on in another line"), style={"width": 180}),
    )


def form() -> Element:
    return VStack(
        HStack(Label("Name"), Input(value="Ann", style={"width": 200}), Input(type="number", value=3)),
        HStack(Label(Input(type="checkbox"), "Yes"), Label(Input(type="radio"), "No"), Input(type="checkbox")),
        HStack(Input(type="range", value=30), Progress(value=3, max=10), Meter(value=0.5), Input(type="color")),
        Select(Option("one"), Option("a longer one"), value="one"),
        Textarea(value="lines\nof text", style={"width": 300}),
        Fieldset(Legend("Who"), Input(value="me", style={"width": 120})),
        Div(Input(value="a"), Input(type="checkbox"), Button("b"), Select(Option("c")), Button("d"), Label("e"), "f"),
        Div(Text("Count: 3"), Button("Increment"), Text("of 5"), Text("or so"), Label("e")),
        Div(
            Label("Name", Input(value="Ann", style={"width": 100})),
            Label(Input(type="number", style={"width": 60}), "kg"),
        ),
        Div(Label(Input(type="radio"), Text("One")), Label(Input(type="radio"), "Other"), Text("and more")),
        Div(Input(type="checkbox"), Label("One"), Input(type="checkbox"), Text("Other"), Button("b"), "f"),
        HStack(Label(Input(type="radio"), Text("One")), Label("Other", Input(type="radio")), Text("and more")),
        HStack(Input(type="checkbox"), Label("One"), Input(type="checkbox"), Text("Other"), Button("b")),
        Label("Age ", Input(type="range", max=120, value=36), Text(36)),
        Label("On top", Br(), Select(Option("teal"))),
        Label("Done ", Progress(value=3, max=10), style={"width": 200}),
        Div("Say ", Input(style={"width": 100}), " or ", Input(type="checkbox"), " this"),
    )


def lists() -> Element:
    return Div(
        Ul(Li("one"), Li("two ", Strong("strong")), Li(WORDS), Li("with one inside", Ul(Li("inner"), Li("last")))),
        Ol(Li("first"), Li(P("a paragraph"), P("another")), Li(Button("a button"))),
    )


def table() -> Element:
    names = ("Ann", 31), ("Bob the builder", 42), ("Cy", 7)
    return Div(
        Table(
            Thead(Tr(Th("Name"), Th("Age"), Th("Pay"))),
            Tbody(*(Tr(Td(name), Td(age), Td(age * 1000)) for name, age in names)),
        ),
        Table(Tr(Td("wide", colspan=2), Td("c")), Tr(Td("one"), Td("two", style={"width": 120}), Td(Button("go")))),
    )


def cards() -> Element:
    return HStack(
        Card(Text("Inside"), Button("Go"), title="A card", grow=1),
        Window(P(WORDS), HStack(Button("Yes"), Button("No"), justify="flex-end"), title="A window", width=280),
        align="flex-start",
    )


def pictures() -> Element:
    data = _png(80, 40)
    return VStack(
        Div("Before ", Img(src=data), " after"),
        Img(src=data, width=40),
        Img(src=data, style={"height": 60}),
        Div(Img(src=data), style={"width": 50}),
        HStack(Img(src=data), Div(style={"width": 20, "height": 80})),
    )


def panels() -> Element:
    return Div(
        Details(Summary("Closed"), P("Not seen")),
        Details(Summary("Open"), P(WORDS), open=True),
        Div(Span("nested ", Span("deeper"), " words"), style={"padding": 8, "overflow": "hidden", "height": 40}),
        Div("centered", style={"display": "flex", "justify-content": "center", "align-items": "center", "height": 50}),
        Div(Div("fits"), style={"width": "fit-content", "padding": "2px 6px", "border": "1px solid"}),
    )


def colors() -> Element:
    return VStack(
        HStack(Button("Plain"), Button("Go", cls="flow-primary"), Button("No", cls="flow-danger")),
        Card(Input(type="text", style={"width": 100}), style={"width": 200}),
        Progress(value=0.5),
        Select(Option(""), Option("", selected=True), Option(""), size=3, style={"width": 80}),
        Div(style={"height": 20, "background": "color-mix(in srgb, tomato 30%, white)"}),
        Div(style={"height": 20, "background": "var(--flow-accent)", "opacity": 0.4}),
        Table(Tbody(Tr(Td("")), Tr(Td("")))),
    )


TREES: list[Callable[[], Element]] = [
    rows_and_columns, boxes_with_edges, text, buttons, form, lists, table, cards, pictures, panels,
]  # fmt: skip


def _face(family: Family, is_bold: bool, is_italic: bool) -> str:
    """The font that layout measures with, for the page."""
    found = font(family, is_bold, 16, is_italic)
    source: Any = found.path  # type: ignore[union-attr]
    data = Path(source).read_bytes() if isinstance(source, str) else source.getvalue()
    weight, style = "600 900" if is_bold else "100 500", "italic" if is_italic else "normal"
    url = f"data:font/ttf;base64,{b64encode(data).decode()}"
    return (
        f"@font-face {{font-family: {family}-of-layout; font-weight: {weight}; font-style: {style}; src: url({url})}}"
    )


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """A page with flow's style and the fonts that layout measures with, for one tree after the other."""
    families: tuple[Family, ...] = ("sans", "mono")
    looks = [(bold, slant) for bold in (False, True) for slant in (False, True)]
    faces = "".join(_face(family, *look) for look in looks for family in families)
    fonts = "body {margin: 0; font: 16px sans-of-layout} .flow-root {--flow-mono: mono-of-layout !important}"
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1)
    page = context.new_page()
    root = f'<div class="flow-root" style="display: flow-root; width: {WIDTH}px"></div>'
    page.set_content(f"<!doctype html><style>{faces}{STYLE.read_text()}{fonts}</style><body>{root}")
    yield page
    context.close()


def show(page: Page, tree: Element) -> None:
    """Have Chromium show a tree as flow does."""
    html = HTMLRenderer().render(tree)
    page.evaluate("html => {document.querySelector('.flow-root').innerHTML = html}", html)
    page.evaluate("Promise.all([...document.images].map(each => each.decode())).then(() => document.fonts.ready)")


def rects(page: Page) -> dict[str, list[float]]:
    """Where Chromium has the elements of a tree, by their ids."""
    found: dict[str, list[float]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[id^=flow-]')].map(each => {
            const {x, y, width, height} = each.getBoundingClientRect();
            return [each.id.slice(5), [x, y, width, height]];
        }))"""
    )
    return found


@pytest.mark.parametrize("made", TREES, ids=lambda made: made.__name__)
def test_boxes_are_where_chromium_has_them(sheet: Page, made: Callable[[], Element]) -> None:
    tree = made()
    show(sheet, tree)
    wanted, boxes = rects(sheet), layout(tree, WIDTH)
    is_rigid = made in (rows_and_columns, boxes_with_edges, pictures)
    wrong = []
    for box in boxes:
        pairs = list(zip((box.x, box.y, box.width, box.height), wanted[str(box.element_id)], strict=True))
        if any(abs(one - other) > (RIGID if is_rigid else max(RIGID, TEXTUAL * other)) for one, other in pairs):
            wrong.append((box.tag, [(round(one, 1), round(other, 1)) for one, other in pairs]))
    assert wrong == []
    assert len(boxes) > 5


def test_a_picture_has_the_colors_that_chromium_paints(sheet: Page) -> None:
    tree = colors()
    show(sheet, tree)
    with (
        Image.open(BytesIO(sheet.screenshot())) as seen,
        Image.open(BytesIO(to_png(tree, width=WIDTH, scale=1))) as ours,
    ):
        theirs, mine = seen.convert("RGB"), ours.convert("RGB")
    for box in layout(tree, WIDTH):
        if box.tag in ("table", "tbody"):  # whose middle is the edge between two rows
            continue
        place = round(box.x + 6), round(box.y + box.height / 2)
        wanted, got = theirs.getpixel(place), mine.getpixel(place)
        assert isinstance(wanted, tuple)
        assert isinstance(got, tuple)
        assert all(abs(one - other) <= 6 for one, other in zip(wanted, got, strict=True)), (box.tag, wanted, got)


def test_an_svg_shows_in_chromium_with_text_that_can_be_selected(sheet: Page) -> None:
    tree = buttons()
    sheet.evaluate("svg => {document.querySelector('.flow-root').innerHTML = svg}", to_svg(tree, width=WIDTH))
    words = sheet.evaluate(
        "() => {getSelection().selectAllChildren(document.querySelector('svg')); return String(getSelection())}"
    )
    assert "As wide as it says" in words
    assert sheet.evaluate("document.querySelector('svg').getBoundingClientRect().width") == WIDTH
