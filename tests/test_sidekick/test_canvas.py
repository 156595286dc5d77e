"""Canvas: what is drawn, what is refused, what buffers do, and how little is kept."""

from __future__ import annotations

import inspect
import logging
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest

import sidekick
from flow.drawing import Ellipse, Group, Image, Line, Polygon, Polyline, Rectangle, Shape, Text
from flow.drawing.picture import png
from flow.renderer.html import HTMLRenderer
from sidekick import Canvas, canvas_sheet
from sidekick.canvas_buffer import Buffer
from sidekick.canvas_ink import read_header
from sidekick.recording import now
from sidekick.replicas import copied
from support.sidekick_page import Shown

RED_DOT = png(1, 1, b"\xff\0\0\xff")


def shapes(canvas: Canvas) -> list[Shape]:
    return canvas._shapes()


@pytest.fixture
def canvas() -> Canvas:
    return Canvas(40, 30)


def test_each_method_has_the_parameters_it_always_had() -> None:
    outline = {"line_color": None, "line_width": None}
    filled = {"fill_color": None, **outline}
    expected: dict[str, dict[str, Any]] = {
        "clear": {},
        "draw_line": dict.fromkeys(("x1", "y1", "x2", "y2"), ...) | outline,
        "draw_rect": dict.fromkeys(("x", "y", "width", "height"), ...) | filled,
        "draw_circle": dict.fromkeys(("cx", "cy", "radius"), ...) | filled,
        "draw_ellipse": dict.fromkeys(("cx", "cy", "radius_x", "radius_y"), ...) | filled,
        "draw_polyline": {"points": ..., **outline},
        "draw_polygon": {"points": ..., **filled},
        "draw_text": {"x": ..., "y": ..., "text": ..., "text_color": None, "text_size": None},
    }
    for name, parameters in expected.items():
        assert _parameters(getattr(Canvas, name)) == {**parameters, "buffer_id": None}
        assert _parameters(getattr(Buffer, name)) == parameters
    made = {"width": ..., "height": ..., **dict.fromkeys(("instance_id", "parent", "on_click", "on_error"))}
    assert _parameters(Canvas.__init__) == made
    assert Canvas.ONSCREEN_BUFFER_ID == 0


def _parameters(function: Any) -> dict[str, Any]:
    told = [each for each in inspect.signature(function).parameters.values() if each.name != "self"]
    return {each.name: ... if each.default is each.empty else each.default for each in told}


def test_a_buffer_can_do_all_that_a_canvas_can() -> None:
    drawn = {name for name in dir(Canvas) if name.startswith("draw_")}
    assert {name for name in dir(Buffer) if name.startswith("draw_")} == drawn
    for name in drawn:
        assert {**_parameters(getattr(Buffer, name)), "buffer_id": None} == _parameters(getattr(Canvas, name))


@pytest.mark.parametrize("size", [(0, 1), (1, -1), (1.5, 1), ("3", 3), (None, 1), (1, 100_000)])
def test_a_canvas_has_whole_numbers_of_pixels_that_browsers_can_show(size: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match="of Canvas is a whole number from 1 to 16384"):
        Canvas(*size)


def test_the_size_can_be_read_and_not_written(canvas: Canvas) -> None:
    assert (canvas.width, canvas.height) == (40, 30)
    with pytest.raises(AttributeError):
        canvas.width = 5  # type: ignore[misc]


def test_shapes_are_drawn_in_the_order_of_the_calls_with_lines_of_black_and_one_pixel(canvas: Canvas) -> None:
    canvas.draw_line(1, 2, 3, 4)
    canvas.draw_rect(1, 2, 3, 0, "gold")
    canvas.draw_circle(1.5, 2, 0.5, line_color="red", line_width=2.5)
    canvas.draw_ellipse(1, 2, 3, 4, line_width=0)
    canvas.draw_polyline([(1, 2), [3, 4]], "navy")
    canvas.draw_polygon(((1, 2), (3, 4), (5, 6)), "teal")
    canvas.draw_text(1, 2, 42)
    assert shapes(canvas) == [
        Line(1, 2, 3, 4, "#000"),
        Rectangle(1, 2, 3, 0, "gold", "#000"),
        Ellipse(1.5, 2, 0.5, 0.5, None, "red", 2.5),
        Ellipse(1, 2, 3, 4, None, "#000"),
        Polyline(((1, 2), (3, 4)), "navy"),
        Polygon(((1, 2), (3, 4), (5, 6)), "teal", "#000"),
        Text(1, 2, "42", 10, "#000"),
    ]


