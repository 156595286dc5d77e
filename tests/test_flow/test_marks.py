"""Marks: an update makes those nodes anew that are marked, and its result is what all made anew would be."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flow import Element, Signal, batch
from flow.control import ErrorBoundary, For, Fragment, Show, Suspense
from flow.portal import Portal
from flow.renderer.protocol import Operation, RenderNode
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.ui import B, Div, Li, P, Span, Text, Ul
from support.wire_page import Page


class Watched:
    """A live tree, and a page that is told its patches and shows after each what a fresh rendering does."""

    def __init__(self, root: Element) -> None:
        self.errors: list[str] = []
        self.tree = LiveTree(
            root, ElementRegistry(), tell=lambda: None, on_error=lambda error, where: self.errors.append(repr(error))
        )
        self.page = Page(self.tree.node)

    def update(self) -> list[Operation]:
        patch = self.tree.update()
        operations = patch.operations if patch else []
        self.page.patch(operations)
        assert self.page.tree() == Page(self.tree.node).tree()
        assert self.tree.node == rendered_afresh(self.tree.root)
        return operations


def rendered_afresh(root: Element) -> RenderNode:
    """The tree's node with no use of the nodes that are kept; these are kept still."""
    elements = list(everything(root))
    kept = [(element, element._kept) for element in elements]
    try:
        for element in elements:
            element._kept = None
        return root.to_render_node()
    finally:
        for element, node in kept:
            element._kept = node


def everything(root: Element) -> Iterator[Element]:
    """An element and all inside, also what is not shown at the moment."""
    yield root
    for child in root._inside():
        yield from everything(child)


def nodes(node: RenderNode) -> Iterator[RenderNode]:
    yield node
    for child in node.children:
        yield from nodes(child)


# -- What is left alone


def test_a_change_leaves_the_nodes_of_all_others_the_same_objects() -> None:
    labels = [Signal(str(n)) for n in range(50)]
    watched = Watched(Div(Div("head", cls="x"), Ul(For(labels, id, lambda label: Li(Text(label), Text("fixed"))))))
    before = {id(each) for each in nodes(watched.tree.node)}
    labels[7].value = "new"
    assert [each[0] for each in watched.update()] == ["text"]
    changed = [each for each in nodes(watched.tree.node) if id(each) not in before]
    assert [each.tag for each in changed] == ["div", "ul", "li", "span"], "the label, and the way to it"


def test_rows_whose_neighbour_changes_are_not_rendered() -> None:
    asked: list[str] = []

    class Asked(Li):
        def _render_into(self, nodes: list[RenderNode]) -> None:
            asked.append("row")
            super()._render_into(nodes)

    labels = [Signal(str(n)) for n in range(20)]
    watched = Watched(Ul([Asked(label) for label in labels]))
    asked.clear()
    labels[3].value = "new"
    watched.tree.update()
    assert asked == []


def test_what_an_update_has_replaced_is_not_held_until_the_next() -> None:
    label = Signal("long gone")
    watched = Watched(Div(Ul(Li(label), Li("b"))))
    label.value = "here"
    watched.tree.update()
    held = [each for each in gc.get_objects() if type(each) is RenderNode and each.text == "long gone"]
    assert held == []


def test_what_was_rendered_between_a_write_and_the_update_is_told_all_the_same() -> None:
    label, name = Signal("a"), Signal("b")
    watched = Watched(Div(Div(Fragment(P(label), "x"), cls=name), Span("y")))
    label.value = name.value = "c"
    watched.tree._settle()
    watched.tree.root.to_render_node()
    label.value = "d"
    assert [(each[0], each[-1]) for each in watched.update()] == [("set", "c"), ("text", "d")]


def test_what_changes_where_it_is_not_shown_is_shown_as_it_is_when_it_comes_back() -> None:
    label, broken = Signal("a"), Signal(False)

    def fail() -> str:
        if broken.value:
            raise ValueError("no")
        return "fine"

    boundary = ErrorBoundary(P(label), B(fail), fallback=lambda error: Span("sorry"))
    watched = Watched(Div(Div(boundary), "after"))
    broken.value = True
    watched.update()
    label.value = "b"
    assert watched.update() == []
    broken.value = False
    watched.update()
    boundary.reset()
    watched.update()
    assert [each.text for each in watched.tree.node.children[0].children] == ["b", "fine"]


