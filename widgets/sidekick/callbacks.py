"""Callbacks: one for each kind of event of a component, run where it was registered, with its errors told there."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from flow.readable import short
from sidekick.errors import guarded
from sidekick.loop import context_here
from sidekick.tasks import start


class Callback:
    """A function, sync or async, and the cell it was registered in: what it prints and raises is seen there."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._context = context_here()

    def __call__(self, *args: Any) -> None:
        """Call it, on the loop; the rest of an async one is a task. Errors are told and stop nothing."""
        self._context.copy().run(self._call, args)

    def _call(self, args: tuple[Any, ...]) -> None:
        rest = guarded(self._function, *args)
        if isawaitable(rest):
            start(rest, self._function)


def checked_callback(callback: Any, where: str) -> Callback | None:
    """The callback, or None for None. ``where`` is told in the error."""
    if callback is None:
        return None
    if not callable(callback):
        raise TypeError(f"{where} takes a function that takes the event, or None, not {short(callback)}")
    return Callback(callback)
