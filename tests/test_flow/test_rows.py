"""Rows: what of a long list is as it was, and what a list does when it becomes another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow import Element, Signal, control
from flow.control import DuplicateKeyError, For, Fragment
from flow.renderer.protocol import RenderNode
from flow.rows import apart, exchanged
from flow.ui import B, Div, Li, P, Span, Ul
from test_flow.test_marks import Watched


@dataclass
class Item:
    """Mutable, and equal to another of the same number and name."""

    number: int
    name: str = ""


class Odd:
    """Like an array, it says of no other whether it is equal."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    __hash__ = object.__hash__


def changed_signal(items: list[Any]) -> Signal[list[Any]]:
    """A signal of which each write is a change, for lists of what is changed in place."""
    return Signal(items, equals=lambda old, new: False)


def numbers(watched: Watched) -> list[str | None]:
    return [each.text for each in nodes_of(watched.tree.node, "li")]


def nodes_of(node: RenderNode, tag: str) -> list[RenderNode]:
    return [node] * (node.tag == tag) + [each for child in node.children for each in nodes_of(child, tag)]


# -- Which places differ


@st.composite
def changed_lists(draw: st.DrawFn) -> tuple[list[Any], list[Any]]:
    """A list, and another that was made of it by a few changes."""
    items: list[Any] = [Item(n) for n in range(draw(st.integers(0, 150)))]
    items += [Odd() for _ in range(draw(st.integers(0, 3)))]
    new = [*items]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        change = draw(
            st.sampled_from(["insert", "remove", "swap", "replace", "copy", "rotate", "reverse", "repeat", "odd"])
        )
        if change == "insert":
            new[at:at] = [Item(-1) for _ in range(draw(st.integers(1, 3)))]
        elif change == "remove":
            del new[at : at + draw(st.integers(1, 3))]
        elif change == "rotate":
            new = new[at:] + new[:at]
        elif change == "reverse":
            new.reverse()
        elif change == "repeat":
            new[at:at] = new[at - 1 : at] * 3
        elif at < len(new):
            one = new[at]
            if change == "swap":
                new[at], new[-1] = new[-1], one
            else:
                new[at] = {"replace": Item(-2), "odd": Odd()}.get(change) or (
                    Item(one.number) if hasattr(one, "number") else one
                )
    return items, new


@given(changed_lists())
def test_what_is_apart_exchanged_gives_the_new_list_and_the_rest_is_equal(lists: Any) -> None:
    old, new = lists
    at, to = apart(old, new)
    found = exchanged(old, at, [new[place] for place in to])
    assert len(found) == len(new)
    assert all(one is other or (isinstance(one, Item) and one == other) for one, other in zip(found, new, strict=True))


def test_a_swap_is_two_places_and_an_insertion_a_range_of_one() -> None:
    items = [object() for _ in range(1000)]
    swapped = [items[0], items[998], *items[2:998], items[1], items[999]]
    assert apart(items, swapped) == ([1, 998], [1, 998])
    assert apart(items, [*items[:500], object(), *items[500:]]) == (range(500, 500), range(500, 501))
    assert apart([*items, items[0]], items) == (range(1000, 1001), range(1000, 1000))


