"""What a request over HTTP asks to run, and what is said of one that asks for nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdit.http.asked import Asked, session_of
from rdit.http.refused import Refused


def asked(**fields: Any) -> Asked:
    return Asked.of(json.dumps(fields).encode())


def test_a_script_runs_in_the_default_session_and_a_path_in_one_of_its_own() -> None:
    assert asked(script="1") == asked(code="1") == Asked("1", None, "default")
    assert asked(path="a/b.py") == Asked(None, "a/b.py", "a/b.py")
    assert asked(path="a/b.py", session="mine") == Asked(None, "a/b.py", "mine")


def test_an_empty_script_is_a_script() -> None:
    assert asked(script="").source == ""


def test_lines_and_the_wish_for_output_at_once_are_read() -> None:
    assert asked(script="1", lineRange={"from": 2, "to": 3}, stream=True) == Asked("1", None, "default", (2, 3), True)
    assert asked(script="1", lineRange=None).lines is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, 'expected one of "script" (or "code") and "path", but got neither'),
        ({"script": "1", "path": "a.py"}, 'but got "script" and "path"'),
        ({"script": "1", "code": "1"}, 'but got "script" and "code"'),
        ({"script": 1}, 'expected "script" to be a string, but got a number'),
        ({"path": None}, 'expected "path" to be a string, but got null'),
        ({"script": "a\0b"}, "a null character"),
        ({"script": "\ud800"}, "half of a character"),
        ({"script": "1", "sesion": "a"}, "but got 'sesion' too"),
        ({"script": "1", "session": ""}, 'expected "session" to be a name'),
        ({"script": "1", "session": "a\nb"}, 'expected "session" to be a name'),
        ({"script": "1", "session": 7}, 'expected "session" to be a name'),
        ({"script": "1", "session": "s" * 1001}, 'expected "session" to be a name'),
        ({"path": "a" * 1001}, 'expected "session" to be a name'),
        ({"script": "1", "stream": 1}, 'expected "stream" to be true or false, but got a number'),
        ({"script": "1", "lineRange": [1, 2]}, "but got [1, 2]"),
        ({"script": "1", "lineRange": {"from": 0, "to": 2}}, 'but got {"from": 0'),
        ({"script": "1", "lineRange": {"from": 3, "to": 2}}, "first not after last"),
        ({"script": "1", "lineRange": {"from": True, "to": 2}}, 'but got {"from": true'),
        ({"script": "1", "lineRange": {"from": 1, "to": 2, "by": 1}}, 'but got {"from": 1'),
    ],
)
def test_what_asks_for_nothing_is_told_what_was_expected(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(**fields)
    assert refused.value.status == 400
    assert said in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"1 + 1", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"script": NaN}'])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        Asked.of(body)
    assert refused.value.status == 400


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["script", "path", "session", "lineRange", "from", "to"]), inner)
        ),
    )
)
def test_whatever_json_comes_is_understood_or_refused(value: Any) -> None:
    with suppress(Refused):
        found = Asked.of(json.dumps(value).encode())
        assert (found.source is None) != (found.path is None)


def test_a_reset_is_of_the_session_it_names() -> None:
    assert session_of(b"") == session_of(b" {} ") == "default"
    assert session_of(b'{"session": "mine"}') == "mine"
    for body in (b"{", b'{"sesion": "mine"}', b'{"session": null}'):
        with pytest.raises(Refused):
            session_of(body)
