"""Where everything is inside of a watched value: from each container the ways up to the value itself.

    value ──[0]──▶ row ──["cells"]──▶ cells        a link points from a container to one of its children

A change is made to one container, whoever holds it and however it was reached; its paths are found when it is told, so
they are right after any moves. A container that is in several places has several paths, and one in a cycle as many as
do not pass it twice.

The record may be behind: what was changed without a wrapper is not in it. So a link is only a hint. Where it is not
true any more, the container is searched; a container that is met for the first time is added when it is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sidekick.observing.change import Place
from sidekick.observing.kinds import HERE, LEAVES, is_node, kind_of
from sidekick.observing.wrapper import is_wrapper, value_of

PATHS: Final = 64  # of one container at most; a net of many cycles has no end of them
STEPS: Final = 10_000  # of the search for them

MISSING: Final = object()


@dataclass(slots=True, eq=False)
class Link:
    """That ``child`` is in ``parent``, how often, and where it was once seen."""

    parent: Any
    child: Any
    count: int
    hint: Any


# The steps of a path that are known while it is found from its end: the first of them, and the others.
_Rest = tuple[Any, Any, "_Rest | None"] | None


class Places:
    """The containers inside of one value, which is called the top here."""

    __slots__ = ("_top", "_up")

    def __init__(self, top: object) -> None:
        self._top = id(top)
        self._up: dict[int, dict[int, Link]] = {}

    def __contains__(self, key: int) -> bool:
        return key == self._top or key in self._up

    def add(self, parent: Any, places: Iterable[Place]) -> list[int]:
        """Note that these came into ``parent``. Get the ids of those that were nowhere before."""
        new: list[int] = []
        todo: list[tuple[Any, Iterable[Place]]] = [(parent, places)]
        while todo:
            parent, places = todo.pop()
            for step, child in places:
                if not _has_place(step, child):
                    continue
                links = self._up.get(id(child))
                if links is None:
                    links = self._up[id(child)] = {}
                    if id(child) != self._top:
                        new.append(id(child))
                        todo.append((child, kind_of(child).children(child)))
                link = links.get(id(parent))
                if link is None:
                    links[id(parent)] = Link(parent, child, 1, step)
                else:
                    link.count += 1
        return new

    def remove(self, parent: Any, places: Iterable[Place]) -> list[int]:
        """Note that these went from ``parent``. Get the ids of those that are nowhere any more."""
        lost: list[int] = []
        todo: list[tuple[Any, Iterable[Place]]] = [(parent, places)]
        while todo:
            parent, places = todo.pop()
            for step, child in places:
                links = self._up.get(id(child)) if _has_place(step, child) else None
                link = links.get(id(parent)) if links else None
                if links is None or link is None:
                    continue
                link.count -= 1
                if link.count > 0:
                    continue
                del links[id(parent)]
                if not links:
                    del self._up[id(child)]
                    if id(child) != self._top:
                        lost.append(id(child))
                        todo.append((child, kind_of(child).children(child)))
        return lost

    def paths(self, container: Any) -> list[list[Any]]:
        """The ways from the top to a container, the shortest first. None if it is not inside any more."""
        links = self._up.get(id(container), {})
        if len(links) == 1:
            (only,) = links.values()
            if only.hint is HERE and id(only.parent) == self._top and value_of(only.parent) is container:
                return [[]]  # it is the value itself, and nowhere else
        found: list[list[Any]] = []
        todo: deque[tuple[int, _Rest]] = deque([(id(container), None)])
        steps = 0
        while todo and len(found) < PATHS and steps < STEPS:
            node, rest = todo.popleft()
            if node == self._top:
                found.append(_path(rest))
                continue
            links = self._up.get(node, {})
            for link in list(links.values()):
                above = id(link.parent)
                if above == node or (len(links) > 1 and _passes(rest, above)):
                    continue
                for step in _steps(link):
                    steps += 1
                    todo.append((above, (step, node, rest)))
        return found

    def ids(self) -> list[int]:
        return [*self._up, self._top]


def _has_place(step: Any, child: Any) -> bool:
    """Whether it is recorded where something is. What a wrapper holds is, of whatever kind, for its attributes."""
    return is_node(child) or (step is HERE and type(child) not in LEAVES)


def _passes(rest: _Rest, node: int) -> bool:
    while rest is not None:
        if rest[1] == node:
            return True
        rest = rest[2]
    return False


def _path(rest: _Rest) -> list[Any]:
    path = []
    while rest is not None:
        if rest[0] is not HERE:
            path.append(rest[0])
        rest = rest[2]
    return path


def _steps(link: Link) -> list[Any]:
    """Where the child is in its parent now."""
    if link.count == 1 and _at(link.parent, link.hint) is link.child:
        return [link.hint]
    found = [step for step, child in kind_of(link.parent).children(link.parent) if child is link.child]
    if found:
        link.hint, link.count = found[0], len(found)
    return found


def _at(parent: Any, step: Any) -> Any:
    try:
        return kind_of(parent).at(parent, step)
    except (LookupError, TypeError, AttributeError):
        return MISSING


def walk(value: Any, *, enters_wrappers: bool = True) -> list[Any]:
    """A value and every container inside, each once, from the outside to the inside."""
    if not (is_node(value) or is_wrapper(value)):
        return []
    seen = {id(value): value}
    todo = [value]
    for each in todo:
        if is_wrapper(each) and not enters_wrappers:
            continue
        for _, child in kind_of(each).children(each):
            if is_node(child) and id(child) not in seen:
                seen[id(child)] = child
                todo.append(child)
    return todo
