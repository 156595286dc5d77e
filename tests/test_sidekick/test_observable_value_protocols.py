"""Every operator and protocol gives on an ObservableValue what it gives on the value: the same answer or error."""

from __future__ import annotations

import asyncio
import collections.abc
import copy
import decimal
import fractions
import inspect
import math
import operator
import os
import pathlib
import pickle
import re
import sys
from collections import Counter, OrderedDict, UserDict, UserList, defaultdict, deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sidekick import ObservableValue

VALUES: list[Any] = [
    *(0, 5, -3, True, None, 2.5, 1 + 2j, "text", "7", "", b"ab", (1, 2), (), frozenset({1}), range(3)),
    *(decimal.Decimal("1.5"), fractions.Fraction(1, 3), pathlib.PurePosixPath("/a"), abs, int),
    *([], [1, 2], [[1], [2]], {}, {"a": 1}, {"a": [1]}, set(), {1, 2}, deque([1, 2], 3), bytearray(b"ab")),
    *(defaultdict(list, a=[1]), OrderedDict(a=1), Counter("aab"), UserList([1]), UserDict(a=1), SimpleNamespace(a=[1])),
]
ONE: dict[str, Callable[[Any], Any]] = {
    each.__name__: each
    for each in (
        *(len, iter, reversed, bool, int, float, complex, str, bytes, format, abs, round, divmod, hex, bin, chr),
        *(list, tuple, sorted, sum, min, max, any, all, next, callable, os.fspath),
        *(math.floor, math.ceil, math.trunc, operator.index, operator.neg, operator.pos, operator.invert),
        *(copy.copy, copy.deepcopy),
    )
} | {
    "round to two": lambda value: round(value, 2),
    "a format": lambda value: f"{value:>9}",
    "a wrong format": lambda value: format(value, "no such"),
    "the first": lambda value: value[0],
    "the last two": lambda value: value[-2:],
    "a key": lambda value: value["a"],
    "a call": lambda value: value(2),
    "calling for nothing": lambda value: value.nothing,
    "unpacking": lambda value: [*value],
    "as a mapping": lambda value: {**value},
    "items": lambda value: list(value.items()),
    "values": lambda value: list(value.values()),
    "keys": lambda value: list(value.keys()),
    "items from the end": lambda value: list(reversed(value.items())),
    "a copy": lambda value: value.copy(),
    "count": lambda value: value.count(1),
    "index": lambda value: value.index(2),
    "upper": lambda value: value.upper(),
    "isinstance of it": lambda value: isinstance(3, value),
    "pow modulo": lambda value: pow(value, 2, 3),
    "an awaitable": inspect.isawaitable,
    "an index": lambda value: [1, 2, 3, 4, 5, 6][value],
    "an iterator": lambda value: isinstance(value, collections.abc.Iterator),
}
TWO = [
    *(operator.add, operator.sub, operator.mul, operator.matmul, operator.truediv, operator.floordiv, operator.mod),
    *(divmod, pow, operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift),
    *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.contains),
]
IN_PLACE = [
    *(operator.iadd, operator.isub, operator.imul, operator.imatmul, operator.itruediv, operator.ifloordiv),
    *(operator.imod, operator.ipow, operator.iand, operator.ior, operator.ixor, operator.ilshift, operator.irshift),
]
OTHERS: list[Any] = [2, 0, 1.5, "a", [1], (1,), {1}, {"a": 1}, None, b"a"]


# Their words name the wrapper, or what the wrapper was asked for first.
WORDS = re.compile(
    r"object is not (callable|a mapping|an iterator)|must be an iterable|cannot be interpreted|list indices|os.PathLike"
    r"|is not iterable"
)


def outcome(function: Callable[..., Any], *args: Any) -> Any:
    """What a function gives, iterators as what they yield; or the kind of what it raises, and its words."""
    try:
        result = function(*args)
        if isinstance(result, ObservableValue):
            result = result.get()
        return list(result) if isinstance(result, collections.abc.Iterator) else result
    except Exception as error:
        return type(error), "" if WORDS.search(str(error)) else str(error)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_takes_one_value_gives_the_same(value: Any) -> None:
    for name, function in ONE.items():
        plain, observed = copy.deepcopy(value), ObservableValue(copy.deepcopy(value))
        assert (name, outcome(function, observed)) == (name, outcome(function, plain))
        assert observed == plain


