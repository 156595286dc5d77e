"""diff: patches lead from the old tree to the new one, with the least number of moves."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flow import Signal
from flow.renderer.diff import diff
from flow.renderer.moves import longest_increasing
from flow.renderer.protocol import TEXT, Patch, PropValue, RenderNode
from flow.ui import Button, Div, Li, Text, Ul
from support.wire_page import Page


def expected(node: RenderNode, adopted: dict[int, int]) -> Any:
    """The new tree as a page has it, where elements made anew go by the ids of those before them."""
    known = adopted.get(node.element_id, node.element_id)
    return node.tag, known, node.props, node.text or "", [expected(child, adopted) for child in node.children]


def checked(old: RenderNode, new: RenderNode) -> Patch:
    patch = diff(old, new)
    page = Page(old)
    page.patch(patch.operations)
    assert page.tree() == expected(new, patch.adopted)
    assert Page(patch.node).tree() == page.tree()
    return patch


values: list[PropValue] = ["x", "y", True, 1, 0, 2.5]
props: st.SearchStrategy[Mapping[str, PropValue]] = st.dictionaries(
    st.sampled_from("abc"), st.sampled_from(values), max_size=2
)


@st.composite
def trees(draw: st.DrawFn) -> RenderNode:
    """A tree with ids from a small range, so that two of them share elements, at the same places or others."""
    ids = list(draw(st.permutations(range(12))))

    def node(depth: int) -> RenderNode:
        element_id = ids.pop()
        tag = draw(st.sampled_from(["div", "p"]))
        key = draw(st.sampled_from([None, None, element_id % 5]))
        if depth == 0 or not ids or draw(st.booleans()):
            return RenderNode(tag, element_id, draw(props), (), draw(st.sampled_from([None, "", "s", "t"])), key)
        inside = []
        while len(ids) > 0 and draw(st.integers(0, 3)) > 0:
            inside.append(node(depth - 1))
        return RenderNode(tag, element_id, draw(props), tuple(inside), None, key)

    inside = []
    while len(ids) > 0 and draw(st.integers(0, 5)) > 0:
        inside.append(node(2))
    return RenderNode("div", draw(st.sampled_from([100, 100, 100, 101])), {}, tuple(inside))


@settings(max_examples=250, deadline=None)
@given(trees(), trees())
def test_patches_applied_to_the_old_tree_give_the_new_one(old: RenderNode, new: RenderNode) -> None:
    checked(old, new)


@settings(max_examples=60, deadline=None)
@given(trees())
def test_a_tree_and_itself_differ_by_nothing(tree: RenderNode) -> None:
    assert checked(tree, tree).operations == []
    again = RenderNode(tree.tag, tree.element_id, dict(tree.props), tuple(tree.children), tree.text, tree.key)
    assert checked(tree, again) == ([], tree, {})


keys = st.lists(st.integers(0, 12), unique=True, max_size=9)


@settings(max_examples=120, deadline=None)
@given(keys, keys, st.booleans())
def test_a_keyed_list_is_led_to_another_by_the_least_moves_and_touches_nothing_else(
    before: list[int], after: list[int], is_made_anew: bool
) -> None:
    shift = 1000 if is_made_anew else 100
    patch = checked(row_list(before, 100), row_list(after, shift))
    counts = {name: [each for each in patch.operations if each[0] == name] for name in ("move", "remove", "insert")}
    stay = [key for key in after if key in before]
    order = [before.index(key) for key in stay]
    sizes = range(len(order), -1, -1)
    longest = next(size for size in sizes for pick in combinations(order, size) if list(pick) == sorted(pick))
    assert len(counts["move"]) == len(stay) - longest
    inserted = sum(len(each[3]) for each in patch.operations if each[0] == "insert")
    assert inserted == len(after) - len(stay)
    if after:
        assert len(counts["remove"]) == len(before) - len(stay)
    others = [each for each in patch.operations if each[0] not in counts]
    assert others == ([("text", 1, "")] if before and not after else [])


def row_list(keys: list[int], shift: int) -> RenderNode:
    rows = tuple(RenderNode("li", shift + key, {}, (), str(key), key) for key in keys)
    return RenderNode("ul", 1, {}, rows)


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=10))
def test_a_longest_increasing_subsequence_is_increasing_and_none_is_longer(places: list[int | None]) -> None:
    found = longest_increasing(places)
    values = [place for at, place in enumerate(places) if at in found and place is not None]
    assert len(values) == len(found)
    assert all(one < other for one, other in pairwise(values))
    numbers = [place for place in places if place is not None]
    longer = (pick for pick in combinations(numbers, len(found) + 1))
    assert not any(all(one < other for one, other in pairwise(pick)) for pick in longer)


def test_a_label_that_changed_is_one_operation() -> None:
    count = Signal(0)
    root = Div(label := Text(count), Button("x"))
    before = root.to_render_node()
    count.value = 5
    assert diff(before, root.to_render_node()).operations == [("text", id(label), "5")]


def test_a_row_moved_to_the_end_is_one_move() -> None:
    assert diff(row_list([1, 2, 3, 4], 0), row_list([2, 3, 4, 1], 0)).operations == [("move", 1, None, 1)]


def test_a_swap_is_two_moves_and_a_run_of_new_rows_one_insert() -> None:
    swapped = diff(row_list([2, 3, 4, 5], 0), row_list([5, 3, 4, 2], 0)).operations
    assert sorted(each[0] for each in swapped) == ["move", "move"]
    (insert,) = diff(row_list([2, 3], 0), row_list([2, 4, 5, 3], 0)).operations
    assert insert == ("insert", 1, 3, list(row_list([2, 4, 5, 3], 0).children[1:3]))


def test_a_list_that_is_emptied_is_one_operation() -> None:
    assert diff(row_list(list(range(50)), 100), row_list([], 100)).operations == [("text", 1, "")]


def test_elements_without_keys_are_moved_as_well_where_they_are_the_same_ones() -> None:
    one, two = RenderNode("p", 2, {"a": "x"}), RenderNode("p", 3, {"a": "y"})
    old, new = RenderNode("div", 1, {}, (one, two)), RenderNode("div", 1, {}, (two, one))
    assert [each[0] for each in checked(old, new).operations] == ["move"]


def test_the_id_of_an_element_that_went_elsewhere_is_nobody_else_s() -> None:
    old = RenderNode("div", 1, {}, (RenderNode("ul", 2, {}, (RenderNode("p", 3),)), RenderNode("ol", 4)))
    new = RenderNode(
        "div", 1, {}, (RenderNode("ul", 2, {}, (RenderNode("p", 9),)), RenderNode("ol", 4, {}, (RenderNode("p", 3),)))
    )
    assert checked(old, new).adopted == {}


def test_siblings_with_the_same_key_by_mistake_are_each_shown() -> None:
    old = RenderNode("ul", 1, {}, (RenderNode("li", 2, {}, (), "a", 0),))
    new = RenderNode("ul", 1, {}, (RenderNode("li", 3, {}, (), "a", 0), RenderNode("li", 4, {}, (), "b", 0)))
    assert [each[0] for each in checked(old, new).operations] == ["insert"]


def test_children_give_way_to_a_text_before_one_of_them_is_inserted_elsewhere() -> None:
    child = RenderNode("p", 3)
    old = RenderNode("div", 1, {}, (RenderNode("ul", 2), RenderNode("ol", 4, {}, (child,))))
    new = RenderNode("div", 1, {}, (RenderNode("ul", 2, {}, (child,)), RenderNode("ol", 4, {}, (), "none")))
    assert [each[0] for each in checked(old, new).operations] == ["text", "insert"]


def test_one_is_another_value_than_true() -> None:
    old, new = RenderNode("div", 1, {"a": True}), RenderNode("div", 1, {"a": 1})
    assert diff(old, new).operations == [("set", 1, "a", 1)]
    assert diff(new, old).operations == [("set", 1, "a", True)]


def test_a_root_that_became_another_is_replaced() -> None:
    old, new = Div("a").to_render_node(), Ul(Li("b")).to_render_node()
    assert checked(old, new).operations == [("replace", old.element_id, new)]


def test_a_tree_made_anew_goes_on_under_the_old_ids() -> None:
    old, new = (Div(Text("a"), Button(label)) for label in "ab")
    patch = checked(old.to_render_node(), new.to_render_node())
    button = id(old.children[1])
    assert patch.operations == [("text", button, "b")]
    pairs = zip(old.walk(), new.walk(), strict=True)
    assert patch.adopted == {id(mine): id(before) for before, mine in pairs if mine.tag != TEXT}


def test_a_child_that_went_to_another_parent_is_removed_before_it_is_inserted() -> None:
    child = RenderNode("p", 3)
    old = RenderNode("div", 1, {}, (RenderNode("ul", 2), RenderNode("ol", 4, {}, (child, RenderNode("p", 5)))))
    new = RenderNode("div", 1, {}, (RenderNode("ul", 2, {}, (child,)), RenderNode("ol", 4, {}, (RenderNode("p", 5),))))
    assert checked(old, new).operations == [("remove", 3), ("insert", 2, None, [child])]
