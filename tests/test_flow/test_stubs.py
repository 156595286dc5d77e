"""What stands in a page for an rpc function."""

# ruff: noqa: E501 -- a stub is one line
from __future__ import annotations

import ast

import pytest

from flow.compiler.findings import Finding
from flow.compiler.scopes import FUNCTIONS, Function
from flow.compiler.stubs import assigned_stub, barred_stub, stub


def function(source: str) -> Function:
    (node,) = ast.parse(source).body
    assert isinstance(node, FUNCTIONS)
    return node


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("async def f(): 1", "async def f(): from flow.rpc import fetch; return await fetch('m.f', [], {})"),
        ("def f(a): 1", "def f(a): from flow.rpc import fetch; return fetch('m.f', [], {'a': a})"),
        ("async def f(a): yield a", "def f(a): from flow.rpc import stream; return stream('m.f', [], {'a': a})"),
        ("def f(a, /, b=KEY, *c, d=KEY, **e): 1", "def f(a, /, b=..., *c, d=..., **e): from flow.rpc import fetch; return fetch('m.f', [a, b, *c], {'d': d, **e})"),
        ("def f(a: int | None, b: list[str], c: Key, d: 'int') -> str: 1", "def f(a: int | None, b: list[str], c, d) -> str: from flow.rpc import fetch; return fetch('m.f', [], {'a': a, 'b': b, 'c': c, 'd': d})"),
        ("def f(fetch, fetch_): 1", "def f(fetch, fetch_): from flow.rpc import fetch as fetch__; return fetch__('m.f', [], {'fetch': fetch, 'fetch_': fetch_})"),
    ],
)  # fmt: skip
def test_a_stub_has_the_parameters_and_calls_the_server(source: str, expected: str) -> None:
    assert stub(function(source), "m.f") == [expected]


def test_a_yield_of_an_inner_function_makes_no_stream() -> None:
    assert "fetch" in stub(function("async def f():\n    def g(): yield 1"), "m.f")[0]


def test_the_instance_of_a_method_is_not_sent() -> None:
    assert stub(function("def f(self, a): 1"), "m.A.f", is_method=True)[0].endswith("fetch('m.A.f', [], {'a': a})")
    assert stub(function("def f(self, /, a): 1"), "m.A.f", is_method=True)[0].endswith("fetch('m.A.f', [], {'a': a})")


def test_decorators_stand_on_lines_of_their_own() -> None:
    assert stub(function("def f(): 1"), "m.f", ["rpc", "staticmethod"])[:2] == ["@rpc", "@staticmethod"]


def test_a_stub_of_an_unseen_function_takes_what_it_is_given() -> None:
    assert assigned_stub("save", "m.save", None).startswith("async def save(*args, **kwargs): ")


def test_a_stub_that_is_assigned_has_the_new_name_and_asks_by_the_old() -> None:
    made = assigned_stub("save", "m._save", function("def _save(a): 1"))
    assert made.startswith("def save(a): ")
    assert "'m._save'" in made


def test_a_stub_that_raises_tells_no_path() -> None:
    finding = Finding("/home/me/app.py", 3, ("App", "key", "os"), "os stays on the server", "server")
    (line,) = barred_stub(function("def key(): 1"), [], finding)
    with pytest.raises(ImportError, match="key needs, in line 3, what stays on the server"):
        exec(f"{line}\nkey(1, b=2)", {})
    assert "/home" not in line
