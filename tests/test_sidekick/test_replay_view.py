"""The replay on a page: what it shows of a step, and where its buttons, names and keys lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow import ui_thread
from flow.element import Element
from flow.renderer.html import HTMLRenderer
from sidekick.replay.recorder import Options
from sidekick.replay.recording import record
from sidekick.replay.sources import read_source
from sidekick.replay.steps import Recording, Timeline
from sidekick.replay.telling import label, moment
from sidekick.replay.variables_pane import spark
from sidekick.replay.view import Replay
from sidekick.replay.words import colored
from support.sidekick_page import Shown

SOURCE = """\
def double(n):
    m = n * 2
    return m

total = 0
for k in range(4):
    total += double(k)
    print("so far", total)
done = [total]
also = done"""


@pytest.fixture
def replay() -> Replay:
    return Replay(record(SOURCE), position=0)


@pytest.fixture
def page(replay: Replay) -> Iterator[Shown]:
    page = Shown(replay)
    yield page
    ui_thread.wait(page.session.close, 10)


def find(replay: Replay, told: str) -> Element:
    """The first element that is called so, by its text or by what a screen reader says."""
    for each in replay.walk():
        if each.html in ("button", "div", "td") and hasattr(each, "_node"):
            node = each.to_render_node()
            if told in (node.text, node.props.get("aria-label"), node.props.get("title")):
                return each
    raise AssertionError(f"there is no {told!r}")


def press(page: Shown, element: Element, key: str) -> None:
    page.event(element, "keydown", key=key)
    ui_thread.wait(lambda: None, 10)


def click(page: Shown, element: Element) -> None:
    page.event(element, "click")
    ui_thread.wait(lambda: None, 10)


def step_with(replay: Replay, kind: str, ran: int = 0, nth: int = 0) -> int:
    found = [at for at, each in enumerate(replay.timeline.steps) if each.kind == kind and ran in (0, each.ran)]
    return found[nth]


def html(replay: Replay) -> str:
    return HTMLRenderer(ids=False).render(replay)


def test_a_step_shows_the_line_that_ran_and_the_one_that_comes(replay: Replay, page: Shown) -> None:
    replay.player.go(step_with(replay, "line", 7))
    texts = page.texts()
    assert texts[texts.index("●") + 1] == "7"
    assert texts[texts.index("▶") + 1] == "8"


def test_a_changed_variable_is_shown_with_what_it_was(replay: Replay) -> None:
    replay.player.go(step_with(replay, "line", 7, 1))
    shown = html(replay)
    assert ">0</del> → <ins" in shown
    assert ">2</ins>" in shown


def test_variables_that_are_the_same_object_say_so(replay: Replay) -> None:
    replay.player.go(len(replay.recording) - 1)
    assert "done and also are the same object" in html(replay)


def test_inside_a_function_its_own_variables_come_first_and_calls_can_be_looked_at(replay: Replay, page: Shown) -> None:
    replay.player.go(step_with(replay, "line", 2, 2))
    texts = page.texts()
    assert texts.index("Variables of double") < texts.index("m") < texts.index("Variables") < texts.index("total")
    click(page, find(replay, "the cell"))
    assert "Variables of double" not in page.texts()
    click(page, find(replay, "▸ double"))
    assert "Variables of double" in page.texts()


def test_what_was_printed_by_then_is_shown(replay: Replay, page: Shown) -> None:
    replay.player.go(step_with(replay, "line", 8, 1))
    assert "so far 0\nso far 2\n" in page.texts()


def test_beside_a_line_stands_what_it_did_last(replay: Replay) -> None:
    at = step_with(replay, "line", 7, 2)
    assert moment(replay.timeline, at).beside == {5: "total = 0", 6: "k = 2", 7: "total = 6"}
    inside = step_with(replay, "return", 3, 2)
    assert moment(replay.timeline, inside).beside == {1: "n = 2", 2: "m = 4", 3: "returns 4"}


def test_a_click_on_a_name_goes_to_its_next_change(replay: Replay, page: Shown) -> None:
    replay.player.go(step_with(replay, "line", 5))
    changes = []
    for _ in range(5):
        page.texts()
        click(page, find(replay, "Go to the next change of total"))
        changes.append(replay.player.position.value)
    expected = replay.timeline.changes(0, "total")
    assert changes == [*expected[1:], expected[0], expected[1]]


def test_the_passes_of_a_loop_can_be_gone_through(replay: Replay, page: Shown) -> None:
    replay.player.go(step_with(replay, "line", 7))
    assert "for k: pass 1 of 4" in page.texts()
    click(page, find(replay, "Next pass of for k"))
    assert "for k: pass 2 of 4" in page.texts()
    pane = find(replay, "Source. Left and right go a step, up and down a pass of the loop")
    press(page, pane, "ArrowDown")
    press(page, pane, "ArrowDown")
    press(page, pane, "ArrowDown")
    assert "for k: pass 4 of 4" in page.texts()
    press(page, pane, "ArrowUp")
    assert "for k: pass 3 of 4" in page.texts()


def test_the_keys_go_through_the_steps(replay: Replay, page: Shown) -> None:
    pane = find(replay, "Source. Left and right go a step, up and down a pass of the loop")
    passed = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"):
        press(page, pane, key)
        passed.append(replay.player.position.value)
    assert passed == [1, 2, 1, len(replay.recording) - 1, 0]
    press(page, pane, " ")
    assert replay.player.is_playing.value


def test_the_table_of_passes_has_lines_down_and_passes_across(replay: Replay, page: Shown) -> None:
    replay.player.go(step_with(replay, "line", 7, 1))
    click(page, find(replay, "Table of passes"))
    texts = page.texts()
    start = texts.index("for k: 4 passes")
    assert texts[start : start + 5] == ["for k: 4 passes", "1", "2", "3", "4"]
    row = texts.index("    total += double(k)", start)
    assert texts[row + 1 : row + 5] == ["·", "2", "6", "12"]
    cell = next(each for each in replay.walk() if each.html == "td" and each.props.get("title") == "12")
    click(page, cell)
    assert replay.player.position.value == step_with(replay, "line", 7, 3)


def test_an_error_is_shown_at_its_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        record("def f(x):\n    return 1 / x\nf(0)")
    replay = Replay(caught.value.recording)  # type: ignore[attr-defined]
    assert replay.player.position.value == 3
    assert label(replay.timeline, 3) == "Line 2: ZeroDivisionError: division by zero"
    assert ">✕</span>" in html(replay)


def test_that_recording_was_stopped_is_said(page: Shown) -> None:
    replay = Replay(record("for k in range(100):\n    x = k", options=Options(max_steps=10)))
    assert "Recording stopped after 10 steps; the program ran on" in html(replay)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (0, "Before line 1"),
        (1, "Line 1: def double(n):"),
        (2, "Line 5: total = 0"),
        (3, "Line 6: k = 0"),
        (4, "double(n = 0)"),
        (5, "Line 2: m = 0"),
        (6, "double returns 0"),
    ],
)
def test_each_step_is_told_in_a_line(replay: Replay, at: int, expected: str) -> None:
    assert label(replay.timeline, at) == expected


def test_a_long_source_is_sent_around_the_line_only() -> None:
    source = "\n".join(f"x{k} = {k}" for k in range(500))
    replay = Replay(record(source), position=300)
    shown = html(replay)
    assert "x299 = 299" in shown
    assert shown.count("grid-template-columns") == 40
    assert len(shown) < 60_000


def test_thousands_of_steps_are_not_sent() -> None:
    few, many = (Replay(record(f"x = 0\nfor k in range({n}):\n    x += k")) for n in (10, 4000))
    assert len(html(many)) < len(html(few)) + 2500


def test_numbers_have_a_line_over_time_and_others_have_none() -> None:
    assert spark([1, 2]) is None
    line = spark([1, 3, 2, float("nan")])
    assert line is not None
    told = line.to_render_node().props["aria-label"]
    assert told == "3 values from 1 to 3, now 2"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("for k in 'a':  # b", ["for", " k ", "in", " ", "'a'", ":  ", "# b"]),
        ("%time x = 1", ["%time x = 1"]),
        ("x = '''a", ["x = '''a"]),
        ("", []),
    ],
)
def test_a_line_is_colored_by_its_words(line: str, words: list[str]) -> None:
    assert [text for text, _ in colored([line])[0]] == words


def test_a_text_over_several_lines_is_colored_on_each() -> None:
    first, second = colored(["x = '''a", "b''' + y"])
    assert [bool(color) for _, color in first] == [False, True]
    assert [text for text, color in second if color] == ["b'''"]


def test_nothing_recorded_is_nothing_to_show() -> None:
    with pytest.raises(ValueError, match="no steps to show"):
        Replay(Recording(read_source("", "<nothing>")))


def test_text_in_values_is_never_html() -> None:
    shown = html(Replay(record("x = '<img src=y onerror=z>'\nprint(x)")))
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_an_object_of_several_names_is_told_once_by_the_one_in_the_line() -> None:
    timeline = Timeline(record("a = [1]\nb = a\nb.append(2)\na.append(3)"))
    assert [label(timeline, at) for at in (3, 4)] == ["Line 3: b = [1, 2]", "Line 4: a = [1, 2, 3]"]


def test_a_variable_that_is_a_global_one_of_the_same_name_says_so() -> None:
    replay = Replay(record("def f(xs):\n    return xs\nxs = []\nf(xs)"), position=3)
    assert "is the global xs" in html(replay)
    assert "is the local xs" in html(replay)


def test_a_return_marks_no_line_of_its_function_as_the_next() -> None:
    timeline = Timeline(record("def f():\n    return 1\nx = [f(),\n     f()]"))
    at = next(at for at, step in enumerate(timeline.steps) if step.kind == "return")
    assert moment(timeline, at).marks == (2, 0)


def test_a_change_of_a_local_variable_is_none_of_the_global_one_of_its_name() -> None:
    timeline = Timeline(record("def f():\n    x = 1\n    x = 2\nx = 5\nf()"))
    at = next(at for at, step in enumerate(timeline.steps) if step.ran == 2)
    assert [(each.scope, each.is_changed) for _, found in moment(timeline, at).variables for each in found] == [
        (1, True),
        (0, False),
    ]


def test_a_change_that_the_text_does_not_tell_is_told_in_words() -> None:
    replay = Replay(record("a = [*range(99)]\na[50] = 0\nb = []\nb = []"), position=2)
    assert "changed inside" in html(replay)
    replay.player.go(4)
    assert "another, alike" in html(replay)
