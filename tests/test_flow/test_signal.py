"""Signal: what is a change, how it is written, shown, copied and typed."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flow import Computed, Effect, Signal, batch, never, untracked
from flow.errors import UpdateError


def runs_of(signal: Signal[Any]) -> list[Any]:
    """The values that an effect sees."""
    seen: list[Any] = []
    Effect(lambda: seen.append(signal.value))
    return seen


class Array:
    """Compares like a NumPy array: by elements, and the answer has no truth."""

    shape = (2,)

    def __init__(self, *items: int) -> None:
        self.items = items

    def __eq__(self, other: object) -> Any:
        return Array(
            *(int(mine == theirs) for mine, theirs in zip(self.items, getattr(other, "items", ()), strict=False))
        )

    def __hash__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        raise ValueError("the truth value of an array is ambiguous")


class Angry:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("do not compare me")

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        raise RuntimeError("do not show me")


class Scalar:
    """What NumPy answers when it compares two numbers."""

    shape = ()

    def __init__(self, truth: bool) -> None:
        self.truth = truth

    def __bool__(self) -> bool:
        return self.truth


class Number:
    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> Any:
        return Scalar(isinstance(other, Number) and self.value == other.value)

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (1, 2, True),
        (1, 1, False),
        (1, 1.0, False),
        ([1], [1], False),
        ([1], [1, 2], True),
        (None, 0, True),
        (Array(1, 2), Array(1, 2), True),
        (Array(1, 2), Array(1, 3), True),
        (Number(1), Number(1), False),
        (Number(1), Number(2), True),
        (Angry(), Angry(), True),
    ],
)
def test_a_write_of_an_equal_value_is_none(old: Any, new: Any, changes: bool) -> None:
    signal = Signal(old)
    seen = runs_of(signal)
    signal.value = new
    assert len(seen) == 1 + changes
    assert signal.value is (new if changes else old)


@pytest.mark.parametrize("value", [float("nan"), Array(1), Angry()])
def test_the_same_object_is_equal_to_itself_whatever_it_says(value: Any) -> None:
    signal = Signal(value)
    seen = runs_of(signal)
    signal.value = value
    assert len(seen) == 1


def test_equals_decides_instead() -> None:
    signal = Signal("a", equals=lambda old, new: old.lower() == new.lower())
    seen = runs_of(signal)
    signal.value = "A"
    signal.value = "b"
    assert seen == ["a", "b"]


def test_with_never_every_write_counts_so_a_list_may_be_changed_in_place() -> None:
    items = Signal([1], equals=never)
    seen: list[int] = []
    Effect(lambda: seen.append(len(items.value)))
    items.value.append(2)
    items.value = items.value
    assert seen == [1, 2]


def test_an_error_of_equals_is_the_writers_and_nothing_is_written() -> None:
    def refuse(old: int, new: int) -> bool:
        raise ValueError("no")

    signal = Signal(1, equals=refuse)
    with pytest.raises(ValueError, match="no"):
        signal.value = 2
    assert signal.value == 1


def test_a_signal_can_be_written_in_each_way() -> None:
    count = Signal(0)
    seen = runs_of(count)
    count.value = 1
    count.value += 1
    count.set(3)
    count.update(lambda n: n + 1)
    assert seen == [0, 1, 2, 3, 4]


def test_an_update_to_an_equal_value_is_no_change() -> None:
    count = Signal(1)
    seen = runs_of(count)
    count.update(lambda n: n)
    assert seen == [1]


def test_an_update_whose_function_writes_the_signal_is_an_error() -> None:
    count = Signal(0, name="count")

    def twice(n: int) -> int:
        count.value = n + 1
        return n + 2

    with pytest.raises(UpdateError, match="count"):
        count.update(twice)


def test_an_update_in_an_effect_does_not_subscribe_it() -> None:
    count, runs = Signal(0), []

    def effect() -> None:
        runs.append(1)
        count.update(lambda n: n + 1)

    Effect(effect)
    count.value = 10
    assert (len(runs), count.value) == (1, 10)


def test_peek_reads_without_subscribing() -> None:
    seen: list[int] = []
    signal = Signal(0)
    Effect(lambda: seen.append(signal.peek()))
    signal.value = 1
    assert seen == [0]
    assert signal.peek() == 1


def test_untracked_reads_without_subscribing_in_each_form() -> None:
    a, b, c, tracked = Signal(0), Signal(0), Signal(0), Signal(0)
    seen: list[int] = []

    @untracked
    def read_b() -> int:
        return b.value

    def effect() -> None:
        with untracked():
            total = a.value
        total += read_b() + untracked(lambda: c.value)()
        seen.append(total + tracked.value)

    Effect(effect)
    a.value = b.value = c.value = 1
    assert seen == [0]
    tracked.value = 10
    assert seen == [0, 13]


def test_a_subscriber_is_called_with_each_new_value_until_it_leaves() -> None:
    signal = Signal(0)
    seen: list[int] = []
    leave = signal.subscribe(seen.append)
    assert seen == []
    signal.value = 1
    with batch():
        signal.value = 2
        signal.value = 3
    leave()
    leave()
    signal.value = 4
    assert seen == [1, 3]


def test_a_subscriber_may_ask_to_be_called_at_once() -> None:
    seen: list[int] = []
    Signal(7).subscribe(seen.append, now=True)
    assert seen == [7]


def test_a_subscriber_does_not_depend_on_what_else_it_reads() -> None:
    signal, other = Signal(0), Signal(0)
    seen: list[tuple[int, int]] = []
    signal.subscribe(lambda value: seen.append((value, other.value)))
    signal.value = 1
    other.value = 5
    assert seen == [(1, 0)]


def test_a_computed_can_be_subscribed_to() -> None:
    signal = Signal(1)
    seen: list[int] = []
    Computed(lambda: signal.value // 2).subscribe(seen.append)
    signal.value = 2
    signal.value = 3
    assert seen == [1]


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        (Signal(1), "Signal(1)"),
        (Signal(1, name="count"), "Signal(count: 1)"),
        (Signal(Angry()), "Signal(a Angry whose repr fails)"),
        (Signal("x" * 1000), f"Signal('{'x' * 27}...{'x' * 28}')"),
        (Signal(SimpleNamespace(a="x" * 100)), f"Signal(namespace(a='{'x' * 44}...)"),
    ],
)
def test_a_signal_shows_its_value_whatever_that_is(signal: Signal[Any], text: str) -> None:
    assert repr(signal) == text


def test_showing_a_signal_does_not_subscribe() -> None:
    signal, seen = Signal(0), []
    Effect(lambda: seen.append(repr(signal)))
    signal.value = 1
    assert seen == ["Signal(0)"]


def test_a_signal_in_a_condition_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"Signal\(flag: False\).*use \.value"):
        bool(Signal(False, name="flag"))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_has_the_value_and_no_readers(copied: Any) -> None:
    signal = Signal([1], name="list")
    seen = runs_of(signal)
    other = copied(signal)
    other.value = [2]
    assert (seen, other.value, other.name) == ([[1]], [2], "list")


def test_signals_differ_even_where_their_values_are_equal() -> None:
    assert Signal(1) != Signal(1)
    assert len({Signal(1), Signal(1)}) == 2


def test_a_signal_may_hold_anything_even_an_observable_or_a_signal() -> None:
    inner = Signal(1)
    outer = Signal(inner)
    seen: list[int] = []
    Effect(lambda: seen.append(outer.value.value))
    inner.value = 2
    outer.value = Signal(3)
    inner.value = 4
    assert seen == [1, 2, 3]
    assert Signal(SimpleNamespace(a=1)).value.a == 1


TYPED = """
from flow import Computed, Effect, Signal, batch, untracked

