"""Lists, deques, bytearrays, and whatever else is a mutable sequence."""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from sidekick.observing.change import Place, Tell, Told, say
from sidekick.observing.kinds import Kind, Mutator
from sidekick.observing.wrapper import bare, plain


def append(value: Any, tell: Tell, item: Any) -> None:
    at = len(value)
    value.append(item)
    if tell is not None:
        say(tell, "append", [at], item, length=len(value), come=[(at, item)])


def insert(value: Any, tell: Tell, index: Any, item: Any) -> None:
    value.insert(index, item)
    if tell is not None:
        say(tell, "insert", [index], item, length=len(value), come=[(index, item)])


def pop(value: Any, tell: Tell, *index: Any) -> Any:
    before = len(value)
    item = value.pop(*index)
    if tell is not None:
        at = operator.index(index[0]) if index else -1
        _tell_removed(value, tell, "pop", at + before if at < 0 else at, item)
    return item


def remove(value: Any, tell: Tell, item: Any) -> None:
    at = next((at for at, each in enumerate(value) if each is item or each == item), None)
    if at is None:
        value.remove(item)  # raises what it raises
        return
    old = value[at]
    del value[at]
    if tell is not None:
        _tell_removed(value, tell, "remove", at, old)


def _tell_removed(value: Any, tell: list[Told], kind: str, at: int, old: Any) -> None:
    say(tell, kind, [at], old=old, length=len(value), gone=[(at, old)])


def clear(value: Any, tell: Tell) -> None:
    gone = list(enumerate(value)) if tell is not None else []
    value.clear()
    if tell is not None:
        say(tell, "clear", [], value, length=0, gone=gone)


def extend(value: Any, tell: Tell, items: Iterable[Any]) -> None:
    ready = [plain(item) for item in bare(items)]
    before = len(value)
    value.extend(ready)
    tell_extended(value, tell, before)


def tell_extended(value: Any, tell: Tell, before: int) -> None:
    if tell is None or len(value) <= before:
        return
    items = _listed(value[before:]) if isinstance(value, (list, bytearray)) else list(value)[before:]
    say(tell, "extend", [before], items, length=len(value), come=enumerate(items, before))


def extend_self(value: Any, tell: Tell, items: Iterable[Any]) -> Any:
    extend(value, tell, items)
    return value


def multiply(value: Any, tell: Tell, count: Any) -> Any:
    before = len(value)
    gone = list(enumerate(value)) if tell is not None else []
    value *= bare(count)
    if len(value) < before and tell is not None:
        say(tell, "clear", [], value, length=0, gone=gone)
    tell_extended(value, tell, before)
    return value


def sort(value: Any, tell: Tell, *args: Any, **options: Any) -> None:
    before = list(value)
    after = list(before)
    after.sort(*args, **options)  # of a copy: if a key or a comparison raises, nothing has moved
    value[:] = after
    if tell is not None:
        say(tell, "sort", [], after, old=before, length=len(after))


def reverse(value: Any, tell: Tell) -> None:
    before = _listed(value) if tell is not None else None
    value.reverse()
    if tell is not None:
        say(tell, "reverse", [], _listed(value), old=before, length=len(value))


def set_item(value: Any, tell: Tell, key: Any, item: Any) -> None:
    if isinstance(key, slice):
        _set_slice(value, tell, key, item)
        return
    try:
        old = value[key]
    except Exception:
        value[key] = item  # raises what it raises, which is not what reading raises
        raise
    value[key] = item
    if tell is not None:
        at = operator.index(key)
        say(tell, "setitem", [at], item, old=old if at >= 0 else None, come=[(at, item)], gone=[(at, old)])