# -- Lists that become others


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_a_list_becomes_its_rows_are_kept_and_the_page_shows_it(data: Any) -> None:
    """Two lists in one place with siblings around, of which one has rows that change, some to no node or two."""
    size = data.draw(st.sampled_from([3, 40, 70, 130]))
    items = [(n, Signal(n)) for n in range(size)]
    one, other = Signal([*items]), Signal(items[: size // 2])
    before, made = Signal(1), []

    def row(item: tuple[int, Signal[int]]) -> Any:
        made.append(item[0])
        return lambda: [Li(item[1]) for _ in range(item[1].value % 7 != 6)] + [Li("x")] * (item[1].value == 500)

    def simple(item: tuple[int, Signal[int]]) -> Element:
        return Li(B(item[1]), "!")

    lists = [For(one, lambda item: item[0], row), For(other, lambda item: item[0], simple)]
    with mock.patch.object(control, "_LONG", data.draw(st.sampled_from([0, 64]))):
        watched = Watched(
            Div(Fragment(P("a"), lambda: [P(n) for n in range(before.value)], lists[0], "text", lists[1]), Span("end"))
        )
        for _ in range(data.draw(st.integers(1, 6))):
            for _ in range(data.draw(st.integers(1, 3))):
                chosen = data.draw(st.sampled_from([one, other]))
                listed = [*chosen.value]
                at = data.draw(st.integers(0, len(listed)))
                kind = data.draw(
                    st.sampled_from(
                        ["remove", "front", "insert", "swap", "rotate", "reverse", "shuffle", "clear", "same",
                         "inside", "inside", "around", "many"]
                    )
                )  # fmt: skip
                if kind == "remove":
                    del listed[at : at + 1]
                elif kind in ("front", "insert"):
                    number = len(items)
                    items.append((number, Signal(number)))
                    listed.insert(0 if kind == "front" else at, items[-1])
                elif kind == "swap" and listed:
                    listed[0], listed[at - 1] = listed[at - 1], listed[0]
                elif kind == "rotate":
                    listed = listed[at:] + listed[:at]
                elif kind == "reverse":
                    listed.reverse()
                elif kind == "shuffle":
                    data.draw(st.randoms()).shuffle(listed)
                elif kind == "clear":
                    listed = []
                elif kind == "inside" and listed:
                    listed[at - 1][1].value = data.draw(st.sampled_from([500, 6, 1, 2]))
                elif kind == "many":
                    for _, number_in in listed[:12]:
                        number_in.update(lambda n: n + 7)
                elif kind == "around":
                    before.value = data.draw(st.integers(0, 2))
                chosen.value = listed
            places = {
                key: row for each in lists[:1] for key, row in zip(each._listed.keys, each._children, strict=True)
            }
            stayed = {number for number, _ in one.value} & set(places)
            made.clear()
            watched.update()
            now = dict(zip(lists[0]._listed.keys, lists[0]._children, strict=True))
            assert [*now] == [number for number, _ in one.value]
            assert all(now[number] is places[number] for number in stayed)
            assert sorted(made) == sorted(set(now) - stayed), "each new row is made once, the others are not"
            assert not watched.errors


def test_the_same_list_again_tells_nothing_and_makes_no_row() -> None:
    made: list[int] = []
    items = changed_signal([*range(100)])
    watched = Watched(Ul(For(items, lambda n: n, lambda n: made.append(n) or Li(n))))  # type: ignore[func-returns-value]
    made.clear()
    items.value = [*range(100)]
    assert watched.update() == []
    assert made == []


def test_an_item_changed_in_place_keeps_its_row_as_long_as_its_key_is_the_same() -> None:
    listed = [Item(n) for n in range(100)]
    items = changed_signal(listed)
    watched = Watched(Ul(For(items, lambda item: item.number, lambda item: Li(f"{item.number} {item.name}"))))
    listed[7].name = "new"
    items.value = [*listed]
    assert watched.update() == []
    listed[7].number = 700
    items.value = [*listed]
    assert sorted(each[0] for each in watched.update()) == ["insert", "remove"]
    assert numbers(watched)[6:9] == ["6 ", "700 new", "8 "]
    listed[8].number, listed[9].number = 9, 8  # each has the other's key now, so each is in the place of the other
    items.value = [*listed]
    watched.update()
    assert numbers(watched)[8:10] == ["9 ", "8 "]


def test_a_key_that_reads_a_signal_is_asked_again_when_that_changes() -> None:
    versions = [Signal(0) for _ in range(100)]
    made: list[int] = []
    watched = Watched(
        Ul(For([*range(100)], lambda n: (n, versions[n].value), lambda n: made.append(n) or Li(n)))  # type: ignore[func-returns-value]
    )
    made.clear()
    versions[50].value = 1
    assert sorted(each[0] for each in watched.update()) == ["insert", "remove"]
    versions[50].value = 2
    watched.update()
    assert made == [50, 50]


def test_an_item_that_takes_the_place_of_another_of_its_key_is_shown() -> None:
    items = Signal([Item(n, "old") for n in range(100)])
    watched = Watched(Ul(For(items, lambda item: item.number, lambda item: Li(item.name))))
    items.update(lambda old: [*old[:40], Item(40, "new"), *old[41:]])
    assert [each[0] for each in watched.update()] == ["text"]
    assert numbers(watched)[39:42] == ["old", "new", "old"]


def test_an_equal_item_keeps_the_row_and_what_it_becomes_is_compared_with_what_the_row_was_made_of() -> None:
    items = changed_signal([Item(n) for n in range(100)])
    rows = For(items, lambda item: item.number, lambda item: Li(f"{item.number}{item.name}"))
    watched = Watched(Ul(rows))
    first = rows.children
    copies = [Item(n) for n in range(100)]
    items.value = copies
    assert watched.update() == []
    assert rows.children == first
    copies[3].name = "!"
    items.value = [*copies]
    assert [each[0] for each in watched.update()] == ["text"]
    assert numbers(watched)[3] == "3!"
    assert [at for at in range(100) if rows.children[at] is not first[at]] == [3]


def test_items_that_say_of_no_other_whether_they_are_equal_are_told_apart_as_objects() -> None:
    first, second = [Odd() for _ in range(100)], Odd()
    items = changed_signal(first)
    made: list[Odd] = []
    watched = Watched(Ul(For(items, id, lambda item: made.append(item) or Li("x"))))  # type: ignore[func-returns-value]
    made.clear()
    items.value = [*first[:10], second, *first[11:]]
    watched.update()
    assert len(made) == 1
    assert made[0] is second


@pytest.mark.parametrize("at", [0, 50, 99])
def test_a_key_that_comes_twice_is_refused_wherever_and_the_page_stays_until_it_is_mended(at: int) -> None:
    items = Signal([*range(100)])
    watched = Watched(Ul(For(items, lambda n: n, Li)))
    for wrong in ([*range(at), 30, *range(at, 100)], [*range(at), 30 if at != 30 else 31, *range(at + 1, 100)]):
        items.value = wrong
        assert watched.update() == []
        assert "DuplicateKeyError" in watched.errors.pop()
        assert numbers(watched) == [str(n) for n in range(100)]
    items.value = [*range(at), 1000, *range(at, 100)]
    assert [each[0] for each in watched.update()] == ["insert"]
    assert numbers(watched)[at] == "1000"


def test_two_items_that_come_to_have_one_key_are_refused() -> None:
    listed = [Item(n) for n in range(100)]
    items = changed_signal(listed)
    rows = For(items, lambda item: item.number, lambda item: Li(item.number))
    rows.to_render_node()
    listed[90].number = 5
    with pytest.raises(DuplicateKeyError, match="have the same key 5"):
        rows.to_render_node()


def test_a_generator_can_be_gone_through() -> None:
    last = Signal(70)
    watched = Watched(Ul(For(lambda: (n for n in range(last.value)), lambda n: n, Li)))
    last.value = 71
    assert [each[0] for each in watched.update()] == ["insert"]
    last.value = 70
    assert [each[0] for each in watched.update()] == ["remove"]
    assert len(numbers(watched)) == 70


def test_a_list_without_keys_goes_by_places() -> None:
    items = Signal(["a", "b", "c"] * 30)
    watched = Watched(Ul(For(items, render=Li)))
    items.value = items.value[1:]
    watched.update()
    assert numbers(watched) == items.value


def test_the_item_of_a_row_that_was_taken_elsewhere_gets_another_row() -> None:
    items = Signal([*range(100)])
    rows = For(items, lambda n: n, Li)
    other = Div()
    watched = Watched(Div(Ul(rows), other))
    taken = rows.children[5]
    other._place(taken)
    watched.update()
    assert len(rows.children) == 99
    items.value = [*range(101)]
    watched.update()
    assert [each.text for each in watched.tree.node.children[0].children] == [str(n) for n in range(101)]
    assert rows.children[5] is not taken
    assert taken.parent is other


def test_a_row_that_leaves_asks_for_no_other_update() -> None:
    told: list[int] = []
    items = Signal([*range(100)])
    watched = Watched(Ul(For(items, lambda n: n, Li)))
    watched.tree._tell = lambda: told.append(1)
    items.value = [*range(99)]
    assert told == [1]
    assert [each[0] for each in watched.update()] == ["remove"]
    assert told == [1]


def test_a_long_list_does_not_ask_the_rows_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [(n, Signal(n)) for n in range(100)]
    items = Signal(listed)
    watched = Watched(Ul(For(items, lambda item: item[0], lambda item: Li(item[1]))))
    monkeypatch.setattr(control, "_kept_of", lambda row: pytest.fail("all rows were asked for their nodes"))
    for at in range(20):
        listed[at][1].value = -1
        items.update(lambda old: [*old[:60], *old[61:80], old[60], *old[80:]])
        patch = watched.tree.update()
        assert patch is not None
        assert {each[0] for each in patch.operations} == {"text", "move"}
    assert numbers(watched) == ["-1"] * 20 + [str(n) for n in range(20, 100)]


def test_rows_of_no_node_and_of_two_are_not_taken_for_two_of_one() -> None:
    items = Signal([*range(100)])
    watched = Watched(Ul(For(items, lambda n: n, lambda n: [Li(n)] * (n != 1) + [Li("more")] * (n == 98))))
    items.update(lambda old: [*old[:40], old[60], *old[41:60], old[40], *old[61:]])
    assert [each[0] for each in watched.update()] == ["move", "move"]
    assert numbers(watched)[38:41] == ["39", "60", "41"]
