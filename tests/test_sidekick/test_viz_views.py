"""The views beside the tree: which values have them, and what they show."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidekick.viz.bars import HEIGHT, MOST, bars_of, is_numbers
from sidekick.viz.graphs import BOX, Graph, graph_of
from sidekick.viz.look import look
from sidekick.viz.rows import Limits
from sidekick.viz.tables import grating_of, table_of
from sidekick.viz.tidy import tidy
from sidekick.viz.variable import Variable
from support.sidekick_values import Player, Point, no_id


class Node:
    def __init__(self, value: Any, left: Any = None, right: Any = None) -> None:
        self.value, self.left, self.right = value, left, right


class Link:
    def __init__(self, value: Any, next: Any = None) -> None:
        self.value, self.next = value, next


class Team:
    def __init__(self, *members: Any) -> None:
        self.members = members


def views(value: Any) -> tuple[tuple[str, ...], str]:
    """The views that a value has, and the one it is shown in at first."""
    variable = Variable("v", Limits())
    variable.put(value)
    present = variable.present.value
    return present.views, present.view


@pytest.mark.parametrize(
    ("value", "also", "first"),
    [
        (5, "", "tree"),
        ([], "", "tree"),
        (["a", "b"], "", "tree"),
        ([1, "b"], "", "tree"),
        ([1], "", "tree"),
        ([True, False], "", "tree"),
        ({1, 2}, "", "tree"),
        ([3, 1, 2], "bars", "tree"),
        (range(5), "bars", "tree"),
        ({"a": 1, "b": 2}, "bars", "tree"),
        (Counter("aab"), "bars", "tree"),
        (np.arange(5), "bars", "tree"),
        ([{"a": 1}, {"a": 2, "b": 3}], "table", "tree"),
        ([{"a": 1}, {"b": 2}, {"c": 2}], "", "tree"),
        ([[1, 2], [3, 4]], "table", "tree"),
        ([[1, 2], [3]], "", "tree"),
        ([Point(1, 2), Point(3, 4)], "table", "tree"),
        ([Player(1), Player(2)], "table", "tree"),
        ({"x": {"a": 1}, "y": {"a": 2}}, "table", "tree"),
        (np.zeros((2, 3)), "table", "table"),
        (np.zeros((2, 3, 4)), "", "tree"),
        (Node(1), "", "tree"),
        (Node(1, Node(2)), "graph", "graph"),
        (Link(1, Link(2)), "graph", "graph"),
        (Team(Player(1)), "graph", "tree"),
        ({"a": ["b"], "b": []}, "graph", "tree"),
        ({"a": ["z"], "b": []}, "", "tree"),
    ],
    ids=no_id,
)
def test_a_value_has_the_views_that_suit_it_and_is_shown_as_a_tree_unless_it_has_a_form_of_its_own(
    value: Any, also: str, first: str
) -> None:
    assert views(value) == (("tree", also) if also else ("tree",), first)


# -- Tables


def table(value: Any, shown: int = 20) -> list[list[str]]:
    """A table's rows with their names, the first of them the columns' names."""
    grating = grating_of(look(value))
    assert grating is not None
    made = table_of(grating, shown)
    return [["", *made.names], *([row.name, *(cell.text for cell in row.cells)] for row in made.rows)]


def test_a_list_of_dicts_is_a_table_of_all_keys() -> None:
    assert table([{"a": 1, "b": "x"}, {"b": [1, 2], "c": None}]) == [
        ["", "a", "b", "c"],
        ["0", "1", "x", ""],
        ["1", "", "1, 2", "None"],
    ]


def test_objects_of_a_class_and_lists_of_a_length_are_tables() -> None:
    assert table([Player(1), Player(2, "Bob")]) == [["", "score", "name"], ["0", "1", "Ada"], ["1", "2", "Bob"]]
    assert table([[1, 2], (3, 4)]) == [["", "0", "1"], ["0", "1", "2"], ["1", "3", "4"]]


def test_of_a_large_array_the_corners_are_shown() -> None:
    array = np.arange(1_000_000).reshape(1000, 1000)
    rows = table(array)
    assert rows[0] == ["", *map(str, range(10)), "…", "998", "999"]
    assert rows[1][:3] == ["0", "0", "1"]
    assert rows[-1] == ["999", *map(str, range(999000, 999010)), "…", "999998", "999999"]
    assert rows[21][0] == "⋮"
    assert len(rows) == 1 + 20 + 1 + 2
    assert len(table(array, shown=40)) == 1 + 40 + 1 + 2


def test_a_row_that_is_of_another_form_further_on_does_not_fail() -> None:
    rows: list[Any] = [{"a": 1} for _ in range(60)]
    rows[55] = 7
    assert table(rows, shown=60)[56] == ["55", ""]


def test_arrays_tell_shape_and_type_and_what_is_in_them() -> None:
    node = look(np.zeros((1000, 2)))
    assert (node.type, node.text, node.length) == ("ndarray", "1,000 × 2 float64", 1000)  # noqa: RUF001
    assert [look(entry.value).text for entry in look(np.array([1.5, 2.0])).entries(0, 5)] == ["1.5", "2.0"]
    assert look(np.array(5)).text == "5 (int64)"
    assert (look(np.float32(1.5)).type, look(np.float32(1.5)).text) == ("float32", "1.5")
    assert not look(np.zeros((0, 3))).is_openable
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    assert [look(entry.value).text for entry in look(masked).entries(0, 2)] == ["1.0", "nan"]
    inside = look(np.array([None, Player(1)], dtype=object)).entries(0, 2)
    assert [look(entry.value).type for entry in inside] == ["NoneType", "object (Player)"]


def test_frames_of_pandas_are_tables() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["r", "s"])
    assert look(frame).text == "2 rows × 2 columns"  # noqa: RUF001
    assert table(frame)[:2] == [["", "a", "b"], ["r", "1", "x"]]
    series = look(frame["a"])
    assert (series.type, series.text) == ("Series", "int64")
    assert [(entry.shown, look(entry.value).text) for entry in series.entries(0, 5)] == [("r:", "1"), ("s:", "2")]


def test_frames_of_polars_are_tables() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert table(frame) == [["", "a", "b"], ["0", "1", "x"], ["1", "2", "None"]]


class Shape(tuple[int, ...]):
    """What torch has for shapes."""


class Tensor:
    """As much of a tensor of PyTorch's as is looked at."""

    dtype = "torch.float32"
    device = type("device", (), {"type": "cpu"})()

    def __init__(self, array: Any) -> None:
        self.array = array
        self.shape = Shape(array.shape)

    def detach(self) -> Tensor:
        return self

    def __getitem__(self, at: Any) -> Tensor:
        return Tensor(self.array[at])

    def item(self) -> Any:
        return self.array.item()

    def tolist(self) -> Any:
        return self.array.tolist()


