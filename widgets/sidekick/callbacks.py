"""Callbacks: one for each kind of event of a component, run where it was registered, with its errors told there."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from inspect import isawaitable
from typing import Any, Final

from flow.readable import short
from flow.tracebacks import from_the_user

logger: Final = logging.getLogger("sidekick")


class Callback:
    """A function, sync or async, and the cell it was registered in: what it prints and raises is seen there."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._context = copy_context()

    def __call__(self, *args: Any) -> Awaitable[None] | None:
        """Call it. Returns what is left to await of an async one. Errors are told and stop nothing."""
        rest = self._context.copy().run(self._call, args)
        return self._finish(rest) if isawaitable(rest) else None

    def _call(self, args: tuple[Any, ...]) -> Any:
        try:
            return self._function(*args)
        except Exception as error:
            _tell(error, self._function)

    async def _finish(self, rest: Awaitable[Any]) -> None:
        async def finish() -> None:
            try:
                await rest
            except Exception as error:
                _tell(error, self._function)

        task = asyncio.get_running_loop().create_task(finish(), context=self._context.copy())
        try:
            await task
        finally:
            task.cancel()


def checked_callback(callback: Any, where: str, takes: str = "a function that takes the event") -> Callback | None:
    """The callback, or None for None. ``where`` is told in the error."""
    if callback is None:
        return None
    if not callable(callback):
        raise TypeError(f"{where} takes {takes}, or None, not {short(callback)}")
    return Callback(callback)


def _tell(error: Exception, function: Any) -> None:
    """Print the traceback, which lands in the cell, and log it."""
    name = getattr(function, "__qualname__", short(function))
    logger.exception("the callback %s failed", name, exc_info=error)
    traceback.print_exception(type(error), error, from_the_user(error), file=sys.stderr)
