"""The registry: who is who by id, and whose id stays taken."""

from __future__ import annotations

import gc
import weakref

import pytest

from flow.runtime.registry import ElementRegistry
from flow.ui import Button, Div, Text


def test_an_element_is_held_so_that_no_newcomer_gets_its_id() -> None:
    registry = ElementRegistry()
    registry.register(Text("x"))
    assert len(registry) == 1
    (element,) = registry._elements.values()
    held = weakref.ref(element)
    key = id(element)
    del element
    gc.collect()
    assert registry.get(key) is held() is not None
    registry.unregister(key)
    gc.collect()
    assert held() is None


def test_one_made_anew_answers_by_the_id_of_the_one_before_it_which_is_held() -> None:
    registry = ElementRegistry()
    old, new, newest = (Button(on_click=lambda n=n: n) for n in range(3))
    known, held = id(old), weakref.ref(old)
    registry.register(old)
    registry.register(new, known)
    registry.register(newest, known)
    del old
    gc.collect()
    assert registry.get(known) is newest
    handler = registry.get_handler(known, "click")
    assert handler is not None
    assert handler() == 2
    assert held() is not None
    registry.unregister(known)
    gc.collect()
    assert (held(), len(registry)) == (None, 0)


def test_none_takes_the_place_of_one_that_is_not_there() -> None:
    with pytest.raises(LookupError, match="no element is registered as 5"):
        ElementRegistry().register(Div(), 5)


def test_what_functions_make_is_registered_as_well() -> None:
    registry = ElementRegistry()
    root = Div(lambda: Button("x"))
    registry.register_tree(root)
    assert [element.tag for element in root.walk() if registry.get(id(element)) is element] == [
        "Div",
        "Slot",
        "Button",
        "#text",
    ]


def test_letting_go_of_one_that_is_not_there_is_no_error() -> None:
    ElementRegistry().unregister(5)


def test_an_event_that_an_element_does_not_listen_to_has_no_handler() -> None:
    registry = ElementRegistry()
    button = Button(on_click=print)
    registry.register(button)
    assert registry.get_handler(id(button), "input") is None