Tensor.__module__ = "torch"


def test_tensors_tell_shape_and_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", type("torch", (), {"Tensor": Tensor}))
    tensor = Tensor(np.ones((2, 3)))
    assert look(tensor).text == "2 × 3 float32"  # noqa: RUF001
    assert table(tensor)[1] == ["0", "1.0", "1.0", "1.0"]
    assert [look(entry.value).text for entry in look(tensor[0]).entries(0, 3)] == ["1.0"] * 3


# -- Bars


@given(st.lists(st.floats(-1e300, 1e300) | st.integers(-(10**20), 10**20), min_size=2, max_size=300))
def test_bars_are_in_proportion_stand_on_one_line_and_stay_in_the_chart(numbers: list[float]) -> None:
    bars = bars_of(look(numbers))
    assert bars.count == len(numbers)
    assert len(bars.bars) == min(MOST, len(numbers))
    largest = max(bars.bars, key=lambda bar: abs(bar.number))
    for bar in bars.bars:
        assert bar.number == float(numbers[bar.at])
        assert -1.1 <= bar.y <= HEIGHT + 1
        assert bar.y + bar.height <= HEIGHT + 1.1
        edge = bar.y + bar.height if bar.number > 0 else bar.y
        assert abs(edge - bars.zero) <= 1.1
        if bar.height > 2 and largest.number:
            assert bar.height / largest.height == pytest.approx(abs(bar.number / largest.number), abs=0.02)


def test_a_mapping_has_bars_with_its_keys() -> None:
    assert is_numbers(look(Counter("aab")))
    assert [(bar.label, bar.text) for bar in bars_of(look(Counter("aab"))).bars] == [("a", "2"), ("b", "1")]


