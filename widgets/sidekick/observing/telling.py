"""Who is told of a change: the subscribers of every value that the changed container is in, and effects that read it.

*Order.* A container is changed, and what is to be told is put into the queues of the subscribers, under one lock for
all observables. So the order of the queues is the order of the changes. Subscribers are called without the lock, by one
thread at a time for each observable: the one that made the change, unless another is at it or a subscriber changes
something itself; then whoever is delivering takes this change too, after those before it. So no change is lost or
overtaken, and no thread waits for a subscriber of another.

*Under the lock* run, of the user's code, ``__eq__`` and ``__hash__`` of items, keys of a sort and properties that are
set: these should not wait for another thread that changes an observable.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import RLock, get_ident
from typing import Any, Final
from weakref import ref

from flow import Signal, never
from flow.tracking import current_run
from sidekick.observing.attributes import stored
from sidekick.observing.change import Change, Told, say
from sidekick.observing.kinds import LEAVES, kind_of
from sidekick.observing.places import Places, walk
from sidekick.observing.wrapper import Anchor, Part, Wrapper, anchor_of, value_of

Subscriber = Callable[[dict[str, Any]], object]

LOCK: Final = RLock()

_log = logging.getLogger("sidekick")


class Version(Signal[None]):
    """What an effect depends on that reads a container. It holds the container, whose id so stays its own."""

    __slots__ = ("container",)

    def __init__(self, container: object) -> None:
        super().__init__(None, equals=never, name=f"an observed {type(container).__name__}")
        self.container = container


# By the id of a container: its version while an effect depends on it, and the watches that it is inside of.
_versions: Final[dict[int, ref[Version]]] = {}
_watches: Final[dict[int, tuple[ref[Watch], ...]]] = {}


class Watch:
    """The subscribers of one ObservableValue, and the record of what is inside of it while it has any."""

    __slots__ = ("__weakref__", "_deliverer", "_places", "_queue", "_top", "_turn", "subscribers")

    def __init__(self, top: Wrapper) -> None:
        self.subscribers: dict[Subscriber, None] = {}
        # What is to be told, and whom yet, the next one last.
        self._queue: deque[tuple[Change, list[Subscriber]]] = deque()
        self._turn = RLock()  # which knows whether this thread has it, as an interrupt may leave in doubt
        self._deliverer: int | None = None
        self._top = ref(top)
        self._fill(top)

    def _fill(self, top: Wrapper) -> None:
        self._places = Places(top)
        self._enter([id(top), *self._places.add(top, kind_of(top).children(top))])

    def look_again(self) -> None:
        """Take up anew what is inside. The lock is held."""
        top = self._top()
        if top is not None:
            self._leave(self._places.ids())
            self._fill(top)

    def _enter(self, ids: Iterable[int]) -> None:
        for each in ids:
            _watches[each] = (*_watches.get(each, ()), ref(self))

    def _leave(self, ids: Iterable[int]) -> None:
        for each in ids:
            left = tuple(found for found in _watches.get(each, ()) if found() not in (None, self))
            if left:
                _watches[each] = left
            else:
                _watches.pop(each, None)

    def __del__(self) -> None:
        self.end()

    def end(self) -> None:
        """Watch no more."""
        with LOCK:
            self._leave(self._places.ids())

    def note(self, container: Any, told: list[Told]) -> None:
        """Put into the queue what happened to a container, for every place where it is. The lock is held."""
        for each in told:
            if each.come:
                self._enter(self._places.add(container, each.come))
            if each.gone:
                self._leave(self._places.remove(container, each.gone))
        paths = self._places.paths(container)
        for each in told:
            for path in paths:
                change = each.change if not path else {**each.change, "path": [*path, *each.change["path"]]}
                self._queue.append((change, [*reversed(self.subscribers)]))

    def adopt(self, parent: Any, step: Any, child: Any) -> None:
        """Take up a container that came into one of ours without a wrapper. The lock is held."""
        if id(child) not in self._places:
            self._enter(self._places.add(parent, [(step, child)]))

    def deliver(self) -> None:
        """Call the subscribers, unless somebody is at it."""
        me = get_ident()
        try:
            self._deliver(me)
        except BaseException:  # an interrupt: who has not been told is told when the next change is
            if self._deliverer == me:
                self._deliverer = None
            with suppress(RuntimeError):  # it may have come when the turn was not taken
                self._turn.release()
            raise

    def _deliver(self, me: int) -> None:
        while self._queue and self._deliverer != me and self._turn.acquire(blocking=False):
            self._deliverer = me
            while self._queue:
                change, waiting = self._queue[0]
                while waiting:
                    subscriber = waiting[-1]
                    del waiting[-1]
                    self._call(subscriber, change)
                self._queue.popleft()
            self._deliverer = None
            self._turn.release()

    def _call(self, subscriber: Subscriber, change: Change) -> None:
        if subscriber not in self.subscribers:
            return
        try:
            subscriber(change)  # type: ignore[arg-type]
        except Exception:
            _log.exception(
                "%s failed, which is told of an ObservableValue, at %r of %r",
                *(_named(subscriber), change["type"], change["path"]),
            )


def _named(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or repr(function)
    code = getattr(function, "__code__", None)
    return f"{name} ({code.co_filename}:{code.co_firstlineno})" if code is not None else name


def _watching(container: Any) -> list[Watch]:
    found = _watches.get(id(container))
    return [watch for each in found if (watch := each()) is not None] if found else []


# -- Changes


def change(container: Any, anchor: Anchor | None, mutator: Any, args: Any, options: Any) -> Any:
    """Have a mutator change a container, and tell what it did."""
    changed = container if anchor is None else anchor[0]
    with LOCK:
        watches = _watching(changed) if _watches else []
        version = _known_version(changed) if _versions else None
        if not watches and version is None:
            return mutator(container, None, *args, **options)
        told: list[Told] = []
        before = changed.copy() if anchor is not None and anchor[1] is None else None
        try:
            result = mutator(container, told, *args, **options)
        finally:
            if told and anchor is not None:
                told = _from_base(told, changed, anchor[1], before)
            if told:
                for watch in watches:
                    watch.note(changed, told)
    _tell(watches, [version] if version is not None and told else [])
    return result


def _from_base(told: list[Told], base: Any, steps: list[Any] | None, before: Any) -> list[Told]:
    """What happened to a part of an array, as something that happened to the array."""
    if steps is None:
        whole: list[Told] = []
        say(whole, "setitem", [...], base.copy(), old=before)
        return whole
    return [Told({**each.change, "path": [*steps, *each.change["path"]]}, (), ()) for each in told]


def _tell(watches: Iterable[Watch], versions: Iterable[Version]) -> None:
    """Call everybody. The lock is not held."""
    try:
        for watch in watches:
            watch.deliver()
    finally:
        for version in versions:
            version.value = None


@contextmanager
def comparing(container: Any, first: list[Told] | None = None) -> Iterator[None]:
    """Find out by comparing what is changed inside of a container meanwhile, and tell it.

    ``first`` is told before what is found, and only if nothing was raised.
    """
    if not (_watches or _versions):
        yield
        return
    with LOCK:
        before = [(each, kind_of(each).snapshot(each)) for each in walk(container, enters_wrappers=False)]
    is_done = False
    try:
        yield
        is_done = True
    finally:
        with LOCK:
            told = [(each, kind_of(each).differences(each, known)) for each, known in before]
            if first and is_done:
                told.insert(0, (container, first))
            watches, versions = _noted(told)
        _tell(watches, versions)


def _noted(told: Iterable[tuple[Any, list[Told]]]) -> tuple[dict[Watch, None], list[Version]]:
    """Put what happened to each into the queues, and get who is to be told. The lock is held."""
    watches: dict[Watch, None] = {}
    versions: list[Version] = []
    for each, changes in told:
        if changes:
            for watch in _watching(each):
                watch.note(each, changes)
                watches[watch] = None
            version = _known_version(each)
            if version is not None:
                versions.append(version)
    return watches, versions


def look_again(top: Wrapper) -> None:
    """Take up anew what is inside of an ObservableValue, and have all who depend on any of it run."""
    with LOCK:
        for watch in _watching(top):
            watch.look_again()
        versions = [version for each in walk(top) if (version := _known_version(each)) is not None]
    _tell((), versions)


# -- Reads


def read(wrapper: Wrapper, attribute: str | None = None) -> Any:
    """What the wrapper holds. Whoever reads it now depends on it.

    What code of the user's reads in an object cannot be known: all of it, unless it is a stored attribute.
    """
    value = value_of(wrapper)
    if current_run.get() is not None:
        if kind_of(value).is_own and attribute not in stored(value):
            return read_all(wrapper)
        _note(wrapper, [] if type(value) in LEAVES else [value])
    return value


def read_all(wrapper: Wrapper) -> Any:
    """What the wrapper holds. Whoever reads it now depends on it and on all that is inside."""
    value = value_of(wrapper)
    if current_run.get() is not None:
        _note(wrapper, walk(value) or ([] if type(value) in LEAVES else [value]))
    return value


def _note(wrapper: Wrapper, containers: list[Any]) -> None:
    anchor = anchor_of(wrapper)
    if anchor is not None:
        containers = [anchor[0]]
    elif not issubclass(type(wrapper), Part):
        containers = [wrapper, *containers]
    for each in containers:
        _version(each).value  # noqa: B018


def _known_version(container: Any) -> Version | None:
    found = _versions.get(id(container))
    return found() if found is not None else None


def _version(container: Any) -> Version:
    with LOCK:
        version = _known_version(container)
        if version is None:
            key = id(container)
            version = Version(container)
            _versions[key] = ref(version, partial(_forget, key))
        return version


def _forget(key: int, gone: ref[Version]) -> None:
    if _versions.get(key) is gone:  # and not yet that of another container
        del _versions[key]


def note_met(parent: Any, step: Any, child: Any) -> None:
    """Have those who watch ``parent`` know of what was found in it."""
    if _watches and id(parent) in _watches:
        with LOCK:
            for watch in _watching(parent):
                watch.adopt(parent, step, child)
