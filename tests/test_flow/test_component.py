"""Components: functions that return a tree, as elements."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import pytest

from flow import Effect, Signal, on_cleanup
from flow.component import Component, component
from flow.element import Element, TextNode
from flow.errors import PendingError
from flow.injection import NotProvidedError, clear_providers, provide
from flow.renderer import HTMLRenderer
from flow.ui import Button, Div, Li, Text, Ul


class Settings:
    """What a component may ask for."""

    def __init__(self, name: str = "dark") -> None:
        self.name = name


@pytest.fixture(autouse=True)
def _nothing_provided() -> Generator[None]:
    clear_providers()
    yield
    clear_providers()


def shown(element: Element) -> str | None:
    """Its only text."""
    (text,) = (each.text for each in element.walk() if isinstance(each, TextNode))
    return text


@component
def Row(name: str, *, mark: str = "-") -> Element:
    """One row."""
    return Li(f"{mark} {name}")


@component
async def Counter() -> Element:
    with Div(cls="counter") as root:
        Text("Count")
        Button("Increment")
    return root


def test_a_call_is_an_element_called_as_the_function_that_nests_like_any_other() -> None:
    with Ul() as root:
        one = Row("a")
        Row("b", mark="*")
    assert isinstance(one, Component)
    assert (one.tag, one.parent, repr(one)) == ("Row", root, "Row()")
    assert [node.text for node in root.to_render_node().children] == ["- a", "* b"]


def test_an_async_component_that_waits_for_nothing_renders_at_once() -> None:
    assert HTMLRenderer().render(Counter()).count("<button") == 1


def test_a_component_is_awaitable_and_gives_its_root() -> None:
    async def wait(counter: Component) -> Element:
        return await counter

    root = asyncio.run(wait(Counter()))
    assert (root.tag, [child.tag for child in root.children]) == ("Div", ["Text", "Button"])


def test_a_component_that_waits_has_its_tree_when_it_is_awaited() -> None:
    @component
    async def Slow() -> Element:
        with Div() as root:
            Text("before")
            await asyncio.sleep(0)
            Text("after")
        return root

    async def nested() -> list[str]:
        with Div() as page:
            await Slow()
            Text("end")
        return [element.tag for element in page.walk()]

    assert asyncio.run(nested()) == ["Div", "Slow", "Div", "Text", "#text", "Text", "#text", "Text", "#text"]


def test_a_component_that_waits_says_so_when_its_tree_is_wanted_before() -> None:
    closed: list[bool] = []

    @component
    async def Slow() -> Element:
        try:
            await asyncio.sleep(0)
        finally:
            closed.append(True)
        return Div()

    with pytest.raises(PendingError, match=r"Slow waits for something.*await Slow\(\)"):
        Slow().to_render_node()
    assert closed == [True]


def test_a_function_runs_once_however_often_its_tree_is_rendered() -> None:
    runs: list[int] = []

    @component
    def Once() -> Element:
        runs.append(1)
        return Text("x")

    once = Once()
    assert runs == []
    assert once.to_render_node() == once.to_render_node()
    assert runs == [1]


def test_refresh_runs_it_again_and_whoever_does_depends_on_what_it_reads() -> None:
    name = Signal("a")

    @component
    def Named() -> Element:
        return Text(name.value)

    named = Named()
    Effect(lambda: named.refresh() and None)
    name.value = "b"
    assert shown(named.children[0]) == "b"


def test_rendering_depends_on_nothing_that_it_reads() -> None:
    name, runs = Signal("a"), list[int]()

    @component
    def Named() -> Element:
        return Text(name.value)

    named = Named()

    def render() -> None:
        named.to_render_node()
        runs.append(1)

    Effect(render)
    name.value = "b"
    assert runs == [1]


def test_what_a_component_makes_goes_into_it_wherever_its_tree_is_wanted() -> None:
    row = Row("a")
    with Div() as other:
        row.to_render_node()
    assert other.children == ()


def test_without_a_return_what_it_made_is_its_tree() -> None:
    @component
    def Two() -> None:
        Text("a")
        with Div():
            Text("b")

    assert [child.tag for child in Two().children] == ["Text", "Div"]


def test_what_it_made_beside_the_tree_it_returned_is_shown_nowhere() -> None:
    @component
    def One() -> Element:
        aside = Text("a")
        root = Div("b")
        assert aside.parent is root.parent
        return root

    assert [child.tag for child in One().children] == ["Div"]


@pytest.mark.parametrize(("tree", "told"), [(5, "returned 5"), (b"x", "returned b'x'"), ([object()], "of type object")])
def test_a_component_returns_a_tree(tree: Any, told: str) -> None:
    @component
    def Wrong() -> Any:
        return tree

    with pytest.raises(TypeError, match=told):
        Wrong().to_render_node()


def test_a_component_may_return_a_text_or_a_list() -> None:
    @component
    def Texts(tree: Any) -> Any:
        return tree

    assert shown(Texts("x")) == "x"
    assert [node.text for node in Texts([Text("a"), "b"]).to_render_node().children] == ["a", "b"]


def test_an_element_passed_to_a_component_is_where_the_component_puts_it() -> None:
    @component
    def Frame(inside: Element) -> Element:
        return Div(inside)

    with Div() as page:
        Frame(Text("x"))
    assert [element.tag for element in page.walk()] == ["Div", "Frame", "Div", "Text", "#text"]


def test_a_key_is_the_root_node_s_and_a_parameter_called_key_is_the_function_s() -> None:
    assert Ul(Row("a", key=1)).to_render_node().children[0].key == 1  # type: ignore[call-arg]

    @component
    def Keyed(key: str) -> Element:
        return Text(key)

    assert shown(Keyed(key="k")) == "k"


def test_a_component_has_no_inside_for_with() -> None:
    with pytest.raises(TypeError, match="makes its tree itself"), Row("a"):
        pass


def test_a_component_takes_functions_only() -> None:
    for wrong in (5, Div):
        with pytest.raises(TypeError, match="takes a function"):
            component(wrong)  # type: ignore[arg-type]


def test_a_component_keeps_the_name_and_docstring_of_its_function() -> None:
    assert (Row.__name__, Row.__doc__) == ("Row", "One row.")  # type: ignore[attr-defined]


def test_a_parameter_is_found_by_its_annotation_among_what_was_provided() -> None:
    provide(Settings, Settings("light"))

    @component
    async def Themed(settings: Settings, other: Settings | None = None, *, last: Settings) -> Element:
        assert settings is other is last
        return Text(settings.name)

    assert shown(Themed()) == "light"  # type: ignore[call-arg]


def test_what_is_passed_wins_over_what_was_provided() -> None:
    provide(Settings, Settings("light"))

    @component
    def Themed(settings: Settings) -> Element:
        return Text(settings.name)

    assert (shown(Themed(Settings("mine"))), shown(Themed(settings=Settings("yours")))) == ("mine", "yours")


def test_what_nobody_provided_is_an_error_at_the_call_that_says_what_to_do() -> None:
    @component
    def Themed(settings: Settings) -> Element:
        return Text(settings.name)

    with pytest.raises(NotProvidedError, match=r"Themed needs 'settings' of type Settings.*provide\(Settings, …\)"):
        Themed()  # type: ignore[call-arg]
    with pytest.raises(NotProvidedError, match=r"Row needs 'name' of type str"):
        Row()  # type: ignore[call-arg]


def test_an_argument_too_many_is_an_error_that_names_the_component() -> None:
    with pytest.raises(TypeError, match="Row: got an unexpected keyword argument 'nam'"):
        Row(nam="a")  # type: ignore[call-arg]


def test_a_cleanup_of_a_component_that_nobody_owns_runs_when_it_runs_again_or_is_disposed() -> None:
    told: list[str] = []

    @component
    async def Cleaned() -> Element:
        on_cleanup(lambda: told.append("end"))
        return Div()

    cleaned = Cleaned()
    cleaned.to_render_node()
    assert told == []
    cleaned.dispose()
    assert told == ["end"]


def test_an_error_of_a_component_is_raised_where_its_tree_is_wanted() -> None:
    @component
    def Broken() -> Element:
        raise ZeroDivisionError

    page = Div(Broken())
    with pytest.raises(ZeroDivisionError):
        page.to_render_node()
