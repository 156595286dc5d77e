"""Callbacks: three ways to register one, and what becomes of its errors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sidekick import Button, ButtonClickEvent, Console, ConsoleSubmitEvent, Label, Textbox, TextboxSubmitEvent
from support.sidekick_page import Shown, inside, settle, wait_until


def press(shown: Shown, button: Button) -> None:
    shown.event(inside(button, "button"), "click")
    settle()


def register(button: Any, how: str, callback: Callable[[ButtonClickEvent], Any]) -> None:
    if how == "method":
        assert button.on_click(callback) is None
    else:
        assert button.click(callback) is callback


@pytest.mark.parametrize("how", ["argument", "method", "decorator"])
def test_a_callback_is_given_the_event(shown: Shown, how: str) -> None:
    events: list[Any] = []
    button = Button("go", "the_button", on_click=events.append if how == "argument" else None)
    if how != "argument":
        register(button, how, events.append)
    press(shown, button)
    assert events == [ButtonClickEvent("the_button", "click")]


@pytest.mark.parametrize("how", ["method", "decorator"])
def test_the_last_one_counts_and_none_ends_it(shown: Shown, how: str) -> None:
    events: list[str] = []
    button = Button(on_click=lambda event: events.append("first"))
    register(button, how, lambda event: events.append("second"))
    press(shown, button)
    button.on_click(None)
    press(shown, button)
    assert events == ["second"]


@pytest.mark.parametrize("given", [5, "print", [print]])
def test_what_cannot_be_called_is_an_error_and_nothing_is_made(shown: Shown, given: Any) -> None:
    for kind, name in ((Button, "on_click"), (Textbox, "on_submit"), (Console, "on_submit")):
        made: Any = kind()
        with pytest.raises(TypeError, match=name):
            kind(**{name: given})
        with pytest.raises(TypeError, match=name):
            getattr(made, name)(given)
        made.remove()
    assert shown.values() == []


def test_an_async_callback_is_awaited(shown: Shown) -> None:
    steps: list[str] = []

    async def callback(event: ButtonClickEvent) -> None:
        steps.append("begins")
        await asyncio.sleep(0.01)
        steps.append("ends")

    press(shown, Button(on_click=callback))
    wait_until(lambda: len(steps) == 2)
    assert steps == ["begins", "ends"]


@pytest.mark.parametrize("error", [ValueError("no luck"), SystemExit("no luck")])
@pytest.mark.parametrize("is_async", [False, True])
def test_an_error_is_printed_from_the_user_s_line_on_and_stops_nothing(
    shown: Shown, capsys: pytest.CaptureFixture[str], is_async: bool, error: BaseException
) -> None:
    clicks: list[int] = []

    def fails(event: object) -> None:
        clicks.append(1)
        raise error

    async def fails_later(event: object) -> None:
        await asyncio.sleep(0)
        fails(event)

    button = Button(on_click=fails_later if is_async else fails)
    press(shown, button)
    wait_until(lambda: len(clicks) == 1)
    press(shown, button)
    wait_until(lambda: len(clicks) == 2)
    settle()
    told = capsys.readouterr().err
    assert told.count("no luck") == 2
    assert "in fails" in told
    assert "widgets/sidekick" not in told


def test_callbacks_run_one_after_the_other_in_one_thread_in_the_order_of_their_events(shown: Shown) -> None:
    at_work, order, threads = [0], [], set()

    def callback(event: ButtonClickEvent) -> None:
        at_work[0] += 1
        assert at_work[0] == 1
        threads.add(threading.current_thread().name)
        threading.Event().wait(0.01)
        order.append(event.instance_id)
        at_work[0] -= 1

    buttons = [Button(instance_id=f"b{at}", on_click=callback) for at in range(5)]
    shown.texts()
    for button in buttons:
        shown.event(inside(button, "button"), "click")
    wait_until(lambda: len(order) == 5)
    assert order == [button.instance_id for button in buttons]
    assert threads == {"sidekick"}


def test_what_a_callback_changes_is_on_the_page_while_it_still_runs(shown: Shown) -> None:
    go_on = threading.Event()
    label = Label("before")

    def callback(event: object) -> None:
        label.text = "meanwhile"
        assert go_on.wait(10)
        label.text = "after"

    button = Button(on_click=callback)
    assert shown.texts() == ["before"]
    shown.event(inside(button, "button"), "click")
    wait_until(lambda: shown.texts() == ["meanwhile"])
    go_on.set()
    wait_until(lambda: shown.texts() == ["after"])


def test_a_callback_that_is_registered_inside_of_a_batch_is_not_part_of_it(shown: Shown) -> None:
    from flow import batch

    label = Label("before")
    with batch():
        button = Button(on_click=lambda event: setattr(label, "text", "after"))
    shown.texts()
    press(shown, button)
    wait_until(lambda: shown.texts() == ["after"])


def test_a_form_reads_what_was_submitted_by_leaving_the_field_before_the_click(shown: Shown) -> None:
    said: list[str] = []
    name = Textbox()
    button = Button(on_click=lambda event: said.append(f"Hello {name.value}"))
    submits: list[object] = []
    name.submit(submits.append)
    shown.texts()
    shown.type(name, "Ada")
    shown.event(inside(name, "input"), "change", value="Ada")
    shown.event(inside(button, "button"), "click")
    settle()
    assert submits == [TextboxSubmitEvent(name.instance_id, "submit", "Ada")]
    assert said == ["Hello Ada"]


def test_the_decorators_of_textbox_and_console_leave_the_function_as_it_is() -> None:
    def callback(event: TextboxSubmitEvent | ConsoleSubmitEvent) -> None: ...

    assert Textbox().submit(callback) is callback
    assert Console().submit(callback) is callback
