"""What stands beside a line: bounded, and nothing of the user's runs for it."""

from __future__ import annotations

import ast
import types
from typing import Any

import pytest

from rdit import brief


class Loud:
    """Whoever asks it anything hears of it."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise AssertionError("asked for its class")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")

    def __repr__(self) -> str:
        raise AssertionError("written out")

    def __len__(self) -> int:
        raise AssertionError("counted")


class LoudList(list[int]):
    def __iter__(self) -> Any:
        raise AssertionError("looped over")

    def __len__(self) -> int:
        raise AssertionError("counted")

    def __repr__(self) -> str:
        raise AssertionError("written out")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, "3"),
        (0.1, "0.1"),
        (None, "None"),
        ("Ada", "'Ada'"),
        (b"ab", "b'ab'"),
        (range(3), "range(0, 3)"),
        ([], "[]"),
        (set(), "set()"),
        ((1,), "(1,)"),
        ([1, "b"], "[1, 'b']"),
        ({"a": [1, 2]}, "{'a': [1, 2]}"),
        (frozenset({1}), "frozenset({1})"),
        (list(range(1000)), "list of 1000"),
        ({k: k for k in range(50)}, "dict of 50"),
        ([[[1]]], "list of 1"),
        (1 << 10_000, "int of 10001 bits"),
    ],
)
def test_a_value_in_a_few_words(value: Any, told: str) -> None:
    assert brief.of(value) == told


def test_a_value_of_a_class_of_the_users_is_told_by_its_type_and_asked_for_nothing() -> None:
    loud = Loud()
    assert brief.of(loud) == "Loud"
    assert brief.of([loud]) == "list of 1"
    assert brief.of({"a": loud}) == "dict of 1"
    assert brief.of(LoudList([1])) == "LoudList"
    assert brief.assigned(ast.parse("a = 1").body[0], {"a": loud}) == [("a", "Loud")]
    assert brief.shown(loud, "<Loud>") == "<Loud>"


def test_a_value_that_contains_itself_is_told_by_its_size() -> None:
    value: list[Any] = [1]
    value.append(value)
    assert brief.of(value) == "list of 2"


@pytest.mark.parametrize("value", ["x" * 10_000, b"x" * 10_000, ["x" * 50] * 12, dict.fromkeys(range(12), "y" * 40)])
def test_nothing_is_longer_than_the_bound(value: Any) -> None:
    assert len(brief.of(value)) <= brief.LENGTH
    assert len(brief.shown(value, repr(value))) <= brief.LENGTH


def test_arrays_tell_shape_and_dtype_even_where_their_text_is_short() -> None:
    numpy = pytest.importorskip("numpy")
    assert brief.of(numpy.zeros((3, 4))) == "ndarray (3, 4) float64"
    assert brief.shown(numpy.arange(3), "array([0, 1, 2])") == "ndarray (3,) int64"
    assert brief.shown(numpy.float64(1.5), "np.float64(1.5)") == "np.float64(1.5)"


@pytest.mark.parametrize(("text", "told"), [("42", "42"), ("<A\n  b>", "<A …"), (None, "object")])
def test_a_shown_value_is_the_first_line_of_its_text(text: str | None, told: str) -> None:
    assert brief.shown(object(), text) == told


def test_a_shown_container_of_many_lines_is_told_by_its_size() -> None:
    assert brief.shown(list(range(1000)), "[0,\n 1,\n …") == "list of 1000"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1", [("x", "1")]),
        ("x = y = 2", [("x", "2"), ("y", "2")]),
        ("a, (b, *c) = 1, (2, 3, 4)", [("a", "1"), ("b", "2"), ("c", "[3, 4]")]),
        ("x: int = 3", [("x", "3")]),
        ("x: int", []),
        ("x = [1]\nx[0] = 5", [("x", "[5]")]),
        ("for i in range(3): total = i * 2", [("i", "2"), ("total", "4")]),
        ("import os.path as p, sys", [("p", ""), ("sys", "")]),
        ("def f(): inner = 1", [("f", "")]),
        ("class C: inner = 1", [("C", "")]),
        ("if True:\n    z = 1\nelse:\n    never = 2", [("z", "1")]),
        ("(n := 7)", [("n", "7")]),
        ("x = 1\ndel x", []),
        ("print", []),
    ],
)
def test_a_statement_tells_the_names_it_bound(source: str, told: list[tuple[str, str]]) -> None:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert brief.assigned(ast.parse(source).body[-1], namespace) == told


def test_a_statement_that_binds_many_names_tells_a_few() -> None:
    names = [f"n{k}" for k in range(100)]
    node = ast.parse(f"{', '.join(names)} = range(100)").body[0]
    told = brief.assigned(node, dict.fromkeys(names, 0))
    assert [name for name, _ in told] == names[:9]


def test_modules_and_functions_are_told_by_their_names_alone() -> None:
    assert brief.assigned(ast.parse("m = f = 1").body[0], {"m": types, "f": brief.of}) == [("m", ""), ("f", "")]
