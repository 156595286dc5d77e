"""Looking at values: what is told of each kind, that no code of the user's runs, and that nothing makes it fail."""

from __future__ import annotations

import array
import enum
import types
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, NoReturn
from uuid import UUID

import pytest
from hypothesis import given

from sidekick import ObservableValue
from sidekick.viz.look import look
from sidekick.viz.still import Copier
from support.sidekick_values import VALUES, Player, Point, no_id


class Suit(enum.Enum):
    HEARTS = "h"


class Level(enum.IntEnum):
    HIGH = 3


class Hidden:
    def __init__(self) -> None:
        self._inner = 1


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self) -> None:
        self.a = 1


class Stack(list[int]):
    """Everything that Python could call of it fails."""

    def _no(self, *_: Any) -> NoReturn:
        raise SystemExit("code of the user's was run")

    __iter__ = __len__ = __getitem__ = __repr__ = __str__ = __getattribute__ = _no


class Trap:
    kind = "class data"

    def __init__(self) -> None:
        self.data = 5

    @property
    def dangerous(self) -> NoReturn:
        raise SystemExit("a property was run")

    def method(self) -> NoReturn:
        raise SystemExit

    def _no(self, *_: Any) -> NoReturn:
        raise SystemExit("code of the user's was run")

    __getattr__ = __repr__ = __str__ = __eq__ = __hash__ = __len__ = __iter__ = __bool__ = _no


class Number(int):
    def __repr__(self) -> NoReturn:
        raise SystemExit

    __str__ = __int__ = __float__ = __index__ = __repr__


def area(width: int, /, height: int = 1, *more: int, unit: str = "", **options: int) -> None: ...


def told(value: Any) -> tuple[str, str, int | None]:
    node = look(value)
    return node.type, node.text, node.length


def inside(value: Any) -> list[tuple[str, str]]:
    return [(entry.shown, look(entry.value).text) for entry in look(value).entries(0, 100)]


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (None, "NoneType", "None"),
        (True, "bool", "True"),
        (42, "int", "42"),
        (2**20_000, "int", "about 2**20000"),
        (-(2**20_000), "int", "about -2**20000"),
        (0.5, "float", "0.5"),
        (float("nan"), "float", "nan"),
        (1 + 2j, "complex", "(1+2j)"),
        ("two\nlines", "str", '"two\\nlines"'),
        ("x" * 1000, "str", f'"{"x" * 200}" … 800 more'),
        ("\ud800", "str", '"\\ud800"'),
        (b"ab", "bytes", "b'ab'"),
        (bytearray(60), "bytearray", f"{bytes(50)!r} … 10 more"),
        (Decimal("1.50"), "Decimal", "1.50"),
        (Fraction(1, 3), "Fraction", "1/3"),
        (date(2026, 11, 22), "date", "2026-11-22"),
        (datetime(2026, 11, 22, 1, 2), "datetime", "2026-11-22 01:02:00"),
        (time(1, 2), "time", "01:02:00"),
        (timedelta(days=1), "timedelta", "1 day, 0:00:00"),
        (PurePosixPath("a/b"), "PurePosixPath", "a/b"),
        (UUID(int=5), "UUID", str(UUID(int=5))),
        (..., "ellipsis", "Ellipsis"),
        (slice(1, 2), "slice", "slice(1, 2, None)"),
        (area, "function", "area(width, /, height, *more, unit, **options)"),
        (len, "function", "len()"),
        (Player(1).__init__, "method", "Player.__init__(self, score, name)"),  # type: ignore[misc]
        (Player, "class", "Player"),
        (types, "module", "types"),
        (Suit.HEARTS, "Suit", 'Suit.HEARTS = "h"'),
        (Level.HIGH, "Level", "Level.HIGH = 3"),
        (UserString("a"), "UserString", '"a"'),
        (ValueError("no", 3), "ValueError", '"no", 3'),
    ],
    ids=no_id,
)
def test_what_has_nothing_to_open_says_it_in_a_line(value: Any, type_: str, text: str) -> None:
    assert told(value)[:2] == (type_, text)


