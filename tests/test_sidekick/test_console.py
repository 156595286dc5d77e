"""Console: text as a terminal has it, and a line to answer in."""

from __future__ import annotations

from typing import Any

import pytest

from sidekick import Console, ConsoleSubmitEvent
from sidekick.console import CHUNK
from support.sidekick_page import Shown, settle


def text_on(shown: Shown) -> str:
    return "".join(text for text in shown.texts() if text != "Send")


@pytest.mark.parametrize(
    ("start", "prints", "expected"),
    [
        ("", [(("a",), {}), (("b",), {})], "a\nb\n"),
        ("start", [(("a",), {})], "starta\n"),
        ("start\n", [(("a",), {})], "start\na\n"),
        ("", [(("a",), {"end": ""}), (("b",), {})], "ab\n"),
        ("", [((1, None, [2]), {"sep": "-"})], "1-None-[2]\n"),
        ("", [((), {})], "\n"),
        ("", [(("a\n\nb",), {"end": "!"})], "a\n\nb!"),
        (None, [(("a",), {})], "a\n"),
    ],
)
def test_text_goes_on_after_the_last_line_unless_that_has_ended(
    shown: Shown, start: Any, prints: list[Any], expected: str
) -> None:
    console = Console(start)
    for args, kwargs in prints:
        console.print(*args, **kwargs)
    assert console.text == expected
    assert text_on(shown) == expected


@pytest.mark.parametrize("keyword", ["file", "flush"])
def test_it_prints_to_itself_only(keyword: str) -> None:
    printing: Any = Console().print
    with pytest.raises(TypeError, match=keyword):
        printing("a", **{keyword: None})


def test_clear_takes_all_and_what_is_printed_then_starts_anew(shown: Shown) -> None:
    console = Console("old")
    console.clear()
    assert (console.text, text_on(shown)) == ("", "")
    console.print("new")
    assert text_on(shown) == "new\n"


@pytest.mark.parametrize("line", ["word " * 20 + "\n", "x" * 700, "x" * (3 * CHUNK) + "\n"])
def test_a_long_text_is_told_in_pieces_and_is_the_same(shown: Shown, line: str) -> None:
    console = Console()
    text_on(shown)
    for _ in range(200):
        console.print(line, end="")
    assert console.text == line * 200
    assert text_on(shown) == line * 200


def test_a_line_more_costs_a_page_no_more_than_the_last_piece(shown: Shown) -> None:
    console = Console()
    for number in range(5000):
        console.print("line", number)
    text_on(shown)
    shown.sent.clear()
    console.print("one more")
    assert text_on(shown).endswith("one more\n")
    assert len(str(shown.sent)) < 2 * CHUNK + 500


def test_a_line_is_sent_as_it_was_typed_and_the_field_emptied_and_nothing_echoed(shown: Shown) -> None:
    events: list[Any] = []
    console = Console(show_input=True, on_submit=events.append)
    text_on(shown)
    shown.send_line(console, "  hello ")
    settle()
    assert events == [ConsoleSubmitEvent(console.instance_id, "submit", "  hello ")]
    assert shown.values() == [""]
    assert text_on(shown) == ""


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_line_is_not_sent(shown: Shown, blank: str) -> None:
    events: list[Any] = []
    console = Console(show_input=True, on_submit=events.append)
    text_on(shown)
    shown.send_line(console, blank)
    settle()
    assert events == []


def test_without_an_input_there_is_none(shown: Shown) -> None:
    Console("text")
    assert shown.values() == []
