"""The graph of signals, computeds and effects: who reads whom, what may be stale, and how it is made current.

    Signal ──▶ Computed ──▶ Effect          an arrow points from a source to its observer

*Time* is a clock that every write of a signal moves on. A source remembers when its value last changed (``_stamp``), an
observer when it last ran (``_seen``): an observer is due when one of its sources has a later stamp. That is all that
decides whether a function runs, so marks may be generous.

*Marks.* A write marks what can be reached from the signal as stale and collects the effects among it. Only what is
*live*, observed in the end by an effect, is subscribed to its sources (``_observers``) and so can be marked; an
observer that nobody observes is not held by its sources, stays marked for good, and compares clocks when it is read.
The invariant: **the observers of a stale live node are stale themselves**, and a stale effect stands in a queue. So
marking stops at what is marked already, and a live node that is not marked is current.

*Settling* pulls: before a node runs, its sources are made current in the order in which they were read, and the first
that changed decides. So a node runs once at most, after all that it needs, and never for a source that it would not
read any more.

*Recursion* is left to the functions of the user alone: what is known is walked with a stack of our own. Only what has
never run is found by running, one within the other. When that nests deeper than ``NESTING``, the runs are given up with
``Abandoned`` and the deepest is done first: a computed may be started twice the first time.

*Threads.* ``LOCK`` is held for walks, marks and links, never while a function of the user runs. A node that is being
settled is claimed (``_running``) and others wait for it; waits follow the arrows, so only a real cycle
can close a ring of them, and that is an error. Reads take no lock: a value is stored before it is marked as current.

What stands in the graph is in ``nodes``, its edges and marks are in ``edges``; here is how it is made current.

Versions instead of dirty flags are the idea of preact's signals, marking without recursion that of alien-signals.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from os.path import basename
from sys import getrecursionlimit, setrecursionlimit
from threading import Event, get_ident
from typing import Any, Final, NoReturn

from flow.edges import end_links, link, mark, relink
from flow.errors import CycleError, WriteError
from flow.nodes import CHECKING, LOCK, NEVER, PASSING, PLAIN, ROOM, Failure, Node, Observer, clock, give_back, is_same
from flow.owner import clean
from flow.tracking import OUTSIDE, Driver, Run, Scope, close, current_run, set_run

NESTING: Final = 48  # first evaluations inside each other; each takes three frames of Python's stack
TRIES: Final = 10  # evaluations that writes overtook, of other threads or its own, in one settling: then it is enough

_acquire, _release = LOCK.acquire, LOCK.release

# Effects found due with nobody there to run them: a computed wrote, another thread overtook a read, a flush was
# interrupted. The next flush runs them.
leftover: Final[list[Observer]] = []


class Abandoned(BaseException):
    """Unwinds first evaluations that nest too deep, up to the one who can do ``node`` first."""

    def __init__(self, node: Observer) -> None:
        self.node = node


def mend(node: Observer) -> None:
    """Let a node run again that was interrupted, perhaps in the middle of ``relink``. The lock is held."""
    node._running = None
    node._seen = NEVER
    if node._disposed:
        end_links(node)
    elif node._observers or not node.computes:
        for source in node._sources:
            link(source, node)
        node._stale = True
    if not (node.computes or node._disposed):
        leftover.append(node)


def is_overtaken(node: Observer, reads: list[Any], began: int) -> bool:
    """Whether a source changed, or may have, after the run read it. Sets from when on a change counts.

    The lock is held. Only asked when the clock moved during the run: by the run's own writes, after which ``reads``
    holds the new time, or by another thread.
    """
    changed = doubtful = False
    seen, known = began, set()
    for read in reads:
        if read.__class__ is int:
            seen = read
        elif read not in known:
            known.add(read)
            if read._stale and read._checked != clock.now:
                doubtful = True
                changed = changed or read._running is not None  # another thread runs it, with an older stamp perhaps
            elif read._stamp > seen:
                changed = True
    node._seen = NEVER if changed else clock.now
    if doubtful:
        clock.now += 1  # so that the doubtful, when they run, have a later stamp than what this run saw
    return changed or doubtful


def forget(root: Observer, run: Run | None) -> bool:
    """Have a computed that failed computed anew, with those below it that failed by it. Or False: not in this run.

    What is live is left alone in a run: an effect that reads it would be due again by its own doing, without end.
    """
    if root._observers and run is not None:
        return False
    with LOCK:
        _forget(root, run)
        if run is None:
            clock.now += 1  # so that what is computed anew is later than what its observers saw
    return True


def _forget(root: Observer, run: Run | None) -> None:
    known: set[Node] = {root}
    work: list[Any] = [root]
    for node in work:
        value = node._value
        if value.__class__ is Failure and isinstance(value.error, PASSING):
            node._seen = node._checked = NEVER
            node._stale = True
            leftover.extend(mark(node._observers or ()))
            for source in node._sources:
                if isinstance(source, Observer) and source not in known and not (source._observers and run):
                    known.add(source)
                    work.append(source)


def own_writes(node: Observer, reads: list[Any]) -> list[Any]:
    """The signals that a run wrote although the computed depends on them. The lock is held."""
    own = {read for read in reads if read.__class__ is int}
    found: list[Any] = []
    known = set(node._sources) if own else set()
    work: list[Any] = list(known)
    for source in work:
        if isinstance(source, Observer):
            work += [below for below in source._sources if below not in known]
            known.update(source._sources)
        elif source._stamp in own:
            found.append(source)
    return found


def _refuse(node: Observer, written: list[Any]) -> NoReturn:
    """Fail in the place of a computed that always changes what it has read, and depend on the same as that."""
    for source in list[Any](node._sources):
        with suppress(Exception):
            source.value  # noqa: B018
    raise WriteError(node.name, [signal.name for signal in written])


# -- Settling


def new_driver(outer: Run | None) -> Driver:
    """One who runs functions for ``outer``."""
    driver = Driver()
    driver.outer, driver.stack, driver.run = outer, [], None
    driver.thread = get_ident()
    driver.depth = _depth(driver)
    return driver


def _depth(driver: Driver) -> int:
    """How deep it is nested now that it starts."""
    above = driver.outer.driver if driver.outer is not None else None
    # A run of another thread is there because its context was copied: nothing here is nested in it.
    return above.depth + 1 if above is not None and above.thread == driver.thread else 0


def settle(root: Observer) -> None:
    """Make a computed current."""
    outer = current_run.get()
    driver = outer.inner if outer is not None else None
    if driver is not None and driver.depth == OUTSIDE and driver.thread == get_ident():
        # The one that evaluated what this run read before. Another thread's, or a busy one's, is left alone.
        driver.depth = _depth(driver)
    else:
        driver = new_driver(outer)
        if driver.depth > NESTING:
            raise Abandoned(root)
        if outer is not None:
            outer.inner = driver
    try:
        if driver.run is not None:
            set_run(driver.run)
        pull(root, driver)
    except RecursionError:
        limit = getrecursionlimit()
        setrecursionlimit(limit + ROOM)
        try:
            give_up(root, driver)
        finally:
            setrecursionlimit(limit)
        raise
    except BaseException:
        give_up(root, driver)
        raise
    finally:
        driver.depth = OUTSIDE
        if outer is None:
            driver.run = None
        set_run(outer)


def pull(root: Observer, driver: Driver) -> bool:
    """Make a computed current; or tell of an effect whether it is due, which then stays claimed by the driver.

    Leaves the last run as the current one. One function, for it is where the time goes: a call costs as much as a node.
    Whoever calls it has ``give_up`` end what is interrupted: an interrupt at the end of a loop may pass by a ``try``
    around that loop in the same function (python/cpython#130279), though never by one around the call.
    """
    stack = driver.stack
    node = root
    run = driver.run  # which is the current one then
    acquire, release = _acquire, _release
    acquire()
    if root._running is None and (not root.computes or (root._stale and root._checked != clock.now)):
        root._running = driver
        if root._observers or not root.computes:
            root._stale = CHECKING
    elif not _claim_root(root, driver):
        release()
        return False
    since = clock.now
    left: Iterator[Any] | None = None  # the sources yet to look at, when some have been
    due = node._seen < 0
    tries = 0
    written: list[Any] | None = None  # by a computed that always changes what it has read: it is refused then
    while True:
        # Look at the sources in the order of the reads, until one changed or one is in doubt.
        below: Any = None
        if not due and left is None:
            sources = node._sources
            if sources:
                below = sources[0]
                if not below._stale:
                    due = below._stamp > node._seen
                elif below._checked < since and below._running is None:
                    stack.append((node, None))
                    node = below
                    node._running = driver
                    if node._observers:
                        node._stale = CHECKING
                    due = node._seen < 0
                    continue
                below = None
        if not due:
            if left is None:
                left = iter(node._sources)
            source: Any
            for source in left:
                if source._stale and source._checked < since:
                    below = source
                    break
                if source._stamp > node._seen:
                    due = True
                    break
            if below is not None:
                if below._running is not None and not _await(below, driver):
                    due = True  # the two are in a ring: the node is told so when it reads
                elif below._stale and below._checked < since:
                    stack.append((node, left))
                    node = below
                    node._running = driver
                    if node._observers:
                        node._stale = CHECKING
                    left = None
                    due = node._seen < 0
                    continue
                elif below._stamp > node._seen:  # another thread has done it
                    due = True
                else:
                    continue

        if due:
            if not node.computes:
                release()
                return True
            began = clock.now
            release()
            if node._owned:
                clean(node)
            if run is None:
                driver.run = run = Run()
                run.driver, run.inner = driver, None
                set_run(run)
            reads: list[Any] = []
            run.reads = reads
            run.owner = node
            try:
                value = node._function() if written is None else _refuse(node, written)
                old = node._value
                if value.__class__ in PLAIN and old.__class__ in PLAIN and node._equals is None:
                    is_new = old != value
                else:
                    is_new = old.__class__ is Failure or not is_same(node._equals, old, value)
            except Abandoned as abandoned:
                node._seen, written = NEVER, None
                if driver.depth > 0:
                    raise
                acquire()
                deepest = abandoned.node
                if deepest._running is None and deepest._checked < clock.now:
                    stack.append((node, iter((deepest,))))  # for ``give_up``; the node runs anew anyway
                    node = deepest
                    node._running = driver
                    left, due = None, node._seen < 0
                else:
                    _await(deepest, driver)
                continue
            except Exception as error:
                value, is_new, written = Failure(error), True, None
                if isinstance(error, PASSING):
                    reads += node._sources  # it may come before the first read: what it read last time counts still
            acquire()
            if is_new:
                node._value = value
                node._stamp = began
            node._seen = began
            if reads != node._sources:
                relink(node, reads)
            if clock.now == began or not is_overtaken(node, reads, began):
                node._checked = clock.now
                if node._observers:
                    node._stale = False
            elif tries < TRIES:  # it may have read one source before and another after a write: look again
                tries += 1
                if node._observers:
                    node._stale = CHECKING
                since, left, due = clock.now, None, node._seen < 0
                continue
            elif written := own_writes(node, reads):
                due = True
                continue
            else:
                written = None
                node._checked = began
                if node._observers:
                    node._stale = True
                    leftover.extend(mark(node._observers))
        else:
            node._checked = since
            if node._stale is CHECKING:
                node._stale = False
            elif not node.computes and _is_wanted_again(node):
                since, left = clock.now, None
                continue

        node._running = None
        if _waiters:
            _wake(node)
        if not stack:
            release()
            close(run)
            return False
        below = node
        # Not pop(): an interrupt may come when a call returns, and would lose what it returned, claimed for good.
        node, left = stack[-1]
        del stack[-1]
        due = below._stamp > node._seen


def _claim_root(root: Any, driver: Driver) -> bool:
    """Let this thread settle it, unless another thread did so meanwhile. The lock is held."""
    while True:
        if root.computes and (not root._stale or root._checked == clock.now):
            return False
        if root._running is None:
            root._running = driver
            if root._observers or not root.computes:
                root._stale = CHECKING
            return True
        if not root.computes:  # it runs: whoever runs it looks after it again
            root._again = True
            return False
        if not _await(root, driver):
            raise CycleError(_ring(root, driver))


def _is_wanted_again(effect: Any) -> bool:
    """Whether another thread came to run the effect while this one looked at its sources. The lock is held."""
    if not effect._again or effect._disposed:
        return False
    effect._again = False
    effect._stale = CHECKING
    return True


def give_up(root: Observer, driver: Driver) -> None:
    """Let go of all that was claimed for ``root``, wherever it was that an interrupt or an ``Abandoned`` came."""
    give_back()
    close(driver.run)
    with LOCK:
        _let_go(root, driver)


def _let_go(root: Observer, driver: Driver) -> None:
    """See ``give_up``. What is claimed and does not wait is the root, or what the last one that waits came to."""
    claimed: list[Any] = [root, *(waiting for waiting, _ in driver.stack)]
    if driver.stack:
        last, left = driver.stack[-1]
        claimed += last._sources
        claimed += left or ()
    for node in claimed:
        if isinstance(node, Observer) and node._running is driver:
            mend(node)
            _wake(node)
    driver.stack.clear()


# -- Waiting for other threads

_waiters: Final[dict[Observer, Event]] = {}
_waits: Final[dict[int, Observer]] = {}


def _await(node: Observer, driver: Driver) -> bool:
    """Wait until no other thread claims the node. Or False: that thread waits for this one. The lock is held."""
    thread = driver.thread
    holder = node._running
    while holder is not None:
        if holder.thread == thread:
            return False
        wanted = _waits.get(holder.thread)
        holder = wanted._running if wanted is not None else None
    if node._running is None:
        return True
    event = _waiters.setdefault(node, Event())
    _waits[thread] = node
    LOCK.release()
    try:
        event.wait()
    finally:
        LOCK.acquire()
        del _waits[thread]
    return True


def _wake(node: Observer) -> None:
    event = _waiters.pop(node, None)
    if event is not None:
        event.set()


def _ring(root: Observer, driver: Driver) -> list[str]:
    """The names from ``root`` to the one that reads it, each read by the one before."""
    names: list[str] = []
    run, above = driver.outer, driver
    while run is not None:
        if isinstance(run, Scope):
            run = run.outer
            continue
        assert run.driver is not None
        above = run.driver
        for node in (run.owner, *(waiting for waiting, _ in reversed(above.stack))):
            if isinstance(node, Observer):
                names.append(_placed_name(node))
                if node is root:
                    return names[::-1]
        run = above.outer
    return [_placed_name(node) for node in (root, *_waits.values())]


def _placed_name(node: Observer) -> str:
    """Its name, and for a lambda, which all have the same, where it stands."""
    code = getattr(node._function, "__code__", None)
    if node._name is not None or code is None or code.co_name != "<lambda>":
        return node.name
    return f"{node.name} ({basename(code.co_filename)}:{code.co_firstlineno})"
