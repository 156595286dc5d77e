"""Messages: all that pages say, for one handler."""

from __future__ import annotations

from typing import Any

import pytest

import sidekick
from sidekick import Button, Console, Textbox, connection, pages
from support.sidekick_page import Shown, inside, settle


def test_a_handler_hears_of_each_event_before_the_callback(shown: Shown) -> None:
    heard: list[Any] = []
    sidekick.register_global_message_handler(heard.append)
    button = Button(instance_id="go", on_click=lambda event: heard.append("callback"))
    textbox, console = Textbox(instance_id="name"), Console(show_input=True, instance_id="chat")
    shown.event(inside(button, "button"), "click")
    shown.event(inside(textbox, "input"), "change", value="Ada")
    shown.send_line(console, "hi")
    settle()
    about = {"id": 0, "type": "event"}
    assert heard == [
        {**about, "component": "button", "src": "go", "payload": {"event": "click"}},
        "callback",
        {**about, "component": "textbox", "src": "name", "payload": {"event": "submit", "value": "Ada"}},
        {**about, "component": "console", "src": "chat", "payload": {"event": "submit", "value": "hi"}},
    ]


@pytest.mark.parametrize("nothing", [None, 0, ""])
def test_the_last_handler_counts_and_nothing_clears_it(shown: Shown, nothing: Any) -> None:
    heard: list[str] = []
    sidekick.register_global_message_handler(lambda message: heard.append("first"))
    sidekick.register_global_message_handler(lambda message: heard.append("second"))
    button = Button()
    shown.event(inside(button, "button"), "click")
    settle()
    sidekick.register_global_message_handler(nothing)
    shown.event(inside(button, "button"), "click")
    settle()
    assert heard == ["second"]


def test_a_handler_that_fails_stops_nothing(shown: Shown, capsys: pytest.CaptureFixture[str]) -> None:
    clicks: list[object] = []

    def fails(message: object) -> None:
        raise ValueError("no luck")

    sidekick.register_global_message_handler(fails)
    button = Button(on_click=clicks.append)
    shown.event(inside(button, "button"), "click")
    settle()
    assert len(clicks) == 1
    assert "no luck" in capsys.readouterr().err


def test_what_cannot_be_called_is_an_error() -> None:
    handler: Any = 5
    with pytest.raises(TypeError, match="register_global_message_handler"):
        sidekick.register_global_message_handler(handler)
    with pytest.raises(TypeError, match="register_message_handler"):
        connection.register_message_handler("go", handler)


def test_a_handler_of_one_component_hears_of_that_alone(shown: Shown) -> None:
    heard: list[Any] = []
    connection.register_message_handler("one", heard.append)
    for button in (Button(instance_id="one"), Button(instance_id="two")):
        shown.event(inside(button, "button"), "click")
    settle()
    connection.unregister_message_handler("one")
    connection.unregister_message_handler("one")
    assert [message["src"] for message in heard] == ["one"]


def test_pages_that_come_and_go_are_announced() -> None:
    heard: list[Any] = []
    sidekick.register_global_message_handler(heard.append)
    for has_come in (True, False):
        for listener in pages.listeners:
            listener("p1", has_come)
    assert [(each["component"], each["type"]) for each in heard] == [("system", "announce")] * 2
    told = [(each["payload"]["peerId"], each["payload"]["role"], each["payload"]["status"]) for each in heard]
    assert told == [("p1", "sidekick", "online"), ("p1", "sidekick", "offline")]
