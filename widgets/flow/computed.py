"""Computed: a value derived from others, lazy and cached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from flow.batch import run_leftover
from flow.graph import forget, leftover, settle
from flow.nodes import NEVER, NOT_YET, PASSING, Failure, Observer, check_equals, clock, kind_of, named
from flow.readable import Readable, short, shown
from flow.tracking import Driver, current_run, untracked

T = TypeVar("T")

_run = current_run.get

_COLLECT: Final = "collect what it yields, and return a list"
_INSTEAD: Final = {
    "a generator function": _COLLECT,
    "an async generator function": _COLLECT,
    "an async function": "await in a flow.task or in an async Effect, and write what comes of it to a Signal",
}


class Computed(Observer, Readable[T]):
    """A value derived from others: computed when it is read, kept until something it read changes.

    >>> from flow import Signal
    >>> width, height = Signal(3), Signal(4)
    >>> area = Computed(lambda: width.value * height.value)
    >>> area.value
    12

    An error is kept like a value and raised at each read. Where first evaluations nest deeper than the stack allows, a
    function may be started twice; it should do nothing but compute. Also a decorator.
    """

    __slots__ = ()

    computes: ClassVar[bool] = True

    def __init__(
        self,
        function: Callable[[], T],
        *,
        equals: Callable[[T, T], object] | None = None,
        name: str | None = None,
    ) -> None:
        if not callable(function):
            raise TypeError(f"Computed needs a function without arguments, not {short(function)}")
        if kind := kind_of(function):
            raise TypeError(
                f"{named(function)} is {kind}, and a Computed needs one that returns a value: {_INSTEAD[kind]}"
            )
        if equals is not None:
            check_equals(equals)
        self._function = function
        self._value = NOT_YET
        self._stamp = 0
        self._stale = True
        self._observers = None
        self._equals = equals
        self._name = name
        self._sources = []
        self._seen = self._checked = NEVER
        self._running = None
        self._owned = None
        self._disposed = False
        run = _run()
        self._owner = run.owner if run is not None else None

    @property
    def value(self) -> T:
        """The value. Whoever reads it while it runs depends on it."""
        run = _run()
        if run is not None:
            reads = run.reads
            if reads is not None:
                reads.append(self)
        if self._stale and self._checked != clock.now:
            settle(self)
            if leftover:
                run_leftover()
        value = self._value
        if value.__class__ is Failure:
            return self._failed(value)
        return value  # type: ignore[no-any-return]

    def _failed(self, failure: Failure) -> T:
        """Raise the error; but compute anew first, if it is known already and tells only of where it was read."""
        if failure.was_raised and isinstance(failure.error, PASSING) and forget(self, _run()):
            settle(self)
            run_leftover()
            value: Any = self._value
            if value.__class__ is not Failure:
                return value  # type: ignore[no-any-return]
            failure = value
        raise failure.raised()

    def peek(self) -> T:
        """The value, without depending on it."""
        with untracked():
            return self.value

    def refresh(self, driver: Driver) -> None:
        """Have it look whether it has to run."""
        settle(self)

    @property
    def name(self) -> str:
        return self._name or named(self._function)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy computes the same anew, and has no readers."""
        return _copy, (type(self), self._function, self._equals, self._name)

    def __repr__(self) -> str:
        value: Any = self._value
        if value is NOT_YET:
            return shown(self, "not computed yet")
        if isinstance(value, Failure):
            return shown(self, f"failed: {short(value.error)}")
        return shown(self, short(value))


def _copy(
    kind: type[Computed[T]], function: Callable[[], T], equals: Callable[[T, T], object] | None, name: str | None
) -> Computed[T]:
    return kind(function, equals=equals, name=name)
