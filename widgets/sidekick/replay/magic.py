"""What ``%%replay`` does in a notebook: records from its line to the end of the cell, and shows the replay there."""

from __future__ import annotations

import linecache
import sys
from typing import Any, Final
from weakref import WeakKeyDictionary

from flow.notebook import show
from sidekick.replay.options import OptionsError, read_options
from sidekick.replay.recording import Recorded
from sidekick.replay.sources import Source, read_source
from sidekick.replay.view import Replay

_under_way: Final[WeakKeyDictionary[Any, _Run]] = WeakKeyDictionary()  # by the shell
_followed: Final[WeakKeyDictionary[Any, bool]] = WeakKeyDictionary()  # the shells whose cells' ends are known of


class _Run:
    """A recording in a cell. ``inside`` counts the cells that this one runs inside itself."""

    __slots__ = ("inside", "recorded")

    def __init__(self, recorded: Recorded) -> None:
        self.recorded = recorded
        self.inside = 0


def start(shell: Any, line: str) -> None:
    """Record what comes in the cell that runs. The replay is shown at its end."""
    options = read_options(line)
    if isinstance(options, str):
        print(options)
        return
    source = _source_here(shell)
    before = _under_way.pop(shell, None)
    if before is not None:
        before.recorded.stop()
    recorded = Recorded(
        source, shell.user_ns, options, lambda name: _is_cell(shell, name), {*shell.user_ns_hidden, "_replay"}
    )
    if shell not in _followed:
        _followed[shell] = True
        shell.events.register("pre_execute", lambda: _begins(shell))
        shell.events.register("post_execute", lambda: _ends(shell))
    _under_way[shell] = _Run(recorded)
    recorded.start()


def run_cell(shell: Any, line: str, cell: str) -> None:
    """Run a cell that was handed to the magic as a text, as from inside another magic."""
    options = read_options(line)
    if isinstance(options, str):
        print(options)
    else:
        shell.run_cell(f"%%replay {line}\n{cell}")


def _source_here(shell: Any) -> Source:
    """The cell that runs, from the line on after the one that started this."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if _is_cell(shell, name):
            text = "".join(linecache.getlines(name))
            return read_source(text, name, shown=_as_written(shell, text), first_line=frame.f_lineno + 1)
        frame = frame.f_back  # type: ignore[assignment]
    raise OptionsError("%%replay records a cell, and this line is in none. Write it at the top of a cell.")


def _as_written(shell: Any, text: str) -> str | None:
    """The cell as the user wrote it, if its lines are where they are in what runs."""
    history = shell.history_manager
    raw = history.input_hist_raw[-1] if history is not None and history.input_hist_raw else ""
    pairs = [*zip(raw.splitlines(), text.splitlines(), strict=False)]
    is_this = len(raw.splitlines()) == len(pairs) == len(text.splitlines())
    return raw if is_this and 2 * sum(one == other for one, other in pairs) >= len(pairs) - 2 else None


def _is_cell(shell: Any, name: str) -> bool:
    return shell.compile.format_code_name(name) is not None


def _begins(shell: Any) -> None:
    run = _under_way.get(shell)
    if run is not None:
        run.inside += 1


def _ends(shell: Any) -> None:
    run = _under_way.get(shell)
    if run is None:
        return
    if run.inside:
        run.inside -= 1
        return
    del _under_way[shell]
    recording = run.recorded.stop()
    if recording.steps:
        replay = shell.user_ns["_replay"] = Replay(recording)
        show(replay)
