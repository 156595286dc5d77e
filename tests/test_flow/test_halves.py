"""Halves of characters, which Python's texts may hold and no encoding can tell: a page has U+FFFD for each."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from typing import Any

import pytest

from flow import Element, Signal, ui_thread
from flow.events import make_event
from flow.renderer.html import HTMLRenderer
from flow.renderer.sanitize import sanitized
from flow.renderer.wire import encodable, saved_tree, wire_patch, wire_tree
from flow.rich import Html
from flow.server.app import rendered
from flow.server.session import LiveSession
from flow.two_way import written_value
from flow.ui import Div, Input, Option, Select, Text

HALF = "\ud83d"
NAME = os.fsdecode(b"caf\xe9.txt")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ""),
        ("tea", "tea"),
        ("Zoë \U0001f600", "Zoë \U0001f600"),
        (HALF, "\ufffd"),
        ("\ud83d\ude00", "\ufffd\ufffd"),
    ],
)
def test_a_text_has_a_mark_for_each_half_and_is_the_same_else(text: str, told: str) -> None:
    assert encodable(text) == told


def trees() -> list[Element]:
    return [
        Div(HALF),
        Div("a", NAME),
        Div(lambda: HALF),
        Div("x", title=NAME),
        Div("x", title=lambda: NAME, data_name=Signal(HALF)),
        Div(cls=[HALF], style={"font_family": HALF}),
        Input(value=Signal(NAME)),
        Div(Html(f"<b>{HALF}</b>")),
    ]


@pytest.mark.parametrize("root", trees(), ids=ascii)
def test_every_message_and_picture_of_a_tree_can_be_encoded(root: Element) -> None:
    node = root.to_render_node()
    for told in (wire_tree(node), saved_tree(node), wire_patch([("replace", 1, node), ("text", 2, HALF)], [])):
        assert "\ufffd" in json.dumps(told, ensure_ascii=False).encode().decode()
    assert "\ufffd" in HTMLRenderer().render(root).encode().decode()
    assert "\ufffd" in asyncio.run(rendered(root)).encode().decode()


def test_raw_html_with_a_half_is_shown() -> None:
    assert sanitized(f"<b>{HALF}</b>") == "<b>\ufffd</b>"


class _Encoding:
    """A channel that encodes what it sends, as a comm does."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send(self, message: Any, buffers: Sequence[bytes]) -> None:
        self.sent.append(json.loads(json.dumps(message, ensure_ascii=False).encode()))


def test_a_page_goes_on_after_a_text_and_an_error_with_halves() -> None:
    name, count, channel = Signal("tea"), Signal(0), _Encoding()

    def label() -> str:
        if count.value == 1:
            raise FileNotFoundError(NAME)
        return name.value

    session = LiveSession(Div(Text(name), Text(label)), channel)
    session.settle()
    session.receive({"kind": "ready", "page": "p", "revision": None})
    ui_thread.wait(lambda: None, 10)
    for name.value, count.value in ((HALF, 0), (HALF, 1), ("coffee", 2)):
        ui_thread.wait(lambda: session.flush(waits=False), 10)
    assert [message["kind"] for message in channel.sent] == ["snapshot", "patch", "error", "patch"]
    assert "caf\ufffd.txt" in channel.sent[2]["title"]
    assert session.html().encode()
    ui_thread.wait(session.close, 10)


def test_a_choice_with_a_half_in_its_name_can_be_chosen() -> None:
    name = Signal("tea")
    select = Select(Option("tea"), Option("coffee", value=NAME), Option(HALF), value=name)
    (binding,) = select.bindings
    for said, chosen in (("caf\ufffd.txt", NAME), ("\ufffd", HALF)):
        name.value = written_value(binding, make_event(select, "change", {"value": said}, []))
        assert name.value == chosen
