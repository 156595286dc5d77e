"""What people see of a run, on a terminal and in a file."""

from __future__ import annotations

import io
import re

import pytest

from rdit.terminal.story import (
    CellStarted,
    Event,
    Failure,
    Finished,
    InputAwaited,
    InputGiven,
    Output,
    StatementEnded,
    StatementStarted,
)
from rdit.terminal.view import TerminalView, duration

SOURCE = "import time\nfor i in range(3):\n    print(i)\n1 / 0\n"


class Terminal(io.StringIO):
    """A terminal that remembers what was written to it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    @property
    def screen(self) -> list[str]:
        """What stands on it: colours gone, the cursor's movements within a line carried out."""
        return [_line(line).rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", self.getvalue()).split("\n")]


def _line(text: str) -> str:
    cells: list[str] = []
    at = 0
    for column, erase, character in re.findall(r"\x1b\[(\d+)G|(\x1b\[K)|(.)", text, re.DOTALL):
        if column:
            at = int(column) - 1
        elif erase:
            del cells[at:]
        else:
            cells += " " * (at + 1 - len(cells))
            cells[at] = character
            at += 1
    return "".join(cells)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    return Terminal()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def show(view: TerminalView, *events: Event) -> None:
    for event in events:
        view.show(event)


def test_a_quick_statement_is_one_line_with_its_time_at_the_right(terminal: Terminal, clock: Clock) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(0, 1, 1))
    assert terminal.getvalue() == ""
    show(view, StatementEnded(0.0003, is_invisible=True))
    assert terminal.screen == ["   1  import time" + "300 µs".rjust(59 - 17), ""]


def test_output_hangs_beside_marks_below_the_source(terminal: Terminal, clock: Clock) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(1, 2, 3), Output("stdout", "0\n1\n"), Output("stderr", "oh\n"))
    show(view, StatementEnded(0.0003, is_invisible=False))
    assert [line.split("  300")[0].rstrip() for line in terminal.screen] == [
        "   2  for i in range(3):",
        "   3      print(i)",
        "   │  0",
        "   │  1",
        "   !  oh",
        "",
    ]


def test_a_slow_statement_is_shown_while_it_runs_with_a_spinner_where_its_time_will_be(
    terminal: Terminal, clock: Clock
) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(0, 1, 1))
    view.tick()
    assert terminal.getvalue() == ""
    clock.now += 0.06
    view.tick()
    assert terminal.screen == ["   1  import time"]
    clock.now += 1.5
    view.tick()
    assert re.fullmatch(r"   1  import time {33,}[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] 1\.56 s", terminal.screen[0])
    show(view, StatementEnded(1.7, is_invisible=True))
    assert terminal.screen == ["   1  import time" + "1.70 s".rjust(59 - 17), ""]


def test_output_of_a_slow_statement_appears_as_it_comes_and_its_time_beside_the_last_line(
    terminal: Terminal, clock: Clock
) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(1, 2, 3), Output("stdout", "0\n"))
    assert terminal.getvalue() == ""
    clock.now += 0.06
    view.tick()
    assert terminal.screen[2:] == ["   │  0"]
    show(view, Output("stdout", "1\n"))
    assert terminal.screen[3:] == ["   │  1"]
    clock.now += 0.5
    view.tick()
    assert terminal.screen[3].endswith(" 560 ms")
    show(view, Output("stdout", "2\n"), StatementEnded(0.6, is_invisible=False))
    assert terminal.screen[3:] == ["   │  1", "   │  2" + "600 ms".rjust(59 - 7), ""]


def test_the_spinner_leaves_an_open_line_alone(terminal: Terminal, clock: Clock) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(0, 1, 1), Output("stdout", "so far: "))
    clock.now += 1
    view.tick()
    assert terminal.screen[-1] == "   │  so far:"


@pytest.mark.parametrize("prompt", ["name? ", ""])
def test_nothing_is_drawn_while_the_reader_types(terminal: Terminal, clock: Clock, prompt: str) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(0, 1, 1), InputAwaited(), Output("stdout", prompt))
    before = terminal.getvalue()
    clock.now += 5
    view.tick()
    assert terminal.getvalue() == before
    line = "   │  name? " if prompt else ""
    assert terminal.screen[-1] == line.rstrip()
    terminal.write("Ada\n")  # the terminal's echo
    show(view, InputGiven(), Output("stdout", "hello\n"), StatementEnded(5, is_invisible=False))
    assert terminal.screen[1:3] == [f"{line}Ada", "   │  hello" + "5.00 s".rjust(59 - 11)]


def test_a_failure_is_marked_and_told_with_its_place(terminal: Terminal, clock: Clock) -> None:
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted(SOURCE), StatementStarted(2, 4, 4), Output("error", "ZeroDivisionError: no\n"))
    show(view, StatementEnded(0.002, is_invisible=False, failed=True))
    show(view, Finished(1, Failure("ZeroDivisionError: no", 4, 4)))
    assert terminal.screen[0].endswith("✗ 2.0 ms")
    assert terminal.screen[-2] == "✗ ZeroDivisionError: no (line 4)  (1 statement, 0 µs)"


def test_long_and_wide_lines_are_folded_beside_their_number(terminal: Terminal, clock: Clock) -> None:
    view = TerminalView(terminal, clock=clock)
    show(
        view,
        CellStarted("x = '" + "日" * 60 + "'"),
        StatementStarted(0, 1, 1),
        StatementEnded(0.001, is_invisible=True),
    )
    assert terminal.screen[0] == "   1  x = '" + "日" * 24
    assert terminal.screen[1] == "      " + "日" * 27
    assert terminal.screen[2].startswith("      " + "日" * 9 + "'")


def test_on_a_wide_terminal_times_stay_near(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    view = TerminalView(terminal, clock=clock)
    show(view, CellStarted("x = 1"), StatementStarted(0, 1, 1), StatementEnded(0.001, is_invisible=True))
    assert len(terminal.screen[0]) == 99


def test_a_file_gets_plain_whole_lines(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = io.StringIO()
    view = TerminalView(file, clock=clock)
    show(view, CellStarted(SOURCE, 2), StatementStarted(1, 2, 3), Output("stderr", "\x1b[31m0%\r"))
    clock.now += 1
    view.tick()
    show(view, Output("stderr", "100%\x1b[0m\n"), StatementEnded(1.25, is_invisible=False), Finished())
    assert file.getvalue().split("\n") == [
        "── cell 2 " + "─" * 49,
        "   2  for i in range(3):",
        "   3      print(i)",
        "   !  100%",
        "1.25 s".rjust(59),
        "",
        "✓ 1 statement, 1.00 s",
        "",
    ]


def test_signs_are_ascii_where_the_encoding_has_no_others(clock: Clock) -> None:
    file = io.TextIOWrapper(io.BytesIO(), "ascii")
    view = TerminalView(file, clock=clock)
    show(view, CellStarted("x", 1), StatementStarted(0, 1, 1), Output("stdout", "1\n"))
    show(view, StatementEnded(0.0001, is_invisible=False), Finished(1, Failure("no")))
    file.flush()
    assert file.buffer.getvalue().decode("ascii").count("|  1") == 1


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 µs"),
        (0.0004, "400 µs"),
        (0.0045, "4.5 ms"),
        (0.045, "45 ms"),
        (0.9994, "999 ms"),
        (1.5, "1.50 s"),
        (185, "3 min 05 s"),
        (7260, "2 h 01 min"),
    ],
)
def test_times_are_told_as_people_tell_them(seconds: float, told: str) -> None:
    assert duration(seconds) == told
