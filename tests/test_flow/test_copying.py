"""Copies of elements: whole trees of their own, from ``copy.deepcopy`` and ``pickle``."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from flow import Signal, component, on_mount, use_signal
from flow.control import ErrorBoundary, Show, Suspense
from flow.element import Element
from flow.renderer.html import HTMLRenderer
from flow.ui import Button, Div, Input, Text
from flow.widget import FlowWidget

Copy = Callable[[Element], Element]


def html(element: Element) -> str:
    return HTMLRenderer(ids=False).render(element)


def pickled(element: Element) -> Element:
    made: Element = pickle.loads(pickle.dumps(element))
    return made


def is_a_tree_of_its_own(element: Element, original: Element) -> bool:
    others = {*map(id, original.walk())}
    return all(
        id(each) not in others
        and all(child.parent is each for child in each.children)
        and all(binding.element is each for binding in each.bindings)
        for each in element.walk()
    )


@pytest.mark.parametrize("made", [copy.deepcopy, pickled])
def test_a_copy_is_a_whole_tree_that_shares_no_element(made: Copy) -> None:
    root = Div(Text("a"), Button("b", cls="go"), Div(cls=Signal("x"), key=3))
    outer = Div(root)
    copied = made(root)
    assert html(copied) == html(root)
    assert is_a_tree_of_its_own(copied, root)
    assert (copied.parent, root.parent) == (None, outer)


def test_a_copy_lives_and_changes_by_itself() -> None:
    name = Signal("a")
    root = Div(Input(value=name), lambda: name.value, Show(lambda: name.value == "b", "shown"), Suspense("c"))
    shown = FlowWidget(root)
    copied = copy.deepcopy(root)
    assert is_a_tree_of_its_own(copied, root)
    other = FlowWidget(copied)
    try:
        name.value = "b"
        assert [each.session.catch_up() for each in (shown, other)] == [True, True]
        assert "shown" in other.session.html()
        assert other.session.html().count("b") == shown.session.html().count("b") - 1, (
            "its input has a copy of the signal"
        )
    finally:
        shown.close()
        other.close()


def test_a_copy_has_the_fallbacks_too() -> None:
    root = Div(
        ErrorBoundary(lambda: 1 / 0, fallback=lambda error: Text("failed")), Suspense("a", fallback=Text("wait"))
    )
    copied = copy.deepcopy(root)
    assert html(copied) == html(root)
    suspense = copied.children[1]
    assert [each.parent for each in suspense._inside()] == [suspense, suspense]


def test_a_copy_that_would_share_its_children_is_refused() -> None:
    with pytest.raises(TypeError, match="deepcopy"):
        copy.copy(Div(Text("a")))


def test_a_copy_of_a_component_remembers_the_same_and_ends_by_itself() -> None:
    log: list[str] = []

    @component
    def Counter() -> Element:
        count = use_signal(5)
        on_mount(lambda: lambda: log.append("left"))
        return Text(lambda: str(count.value))

    shown = FlowWidget(counter := Counter())
    copied = copy.deepcopy(counter)
    assert html(copied) == "<span>5</span>"
    other = FlowWidget(copied)
    other.close()
    assert log == ["left"]
    shown.close()
    assert log == ["left", "left"]
