"""The statements of a cell as a bar chart over time, in text and in HTML.

A bar starts where its statement started and is as long as it took. Of a long cell the slowest statements are drawn, in
their order, and the rest is summed up.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from rdit.events import CellRun, StatementRun

_WIDTH = 40
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MARKS = {"finished": "✓", "failed": "✗", "running": "…"}
_COLOURS = {
    "finished": "var(--jp-success-color1, #388e3c)",
    "failed": "var(--jp-error-color1, #d32f2f)",
    "running": "var(--jp-brand-color1, #1976d2)",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A statement in the chart. ``start`` and ``length`` are fractions of the cell's time."""

    run: StatementRun
    text: str
    start: float
    length: float

    @property
    def lines(self) -> str:
        first, last = self.run.line_start, self.run.line_end
        return str(first) if first == last else f"{first}-{last}"


class Timeline:
    """What `%timeline` shows of a cell."""

    def __init__(self, cell: CellRun, most: int = 40) -> None:
        self._cell = cell
        runs = list(cell.runs)
        total = max(cell.duration, sum(run.duration for run in runs), 1e-9)
        kept = set(sorted(range(len(runs)), key=lambda k: runs[k].duration, reverse=True)[:most])
        lines = cell.source.splitlines()
        self.rows = [
            Row(run, _text_of(run, lines), min(run.began / total, 1.0), min(run.duration / total, 1.0))
            for k, run in enumerate(runs)
            if k in kept
        ]
        left_out = [run for k, run in enumerate(runs) if k not in kept]
        self._rest = ""
        if left_out:
            took = seconds(sum(run.duration for run in left_out))
            self._rest = f"and {len(left_out)} quicker statements, together {took}"

    @property
    def title(self) -> str:
        cell = self._cell
        count = len(cell.runs)
        parts = [f"Cell In[{cell.execution_count}]", "1 statement" if count == 1 else f"{count} statements"]
        if cell.skipped:
            parts.append(f"{len(cell.skipped)} skipped")
        not_reached = len(cell.line_ranges) - count - len(cell.skipped)
        if cell.state == "failed" and not_reached > 0:
            parts.append(f"{not_reached} not reached")
        return " · ".join([*parts, seconds(cell.duration)])

    def __str__(self) -> str:
        widest = max((len(row.lines) for row in self.rows), default=0)
        drawn = [
            f"{_MARKS[row.run.state]} {row.lines:>{widest}} {seconds(row.run.duration):>9} │{_bar(row)}│ {row.text}"
            + (f"  ← {row.run.error}" if row.run.error else "")
            for row in self.rows
        ]
        return "\n".join([self.title, *drawn, *([self._rest] if self._rest else [])])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = "".join(_html_row(row) for row in self.rows)
        rest = f'<div style="opacity:.7">{escape(self._rest)}</div>' if self._rest else ""
        return (
            '<div class="rdit-timeline" style="font-size:var(--jp-code-font-size,13px);line-height:1.5">'
            f'<div style="margin-bottom:4px"><b>{escape(self.title)}</b></div>'
            '<table role="table" style="border-collapse:collapse;width:100%;table-layout:fixed;text-align:left">'
            '<colgroup><col style="width:2em"><col style="width:4.5em"><col style="width:6em"><col style="width:40%">'
            "<col></colgroup>"
            f"<tbody>{rows}</tbody></table>{rest}</div>"
        )


def seconds(value: float) -> str:
    """A duration as people read it: 12 µs, 3.4 ms, 1.25 s, 2 min 05 s."""
    if value < 0.001:
        return f"{value * 1e6:.0f} µs"
    if value < 1:
        return f"{value * 1e3:.1f} ms" if value < 0.1 else f"{value * 1e3:.0f} ms"
    if value < 60:
        return f"{value:.2f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s"


def _text_of(run: StatementRun, lines: list[str]) -> str:
    shown = lines[run.line_start - 1 : run.line_end]
    text = shown[0].strip() if shown else ""
    text += " …" if len(shown) > 1 else ""
    return text if len(text) <= 60 else text[:59] + "…"


def _bar(row: Row) -> str:
    start = min(int(row.start * _WIDTH), _WIDTH - 1)
    eighths = max(round(row.length * _WIDTH * 8), 1)
    full, part = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[part] if part else "")
    return (" " * start + bar)[:_WIDTH].ljust(_WIDTH)


def _html_row(row: Row) -> str:
    run = row.run
    left, width = row.start * 100, max(row.length * 100, 0.4)
    error = f'<div style="color:{_COLOURS["failed"]}">{escape(run.error)}</div>' if run.error else ""
    cell = "padding:1px 6px;text-align:left;border:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis"
    return (
        '<tr style="background:transparent">'
        f'<td style="{cell};color:{_COLOURS[run.state]}" title="{run.state}">{_MARKS[run.state]}</td>'
        f'<td style="{cell};opacity:.7">{row.lines}</td>'
        f'<td style="{cell};text-align:right">{seconds(run.duration)}</td>'
        f'<td style="{cell}"><div style="position:relative;height:.9em;background:rgba(128,128,128,.15)">'
        f'<div style="position:absolute;left:{min(left, 99.6):.2f}%;width:{min(width, 100 - min(left, 99.6)):.2f}%;'
        f'height:100%;background:{_COLOURS[run.state]}"></div></div></td>'
        f'<td style="{cell}"><code style="background:transparent;white-space:nowrap">{escape(row.text)}</code>'
        f"{error}</td></tr>"
    )
