"""LiveTree: what changed in signals reaches a page as the least patch, and a page told so shows what the tree is."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow import Effect, Element, Signal, component, on_cleanup, on_mount
from flow.control import ErrorBoundary, For, Fragment, Show, Suspense, Switch
from flow.errors import FlowError
from flow.renderer.protocol import Operation, RenderNode
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.ui import B, Button, Div, Input, Li, P, Span, Tbody, Td, Text, Tr, Ul
from support.wire_page import Page


class Shown:
    """A live tree and a page that is told its patches."""

    def __init__(self, root: Element, loop: Callable[[], asyncio.AbstractEventLoop] | None = None) -> None:
        self.told = 0
        self.errors: list[tuple[BaseException, str]] = []
        self.registry = ElementRegistry()
        self.tree = LiveTree(
            root, self.registry, tell=self._tell, on_error=lambda *error: self.errors.append(error), loop=loop
        )
        self.page = Page(self.tree.node)

    def _tell(self) -> None:
        self.told += 1

    def update(self) -> list[Operation]:
        """Tell the page, and see that it shows what the tree is."""
        patch = self.tree.update()
        operations = patch.operations if patch else []
        self.page.patch(operations)
        assert self.page.tree() == Page(self.tree.node).tree()
        fresh = without_ids(self.tree.root.to_render_node())
        assert without_ids(self.tree.node) == fresh
        return operations

    def html(self) -> Any:
        return without_ids(self.tree.node)


def without_ids(node: RenderNode) -> Any:
    return node.tag, dict(node.props), node.text, [without_ids(child) for child in node.children]


def kinds(operations: list[Operation]) -> list[str]:
    return [each[0] for each in operations]


def test_a_bound_text_is_one_operation_and_nothing_else_is_read() -> None:
    count, read = Signal(0), []

    def other() -> str:
        read.append(1)
        return "other"

    shown = Shown(Div(Text(lambda: f"Count: {count.value}"), Text(other)))
    assert shown.update() == []
    count.value = 1
    assert shown.told
    (operation,) = shown.update()
    assert operation[0] == "text"
    assert operation[2] == "Count: 1"
    assert len(read) == 1


def test_a_hundred_thousand_writes_are_one_read() -> None:
    count, read = Signal(0), []
    shown = Shown(Div(lambda: read.append(1) or str(count.value)))
    told = shown.told
    for n in range(100_000):
        count.value = n
    assert len(read) == 1
    assert shown.told == told + 1
    assert kinds(shown.update()) == ["text"]
    assert len(read) == 2
    assert shown.update() == []


def test_a_write_that_is_taken_back_changes_nothing() -> None:
    count = Signal(0)
    shown = Shown(Div(lambda: count.value % 2))
    count.value = 2
    assert shown.update() == []


def test_a_bound_prop_is_set_and_unset() -> None:
    is_on = Signal(False)
    shown = Shown(Div(Button("Go", disabled=lambda: is_on.value, cls={"hot": is_on})))
    is_on.value = True
    assert sorted(shown.update()) == sorted(
        [
            ("set", id(shown.tree.root.children[0]), name, value)
            for name, value in [("disabled", True), ("class", "hot")]
        ]
    )
    is_on.value = False
    assert kinds(shown.update()) == ["unset", "unset"]


def test_rows_that_stay_are_neither_made_nor_told_again() -> None:
    items, made = Signal([1, 2, 3, 4]), []

    def row(n: int) -> Element:
        made.append(n)
        return Tr(Td(n))

    shown = Shown(Tbody(For(items, key=lambda n: n, render=row)))
    items.value = [4, 2, 3, 1]
    assert kinds(shown.update()) == ["move", "move"]
    items.value = [4, 3, 1]
    assert kinds(shown.update()) == ["remove"]
    items.value = [4, 3, 1, 5, 6]
    assert kinds(shown.update()) == ["insert"]
    assert made == [1, 2, 3, 4, 5, 6]


def test_what_a_row_reads_makes_that_row_anew_and_not_the_list() -> None:
    chosen, made = Signal(1), []

    def row(n: int) -> Element:
        made.append(n)
        return Li("chosen" if n == 2 and chosen.value == 2 else str(n))

    shown = Shown(Ul(For([1, 2, 3], key=lambda n: n, render=row)))
    made.clear()
    chosen.value = 2
    assert kinds(shown.update()) == ["text"]
    assert made == [2]


def test_a_component_that_reads_a_signal_runs_again_and_is_compared() -> None:
    count, runs = Signal(0), []

    @component
    def Counter() -> Element:
        runs.append(1)
        with Div() as root:
            Text(f"Count: {count.value}")
            Button("+", on_click=lambda: count.update(lambda n: n + 1))
        return root

    shown = Shown(Counter())
    button = next(each for each in shown.tree.root.walk() if isinstance(each, Button))
    known = button.element_id
    count.value = 5
    assert kinds(shown.update()) == ["text"]
    handler = shown.registry.get_handler(known, "click")
    assert handler is not None
    assert handler is not button.props["on_click"], "the handler of the newer run is called"
    handler()
    assert kinds(shown.update()) == ["text"]
    assert len(runs) == 3


def test_the_effects_of_what_left_end_and_cleanups_run() -> None:
    is_there, count, seen, ended = Signal(True), Signal(0), [], []

    @component
    def Inner() -> Element:
        Effect(lambda: seen.append(count.value))
        on_cleanup(lambda: ended.append(1))
        return Span(lambda: count.value)

    shown = Shown(Div(Show(is_there, Inner)))
    count.value = 1
    assert kinds(shown.update()) == ["text"]
    is_there.value = False
    assert kinds(shown.update()) == ["text"] or True
    count.value = 2
    assert (seen, ended) == ([0, 1], [1])
    assert shown.update() == []


def test_what_left_can_be_collected_when_the_page_knows() -> None:
    is_there = Signal(True)
    shown = Shown(Div(Show(is_there, lambda: P("x", on_click=lambda: None))))
    paragraph = ref(next(each for each in shown.tree.root.walk() if isinstance(each, P)))
    is_there.value = False
    shown.update()
    gc.collect()
    assert paragraph() is not None, "the page may still tell of a click"
    left, shown.tree.left = shown.tree.left, []
    for element in left:
        shown.registry.leave([element])
    del left, element
    gc.collect()
    assert paragraph() is None


def test_an_element_that_is_shown_by_turns_with_another_never_shares_its_id() -> None:
    first, second = Signal(True), Signal(False)
    one, other = P("one"), P("other")
    shown = Shown(Div(Show(first, one), Show(second, other)))
    first.value, second.value = False, True
    shown.update()
    first.value = True
    shown.update()
    assert one.element_id != other.element_id
    assert shown.registry.get(one.element_id) is one
    assert shown.registry.get(other.element_id) is other


def test_children_may_be_added_to_what_is_shown_and_taken_elsewhere() -> None:
    count = Signal(0)
    left, right = Ul(), Ul()
    shown = Shown(Div(left, right))
    with left:
        item = Li(lambda: count.value)
    assert kinds(shown.update()) == ["insert"]
    count.value = 1
    assert kinds(shown.update()) == ["text"]
    right._place(item)
    assert kinds(shown.update()) in (["text", "insert"], ["remove", "insert"])
    count.value = 2
    assert kinds(shown.update()) == ["text"], "it is still kept up to date"


def test_an_error_in_a_binding_is_told_and_the_page_stays_until_it_is_mended() -> None:
    data: Signal[list[int]] = Signal([1])
    shown = Shown(Div(Text(lambda: f"first: {data.value[0]}"), Text(lambda: len(data.value))))
    data.value = []
    assert kinds(shown.update()) == ["text"]
    ((error, where),) = shown.errors
    assert isinstance(error, IndexError)
    assert "Text" in where or "Slot" in where
    data.value = [7, 8]
    assert len(shown.update()) == 2
    assert shown.html()[3][0][2] == "first: 7"


def test_an_error_when_it_is_shown_first_is_raised_and_nothing_is_kept() -> None:
    root = Div(Text(lambda: 1 / 0))  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        Shown(root)
    assert root._live is None
    assert root._children[0]._children[0]._live is None


def test_a_boundary_shows_its_fallback_and_can_be_reset() -> None:
    data = Signal(1)
    boundary = ErrorBoundary(P(lambda: 10 // data.value), fallback=lambda error: B(f"no: {error}"))
    shown = Shown(Div(boundary, "after"))
    data.value = 0
    shown.update()
    assert [each[0] for each in shown.html()[3]] == ["b", "#text"]
    assert shown.errors == []
    data.value = 5
    boundary.reset()
    shown.update()
    assert shown.html()[3][0] == ("p", {}, "2", [])


def test_an_async_component_shows_the_fallback_until_it_is_done() -> None:
    async def main() -> None:
        name, gate = Signal("a"), asyncio.Event()

        @component
        async def Slow() -> Element:
            shown_name = name.value
            await gate.wait()
            return P(shown_name)

        shown = Shown(Div(Suspense(Slow(), fallback="loading")), asyncio.get_running_loop)
        await asyncio.sleep(0)
        shown.update()
        assert shown.html()[2] == "loading"
        gate.set()
        for _ in range(5):
            await asyncio.sleep(0)
        shown.update()
        assert shown.html()[3] == [("p", {}, "a", [])]
        name.value = "b"
        shown.update()
        for _ in range(5):
            await asyncio.sleep(0)
        shown.update()
        assert shown.html()[3] == [("p", {}, "b", [])]

    asyncio.run(main())


def test_a_static_rendering_of_what_waits_shows_the_fallback() -> None:
    @component
    async def Slow() -> Element:
        await asyncio.sleep(1)
        return P("x")

    assert Div(Suspense(Slow(), fallback="loading")).to_render_node().text == "loading"


def test_contents_that_make_each_other_anew_without_end_are_an_error() -> None:
    one, other, is_on = Signal(0), Signal(0), Signal(False)

    def follow(mine: Signal[int], its: Signal[int]) -> str:
        if is_on.value:
            mine.value = its.value + 1
        return str(mine.peek())

    shown = Shown(Div(P(lambda: follow(one, other)), P(lambda: follow(other, one))))
    is_on.value = True
    shown.tree.update()
    assert [type(error) for error, _ in shown.errors] == [RecursionError]


def test_a_tree_is_shown_in_one_place_only() -> None:
    root = Div("x")
    Shown(root)
    with pytest.raises(ValueError, match="shown already"):
        Shown(root)


# -- Any tree, any writes


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Element, list[Callable[[], None]]]:
    """A tree that depends on a few signals in all kinds of ways, and writes to them."""
    numbers = [Signal(n) for n in range(3)]
    lists = [Signal(list(range(n))) for n in range(3)]

    def tree(depth: int) -> Any:
        deep = ["show", "switch", "for", "part"] * (depth > 0)
        kind = draw(st.sampled_from(["text", "bound", "list", "prop", "div", "fragment", "kept", *deep]))
        number, items = draw(st.sampled_from(numbers)), draw(st.sampled_from(lists))
        if kind == "text":
            return draw(st.sampled_from(["", "a", "b"]))
        if kind == "bound":
            return lambda: f"n{number.value}"
        if kind == "list":
            return lambda: [Li(n, key=n) for n in items.value]
        if kind == "prop":
            return Input(value=lambda: str(number.value), disabled=lambda: number.value == 1)
        if kind == "kept":
            kept = [P(f"kept {n}", key=draw(st.sampled_from([None, n]))) for n in range(2)]
            return lambda: kept[number.value % 2] if number.value else "none"
        if kind in ("div", "fragment"):
            inside = [tree(depth - 1) for _ in range(draw(st.integers(0, 3)))] if depth > 0 else []
            key = draw(st.sampled_from([None, "k", 1]))
            return Div(*inside, key=key) if kind == "div" else Fragment(*inside, key=key)
        if kind == "show":
            then = tree(depth - 1)
            return Show(lambda: number.value % 2, lambda: Span(then if isinstance(then, str) else "then"), "otherwise")
        if kind == "switch":
            return Switch(number, {0: lambda: P("zero"), 1: lambda: [P(lambda: items.value), "one"]}, "many")
        if kind == "for":
            return For(items, lambda n: n, lambda n: Li(lambda: n + number.value) if n % 2 else [str(n), B(number)])

        @component
        def Part() -> Any:
            return [Div(lambda: items.value, cls=str(number.value)), str(number.value)]

        return Part()

    root = Div(*[tree(2) for _ in range(draw(st.integers(1, 4)))])
    writes: list[Callable[[], None]] = []
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.booleans()):
            number, n = draw(st.sampled_from(numbers)), draw(st.integers(0, 3))
            writes.append(lambda number=number, n=n: setattr(number, "value", n))
        else:
            items, ns = draw(st.sampled_from(lists)), draw(st.lists(st.integers(0, 4), unique=True))
            writes.append(lambda items=items, ns=ns: setattr(items, "value", ns))
    return root, writes


@settings(max_examples=200)
@given(worlds(), st.lists(st.booleans(), min_size=8, max_size=8))
def test_whatever_is_written_the_page_shows_what_the_tree_is(world: Any, updates: list[bool]) -> None:
    root, writes = world
    shown = Shown(root)
    for write, is_update in zip(writes, updates, strict=False):
        write()
        if is_update:
            shown.update()
    shown.update()
    shown.tree.dispose()
    fresh = without_ids(root.to_render_node())
    assert shown.html() == fresh
    assert not shown.errors


def test_an_update_asks_for_no_other() -> None:
    label, names = Signal("a"), Signal(["x"])
    shown = Shown(Div(P(label), Ul(For(names, key=lambda name: name, render=Li))))
    label.value, names.value = "b", ["x", "y"]
    before = shown.told
    assert kinds(shown.update()) == ["text", "insert"]
    assert shown.told == before


def test_what_left_ends_and_what_came_is_shown_only_after_the_page_was_told() -> None:
    is_old, told = Signal(True), []

    def shows(name: str) -> None:
        on_mount(lambda: told.append(f"{name} is shown") or (lambda: told.append(f"{name} ends")))

    @component
    def Old() -> Element:
        shows("old")
        return P("old")

    @component
    def New() -> Element:
        shows("new")
        return Div("new")

    shown = Shown(Div(Show(is_old, Old, New)))
    is_old.value = False
    shown.tree.update(lambda patch: told.append(patch.operations[0][0] if patch else ""))
    assert told == ["old is shown", "remove", "old ends", "new is shown"]


def test_nothing_in_what_left_is_read_any_more_in_the_update_in_which_it_goes() -> None:
    names, read = Signal(["a", "b"]), []

    def name(at: int) -> str:
        read.append(at)
        return names.value[at]

    shown = Shown(Ul(For(lambda: range(len(names.value)), render=lambda at: Li(lambda: name(at)))))
    names.value = ["c"]
    read.clear()
    shown.update()
    assert (read, shown.errors) == ([0], [])


def test_an_element_whose_first_showing_was_interrupted_can_be_shown() -> None:
    interrupts = [KeyboardInterrupt]

    def words() -> str:
        if interrupts:
            raise interrupts.pop()
        return "shown"

    root = Div(Text("before"), Text(words))
    with pytest.raises(KeyboardInterrupt):
        Shown(root)
    assert {element._live for element in root.walk()} == {None}
    assert "shown" in str(Shown(root).tree.node)


def test_what_left_and_came_back_in_one_update_goes_on() -> None:
    is_left, text = Signal(True), Signal("a")
    child = P(text)
    shown = Shown(Div(Div(lambda: child if is_left.value else None), Div(lambda: None if is_left.value else child)))
    is_left.value = False
    shown.update()
    text.value = "b"
    (operation,) = shown.update()
    assert operation[0::2] == ("text", "b")


@pytest.mark.parametrize("is_deeper", [True, False])
def test_what_changes_its_place_and_what_it_shows_in_one_update_shows_it(is_deeper: bool) -> None:
    is_left, text = Signal(True), Signal("a")
    child = P(text)
    deep = Div(Div(Div(Div(Div(lambda: None if is_left.value else child)))))
    shown = Shown(Div(Div(lambda: child if is_left.value else None), deep))
    if not is_deeper:
        is_left.value = False
        shown.update()
    is_left.value, text.value = not is_deeper, "b"
    shown.update()
    assert "'b'" in repr(shown.html())
    text.value = "c"
    assert (kinds(shown.update()), shown.errors) == (["text"], [])


def test_a_root_that_is_put_elsewhere_is_shown_where_it_was_until_that_is_shown() -> None:
    text = Signal("a")
    root = Div(text)
    shown = Shown(root)
    box = Div(root)
    text.value = "b"
    assert kinds(shown.update()) == ["text"]
    other = Shown(box)
    text.value = "c"
    assert (kinds(other.update()), shown.tree.update()) == (["text"], None)


@pytest.mark.parametrize("is_searched", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_no_search_for_garbage_comes_between_a_change_and_its_being_told(is_searched: bool, fails: bool) -> None:
    count, searched = Signal(0), []
    shown = Shown(Div(count))

    def tell(patch: object) -> None:
        searched.append(gc.isenabled())
        if fails:
            raise ConnectionResetError

    before = gc.isenabled()
    try:
        if not is_searched:
            gc.disable()
        count.value = 1
        with pytest.raises(ConnectionResetError) if fails else nullcontext():
            shown.tree.update(tell)
        assert (searched, gc.isenabled()) == ([False], is_searched)
    finally:
        (gc.enable if before else gc.disable)()


def test_a_page_is_asked_for_a_method_of_an_element_behind_what_changed() -> None:
    text = Signal("a")
    box, gone = Input(), P("x")
    shown = Shown(Div(box, Text(text), gone))
    box.call("focus")
    gone.call("scroll_into_view", {"block": "end"})
    text.value = "b"
    assert shown.tree.update().operations[1:] == [  # type: ignore[union-attr]
        ("call", id(box), "focus", []), ("call", id(gone), "scrollIntoView", [{"block": "end"}]),
    ]  # fmt: skip
    assert shown.tree.update() is None
    box.call("select")
    assert [*shown.tree.update().operations] == [("call", id(box), "select", [])]  # type: ignore[union-attr]


def test_a_method_that_a_page_cannot_be_asked_for_is_refused() -> None:
    box, part = Input(), Fragment("x")
    with pytest.raises(FlowError, match="not shown"):
        box.call("focus")
    Shown(Div(box, part))
    with pytest.raises(ValueError, match="Did you mean 'scroll_into_view'"):
        box.call("scrollIntoview")
    with pytest.raises(ValueError, match="There are blur, click"):
        box.call("remove")
    with pytest.raises(TypeError, match="not JSON serializable"):
        box.call("scroll_to", object())
    with pytest.raises(TypeError, match="no DOM element to focus"):
        part.call("focus")


def test_a_component_that_makes_itself_without_end_is_an_error() -> None:
    is_mad = Signal(False)

    @component
    def Endless() -> Element:
        return Div(Endless())

    with pytest.raises(
        RecursionError, match=r"Endless\(\) has more than \d+ elements around it. Does a component make"
    ):
        Shown(Div(Endless()))
    shown = Shown(Div(Show(is_mad, Endless)))
    is_mad.value = True
    with suppress(RecursionError):
        shown.tree.update()
    assert [str(error)[:9] for error, _ in shown.errors] == ["Endless()"]
    is_mad.value = False
    shown.update()
    assert shown.html() == ("div", {}, None, [])
