"""Values in a few words, and whether they changed inside: for each kind, bounded, and never by a user's code."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest

from sidekick.replay.values import LENGTH, exception_text, form, text


def trap() -> Any:
    """An object that ends the program as soon as anybody asks it or its class for anything."""

    def end(*_: Any) -> Any:
        raise SystemExit

    names = ("__getattribute__", "__repr__", "__str__", "__len__", "__iter__", "__eq__", "__hash__", "__bool__")
    hostile = type("Hostile", (type,), {"__getattribute__": end})
    return object.__new__(hostile("Trap", (), dict.fromkeys(names, end)))


class TrapList(list[int]):
    def __iter__(self) -> Any:
        raise SystemExit

    __repr__ = __len__ = __getitem__ = __eq__ = __iter__  # type: ignore[assignment]


class Slots:
    __slots__ = ("a", "b")

    def __init__(self) -> None:
        self.a = 1


class WithProperty:
    def __init__(self) -> None:
        self.seen = [1]

    @property
    def unseen(self) -> int:
        raise SystemExit


class Told(Exception):
    def __str__(self) -> str:
        raise SystemExit


class Color(Enum):
    RED = 1


@dataclass
class Point:
    x: int
    y: int


Pair = namedtuple("Pair", "one two")
INSIDE_ITSELF: list[Any] = [1]
INSIDE_ITSELF.append(INSIDE_ITSELF)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "1"),
        (2.5, "2.5"),
        ("a'b", '"a\'b"'),
        (None, "None"),
        ([1, [2, {"a": (3,)}]], "[1, [2, {'a': (3,)}]]"),
        ((), "()"),
        (set(), "set()"),
        ({1}, "{1}"),
        (frozenset({1}), "frozenset({1})"),
        (deque([1]), "deque([1])"),
        (defaultdict(list, a=[1]), "defaultdict({'a': [1]})"),
        (OrderedDict(), "OrderedDict({})"),
        (Counter("aab"), "Counter({'a': 2, 'b': 1})"),
        (bytearray(b"ab"), "bytearray(b'ab')"),
        (Point(1, 2), "Point(x=1, y=2)"),
        (Pair(1, 2), "Pair(one=1, two=2)"),
        (Slots(), "Slots(a=1)"),
        (Color.RED, "Color.RED"),
        (TrapList([1, 2]), "TrapList([1, 2])"),
        (WithProperty(), "WithProperty(seen=[1])"),
        (INSIDE_ITSELF, "[1, […]]"),
        (2**300, "int of 301 bits"),
        ([*range(100)], "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, "
         "… 76 more]"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_python_would_and_shorter(value: Any, expected: str) -> None:
    assert text(value) == expected


def test_a_hostile_object_is_told_by_the_name_of_its_class() -> None:
    assert text(trap()) == "Trap"
    assert text([trap()]) == "[Trap]"
    assert form(trap()).text == "Trap"


@pytest.mark.parametrize(
    "value", ["x" * 10_000, [["y" * 50] * 50] * 50, dict.fromkeys(range(999), "z" * 99), b"a" * 9999]
)
def test_a_text_is_never_longer_than_a_line(value: Any) -> None:
    assert len(text(value)) <= LENGTH
    assert text(value).endswith("…")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("no"), "ValueError: no"),
        (ValueError(), "ValueError"),
        (KeyError("k"), "KeyError: 'k'"),
        (Told("secret"), "Told"),
    ],
)
def test_an_exception_is_told_as_in_a_traceback_unless_its_own_code_would_run(error: Exception, expected: str) -> None:
    assert exception_text(error) == expected


def put(at: int) -> Callable[[Any], None]:
    return lambda value: value.__setitem__(at, "new")


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1, 2], lambda value: value.append(3)),
        ([*range(1000)], put(700)),
        ([[0] * 50 for _ in range(50)], lambda value: value[40].__setitem__(40, 1)),
        ({k: k for k in range(1000)}, put(900)),
        (set(range(1000)), lambda value: value.add(-5)),
        (deque(range(100)), lambda value: value.rotate(1)),
        (bytearray(500), lambda value: value.__setitem__(400, 1)),
        (Point(1, 2), lambda value: setattr(value, "y", 3)),
        (Slots(), lambda value: setattr(value, "b", 3)),
        (([1],), lambda value: value[0].append(2)),
        ([Point(1, 2)] * 30, lambda value: setattr(value[0], "x", 5)),
        (TrapList([1, 2]), lambda value: list.append(value, 3)),
        ([1], lambda value: value.__setitem__(0, True)),
    ],
)
def test_a_change_inside_is_seen(value: Any, change: Callable[[Any], object]) -> None:
    before = form(value)
    assert form(value) == before
    change(value)
    assert form(value) != before


def test_the_same_text_of_another_object_is_another_form() -> None:
    one, other = [1], [1]
    assert form(one).text == form(other).text
    assert form(one) != form(other)
    assert form((1, 2)) == form(tuple(range(1, 3)))


def test_numbers_are_told_for_a_line_over_time_and_truth_is_no_number() -> None:
    assert [form(each).number for each in (3, 2.5, True, "3", None)] == [3, 2.5, None, None, None]


# -- Arrays


def test_an_array_is_told_by_its_shape_and_type_and_a_small_one_by_its_values() -> None:
    np = pytest.importorskip("numpy")
    assert form(np.arange(3)).text.startswith("ndarray([0, 1, 2]) int")
    assert form(np.zeros((300, 20))).text == "ndarray 300 x 20 float64"
    assert form(np.float64(2.5)) == form(2.5)


def test_a_change_inside_an_array_is_seen() -> None:
    np = pytest.importorskip("numpy")
    for array, at in (
        (np.zeros(100), 50),
        (np.zeros((30, 30)), (20, 20)),
        (np.zeros((30, 30)).T, (3, 29)),
        (np.array([None] * 9), 4),
        (np.zeros((300, 300)), slice(100)),
    ):
        before = form(array)
        assert form(array) == before
        array[at] = 1
        assert form(array) != before


def test_a_change_inside_a_frame_is_seen() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    before = form(frame)
    assert before.text == "DataFrame 2 x 2 {'a': [1, 2], 'b': ['x', 'y']}"
    assert form(pd.DataFrame({"a": range(99), "b": 0})).text == "DataFrame 99 x 2 [a, b]"
    frame.loc[0, "a"] = 9
    assert form(frame) != before
    assert form(frame["a"]).text == "Series 2 [9, 2]"