def _set_slice(value: Any, tell: Tell, key: slice, items: Any) -> None:
    items = bare(items)
    if isinstance(value, list) and hasattr(type(items), "__iter__"):
        items = [plain(item) for item in items]
    before, old = len(value), value[key]
    value[key] = items
    if tell is None:
        return
    start, stop, step = key.indices(before)
    if step != 1 and len(value) < before:  # a bytearray takes no bytes for a wish to delete
        say(tell, "delitem", [key], old=_listed(old), length=len(value))
        return
    count = max(stop - start, 0) + len(value) - before if step == 1 else len(old)
    new = _listed(value[start : start + count] if step == 1 else value[key])
    if count or len(old):
        say(
            *(tell, "setitem", [key], new),
            old=_listed(old),
            length=len(value),
            come=enumerate(new, start),
            gone=enumerate(old),
        )


def delete_item(value: Any, tell: Tell, key: Any) -> None:
    try:
        old = value[key]
    except Exception:
        del value[key]
        raise
    del value[key]
    if tell is None:
        return
    if not isinstance(key, slice):
        say(tell, "delitem", [operator.index(key)], old=old, length=len(value), gone=[(key, old)])
    elif len(old):
        say(tell, "delitem", [key], old=_listed(old), length=len(value), gone=enumerate(old))


def _listed(items: Any) -> Any:
    """A copy that holds the items and is of a plain kind: bytes stay bytes, all else becomes a list."""
    return bytes(items) if isinstance(items, (bytearray, bytes)) else list(items)


class SequenceKind(Kind):
    """A mutable sequence: items by their index."""

    is_container = True
    mutators: ClassVar[Mapping[str, Mutator]] = {
        "append": append,
        "insert": insert,
        "pop": pop,
        "remove": remove,
        "clear": clear,
        "extend": extend,
        "reverse": reverse,
        "__setitem__": set_item,
        "__delitem__": delete_item,
        "__iadd__": extend_self,
    }
    readers = frozenset({"index", "count", "copy"})

    def children(self, value: Any) -> Iterator[Place]:
        return enumerate(value)

    def at(self, value: Any, step: Any) -> Any:
        return value[step]

    def snapshot(self, value: Any) -> Any:
        return list(value)

    def differences(self, value: Any, before: Any) -> list[Told]:
        """The part between what is the same at the start and at the end, as one assignment to a slice."""
        after = list(value)
        start = _common(before, after)
        if start == len(before) == len(after):
            return []
        end = _common(before[start:][::-1], after[start:][::-1])
        old, new = before[start : len(before) - end], after[start : len(after) - end]
        told: list[Told] = []
        say(
            *(told, "setitem", [slice(start, start + len(old))], new),
            old=old,
            length=len(after),
            come=enumerate(new, start),
            gone=enumerate(old, start),
        )
        return told


