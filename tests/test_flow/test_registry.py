"""The registry: who is who by id, and whose id stays taken."""

from __future__ import annotations

import gc
import weakref

from flow.element import Element
from flow.renderer.diff import diff
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


def test_one_made_anew_answers_by_the_id_of_the_one_before_it_which_stays_taken() -> None:
    registry = ElementRegistry()

    def make(n: int) -> Element:
        return Div(Text(f"{n}"), Button(on_click=lambda: n))

    old = make(0)
    registry.register_tree(old)
    known, button, held = old.to_render_node(), id(old.children[1]), weakref.ref(old.children[1])
    for n in (1, 2):
        new = make(n)
        patch = diff(known, new.to_render_node())
        registry.register_tree(new, patch.adopted)
        known = patch.node
        assert new.to_render_node() == known
    del old, new
    gc.collect()
    handler = registry.get_handler(button, "click")
    assert handler is not None
    assert (handler(), held() is None) == (2, False)
    registry.clear()
    gc.collect()
    assert held() is None


def test_an_element_in_its_own_place_goes_by_its_own_id() -> None:
    text = Text("x")
    text.take_place_of(text)
    assert text.element_id == id(text)


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
