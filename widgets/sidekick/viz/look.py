"""Looking at a value: which Node tells of it, by its class. Code of the user's is never run, nor a property.

A class that is made from list, dict and the like is looked at as these are, by their own methods. Libraries that are
not imported are not asked for.
"""

from __future__ import annotations

import sys
from array import array
from collections import ChainMap, OrderedDict, UserDict, UserList, UserString, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import islice
from math import isfinite
from pathlib import PurePath
from types import (
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    ModuleType,
)
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sidekick.observing.wrapper import is_wrapper, value_of
from sidekick.viz.attributes import attributes, class_value, instance_dict
from sidekick.viz.nodes import Entry, Failed, Form, Inside, Node
from sidekick.viz.stand_ins import class_of
from sidekick.viz.texts import LONGEST, OCTETS, clean, function, integer, octets, quoted

Look = Callable[[Any], Node]


def look(value: Any) -> Node:
    """What is told of a value. What goes wrong in looking is told in its place."""
    is_tracked = False
    while is_wrapper(value):
        is_tracked, value = True, value_of(value)
    try:
        node = _look_for(class_of(value))(value)
    except Exception as error:
        node = _failed(Failed(error))
    return node.tracked() if is_tracked else node


def is_object(value: Any) -> bool:
    """Whether nothing is known of a value but its attributes."""
    return _look_for(class_of(value)) is _object


_known: Final[WeakKeyDictionary[type, Look]] = WeakKeyDictionary()


def _look_for(kind: type) -> Look:
    found = _known.get(kind)
    if found is None:
        found = _known[kind] = _find(kind)
    return found


def _find(kind: type) -> Look:
    for base, found in _LOOKS:
        if issubclass(kind, base):
            return found
    library = sys.modules.get(kind.__module__.partition(".")[0])
    if library is not None:
        from sidekick.viz import arrays, frames  # here, for few programs have any

        return arrays.look_for(kind) or frames.look_for(kind) or _object
    return _object


# -- Without anything inside


def _none(value: Any) -> Node:
    return Node("NoneType", "none", "None")


def _bool(value: Any) -> Node:
    return Node("bool", "boolean", bool.__repr__(value), number=float(value))


def _int(value: Any) -> Node:
    size = int.__float__(value) if int.bit_length(value) < 1000 else None
    return Node(_name(value), "number", integer(value), number=size)


def _float(value: Any) -> Node:
    size = float.__float__(value)
    return Node(_name(value), "number", float.__repr__(size), number=size if isfinite(size) else None)


def _complex(value: Any) -> Node:
    return Node(_name(value), "number", complex.__repr__(value))


def _str(value: Any) -> Node:
    return Node(_name(value), "string", quoted(str.__str__(value)), length=str.__len__(value))


def _bytes(base: Any) -> Look:
    def found(value: Any) -> Node:
        count = base.__len__(value)
        text = octets(base.__getitem__(value, slice(0, OCTETS)), count)
        return Node(_name(value), "string", text, count, identity=id(value) if base is bytearray else None, hold=value)

    return found


def _enum(value: Any) -> Node:
    held = instance_dict(value)
    inner = look(held.get("_value_"))
    text = f"{_name(value)}.{held.get('_name_')} = {inner.text}"
    return Node(_name(value), "word", text, number=inner.number)


def _function(value: Any) -> Node:
    return Node("function" if type(value) is not MethodType else "method", "word", function(value))


def _class(value: Any) -> Node:
    return Node("class", "word", class_name(value))


def _module(value: Any) -> Node:
    return Node("module", "word", clean(str(instance_dict(value).get("__name__", ""))))


def _generator(value: Any) -> Node:
    frame = value.gi_frame if type(value) is GeneratorType else value.cr_frame
    at = f", at line {frame.f_lineno}" if frame is not None else ", done"
    return Node(_name(value), "word", f"{value.__qualname__.rpartition('<locals>.')[2]}(){at}")


def _written(base: Any, form: Form = "plain", write: Callable[[Any], str] | None = None) -> Look:
    """As the standard library writes it, also for a class that was made from it."""
    writes = write or base.__str__

    def written(value: Any) -> Node:
        return Node(_name(value), form, clean(writes(value)[:LONGEST]))

    return written


def _number(base: Any) -> Look:
    def number(value: Any) -> Node:
        try:
            size = float(base.__float__(value))
        except (OverflowError, ValueError):  # too large for one, or a Decimal that signals
            size = float("nan")
        return Node(_name(value), "number", base.__str__(value)[:LONGEST], number=size if isfinite(size) else None)

    return number


def _failed(value: Failed) -> Node:
    return Node("error", "error", clean(value.text))


# -- Containers


def _container(value: Any, count: int, entries: Callable[[int, int], Sequence[Entry]]) -> Node:
    identity = None if issubclass(type(value), _UNCHANGING) else id(value)
    return Node(_name(value), "container", "", count, Inside(count, entries), identity=identity, hold=value)


# Where two places hold the same, that tells nothing: it cannot be changed in one of them.
_UNCHANGING: Final = (tuple, frozenset, range)


def items(values: Sequence[Any], start: int) -> list[Entry]:
    """Entries for items that stand one after the other, the first of them at ``start``."""
    return [Entry("index", at, str(at), value) for at, value in enumerate(values, start)]


def _list(value: Any) -> Node:
    return _container(
        value, list.__len__(value), lambda start, stop: items(list.__getitem__(value, slice(start, stop)), start)
    )


def _tuple(value: Any) -> Node:
    fields = class_value(class_of(value), "_fields")
    names = fields if type(fields) is tuple and all(type(name) is str for name in fields) else ()

    def entries(start: int, stop: int) -> list[Entry]:
        found = items(tuple.__getitem__(value, slice(start, stop)), start)
        return [
            Entry("attribute", entry.step, names[entry.step], entry.value) if entry.step < len(names) else entry
            for entry in found
        ]

    return _container(value, tuple.__len__(value), entries)


