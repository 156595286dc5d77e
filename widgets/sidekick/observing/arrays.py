"""NumPy arrays. This module is imported when there is an array, and so NumPy is imported already."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from sidekick.observing.change import Tell, Told, say
from sidekick.observing.kinds import Kind, Mutator
from sidekick.observing.wrapper import bare


def set_item(value: Any, tell: Tell, key: Any, item: Any) -> None:
    key = tuple(map(bare, key)) if isinstance(key, tuple) else bare(key)
    item = bare(item)
    if tell is None:
        value[key] = item
        return
    try:
        old = copy.copy(value[key])
    except Exception:
        value[key] = item
        raise
    value[key] = item
    new = item if np.isscalar(item) else copy.copy(value[key])
    say(tell, "setitem", [copy.deepcopy(key)], new, old=old)


def tell_whole(value: Any, tell: list[Told], before: Any) -> None:
    """Tell that all of an array is new."""
    say(tell, "setitem", [...], value.copy(), old=before)


def _method(name: str) -> Mutator:
    def change(value: Any, tell: Tell, *args: Any, **options: Any) -> Any:
        before = value.copy()
        try:
            result = getattr(value, name)(*map(bare, args), **{key: bare(each) for key, each in options.items()})
        except BaseException:
            value[...] = before
            raise
        if tell is not None and is_changed(value, before):
            tell_whole(value, tell, before)
        return result

    return change


def _in_place(operation: Callable[[Any, Any], Any]) -> Mutator:
    def change(value: Any, tell: Tell, other: Any) -> Any:
        before = value.copy() if tell is not None else None
        operation(value, bare(other))
        if tell is not None:
            tell_whole(value, tell, before)
        return value

    return change


def resize(value: Any, tell: Tell, *shape: Any, **options: Any) -> None:
    before = value.copy()
    value.resize(*shape, **options)
    if tell is not None and before.shape != value.shape:
        say(tell, "resize", [], value.copy(), old=before, length=len(value) if value.ndim else None)


def byteswap(value: Any, tell: Tell, *args: Any, **options: Any) -> Any:
    before = value.copy()
    result = value.byteswap(*args, **options)
    if tell is not None and is_changed(value, before):
        tell_whole(value, tell, before)
    return value if result is value else result


def is_changed(value: Any, before: Any) -> bool:
    """Whether any byte is another, which tells a NaN from no change; objects are compared as objects."""
    if value.dtype != before.dtype or value.shape != before.shape:
        return True
    if value.dtype.hasobject:
        return any(map(operator.is_not, value.ravel().tolist(), before.ravel().tolist()))
    return bool(value.tobytes() != before.tobytes())


class ArrayKind(Kind):
    """An array: everything in it is told by index, or as a whole."""

    is_container = True
    mutators: ClassVar[Mapping[str, Mutator]] = {
        "__setitem__": set_item,
        "fill": _method("fill"),
        "sort": _method("sort"),
        "partition": _method("partition"),
        "put": _method("put"),
        "setfield": _method("setfield"),
        "byteswap": byteswap,
        "resize": resize,
        **{
            f"__{name}__": _in_place(getattr(operator, name))
            for name in (
                *("iadd", "isub", "imul", "imatmul", "itruediv", "ifloordiv"),
                *("imod", "ipow", "ilshift", "irshift", "iand", "ior", "ixor"),
            )
        },
    }
    readers = frozenset(name for name in dir(np.ndarray) if not name.startswith("_")) - set(mutators)

    def at(self, value: Any, step: Any) -> Any:
        return value[step]

    def snapshot(self, value: Any) -> Any:
        return value.copy()

    def differences(self, value: Any, before: Any) -> list[Told]:
        told: list[Told] = []
        if value.shape != before.shape or value.dtype != before.dtype:
            say(told, "resize", [], value.copy(), old=before, length=len(value) if value.ndim else None)
        elif is_changed(value, before):
            tell_whole(value, told, before)
        return told