def test_an_element_that_is_both_moved_and_changed_is_inserted_as_it_is_now() -> None:
    label = Signal("a")
    row = P(label)
    left, right = Div(row, B("x")), Div(B("y"))
    watched = Watched(Div(Div(left), Div(right)))
    with batch():
        label.value = "b"
        right._place(row)
    assert sorted(each[0] for each in watched.update()) == ["insert", "remove"]
    label.value = "c"
    assert [each[0] for each in watched.update()] == ["text"]


# -- Any tree, any changes


class World:
    """Places and things in them, all of which can go anywhere, and signals that they depend on."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.numbers = [Signal(n) for n in (1, 2, 3)]
        self.items = Signal([1, 2, 3])
        self.boundaries: list[ErrorBoundary] = []
        self.root = draw(st.sampled_from([Div, Fragment, Ul]))()
        self.places: list[Element] = [self.root]
        for _ in range(draw(st.integers(1, 6))):
            place = self.place()
            draw(st.sampled_from(self.places))._place(place)
            self.places.append(place)
        self.things: list[Element] = []
        for _ in range(draw(st.integers(1, 8))):
            self.add()

    def place(self) -> Element:
        key = self.draw(st.sampled_from([None, None, 1, "k"]))
        number = self.draw(st.sampled_from(self.numbers))
        boundary = ErrorBoundary(fallback=lambda error: B("no"), key=key)
        kinds: list[Element] = [
            Div(key=key), Div(key=key, cls=lambda: f"c{number.value}"), Fragment(key=key), Portal(key=key),
            Suspense(fallback="soon", key=key), boundary,
        ]  # fmt: skip
        place = self.draw(st.sampled_from(kinds))
        if place is boundary:
            self.boundaries.append(boundary)
        return place

    def thing(self) -> Element:
        number = self.draw(st.sampled_from(self.numbers))
        key = self.draw(st.sampled_from([None, None, 1, 2]))
        kind = self.draw(st.integers(0, 5))
        if kind == 0:
            return P(lambda: f"n{number.value}", key=key)
        if kind == 1:
            return Span("a", Text(number), "b", title=lambda: str(number.value), key=key)
        if kind == 2:
            return Fragment(lambda: number.value, B(lambda: 6 // number.value), key=key)
        if kind == 3:
            return Fragment(For(self.items, lambda n: n, lambda n: Li(lambda: n * number.value)), key=key)
        if kind == 4:
            return Fragment(Show(lambda: number.value % 2, lambda: P(number), lambda: [B("x"), number]), key=key)
        return Fragment(lambda: [Li(n, cls=str(number.value), key=n) for n in self.items.value])

    def add(self) -> None:
        thing = self.thing()
        self.things.append(thing)
        self.draw(st.sampled_from(self.places))._place(thing)

    def move(self) -> None:
        one = self.draw(st.sampled_from([*self.things, *self.places]))
        to = self.draw(st.sampled_from([*self.places, Div()]))  # the last is nowhere
        if one is not self.root and all(one is not above for above in around(to)):
            to._place(one)

    def write(self) -> None:
        self.draw(st.sampled_from(self.numbers)).value = self.draw(st.integers(1, 4))

    def fail(self) -> None:
        self.draw(st.sampled_from(self.numbers)).value = 0

    def reset(self) -> None:
        for boundary in self.boundaries:
            boundary.reset()

    def reorder(self) -> None:
        self.items.value = self.draw(st.lists(st.integers(0, 6), unique=True))

    def render(self) -> None:
        with suppress(ZeroDivisionError):  # of what no live tree has yet
            self.draw(st.sampled_from([self.root, *self.places])).to_render_node()


def around(element: Element | None) -> Iterator[Element]:
    while element is not None:
        yield element
        element = element.parent


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_changes_and_moves_the_page_shows_what_a_fresh_rendering_does(data: Any) -> None:
    world = World(data.draw)
    watched = Watched(world.root)
    changes: list[Callable[[], Any]] = [
        world.write, world.write, world.move, world.move, world.add, world.fail, world.reset, world.reorder,
        world.render, watched.tree._settle, watched.update, watched.update,
    ]  # fmt: skip
    for _ in range(data.draw(st.integers(1, 20))):
        data.draw(st.sampled_from(changes))()
    watched.update()
    assert watched.update() == []
