"""The story as JSON lines: one for each statement that ended, and one for the end."""

from __future__ import annotations

import json
from typing import Any

from rdit.terminal.json_lines import JsonLines
from rdit.terminal.story import CellStarted, Event, Failure, Finished, Output, StatementEnded, StatementStarted


def written(*events: Event) -> list[dict[str, Any]]:
    lines: list[str] = []
    view = JsonLines(lines.append)
    for event in events:
        view.show(event)
    return [json.loads(line) for line in lines]


def test_a_statement_is_written_when_it_has_ended_in_the_shape_that_front_ends_read() -> None:
    lines: list[str] = []
    view = JsonLines(lines.append)
    for event in (CellStarted("x"), StatementStarted(2, 4, 5), Output("stdout", "a"), Output("stdout", "b\n")):
        view.show(event)
    assert lines == []
    view.show(StatementEnded(0.1, is_invisible=False))
    assert [json.loads(line) for line in lines] == [
        {
            "nodeIndex": 2,
            "lineStart": 4,
            "lineEnd": 5,
            "output": [{"type": "stdout", "text": "ab\n"}],
            "isInvisible": False,
        }
    ]


def test_outputs_of_two_kinds_keep_their_order_and_a_cell_its_number() -> None:
    line = written(
        CellStarted("x", 3),
        StatementStarted(0, 1, 1),
        Output("stdout", "1"),
        Output("stderr", "2"),
        Output("stdout", "3"),
        StatementEnded(0.1, is_invisible=False),
    )[0]
    assert line["cell"] == 3
    assert [(item["type"], item["text"]) for item in line["output"]] == [
        ("stdout", "1"),
        ("stderr", "2"),
        ("stdout", "3"),
    ]


def test_the_end_is_complete_or_an_error_with_its_place() -> None:
    assert written(Finished()) == [{"type": "complete"}]
    assert written(Finished(1, Failure("ValueError: no", 3, 4, 2))) == [
        {"type": "error", "message": "ValueError: no", "exitStatus": 1, "cell": 2, "lineStart": 3, "lineEnd": 4}
    ]
    assert written(Finished(2, Failure("no place"))) == [{"type": "error", "message": "no place", "exitStatus": 2}]


def test_what_no_statement_wrote_is_a_line_of_its_own_and_never_a_statements() -> None:
    lines = written(
        CellStarted("x"),
        StatementStarted(0, 1, 1),
        StatementEnded(0.1, is_invisible=True),
        Output("stdout", "late"),
        StatementStarted(1, 2, 2),
        StatementEnded(0.1, is_invisible=True),
        Output("stderr", "last"),
        Finished(),
    )
    assert [line.get("output") for line in lines] == [
        [],
        [{"type": "stdout", "text": "late"}],
        [],
        [{"type": "stderr", "text": "last"}],
        None,
    ]


def test_a_tracebacks_colours_are_for_people() -> None:
    line = written(
        StatementStarted(0, 1, 1),
        Output("stdout", "\x1b[31mmine\x1b[0m"),
        Output("error", "\x1b[31mError\x1b[39m\n"),
        StatementEnded(0.1, is_invisible=False, failed=True),
    )[0]
    assert [item["text"] for item in line["output"]] == ["\x1b[31mmine\x1b[0m", "Error\n"]


def test_an_aside_is_no_part_of_the_statement_that_runs() -> None:
    lines = written(
        StatementStarted(0, 1, 1),
        Output("stdout", "a"),
        Output("stderr", "aside\n", is_aside=True),
        Output("stdout", "b"),
        StatementEnded(0.1, is_invisible=False),
    )
    assert [line["output"] for line in lines] == [
        [{"type": "stderr", "text": "aside\n"}],
        [{"type": "stdout", "text": "ab"}],
    ]