@pytest.mark.parametrize(
    ("method", "arguments", "error", "told"),
    [
        ("draw_line", (0, 0, 1, 1, None, 0), ValueError, "line_width"),
        ("draw_line", (0, 0, 1, 1, None, "2"), ValueError, "line_width"),
        ("draw_line", (0, "a", 1, 1), TypeError, "y1 takes a number"),
        ("draw_line", (0, 0, float("nan"), 1), ValueError, "x2"),
        ("draw_line", (0, 0, 1, 10**400), ValueError, "y2"),
        ("draw_line", (0, 0, 1, 1, {"red"}), TypeError, "line_color takes a color"),
        ("draw_rect", (0, 0, -1, 1), ValueError, "width is 0 or more"),
        ("draw_rect", (0, 0, 1, -1), ValueError, "height is 0 or more"),
        ("draw_rect", (0, 0, None, 1), TypeError, "width takes a number"),
        ("draw_rect", (0, 0, 1, 1, None, None, -1), ValueError, "line_width"),
        ("draw_rect", (0, 0, 1, 1, 5), TypeError, "fill_color takes a color"),
        ("draw_circle", (0, 0, 0), ValueError, "radius"),
        ("draw_circle", (0, 0, "1"), ValueError, "radius"),
        ("draw_ellipse", (0, 0, 1, 0), ValueError, "radius_y"),
        ("draw_ellipse", (0, 0, -1, 1), ValueError, "radius_x"),
        ("draw_polyline", ([(0, 0)],), ValueError, "2 or more points"),
        ("draw_polyline", (None,), ValueError, "2 or more points"),
        ("draw_polyline", ("abc",), ValueError, "2 or more points"),
        ("draw_polyline", ([(0, 0), 5],), TypeError, r"points\[1\] is a point"),
        ("draw_polyline", ([(0, 0), (1, "2")],), TypeError, r"y of points\[1\]"),
        ("draw_polyline", ([(0, 0), (1, 2)], None, 0), ValueError, "line_width"),
        ("draw_polygon", ([(0, 0), (1, 1)],), ValueError, "3 or more points"),
        ("draw_text", (0, 0, "a", None, 0), ValueError, "text_size"),
        ("draw_text", (None, 0, "a"), TypeError, "x takes a number"),
        ("draw_image", (5,), TypeError, "image takes the path of a picture"),
        ("draw_image", (b"no picture",), ValueError, "no picture that is known"),
        ("draw_image", ("/no/such/file.png",), FileNotFoundError, "file.png"),
        ("draw_image", (RED_DOT, 0, 0, -1, 1), ValueError, "width takes numbers from 0 on"),
        ("draw_circles", ([1, 2], [1, 2, 3], 4), ValueError, "2 for cx, 3 for cy"),
        ("draw_circles", ([1, 2], 1, [4, 0]), ValueError, "radius takes numbers above 0"),
        ("draw_circles", ([1, "a"], 1, 1), TypeError, "cx takes a number, or a list of numbers"),
        ("draw_circles", ([1, float("inf")], 1, 1), ValueError, "cx takes numbers of pixels, but one of them is inf"),
        ("draw_circles", ([1, 2], 1, 1, ["red"]), ValueError, "fill_color takes one color, or as many"),
        ("draw_circles", ([1, 2], 1, 1, ["red", 5]), TypeError, r"fill_color\[1\] takes a color"),
        ("draw_rects", (1, 1, [-1], 1), ValueError, "width takes numbers from 0 on"),
        ("draw_lines", (1, 1, 1, 1, None, 0), ValueError, "line_width"),
        ("draw_texts", ([1, 2], 1, ["a"]), ValueError, "texts takes one text for each place: 2, not 1"),
        ("draw_texts", ([1], 1, "a"), TypeError, "texts takes a list of texts"),
    ],
)
def test_what_cannot_be_drawn_raises_at_the_call_by_its_name_and_draws_nothing(
    canvas: Canvas, method: str, arguments: tuple[Any, ...], error: type[Exception], told: str
) -> None:
    canvas.draw_line(9, 9, 9, 9)
    with pytest.raises(error, match=told):
        getattr(canvas, method)(*arguments)
    assert shapes(canvas) == [Line(9, 9, 9, 9, "#000")]


