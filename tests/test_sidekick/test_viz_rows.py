"""The rows of a tree: what is open, how much of it, and what is shown of what is there twice or inside of itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidekick.viz.look import look
from sidekick.viz.places import Place
from sidekick.viz.rows import DEEPEST, Limits, Line, Rows
from sidekick.viz.still import Copier
from support.sidekick_values import VALUES


class Tree:
    """A value, and what of it was opened."""

    def __init__(self, value: Any, **limits: int) -> None:
        self.value, self.limits, self.top, self.turn = value, Limits(**limits), Place(), 0

    def lines(self) -> list[Line]:
        self.turn += 1
        return Rows("v", look(self.value), self.top, self.limits, self.turn).lines

    def texts(self) -> list[str]:
        """The rows, each with its label, type and text."""
        rows = [line.row for line in self.lines()]
        return [" ".join(filter(None, (row.label, row.type, row.text, row.note))) for row in rows]

    def open_all(self, turns: int = 200) -> None:
        for _ in range(turns):
            closed = [line.place for line in self.lines() if line.row.is_open is False]
            if not closed:
                return
            for place in closed:
                place.is_open = True


def nested(levels: int) -> list[Any]:
    value: list[Any] = ["end"]
    for _ in range(levels):
        value = [value]
    return value


def test_the_first_level_is_open_and_what_is_closed_tells_what_is_inside() -> None:
    tree = Tree({"a": [1, [2], 3, 4, 5, 6], "b": {"c": "x" * 100}})
    assert tree.texts() == [
        "v = dict",
        '"a" : list 1, […], 3, 4, 5, …',
        '"b" : dict "c": "xxxxxxxxxxxx…',
    ]


def test_rows_tell_how_deep_they_are_and_the_path_that_leads_there() -> None:
    tree = Tree({"a": [(7, 8)]})
    tree.open_all()
    assert [(line.row.level, line.row.path) for line in tree.lines()] == [
        (0, "v"),
        (1, 'v["a"]'),
        (2, 'v["a"][0]'),
        (3, 'v["a"][0][0]'),
        (3, 'v["a"][0][1]'),
    ]


@pytest.mark.parametrize(("count", "rows", "last"), [(50, 51, "49: int 49"), (51, 52, "truncated … 1 more of 51")])
@pytest.mark.parametrize("kind", [list, tuple])
def test_fifty_entries_are_shown_and_a_row_for_the_rest(count: int, rows: int, last: str, kind: Any) -> None:
    texts = Tree(kind(range(count))).texts()
    assert (len(texts), texts[-1]) == (rows, last)


def test_dicts_sets_and_objects_have_the_same_limit() -> None:
    held = {f"a{at}": at for at in range(51)}
    for value in (held, set(range(51)), type("Held", (), held)()):
        assert Tree(value).texts()[-1] == "truncated … 1 more of 51"


def test_what_is_deeper_than_five_levels_waits_to_be_opened() -> None:
    tree = Tree(nested(5))
    tree.open_all()
    assert tree.texts()[-2:] == ["0: list", '0: str "end"']  # depth 5 is open, and a text at depth 6 is no container

    deeper = Tree(nested(6))
    for _ in range(5):
        deeper.lines()[-1].place.is_open = True
    last = deeper.lines()[-1].row
    assert (last.level, last.type, last.text, last.is_open) == (6, "truncated", "list, deeper than 5 levels", False)
    deeper.lines()[-1].place.is_open = True
    assert deeper.texts()[-2:] == ["0: list", '0: str "end"']


def test_at_a_hundred_levels_it_ends() -> None:
    tree = Tree(nested(300))
    tree.open_all(turns=400)
    lines = tree.lines()
    assert lines[-1].row.level == DEEPEST
    assert lines[-1].row.is_open is None


def test_a_value_that_is_inside_of_itself_says_so_and_cannot_be_opened() -> None:
    value: dict[str, Any] = {"name": "a"}
    value["me"] = [value]
    tree = Tree(value)
    tree.open_all()
    last = tree.lines()[-1].row
    assert (last.type, last.text, last.is_open) == ("recursive_ref", "the dict that is v", None)


def test_what_stands_in_two_places_says_so_at_the_second() -> None:
    shared, pair = [1], (1, 2)
    tree = Tree({"a": shared, "b": shared, "c": [1], "d": pair, "e": pair})
    notes = {line.row.label: line.row.note for line in tree.lines()}
    assert notes == {"v =": "", '"a" :': "", '"b" :': 'the same as v["a"]', '"c" :': "", '"d" :': "", '"e" :': ""}


def test_a_place_stays_open_whatever_comes_to_stand_there() -> None:
    tree = Tree({"a": [1], "b": [2]})
    tree.lines()[1].place.is_open = True
    tree.value = {"b": 0, "a": [3, 4], "c": 0}
    assert tree.texts() == ["v = dict", '"b" : int 0', '"a" : list', "0: int 3", "1: int 4", '"c" : int 0']


def test_rows_keep_their_serials_and_no_two_have_the_same() -> None:
    tree = Tree({"a": [1, 2], 1: {True: 0}, "c": {(1, "x"): 5}})
    tree.open_all()
    serials = [line.row.serial for line in tree.lines()]
    assert len(set(serials)) == len(serials)
    assert [line.row.serial for line in tree.lines()] == serials


class Key:
    """A key that tells when it is asked for its hash, or whether it equals."""

    asked = 0

    def __hash__(self) -> int:
        Key.asked += 1
        return 1

    def __eq__(self, other: object) -> bool:
        Key.asked += 1
        return self is other


def test_keys_of_a_class_of_the_users_are_told_apart_without_asking_them() -> None:
    tree = Tree(Copier().copy({Key(): 1, Key(): 2, (Key(), 1): 3}))
    Key.asked = 0
    before = [line.row.serial for line in tree.lines()]
    assert len(set(before)) == 4
    assert [line.row.serial for line in tree.lines()] == before
    assert Key.asked == 0


def test_a_dict_is_copied_without_asking_its_keys() -> None:
    value = {Key(): 1, Key(): "b"}
    Key.asked = 0
    assert len(Copier().copy(value)) == 2
    assert Key.asked == 0


def test_the_rows_of_a_tree_stay_within_a_budget_of_bytes_and_say_where_they_end() -> None:
    tree = Tree([["x" * 100] * 50 for _ in range(50)], octets=20_000)
    tree.open_all()
    lines = tree.lines()
    assert sum(150 + len(line.row.text + line.row.label + line.row.path) for line in lines[:-1]) <= 20_000
    assert "more than 20 KB" in lines[-1].row.text


@settings(max_examples=60, deadline=None)
@given(VALUES, st.data())
def test_any_value_is_shown_within_the_budget_however_much_is_opened_and_with_cycles(
    value: Any, data: st.DataObject
) -> None:
    lists = find(value, list)
    if lists:
        data.draw(st.sampled_from(lists)).append(value)
    tree = Tree(value, octets=5_000, items=10)
    tree.open_all()
    lines = tree.lines()
    assert sum(150 + len(line.row.text + line.row.label) for line in lines) <= 5_000 + 400
    assert all(line.row.form != "error" for line in lines)
    assert len({line.row.serial for line in lines}) == len(lines)


def find(value: Any, kind: type) -> list[Any]:
    """All lists and so on inside of a value that stands in lists and dicts."""
    found, waiting = [], [value]
    for each in waiting:
        if type(each) is kind:
            found.append(each)
        if type(each) in (list, tuple):
            waiting += each
        elif type(each) is dict:
            waiting += each.values()
    return found
