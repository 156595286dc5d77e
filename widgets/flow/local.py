"""What belongs to one component on a page: state that outlasts its runs, and what is done when it is first shown.

The first call of ``remember`` in a run gets what the first call in the run before got, the second the second's. When
what is around a component is made anew, the component that is made in its place goes on with its state: the next one
with the same function and key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from flow.copying import give_state, state_of
from flow.errors import NoOwnerError
from flow.signal import Signal

T = TypeVar("T")
F = TypeVar("F", bound=Callable[[], object])


class State:
    """What one component remembers, and how far its present run has come in it."""

    __slots__ = ("__weakref__", "at", "cleanups", "has_run", "mounts", "values")

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.at = 0
        self.has_run = False  # to its end, since it came
        self.mounts: list[Callable[[], object]] = []  # to be called when it is shown
        self.cleanups: list[Callable[[], object]] = []  # and when it is no longer

    def begin_run(self) -> None:
        """The function runs now. What a run before it that failed wanted done does not count."""
        self.at = 0
        if not self.has_run:
            self.mounts.clear()

    def __getstate__(self) -> dict[str, Any]:
        """A copy remembers the same, but was not shown yet."""
        return state_of(self, ("mounts", "cleanups", "has_run"))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        give_state(self, state)

    def leave(self) -> list[Callable[[], object]]:
        """It is shown no longer: what is to be called now, last made first. If it comes back, it is mounted again."""
        cleanups, self.cleanups = self.cleanups[::-1], []
        self.mounts.clear()
        self.has_run = False
        return cleanups


current: Final[ContextVar[State | None]] = ContextVar("flow.component", default=None)


def remember(make: Callable[[], T]) -> T:
    """What ``make()`` gave in the first run of the component around this line.

    Called in every run, and in the same order: not behind an ``if`` nor in a loop of varying length.
    """
    state = _state("remember")
    if state.at == len(state.values):
        state.values.append(make())
    state.at += 1
    value: T = state.values[state.at - 1]
    return value


def use_signal(initial: T) -> Signal[T]:
    """A Signal of the component's own, which keeps its value when the component runs again: ``n = use_signal(0)``."""
    return remember(lambda: Signal(initial))


def on_mount(function: F) -> F:
    """Call ``function`` when the component around this line is shown. What it returns is called when it leaves.

    It is not called when the component runs again, but when one that left and was kept is shown again.
    """
    state = _state("on_mount")
    if not state.has_run:
        state.mounts.append(function)
    return function


def _state(name: str) -> State:
    state = current.get()
    if state is None:
        raise NoOwnerError(f"{name} has no component to belong to: call it in the function of one")
    return state
