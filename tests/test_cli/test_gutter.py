"""Output beside its mark, however its pieces are cut."""

from __future__ import annotations

import itertools
import random

import pytest

from rdit.terminal.gutter import Gutter, Mark
from rdit.terminal.story import Kind

MARKS: dict[Kind, Mark] = {"stdout": Mark("| ", 2), "stderr": Mark("! ", 2, "<", ">"), "error": Mark("x ", 2)}


def shown(*pieces: tuple[Kind, str], width: int = 12, is_watched: bool = True) -> str:
    written: list[str] = []
    gutter = Gutter(written.append, MARKS, lambda: width, is_watched=is_watched)
    for kind, text in pieces:
        gutter.put(kind, text)
    gutter.end_line()
    return "".join(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a", "| a\n"),
        ("a\n", "| a\n"),
        ("a\nb", "| a\n| b\n"),
        ("\n", "| \n"),
        ("a\n\nb\n", "| a\n| \n| b\n"),
        ("a\r\nb\r\n", "| a\n| b\n"),
        ("1234567890", "| 1234567890\n"),
        ("12345678901", "| 1234567890\n| 1\n"),
        ("1" * 25, "| 1111111111\n| 1111111111\n| 11111\n"),
        ("日本語日本語", "| 日本語日本\n| 語\n"),
        ("a日本語日本語", "| a日本語日\n| 本語\n"),
        ("a\tb", "| a       b\n"),
        ("10%\r20%", "| 10%\r| 20%\n"),
        ("ab\bc", "| ab\bc\n"),
        ("\x1b[31mred\x1b[0m", "| \x1b[31mred\x1b[0m\n"),
        ("\x1b[31mred\n\x1b[0m", "| \x1b[31mred\x1b[0m\n"),
        ("a\x00\x07b", "| ab\n"),
    ],
)
def test_on_a_terminal_every_line_hangs_beside_its_mark(text: str, expected: str) -> None:
    assert shown(("stdout", text)) == expected


@pytest.mark.parametrize(
    "text", ["one\ntwo\r\n\n日本語日本語日本語\tx\rover\x1b[31mred\x1b[0m\nlast", "x" * 40 + "\n\n"]
)
def test_where_the_pieces_are_cut_makes_no_difference(text: str) -> None:
    whole = shown(("stdout", text))
    chance = random.Random(7)
    for _ in range(50):
        cuts = sorted({0, len(text), *(chance.randrange(len(text)) for _ in range(6))})
        pieces: list[tuple[Kind, str]] = [("stdout", text[a:b]) for a, b in itertools.pairwise(cuts)]
        assert shown(*pieces) == whole


def test_another_kind_begins_on_a_new_line_in_its_own_colour() -> None:
    assert shown(("stdout", "out"), ("stderr", "err\n"), ("stdout", "more\n")) == "| out\n<>! <err>\n| more\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "| a\n| b\n"),
        ("x" * 30 + "\n", "| " + "x" * 30 + "\n"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\n", "| red link\n"),
        (" 10%\r 20%\r100%\n", "| 100%\n"),
        ("long line\rab\n", "| abng line\n"),
        ("\n", "|\n"),
        ("a\tb\n", "| a       b\n"),
    ],
)
def test_off_a_terminal_there_are_whole_plain_lines(text: str, expected: str) -> None:
    assert shown(("stdout", text), is_watched=False) == expected


def test_a_lines_end_waits_so_that_a_time_can_stand_beside_it() -> None:
    written: list[str] = []
    gutter = Gutter(written.append, MARKS, lambda: 12, is_watched=True)
    assert gutter.free_from == 0
    gutter.put("stdout", "abc")
    assert gutter.free_from is None
    gutter.put("stdout", "\n")
    assert gutter.free_from == 5
    assert "".join(written) == "| abc"