def test_numbers_points_and_colors_of_numpy_are_taken_as_they_are(canvas: Canvas) -> None:
    np = pytest.importorskip("numpy")
    canvas.draw_circle(np.int64(1), np.float32(2.5), np.int8(3), line_width=np.float64(2))
    canvas.draw_polyline(np.array([[0, 1], [2, 3]]), line_color=np.array([255, 0, 0]))
    canvas.draw_rects(np.arange(2), 1, 2, np.array([3.0, 4.0]), np.array([[1.0, 0, 0], [0, 0, 1.0]]))
    canvas.draw_points(np.arange(2), np.arange(2), np.array([[1, 2, 3, 4], [5, 6, 7, 8]], dtype="u1"), np.array([2, 4]))
    assert shapes(canvas) == [
        Ellipse(1, 2.5, 3, 3, None, "#000", 2),
        Polyline(((0, 1), (2, 3)), "#ff0000"),
        Rectangle(0, 1, 2, 3, "#ff0000ff", "#000"),
        Rectangle(1, 1, 2, 4, "#0000ffff", "#000"),
        Ellipse(0, 0, 1, 1, "#01020304", "transparent"),
        Ellipse(1, 1, 2, 2, "#05060708", "transparent"),
    ]


@pytest.mark.parametrize(
    ("method", "given", "told"),
    [
        ("draw_polyline", ([[1, 2, 3]] * 3,), "shape"),
        ("draw_rects", ([[1.0]], 1, 1, 1), "not an array of shape"),
        ("draw_rects", (["a"], 1, 1, 1), "x takes numbers"),
        ("draw_rects", ([float("nan")], 1, 1, 1), "x takes numbers of pixels"),
        ("draw_image", ([[300.0]],), "from 0 to 1"),
        ("draw_image", ([1.0],), "rows of gray values"),
    ],
)
def test_arrays_of_numpy_that_are_no_such_numbers_raise(
    canvas: Canvas, method: str, given: tuple[Any, ...], told: str
) -> None:
    np = pytest.importorskip("numpy")
    first, *rest = given
    with pytest.raises((TypeError, ValueError), match=told):
        getattr(canvas, method)(np.array(first), *rest)


def test_an_image_may_be_a_file_bytes_an_array_or_one_of_pillow(canvas: Canvas, tmp_path: Any) -> None:
    np, pillow = pytest.importorskip("numpy"), pytest.importorskip("PIL.Image")
    file = tmp_path / "dot.png"
    file.write_bytes(RED_DOT)
    for image in (file, str(file), RED_DOT, np.array([[[255, 0, 0]]], dtype="u1"), pillow.open(file)):
        canvas.draw_image(image, 1, 2)
    drawn = shapes(canvas)
    assert [type(each) for each in drawn] == [Image] * 5
    assert {(each.x, each.y, each.width, each.height) for each in drawn if isinstance(each, Image)} == {(1, 2, 1, 1)}
    assert all(_pixel(each) == (255, 0, 0, 255) for each in drawn)
    assert len([*canvas._pictures]) <= 2  # of the same bytes one, and Pillow writes others


def test_an_image_keeps_its_shape_when_only_one_side_is_given(canvas: Canvas) -> None:
    wide = png(4, 2, bytes(4 * 4 * 2))
    canvas.draw_image(wide, 0, 0, 8)
    canvas.draw_image(wide, 0, 0, height=8)
    canvas.draw_image(wide, 0, 0, 5, 6)
    canvas.draw_images(wide, [1, 2], 0, height=[2, 4])
    sizes = [(each.width, each.height) for each in shapes(canvas) if isinstance(each, Image)]
    assert sizes == [(8, 4), (16, 8), (5, 6), (4, 2), (8, 4)]


def test_a_jpeg_goes_as_it_is_to_pages_and_as_a_png_into_drawings(canvas: Canvas) -> None:
    pillow = pytest.importorskip("PIL.Image")
    out = BytesIO()
    pillow.new("RGB", (8, 8), "red").save(out, "JPEG")
    canvas.draw_image(out.getvalue())
    (picture,) = canvas._pictures
    assert (picture.file.type, picture.file.data) == ("image/jpeg", out.getvalue())
    assert _pixel(shapes(canvas)[0])[0] > 250


def _pixel(shape: Shape) -> tuple[int, ...]:
    pillow = pytest.importorskip("PIL.Image")
    assert isinstance(shape, Image)
    found: tuple[int, ...] = pillow.open(BytesIO(shape.data)).convert("RGBA").getpixel((0, 0))
    return found