count = Signal(0)
reveal_type(count)
reveal_type(count.value)
reveal_type(count.peek())
double = Computed(lambda: count.value * 2)
reveal_type(double)
reveal_type(double.value)

@Computed
def text() -> str:
    return str(count.value)

reveal_type(text.value)

@batch
def write(n: int) -> str:
    return ""

reveal_type(write(1))
reveal_type(untracked(write)(1))
names: Signal[list[str]] = Signal([])
count.value = "wrong"
double.value = 3
count.update(lambda n: "wrong")
write("wrong")
"""


def test_types_are_inferred_and_wrong_ones_found(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api", reason="mypy belongs to the checks, not to the tests")
    file = tmp_path / "typed.py"
    file.write_text(TYPED)
    out, _, _ = api.run(["--strict", "--no-error-summary", f"--cache-dir={tmp_path}", str(file)])
    shown = [line.split(": ", 1)[1].split("  [")[0] for line in out.splitlines()]
    revealed = [line.split('"')[1] for line in shown if line.startswith("note: Revealed")]
    assert revealed == [
        *("flow.signal.Signal[int]", "int", "int", "flow.computed.Computed[int]", "int"),
        *("str", "str", "str"),
    ], out
    assert [line for line in shown if line.startswith("error")] == [
        'error: Incompatible types in assignment (expression has type "str", variable has type "int")',
        'error: Property "value" defined in "Computed" is read-only',
        'error: Argument 1 to "update" of "Signal" has incompatible type "Callable[[int], str]"; '
        'expected "Callable[[int], int]"',
        'error: Incompatible return value type (got "str", expected "int")',
        'error: Argument 1 to "write" has incompatible type "str"; expected "int"',
    ]
