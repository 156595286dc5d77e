"""Player: where it stands, what its buttons, slider and keys do, and what becomes of it when steps come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flow import ui_thread
from flow.element import Element
from sidekick.player import Player
from support.sidekick_page import Shown, wait_until


@pytest.fixture
def player() -> Player:
    return Player(5, label="abcde".__getitem__)


@pytest.fixture
def page(player: Player) -> Iterator[Shown]:
    page = Shown(player)
    yield page
    ui_thread.wait(page.session.close, 10)


def named(player: Player, name: str) -> Element:
    """What a screen reader calls so."""
    return next(each for each in player.walk() if _attributes(each).get("aria-label") == name)


def _attributes(element: Element) -> dict[str, Any]:
    return dict(element.to_render_node().props) if element.html in ("button", "input", "select") else {}


def click(player: Player, page: Shown, name: str) -> None:
    page.texts()  # the page is told how its buttons are called now
    page.event(named(player, name), "click")
    ui_thread.wait(lambda: None, 10)


def test_the_buttons_go_to_the_first_the_next_and_the_last_step(player: Player, page: Shown) -> None:
    passed = []
    for name in ("Next step", "Next step", "Step back", "Last step", "First step"):
        click(player, page, name)
        passed.append(player.position.value)
    assert passed == [1, 2, 1, 4, 0]


def test_a_button_that_leads_nowhere_cannot_be_clicked(player: Player) -> None:
    def disabled() -> list[bool]:
        names = ("First step", "Step back", "Next step", "Last step")
        return [bool(_attributes(named(player, name)).get("disabled")) for name in names]

    assert disabled() == [True, True, False, False]
    for between in (1, 3):
        player.go(between)
        assert disabled() == [False] * 4
    player.go(4)
    assert disabled() == [False, False, True, True]


def test_the_slider_goes_where_it_is_put_and_never_beyond_the_steps(player: Player, page: Shown) -> None:
    slider = named(player, "Step")
    passed = []
    for raw in ("3", "1000000", "-7", "2.9"):
        page.event(slider, "input", value=raw)
        ui_thread.wait(lambda: None, 10)
        passed.append(player.position.value)
    assert passed == [3, 4, 0, 2]


def test_a_step_is_told_by_its_number_and_its_name(player: Player, page: Shown) -> None:
    player.go(2)
    assert "3 / 5" in page.texts()
    assert "c" in page.texts()
    assert _attributes(named(player, "Step"))["aria-valuetext"] == "c"


def test_without_names_the_number_is_told_to_screen_readers() -> None:
    assert _attributes(named(Player(5, position=1), "Step"))["aria-valuetext"] == "Step 2 of 5"


def test_playing_goes_on_by_itself_and_ends_at_the_last_step() -> None:
    player = Player(4, speed=30)
    passed: list[int] = []
    player.position.subscribe(passed.append)
    player.play()
    assert player.is_playing.value
    wait_until(lambda: not player.is_playing.value)
    assert passed == [1, 2, 3]


def test_playing_at_the_last_step_begins_with_the_first() -> None:
    player = Player(3, position=2, speed=30)
    passed: list[int] = []
    player.position.subscribe(passed.append)
    player.play()
    wait_until(lambda: not player.is_playing.value)
    assert passed == [0, 1, 2]


@pytest.mark.parametrize("name", ["Next step", "First step", "Pause"])
def test_a_button_ends_the_playing(player: Player, page: Shown, name: str) -> None:
    player.go(2)
    click(player, page, "Play")
    assert player.is_playing.value
    click(player, page, name)
    assert not player.is_playing.value


def test_the_space_bar_on_the_slider_plays_and_pauses(player: Player, page: Shown) -> None:
    for expected in (True, False):
        page.event(named(player, "Step"), "keydown", key=" ")
        ui_thread.wait(lambda: None, 10)
        assert player.is_playing.value is expected


def test_another_speed_holds_at_once(player: Player, page: Shown) -> None:
    click(player, page, "Play")
    page.event(named(player, "Speed"), "change", value="30")
    wait_until(lambda: player.position.value == 4)
    assert player.speed.value == 30
    assert not player.is_playing.value


def test_steps_can_be_added_while_it_is_shown(player: Player, page: Shown) -> None:
    assert "1 / 5" in page.texts()
    player.extend(3)
    assert "1 / 8" in page.texts()


def test_one_that_follows_goes_along_with_new_steps_only_from_the_last() -> None:
    player = Player(follows=True)
    player.extend()
    player.extend(4)
    assert player.position.value == 4
    player.go(1)
    player.extend()
    assert player.position.value == 1
    stays = Player(2, position=1)
    stays.extend()
    assert stays.position.value == 1


def test_it_stays_at_its_step_when_older_ones_are_dropped() -> None:
    player = Player(10, position=6)
    player.drop(4)
    assert (player.position.value, player.count.value) == (2, 6)
    player.drop(4)
    assert (player.position.value, player.count.value) == (0, 2)


def test_there_may_be_no_steps_at_all() -> None:
    player = Player()
    player.play()
    player.step()
    assert (player.position.value, player.is_playing.value) == (0, False)
    assert "No steps yet" in {each.to_render_node().text for each in player.walk()}


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: Player(-1), ValueError, "count of Player takes a whole number from 0, not -1"),
        (lambda: Player(3, speed=3), ValueError, "speed of Player is one of 0.5, 1, 2"),
        (lambda: Player(3, label="abc"), TypeError, "takes a function of a step's number, not 'abc'"),
        (lambda: Player(3).extend(-2), ValueError, "extend"),
    ],
)
def test_what_cannot_be_is_an_error_at_the_call(call: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        call()
