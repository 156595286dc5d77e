"""A story as people read it: each statement's source, what it put out beside a mark, and its time in the right margin.

    1  import time                                      85 µs
    2  for i in range(3):
    3      time.sleep(1)
    4      print(i)
    │  0
    │  1                                          ⠙ 2.4 s

A statement that ends at once is shown with its time in one go. One that takes longer is shown while it runs: a spinner
stands where its time will be, and what it puts out appears as it comes. On anything but a terminal the same text is
written without colours, spinner or cursor movements.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import accumulate
from typing import IO, assert_never

from rich.cells import cell_len, chop_cells
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.text import Text

from rdit.terminal.gutter import Gutter, Mark
from rdit.terminal.source import Excerpt, Source
from rdit.terminal.story import (
    CellStarted,
    Event,
    Failure,
    Finished,
    InputAwaited,
    InputGiven,
    Kind,
    Output,
    StatementEnded,
    StatementStarted,
)

# How long a statement may take and still be shown in one go.
_AT_ONCE = 0.05
# How long nothing must have been put out before the spinner comes (back).
_QUIET = 0.2
_TIME_WIDTH = 9
_WIDEST = 100

# Colours of the terminal's own palette that can be read on a dark and on a light background.
_THEME = ANSISyntaxTheme(
    {
        ("Comment",): Style(dim=True, italic=True),
        ("Keyword",): Style(color="magenta"),
        ("Keyword", "Constant"): Style(color="cyan"),
        ("Operator", "Word"): Style(color="magenta"),
        ("Name", "Decorator"): Style(color="blue"),
        ("Name", "Function"): Style(color="blue"),
        ("Name", "Class"): Style(color="blue", bold=True),
        ("Name", "Builtin"): Style(color="cyan"),
        ("Name", "Exception"): Style(color="cyan"),
        ("Literal", "String"): Style(color="green"),
        ("Literal", "Number"): Style(color="cyan"),
    }
)


class TerminalView:
    """Shows a story on ``file``."""

    def __init__(self, file: IO[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._console = Console(file=file, highlight=False, markup=False, emoji=False, legacy_windows=False)
        self.is_watched = file.isatty() and not self._console.is_dumb_terminal
        self._signs = _Signs(getattr(file, "encoding", None) or "utf-8")
        self._syntax = Syntax("", Syntax("", "python").lexer or "python", theme=_THEME)
        self._digits = 3
        self._source = Source("")
        self._gutter = self._new_gutter()
        self._cell: int | None = None
        self._statement: _Shown | None = None
        self._spinner_column: int | None = None
        self._counted = 0
        self._began: float | None = None
        self._cells = 0

    @property
    def body_width(self) -> int:
        """How many cells a line of output has beside the gutter."""
        return self._console.width - self._margin

    @property
    def _margin(self) -> int:
        return self._digits + 3

    def show(self, event: Event) -> None:
        match event:
            case CellStarted():
                self._show_cell(event)
            case StatementStarted():
                self._statement = _Shown(event, self._clock())
                self._counted += 1
            case Output():
                self._show_output(event)
            case InputAwaited():
                self._show_header()
                self._open_output()
                if self._gutter.free_from is not None:
                    self._gutter.end_line()
                if self._statement is not None:
                    self._statement.is_awaiting_input = True
                self._file.flush()
            case InputGiven():
                self._take_up_again()
            case StatementEnded():
                self._show_end(event)
            case Finished():
                self._show_summary(event)
            case _:
                assert_never(event)

    def tick(self) -> None:
        statement = self._statement
        if statement is not None and not statement.is_awaiting_input:
            now = self._clock()
            if now - statement.began >= _AT_ONCE:
                self._show_header()
            if now - statement.heard >= _QUIET:
                self._draw_spinner(now - statement.began)
        self._file.flush()

    def _show_cell(self, event: CellStarted) -> None:
        if self._began is None:
            self._began = self._clock()
        self._close_line()
        self._source = Source(event.source)
        self._digits = max(3, len(str(self._source.last_line)))
        self._gutter = self._new_gutter()
        self._cell = event.cell
        if event.cell is not None:
            title = f"{self._signs.rule * 2} cell {event.cell} "
            if self._cells:
                self._file.write("\n")
            self._file.write(self._styled(title.ljust(self._console.width - 1, self._signs.rule), "dim") + "\n")
        self._cells += 1

    def _show_output(self, output: Output) -> None:
        statement = self._statement
        if statement is not None:
            now = statement.heard = self._clock()
            if not statement.is_shown and now - statement.began < _AT_ONCE:
                statement.held.append(output)
                return
            self._show_header()
        self._open_output()
        self._gutter.put(output.type, output.text)

    def _take_up_again(self) -> None:
        if self._statement is not None:
            self._statement.is_awaiting_input = False
            self._statement.heard = self._clock()
        if self.is_watched:
            self._gutter.forget_line()

    def _show_end(self, end: StatementEnded) -> None:
        statement, self._statement = self._statement, None
        if statement is None:
            return
        self._erase_spinner()
        took = self._took(end)
        if not statement.is_shown:
            self._write_header(statement, took)
            for output in statement.held:
                self._gutter.put(output.type, output.text)
            self._gutter.end_line()
            return
        free_from = self._gutter.free_from if statement.open_at is None else statement.open_at
        if free_from is None:
            self._gutter.end_line()
        self._write_right(took, free_from or 0)
        self._gutter.forget_line()

    def _show_summary(self, finished: Finished) -> None:
        self._close_line()
        seconds = 0.0 if self._began is None else self._clock() - self._began
        count = f"{self._counted} statement{'' if self._counted == 1 else 's'}, {self._signs.time(seconds)}"
        if finished.failure is None:
            line = self._styled(self._signs.good, "bold green") + " " + self._styled(count, "dim")
        else:
            told = _told(finished.failure)
            line = self._styled(f"{self._signs.bad} {told}", "bold red") + self._styled(f"  ({count})", "dim")
        self._file.write(f"\n{line}\n" if self._counted or finished.failure else f"{line}\n")
        self._file.flush()

    def _show_header(self) -> None:
        """Show the source of the statement that runs, and what it has put out until now."""
        statement = self._statement
        if statement is None or statement.is_shown:
            return
        self._write_header(statement, None)
        for output in statement.held:
            self._open_output()
            self._gutter.put(output.type, output.text)

    def _write_header(self, statement: _Shown, took: Text | None) -> None:
        self._gutter.end_line()
        statement.is_shown = True
        started = statement.event
        rows = self._rows(self._source.excerpt(started.node_index, started.line_start, started.line_end))
        self._file.write("\n".join(self._ansi(row) for row in rows))
        column = cell_len(rows[-1].plain)
        if took is not None:
            self._write_right(took, column)
        elif self.is_watched and column + _TIME_WIDTH < self._console.width:
            statement.open_at = column
        else:
            self._file.write("\n")

    def _rows(self, excerpt: Excerpt) -> list[Text]:
        """The source's lines with their numbers, folded to the console's width."""
        if not excerpt.lines:
            return [Text()]
        text = "\n".join(excerpt.lines)
        code = self._syntax.highlight(text) if self.is_watched else Text(text)
        code.rstrip()
        rows: list[Text] = []
        for index, (number, line) in enumerate(zip(excerpt.numbers, code.split("\n", allow_blank=True), strict=False)):
            if excerpt.left_out and index == excerpt.gap:
                note = f"{self._signs.dots} {excerpt.left_out} more lines"
                rows.append(Text(" " * self._margin + note, style="dim"))
            for position, part in enumerate(self._folded(line)):
                label = str(number) if position == 0 else ""
                rows.append(Text.assemble((f"{label:>{self._digits + 1}}  ", "dim"), part))
        return rows

    def _folded(self, line: Text) -> list[Text]:
        if not self.is_watched or cell_len(line.plain) <= self.body_width:
            return [line]
        # At the edge, not at spaces: a long literal should start where its statement does.
        ends = list(accumulate(len(row) for row in chop_cells(line.plain, self.body_width)))
        return list(line.divide(ends[:-1]))

    def _write_right(self, text: Text, column: int) -> None:
        """End the line that has come to ``column`` with ``text`` in the right margin, on its own line if need be."""
        edge = self._right_edge(column + len(text) + 2)
        if edge is None and self.is_watched:
            self._file.write("\n")
            column = 0
        self._file.write(" " * max((edge or self._edge) - len(text) - column, 2) + self._ansi(text) + "\n")

    @property
    def _edge(self) -> int:
        """Where the times end: not so far right on a wide terminal that the eye loses the line."""
        return min(self._console.width, _WIDEST) - 1

    def _right_edge(self, needed: int) -> int | None:
        """Where a text in the right margin of a line ends that needs so many cells; None when the line has no room."""
        return next((edge for edge in (self._edge, self._console.width - 1) if needed <= edge), None)

    def _took(self, end: StatementEnded) -> Text:
        style = "bold red" if end.failed else "dim" if end.seconds < 1 else ""
        sign = f"{self._signs.bad} " if end.failed else ""
        return Text(f"{sign}{self._signs.time(end.seconds)}", style=style)

    def _open_output(self) -> None:
        """Go to where output is written: below the header, with no spinner there."""
        self._erase_spinner()
        if self._statement is not None and self._statement.open_at is not None:
            self._statement.open_at = None
            self._file.write("\n")

    def _close_line(self) -> None:
        self._erase_spinner()
        if self._statement is not None:
            self._show_header()
            self._open_output()
            self._statement = None
        self._gutter.end_line()

    def _draw_spinner(self, seconds: float) -> None:
        if not self.is_watched or self._statement is None:
            return
        free_from = self._gutter.free_from if self._statement.open_at is None else self._statement.open_at
        text = f"{self._signs.spinner(seconds)} {duration(seconds)}"
        edge = None if free_from is None else self._right_edge(free_from + len(text) + 2)
        if free_from is None or edge is None:
            return
        self._spinner_column = free_from
        column = edge - len(text)
        # The cursor goes back to where the text ends, so that what is typed (^C, say) is wiped out by the next turn.
        home = f"\x1b[{free_from + 1}G"
        self._file.write(f"{home}\x1b[K\x1b[{column + 1}G{self._styled(text, 'cyan')}{home}")

    def _erase_spinner(self) -> None:
        if self._spinner_column is not None:
            self._file.write(f"\x1b[{self._spinner_column + 1}G\x1b[K")
            self._spinner_column = None

    def _new_gutter(self) -> Gutter:
        marks: dict[Kind, Mark] = {
            "stdout": self._mark(self._signs.stdout, "dim", ""),
            "stderr": self._mark(self._signs.stderr, "bold yellow", "yellow"),
            "error": self._mark(self._signs.error, "bold red", "red"),
        }
        return Gutter(self._file.write, marks, lambda: self._console.width, is_watched=self.is_watched)

    def _mark(self, sign: str, sign_style: str, text_style: str) -> Mark:
        before, after = self._codes(text_style)
        shown = f"{sign:>{self._digits + 1}}  "
        return Mark(self._styled(shown, sign_style), len(shown), before, after)

    def _codes(self, style: str) -> tuple[str, str]:
        before, _, after = self._styled("\0", style).partition("\0")
        return before, after

    def _styled(self, text: str, style: str) -> str:
        system = self._console.color_system
        if not self.is_watched or system is None or not style:
            return text
        return Style.parse(style).render(text, color_system=_COLOR_SYSTEMS[system])

    def _ansi(self, text: Text) -> str:
        if not self.is_watched:
            return text.plain.rstrip()
        with self._console.capture() as captured:
            self._console.print(text, end="", soft_wrap=True)
        return captured.get()


_COLOR_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


class _Shown:
    """The statement that runs, and how much of it the reader has seen."""

    def __init__(self, event: StatementStarted, now: float) -> None:
        self.event = event
        self.began = self.heard = now
        self.held: list[Output] = []
        self.is_shown = False
        self.is_awaiting_input = False
        # The column where the header's last line is still open for the time, None once it is closed.
        self.open_at: int | None = None


class _Signs:
    """The few signs in use, in ASCII where the output's encoding has no others."""

    def __init__(self, encoding: str) -> None:
        try:
            "│✓✗─⋮µ⠋".encode(encoding)
            self._is_ascii = False
        except (UnicodeEncodeError, LookupError):
            self._is_ascii = True
        self.stdout, self.stderr, self.error = ("|", "!", "|") if self._is_ascii else ("│", "!", "│")
        self.good, self.bad, self.rule, self.dots = ("ok", "x", "-", ":") if self._is_ascii else ("✓", "✗", "─", "⋮")
        self._frames = "|/-\\" if self._is_ascii else "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

    def time(self, seconds: float) -> str:
        told = duration(seconds)
        return told.replace("µ", "u") if self._is_ascii else told

    def spinner(self, seconds: float) -> str:
        return self._frames[int(seconds * 10) % len(self._frames)]


def duration(seconds: float) -> str:
    """A time as people say it: ``30 µs``, ``4.5 ms``, ``45 ms``, ``1.24 s``, ``3 min 05 s``."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 0.01:
        return f"{seconds * 1e3:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1e3:.0f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def _told(failure: Failure) -> str:
    return f"{failure.message} ({failure.place})" if failure.place else failure.message
