"""What a kind of container is, and which kind a value is of."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, MutableMapping, MutableSequence, MutableSet
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar, Final
from weakref import ref

from sidekick.observing.change import Place, Told
from sidekick.observing.wrapper import Wrapper, value_of

Mutator = Callable[..., Any]  # mutator(value, tell, *arguments): does it, notes it, returns what the container returns

LEAVES: Final = frozenset({int, str, float, bool, type(None), bytes, complex, range, slice, frozenset, type(...)})


class Kind:
    """How the containers of one kind are changed and looked through. This one: nothing is known, nothing is inside.

    ``mutators`` do what the container's own methods do, and note it. A mutator either does all or raises what the
    container raises and does nothing. ``standard`` are the classes whose methods the mutators stand for: a subclass
    that has a method of its own is changed by that, and what it did is found by comparing. ``readers`` are methods of
    those classes that change nothing.
    """

    mutators: ClassVar[Mapping[str, Mutator]] = {}
    standard: ClassVar[tuple[type, ...]] = ()
    readers: ClassVar[frozenset[str]] = frozenset()
    is_container: ClassVar[bool] = False  # whether it is wrapped when it is read
    is_own: ClassVar[bool] = False  # whether its methods are written in Python and may change anything inside

    def __init__(self) -> None:
        self._mutators: dict[str, Mutator | None] = {}

    def mutator(self, value: Any, name: str) -> Mutator | None:
        """How to do what the method ``name`` does, or None if the method must do it itself."""
        try:
            return self._mutators[name]  # every class has a kind of its own, so it is always the same
        except KeyError:
            found = self._mutators[name] = self.find_mutator(type(value), name)
            return found

    def find_mutator(self, kind: type, name: str) -> Mutator | None:
        """The mutator that stands for a method of a class, if one does."""
        found = self.mutators.get(name)
        if found is None or not issubclass(kind, self.standard):
            return found
        method = getattr(kind, name, None)
        return found if any(method == getattr(each, name, None) for each in self.standard) else None

    def children(self, value: Any) -> Iterator[Place]:
        """What is inside, with the step that leads there."""
        return iter(())

    def at(self, value: Any, step: Any) -> Any:
        """What is inside at a step. Raises LookupError or AttributeError where there is nothing."""
        raise LookupError(step)

    def snapshot(self, value: Any) -> Any:
        """What ``differences`` needs to know of before."""
        return None

    def differences(self, value: Any, before: Any) -> list[Told]:
        """What changed since the snapshot."""
        return []


class TupleKind(Kind):
    """A tuple does not change, but what is inside may."""

    def children(self, value: Any) -> Iterator[Place]:
        return enumerate(value)

    def at(self, value: Any, step: Any) -> Any:
        return value[step]


class WrapperKind(Kind):
    """An ObservableValue inside of another value. What it holds stands where it stands itself."""

    def children(self, value: Any) -> Iterator[Place]:
        yield HERE, value_of(value)

    def at(self, value: Any, step: Any) -> Any:
        return value_of(value)


HERE: Final = object()  # the step from a wrapper to its value, which is none in a path

# By the id of a class, for that is quick; with a reference that takes the entry out when the class goes.
_kinds: Final[dict[int, tuple[ref[type], Kind]]] = {}
_leaf: Final = Kind()


def kind_of(value: Any) -> Kind:
    """The kind of container that a value is."""
    known = _kinds.get(id(type(value)))
    return known[1] if known is not None else _new_kind(type(value))


def _new_kind(kind: type) -> Kind:
    key = id(kind)
    found = _find(kind)
    _kinds[key] = ref(kind, lambda _: _kinds.pop(key, None)), found
    return found


def is_container(value: Any) -> bool:
    """Whether a value can change inside, so that it is wrapped when it is read. A tuple can if something in it can."""
    kind = type(value)
    if kind in LEAVES:
        return False
    if issubclass(kind, tuple):
        return any(map(is_container, value))
    return kind_of(value).is_container


def is_node(value: Any) -> bool:
    """Whether a value has a place in the record of what is where: a container, or a wrapper."""
    return type(value) not in LEAVES and (issubclass(type(value), Wrapper) or is_container(value))


def _find(kind: type) -> Kind:
    # Here, for each of these modules knows this one.
    from sidekick.observing import attributes, dicts, lists, sets

    if issubclass(kind, Wrapper):
        return WrapperKind()
    if issubclass(kind, tuple):
        return TupleKind()
    if issubclass(kind, bytearray):
        return lists.BytearrayKind()
    if issubclass(kind, deque):
        return lists.DequeKind()
    if issubclass(kind, list):
        return lists.ListKind()
    numpy = sys.modules.get("numpy")
    if numpy is not None and issubclass(kind, numpy.ndarray):
        from sidekick.observing.arrays import ArrayKind

        return ArrayKind()
    if issubclass(kind, MutableSequence):
        return lists.SequenceKind()
    if issubclass(kind, MutableMapping):
        return dicts.MappingKind()
    if issubclass(kind, MutableSet):
        return sets.SetKind()
    return attributes.OwnKind() if _is_own(kind) else _leaf


def _is_own(kind: type) -> bool:
    """Whether instances of a class are looked into: it is written in Python, and by the user.

    What the standard library, an installed package or this one has made is left alone: to wrap a lock, a path or a
    data frame when it is read would break more than it shows.
    """
    if kind is SimpleNamespace:
        return True
    if issubclass(kind, (type, BaseException)) or not kind.__flags__ & 1 << 9:  # a class made by a class statement
        return False
    bases = [base for base in kind.__mro__[:-1] if base is not SimpleNamespace]
    if any(_top(base) in ("flow", "sidekick", "rdit", "enum") for base in bases):
        return False
    made_in_c = [base for base in bases if not base.__flags__ & 1 << 9]
    return not made_in_c and _top(kind) not in sys.stdlib_module_names - {"__main__"} and not _is_installed(kind)


def _top(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _is_installed(kind: type) -> bool:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return file is not None and _is_installed_file(file)


@cache
def _is_installed_file(file: str) -> bool:
    return "site-packages" in file or "dist-packages" in file