@pytest.mark.parametrize("operation", TWO, ids=lambda each: each.__name__)
def test_an_operator_gives_the_same_from_both_sides(operation: Callable[[Any, Any], Any]) -> None:
    for value in VALUES:
        for other in OTHERS:
            observed, where = ObservableValue(copy.deepcopy(value)), (value, other)
            assert (where, outcome(operation, observed, other)) == (where, outcome(operation, value, other))
            if operation not in (operator.mod, operator.contains):  # a text and a set ask for the very class
                reflected, expected = outcome(operation, other, observed), outcome(operation, other, value)
                assert (where, kind(reflected)) == (where, kind(expected))
            both = outcome(operation, observed, ObservableValue(other))
            assert (where, kind(both)) == (where, kind(outcome(operation, value, other)))


@pytest.mark.parametrize("operation", IN_PLACE, ids=lambda each: each.__name__)
def test_an_operator_in_place_leaves_the_same(operation: Callable[[Any, Any], Any]) -> None:
    for value in VALUES:
        for other in OTHERS:
            plain, observed, where = copy.deepcopy(value), ObservableValue(copy.deepcopy(value)), (value, other)
            expected, found = outcome(operation, plain, other), outcome(operation, observed, other)
            assert (where, found) == (where, expected)
            assert observed == (plain if is_error(expected) else expected)


def is_error(result: Any) -> bool:
    return isinstance(result, tuple) and bool(result) and isinstance(result[0], type)


def kind(result: Any) -> Any:
    """A result, or the kind of an error: its words name the two sides in another order."""
    return result[0] if is_error(result) else result


def test_only_what_wraps_something_to_call_or_to_await_can_be_called_or_awaited() -> None:
    async def answer() -> int:
        return 42

    observed = ObservableValue[Any]([1])
    assert not callable(observed)
    observed.set(len)
    assert callable(observed)
    assert observed([1, 2]) == 2

    async def main() -> int:
        observed.set(answer())
        assert inspect.isawaitable(observed)
        assert not callable(observed)
        result: int = await observed
        return result

    assert asyncio.run(main()) == 42
    observed.set(5)
    assert type(observed) is ObservableValue


def test_a_context_manager_is_entered_and_left_and_what_it_gives_of_itself_is_observed() -> None:
    class Door:
        is_open = False

        def __enter__(self) -> Door:
            self.is_open = True
            return self

        def __exit__(self, *error: object) -> bool:
            self.is_open = False
            return True

    observed, heard = ObservableValue(Door()), list[Any]()
    observed.subscribe(lambda change: heard.append((change["key"], change["value"])))
    with observed as entered:
        assert entered is observed
        raise RuntimeError("swallowed")
    assert heard == [("is_open", True), ("is_open", False)]


def test_async_iteration_and_async_with_work() -> None:
    class Stream:
        async def __aenter__(self) -> Stream:
            return self

        async def __aexit__(self, *error: object) -> None:
            return None

        async def __aiter__(self) -> Any:
            yield 1
            yield 2

    async def main() -> list[int]:
        async with ObservableValue(Stream()) as stream:
            return [each async for each in stream]

    assert asyncio.run(main()) == [1, 2]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="classes written in Python have buffers since 3.12")
def test_bytes_have_a_buffer_to_read() -> None:
    observed = ObservableValue(bytearray(b"abc"))
    view = memoryview(observed)
    assert bytes(view) == b"abc"
    assert view.readonly
    assert b"".join([observed, b"d"]) == b"abcd"  # type: ignore[list-item]


def test_a_part_is_of_the_class_of_its_value_and_a_key_if_its_value_can_be() -> None:
    class Node:
        pass

    node = Node()
    observed = ObservableValue({"list": [1], "node": node})
    assert isinstance(observed["list"], list)
    assert isinstance(observed["node"], Node)
    assert {observed["node"]: 1}[node] == 1
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        hash(observed["list"])


def test_a_part_is_the_same_object_while_somebody_has_it() -> None:
    observed = ObservableValue({"a": [1]})
    part = observed["a"]
    assert observed["a"] is part
    assert observed.get("a") is part
    assert next(iter(observed.values())) is part


def test_a_copy_of_a_part_is_a_plain_value() -> None:
    observed = ObservableValue({"a": [[1]]})
    for clone in (copy.copy, copy.deepcopy, lambda part: pickle.loads(pickle.dumps(part))):
        assert type(clone(observed["a"])) is list


def test_a_method_says_what_it_is() -> None:
    observed = ObservableValue([1])
    assert observed.sort.__name__ == "sort"
    assert str(inspect.signature(observed.index)) == str(inspect.signature([].index))