# -- What is kept


def test_what_was_cleared_or_covered_is_kept_no_longer(canvas: Canvas) -> None:
    for cover in (
        canvas.clear,
        lambda: canvas.draw_rect(-1, 0, 41, 30, "white"),
        lambda: canvas.draw_rect(0, 0, 40, 30, (0, 0, 0)),
    ):
        canvas.draw_line(1, 1, 1, 1)
        cover()
        assert not any(isinstance(each, Line) for each in shapes(canvas))
    for no_cover in (
        lambda: canvas.draw_rect(0, 0, 39, 30, "white"),
        lambda: canvas.draw_rect(0, 0, 40, 30, "rgb(0 0 0 / 50%)"),
        lambda: canvas.draw_rect(0, 0, 40, 30),
    ):
        canvas.draw_line(1, 1, 1, 1)
        no_cover()
        assert any(isinstance(each, Line) for each in shapes(canvas))
        canvas.clear()


def test_an_animation_that_clears_keeps_one_frame(canvas: Canvas) -> None:
    sizes = set()
    for k in range(500):
        canvas.clear()
        canvas.draw_circle(k % 40, 15, 5, "gold")
        sizes.add(len(canvas._drawn().data))
    assert len(sizes) == 1
    assert len(shapes(canvas)) == 1


def test_a_page_is_told_of_many_drawings_in_few_messages_and_of_new_ones_only(canvas: Canvas, shown: Shown) -> None:
    shown.texts()
    shown.sent.clear()
    for k in range(2000):
        canvas.draw_circle(k % 40, 15, 5)
    shown.texts()
    canvas.draw_line(1, 2, 3, 4)
    shown.texts()
    operations = [each for message in shown.sent if message["kind"] == "patch" for each in message["operations"]]
    assert 2 <= len(operations) < 30
    assert {each[0] for each in operations} == {"append"}


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canvas_sheet, "BUDGET", 2000)
    monkeypatch.setattr(canvas_sheet, "_YOUNG", -1)


