"""Copies that show what components have shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sidekick
from flow import ui
from sidekick import Column, Console, Grid, Label, Row, recording
from sidekick.component import find
from sidekick.panel import panel_of_this_cell
from sidekick.recording import Recorded, now
from sidekick.replicas import Stage
from support.sidekick_changes import KINDS, Call, Kind, seen
from support.sidekick_page import settle, wait_until

AS_OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals that begin a new piece after three changes, so that copies begin with many a state."""
    monkeypatch.setattr(recording, "PIECE", 3)


def on(stage: Stage) -> Any:
    """What a stage shows."""
    assert isinstance(stage.root, Recorded)
    return seen(stage.root)


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.usefixtures("short_pieces")
@AS_OFTEN
@given(data=st.data())
def test_a_copy_shows_at_each_moment_what_the_component_showed_then(kind: Kind, data: st.DataObject) -> None:
    component = kind.make()
    moments = [(now(), seen(component))]
    for call in data.draw(st.lists(kind.calls, max_size=12)):
        call(component)
        moments.append((now(), seen(component)))
    stage = Stage(component, moments[-1][0])
    assert on(stage) == moments[-1][1]
    for number, was in data.draw(st.lists(st.sampled_from(moments), max_size=12)):
        stage.go(number)
        assert on(stage) == was


class Arranging:
    """Moves a few components about, as a program may."""

    def __init__(self) -> None:
        self.containers = [Row(), Column(), Row()]
        self.leaves = [Label("a"), Label("b"), Grid(1, 1)]

    def moves(self) -> st.SearchStrategy[Call]:
        child = st.sampled_from([*self.containers, *self.leaves])
        return st.tuples(st.sampled_from(self.containers), child).map(lambda pair: lambda _: self._put(*pair))

    def removals(self) -> st.SearchStrategy[Call]:
        return st.sampled_from([*self.containers, *self.leaves]).map(lambda each: lambda _: each.remove())

    @staticmethod
    def _put(container: Row, child: Any) -> None:
        with suppress(ValueError):  # it is inside of that
            container.add_child(child)


@pytest.mark.usefixtures("short_pieces")
@AS_OFTEN
@given(data=st.data())
def test_a_copy_of_a_panel_shows_what_stood_where_at_each_moment(data: st.DataObject) -> None:
    panel = panel_of_this_cell()
    panel.clear()
    scene = Arranging()
    moments = [(now(), seen(panel))]
    for call in data.draw(st.lists(scene.moves() | scene.removals(), max_size=12)):
        call(None)
        moments.append((now(), seen(panel)))
    stage = Stage(panel, moments[-1][0])
    for number, was in [moments[-1], *data.draw(st.lists(st.sampled_from(moments), max_size=12))]:
        stage.go(number)
        assert on(stage) == was


def test_a_copy_is_in_no_panel_takes_no_id_and_is_found_by_none() -> None:
    label = Label("x")
    Stage(label, now())
    assert [*panel_of_this_cell().items] == [label]
    assert find(label.instance_id) is label
    assert Label().instance_id == f"label-{int(label.instance_id.removeprefix('label-')) + 1}"


def test_what_happens_to_a_copy_on_a_page_is_told_to_nobody() -> None:
    heard: list[Any] = []
    grid = Grid(2, 2, on_click=heard.append)
    sidekick.register_global_message_handler(heard.append)
    stage = Stage(grid, now())
    assert isinstance(stage.root, Grid)
    stage.root._choose((0, 0))
    grid._choose((1, 1))
    wait_until(lambda: len(heard) >= 2)
    settle()
    assert [getattr(each, "x", None) or each.get("payload", {}).get("x") for each in heard] == [1, 1]


def test_a_copy_records_nothing() -> None:
    console = Console()
    stage = Stage(console, now())
    assert isinstance(stage.root, Console)
    stage.root.print("only here")
    assert console.text == ""
    assert stage.root._journal is None


def test_an_element_of_flows_is_told_by_its_text() -> None:
    row = Row(ui.Div("an ", ui.Span("element")), Label("a label"))
    assert "an element" in on(Stage(row, now()))[0]


def test_what_was_removed_is_still_there_in_a_copy_of_the_past() -> None:
    label = Label("gone")
    then = now()
    label.remove()
    panel = panel_of_this_cell()
    stage = Stage(panel, now())
    assert "gone" not in on(stage)[0]
    stage.go(then)
    assert "gone" in on(stage)[0]


@pytest.fixture(autouse=True)
def nothing_is_left_shown() -> Iterator[None]:
    yield
    panel_of_this_cell().clear()
