"""Objects of classes of the user's: their attributes, in a ``__dict__`` or in slots."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType, MemberDescriptorType
from typing import Any, Final
from weakref import WeakKeyDictionary

from sidekick.observing.change import Attribute, Place, Tell, Told, say
from sidekick.observing.kinds import Kind

MISSING: Final = object()


def stored(value: Any) -> dict[str, Any]:
    """The attributes that an object holds itself. No property is asked."""
    found = {name: getattr(value, name) for name in _slots(type(value)) if hasattr(value, name)}
    return found | getattr(value, "__dict__", {})


_slot_names: WeakKeyDictionary[type, tuple[str, ...]] = WeakKeyDictionary()


def _slots(kind: type) -> tuple[str, ...]:
    found = _slot_names.get(kind)
    if found is None:
        members = (member for base in reversed(kind.__mro__) for member in vars(base).items())
        found = tuple(
            name for name, member in members if isinstance(member, MemberDescriptorType) and name != "__dict__"
        )
        _slot_names[kind] = found
    return found


def is_stored(value: Any, name: str) -> bool:
    """Whether to set an attribute only stores it: there is no property, and no ``__setattr__`` of the class's own."""
    kind = type(value)
    if isinstance(kind.__setattr__, FunctionType) or isinstance(kind.__delattr__, FunctionType):
        return False
    for base in kind.__mro__:
        if name in base.__dict__:
            found = base.__dict__[name]
            return isinstance(found, MemberDescriptorType) or not hasattr(type(found), "__set__")
    return True


def set_attribute(value: Any, tell: Tell, name: str, item: Any) -> None:
    old = stored(value).get(name) if tell is not None else None
    setattr(value, name, item)
    if tell is not None:
        step = Attribute(name)
        say(tell, "setattr", [step], item, key=name, old=old, come=[(step, item)], gone=[(step, old)])


def delete_attribute(value: Any, tell: Tell, name: str) -> None:
    old = stored(value).get(name) if tell is not None else None
    delattr(value, name)
    if tell is not None:
        step = Attribute(name)
        say(tell, "delattr", [step], key=name, old=old, gone=[(step, old)])


def differences(now: dict[str, Any], before: dict[str, Any]) -> list[Told]:
    """What changed from one state of the attributes to the other."""
    told: list[Told] = []
    for name, old in before.items():
        if name not in now:
            say(told, "delattr", [Attribute(name)], key=name, old=old, gone=[(name, old)])
    for name, item in now.items():
        old = before.get(name, MISSING)
        if old is not item:
            step, old = Attribute(name), None if old is MISSING else old
            say(told, "setattr", [step], item, key=name, old=old, come=[(step, item)], gone=[(step, old)])
    return told


class OwnKind(Kind):
    """An object of a class of the user's."""

    is_container = True
    is_own = True

    def children(self, value: Any) -> Iterator[Place]:
        return ((Attribute(name), item) for name, item in stored(value).items())

    def at(self, value: Any, step: Any) -> Any:
        return stored(value)[step]

    def snapshot(self, value: Any) -> Any:
        return stored(value)

    def differences(self, value: Any, before: Any) -> list[Told]:
        return differences(stored(value), before)