@pytest.mark.usefixtures("small_budget")
def test_past_the_budget_the_older_half_becomes_an_image_which_shows_the_same(canvas: Canvas) -> None:
    pytest.importorskip("PIL")
    for k in range(2000):
        canvas.draw_rect(k % 40, k // 50, 1, 1, "red", "transparent")
        assert len(canvas._drawn().data) < 3000
    image, *rest = shapes(canvas)
    assert isinstance(image, Image)
    assert (image.x, image.y, image.width, image.height) == (0, 0, 40, 30)
    assert all(isinstance(each, Rectangle) and each.fill == "red" and each.stroke == "transparent" for each in rest)
    assert 30 < len(rest) < 100
    assert len([*canvas._pictures]) < 50
    header = read_header(canvas._drawn().data)
    assert header.folded > 30_000
    assert header.origin == read_header(canvas._drawn().data).origin
    painted = canvas_sheet.painted(shapes(canvas), 40, 30)
    assert _colors(painted, [(0, 0), (39, 10), (20, 38), (5, 20)]) == [(255, 0, 0, 255)] * 4


def _colors(picture: bytes, places: list[tuple[int, int]]) -> list[Any]:
    pillow = pytest.importorskip("PIL.Image")
    found = pillow.open(BytesIO(picture)).convert("RGBA")
    assert found.size == (80, 60)
    return [found.getpixel((2 * x, 2 * y)) if y < 30 else found.getpixel((2 * x, 2 * (y - 30))) for x, y in places]


@pytest.mark.usefixtures("small_budget")
def test_a_call_that_is_larger_than_the_budget_is_kept_whole(canvas: Canvas) -> None:
    canvas.draw_line(1, 1, 1, 1)
    canvas.draw_circles([1] * 1000, 1, 1)
    assert len(shapes(canvas)) == 1001


def test_images_that_nothing_shows_any_more_go_when_they_are_too_many(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sidekick.canvas_images.SPARE", 500)
    for k in range(50):
        canvas.clear()
        canvas.draw_image(png(1, 1, bytes((k, 0, 0, 255))))
    assert 1 <= len([*canvas._pictures]) < 10
    assert len(shapes(canvas)) == 1


# -- Buffers


def test_what_is_drawn_in_a_buffer_appears_at_its_end_over_what_was_there(canvas: Canvas) -> None:
    canvas.draw_line(1, 1, 1, 1, "red", 3)
    with canvas.buffer() as buffer:
        buffer.draw_line(2, 2, 2, 2)
        assert len(shapes(canvas)) == 1
    assert shapes(canvas) == [Line(1, 1, 1, 1, "red", 3), Line(2, 2, 2, 2, "#000")]
    with canvas.buffer(clear=True) as buffer:
        buffer.draw_line(3, 3, 3, 3)
    assert shapes(canvas) == [Line(3, 3, 3, 3, "#000")]


def test_a_buffer_is_used_again_and_begins_empty(canvas: Canvas) -> None:
    with canvas.buffer() as first:
        first.draw_line(1, 1, 1, 1)
        with canvas.buffer() as second:
            assert (first.number, second.number) == (1, 2)
    with canvas.buffer() as third:
        assert third in (first, second)
    assert shapes(canvas) == [Line(1, 1, 1, 1, "#000")]


def test_a_block_that_raises_shows_nothing_and_gives_its_buffer_back(canvas: Canvas) -> None:
    used = []

    def fail() -> None:
        with canvas.buffer() as buffer:
            used.append(buffer)
            buffer.draw_line(1, 1, 1, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert shapes(canvas) == []
    with canvas.buffer() as again:
        assert again is used[0]


def test_nested_buffers_appear_in_the_order_of_their_ends(canvas: Canvas) -> None:
    with canvas.buffer() as outer:
        outer.draw_line(1, 1, 1, 1)
        with canvas.buffer() as inner:
            inner.draw_line(2, 2, 2, 2)
    assert [each.x1 for each in shapes(canvas) if isinstance(each, Line)] == [2, 1]


def test_clearing_a_buffer_and_covering_it_hides_what_was_drawn_in_it(canvas: Canvas) -> None:
    canvas.draw_line(1, 1, 1, 1)
    with canvas.buffer() as buffer:
        buffer.draw_line(2, 2, 2, 2)
        buffer.clear()
        buffer.draw_line(3, 3, 3, 3)
    assert [each.x1 for each in shapes(canvas) if isinstance(each, Line)] == [1, 3]
    with canvas.buffer() as buffer:
        buffer.draw_line(2, 2, 2, 2)
        buffer.draw_rect(0, 0, 40, 30, "white")
    assert [type(each) for each in shapes(canvas)] == [Rectangle]


def test_a_buffer_can_be_drawn_on_by_its_number_and_an_unknown_one_drops_it_with_a_warning(
    canvas: Canvas, caplog: pytest.LogCaptureFixture
) -> None:
    with canvas.buffer() as buffer:
        canvas.draw_line(1, 1, 1, 1, buffer_id=buffer.number)
        assert shapes(canvas) == []
    with caplog.at_level(logging.WARNING, "sidekick"):
        canvas.draw_line(2, 2, 2, 2, buffer_id=buffer.number)
        canvas.clear(buffer_id=77)
        canvas.draw_line(2, 2, 2, 2, buffer_id=77)
    assert len(shapes(canvas)) == 1
    assert [record.getMessage()[:20] for record in caplog.records] == ["there is no buffer 1", "there is no buffer 7"]
    with pytest.raises(TypeError, match="buffer_id is the number of a buffer"):
        canvas.clear(buffer_id="1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="radius"):
        canvas.draw_circle(0, 0, 0, buffer_id=77)
    canvas.draw_line(3, 3, 3, 3, buffer_id=Canvas.ONSCREEN_BUFFER_ID)
    assert len(shapes(canvas)) == 2


def test_images_drawn_in_a_buffer_come_with_it(canvas: Canvas) -> None:
    with canvas.buffer() as buffer:
        buffer.draw_image(RED_DOT, 1, 2)
    assert [type(each) for each in shapes(canvas)] == [Image]
    assert len(canvas._shown()) == 1


# -- Its end, and its pictures


def test_a_canvas_that_was_removed_can_be_drawn_on_and_shows_nothing(canvas: Canvas, shown: Shown) -> None:
    with canvas.buffer() as buffer:
        canvas.remove()
        buffer.draw_line(1, 1, 1, 1)
    canvas.draw_line(1, 1, 1, 1)
    canvas.remove()
    assert shown.texts() == []


def test_a_canvas_keeps_its_drawing_when_it_moves_into_a_container() -> None:
    canvas = Canvas(40, 30)
    canvas.draw_line(1, 1, 1, 1)
    row = sidekick.Row(canvas)
    assert canvas in row.walk()
    assert "<line" in _still(row)


def _still(element: sidekick.Component) -> str:
    """The drawing that whoever has no kernel sees."""
    return b64decode(HTMLRenderer(ids=False).render(element).split("base64,")[1].split('"')[0]).decode()


def test_whoever_has_no_kernel_sees_its_drawing(canvas: Canvas) -> None:
    canvas.draw_circle(20, 15, 5, "gold")
    canvas.draw_text(3, 4, "<script>")
    picture = _still(canvas)
    assert "#ffd700" in picture
    assert "&lt;script&gt;" in picture
    assert "<script" not in picture
    assert 'alt="Canvas, 40 by 30 pixels"' in HTMLRenderer(ids=False).render(canvas)


def test_a_large_drawing_is_a_picture_of_pixels_there(canvas: Canvas) -> None:
    pytest.importorskip("PIL")
    canvas.draw_points(range(3000), 3)
    assert "data:image/png" in HTMLRenderer(ids=False).render(canvas)


def test_it_is_drawn_smaller_where_there_is_no_room_for_it() -> None:
    canvas = Canvas(200, 100)
    canvas.draw_line(10, 20, 30, 40, line_width=2)
    canvas.draw_polygon([(0, 0), (10, 10), (0, 10)])
    canvas.draw_text(10, 20, "a")
    canvas.draw_circle(10, 10, 10)
    canvas.draw_rect(2, 2, 2, 2)
    canvas.draw_image(RED_DOT, 10, 10, 10, 10)
    drawing = canvas._drawing(102)
    assert (drawing.width, drawing.height) == (102, 52)
    (_frame, group) = drawing.shapes
    assert isinstance(group, Group)
    assert group.shapes[0] == Line(5, 10, 15, 20, "#000", 1)
    assert [type(each) for each in group.shapes] == [Line, Polygon, Text, Ellipse, Rectangle, Image]
    assert (canvas._drawing().width, canvas._drawing().height) == (202, 102)


# -- Recording


def replay(canvas: Canvas) -> Canvas:
    """A new canvas that is given the same calls from the nearest state on."""
    journal = canvas._journal
    assert journal is not None
    token = copied.set("copy")
    try:
        copy = canvas._again()
    finally:
        copied.reset(token)
    found = journal.up_to(now())
    assert found is not None
    state, changes = found
    copy._restore(state)
    for change in changes:
        getattr(copy, change.method)(*change.arguments)
    return copy


def test_the_same_calls_show_the_same_on_a_copy(canvas: Canvas) -> None:
    for k in range(1500):
        canvas.draw_circle(k % 40, 3, 2, "red" if k % 2 else None)
        if k == 700:
            canvas.clear()
    canvas.draw_image(RED_DOT, 1, 1)
    with canvas.buffer() as buffer:
        buffer.draw_text(1, 2, "a", "teal")
    canvas.draw_line(1, 1, 2, 2)
    copy = replay(canvas)
    assert shapes(copy) == shapes(canvas)
    assert len(shapes(copy)) == 802
    copy.draw_line(5, 5, 5, 5)
    assert len(shapes(canvas)) == 802


@pytest.mark.usefixtures("small_budget")
def test_a_copy_shows_what_was_folded_too(canvas: Canvas) -> None:
    pytest.importorskip("PIL")
    for k in range(1500):
        canvas.draw_rect(k % 40, k // 50, 1, 1, "red")
    copy = replay(canvas)
    assert _colors(canvas_sheet.painted(shapes(copy), 40, 30), [(0, 0), (39, 20)]) == _colors(
        canvas_sheet.painted(shapes(canvas), 40, 30), [(0, 0), (39, 20)]
    )


def test_a_journal_of_large_drawings_stays_bounded(canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidekick.canvas._PIECE", 50_000)
    for _ in range(300):
        canvas.clear()
        canvas.draw_circles([1.0] * 1000, 1, 1)
    journal = canvas._journal
    assert journal is not None
    held = sum(len(change.arguments[0]) for change in journal.changes())
    assert 50_000 < held < 1_000_000  # 1,200,000 were drawn
    for k in range(60):
        canvas.draw_circles([float(k)] * 100, 1, 1)
    assert shapes(replay(canvas)) == shapes(canvas)
