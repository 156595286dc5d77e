"""Effect: a function that runs at once, and again whenever something it read has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from sys import getrecursionlimit, setrecursionlimit
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, SupportsIndex

from flow.batch import batch, requeue
from flow.edges import end_links, relink
from flow.errors import report
from flow.graph import give_up, is_overtaken, new_driver, own_writes, pull
from flow.nodes import CHECKING, LOCK, NEVER, PASSING, ROOM, Observer, Stale, clock, kind_of, named
from flow.owner import clean, disown, own
from flow.tracking import OUTSIDE, Driver, Run, current_run, set_run

if TYPE_CHECKING:
    from flow.async_effects import Job, Loop

Cleanup = Callable[[], object]
EffectFunction = Callable[[], Cleanup | Awaitable[Cleanup | None] | object | None]

_run: Final = current_run.get
_acquire, _release = LOCK.acquire, LOCK.release


class Effect(Observer):
    """Runs ``function`` at once, and again whenever something it read has changed, until it is disposed.

    >>> from flow import Signal
    >>> name = Signal("you")
    >>> effect = Effect(lambda: print(f"hello {name.value}"))
    hello you
    >>> name.value = "world"
    hello world
    >>> effect.dispose()

    What the function returns is called before the next run and at the end, if it can be called; ``on_cleanup``
    registers more. Effects made in a run belong to it and end before the next. An error of the first run is raised
    here, later ones are told (``flow.errors``). It never runs twice at a time. An ``async`` function runs as a task,
    tracks what it reads also after an ``await``, and is cancelled when it has to run anew. Also a decorator.
    """

    __slots__ = ("_again", "_home", "_job")

    computes: ClassVar[bool] = False
    loop: Callable[[], Loop] | None = None  # gets where it runs if it is async; None: where it is made
    _again: bool  # another thread wanted to run it while it ran
    _home: Loop | None  # where it was made, if it is async and has no ``loop``
    _job: Job | None

    def __init__(self, function: EffectFunction, *, name: str | None = None) -> None:
        if not callable(function):
            raise TypeError(f"Effect needs a function without arguments, not {function!r}")
        kind = kind_of(function)
        if kind.endswith("generator function"):
            raise TypeError(f"{named(function)} is {kind}, whose body an Effect would never run: do without yield")
        self._begin(function, name)
        with batch():
            self._run_first(new_driver(_run()))
            own(self._owner, self)

    def _begin(self, function: EffectFunction, name: str | None) -> None:
        """Stand in the graph, without having run."""
        self._function = function
        self._name = name
        self._observers = None
        self._stale = True
        self._stamp = 0
        self._value = None
        self._sources = []
        self._seen = self._checked = NEVER
        self._owned = None
        self._disposed = False
        self._again = False
        self._home = self._job = None
        self._running = None
        run = _run()
        self._owner = run.owner if run is not None else None

    def _run_first(self, driver: Driver) -> None:
        """Run for the first time, in a batch, and raise what goes wrong."""
        try:
            self._running = driver
            error = self._execute(driver)
        except RecursionError:
            limit = getrecursionlimit()
            setrecursionlimit(limit + ROOM)
            try:
                self._mend(driver)
                self.dispose()
            finally:
                setrecursionlimit(limit)
            raise
        except BaseException:
            self._mend(driver)
            self.dispose()
            raise
        finally:
            set_run(driver.outer)
        if error is not None:
            self.dispose()
            raise error

    @property
    def name(self) -> str:
        return self._name or named(self._function)

    @property
    def is_disposed(self) -> bool:
        return self._disposed

    def refresh(self, driver: Driver) -> None:
        """Run if a source has changed; but first the effects around it, which may not want it any more."""
        if self._owner is not None:
            # One that ran has done away with this one, whether or not it is due again already.
            while not self._disposed and (outer := self._stale_outer()) is not None:
                outer.refresh(driver)
        if self._disposed:
            return
        try:
            driver.depth = 0
            driver.run = None
            if not pull(self, driver):
                return
            driver.depth = OUTSIDE
            if self._job is not None and self._job.postpone():
                return
            error = self._execute(driver)
        except RecursionError:
            limit = getrecursionlimit()
            setrecursionlimit(limit + ROOM)
            try:
                self._mend(driver)
            finally:
                setrecursionlimit(limit)
            raise
        except BaseException:
            self._mend(driver)
            raise
        if error is not None:
            set_run(driver.outer)
            report(error, self)

    def _mend(self, driver: Driver) -> None:
        """After an interrupt that may have come before its run was over, or in the middle of what follows a run."""
        give_up(self, driver)
        with LOCK:
            if self._disposed:
                end_links(self)

    def _stale_outer(self) -> Effect | None:
        """The outermost effect around it that is to be looked at as well."""
        found = None
        owner = self._owner
        while owner is not None:
            if isinstance(owner, Effect) and owner._is_waiting_to_run():
                found = owner
            owner = owner._owner
        return found

    def _is_waiting_to_run(self) -> bool:
        return self._stale is True and self._running is None and not (self._job and self._job.is_postponed)

    def _execute(self, driver: Driver) -> Exception | None:
        """Run the function, claimed by the driver, and get its error."""
        driver.depth = OUTSIDE
        failure: BaseException | None = None
        if self._stale is True:
            self._stale = CHECKING
        if self._owned:
            clean(self)
        began = clock.now
        run = driver.run
        reads: list[Any] = []
        if run is None:
            run = Run()
            run.driver, run.inner = driver, None
            run.reads, run.owner = reads, self
            set_run(run)
        else:
            run.reads, run.owner = reads, self
        try:
            result = self._function()
            if result is not None:
                self._take(result)
        except BaseException as error:  # an interrupt ends the run like any error, and is raised when all is in order
            failure = error
        run.reads = None
        inner = run.inner
        if inner is not None:
            inner.run = run.inner = None
        if failure is not None and (not isinstance(failure, Exception) or isinstance(failure, PASSING)):
            reads += self._sources  # it may come before the first read: what it read last time counts still

        # Depend on what the run has read, and see whether it is due again already.
        _acquire()  # given back by _mend, if an interrupt comes
        self._seen = began
        if reads != self._sources:
            relink(self, reads)
        is_due = clock.now != began and is_overtaken(self, reads, began)
        is_queued = False
        marked: Stale = self._stale
        if marked is not CHECKING:  # meanwhile, or it was disposed
            is_queued = marked is True and not self._again
            is_due = is_due or marked is True
            if self._disposed:
                self._sources = []
                is_due = False
        self._again = False
        self._stale = is_due
        self._running = None
        written = own_writes(self, reads) if is_due and not is_queued else []
        _release()
        if self._job is not None:
            self._job.start()
        if is_due and not is_queued:
            requeue(self, written)
        if failure is not None and not isinstance(failure, Exception):
            raise failure
        return failure

    def _take(self, result: object) -> None:
        """What the function returned: a cleanup, the rest of an async run, or nothing to us."""
        if isinstance(result, Coroutine):
            from flow.async_effects import Job  # here, for asyncio takes longer to import than all of this

            self._job = Job(self, result)
        elif callable(result):
            own(self, object(), result)

    def dispose(self) -> None:
        """End it: its cleanups run, a task is cancelled, and nothing it read holds it any more. Twice is harmless."""
        if self._end_itself():
            clean(self)

    def _end_itself(self) -> bool:
        """End, but for what it owns: whether that is left to do."""
        with LOCK:
            if self._disposed:
                return False
            self._disposed = True
            self._stale = False
            end_links(self)
        disown(self._owner, self)
        if self._job is not None:
            self._job.cancel()
        return True

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied or pickled, for what it does it would do twice: make a new one")

    def __repr__(self) -> str:
        return f"Effect({self.name}{' disposed' if self._disposed else ''})"
