"""After an interrupt, such as a notebook's stop button: what was left open is closed, what was left undone is done.

A ``with`` whose ``__exit__`` is Python may be left without it, for an interrupt can come just as it is called. What is
open is context-local, and the cells of a notebook share a context: what one left open all later ones would be inside.
"""

from __future__ import annotations

from flow.batch import end_all
from flow.nesting import leave_all
from flow.tracking import current_run


def clear_up() -> None:
    """Called where nothing of the user's is open any more: no ``with`` of an element, no batch, no run."""
    leave_all()
    current_run.set(None)
    end_all()
