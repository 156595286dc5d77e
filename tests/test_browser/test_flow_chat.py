"""A chat in a real JupyterLab: what is sent leaves the field, what is typed on stays, the last message is in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support.flow_page import BOTH_KERNELS, root_of, show
from support.lab import Lab

CHAT = """\
import time
from flow import Signal, on
from flow.control import For
from flow.ui import Button, Div, Form, Input, P

messages, text, keys = Signal([]), Signal(""), Signal("")


def send():
    said = text.value
    time.sleep(1)  # as a slow network would
    messages.update(lambda all: [*all, said])
    text.value = ""
    log.call("scroll_to", 0, 100_000)
    field.call("focus")


with Div() as chat:
    with Div(cls="log", style={"height": 60, "overflow": "auto"}) as log:
        For(messages, key=lambda each: each, render=P)
    with Form(on_submit=send):
        field = Input(value=text, name="field")
        Button("Send")
    with Div(tabindex=0, cls="game", on_keydown=lambda event: keys.update(lambda all: all + event.key)):
        P(lambda: f"keys: {keys.value}")
chat"""


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_chat_keeps_what_is_typed_while_a_text_is_sent(lab: Lab, page: Page, kernel: str) -> None:
    root = root_of(show(lab, page, CHAT, kernel=kernel))
    field = root.locator("[name=field]")
    for number in range(4):
        field.fill(f"message {number}")
        root.get_by_role("button", name="Send").click()
        expect(root.locator(".log p")).to_have_count(number + 1)
        expect(field).to_have_value("")
        expect(field).to_be_focused()
    assert root.locator(".log").evaluate("log => log.scrollHeight - log.clientHeight - log.scrollTop") < 2
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    page.keyboard.type("world", delay=40)
    expect(root.locator(".log p").last).to_have_text("hello")
    expect(field).to_have_value("world")
    page.keyboard.press("Enter")
    expect(root.locator(".log p").last).to_have_text("world")
    expect(field).to_have_value("")


def test_keys_that_an_element_listens_to_are_no_commands_of_the_notebook(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, CHAT)
    root = root_of(notebook)
    cells = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").count()
    root.locator(".game").click()
    for key in ("w", "a", "d", "d", "b"):
        page.keyboard.press(key)
    expect(root.locator(".game")).to_have_text("keys: waddb")
    assert page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").count() == cells
