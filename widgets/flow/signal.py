"""Signal: a value that knows its readers."""

from __future__ import annotations

from collections.abc import Callable
from sys import getrecursionlimit, setrecursionlimit
from time import sleep
from typing import Any, Final, TypeVar

from flow.batch import schedule
from flow.edges import all_effects, mark
from flow.errors import LoopError, UpdateError
from flow.graph import leftover
from flow.nodes import LOCK, ROOM, Node, Observer, check_equals, clock, give_back, is_same
from flow.readable import Readable, short, shown
from flow.tracking import current_run, note_write

T = TypeVar("T")

TRIES: Final = 1000  # of an update, before it is taken for one that undoes itself

_run = current_run.get
_acquire, _release = LOCK.acquire, LOCK.release


class Signal(Node, Readable[T]):
    """A value that knows its readers: when it is written, they run again.

    >>> count = Signal(0)
    >>> count.value += 1
    >>> count
    Signal(1)

    A write of an equal value is none. ``equals(old, new)`` decides instead of ``==``; ``equals=never`` counts every
    write. Where ``==`` gives no yes or no, as for arrays, only the same object is equal. A value that was changed in
    place is the same object: write a copy, or use ``equals=never``.
    """

    __slots__ = ()

    def __init__(self, value: T, *, equals: Callable[[T, T], object] | None = None, name: str | None = None) -> None:
        if equals is not None:
            check_equals(equals)
        self._value = value
        self._stamp = 0
        self._stale = False
        self._observers = None
        self._equals = equals
        self._name = name

    @property
    def value(self) -> T:
        """The value. Whoever reads it while it runs depends on it."""
        run = _run()
        if run is not None:
            reads = run.reads
            if reads is not None:
                reads.append(self)
        return self._value  # type: ignore[no-any-return]

    @value.setter
    def value(self, new: T) -> None:
        old = self._value
        if (old is new and self._equals is None) or is_same(self._equals, old, new):
            return
        self._write(new, None)

    def peek(self) -> T:
        """The value, without depending on it."""
        return self._value  # type: ignore[no-any-return]

    def set(self, new: T) -> None:
        """Write the value, where an assignment has no place: ``on_click=lambda: page.set(1)``."""
        self.value = new

    def update(self, function: Callable[[T], T]) -> None:
        """Write ``function(value)``. If another thread wrote meanwhile, the function is called again: none is lost."""
        for turn in range(TRIES):
            stamp = self._stamp  # before the value: a writer stores the value first
            old = self._value
            new = function(old)
            if is_same(self._equals, old, new) or self._write(new, stamp):
                return
            if turn > 10:
                sleep(turn * 1e-6)
        raise UpdateError(
            f"{self!r} changed during each of {TRIES} calls of {function!r}: the function of an update must not write "
            "the signal itself"
        )

    def _write(self, new: T, stamp: int | None) -> bool:
        """Store a value that is new, and have those who depend on it run. Unless there was a write since ``stamp``."""
        due: list[Observer] | None = None
        now = 0
        try:
            _acquire()
            if stamp is not None and stamp != self._stamp:
                _release()
                return False
            self._value = new
            self._stamp = now = clock.now + 1
            if self._observers:
                due = mark(self._observers)
            clock.now = now  # last: who reads the new time without the lock finds the value and the marks in place
            _release()
            run = _run()
            if run is not None:
                note_write(run, now)
            if due or leftover:  # what an interrupt left is marked, so that no write makes it due again
                schedule(due or [], self)
                if run is not None:
                    note_write(run, clock.now)
        except LoopError:
            raise
        except RecursionError:
            limit = getrecursionlimit()
            setrecursionlimit(limit + ROOM)
            try:
                self._repair(now)
            finally:
                setrecursionlimit(limit)
            raise
        except BaseException:
            self._repair(now)
            raise
        return True

    def _repair(self, written: int) -> None:
        """Mark everything, after an interrupt that may have come between any two marks. The next flush looks at it."""
        give_back()
        with LOCK:
            if written > clock.now:  # it came before the write was complete
                self._stamp = clock.now = written
            leftover.extend(all_effects(self))

    @property
    def name(self) -> str:
        return self._name or repr(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has the value and no readers."""
        return _copy, (type(self), self._value, self._equals, self._name)

    def __repr__(self) -> str:
        return shown(self, short(self._value))


def _copy(kind: type[Signal[T]], value: T, equals: Callable[[T, T], object] | None, name: str | None) -> Signal[T]:
    return kind(value, equals=equals, name=name)


def never(old: Any, new: Any) -> bool:
    """As ``equals``: no two values are equal, so every write is a change."""
    return False
