"""A cell's statements as a bar chart."""

from __future__ import annotations

import pytest

from rdit.events import CellRun, StatementRun
from rdit.timeline import Timeline, seconds


def cell_of(*durations: float, failed: bool = False) -> CellRun:
    cell = CellRun({}, None, "\n".join(f"line_{k}(<b>)" for k in range(1, len(durations) + 1)), 7)
    began = 0.0
    for k, duration in enumerate(durations):
        run = StatementRun(cell, k, k + 1, k + 1, began, duration, "finished")
        cell.runs.append(run)
        began += duration
    cell.line_ranges = [(k + 1, k + 1) for k in range(len(durations))]
    cell.duration = began
    cell.state = "finished"
    if failed:
        cell.state = cell.runs[-1].state = "failed"
        cell.runs[-1].error = "ValueError: <no>"
        cell.line_ranges.append((99, 99))
    return cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0000123, "12 µs"),
        (0.0034, "3.4 ms"),
        (0.25, "250 ms"),
        (1.25, "1.25 s"),
        (59.9, "59.90 s"),
        (125, "2 min 05 s"),
    ],
)
def test_a_duration_reads_as_people_say_it(value: float, text: str) -> None:
    assert seconds(value) == text


def test_a_bar_starts_where_its_statement_started() -> None:
    bars = [line.split("│")[1] for line in str(Timeline(cell_of(1, 3))).splitlines()[1:]]
    assert bars == ["█" * 10 + " " * 30, " " * 10 + "█" * 30]


def test_bars_are_as_wide_as_the_chart_whatever_they_show() -> None:
    for durations in [(1e-9,), (1e-9, 5), (5, 1e-9), (0.0, 0.0), tuple([0.001] * 200)]:
        text = str(Timeline(cell_of(*durations)))
        assert {len(line.split("│")[1]) for line in text.splitlines()[1:] if "│" in line} == {40}


def test_the_title_counts_what_ran_and_what_was_not_reached() -> None:
    assert str(Timeline(cell_of(1.0, 0.25, failed=True))).splitlines()[0] == (
        "Cell In[7] · 2 statements · 1 not reached · 1.25 s"
    )
    assert Timeline(cell_of(1.0)).title == "Cell In[7] · 1 statement · 1.00 s"


def test_a_long_cell_shows_its_slowest_in_their_order() -> None:
    timeline = Timeline(cell_of(0.1, 3, 0.1, 2, 0.1), most=2)
    assert [row.run.line_start for row in timeline.rows] == [2, 4]
    assert str(timeline).splitlines()[-1] == "and 3 quicker statements, together 300 ms"


def test_the_html_holds_the_same_and_escapes_the_users_text() -> None:
    html = Timeline(cell_of(1.0, 0.25, failed=True))._repr_html_()
    assert "<b>)" not in html.replace("<b>Cell", "")
    assert "line_1(&lt;b&gt;)" in html
    assert "ValueError: &lt;no&gt;" in html
    assert "1.00 s" in html