def _iterated(base: Any) -> Look:
    """What gives its parts one after the other."""

    def found(value: Any) -> Node:
        def entries(start: int, stop: int) -> list[Entry]:
            return items([*islice(base.__iter__(value), start, stop)], start)

        return _container(value, base.__len__(value), entries)

    return found


def _sliced(base: Any) -> Look:
    """What gives parts of itself."""

    def found(value: Any) -> Node:
        def entries(start: int, stop: int) -> list[Entry]:
            return items([*base.__getitem__(value, slice(start, stop))], start)

        return _container(value, base.__len__(value), entries)

    return found


def _dict(value: Any) -> Node:
    iterate = OrderedDict.items if type(value) is OrderedDict else dict.items
    return _container(value, dict.__len__(value), lambda start, stop: _pairs(iterate(value), start, stop))


def _mapping_proxy(value: Any) -> Node:
    return _container(value, len(value), lambda start, stop: _pairs(value.items(), start, stop))


def _pairs(pairs: Any, start: int, stop: int) -> list[Entry]:
    return [Entry("key", key, name_of(key), item) for key, item in islice(iter(pairs), start, stop)]


def _set(base: Any) -> Look:
    def found(value: Any) -> Node:
        def entries(start: int, stop: int) -> list[Entry]:
            members = list(base.__iter__(value))
            if len(members) <= _SORTED:
                members.sort(key=_rank)
            return [Entry("member", each, "", each) for each in members[start:stop]]

        return _container(value, base.__len__(value), entries)

    return found


_SORTED: Final = 1000  # members of a set that are put into order


def _rank(member: Any) -> tuple[str, float, str]:
    """Numbers by their size, everything else by what it looks like."""
    node = look(member)
    return ("", node.number, "") if node.number is not None else (node.type, 0.0, name_of(member))


def _user(name: str, looks: Look) -> Look:
    """A class of the collections module that keeps everything in an attribute."""

    def found(value: Any) -> Node:
        inner = looks(instance_dict(value)[name])
        return _container(value, inner.length or 0, inner.entries)

    return found


def _user_string(value: Any) -> Node:
    return _str(instance_dict(value)["data"])._replace(type=_name(value))


def _exception(value: Any) -> Node:
    args: tuple[Any, ...] = vars(BaseException)["args"].__get__(value)
    text = ", ".join(name_of(each) for each in args)[:LONGEST]
    return _attributes_of(value, {"args": args, **instance_dict(value)}, text, _name(value))


def _object(value: Any) -> Node:
    kind = _name(value)
    return _attributes_of(value, attributes(value, class_of(value)), "", f"object ({kind})")


def _attributes_of(value: Any, held: dict[str, Any], text: str, kind: str) -> Node:
    pairs = [*held.items()]
    return Node(
        *(kind, "container", text, len(pairs)),
        inside=Inside(
            len(pairs),
            lambda start, stop: [Entry("attribute", name, clean(name), item) for name, item in pairs[start:stop]],
        ),
        identity=id(value),
        hold=value,
    )


# -- Names


def name_of(key: Any) -> str:
    """A key as it is written between brackets."""
    node = look(key)
    if node.inside is not None and issubclass(class_of(key), tuple):
        return f"({', '.join(name_of(entry.value) for entry in node.entries(0, 5))})"
    return node.text[:80] or node.type


def class_name(kind: type) -> str:
    """What a class is called, whatever its metaclass makes of that."""
    return clean(vars(type)["__name__"].__get__(kind))


def _name(value: Any) -> str:
    return class_name(class_of(value))


def _words(*kinds: type) -> Iterator[tuple[type, Look]]:
    return ((kind, _function) for kind in kinds)


_VIEWS: Final[tuple[type, ...]] = (type({}.keys()), type({}.values()), type({}.items()))

# The first whose class a value is of, or is made from.
_LOOKS: Final[tuple[tuple[type, Look], ...]] = (
    (type(None), _none),
    (Failed, _failed),
    (Enum, _enum),
    (bool, _bool),
    (int, _int),
    (float, _float),
    (complex, _complex),
    (str, _str),
    (bytes, _bytes(bytes)),
    (bytearray, _bytes(bytearray)),
    (memoryview, _sliced(memoryview)),
    (list, _list),
    (tuple, _tuple),
    (dict, _dict),
    (set, _set(set)),
    (frozenset, _set(frozenset)),
    (deque, _iterated(deque)),
    (range, _sliced(range)),
    (array, _sliced(array)),
    *((view, _iterated(view)) for view in _VIEWS),
    (MappingProxyType, _mapping_proxy),
    (UserList, _user("data", _list)),
    (UserDict, _user("data", _dict)),
    (UserString, _user_string),
    (ChainMap, _user("maps", _list)),
    (type, _class),
    *_words(FunctionType, MethodType, BuiltinFunctionType),
    (ModuleType, _module),
    (GeneratorType, _generator),
    (CoroutineType, _generator),
    (CodeType, _function),
    (datetime, _written(datetime, "time", lambda value: datetime.isoformat(value, " "))),
    (date, _written(date, "time", date.isoformat)),
    (time, _written(time, "time", time.isoformat)),
    (timedelta, _written(timedelta, "time")),
    (Decimal, _number(Decimal)),
    (Fraction, _number(Fraction)),
    (UUID, _written(UUID)),
    (PurePath, _written(PurePath)),
    (BaseException, _exception),
    *((kind, _written(kind, write=kind.__repr__)) for kind in (type(...), type(NotImplemented), slice)),
)
