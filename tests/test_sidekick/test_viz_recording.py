"""Viz in a recording: a copy shows what was shown at each moment, and its pictures are those of the page."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidekick import ObservableValue, Viz, recording
from sidekick.recording import now
from sidekick.replicas import Stage
from sidekick.viz.component import HEAVY
from sidekick.viz.still import ITEMS
from support.sidekick_values import all_told

AS_OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Player:
    def __init__(self) -> None:
        self.score, self.items = 0, [1]


def seen(viz: Any) -> Any:
    """All that is told of what is shown."""
    return [(variable.name, all_told(variable.value)) for variable in viz._shown.value]


_numbers = st.integers(0, 3)


def do(viz: Viz, observed: Any, inner: Any, what: int, number: int) -> None:
    """Something that a program may do."""
    steps: list[Callable[[], object]] = [
        lambda: viz.show("plain", {"a": [number]}),
        lambda: viz.show("observed", observed),
        lambda: viz.show("holder", (inner, number)),
        lambda: viz.remove_variable("observed"),
        lambda: observed["list"].append(number),
        lambda: observed["list"].extend([number, number]),
        lambda: observed["list"].insert(0, [number]),
        lambda: observed["list"].sort(key=str),
        lambda: observed["set"].symmetric_difference_update({number, 7}),
        lambda: observed["player"].items.append(number),
        lambda: setattr(observed["player"], "score", number),
        lambda: observed.__setitem__("inner", inner),
        lambda: observed.pop("inner", None),
        lambda: inner.append([number]),
        lambda: inner.set([number]),
        lambda: observed["list"].clear(),
        lambda: observed.notify(),
    ]
    steps[what]()


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals that begin a new piece after three changes, so that copies begin with many a state."""
    monkeypatch.setattr(recording, "PIECE", 3)


@pytest.mark.usefixtures("short_pieces")
@AS_OFTEN
@given(st.lists(st.tuples(st.integers(0, 16), _numbers), max_size=25), st.data())
def test_a_copy_shows_at_each_moment_what_was_shown_then(steps: list[tuple[int, int]], data: st.DataObject) -> None:
    viz = Viz(max_items=7)
    inner = ObservableValue([0])
    observed = ObservableValue({"list": [1, [2]], "set": {1, 7}, "player": Player()})
    moments = [(now(), seen(viz))]
    for what, number in [(1, 0), (2, 0), *steps]:
        do(viz, observed, inner, what, number)
        moments.append((now(), seen(viz)))
    stage = Stage(viz, moments[-1][0])
    assert seen(stage.root) == moments[-1][1]
    for number, was in data.draw(st.lists(st.sampled_from(moments), max_size=10)):
        stage.go(number)
        assert seen(stage.root) == was


def test_a_copy_does_not_follow_the_value_itself() -> None:
    viz, observed = Viz(), ObservableValue([1])
    viz.show("v", observed)
    stage = Stage(viz, now())
    before = seen(stage.root)
    observed.append(2)
    assert seen(stage.root) == before
    assert len(observed._subscribers) == 1


def test_a_copy_has_the_limits_of_its_original() -> None:
    viz = Viz(max_items=3, max_depth=2, max_bytes=5000)
    assert viz._again()._limits == viz._limits


def test_each_change_is_recorded_with_the_line_that_made_it() -> None:
    viz, observed = Viz(), ObservableValue([1])
    viz.show("v", observed)
    observed.append(2)
    assert viz._journal is not None
    change = [*viz._journal.changes()][-1]
    assert change.code.co_name == "test_each_change_is_recorded_with_the_line_that_made_it"
    assert change.method == "_apply"


@pytest.mark.parametrize(
    ("value", "view", "expected"),
    [
        ({"a": [1, 2]}, "tree", ["v =", '"a" :', "list[2]", "1, 2"]),
        ([{"a": 1}, {"a": 2}], "table", ["v =", "a", "1", "2"]),
        ([3, 1], "bars", ["v =", "3", "1"]),
        ({"x": ["y"], "y": []}, "graph", ["v =", "x", "y"]),
        (float("nan"), "tree", ["v =", "nan"]),
    ],
)
def test_a_picture_shows_the_same_as_the_page(value: Any, view: Any, expected: list[str]) -> None:
    viz = Viz()
    viz.show("v", value, view=view)
    svg = viz.to_svg()
    for text in expected:
        assert f">{text}<" in svg.replace("&quot;", '"')
    assert viz.to_png()[:8] == b"\x89PNG\r\n\x1a\n"
    assert viz._drawing(300).width == 300


def test_the_picture_of_nothing_says_so() -> None:
    assert "Nothing is shown yet" in Viz().to_svg()


def test_a_journal_of_large_values_keeps_less_of_them() -> None:
    viz = Viz()
    for at in range(200):
        viz.show("v", [at] * 50_000)
    assert viz._journal is not None
    kept = sum(change.arguments[1].__sizeof__() for change in viz._journal.changes())
    assert kept < 12 * HEAVY
    assert len([*viz._journal.changes()]) >= 20
    first, last = [*viz._journal.changes()][:: len([*viz._journal.changes()]) - 1]
    stage = Stage(viz, last.number)
    assert seen(stage.root)[0][1][4][0][1][1] == "199"
    stage.go(first.number)
    assert int(seen(stage.root)[0][1][4][0][1][1]) > 0


def test_changes_of_large_values_are_shown_at_each_moment_too() -> None:
    viz, observed = Viz(), ObservableValue(np.zeros(100_000))
    viz.show("v", observed)
    moments = []
    for at in range(30):
        observed[...] = at
        moments.append((now(), seen(viz)))
    stage = Stage(viz, now())
    for number, was in moments[::-7]:
        stage.go(number)
        assert seen(stage.root) == was


def test_a_copy_never_changes_the_value_itself_however_large_that_is() -> None:
    viz, observed = Viz(), ObservableValue([0] * (ITEMS - 5))
    viz.show("v", observed)
    for at in range(10):
        observed.append(at)
    stage = Stage(viz, now())
    for at in range(3000):
        observed.append(at)
    length = len(observed)
    stage.go(now())
    assert len(observed) == length
    assert seen(stage.root)[0][1][2] == length


def test_what_cannot_be_copied_by_others_can_be_shown_in_a_copy() -> None:
    viz, observed = Viz(), ObservableValue([1])
    viz.show("v", observed)
    observed.append([Lock(), Trap()])
    observed.extend([Lock()])
    stage = Stage(viz, now())
    assert seen(stage.root) == seen(viz)


class Trap:
    def __deepcopy__(self, memo: object) -> Any:
        raise SystemExit("code of the user's was run")

    __reduce_ex__ = __deepcopy__  # type: ignore[assignment]


def test_changes_of_what_was_not_copied_are_neither_recorded_nor_done_again() -> None:
    large = [0] * (ITEMS + 1)
    viz, observed = Viz(), ObservableValue(large)
    viz.show("v", observed)
    observed.append(1)
    assert viz._journal is not None
    assert [change.method for change in viz._journal.changes()] == ["_show_copy", "_look_again"]
    copy = Viz()
    copy._show_copy("v", large, None)
    copy._apply("v", {"type": "append", "path": [len(large)], "value": 2, "old_value": None, "length": None})
    assert len(large) == ITEMS + 2