def test_of_a_million_numbers_some_are_drawn_from_the_first_to_the_last() -> None:
    bars = bars_of(look(np.arange(1_000_000)))
    assert [bar.at for bar in (bars.bars[0], bars.bars[-1])] == [0, 999_999]
    assert len(bars.bars) == MOST
    assert bars.told.startswith("1,000,000 numbers from 0 to ")


# -- Graphs


def graph(value: Any) -> Graph:
    found = graph_of(look(value))
    assert found is not None
    return found


def places(value: Any) -> dict[str, tuple[float, float]]:
    return {box.text: (box.x, box.y) for box in graph(value).boxes}


def test_a_binary_tree_has_its_children_to_the_left_and_to_the_right() -> None:
    at = places(Node(8, Node(3, Node(1), Node(6)), Node(10, None, Node(14))))
    assert at["3"][0] < at["8"][0] < at["10"][0] < at["14"][0]
    assert at["1"][0] < at["3"][0] < at["6"][0]
    assert at["3"][1] == at["10"][1] < at["1"][1] == at["6"][1] == at["14"][1]


def test_a_linked_list_is_a_line_and_its_ring_leads_back() -> None:
    last = Link("c")
    first = Link("a", Link("b", last))
    at = places(first)
    assert at["a"][0] < at["b"][0] < at["c"][0]
    assert len({y for _, y in at.values()}) == 1
    last.next = first
    assert [arrow.is_aside for arrow in graph(first).arrows] == [False, False, True]


def test_a_mapping_of_names_is_a_graph_with_weights() -> None:
    made = graph({"a": {"b": 5}, "b": {"a": 1, "b": 2}})
    assert sorted(box.text for box in made.boxes) == ["a", "b"]
    assert sorted(arrow.label for arrow in made.arrows) == ["1", "2", "5"]
    assert sum(arrow.is_aside for arrow in made.arrows) == 2


def test_what_containers_hold_is_linked_and_no_property_is_asked() -> None:
    team = Team(Player(1), Player(2))
    assert [arrow.label for arrow in graph(team).arrows] == ["members[0]", "members[1]"]


def test_of_a_long_list_so_many_nodes_are_drawn_and_the_rest_is_told() -> None:
    first: Any = None
    for at in range(1000):
        first = Link(at, first)
    made = graph(first)
    assert len(made.boxes) == 120
    assert "1 links to more are left out" in made.told


_trees: st.SearchStrategy[list[Any]] = st.recursive(
    st.just([]), lambda inner: st.lists(inner, max_size=5), max_leaves=60
)


@given(_trees, st.randoms(use_true_random=False))
def test_a_tidy_tree_has_no_two_nodes_in_one_place_and_parents_in_the_middle(shape: list[Any], random: Any) -> None:
    children: dict[int, list[int]] = {}
    shapes = [shape]
    for key, each in enumerate(shapes):
        children[key] = [len(shapes) + at for at in range(len(each))]
        shapes += each
    widths = {key: random.uniform(10, 90) for key in children}
    at = tidy(0, children, widths.__getitem__, 8)
    assert at.keys() == children.keys()
    for one, other in combinations(at, 2):
        if at[one][1] == at[other][1]:
            assert abs(at[one][0] - at[other][0]) >= (widths[one] + widths[other]) / 2 + 8 - 1e-6
    for key, below in children.items():
        if below:
            assert at[key][0] == pytest.approx((at[below[0]][0] + at[below[-1]][0]) / 2)
    assert min(x - widths[key] / 2 for key, (x, _) in at.items()) == pytest.approx(0)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1))
def test_any_graph_has_each_node_and_link_once_and_within_its_size(links: list[tuple[int, int]]) -> None:
    nodes = [Link(f"n{at}") for at in range(9)]
    for source, target in links:
        held = vars(nodes[source]).setdefault("links", [])
        held.append(nodes[target])
    made = graph_of(look(nodes[links[0][0]]))
    assert made is not None
    assert len({box.key for box in made.boxes}) == len(made.boxes)
    reached = {box.text for box in made.boxes}
    assert len(made.arrows) == sum(f"n{source}" in reached for source, _ in links)
    for box in made.boxes:
        assert 0 <= box.x - box.width / 2 <= box.x + box.width / 2 <= made.width
        assert 0 <= box.y - BOX / 2 <= box.y + BOX / 2 <= made.height