def _common(one: list[Any], other: list[Any]) -> int:
    """How many items the two have in common at their start, as objects."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine is not yours:
            break
        count += 1
    return count


class ListKind(SequenceKind):
    """Lists, which can do a little more."""

    standard = (list,)
    mutators: ClassVar[Mapping[str, Mutator]] = {**SequenceKind.mutators, "sort": sort, "__imul__": multiply}


def extend_bytes(value: bytearray, tell: Tell, items: Any) -> None:
    more = bytearray()
    more.extend(bare(items))
    before = len(value)
    value += more
    tell_extended(value, tell, before)


def add_bytes(value: bytearray, tell: Tell, more: Any) -> bytearray:
    before = len(value)
    value += bare(more)
    tell_extended(value, tell, before)
    return value


class BytearrayKind(SequenceKind):
    """Bytearrays: their items are numbers, and their slices bytes."""

    standard = (bytearray,)
    mutators: ClassVar[Mapping[str, Mutator]] = {
        **SequenceKind.mutators,
        "extend": extend_bytes,
        "__iadd__": add_bytes,
        "__imul__": multiply,
    }
    readers = frozenset(name for name in dir(bytes) if not name.startswith("_")) | {"copy"}

    def children(self, value: Any) -> Iterator[Place]:
        return iter(())


def append_to_deque(value: deque[Any], tell: Tell, item: Any) -> None:
    _make_room(value, tell, 1, at_end=False)
    if value.maxlen != 0:
        append(value, tell, item)


def append_left(value: deque[Any], tell: Tell, item: Any) -> None:
    _make_room(value, tell, 1, at_end=True)
    if value.maxlen != 0:
        insert(value, tell, 0, item)


def extend_deque(value: deque[Any], tell: Tell, items: Iterable[Any]) -> None:
    ready = _last([plain(item) for item in bare(items)], value)
    _make_room(value, tell, len(ready), at_end=False)
    before = len(value)
    value.extend(ready)
    if tell is not None and ready:
        say(tell, "extend", [before], ready, length=len(value), come=enumerate(ready, before))


def extend_left(value: deque[Any], tell: Tell, items: Iterable[Any]) -> None:
    ready = _last([plain(item) for item in bare(items)], value)
    _make_room(value, tell, len(ready), at_end=True)
    value.extendleft(ready)
    if tell is not None and ready:
        ready.reverse()
        say(tell, "setitem", [slice(0, 0)], ready, old=[], length=len(value), come=enumerate(ready))


def _last(items: list[Any], value: deque[Any]) -> list[Any]:
    """Those that will be left of new items when all have been put in."""
    return items if value.maxlen is None else items[max(len(items) - value.maxlen, 0) :]


def _make_room(value: deque[Any], tell: Tell, count: int, *, at_end: bool) -> None:
    """Take out what a full deque drops for new items, and tell it, so that no change does two things."""
    if value.maxlen is None or len(value) + count <= value.maxlen:
        return
    over = min(len(value) + count - value.maxlen, len(value))
    if not over:
        return
    start = len(value) - over if at_end else 0
    dropped = [value.pop() for _ in range(over)][::-1] if at_end else [value.popleft() for _ in range(over)]
    if tell is not None:
        key: Any = start if over == 1 else slice(start, start + over)
        old: Any = dropped[0] if over == 1 else dropped
        say(tell, "delitem", [key], old=old, length=len(value), gone=enumerate(dropped, start))


def pop_left(value: deque[Any], tell: Tell) -> Any:
    item = value.popleft()
    if tell is not None:
        _tell_removed(value, tell, "pop", 0, item)
    return item


def rotate(value: deque[Any], tell: Tell, *steps: Any) -> None:
    before = list(value) if tell is not None else None
    value.rotate(*steps)
    if tell is not None:
        say(tell, "rotate", [], list(value), old=before, length=len(value))


def extend_deque_self(value: deque[Any], tell: Tell, items: Iterable[Any]) -> deque[Any]:
    extend_deque(value, tell, items)
    return value


def multiply_deque(value: deque[Any], tell: Tell, count: Any) -> deque[Any]:
    result = list(value * bare(count))  # of a copy, for a full deque drops what was there
    if value.maxlen is None and result:
        extend_deque(value, tell, result[len(value) :])
    elif not result and value:
        clear(value, tell)
    elif len(result) != len(value) or any(map(operator.is_not, value, result)):
        _replace(value, tell, result)
    return value


def _replace(value: deque[Any], tell: Tell, items: list[Any]) -> None:
    before = list(value)
    value.clear()
    value.extend(items)
    if tell is not None:
        say(
            *(tell, "setitem", [slice(0, len(before))], list(items)),
            old=before,
            length=len(value),
            come=enumerate(items),
            gone=enumerate(before),
        )


class DequeKind(SequenceKind):
    """Deques: both ends, no slices, and perhaps a greatest length."""

    standard = (deque,)
    mutators: ClassVar[Mapping[str, Mutator]] = {
        **SequenceKind.mutators,
        "append": append_to_deque,
        "appendleft": append_left,
        "extend": extend_deque,
        "extendleft": extend_left,
        "popleft": pop_left,
        "rotate": rotate,
        "__iadd__": extend_deque_self,
        "__imul__": multiply_deque,
    }
