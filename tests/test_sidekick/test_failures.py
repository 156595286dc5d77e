"""What a page could not do: told to on_error and to those who hear all messages, once for each kind."""

from __future__ import annotations

from typing import Any

import sidekick
from sidekick import Canvas, ErrorEvent, Grid
from sidekick.failures import GENERIC, failed
from support.sidekick_page import Shown, inside, settle


def test_a_picture_that_a_page_cannot_show_is_told_once(shown: Shown) -> None:
    heard: list[ErrorEvent] = []
    messages: list[Any] = []
    sidekick.register_global_message_handler(messages.append)
    grid, other = Grid(2, 2, instance_id="g", on_error=heard.append), Grid(2, 2)
    for _ in range(3):
        shown.event(inside(grid, "img"), "error")
        shown.event(inside(other, "img"), "error")
    settle()
    text = "the page could not show the picture of the cells"
    assert heard == [ErrorEvent("g", "error", text)]
    told = [message for message in messages if message["src"] == "g"]
    assert told == [{"id": 0, "component": "grid", "type": "error", "src": "g", "payload": {"message": text}}]


def test_a_canvas_that_a_page_cannot_draw_is_told_once(shown: Shown) -> None:
    heard: list[ErrorEvent] = []
    canvas = Canvas(20, 10, instance_id="c", on_error=heard.append)
    for _ in range(3):
        shown.event(inside(canvas, "canvas"), "error")
    settle()
    assert heard == [ErrorEvent("c", "error", "the page could not draw the canvas")]


def test_each_kind_is_told_and_one_without_words_in_general_ones(shown: Shown) -> None:
    heard: list[str] = []
    grid = Grid(2, 2)
    grid.on_error(lambda event: heard.append(event.message))
    for message in ("one", "", "other", "one", ""):
        failed(grid, message)
    settle()
    assert heard == ["one", GENERIC, "other"]
