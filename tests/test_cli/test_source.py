"""What a reader is shown of the source for a statement."""

from __future__ import annotations

from rdit.terminal.source import Source


def lines(source: Source, index: int, first: int, last: int) -> list[str]:
    return source.excerpt(index, first, last).lines


def test_a_statement_alone_on_its_lines_is_shown_with_its_comment() -> None:
    source = Source("x = 1  # one\ndef f():\n    return 2\n")
    assert lines(source, 0, 1, 1) == ["x = 1  # one"]
    assert lines(source, 1, 2, 3) == ["def f():", "    return 2"]


def test_statements_on_one_line_are_shown_each_by_itself() -> None:
    source = Source("a = 1; b = 'ä'; c = 3  # three\nd = ';'\n")
    assert [lines(source, index, 1, 1) for index in range(3)] == [["a = 1"], ["b = 'ä'"], ["c = 3"]]
    assert lines(source, 3, 2, 2) == ["d = ';'"]


def test_a_long_statement_is_shown_in_part_and_says_so() -> None:
    source = Source("x = [\n" + "".join(f"    {n},\n" for n in range(40)) + "]\n")
    excerpt = source.excerpt(0, 1, 42)
    assert len(excerpt.lines) == len(excerpt.numbers) == 10
    assert excerpt.left_out == 32
    assert excerpt.numbers[excerpt.gap - 1 : excerpt.gap + 1] == [8, 41]
    assert excerpt.lines[-1] == "]"


def test_a_statement_of_a_megabyte_is_cut() -> None:
    assert len(lines(Source(f"x = '{'y' * 1_000_000}'"), 0, 1, 1)[0]) < 3000


def test_control_characters_are_not_let_through() -> None:
    assert lines(Source("x = '\x1b[2J'\t# \x07"), 0, 1, 1) == [
        "x = '\N{REPLACEMENT CHARACTER}[2J'  # \N{REPLACEMENT CHARACTER}"
    ]


def test_lines_that_the_source_does_not_have_are_no_error() -> None:
    assert lines(Source("x"), 5, 7, 9) == []
