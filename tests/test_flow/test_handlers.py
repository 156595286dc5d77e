"""Handlers: what they are called with, and their options."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from inspect import isawaitable
from typing import Any

import pytest

from flow import on
from flow.events import Event, call, make_event
from flow.ui import Button, Input

EVENT = make_event(Button("Go"), "click", {})
heard: list[Any] = []


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    heard.clear()


class Listener:
    def without(self) -> None:
        heard.append("none")

    def with_event(self, event: Event) -> None:
        heard.append(event)

    def __call__(self, event: Event) -> None:
        heard.append(event)


def anything(*args: Any) -> None:
    heard.extend(args or ["none"])


def with_more(event: Event, more: int = 5) -> None:
    heard.extend((event, more))


def numbered(number: int, event: Event) -> None:
    heard.extend((number, event))


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (lambda: heard.append("none"), ["none"]),
        (lambda event: heard.append(event), [EVENT]),
        (lambda i=3: heard.append(i), [3]),
        (lambda *, i=3: heard.append(i), [3]),
        (anything, [EVENT]),
        (with_more, [EVENT, 5]),
        (heard.append, [EVENT]),
        (Listener().without, ["none"]),
        (Listener().with_event, [EVENT]),
        (Listener(), [EVENT]),
        (partial(numbered, 1), [1, EVENT]),
        (partial(heard.append, 2), [2]),
        (partial(with_more, EVENT), [EVENT, 5]),
        (on(lambda: heard.append("none"), once=True), ["none"]),
        (on(heard.append, once=True), [EVENT]),
    ],
)
def test_a_handler_is_called_with_the_event_if_it_needs_an_argument(
    handler: Callable[..., Any], said: list[Any]
) -> None:
    assert call(handler, EVENT) is None
    assert heard == said


def test_a_builtin_that_tells_nothing_of_its_arguments_gets_the_event() -> None:
    class Untold:
        __signature__ = "none"

        def __call__(self, event: Event) -> None:
            heard.append(event)

    call(Untold(), EVENT)
    assert heard == [EVENT]


def test_an_async_handler_gives_what_is_to_be_awaited() -> None:
    async def handler(event: Event) -> None:
        await asyncio.sleep(0)
        heard.append(event)

    rest = call(handler, EVENT)
    assert isawaitable(rest)
    assert heard == []

    async def wait() -> None:
        await rest

    asyncio.run(wait())
    assert heard == [EVENT]


@pytest.mark.parametrize(
    ("handler", "needs"), [(lambda event, other: None, "event, other"), (lambda *, more: None, "more")]
)
def test_a_handler_that_needs_more_is_an_error_that_says_what_it_gets(handler: Callable[..., Any], needs: str) -> None:
    with pytest.raises(TypeError, match=rf"on_click of Button\('Go'\) takes a function of .* needs {needs}"):
        call(handler, EVENT)


def test_an_error_in_a_handler_is_its_own() -> None:
    with pytest.raises(ZeroDivisionError):
        call(lambda: 1 / 0, EVENT)


def test_options_are_on_the_wire_in_milliseconds_and_only_those_that_are_set() -> None:
    handler = on(print, debounce=0.3, prevent_default=True, stop_propagation=True, once=True, keys=["Enter", "Escape"])
    assert handler.event_options == {
        "debounce": 300, "prevent_default": True, "stop_propagation": True, "once": True, "keys": ["Enter", "Escape"],
    }  # fmt: skip
    assert on(print, throttle=1, keys="Enter").event_options == {"throttle": 1000, "keys": ["Enter"]}
    assert on(print).event_options == {}


def test_a_page_is_told_the_options_of_a_handler() -> None:
    node = Input(on_input=on(heard.append, debounce=0.25), on_keydown=on(heard.append, keys="Enter")).to_render_node()
    assert node.props == {"on_input": {"debounce": 250}, "on_keydown": {"keys": ["Enter"]}}


def test_options_may_stand_above_a_function_which_can_still_be_called() -> None:
    @on(debounce=0.1)
    def search(text: str) -> str:
        """Look for it."""
        return text.upper()

    assert (search("x"), search.__name__, search.__doc__) == ("X", "search", "Look for it.")  # type: ignore[attr-defined]
    assert search.event_options == {"debounce": 100}


def test_options_add_up_and_leave_the_function_as_it_was() -> None:
    def handler() -> None:
        heard.append(1)

    inner = on(handler, debounce=0.1)
    outer = on(inner, once=True)
    assert outer.event_options == {"debounce": 100, "once": True}
    assert inner.event_options == {"debounce": 100}
    assert not hasattr(handler, "event_options")
    call(outer, EVENT)
    assert heard == [1]
    assert repr(inner).startswith("on(<function")
    assert repr(inner).endswith("debounce=100)")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"debounce": -1}, "seconds, from 0"), ({"debounce": 300_000}, "seconds, from 0"),
        ({"throttle": float("nan")}, "seconds, from 0"), ({"throttle": "1"}, "seconds as a number"),
        ({"debounce": True}, "seconds as a number"), ({"debounce": 1, "throttle": 1}, "not both"),
        ({"once": 1}, "once of on"), ({"prevent_default": None}, "prevent_default of on"),
        ({"keys": 1}, "names of keys"), ({"keys": [1]}, "names of keys"), ({"keys": [""]}, "names of keys"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_option_is_an_error_that_names_it(options: Any, told: str) -> None:
    with pytest.raises((TypeError, ValueError), match=told):
        on(print, **options)


@pytest.mark.parametrize("handler", [5, "print", Button])
def test_options_are_for_functions(handler: Any) -> None:
    with pytest.raises(TypeError, match=r"on\(\) takes a function"):
        on(handler, once=True)
