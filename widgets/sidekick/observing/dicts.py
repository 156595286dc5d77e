"""Dictionaries and whatever else is a mutable mapping."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from sidekick.observing.change import Place, Tell, Told, say
from sidekick.observing.kinds import Kind, Mutator
from sidekick.observing.wrapper import bare, plain


def set_item(value: Any, tell: Tell, key: Any, item: Any) -> None:
    if tell is None:
        value[key] = item
        return
    try:
        gone = [(key, value[key])] if key in value else []
    except TypeError:
        value[key] = item  # raises what it raises, which may say more than asking does
        raise
    value[key] = item
    old = gone[0][1] if gone else None
    say(tell, "setitem", [key], item, key=key, old=old, come=[(key, item)], gone=gone)


def _tell_removed(value: Any, tell: Tell, key: Any, old: Any) -> None:
    if tell is not None:
        say(tell, "delitem", [key], key=key, old=old, length=len(value), gone=[(key, old)])


def delete_item(value: Any, tell: Tell, key: Any) -> None:
    old = None
    with suppress(TypeError):  # an unhashable key: del raises what it raises
        old = value.get(key)
    del value[key]
    _tell_removed(value, tell, key, old)


def pop(value: Any, tell: Tell, *args: Any, **options: Any) -> Any:
    before = len(value)
    result = value.pop(*args, **options)
    if len(value) < before:
        _tell_removed(value, tell, args[0] if args else options["key"], result)
    return result


def pop_item(value: Any, tell: Tell, *args: Any, **options: Any) -> Any:
    key, old = value.popitem(*args, **options)
    _tell_removed(value, tell, key, old)
    return key, old


def set_default(value: Any, tell: Tell, *args: Any, **options: Any) -> Any:
    before = len(value)
    result = value.setdefault(*args, **options)
    if tell is not None and len(value) > before:
        key = args[0] if args else options["key"]
        say(tell, "setitem", [key], result, key=key, come=[(key, result)])
    return result


def update(value: Any, tell: Tell, *others: Any, **items: Any) -> None:
    new: dict[Any, Any] = OrderedDict() if isinstance(value, OrderedDict) else {}  # their errors have their own words
    new.update(*map(bare, others), **items)  # if this raises, nothing is changed yet
    for key, item in new.items():
        set_item(value, tell, key, plain(item))


def update_self(value: Any, tell: Tell, other: Any) -> Any:
    update(value, tell, other)
    return value


def clear(value: Any, tell: Tell) -> None:
    gone = list(value.items()) if tell is not None else []
    value.clear()
    if tell is not None:
        say(tell, "clear", [], value, length=0, gone=gone)


def read_item(value: Any, tell: Tell, key: Any) -> Any:
    """Read, which in a defaultdict may put something in."""
    before = len(value)
    result = value[key]
    if tell is not None and len(value) > before:
        say(tell, "setitem", [key], result, key=key, come=[(key, result)])
    return result


class MappingKind(Kind):
    """A mutable mapping: values by their keys. What is inside of a key is not looked into."""

    is_container = True
    standard = (dict, OrderedDict, defaultdict)
    mutators: ClassVar[Mapping[str, Mutator]] = {
        "pop": pop,
        "popitem": pop_item,
        "setdefault": set_default,
        "update": update,
        "clear": clear,
        "__getitem__": read_item,
        "__setitem__": set_item,
        "__delitem__": delete_item,
        "__ior__": update_self,
    }
    readers = frozenset({"get", "keys", "values", "items", "copy", "fromkeys", "most_common", "elements", "total"})

    def find_mutator(self, kind: type, name: str) -> Mutator | None:
        if name == "__ior__" and not hasattr(kind, name):
            return None  # a mutable mapping need not have it
        return super().find_mutator(kind, name)

    def children(self, value: Any) -> Iterator[Place]:
        return iter(list(value.items()))

    def at(self, value: Any, step: Any) -> Any:
        if step not in value:  # for a defaultdict makes what it has not
            raise KeyError(step)
        return value[step]

    def snapshot(self, value: Any) -> Any:
        return dict(value)

    def differences(self, value: Any, before: Any) -> list[Told]:
        """One change for each key; but all anew if what was there is in another order."""
        told: list[Told] = []
        now = dict(value)
        kept = [key for key in before if key in now]
        if kept != [key for key in now if key in before] or kept != list(now)[: len(kept)]:
            say(told, "clear", [], value, length=0, gone=list(before.items()))
            before = {}
        for key, old in before.items():
            if key not in now:
                say(told, "delitem", [key], key=key, old=old, length=len(now), gone=[(key, old)])
        for key, item in now.items():
            if key not in before or before[key] is not item:
                gone = [(key, before[key])] if key in before else []
                say(told, "setitem", [key], item, key=key, old=before.get(key), come=[(key, item)], gone=gone)
        return told
