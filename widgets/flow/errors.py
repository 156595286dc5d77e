"""The family of errors of the reactive core, and where an error goes that has no caller to be raised to.

An effect that failed must not stop the others nor the one who wrote the signal, so its error is told, not raised: first
to the nearest owner that listens (``Owner(on_error=…)``), else to the handler of the whole process, which logs until
``handle_errors`` puts another in its place.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

_log = logging.getLogger("flow")


class FlowError(Exception):
    """What every error of flow's own derives from."""


class CycleError(FlowError):
    """A computed needs its own value. ``names`` go round once: each reads the next, the last reads the first."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        round_trip = " -> ".join((*self.names, *self.names[:1]))
        super().__init__(
            f"{round_trip}: a computed that needs its own value has none. Derive one of them from something else, or "
            "keep what should be remembered in a Signal that an Effect or a handler writes."
        )


class LoopError(FlowError):
    """Effects set themselves or each other off without end. ``effects`` were given up, ``signals`` are what they write.

    Both are names. Of several effects that set each other off in a ring, one is given up.
    """

    def __init__(self, runs: int, effects: Sequence[str], signals: Sequence[str]) -> None:
        self.effects, self.signals = tuple(effects), tuple(signals)
        super().__init__(
            f"after {runs} runs {', '.join(self.effects)} still had to run again, for writes to "
            f"{', '.join(self.signals)} went on. An effect that writes a signal it depends on needs a condition "
            "that ends, or reads it with .peek()."
        )


class WriteError(FlowError):
    """A computed changes, whenever it runs, what it has read. ``signals`` are the names of those that it writes."""

    def __init__(self, name: str, signals: Sequence[str]) -> None:
        self.name, self.signals = name, tuple(signals)
        super().__init__(
            f"{name} writes {', '.join(self.signals)}, which it reads, so it is out of date whenever it has run. "
            "A Computed should write nothing: return what is derived, or let an Effect or a handler write."
        )


class UpdateError(FlowError):
    """``update`` could not put its result in place, for the signal changed during every try."""


class NoOwnerError(FlowError):
    """A cleanup was registered where nothing ends."""


class NoLoopError(FlowError):
    """An async effect found no event loop to run on."""


class PendingError(FlowError):
    """The tree of an async component was wanted before it was there."""


class BlockedError(FlowError):
    """A call that waits stands where nothing can happen while it does: its ``_async`` twin is to be awaited."""


class NoPageError(FlowError):
    """An answer of a page was wanted, and no page is open that could give one."""


class BadMessageError(FlowError):
    """A page said what no page of ours says, so nothing was done.

    ``kind`` is one of a few words, so that one log line for each kind is no flood; ``detail`` tells the case.
    """

    def __init__(self, kind: str, detail: str) -> None:
        self.kind, self.detail = kind, detail
        super().__init__(f"{kind}: {detail}")


class Reported(Protocol):
    """Who an error is told for: an effect, or an owner whose cleanup failed."""

    _owner: Reported | None

    @property
    def name(self) -> str: ...


Handler = Callable[[BaseException, Reported], object]


def log_error(error: BaseException, where: Reported) -> None:
    """The handler until another is set: one record with the traceback, by the logger ``flow``."""
    _log.error("%s failed: %r", where.name, error, exc_info=error)


_handler: Handler = log_error


def handle_errors(handler: Handler) -> Callable[[], None]:
    """Let ``handler(error, effect)`` hear of the errors no owner listens to, and get the way back."""
    global _handler
    before, _handler = _handler, handler

    def restore() -> None:
        global _handler
        if _handler is handler:
            _handler = before

    return restore


def report(error: BaseException, where: Reported) -> None:
    """Tell of an error that has no caller to be raised to. Never raises: the others still have to run."""
    scope: Reported | None = where
    handler = None
    while scope is not None and handler is None:
        handler = getattr(scope, "on_error", None)
        scope = scope._owner
    try:
        (handler or _handler)(error, where)
    except Exception as failure:
        _tell_of_a_failed_handler(failure, error, where)


def _tell_of_a_failed_handler(failure: Exception, error: BaseException, where: Reported) -> None:
    failure.__context__ = failure.__context__ or error
    try:
        _log.error("the handler of an error of %s failed: %r", where.name, failure, exc_info=failure)
    except Exception:  # a logger that is broken too: the last resort of the interpreter
        sys.excepthook(type(failure), failure, failure.__traceback__)
