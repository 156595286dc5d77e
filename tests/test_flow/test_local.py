"""What belongs to a component: state that outlasts its runs and those around it, and what is done when it is shown."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass
from typing import Any

import pytest

from flow import Effect, Element, Signal, component
from flow.control import ErrorBoundary, For, Show, Switch
from flow.errors import NoOwnerError
from flow.local import on_mount, remember, use_signal
from flow.renderer import HTMLRenderer
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.ui import Button, Div, Li, Text, Ul

signals: dict[Any, Signal[int]] = {}


@component
def Counter(name: Any = "a") -> Element:
    count = use_signal(0)
    signals[name] = count
    return Text(f"{name}={count.value}")


def live(root: Element) -> LiveTree:
    errors: list[BaseException] = []

    def fail(error: BaseException, where: str) -> None:
        errors.append(error)
        raise error

    return LiveTree(root, ElementRegistry(), tell=lambda: None, on_error=fail)


def html(tree: LiveTree) -> str:
    import re

    tree.update()
    return re.sub(r' id="[^"]*"', "", HTMLRenderer().render_node(tree.node))


def test_a_signal_of_its_own_keeps_its_value_when_the_component_runs_again() -> None:
    tree = live(Counter())
    signals["a"].value = 5
    assert html(tree) == "<span>a=5</span>"
    signals["a"].value = 6
    assert html(tree) == "<span>a=6</span>"


def test_state_goes_on_when_the_component_around_runs_again() -> None:
    title = Signal("one")

    @component
    def Page() -> Element:
        with Div() as root:
            Text(title.value)
            Counter("a")
            Counter("b")
        return root

    tree = live(Page())
    signals["b"].value = 2
    title.value = "two"
    assert html(tree) == "<div><span>two</span><span>a=0</span><span>b=2</span></div>"
    signals["b"].value = 3
    assert html(tree) == "<div><span>two</span><span>a=0</span><span>b=3</span></div>"


def test_keys_tell_whose_state_is_whose() -> None:
    names = Signal(["a", "b", "c"])

    @component
    def Page() -> Element:
        return Div([Counter(name, key=name) for name in names.value])

    tree = live(Page())
    signals["c"].value = 3
    names.value = ["c", "a"]
    assert html(tree) == "<div><span>c=3</span><span>a=0</span></div>"
    names.value = ["a", "b", "c"]
    assert html(tree) == "<div><span>a=0</span><span>b=0</span><span>c=3</span></div>"


def test_a_row_whose_item_was_replaced_keeps_its_state() -> None:
    @dataclass(frozen=True)
    class Todo:
        id: int
        text: str

    todos = Signal([Todo(1, "milk"), Todo(2, "bread")])
    tree = live(Ul(For(todos, lambda todo: todo.id, lambda todo: Li(todo.text, Counter(todo.id)))))
    signals[2].value = 7
    todos.value = [Todo(2, "rye bread"), Todo(1, "milk")]
    assert html(tree) == "<ul><li>rye bread<span>2=7</span></li><li>milk<span>1=0</span></li></ul>"


def test_a_choice_that_stays_the_same_is_not_made_anew() -> None:
    count = Signal(1)
    tree = live(Div(Show(lambda: count.value > 0, Counter, "none")))
    signals["a"].value = 4
    count.value = 2
    assert html(tree) == "<div><span>a=4</span></div>"
    count.value = 0
    assert html(tree) == "<div>none</div>"
    count.value = 1
    assert html(tree) == "<div><span>a=0</span></div>", "what went and came again starts anew"


def test_remember_makes_a_value_once_and_each_component_has_its_own() -> None:
    made: list[object] = []
    again = Signal(0)

    @component
    def Part() -> Element:
        value = remember(lambda: made.append(1) or len(made))
        return Text(f"{value} {again.value}")

    tree = live(Div(Part(), Part()))
    again.value = 1
    assert html(tree) == "<div><span>1 1</span><span>2 1</span></div>"


def test_remember_outside_of_a_component_says_where_it_belongs() -> None:
    with pytest.raises(NoOwnerError, match="remember has no component"):
        use_signal(0)


def test_on_mount_is_called_once_and_its_cleanup_when_the_component_leaves() -> None:
    is_there, again, told = Signal(True), Signal(0), []

    @component
    def Part() -> Element:
        on_mount(lambda: told.append("shown") or (lambda: told.append("gone")))
        return Text(f"{again.value}")

    tree = live(Div(Show(is_there, Part)))
    assert told == ["shown"]
    again.value = 1
    html(tree)
    assert told == ["shown"]
    is_there.value = False
    html(tree)
    assert told == ["shown", "gone"]


def test_a_component_that_is_kept_and_comes_back_is_mounted_again() -> None:
    is_there, told = Signal(True), []

    @component
    def Part() -> Element:
        times = use_signal(0)
        on_mount(lambda: told.append(f"shown {times.peek()}") or (lambda: told.append("gone")))
        times.value = times.peek() + 1
        return Text("part")

    tree = live(Div(Show(is_there, Part())))
    for is_there.value in (False, True, False):
        html(tree)
    assert told == ["shown 1", "gone", "shown 2", "gone"]


def test_a_static_rendering_mounts_nothing() -> None:
    told: list[str] = []

    @component
    def Part() -> Element:
        on_mount(lambda: told.append("shown"))
        return Button("x")

    HTMLRenderer().render(Part())
    assert told == []


def test_an_async_component_is_mounted_when_it_is_done() -> None:
    log: list[str] = []

    async def main() -> None:
        @component
        async def Slow() -> Element:
            on_mount(lambda: log.append("begun"))
            await asyncio.sleep(0)
            on_mount(lambda: log.append("done"))
            return Text("here")

        tree = LiveTree(
            Div(Slow()), ElementRegistry(), tell=lambda: None, on_error=raises, loop=asyncio.get_running_loop
        )
        assert log == []
        for _ in range(5):
            await asyncio.sleep(0)
            tree.update()
        assert html(tree) == "<div><span>here</span></div>"

    asyncio.run(main())
    assert log == ["begun", "done"]


def raises(error: BaseException, where: str) -> None:
    raise error


def test_what_a_failed_run_wanted_done_on_mount_is_not_done() -> None:
    is_bad, log = Signal(True), []

    @component
    def Part() -> Element:
        on_mount(lambda: log.append("mounted"))
        if is_bad.value:
            raise ValueError(is_bad.peek())
        return Text("fine")

    boundary = ErrorBoundary(Part(), fallback=lambda error: Text("sorry"))
    tree = live(Div(boundary))
    is_bad.value = 1  # type: ignore[assignment]
    tree.update()
    is_bad.value = False
    boundary.reset()
    assert html(tree) == "<div><span>fine</span></div>"
    assert log == ["mounted"]


def test_what_a_component_made_for_a_picture_ends_when_it_is_shown() -> None:
    number, runs = Signal(0), []

    @component
    def Part() -> Element:
        Effect(lambda: runs.append(number.value))
        return Text("x")

    part = Part()
    assert HTMLRenderer(ids=False).render(part) == "<span>x</span>"
    tree = live(part)
    runs.clear()
    number.value = 1
    assert runs == [1]
    tree.dispose()
    number.value = 2
    assert runs == [1]


def test_a_function_with_arguments_given_beforehand_is_a_component() -> None:
    def greeting(word: str, name: str) -> Element:
        return Text(f"{word} {name}")

    made = component(functools.partial(greeting, "Hello"))
    assert HTMLRenderer(ids=False).render(made(name="you")) == "<span>Hello you</span>"


@component
def Page(name: str) -> Element:
    count = use_signal(0)
    signals[name] = count
    on_mount(lambda: mounted.append(name))
    return Text(lambda: f"{name}: {count.value}")


mounted: list[str] = []


@pytest.mark.parametrize("is_made", [True, False])
def test_another_choice_does_not_go_on_with_the_state_of_the_one_before(is_made: bool) -> None:
    tab = Signal("a")
    mounted.clear()
    cases = {name: Page(name) if is_made else (lambda name=name: Page(name)) for name in "ab"}
    tree = live(Div(Switch(tab, cases)))
    signals["a"].value = 2
    tab.value = "b"
    assert html(tree) == "<div><span>b: 0</span></div>"
    assert mounted == ["a", "b"]
    tab.value = "a"
    assert html(tree) == f"<div><span>a: {2 if is_made else 0}</span></div>"
    assert mounted == ["a", "b", "a"]


def test_what_stays_in_a_content_is_not_mounted_again() -> None:
    text = Signal("x")
    mounted.clear()
    page = Page("a")
    tree = live(Div(lambda: (text.value, page)[1], lambda: [Text(text.value), page_in_list]))
    text.value = "y"
    assert html(tree) == "<div><span>a: 0</span><span>y</span><span>l: 0</span></div>"
    assert mounted == ["a", "l"]


page_in_list = Page("l")
