"""Elements: nesting, children, props, bound values, and mistakes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context
from decimal import Decimal
from typing import Any

import pytest

from flow import Computed, Effect, Signal
from flow.bindings import Binding
from flow.element import Element, Slot
from flow.renderer import HTMLRenderer, RenderNode
from flow.ui import Br, Button, Card, Details, Div, Img, Input, Li, P, Select, Text, Textarea, Ul, VStack


def texts(element: Element) -> list[str | None]:
    return [child.text for child in element.to_render_node().children]


def test_an_element_made_in_a_with_is_placed_in_it_and_the_next_one_after_it_is_not() -> None:
    with Div() as root:
        inside = Text("in")
    outside = Text("out")
    assert (root.children, inside.parent, outside.parent) == ((inside,), root, None)


def test_a_child_made_in_a_with_and_given_to_another_element_is_placed_once() -> None:
    with Div() as root:
        inner = Text("inner")
        card = Card(inner)
    assert root.children == (card,)
    assert card.children == (inner,)


def test_a_child_given_twice_to_one_element_keeps_its_first_place() -> None:
    one, two = Text("1"), Text("2")
    assert Div(one, two, one).children == (one, two)


def test_a_child_given_to_a_second_element_moves_there() -> None:
    child = Text("x")
    first = Div(Text("a"), child, Text("b"))
    second = Div(child)
    assert (len(first.children), second.children, child.parent) == (2, (child,), second)


def test_an_element_is_never_inside_itself() -> None:
    inner = Div(Text("x"))
    outer = Div(Div(inner))
    for inside in (inner, outer):
        with pytest.raises(ValueError, match="cannot be placed inside itself"):
            inside._place(outer)


def test_an_error_in_a_with_closes_it() -> None:
    with pytest.raises(ZeroDivisionError), Div():
        _ = 1 / 0
    assert Text("free").parent is None


def test_an_element_may_be_entered_again_to_have_more_children() -> None:
    root = Div(Text("a"))
    with root:
        Text("b")
    assert texts(root) == ["a", "b"]


def test_withs_left_in_another_order_are_an_error() -> None:
    one, two = Div(), Div()
    context = copy_context()
    context.run(one.__enter__)
    context.run(two.__enter__)
    with pytest.raises(RuntimeError, match="another order"):
        context.run(one.__exit__, None, None, None)


def test_threads_do_not_mix() -> None:
    made: list[Element] = []
    with Div() as root:
        context = copy_context()  # also a thread that inherits it
        for run in (lambda: made.append(Text("t")), lambda: context.run(lambda: made.append(Text("t")))):
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
    assert root.children == ()
    assert [each.parent for each in made] == [None, None]


def test_tasks_do_not_mix() -> None:
    async def build(name: str) -> Element:
        with Div() as root:
            for at in range(3):
                Text(f"{name}{at}")
                await asyncio.sleep(0)
        return root

    async def both() -> tuple[Element, Element]:
        return await asyncio.gather(build("a"), build("b"))

    assert [texts(root) for root in asyncio.run(both())] == [["a0", "a1", "a2"], ["b0", "b1", "b2"]]


def test_a_task_nests_in_the_with_it_was_started_in_until_that_is_left() -> None:
    async def late(turns: int) -> Element:
        for _ in range(turns):
            await asyncio.sleep(0)
        return Text("late")

    async def run() -> tuple[Element | None, Element | None]:
        with Div():
            early, after = asyncio.ensure_future(late(0)), asyncio.ensure_future(late(5))
            await early
        return (await early).parent, (await after).parent

    early, after = asyncio.run(run())
    assert isinstance(early, Div)
    assert after is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (("a", "b"), ["a", "b"]),
        ((1, 2.5, Decimal("0.1")), ["1", "2.5", "0.1"]),
        ((["a", ("b", iter("cd"))], None, "e"), ["a", "b", "c", "d", "e"]),
        (((Text(str(n)) for n in range(2)),), ["0", "1"]),
        (("a", Signal("b"), Computed(lambda: "c"), lambda: "d"), ["a", "b", "c", "d"]),
        (("a", lambda: [Text("b"), None, "c"]), ["a", "b", "c"]),
    ],
)
def test_children_are_texts_numbers_elements_signals_functions_and_iterables(
    given: tuple[Any, ...], shown: list[str]
) -> None:
    assert texts(Div(*given)) == shown


def test_a_text_that_is_alone_is_the_node_s_own() -> None:
    node = Text("Title").to_render_node()
    assert (node.text, node.children) == ("Title", ())
    assert Text(lambda: 5).to_render_node().text == "5"


@pytest.mark.parametrize(
    ("child", "told"),
    [
        (object(), "of type object"),
        (b"x", "of type bytes"),
        (True, "Show\\(condition, then\\)"),
        ({"a": 1}, "of type dict"),
        (Button, "Call it: Button"),
    ],
)
def test_a_child_of_a_wrong_type_is_an_error_that_names_the_type(child: object, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        Div(child)
    with pytest.raises(TypeError, match=told):
        Div("a", lambda: child).to_render_node()


@pytest.mark.parametrize("make", [lambda: Img("x"), lambda: Br(Text("x")), lambda: Input(lambda: "x")])
def test_an_element_without_an_inside_takes_no_children(make: Callable[[], Element]) -> None:
    with pytest.raises(TypeError, match="has no inside"):
        make()


def test_an_element_without_an_inside_takes_no_children_by_with_either() -> None:
    with pytest.raises(TypeError, match="<input> takes no children"), Input():
        Text("x")


@pytest.mark.parametrize(
    ("make", "meant"),
    [
        (lambda: Button(on_clik=print), "on_click"),
        (lambda: Button(onClick=print), "on_click"),
        (lambda: Button(onkeydown=print), "on_keydown"),
        (lambda: Div(clss="x"), "cls"),
        (lambda: Div(className="x"), "cls"),
        (lambda: Input(read_only=True), "readonly"),
        (lambda: VStack(gapp=1), "gap"),
        (lambda: Img(scr="x"), "src"),
    ],
)
def test_a_wrong_prop_is_an_error_with_a_suggestion(make: Callable[[], Element], meant: str) -> None:
    with pytest.raises(TypeError, match=f"has no prop .* Did you mean '{meant}'"):
        make()


def test_a_prop_like_no_other_is_an_error_without_a_suggestion() -> None:
    with pytest.raises(TypeError, match=r"Div has no prop 'qqqq'\. Attributes of your own are called data_…"):
        Div(qqqq=1)


def test_a_prop_of_another_element_is_an_error() -> None:
    with pytest.raises(TypeError, match="Div has no prop 'href'"):
        Div(href="x")


def test_a_handler_is_a_function() -> None:
    for wrong in ("alert(1)", Signal(1), 5):
        with pytest.raises(TypeError, match="on_click of Button takes a function"):
            Button(on_click=wrong)


def test_an_element_that_failed_to_be_made_is_placed_nowhere() -> None:
    with Div() as root, pytest.raises(TypeError):
        Text("x", clss="y")
    assert root.children == ()


def test_props_are_as_given_and_attributes_as_the_page_wants_them() -> None:
    def go() -> None: ...

    def off() -> bool:
        return False

    props = {
        "cls": ["a", {"b": True, "c": False}],
        "style": {"font_size": 12, "--x": 1, "line-height": 2, "color": None},
        "data_row": 3,
        "aria_pressed": False,
        "hidden": True,
        "inert": False,
        "title": None,
        "on_click": go,
        "draggable": off,
    }
    button = Button("x", **props)
    assert dict(button.props) == props
    assert button.to_render_node().props == {
        "class": "a b",
        "style": "font-size: 12px; --x: 1; line-height: 2",
        "data-row": 3,
        "aria-pressed": "false",
        "hidden": True,
        "on_click": True,
        "draggable": "false",
    }


def test_the_options_of_a_handler_are_in_the_node() -> None:
    class Handler:
        event_options = {"prevent_default": True}  # noqa: RUF012

        def __call__(self) -> None: ...

    assert Button(on_click=Handler()).to_render_node().props == {"on_click": {"prevent_default": True}}


def test_props_cannot_be_changed_behind_the_element() -> None:
    with pytest.raises(TypeError):
        Div(cls="a").props["cls"] = "b"  # type: ignore[index]


def test_ids_that_start_like_flow_s_are_refused() -> None:
    with pytest.raises(ValueError, match="flow's own"):
        Div(id="flow-1")
    assert Div(id="mine").to_render_node().props == {"id": "mine"}


def test_a_bound_prop_has_its_present_value_in_the_node() -> None:
    name, is_off = Signal("a"), Signal(True)
    button = Button(cls=name, disabled=is_off, style={"width": lambda: len(name.value)}, title=Computed(lambda: "t"))
    assert button.to_render_node().props == {"class": "a", "disabled": True, "style": "width: 1px", "title": "t"}
    name.value, is_off.value = "bb", False
    assert button.to_render_node().props == {"class": "bb", "style": "width: 2px", "title": "t"}


def test_a_bound_text_has_its_present_value_in_the_node() -> None:
    count = Signal(0)
    text = Text("n: ", lambda: count.value)
    count.value = 3
    assert texts(text) == ["n: ", "3"]


def test_whoever_renders_does_not_depend_on_what_is_bound() -> None:
    count, runs = Signal(0), list[RenderNode]()
    text = Text(lambda: count.value, title=count)
    Effect(lambda: runs.append(text.to_render_node()))
    count.value += 1
    assert len(runs) == 1


def test_a_session_finds_what_is_bound_and_hears_of_a_change_of_it_alone() -> None:
    name, count = Signal("a"), Signal(0)
    root = Div(Text(count), Text("fixed"), cls=name)
    heard: list[str | None] = []
    bound = [binding for element in root.walk() for binding in element.bindings]
    for binding in bound:

        def listen(binding: Binding = binding) -> None:
            binding.read()
            heard.append(binding.name)

        Effect(listen)
    assert heard == ["class", None]
    count.value += 1
    assert heard == ["class", None, None]
    assert [type(binding.element) for binding in bound] == [Div, Slot]


def test_a_text_that_changes_keeps_its_id() -> None:
    count = Signal(0)
    root = Div("a", count)
    before = root.to_render_node().children[1]
    count.value += 1
    after = root.to_render_node().children[1]
    assert (before.element_id, before.text, after.text) == (after.element_id, "0", "1")


def test_a_content_that_fails_leaves_what_there_was() -> None:
    fails = Signal(False)
    kept = Text("kept")
    root = Div("a", lambda: [Text("new"), object()] if fails.value else kept)
    (_, slot) = root.children
    slot.refresh()
    fails.value = True
    with pytest.raises(TypeError):
        slot.refresh()
    assert (slot.children, kept.parent) == ((kept,), slot)


def test_what_a_function_makes_goes_into_its_place_wherever_it_is_called() -> None:
    root = Div(lambda: (Text("left over"), Text("x"))[1])
    with Div() as other:
        root.to_render_node()
    assert other.children == ()


@pytest.mark.parametrize(
    ("make", "event"),
    [
        (lambda signal: Input(value=signal), "input"),
        (lambda signal: Input(type="checkbox", checked=signal), "change"),
        (lambda signal: Textarea(value=signal), "input"),
        (lambda signal: Select(value=signal), "change"),
        (lambda signal: Details(open=signal), "toggle"),
    ],
)
def test_a_signal_that_the_page_writes_has_the_page_listen(make: Callable[[Signal[str]], Element], event: str) -> None:
    signal = Signal("a")
    (binding,) = (element := make(signal)).bindings
    assert (binding.event, binding.source) == (event, signal)
    assert element.to_render_node().props[f"on_{event}"] is True
    assert make(Computed(lambda: "a")).bindings[0].event is None  # type: ignore[arg-type]


def test_a_key_is_in_the_node_and_never_bound() -> None:
    assert Li(key="a").to_render_node().key == "a"
    wrong: list[Any] = [Signal(1), lambda: 1, []]
    for each in wrong:
        with pytest.raises(TypeError, match="the key of Li"):
            Li(key=each)


def test_walk_goes_through_the_page_in_order() -> None:
    with Ul() as root:
        with Li("one") as one:
            pass
        two = Li(lambda: Text("two"))
    assert [element.tag for element in root.walk()] == ["Ul", "Li", "#text", "Li", "Slot", "Text", "#text"]
    assert [element for element in root.walk() if isinstance(element, Li)] == [one, two]


def test_a_tree_of_great_depth_is_walked_and_written_as_html() -> None:
    root = leaf = Div()
    for _ in range(200):
        with leaf:
            leaf = Div()
    assert sum(1 for _ in root.walk()) == 201
    assert HTMLRenderer().render(root).count("</div>") == 201


def test_an_element_says_what_it_is() -> None:
    assert repr(P("Hello", Text("x"))) == "P('Hello', …)"
