"""The edges of the graph: who reads whom, and what may be stale by it. Marks go from a source to its observers.

All of it is done with the lock held, and none of it runs a function of the user.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flow.nodes import Node, Observer, clock

LONG: Final = 64  # reads in a run from which on repeated ones are not kept


def mark(observers: Iterable[Observer]) -> list[Observer]:
    """Mark all that can be reached as stale, and get the effects that became so. The lock is held."""
    due: list[Observer] = []
    work = list(observers)
    for node in work:
        if node._stale is not True:
            node._stale = True
            if node._observers:
                work.extend(node._observers)
            else:
                due.append(node)
    return due


def all_effects(source: Node) -> list[Observer]:
    """Mark all that can be reached, marked before or not, and get every effect: after an interrupted ``mark``."""
    work: dict[Observer, None] = dict(source._observers or ())
    todo = list(work)
    for node in todo:
        node._stale = True
        new = [observer for observer in node._observers or () if observer not in work]
        work.update(dict.fromkeys(new))
        todo.extend(new)
    return [node for node in todo if not node.computes]


# -- Links
#
# An interrupt (KeyboardInterrupt) may come between any two of these steps. So what is below is linked first and
# unlinked first, and doing it again completes what was begun.


def link(source: Node, observer: Observer) -> None:
    """Subscribe a live observer. A computed that gets its first goes live, and all below it. The lock is held."""
    if not source._observers and isinstance(source, Observer):
        _go_live(source)
    if source._observers is None:
        source._observers = {observer: None}
    else:
        source._observers[observer] = None


def _go_live(root: Observer) -> None:
    """Subscribe a computed to its sources, and those that go live by it to theirs."""
    found = {root}
    work = [root]
    for node in work:
        for source in node._sources:
            if isinstance(source, Observer) and not source._observers and source not in found:
                found.add(source)
                work.append(source)
    for node in reversed(work):
        for source in node._sources:
            if source._observers is None:
                source._observers = {node: None}
            else:
                source._observers[node] = None
        node._stale = node._checked != clock.now


def unlink(source: Node, observer: Observer) -> None:
    """End a subscription. A computed that loses its last goes, and those below it. The lock is held."""
    observers = source._observers
    if observers and observer in observers:
        if len(observers) == 1 and isinstance(source, Observer):
            _go_cold(source)
        del observers[observer]
        if not observers:
            source._observers = None


def _go_cold(root: Observer) -> None:
    """End the subscriptions of a computed, and of those that nobody observes any more by it."""
    lost: dict[Node, set[Observer]] = {}
    work = [root]
    for node in work:
        for source in node._sources:
            observers = source._observers
            if observers and node in observers:
                gone = lost.setdefault(source, set())
                if node not in gone:
                    gone.add(node)
                    if len(gone) == len(observers) and isinstance(source, Observer):
                        work.append(source)
    for node in reversed(work):
        for source in node._sources:
            observers = source._observers
            if observers and node in observers:
                del observers[node]
                if not observers:
                    source._observers = None
        if node._stale is False:
            node._checked = clock.now  # it was current, by marks; from now on it tells by clocks
        node._stale = True


def relink(node: Observer, reads: list[Any]) -> None:
    """Let the node have these sources instead of those it had. The lock is held."""
    sources: list[Node] = [read for read in reads if read.__class__ is not int]
    if len(sources) > LONG:
        sources = list(dict.fromkeys(sources))
    if node._disposed or (node.computes and not node._observers):
        node._sources = sources
        return
    before = node._sources
    if not before:
        node._sources = sources
        for source in sources:
            link(source, node)
        return
    node._sources = before + sources  # until all is done: whatever it is subscribed to is among its sources
    old, kept = set(before), set(sources)
    for source in sources:
        if source not in old:
            link(source, node)
    for source in before:
        if source not in kept:
            unlink(source, node)
    node._sources = sources


def end_links(node: Observer) -> None:
    """Subscribe it to nothing any more. The lock is held."""
    while node._sources:
        unlink(node._sources[-1], node)
        node._sources.pop()
