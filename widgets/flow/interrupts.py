"""After an interrupt, such as a notebook's stop button: what was left open is closed, what was left undone is done.

A ``with`` whose ``__exit__`` is Python may be left without it, for an interrupt can come just as it is called. What is
open is context-local, and the cells of a notebook share a context: what one left open all later ones would be inside.
"""

from __future__ import annotations

from typing import Any

from flow.batch import end_all
from flow.cells import follow
from flow.nesting import leave_all
from flow.tracking import current_run


def follow_cells() -> None:
    """From now on clear up after each cell that is stopped, if this is a notebook's kernel."""
    follow("post_run_cell", _cell_ended)


def _cell_ended(result: Any = None) -> None:
    if isinstance(getattr(result, "error_in_exec", None), KeyboardInterrupt):
        clear_up()


def clear_up() -> None:
    """Called where nothing of the user's is open any more: no ``with`` of an element, no batch, no run."""
    leave_all()
    current_run.set(None)
    end_all()