@pytest.mark.parametrize(
    ("value", "type_", "entries"),
    [
        ([1, "a"], "list", [("0:", "1"), ("1:", '"a"')]),
        ((1, 2), "tuple", [("0:", "1"), ("1:", "2")]),
        (Point(1, 2), "Point", [(".x :", "1"), (".y :", "2")]),
        ({"b": 1, 2: 3, (1, "x"): 4}, "dict", [('"b" :', "1"), ("2 :", "3"), ('(1, "x") :', "4")]),
        ({10, 2, "a"}, "set", [("", "2"), ("", "10"), ("", '"a"')]),
        (frozenset({1}), "frozenset", [("", "1")]),
        (deque([1, 2], maxlen=2), "deque", [("0:", "1"), ("1:", "2")]),
        (range(2, 6, 2), "range", [("0:", "2"), ("1:", "4")]),
        (array.array("i", [7]), "array", [("0:", "7")]),
        ({"a": 1}.keys(), "dict_keys", [("0:", '"a"')]),
        (OrderedDict(b=1, a=2), "OrderedDict", [('"b" :', "1"), ('"a" :', "2")]),
        (Counter("aab"), "Counter", [('"a" :', "2"), ('"b" :', "1")]),
        (defaultdict(int, {"a": 1}), "defaultdict", [('"a" :', "1")]),
        (UserList([1]), "UserList", [("0:", "1")]),
        (UserDict({"a": 1}), "UserDict", [('"a" :', "1")]),
        (ChainMap({}, {}), "ChainMap", [("0:", ""), ("1:", "")]),
        (types.MappingProxyType({1: 2}), "mappingproxy", [("1 :", "2")]),
        (types.SimpleNamespace(b=1, a=2), "object (SimpleNamespace)", [(".a :", "2"), (".b :", "1")]),
        (Player(3), "object (Player)", [(".score :", "3"), (".name :", '"Ada"')]),
        (Hidden(), "object (Hidden)", [("._inner :", "1")]),
        (Slotted(), "object (Slotted)", [(".a :", "1")]),
        (object(), "object (object)", []),
    ],
    ids=no_id,
)
@pytest.mark.parametrize("form", ["itself", "a copy"])
def test_a_container_has_its_entries_in_a_useful_order(value: Any, type_: str, entries: Any, form: str) -> None:
    value = value if form == "itself" else Copier().copy(value)
    node = look(value)
    assert (node.type, node.length, node.form) == (type_, len(entries), "container")
    assert inside(value) == entries


@pytest.mark.parametrize("form", ["itself", "a copy"])
@pytest.mark.parametrize(
    ("make", "type_", "entries"),
    [
        (Trap, "object (Trap)", [(".data :", "5"), (".kind :", '"class data"')]),
        (lambda: Stack([1, 2]), "Stack", [("0:", "1"), ("1:", "2")]),
        (lambda: [Number(7)], "list", [("0:", "7")]),
        (lambda: {1: {2: Trap()}}, "dict", [("1 :", "")]),
    ],
    ids=["object", "list", "number", "deep inside"],
)
def test_no_code_of_the_users_is_run(make: Any, type_: str, entries: Any, form: str) -> None:
    value = make() if form == "itself" else Copier().copy(make())
    node = look(value)
    assert node.type == type_
    assert inside(value) == entries


def test_a_generator_says_where_it_is_and_is_not_run() -> None:
    def numbers() -> Any:
        yield 1

    running = numbers()
    assert told(running)[1].startswith("numbers(), at line ")
    assert next(running) == 1


def test_an_observed_value_is_told_as_its_value_and_marked() -> None:
    observed = ObservableValue([1])
    assert look(observed).is_tracked
    assert not look([1]).is_tracked
    assert told(observed) == told([1])
    assert inside(observed) == [("0:", "1")]


def test_what_cannot_be_looked_at_is_an_error_in_its_place() -> None:
    gone = memoryview(bytearray(3))
    gone.release()
    node = look([gone]).entries(0, 1)[0].value
    assert (look(node).type, look(node).form) == ("error", "error")
    assert "released" in look(node).text


@given(VALUES)
def test_any_value_is_told_without_an_error_and_in_characters_that_a_page_takes(value: Any) -> None:
    waiting = [value]
    for each in waiting:
        node = look(each)
        assert node.form != "error"
        node.text.encode()
        assert len(node.text) < 1500
        entries = node.entries(0, 1000)
        assert len(entries) == (node.inside.size if node.inside is not None else 0)
        for entry in entries:
            entry.shown.encode()
            waiting.append(entry.value)
