"""The journal of a component: numbered changes, with the step and the line that made each."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

import sidekick
from sidekick import Console, Grid, Label, Textbox, recording
from sidekick.recording import PIECE, PIECES, Change, Journal
from sidekick.sources import Line, line_of
from support.sidekick_page import Shown, inside, settle


@pytest.fixture(autouse=True)
def no_step_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_step", recording.Step(0, ""))


def journal(component: Any) -> Journal:
    found = component._journal
    assert isinstance(found, Journal)
    return found


def changes(component: Any) -> list[Change]:
    return [*journal(component).changes()]


def test_each_change_is_noted_once_with_what_was_given() -> None:
    grid = Grid(2, 2)
    grid.set_color(1, 0, "gold")
    grid.clear_cell(1, 0)
    grid.clear()
    assert [(each.method, each.arguments) for each in changes(grid)] == [
        ("set_color", (1, 0, "gold")),
        ("clear_cell", (1, 0)),
        ("clear", ()),
    ]


def test_what_is_refused_and_what_changes_nothing_is_not_noted() -> None:
    grid, label = Grid(2, 2), Label("same")
    with pytest.raises(IndexError):
        grid.set_color(2, 0, "gold")
    label.text = "same"
    assert changes(grid) == changes(label) == []


def test_the_numbers_tell_the_order_over_all_components() -> None:
    label, console = Label(), Console()
    label.text = "1"
    console.print("2")
    label.text = "3"
    (first, third), (second,) = changes(label), changes(console)
    assert first.number < second.number < third.number


def test_a_change_belongs_to_the_step_that_was_told_last() -> None:
    label = Label()
    label.text = "before"
    sidekick.step("one")
    label.text = "a"
    label.text = "b"
    sidekick.step(2)
    label.text = "c"
    assert [each.step.label for each in changes(label)] == ["", "one", "one", "2"]
    numbers = [each.step.number for each in changes(label)]
    assert numbers[1] == numbers[2] < numbers[3]


def test_two_steps_with_the_same_label_are_two() -> None:
    label = Label()
    for text in "ab":
        sidekick.step("pass")
        label.text = text
    first, second = changes(label)
    assert first.step != second.step


def line(change: Change) -> Line:
    found = line_of(change)
    assert found is not None
    return found


def test_a_change_knows_the_line_that_made_it() -> None:
    label, textbox = Label(), Textbox()
    label.text = "told"
    textbox.value = "set"
    assert line(changes(label)[0]).text == 'label.text = "told"'
    assert line(changes(textbox)[0]).text == 'textbox.value = "set"'
    assert line(changes(label)[0]).place == "test_recording.py"
    assert line(changes(textbox)[0]).number == line(changes(label)[0]).number + 1


def test_the_line_of_a_loop_is_that_of_the_call_in_it() -> None:
    grid = Grid(3, 1)
    for x in range(3):
        if x != 1:
            grid.set_color(x, 0, "gold")
    assert {line(each).text for each in changes(grid)} == {'grid.set_color(x, 0, "gold")'}


def test_what_the_page_changed_was_made_by_no_line(shown: Shown) -> None:
    textbox = Textbox()
    shown.event(inside(textbox, "input"), "change", value="typed")
    settle()
    assert textbox.value == "typed"
    assert line_of(changes(textbox)[0]) is None


def test_a_journal_keeps_the_newest_and_no_more_than_its_bound() -> None:
    grid = Grid(10, 1)
    total = PIECE * (PIECES + 3) + 5
    for number in range(total):
        grid.set_text(number % 10, 0, str(number))
    kept = [each.arguments[2] for each in changes(grid)]
    assert PIECE * PIECES <= len(kept) <= PIECE * (PIECES + 1)
    assert kept == [str(number) for number in range(total - len(kept), total)]


def test_of_what_is_older_than_the_journal_the_oldest_state_is_known() -> None:
    console = Console()
    for number in range(PIECE * (PIECES + 2)):
        console.print(number)
    state, way = journal(console).up_to(0) or (None, None)
    assert way == []
    first = changes(console)[0].arguments[0]
    (*_, last) = "".join((*state[0], state[1])).split()  # type: ignore[index]
    assert int(last) + 1 == int(first)


def test_the_way_between_two_numbers_is_the_changes_in_between() -> None:
    label = Label()
    for text in "abcd":
        label.text = text
    numbers = [each.number for each in changes(label)]
    way = journal(label).since(numbers[0], numbers[2])
    assert [each.arguments for each in way or ()] == [("b",), ("c",)]
    assert journal(label).since(numbers[3], numbers[3] + 9) == []


def test_a_way_that_is_longer_than_from_the_nearest_state_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PIECE", 2)
    label = Label()
    for text in "abcdef":
        label.text = text
    numbers = [each.number for each in changes(label)]
    assert journal(label).since(numbers[0], numbers[5]) is None
    assert len(journal(label).since(numbers[0], numbers[1]) or ()) == 1


def test_from_the_state_before_any_change_the_way_leads_to_what_it_showed_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PIECE", 2)
    label = Label("-")
    for text in "abcdef":
        label.text = text
    for at, number in enumerate(each.number for each in changes(label)):
        state, way = journal(label).up_to(number) or ("", [])
        assert [each.arguments for each in way] == [(each,) for each in "abcdef"[at // 2 * 2 : at + 1]]
        assert state == "-abcdef"[at // 2 * 2]


def test_a_way_is_told_wherever_it_begins_and_ends_within_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PIECE", 3)
    label = Label()
    for text in "abcdefghi":
        label.text = text
    numbers = [each.number for each in changes(label)]
    for start, first in enumerate(numbers):
        for end, last in enumerate(numbers[start:], start):
            way = journal(label).since(first, last)
            told = None if way is None else "".join(each.arguments[0] for each in way)
            assert told == ("abcdefghi"[start + 1 : end + 1] if start // 3 == end // 3 else None)


def test_no_change_is_lost_or_told_twice_by_threads() -> None:
    console = Console()

    def print_some(name: str) -> None:
        for number in range(500):
            console.print(name, number)

    threads = [Thread(target=print_some, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "".join(each.arguments[0] for each in changes(console)) == console.text
    numbers = [each.number for each in changes(console)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 2000


def test_a_follower_is_told_of_each_change_as_long_as_somebody_holds_it() -> None:
    class Counting:
        count = 0

        def follow(self) -> None:
            self.count += 1

    label, follower = Label(), Counting()
    journal(label).follow(follower)
    journal(label).follow(follower)
    label.text = "a"
    label.text = "b"
    assert follower.count == 2
    del follower
    label.text = "c"
    journal(label).follow(Counting())
    assert len(journal(label).followers) <= 1


def test_a_component_that_records_and_has_no_state_is_told_what_it_needs() -> None:
    class Bare(sidekick.Component):
        def change(self) -> None:
            self._record("change")

    with pytest.raises(NotImplementedError, match=r"needs _state\(\)"):
        Bare("bare").change()
