"""What is done on a canvas, as its callbacks are told of it: in canvas pixels, however large it is shown."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from flow import Element
from sidekick import (
    Canvas,
    CanvasClickEvent,
    CanvasDragEvent,
    CanvasKeyEvent,
    CanvasMoveEvent,
    register_global_message_handler,
)
from sidekick.canvas_gestures import Gestures
from support.sidekick_page import Shown, inside, settle, wait_until


def surface(canvas: Canvas) -> Element:
    return inside(canvas, "canvas")


def point(shown: Shown, canvas: Canvas, kind: str, x: float, y: float, **data: Any) -> None:
    """Something happens at a place of a canvas that is shown at half its size."""
    shown.texts()  # which makes what is listened to
    shown.event(surface(canvas), kind, x=x, y=y, width=200, height=150, **data)


def listens(canvas: Canvas) -> set[str]:
    return {name[3:] for name in surface(canvas).to_render_node().props if name.startswith("on_")}


@pytest.mark.parametrize(
    ("place", "pixel"), [((0, 0), (0, 0)), ((100.4, 75), (200, 150)), ((200, 150), (399, 299)), ((-1, 151), (0, 299))]
)
def test_a_click_is_told_in_canvas_pixels(shown: Shown, place: tuple[float, float], pixel: tuple[int, int]) -> None:
    events: list[CanvasClickEvent] = []
    canvas = Canvas(400, 300, on_click=events.append)
    point(shown, canvas, "click", *place)
    settle()
    assert events == [CanvasClickEvent(canvas.instance_id, "click", *pixel)]


def test_a_click_is_told_to_the_callback_set_last_and_to_the_handler_of_all_messages(shown: Shown) -> None:
    events: list[Any] = []
    messages: list[dict[str, Any]] = []
    canvas = Canvas(400, 300, on_click=lambda _: events.append("old"))
    register_global_message_handler(messages.append)

    @canvas.click
    async def clicked(event: CanvasClickEvent) -> None:
        events.append(event.x)

    point(shown, canvas, "click", 10, 20)
    settle()
    canvas.on_click(None)
    point(shown, canvas, "click", 10, 20)
    settle()
    assert events == [20]
    assert [each["payload"] for each in messages if each["type"] == "event"] == [
        {"event": "click", "x": 20, "y": 40}
    ] * 2


def test_a_page_is_asked_for_moves_drags_and_keys_only_where_somebody_wants_them(shown: Shown) -> None:
    canvas = Canvas(400, 300)
    shown.texts()
    assert listens(canvas) == {"click", "error"}
    canvas.on_move(print)
    shown.texts()
    assert listens(canvas) == {"click", "error", "pointermove"}
    canvas.on_drag(print)
    canvas.on_keypress(print)
    shown.texts()
    drags = {"pointerdown", "pointerup", "pointercancel"}
    assert listens(canvas) == {"click", "error", "pointermove", "keydown"} | drags
    node = surface(canvas).to_render_node()
    assert node.props["tabindex"] == 0
    assert "touch-action: none" in str(node.props["style"])
    for unset in (canvas.on_move, canvas.on_drag, canvas.on_keypress):
        unset(None)
    shown.texts()
    assert listens(canvas) == {"click", "error"}
    assert "tabindex" not in surface(canvas).to_render_node().props


def test_a_page_keeps_its_canvas_when_somebody_wants_more(shown: Shown) -> None:
    canvas = Canvas(400, 300)
    shown.texts()
    canvas.draw_line(1, 1, 1, 1)
    shown.texts()
    shown.sent.clear()
    canvas.on_drag(print)
    shown.texts()
    kinds = {each[0] for message in shown.sent if message["kind"] == "patch" for each in message["operations"]}
    assert kinds == {"set"}


def test_a_drag_is_told_from_its_start_to_its_end_and_is_no_click(shown: Shown) -> None:
    events: list[Any] = []
    canvas = Canvas(400, 300, on_click=events.append)
    canvas.drag(events.append)
    point(shown, canvas, "pointerdown", 10, 10, button=0)
    settle()
    point(shown, canvas, "pointermove", 20, 15)
    settle()
    point(shown, canvas, "pointermove", 20, 15)
    point(shown, canvas, "pointerup", 25, 15)
    point(shown, canvas, "click", 25, 15)
    settle()
    told = [(each.phase, each.x, each.y, each.dx, each.dy) for each in events]
    assert told == [("start", 20, 20, 0, 0), ("move", 40, 30, 20, 10), ("end", 50, 30, 10, 0)]
    point(shown, canvas, "pointermove", 50, 50)  # nothing is pressed any more
    point(shown, canvas, "click", 25, 15)
    settle()
    assert events[3:] == [CanvasClickEvent(canvas.instance_id, "click", 50, 30)]


def test_a_press_that_hardly_moves_is_a_click_too_and_another_button_drags_nothing(shown: Shown) -> None:
    events: list[Any] = []
    canvas = Canvas(400, 300, on_click=events.append)
    canvas.on_drag(events.append)
    for kind, x in (("pointerdown", 10), ("pointermove", 11), ("pointerup", 11), ("click", 11)):
        point(shown, canvas, kind, x, 10)
    settle()
    assert type(events[-1]) is CanvasClickEvent
    events.clear()
    for kind in ("pointerdown", "pointermove", "pointerup"):
        point(shown, canvas, kind, 10, 10, button=2)
    settle()
    assert events == []


def test_moves_are_told_and_while_a_callback_runs_the_last_of_them_stands_for_all(shown: Shown) -> None:
    entered, may_go_on = Event(), Event()
    events: list[CanvasMoveEvent] = []
    canvas = Canvas(400, 300)

    @canvas.move
    def moved(event: CanvasMoveEvent) -> None:
        events.append(event)
        entered.set()
        assert may_go_on.wait(10)

    point(shown, canvas, "pointermove", 1, 1)
    assert entered.wait(10)
    for x in range(2, 50):
        point(shown, canvas, "pointermove", x, 1)
    shown.texts()
    may_go_on.set()
    wait_until(lambda: len(events) >= 2)
    settle()
    assert [each.x for each in events] == [2, 98]


def test_drags_that_come_while_a_callback_runs_add_up_and_keep_their_order() -> None:
    entered, may_go_on = Event(), Event()
    told: list[Any] = []

    def tell(event: Any) -> None:
        told.append((event.phase, event.x, event.dx))
        entered.set()
        assert may_go_on.wait(10)

    gestures = Gestures("c", (100, 100), tell)
    gestures._send(CanvasDragEvent("c", "drag", 0, 0, phase="start"))
    assert entered.wait(10)
    for x in (1, 2, 3):
        gestures._send(CanvasDragEvent("c", "drag", x, 0, 1))
    gestures._send(CanvasDragEvent("c", "drag", 5, 0, 2, phase="end"))
    gestures._send(CanvasDragEvent("c", "drag", 9, 0, phase="start"))
    may_go_on.set()
    wait_until(lambda: len(told) == 4)
    assert told == [("start", 0, 0), ("move", 3, 3), ("end", 5, 2), ("start", 9, 0)]


def test_a_key_is_told_with_what_is_held_besides(shown: Shown) -> None:
    events: list[CanvasKeyEvent] = []
    canvas = Canvas(400, 300)
    canvas.keypress(events.append)
    shown.texts()
    shown.event(surface(canvas), "keydown", key="A", code="KeyA", shift=True)
    shown.event(surface(canvas), "keydown", key="ArrowUp", code="ArrowUp", repeat=True)
    settle()
    assert events == [
        CanvasKeyEvent(canvas.instance_id, "keypress", "A", "KeyA", shift=True),
        CanvasKeyEvent(canvas.instance_id, "keypress", "ArrowUp", "ArrowUp", repeat=True),
    ]


@pytest.mark.parametrize("register", ["on_click", "on_move", "on_drag", "on_keypress", "on_error"])
def test_what_is_no_function_is_refused(register: str) -> None:
    with pytest.raises(TypeError, match="takes a function that takes the event, or None"):
        getattr(Canvas(1, 1), register)(5)


def test_the_decorators_give_the_function_back() -> None:
    canvas = Canvas(1, 1)
    for decorator in (canvas.click, canvas.move, canvas.drag, canvas.keypress):
        assert decorator(print) is print
