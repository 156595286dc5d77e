"""What stands in the graph: a node has a value and observers, an observer has sources as well. And the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from threading import RLock
from typing import Any, ClassVar, Final, Literal

from flow.owner import Owned
from flow.tracking import Driver

# Reentrant, for a finalizer may run in the middle of a walk and dispose something.
LOCK: Final = RLock()

# What ``_stale`` says: a source may have changed; it is being found out; and False, none has.
CHECKING: Final = 2
Stale = bool | Literal[2]

NEVER: Final = -1


# Calls that clear up after a RecursionError: it comes where the stack is full, so whoever clears up raises the limit by
# as many first. They do so by themselves, in the frame that had called something before: a function of ours in between
# might be the one call too many.
ROOM: Final = 100


def give_back() -> None:
    """Release the lock after an interrupt that may have come anywhere, perhaps when it was not held."""
    with suppress(RuntimeError):
        LOCK.release()


class Clock:
    """How many writes there were."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 1


clock: Final = Clock()


class Node:
    """What stands in the graph."""

    __slots__ = ("__weakref__", "_equals", "_name", "_observers", "_stale", "_stamp", "_value")

    _value: Any
    _stamp: int  # the time of the last change of the value
    _stale: Stale
    _observers: dict[Observer, None] | None
    _equals: Callable[[Any, Any], object] | None
    _name: str | None

    @property
    def name(self) -> str:
        """The name it was given, else one that tells where it comes from."""
        return self._name or type(self).__name__


class Observer(Node):
    """A node that reads others. Whatever it makes while it runs belongs to it."""

    __slots__ = ("_checked", "_disposed", "_function", "_owned", "_owner", "_running", "_seen", "_sources")

    _function: Callable[[], Any]
    _sources: list[Node]  # in the order of the first reads; a short run's repeated reads are kept
    _seen: int  # the time of its last run; NEVER makes it due
    _checked: int  # the time at which it was last known to be current
    _running: Driver | None  # who settles it
    _owned: Owned | None
    _owner: Any
    _disposed: bool

    computes: ClassVar[bool]

    def refresh(self, driver: Driver) -> None:
        """Have it look whether it has to run. Abstract."""
        raise NotImplementedError


def named(function: object) -> str:
    """What a node is called that has a function and no name."""
    return str(getattr(function, "__qualname__", None) or type(function).__name__)


# Errors that tell where a function was called more than what it computes.
PASSING: Final = (RecursionError, MemoryError)


_LATER: Final = {CO_GENERATOR: "a generator", CO_ASYNC_GENERATOR: "an async generator", CO_COROUTINE: "an async"}
_IS_LATER: Final = CO_GENERATOR | CO_ASYNC_GENERATOR | CO_COROUTINE


def kind_of(function: object) -> str:
    """What kind of function it is, if one whose body does not run when it is called."""
    flags: int = getattr(getattr(function, "__code__", None), "co_flags", 0)
    if not flags & _IS_LATER:
        return ""
    return next(f"{kind} function" for flag, kind in _LATER.items() if flags & flag)


def check_equals(equals: object) -> None:
    """Refuse what could not compare two values."""
    if not callable(equals):
        raise TypeError(
            f"equals needs a function of two values, the old and the new, not {equals!r}: "
            "flow.never counts every write as a change, and without equals == decides"
        )


class Failure:
    """The error that a function raised, kept in the place of a value and raised again at each read."""

    __slots__ = ("error", "traceback", "was_raised")

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.traceback = error.__traceback__
        self.was_raised = False

    def raised(self) -> Exception:
        """The error with the traceback it came with, which would otherwise grow with each read."""
        self.was_raised = True
        return self.error.with_traceback(self.traceback)


NOT_YET: Final = Failure(RuntimeError("not computed yet"))  # no value that a function returns is equal to it


PLAIN: Final = frozenset({int, str, float, bool, type(None)})  # whose == is quick, and answers yes or no


def is_same(equals: Callable[[Any, Any], object] | None, old: Any, new: Any) -> bool:
    """Whether a value is no change. ``==`` may answer with an array, or raise: then only the same object is equal."""
    if equals is not None:
        return bool(equals(old, new))
    if old is new:
        return True
    try:
        answer = old == new
        return answer is True or (answer is not False and _is_true_scalar(answer))
    except Exception:
        return False


def _is_true_scalar(answer: Any) -> bool:
    """Whether NumPy said True. Other answers to ``==`` are arrays, frames, queries, NA: no answer."""
    return getattr(answer, "shape", None) == () and bool(answer)
