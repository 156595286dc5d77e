"""Which statements of a cell run."""

from __future__ import annotations

import ast

import pytest
from IPython.core.error import UsageError

from rdit.events import CellRun
from rdit.selection import LineRange, Resume, asked_for, choose, describe_resume, directive_of, parse_lines, words
from rdit.statements import Statement, split


def statements_of(source: str) -> list[Statement]:
    return split(ast.parse(source).body, source)


def failed_after(source: str, done: int) -> CellRun:
    """A cell of which the first ``done`` statements ran before the next one failed."""
    cell = CellRun({}, "c", source)
    cell.done_words = [words(statement) for statement in statements_of(source)[:done]]
    return cell


def lines_run(source: str, failed: CellRun) -> list[int]:
    return [statement.line_start for statement in choose(statements_of(source), Resume(failed))]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("3", 3, 3), ("3-5", 3, 5), ("3:5", 3, 5), (" 3 - 5 ", 3, 5), ("-5", 1, 5), ("3-", 3, 2**31), (":5", 1, 5)],
)
def test_lines_are_written_as_people_write_them(text: str, first: int, last: int) -> None:
    assert parse_lines(text) == LineRange(first, last)


@pytest.mark.parametrize("text", ["", "x", "-", "3-x", "5-3", "0", "0-2", "1.5", "3,5", "--5"])
def test_lines_that_make_no_sense_are_refused_with_what_came(text: str) -> None:
    with pytest.raises(UsageError, match="expected") as caught:
        parse_lines(text)
    assert repr(text) in str(caught.value)


def test_a_range_takes_every_statement_that_touches_it() -> None:
    source = "a\n(b,\n c,\n d)\n@e\ndef f():\n    g\nh"
    assert [s.lines for s in choose(statements_of(source), LineRange(3, 5))] == ["2-4", "5-7"]


def test_a_range_without_a_statement_is_an_error() -> None:
    with pytest.raises(UsageError, match="No statement has a line from 2 to 3"):
        choose(statements_of("a\n\n\nb"), LineRange(2, 3))


@pytest.mark.parametrize("raw", ["x = 1", "%time x", "  %lines 3", "%resumed", "x\n%%lines 3", "%%linesandmore 3"])
def test_other_cells_have_no_directive(raw: str) -> None:
    assert directive_of(raw, None) is None


def test_the_directives_line_stays_as_a_blank_one() -> None:
    directive = directive_of("%%lines 2-3\na\nb\n", None)
    assert directive is not None
    assert directive.selection == LineRange(2, 3)
    assert directive.body == "\na\nb\n"


@pytest.mark.parametrize("raw", ["%resume", "%%resume", "\n%resume \n", "%resume\n\n"])
def test_resume_alone_takes_the_failed_cells_text(raw: str) -> None:
    failed = failed_after("a\nb\n", 1)
    directive = directive_of(raw, failed)
    assert directive is not None
    assert directive.selection == Resume(failed, is_alone=True)
    assert directive.body == "a\nb\n"


@pytest.mark.parametrize("raw", ["%%resume\na\nc", "%resume\na\nc"])
def test_resume_above_a_cell_takes_that_cell(raw: str) -> None:
    failed = failed_after("a\nb\n", 1)
    directive = directive_of(raw, failed)
    assert directive is not None
    assert directive.selection == Resume(failed)
    assert directive.body == "\na\nc"


def test_resume_without_a_failure_and_with_an_argument_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to resume"):
        directive_of("%resume", None)
    with pytest.raises(UsageError, match="takes no argument, but got '3'"):
        directive_of("%resume 3", failed_after("a", 0))


@pytest.mark.parametrize("metadata", [None, {}, {"rdit": None}, {"rdit": {}}, {"other": {"line_range": [1, 2]}}])
def test_a_request_without_ours_selects_nothing(metadata: dict[str, object] | None) -> None:
    assert asked_for(metadata, None) is None


def test_a_request_can_ask_for_lines_or_for_the_rest() -> None:
    failed = failed_after("a", 0)
    assert asked_for({"rdit": {"line_range": [2, 3]}}, None) == LineRange(2, 3)
    assert asked_for({"rdit": {"resume": True}}, failed) == Resume(failed)


@pytest.mark.parametrize("lines", [[3, 2], [0, 1], [-1, 4], "2-3", [1], [1, 2, 3], [1.0, 2.0], ["1", "2"], 7])
def test_a_bad_range_in_a_request_is_refused_with_what_came(lines: object) -> None:
    with pytest.raises(UsageError) as caught:
        asked_for({"rdit": {"line_range": lines}}, None)
    assert repr(lines) in str(caught.value)


@pytest.mark.parametrize(
    ("before", "done", "now", "runs"),
    [
        ("a\nb\nc\nd", 2, "a\nb\nc\nd", [3, 4]),
        ("a\nb\nc\nd", 2, "a  # why\n\nb\nx\nd", [4, 5]),
        ("a\nb\nc", 2, "a2\nb\nc", [1, 3]),
        ("a\nb\nc", 2, "new\na\nb\nc", [1, 4]),
        ("a\nb\nc", 2, "b\nc", [2]),
        ("a\na\nb", 1, "a\na\nb", [2, 3]),
        ("a\nb", 0, "a\nb", [1, 2]),
        ("a;\nb", 1, "a\nb", [1, 2]),
        ("x='1'\nb", 1, 'x = "1"\nb', [2]),
    ],
)
def test_what_ran_and_is_unchanged_does_not_run_again(before: str, done: int, now: str, runs: list[int]) -> None:
    assert lines_run(now, failed_after(before, done)) == runs


def test_it_is_said_what_is_skipped() -> None:
    statements = statements_of("a\nb\nc\nd\ne")
    told = describe_resume(statements, [0, 1, 3], [statements[2], statements[4]])
    assert told == "Resuming at line 3: skipped 3 statements that ran before and did not change (lines 1-2, 4)."
    assert describe_resume(statements, [], statements) == "Resuming at line 1: nothing skipped."
    assert describe_resume(statements, [0, 1, 2, 3, 4], []) == "Nothing to resume: every statement has run."
