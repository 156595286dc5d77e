"""Mirrors: one component in two places."""

from __future__ import annotations

from typing import Any

import pytest

from sidekick import Button, Column, Console, Grid, Label, Row, Textbox
from sidekick.component import Component
from sidekick.events import BaseSidekickEvent
from sidekick.mirror import Mirror
from support.sidekick_changes import KINDS, Kind, seen
from support.sidekick_page import Shown, inside, settle, wait_until


def copy_in(mirror: Mirror) -> Any:
    return mirror._stage.root


@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_it_shows_what_the_component_shows(kind: Kind) -> None:
    component = kind.make()
    assert seen(copy_in(Mirror(component))) == seen(component)


def test_each_change_is_in_the_mirror_soon_and_the_component_stays_where_it_is(shown: Shown) -> None:
    label = Label("a")
    second = Shown(Mirror(label))
    label.text = "b"
    wait_until(lambda: second.texts() == ["b"])
    assert shown.texts() == ["b"]


def test_what_is_put_into_a_container_later_is_followed_too() -> None:
    row = Row()
    second = Shown(Mirror(row))
    label = Label("x", parent=row)
    wait_until(lambda: second.texts() == ["x"])
    label.text = "y"
    wait_until(lambda: second.texts() == ["y"])


def heard_in(component: Any, listen: str, happen: Any) -> list[BaseSidekickEvent]:
    """What the component's callback is told when something happens in its mirror."""
    events: list[BaseSidekickEvent] = []
    getattr(component, listen)(events.append)
    mirror = Mirror(component)
    happen(Shown(mirror), copy_in(mirror))
    wait_until(lambda: events)
    settle()
    return events


def test_a_click_in_the_mirror_is_a_click_on_the_component() -> None:
    button = Button("go")
    (event,) = heard_in(button, "on_click", lambda page, copy: page.event(inside(copy, "button"), "click"))
    assert (event.type, event.instance_id) == ("click", button.instance_id)
    (cell,) = heard_in(Grid(2, 2), "on_click", lambda page, copy: copy._choose((1, 0)))
    assert (cell.x, cell.y) == (1, 0)  # type: ignore[attr-defined]


def test_what_is_submitted_in_the_mirror_is_the_components_value() -> None:
    textbox = Textbox("before")
    submit = lambda page, copy: page.event(inside(copy, "input"), "change", value="typed")  # noqa: E731
    (event,) = heard_in(textbox, "on_submit", submit)
    assert (textbox.value, event.value) == ("typed", "typed")  # type: ignore[attr-defined]


def test_a_line_that_is_sent_in_the_mirror_is_sent_to_the_component() -> None:
    def send(page: Shown, copy: Console) -> None:
        page.send_line(copy, "hello")

    (event,) = heard_in(Console(show_input=True), "on_submit", send)
    assert event.value == "hello"  # type: ignore[attr-defined]


def test_components_inside_of_the_mirror_are_answered_too() -> None:
    events: list[Any] = []
    column = Column(Button("go", on_click=events.append))
    mirror = Mirror(column)
    page = Shown(mirror)
    page.event(inside(copy_in(mirror), "button"), "click")
    wait_until(lambda: events)


class InAKernel:
    """A kernel's cell that shows nothing yet, and what is displayed in it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.displayed: list[Any] = []
        monkeypatch.setattr("sidekick.component.is_in_kernel", lambda: True)
        monkeypatch.setattr("sidekick.component.find_panel", lambda: None)
        monkeypatch.setattr("sidekick.component.show", self.displayed.append)


def test_another_cell_that_displays_a_component_gets_a_mirror(monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    label = Label("here")
    cell = InAKernel(monkeypatch)
    label._ipython_display_()
    (mirror,) = cell.displayed
    assert isinstance(mirror, Mirror)
    assert shown.texts() == ["here"]


def test_a_component_that_is_nowhere_is_put_where_it_is_shown(monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    label = Label("gone")
    label.remove()
    cell = InAKernel(monkeypatch)
    Component._ipython_display_(label)
    assert cell.displayed == []
    assert shown.texts() == ["gone"]
