"""Control flow: what is there, by signals."""

from __future__ import annotations

import asyncio

import pytest

from flow import Computed, Signal
from flow.component import component
from flow.control import DuplicateKeyError, ErrorBoundary, For, Fragment, Show, Suspense, Switch
from flow.element import Element
from flow.renderer.diff import diff
from flow.ui import Div, Li, Text, Ul


def texts(element: Element) -> list[str | None]:
    node = Div("|", element).to_render_node()
    return [child.text for child in node.children[1:]]


def test_a_fragment_s_children_are_its_parent_s_in_the_page() -> None:
    assert [node.text for node in Div(Fragment("a", Fragment(Text("b"))), "c").to_render_node().children] == [
        "a",
        "b",
        "c",
    ]


def test_a_root_without_an_element_of_its_own_is_a_fragment_node() -> None:
    assert Fragment(Text("a"), Text("b")).to_render_node().tag == "#fragment"


def test_the_nodes_of_a_keyed_fragment_have_keys() -> None:
    nodes = Ul(Fragment(Li("a"), Li("b", key="x"), key=1), Fragment(Li("c"), key=2)).to_render_node().children
    assert [node.key for node in nodes] == [(1, 0), (1, "x"), 2]


@pytest.mark.parametrize("kind", ["signal", "computed", "function"])
def test_show_shows_one_or_the_other(kind: str) -> None:
    flag = Signal(True)
    when = {"signal": flag, "computed": Computed(lambda: flag.value), "function": lambda: flag.value}[kind]
    show = Show(when, lambda: Text("yes"), otherwise="no")
    assert texts(show) == ["yes"]
    flag.value = False
    assert texts(show) == ["no"]
    assert texts(Show(flag, "x")) == []


def test_what_is_not_shown_is_not_made() -> None:
    made: list[str] = []
    Show(False, lambda: made.append("then"), lambda: made.append("otherwise")).to_render_node()
    assert made == ["otherwise"]


def test_choices_made_inside_a_with_are_shown_only_where_they_are_chosen() -> None:
    flag = Signal(True)
    with Div() as root:
        Show(flag, Text("yes"), Text("no"))
        Switch(flag, {True: Text("on"), False: Text("off")}, Text("else"))
    assert [node.text for node in root.to_render_node().children] == ["yes", "on"]
    flag.value = False
    assert [node.text for node in root.to_render_node().children] == ["no", "off"]
    flag.value = True
    assert [node.text for node in root.to_render_node().children] == ["yes", "on"]


def test_switch_shows_the_case_that_is_equal() -> None:
    page = Signal("home")
    switch = Switch(page, {"home": lambda: Text("Home"), "cart": "Cart"}, otherwise="?")
    assert texts(switch) == ["Home"]
    page.value = "cart"
    assert texts(switch) == ["Cart"]
    page.value = "x"
    assert texts(switch) == ["?"]
    with pytest.raises(TypeError, match="Switch takes a dict"):
        Switch(page, [])  # type: ignore[arg-type]


def test_rows_are_kept_by_key_and_moved() -> None:
    items = Signal(["a", "b", "c"])
    made: list[str] = []

    def row(item: str) -> Element:
        made.append(item)
        return Li(item)

    rows = Ul("|", For(items, lambda item: item, row))
    before = rows.to_render_node()
    items.value = ["c", "a", "b", "d"]
    after = rows.to_render_node()
    assert made == ["a", "b", "c", "d"]
    assert {node.key: node.element_id for node in before.children}.items() <= {
        node.key: node.element_id for node in after.children
    }.items()
    assert [operation[0] for operation in diff(before, after).operations] == ["insert", "move"]


def test_a_row_whose_item_changed_is_made_anew() -> None:
    items = Signal([(1, "a"), (2, "b")])
    rows = For(items, lambda item: item[0], lambda item: Li(item[1]))
    assert texts(rows) == ["a", "b"]
    first = rows.children[0]
    items.value = [(1, "a"), (2, "c")]
    assert texts(rows) == ["a", "c"]
    assert rows.children[0] is first


def test_rows_may_be_texts_lists_and_components_and_have_keys_of_their_own() -> None:
    @component
    def Row(item: int) -> Element:
        return Li(str(item))

    assert texts(For([1, 2], render=str)) == ["1", "2"]
    assert [node.key for node in Ul(For([1, 2], key=lambda n: n * 10, render=Row)).to_render_node().children] == [
        10,
        20,
    ]
    assert Ul(For([1], lambda n: n, lambda n: Li(key="own"))).to_render_node().children[0].key == "own"


def test_two_items_with_one_key_are_an_error_that_names_them() -> None:
    with pytest.raises(DuplicateKeyError, match=r"'a' and 'A' have the same key 'a'"):
        For(["a", "A"], str.lower, Li).to_render_node()


def test_a_for_without_a_render_function_is_an_error() -> None:
    with pytest.raises(TypeError, match="a key function and a render function"):
        For([1], lambda n: n)


def test_a_suspense_shows_an_element_meanwhile_wherever_that_was_made() -> None:
    @component
    async def Slow() -> Element:
        await asyncio.sleep(1)
        return Text("late")

    with Div() as root:
        Suspense(Slow(), fallback=Text("soon"))
    assert [each.text for each in root.to_render_node().children] == ["soon"]
    assert Div(Suspense(Slow(), fallback=Text("soon"))).to_render_node().children[0].text == "soon"


def test_an_error_inside_a_boundary_shows_the_fallback_in_the_place_of_all() -> None:
    fails = Signal(True)

    def text() -> str:
        if fails.value:
            raise ValueError("broken")
        return "fine"

    boundary = ErrorBoundary(Text("first"), Div(Text(text)), fallback=lambda error: Text(f"sorry: {error}"))
    assert texts(boundary) == ["sorry: broken"]
    fails.value = False
    assert texts(boundary)[0] == "first"
    with pytest.raises(TypeError, match="fallback of ErrorBoundary"):
        ErrorBoundary(fallback="x")  # type: ignore[arg-type]


def test_a_list_of_what_can_be_gone_through_once_is_the_same_each_time_it_is_shown() -> None:
    rows = For(map(str, [1, 2]), render=Text)
    assert texts(rows) == ["1", "2"]
    assert texts(rows) == ["1", "2"]
    assert texts(For((n for n in (1, 2)), key=lambda n: n, render=Text)) == ["1", "2"]
