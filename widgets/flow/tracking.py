"""Who is reading: the run of an observer's function, and what it has read so far.

The run is context-local, so threads and tasks do not mix. A context copied during a run holds that very ``Run``, and
one that is over has no ``reads``: a task or thread started in a run and reading after it tracks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Protocol, TypeVar, overload

if TYPE_CHECKING:
    from flow.nodes import Observer
    from flow.owner import Owning

P = ParamSpec("P")
R = TypeVar("R")


class Reads(Protocol):
    """What a read is noted in: sources in the order they were read, between them the clock after each own write."""

    def append(self, item: Any, /) -> None: ...


class Driver:
    """One loop that runs functions: for whose run it does so, in which thread, and how deep it is nested."""

    __slots__ = ("depth", "outer", "run", "stack", "thread")

    depth: int  # how many evaluations of computeds it is nested in on its thread's stack, or OUTSIDE
    outer: Run | None
    run: Run | None  # in which it evaluates computeds, and then the effect that they are for
    stack: list[tuple[Observer, Iterator[Any] | None]]  # who waits for what runs now, the next one last
    thread: int


# The depth of a driver that is over, and of one that runs an effect: what is read under it counts its depth anew.
OUTSIDE: Final = -1


class Run:
    """What a function reads while it runs, and who owns what it makes. Each run of an effect has one of its own.

    The computeds that are evaluated one after the other for one reader share one, for to make it the current one costs
    more than all else in an evaluation. So a context copied inside a computed, which has no business starting threads,
    could at worst give another computed of that chain a dependency too many, until its next run. The same goes for the
    computeds that a function reads one after the other while it runs: ``inner`` evaluates them all.
    """

    __slots__ = ("driver", "inner", "owner", "reads")

    reads: Reads | None
    owner: Owning | None
    driver: Driver | None
    inner: Driver | None


class Scope(Run):
    """A part of a run with another owner, or without tracking."""

    __slots__ = ("opener", "outer")

    opener: object  # whose ``with`` it is
    outer: Run | None


current_run: ContextVar[Run | None] = ContextVar("flow.run", default=None)
set_run: Final = current_run.set


def close(run: Run | None) -> None:
    """It is over: whoever still has it, in a context copied meanwhile, tracks nothing and owns nothing by it."""
    if run is not None:
        run.reads = run.owner = None
        inner = run.inner
        if inner is not None:
            inner.run = run.inner = None  # else they hold each other


def scope(owner: Owning | None, reads: Reads | None, outer: Run | None, opener: object = None) -> Scope:
    """The part of ``outer`` that starts now. Whoever opens it closes it, by taking its ``reads`` away."""
    run = Scope()
    run.reads, run.owner, run.outer, run.inner = reads, owner, outer, None
    run.driver = outer.driver if outer is not None else None
    run.opener = opener
    return run


def leave(opener: object) -> None:
    """End the part that ``opener`` opened, with all that was left open inside of it.

    A generator that is closed late, after the run or in another context than it opened the part in, finds it gone: what
    is current there is none of its business.
    """
    run = current_run.get()
    while isinstance(run, Scope):
        if run.opener is opener:
            run.reads = None
            current_run.set(run.outer)
            return
        run = run.outer


def note_write(run: Run | None, clock: int) -> None:
    """Tell the run that the clock moved by its own doing: what it reads from now on is that new."""
    while run.__class__ is Scope and run.reads is None:
        run = run.outer
    if run is not None and run.reads is not None:
        run.reads.append(clock)


class _Untracked:
    """See ``untracked``."""

    __slots__ = ()

    def __enter__(self) -> None:
        outer = current_run.get()
        current_run.set(scope(outer.owner if outer is not None else None, None, outer, self))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        leave(self)


@overload
def untracked() -> _Untracked: ...


@overload
def untracked(function: Callable[P, R]) -> Callable[P, R]: ...


def untracked(function: Callable[P, R] | None = None) -> _Untracked | Callable[P, R]:
    """Read without subscribing: ``with untracked():``, ``@untracked``, or ``untracked(f)(x)``, which is the same."""
    if function is None:
        return _Untracked()
    if not callable(function):
        raise TypeError(f"untracked needs a function, not {function!r}; or nothing, as in `with untracked():`")
    called = function
    if iscoroutinefunction(called):

        @wraps(called)
        async def read_async(*args: Any, **kwargs: Any) -> Any:
            with _Untracked():
                return await called(*args, **kwargs)

        return read_async  # type: ignore[return-value]

    @wraps(called)
    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        with _Untracked():
            return called(*args, **kwargs)

    return read
