"""The cell that runs, if this is a notebook's kernel, and what it started: that ends when the same cell runs again."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any, Final

from flow.owner import Owner, current_owner

# While a handler runs: who owns what it starts.
handling: Final[ContextVar[Owner | None]] = ContextVar("flow.handling", default=None)

_owners: dict[str, Owner] = {}
_followed: list[tuple[Any, Callable[..., object]]] = []  # the shells, and what is called at events of their cells


def find_shell() -> Any:
    """IPython's shell, if this runs in one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def find_request() -> dict[str, Any]:
    """The message that the kernel answers at the moment, as a rule to run a cell. Empty if this is not a kernel."""
    shell = find_shell()
    knows = shell if hasattr(shell, "get_parent") else getattr(shell, "kernel", None)  # Pyodide's kernel does itself
    found: dict[str, Any] | None = getattr(knows, "get_parent", dict)()
    return found or {}


def find_cell() -> str | None:
    """What the front end calls the cell that runs, if it tells."""
    found = find_request().get("metadata", {}).get("cellId")
    return found if isinstance(found, str) else None


def follow(event: str, call: Callable[..., object]) -> None:
    """Have it called at an event of the shell's, such as ``post_run_cell``: once, however often this is asked."""
    shell = find_shell()
    if hasattr(shell, "events") and not any(each is shell and known is call for each, known in _followed):
        _followed.append((shell, call))
        shell.events.register(event, call)


def starting() -> AbstractContextManager[object]:
    """Around work that is started: it is the owner's of this line, else the handler's element's, else the cell's."""
    if current_owner() is not None:
        return nullcontext()
    handler = handling.get()
    if handler is not None:
        return handler
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()
    cell = find_cell()
    if cell is None:
        return nullcontext()
    follow("pre_run_cell", _cell_begins)
    if cell not in _owners:
        _owners[cell] = Owner(name="a cell")
    return _owners[cell]


def _cell_begins(*_: Any) -> None:
    owner = _owners.pop(find_cell() or "", None)
    if owner is not None:
        owner.dispose()
