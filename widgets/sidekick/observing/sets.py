"""Sets. Their items have no place, so nothing inside of one is looked into."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from sidekick.observing.change import Tell, Told, say
from sidekick.observing.kinds import Kind, Mutator
from sidekick.observing.wrapper import bare, plain


def add(value: Any, tell: Tell, item: Any) -> None:
    before = len(value)
    value.add(item)
    if tell is not None and len(value) > before:
        say(tell, "add_set", [], item, length=len(value))


def _tell_removed(value: Any, tell: Tell, item: Any) -> None:
    if tell is not None:
        say(tell, "discard_set", [], old=item, length=len(value))


def discard(value: Any, tell: Tell, item: Any) -> None:
    before = len(value)
    value.discard(item)
    if len(value) < before:
        _tell_removed(value, tell, item)


def remove(value: Any, tell: Tell, item: Any) -> None:
    value.remove(item)
    _tell_removed(value, tell, item)


def pop(value: Any, tell: Tell) -> Any:
    item = value.pop()
    _tell_removed(value, tell, item)
    return item


def clear(value: Any, tell: Tell) -> None:
    value.clear()
    if tell is not None:
        say(tell, "clear", [], value, length=0)


def _many(name: str) -> Mutator:
    """A method that takes any number of iterables."""

    def change(value: Any, tell: Tell, *others: Any) -> None:
        ready = [other if isinstance(other, Collection) else list(other) for other in map(bare, others)]
        after = set(value)
        getattr(after, name)(*ready)  # if this raises, nothing is changed yet
        _become(value, tell, after)

    return change


def _in_place(operation: Callable[[Any, Any], Any]) -> Mutator:
    """An operator, which takes a set and nothing else."""

    def change(value: Any, tell: Tell, other: Any) -> Any:
        after = operation(set(value), bare(other))
        _become(value, tell, after)
        return value

    return change


def _become(value: Any, tell: Tell, after: set[Any]) -> None:
    for item in [item for item in value if item not in after]:
        discard(value, tell, item)
    for item in after:
        add(value, tell, plain(item))


class SetKind(Kind):
    """A mutable set."""

    is_container = True
    standard = (set,)
    mutators: ClassVar[Mapping[str, Mutator]] = {
        "add": add,
        "discard": discard,
        "remove": remove,
        "pop": pop,
        "clear": clear,
        "update": _many("update"),
        "difference_update": _many("difference_update"),
        "intersection_update": _many("intersection_update"),
        "symmetric_difference_update": _many("symmetric_difference_update"),
        "__ior__": _in_place(operator.ior),
        "__iand__": _in_place(operator.iand),
        "__isub__": _in_place(operator.isub),
        "__ixor__": _in_place(operator.ixor),
    }
    readers = frozenset(name for name in dir(frozenset) if not name.startswith("_"))

    def snapshot(self, value: Any) -> Any:
        return set(value)

    def differences(self, value: Any, before: Any) -> list[Told]:
        told: list[Told] = []
        length = len(before)
        for item in before:
            if item not in value:
                length -= 1
                say(told, "discard_set", [], old=item, length=length)
        for item in value:
            if item not in before:
                length += 1
                say(told, "add_set", [], item, length=length)
        return told
