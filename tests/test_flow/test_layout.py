"""The boxes of trees that need no browser."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from flow import Signal, component
from flow.layout import Boxes, layout
from flow.ui import (
    H1,
    Box,
    Button,
    Card,
    Details,
    Dialog,
    Div,
    Flex,
    HStack,
    Img,
    Input,
    Label,
    Li,
    Ol,
    P,
    Span,
    Summary,
    Table,
    Td,
    Text,
    Tr,
    Ul,
    VStack,
)

LONG = "Words that run on, one after the other, until the line that they are in is full and another has to begin. "


def rect(boxes: Boxes, element: object) -> tuple[float, float, float, float]:
    box = boxes[element]  # type: ignore[index]
    return round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2)


def test_children_of_a_row_stand_side_by_side_with_the_gap_between() -> None:
    with HStack(gap=10, padding=5) as row:
        first, second = Box(width=40, height=20), Box(width=60, height=30)
    boxes = layout(row, 300)
    assert rect(boxes, row) == (0, 0, 300, 40)
    assert rect(boxes, first) == (5, 10, 40, 20)  # in the middle, as HStack has it
    assert rect(boxes, second) == (55, 5, 60, 30)


def test_children_of_a_column_stand_below_each_other() -> None:
    with VStack(gap=4) as column:
        first, second = Box(height=20), Box(height=30)
    boxes = layout(column, 200)
    assert rect(boxes, first) == (0, 0, 200, 20)
    assert rect(boxes, second) == (0, 24, 200, 30)


def test_what_grows_takes_the_room_that_is_left_in_the_ratio_it_says() -> None:
    with HStack(gap=0) as row:
        fixed, one, two = Box(width=100), Box(grow=1, basis=0), Box(grow=2, basis=0)
    boxes = layout(row, 400)
    assert [boxes[each].width for each in (fixed, one, two)] == [100, 100, 200]


def test_a_button_in_a_full_row_keeps_its_text_in_one_line() -> None:
    with HStack(gap=0) as row:
        words, button = Text(LONG), Button("Sign up now")
    long = Button(LONG)
    boxes = layout(VStack(row, HStack(long), HStack(alone := Button("Sign up now"))), 300)
    assert boxes[button].width == pytest.approx(boxes[alone].width, abs=0.01)
    assert boxes[words].right == pytest.approx(boxes[button].x, abs=0.01)
    assert boxes[button].right == pytest.approx(300, abs=0.01)
    assert boxes[long].width == 300


def test_what_shrinks_gives_way_where_there_is_too_little_room() -> None:
    with HStack(gap=0) as row:
        one, two = Box(width=300), Box(width=300, shrink=0)
    boxes = layout(row, 400)
    assert (boxes[one].width, boxes[two].width) == (100, 300)


@pytest.mark.parametrize(
    ("justify", "starts"),
    [
        ("flex-start", [0, 50]),
        ("center", [50, 100]),
        ("flex-end", [100, 150]),
        ("space-between", [0, 150]),
        ("space-around", [25, 125]),
        ("space-evenly", [100 / 3, 350 / 3]),
    ],
)
def test_justify_says_where_the_room_that_is_left_goes(justify: str, starts: list[float]) -> None:
    with HStack(gap=0, justify=justify) as row:
        pair = Box(width=50), Box(width=50)
    boxes = layout(row, 200)
    assert [boxes[each].x for each in pair] == pytest.approx(starts, abs=0.01)


@pytest.mark.parametrize(("align", "place"), [("flex-start", (0, 20)), ("center", (15, 20)), ("stretch", (0, 50))])
def test_align_says_where_children_stand_across_their_row(align: str, place: tuple[float, float]) -> None:
    with Flex(align=align, height=50) as row:
        child = Box(width=10, style={"height": 20} if align != "stretch" else None)
    box = layout(row, 200)[child]
    assert (box.y, box.height) == place


def test_a_row_that_wraps_goes_on_below() -> None:
    with HStack(wrap=True, gap=10) as row:
        boxes_in_it = [Box(width=80, height=20) for _ in range(3)]
    boxes = layout(row, 200)
    assert [(boxes[each].x, boxes[each].y) for each in boxes_in_it] == [(0, 0), (90, 0), (0, 30)]


def test_the_gap_between_lines_may_be_another_than_that_in_them() -> None:
    with HStack(wrap=True, gap="5px 20px") as row:
        boxes_in_it = [Box(width=80, height=20) for _ in range(3)]
    boxes = layout(row, 200)
    assert [(boxes[each].x, boxes[each].y) for each in boxes_in_it] == [(0, 0), (100, 0), (0, 25)]


def test_a_box_whose_margins_leave_no_room_is_of_no_width() -> None:
    words = P("a", style={"margin": 1, "display": "flex"})
    assert layout(words, 1)[words].width == 0


def test_sizes_may_be_shares_of_what_is_around_and_have_bounds() -> None:
    with Div(style={"width": "50%", "padding": 10}) as outer:
        half = Box(width="50%", height=10)
        bounded = Box(width="90%", max_width=60, min_height=7)
    boxes = layout(Div(outer), 400)
    assert boxes[outer].width == 220  # its padding comes on top, as CSS has it
    assert boxes[half].width == 100
    assert rect(boxes, bounded)[2:] == (60, 7)


def test_units_are_what_css_says_they_are() -> None:
    sizes = {"1em": 20, "2rem": 32, "10vw": 40, "12pt": 16, "1in": 96, "calc(10px + 2em)": 50, "min(50%, 90px)": 90}
    with Div(style={"font-size": 20}) as tree:
        elements = [Box(width=size, height=1) for size in sizes]
    boxes = layout(tree, 400)
    assert [boxes[each].width for each in elements] == list(sizes.values())


def test_an_absolute_element_is_placed_in_the_nearest_that_is_positioned() -> None:
    with Div(style={"position": "relative", "height": 100, "margin-left": 30}) as outer, Div(style={"padding": 20}):
        corner = Div(style={"position": "absolute", "right": 5, "bottom": 5, "width": 10, "height": 10})
    boxes = layout(Div(outer), 230)
    assert rect(boxes, corner) == (215, 85, 10, 10)


def test_what_is_not_displayed_has_no_box_and_takes_no_room() -> None:
    with VStack(gap=0) as tree:
        hidden = Div("no", style={"display": "none"})
        also = Div("no", hidden=True)
        closed = Dialog("no")
        seen = Box(height=10)
    boxes = layout(tree, 100)
    assert rect(boxes, seen) == (0, 0, 100, 10)
    assert not any(each in boxes for each in (hidden, also, closed))
    with pytest.raises(KeyError, match="has no box"):
        boxes[hidden]


def test_margins_of_blocks_collapse() -> None:
    with Div() as tree:
        first, second = (Div(style={"height": 10, "margin": each}) for each in ("20px 0", "30px 0"))
    boxes = layout(tree, 100)
    assert boxes[second].y - boxes[first].bottom == 30


def test_text_is_broken_between_words_and_makes_its_element_higher() -> None:
    wide, narrow = P(LONG), P(LONG)
    one, many = layout(Div(wide), 2000)[wide], layout(Div(narrow), 200)[narrow]
    assert one.height == 24  # 1.5 times the size of the font
    assert many.height >= 4 * 24
    assert many.height % 24 == 0


def test_text_in_larger_letters_is_wider_in_proportion() -> None:
    small, large = Text("Some words"), Text("Some words", style={"font-size": 32})
    boxes = layout(VStack(HStack(small), HStack(large)), 400)
    assert boxes[large].width == pytest.approx(2 * boxes[small].width, rel=0.01)


def test_bold_text_is_wider_and_code_has_letters_of_one_width() -> None:
    plain, bold = Text("Some words"), Text("Some words", style={"font-weight": "bold"})
    thin, thick = (Text(each * 10, style={"font-family": "monospace"}) for each in "iW")
    boxes = layout(VStack(*(HStack(each) for each in (plain, bold, thin, thick))), 400)
    assert boxes[bold].width > boxes[plain].width
    assert boxes[thin].width == pytest.approx(boxes[thick].width)


def test_lines_that_may_not_be_broken_are_not() -> None:
    text = Div(LONG, style={"white-space": "nowrap"})
    assert layout(Div(text), 100)[text].height == 24


def test_a_button_is_as_wide_as_its_label_and_its_padding() -> None:
    label = Text("Save all")
    button = Button("Save all")
    boxes = layout(VStack(HStack(label), HStack(button)), 400)
    assert boxes[button].width == pytest.approx(boxes[label].width + 2 * (0.9 * 16 + 1), abs=0.01)
    assert boxes[button].height == pytest.approx(35.2)


def test_a_button_in_a_line_of_text_stands_in_it() -> None:
    button = Button("Go")
    with Div("Press ", button, " now") as tree:
        pass
    boxes = layout(tree, 400)
    assert boxes[button].x == pytest.approx(layout(HStack(text := Text("Press ")), 400)[text].width, abs=5)
    assert 35.2 <= boxes[tree].height < 40


def test_a_button_that_does_not_fit_goes_on_the_next_line() -> None:
    buttons = [Button("A button") for _ in range(3)]
    boxes = layout(Div(*buttons), 210)
    assert [boxes[each].y > 0 for each in buttons] == [False, False, True]


def test_an_element_in_a_text_has_a_box_around_all_of_its_lines() -> None:
    words = Span(LONG)
    boxes = layout(Div("Before ", words), 200)
    assert boxes[words].x == 0
    assert boxes[words].height > 48


def test_columns_of_a_table_are_as_wide_in_each_row() -> None:
    table = Table(Tr(Td("a"), Td("b")), Tr(Td("a longer text"), Td("c")))
    boxes = layout(Div(table), 400)
    first, second = (each for each in boxes if each.tag == "tr")
    assert [each.x for each in first.children] == [each.x for each in second.children]
    assert [each.width for each in first.children] == [each.width for each in second.children]
    assert boxes[table].width < 400
    assert second.y == pytest.approx(first.bottom)


def test_a_cell_may_take_several_columns_and_rows() -> None:
    wide, high = Td("wide", colspan=2), Td("high", rowspan=2)
    table = Table(Tr(wide, high), Tr(Td("one"), Td("two")))
    boxes = layout(Div(table), 400)
    last = [each for each in boxes if each.tag == "td"][-1]
    assert boxes[wide].right == pytest.approx(last.right)
    assert boxes[high].height == pytest.approx(boxes[table].height)


def test_items_of_lists_are_indented_by_what_their_marks_take() -> None:
    items = Li("one"), Li("two")
    boxes = layout(VStack(Ul(items[0]), Ol(items[1])), 400)
    assert [boxes[each].x for each in items] == [pytest.approx(28.8)] * 2


def test_details_show_what_is_in_them_when_they_are_open() -> None:
    def height(*, is_open: bool) -> float:
        details = Details(Summary("More"), P("Much more"), open=is_open)
        return layout(Div(details), 300)[details].height

    assert height(is_open=True) > height(is_open=False) + 20


def test_an_image_keeps_the_ratio_of_its_sides() -> None:
    picture = Img(src=b"\x89PNG\r\n\x1a\n", width=200, height=100, style={"width": 50})
    assert rect(layout(Div(picture), 400), picture)[2] == 50


def test_a_height_of_the_page_is_what_shares_of_it_are_of() -> None:
    tree = Box(height="50%")
    assert layout(tree, 100, 300)[tree].height == 150


def test_components_and_signals_are_laid_out_as_they_are_now() -> None:
    words = Signal("short")

    @component
    def Card_(text: Signal[str]) -> Div:
        return Div(Text(text), style={"width": "fit-content"})

    tree = VStack(Card_(words))
    before = layout(tree, 400)
    words.value = "a much longer text than before"
    after = layout(tree, 400)
    spans = [next(each for each in boxes if each.tag == "span") for boxes in (before, after)]
    assert spans[1].width > 2 * spans[0].width


def test_a_box_says_which_one_is_at_a_point() -> None:
    with VStack(gap=0) as tree:
        Box(height=10)
        second = Box(height=10)
    boxes = layout(tree, 100)
    assert boxes.at(50, 15) == boxes[second]
    assert boxes.at(500, 15) is None


def test_a_card_has_its_title_above_what_is_in_it() -> None:
    child = Box(height=10)
    boxes = layout(Card(child, title="Title"), 300)
    header = next(each for each in boxes if each.tag == "header")
    assert boxes.root.content == (15, 13, 270, boxes.root.height - 26)
    assert boxes[child].y == pytest.approx(header.bottom + 8)


def test_headings_have_their_sizes() -> None:
    heading = H1("Title")
    assert layout(Div(heading), 400)[heading].height == pytest.approx(1.8 * 16 * 1.25)


def test_a_field_is_as_wide_as_its_style_says() -> None:
    field = Input(value="x", style={"width": 90})
    assert rect(layout(HStack(field), 400), field) == (0, 0, 90, 35.2)


@pytest.mark.parametrize("name", ["Name", "Name ", Span("Name")])
def test_a_label_keeps_one_distance_from_its_field(name: object) -> None:
    field, unit = Input(style={"width": 50}), Span("kg")
    boxes = layout(HStack(Label(name, field, unit), HStack(alone := Span("Name"))), 400)
    assert boxes[field].x == pytest.approx(boxes[alone].width + 0.4 * 16, abs=0.01)
    assert boxes[unit].x == pytest.approx(boxes[field].x + 50 + 0.4 * 16, abs=0.01)


@pytest.mark.parametrize(("row", "near", "far"), [(Div, 0.35 * 16, 16), (HStack, 8, 8 + 0.6 * 16)])
def test_a_check_stands_nearer_to_its_name_than_to_the_next_check(row: type[Div], near: float, far: float) -> None:
    checks, names = [Input(type="checkbox") for _ in range(2)], [Label("One"), Span("Two")]
    boxes = layout(row(checks[0], names[0], checks[1], names[1]), 400)
    assert [boxes[name].x - boxes[check].right for check, name in zip(checks, names, strict=True)] == pytest.approx(
        [near, near], abs=0.01
    )
    assert boxes[checks[1]].x - boxes[names[0]].right == pytest.approx(far, abs=0.01)


@pytest.mark.parametrize(("row", "far"), [(Div, 16), (HStack, 8 + 0.5 * 16)])
def test_a_label_with_a_check_keeps_a_larger_distance_from_the_next(row: type[Div], far: float) -> None:
    labels = [Label(Input(type="radio"), name := Span("One")), Label(Input(type="radio"), "Two")]
    boxes = layout(row(*labels), 400)
    assert boxes[name].x == pytest.approx((0.1 + 1.15 + 0.35) * 16, abs=0.01)
    assert boxes[labels[1]].x - boxes[labels[0]].right == pytest.approx(far, abs=0.01)


def test_elements_may_be_a_hundred_levels_deep() -> None:
    inner = deep = Div("x")
    for _ in range(100):
        deep = Div(deep, style={"padding-left": 1})
    assert layout(deep, 400)[inner].x == 100


@pytest.mark.parametrize("width", [0, -5, float("nan"), 10**9])
def test_a_width_that_is_none_is_told(width: float) -> None:
    with pytest.raises(ValueError, match="width takes a number of CSS pixels above 0"):
        layout(Div(), width)


@pytest.mark.parametrize("width", ["400px", None, True])
def test_a_width_that_is_no_number_is_told(width: float) -> None:
    with pytest.raises(TypeError, match="width takes a number of CSS pixels, not"):
        layout(Div(), width)


def test_what_is_no_element_is_told() -> None:
    with pytest.raises(TypeError, match=r"layout takes an element, such as VStack\(…\), not 'Hello'"):
        layout("Hello", 100)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("style", "what"),
    [
        (
            {"width": "12foo"},
            r'<div class="flow-box"> has the style width: 12foo, but foo is no unit that layout knows',
        ),
        ({"height": "12"}, "height: 12, but 12 has no unit, such as px"),
        ({"width": "calc(100% - 10px)"}, "adds a share of what is around to a length, which layout cannot"),
        ({"font-size": "3zz"}, "font-size: 3zz, but zz is no unit"),
    ],
)
def test_a_length_that_layout_does_not_know_is_told_with_its_element(style: dict[str, str], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        layout(Box(style=style), 100)


def test_what_fails_while_text_is_measured_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flow.layout.frames.Frame.measured", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        layout(P("A text"), 100)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from flow.layout import engine

    engine._taffy.cache_clear()
    monkeypatch.setitem(sys.modules, "stretchable", None)
    try:
        with pytest.raises(ImportError, match=r'pip install "sideflow\[layout\]"'):
            layout(Div(), 100)
    finally:
        engine._taffy.cache_clear()


def test_boxes_are_told_from_outside_to_inside() -> None:
    boxes = layout(VStack(HStack(Box(), Box()), Box()), 100)
    assert [each.tag for each in boxes] == ["div"] * 5
    assert len(boxes) == 5
    assert all(one.y <= other.y for one, other in pairwise(boxes))
