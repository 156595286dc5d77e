"""The golden drawings in tests/wire/drawing: the commands that Python writes, and what is painted for them.

A change of the form is written there by SIDEFLOW_WRITE_WIRE=1 pytest tests/test_sidekick/test_canvas_wire.py, and read
in the diff of the change. js/test/core/drawing.test.ts reads the same files.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from math import tau
from pathlib import Path
from typing import Any, Final

import pytest

from flow.drawing import Ellipse, Image, Line, Polygon, Polyline, Rectangle, Shape, Text
from flow.drawing.picture import png
from sidekick import Canvas
from sidekick import canvas_ink as ink

FOLDER: Final = Path(__file__).parents[1] / "wire" / "drawing"
DOT, BAR = png(1, 1, b"\xff\0\0\xff"), png(2, 1, b"\0\xff\0\xff" * 2)


def one_of_each(canvas: Canvas) -> None:
    canvas.draw_line(1, 2, 30.5, 20)
    canvas.draw_rect(-3, 4, 10, 0, "gold", "navy", 2)
    canvas.draw_circle(10, 10, 2.5)
    canvas.draw_ellipse(10, 10, 4, 6, fill_color="rgb(1 2 3 / 50%)", line_color="transparent")
    canvas.draw_polyline([(0, 0), (1, 2), (3, 4)], line_width=0.5)
    canvas.draw_polygon([(0, 0), (1, 2), (3, 4)], (255, 128, 0))
    canvas.draw_text(5, 15, "zwölf 🎲")
    canvas.draw_text(5, 15, "", "teal", 24)
    canvas.draw_image(DOT, 3, 4)


def many_at_once(canvas: Canvas) -> None:
    canvas.draw_lines([0, 1], 2, [3, 4], [5, 6], ["red", None])
    canvas.draw_rects([1, 2], [3, 4], 5, 6, "gold", [(0, 0, 255), "lime"], 3)
    canvas.draw_circles(1, 2, [3, 4, 5], ["red", None, (0.0, 0.5, 1.0, 0.5)])
    canvas.draw_ellipses([1], [2], [3], 4)
    canvas.draw_points([1, 2], [3, 4], point_size=3)
    canvas.draw_texts([1, 2], 8, ["a", "b"], ["red", "#00f"], 12)
    canvas.draw_images(BAR, [1, 2, 3], 4, width=10)
    canvas.draw_circles([], [], [])


def buffers(canvas: Canvas) -> None:
    canvas.draw_line(0, 0, 1, 1, "red", 3)
    with canvas.buffer() as buffer:
        buffer.draw_line(0, 0, 2, 2)
        buffer.draw_rect(0, 0, 1, 1, "gold")
    canvas.draw_line(0, 0, 3, 3)


STORIES: Final[dict[str, Callable[[Canvas], None]]] = {
    "one_of_each": one_of_each,
    "many_at_once": many_at_once,
    "buffers": buffers,
}


def drawing_of(name: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr("sidekick.canvas_sheet.getrandbits", lambda _: 7)
    canvas = Canvas(40, 30)
    if name != "buffers":
        for image in (DOT, BAR):  # the images 1 and 2, in the order in which they are known
            canvas._pictures.take(image, "image")
    STORIES[name](canvas)
    return canvas._drawn().data


def painted(shape: Shape) -> list[Any]:
    """What the page's canvas is told for a shape, see ``Story`` in drawing.test.ts."""
    if isinstance(shape, Text):
        return [
            [["fillText", shape.text, *map(close, (shape.x, shape.y))]],
            shape.fill,
            f"{close(shape.size)}px sans-serif",
        ]
    if isinstance(shape, Image):
        return [[["drawImage", int(shape.data), *map(close, (shape.x, shape.y, shape.width, shape.height))]]]
    if isinstance(shape, Line):
        path = [["moveTo", shape.x1, shape.y1], ["lineTo", shape.x2, shape.y2]]
    elif isinstance(shape, Rectangle):
        path = [["rect", shape.x, shape.y, shape.width, shape.height]]
    elif isinstance(shape, Ellipse):
        path = [["ellipse", shape.cx, shape.cy, shape.rx, shape.ry, 0, 0, tau]]
    elif isinstance(shape, Polygon | Polyline):
        path = [["lineTo", x, y] for x, y in shape.points] + [["closePath"]] * isinstance(shape, Polygon)
    else:
        raise TypeError(shape)
    told = [[name, *map(close, numbers)] for name, *numbers in path]
    return [told, getattr(shape, "fill", None), shape.stroke, close(shape.stroke_width)]


def close(number: Any) -> float:
    rounded = round(float(number), 3)
    return int(rounded) if rounded.is_integer() else rounded


@pytest.mark.parametrize("name", STORIES)
def test_commands_are_written_and_read_as_the_page_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawing_of(name, monkeypatch)
    images = {1: b"1", 2: b"2"}
    shapes = [shape for each in ink.read(data, len(ink.read_header(data).bytes), images) for shape in each.shapes]
    story = {"name": name, "drawing": b64encode(data).decode(), "drawn": [painted(shape) for shape in shapes]}
    file = FOLDER / f"{name}.json"
    if os.environ.get("SIDEFLOW_WRITE_WIRE"):
        file.parent.mkdir(exist_ok=True)
        lines = ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in story["drawn"])
        head = json.dumps({key: story[key] for key in ("name", "drawing")})[1:-1]
        file.write_text(f'{{{head}, "drawn": [\n  {lines}\n]}}\n', encoding="utf-8")
    known = json.loads(file.read_text(encoding="utf-8"))
    assert story["drawn"] == known["drawn"]
    assert data == b64decode(known["drawing"])
