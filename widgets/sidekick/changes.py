"""Doing again what was told: a copy of a value follows the value by its changes alone."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from sidekick.observable_value import ObservableValue
from sidekick.observing.attributes import stored
from sidekick.observing.change import Attribute
from sidekick.observing.kinds import kind_of
from sidekick.observing.wrapper import is_wrapper, value_of


def apply_change(container: Any, change: Mapping[str, Any]) -> Any:
    """Do to ``container`` what ``change`` tells, and get the container as it is now.

    That is another object only where the change put another in place of the whole. All changes of an ObservableValue,
    applied in order to a deep copy of what it held, give what it holds:

    >>> numbers, changes = ObservableValue([1]), []
    >>> replica = copy.deepcopy(numbers.get())
    >>> unsubscribe = numbers.subscribe(lambda change: changes.append(copy.deepcopy(change)))
    >>> numbers.extend([2, 3])
    >>> for change in changes:
    ...     replica = apply_change(replica, change)
    >>> replica
    [1, 2, 3]

    A value that comes is copied, so a log can be applied again. It has to be the value as it was then: keep a deep copy
    of a change whose value is itself a container. What is in several places is told once for each; where these are one
    object in the copy too, it is changed once. Raises ValueError for a type of change that nobody tells.
    """
    kind, path = change["type"], change["path"]
    if kind == "set":
        return _put(container, path, copy.deepcopy(change["value"]))
    apply = _APPLY.get(kind)
    if apply is None:
        raise ValueError(f"a change is one of {', '.join(('set', *_APPLY))}, and not of type {kind!r}")
    steps, last = (path[:-1], path[-1]) if kind in _AT_LAST else (path, None)
    target = container
    for step in steps:
        target = _inside(target, step)
    if not _is_done(target, change):
        apply(target, last, copy.deepcopy(change["value"]), change)
    return container


def _inside(target: Any, step: Any) -> Any:
    value = _value(target)
    if isinstance(step, Attribute) or (isinstance(step, str) and kind_of(value).is_own and step in stored(value)):
        return getattr(target, step)
    return target[step]


def _put(container: Any, path: list[Any], new: Any) -> Any:
    """Put a value in the place of another. Where an ObservableValue stands, it is its value that is replaced."""
    target, above = container, None
    for step in path:
        above, target = target, _inside(target, step)
    if isinstance(target, ObservableValue):
        target.set(new)
    elif not path:
        return new
    elif isinstance(path[-1], Attribute):
        setattr(above, path[-1], new)
    else:
        above[path[-1]] = new  # type: ignore[index]
    return container


def _value(target: Any) -> Any:
    while is_wrapper(target):
        target = value_of(target)
    return target


def _is_done(target: Any, change: Mapping[str, Any]) -> bool:
    """Whether the change was made already, at another place that is the same object. Its length tells."""
    length = change["length"]
    if length is None or change["type"] not in _MAKES_LONGER:
        return False
    return bool(len(target) == length and length != length - _MAKES_LONGER[change["type"]](change))


def _sliced(change: Mapping[str, Any]) -> int:
    return len(change["value"]) - len(change["old_value"]) if _is_slice(change) else 0


def _is_slice(change: Mapping[str, Any]) -> bool:
    return isinstance(change["path"][-1], slice) and change["key"] is None


# By how much a change makes a sequence longer.
_MAKES_LONGER: Final[dict[str, Callable[[Mapping[str, Any]], int]]] = {
    "append": lambda change: 1,
    "insert": lambda change: 1,
    "extend": lambda change: len(change["value"]),
    "setitem": _sliced,
    "pop": lambda change: -1,
    "remove": lambda change: -1,
    "delitem": lambda change: -len(change["old_value"]) if _is_slice(change) else -1,
}

# Applying, by type: to the target, at the last step of the path, with a copy of the value.
_Apply = Callable[[Any, Any, Any, Mapping[str, Any]], object]
_AT_LAST: Final = frozenset({"append", "insert", "extend", "pop", "remove", "setitem", "delitem", "setattr", "delattr"})


def _set_item(target: Any, key: Any, item: Any, change: Mapping[str, Any]) -> None:
    if isinstance(key, slice) and isinstance(_value(target), deque):
        items = list(_value(target))
        items[key] = item
        _become(target, items)
    else:
        target[key] = item


def _delete_item(target: Any, key: Any, item: Any, change: Mapping[str, Any]) -> None:
    if isinstance(key, slice) and isinstance(_value(target), deque):
        items = list(_value(target))
        del items[key]
        _become(target, items)
    else:
        del target[key]


def _become(target: Any, items: Any) -> None:
    """Let a deque, which has no slices, hold what is told."""
    target.clear()
    target.extend(items)


def _reorder(target: Any, key: Any, items: Any, change: Mapping[str, Any]) -> None:
    if isinstance(_value(target), deque):
        _become(target, items)
    else:
        target[:] = items


def _delete_attribute(target: Any, name: Any, item: Any, change: Mapping[str, Any]) -> None:
    with suppress(AttributeError):  # gone already, at another place that is the same object
        delattr(target, name)


def _resize(target: Any, key: Any, new: Any, change: Mapping[str, Any]) -> None:
    target.resize(new.shape, refcheck=False)
    target[...] = new


_APPLY: Final[dict[str, _Apply]] = {
    "append": lambda target, at, item, change: target.append(item),
    "insert": lambda target, at, item, change: target.insert(at, item),
    "extend": lambda target, at, items, change: target.extend(items),
    "pop": _delete_item,
    "remove": _delete_item,
    "clear": lambda target, at, item, change: target.clear(),
    "setitem": _set_item,
    "delitem": _delete_item,
    "add_set": lambda target, at, item, change: target.add(item),
    "discard_set": lambda target, at, item, change: target.discard(change["old_value"]),
    "sort": _reorder,
    "reverse": _reorder,
    "rotate": _reorder,
    "setattr": lambda target, name, item, change: setattr(target, name, item),
    "delattr": _delete_attribute,
    "resize": _resize,
}
