"""What a page says: taken apart field by field, and nothing but BadMessageError for what no page of ours says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.errors import BadMessageError, FlowError
from flow.server.messages import CHUNK_LIMIT, Ack, Chunk, EventMessage, Gone, Ready, parse

CLICK: dict[Any, Any] = {"type": "click", "target_id": "flow-123"}
CHUNK = {"kind": "chunk", "page": "p", "upload": 1, "offset": 0, "size": 3}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"kind": "ready", "page": "p1", "revision": 4}, Ready("p1", 4)),
        ({"kind": "ready", "page": "p1"}, Ready("p1", None)),
        ({"kind": "gone", "page": "p1"}, Gone("p1")),
        ({"kind": "ack", "page": "a-b_c.d:e", "revision": 0}, Ack("a-b_c.d:e", 0)),
        ({"kind": "event", "page": "p", "serial": 7, "event": {**CLICK, "x": 1.5, "keys": ["a"]}},
         EventMessage(123, "click", {"x": 1.5, "keys": ["a"]}, "p", 7)),
    ],
)  # fmt: skip
def test_what_a_page_says_becomes_a_message(content: Any, message: object) -> None:
    assert parse(content) == message


def test_an_event_may_come_by_itself() -> None:
    assert parse({**CLICK, "value": "x"}) == EventMessage(123, "click", {"value": "x"}, None, None)


@pytest.mark.parametrize("buffer", [b"abc", bytearray(b"abc"), memoryview(b"abc")])
def test_a_chunk_has_its_bytes_in_a_buffer(buffer: Any) -> None:
    assert parse(CHUNK, [buffer]) == Chunk("p", 1, 0, 3, b"abc")


@pytest.mark.parametrize(
    ("content", "buffers", "kind"),
    [
        (None, [], "not an object"),
        ([], [], "not an object"),
        ({}, [], "unknown kind"),
        ({"kind": "eval"}, [], "unknown kind"),
        ({"kind": ["ready"]}, [], "unknown kind"),
        ({"kind": "ready"}, [], "page"),
        ({"kind": "ready", "page": "a" * 65, "revision": 1}, [], "page"),
        ({"kind": "ready", "page": "a b", "revision": 1}, [], "page"),
        ({"kind": "ready", "page": "p\n", "revision": 1}, [], "page"),
        ({"kind": "ready", "page": "p", "revision": -2}, [], "revision"),
        ({"kind": "ack", "page": "p", "revision": True}, [], "revision"),
        ({"kind": "ack", "page": "p", "revision": 1.0}, [], "revision"),
        ({"kind": "ack", "page": "p", "revision": 2**53}, [], "revision"),
        ({"kind": "gone", "page": "p"}, [b"x"], "buffers"),
        ({"kind": "event", "page": "p", "serial": None, "event": CLICK}, [], "serial"),
        ({"kind": "event", "page": "p", "serial": 1, "event": "click"}, [], "event"),
        ({**CLICK, "type": "CLICK"}, [], "event type"),
        ({**CLICK, "type": 1}, [], "event type"),
        ({**CLICK, "target_id": 123}, [], "event target"),
        ({**CLICK, "target_id": "flow-\u0661"}, [], "event target"),
        ({**CLICK, "target_id": "flow-1 "}, [], "event target"),
        ({**CLICK, 1: 2}, [], "event data"),
        ({**CLICK, "x": object()}, [], "event data"),
        ({**CLICK, "value": "\ud800"}, [], "event text"),
        ({**CLICK, "value": "x" * 10_000_000}, [], "event size"),
        ({**CLICK, "x" * 2_000_000: 1}, [], "event size"),
        ({**CLICK, "values": [0] * 10_001}, [], "event size"),
        ({**CLICK, "x": [[[[[[[[]]]]]]]]}, [], "event size"),
        (CHUNK, [], "buffers"),
        (CHUNK, [b"ab", b"c"], "buffers"),
        (CHUNK, ["abc"], "buffers"),
        (CHUNK, [b"abcd"], "chunk place"),
        (CHUNK, [b""], "chunk place"),
        ({**CHUNK, "offset": 1}, [b"abc"], "chunk place"),
        ({**CHUNK, "size": CHUNK_LIMIT + 1}, [bytes(CHUNK_LIMIT + 1)], "chunk size"),
        ({**CHUNK, "upload": None}, [b"abc"], "upload"),
    ],
    ids=lambda each: str(each)[:60],
)  # fmt: skip
def test_what_no_page_of_ours_says_is_refused_and_told_by_its_kind(content: Any, buffers: list[Any], kind: str) -> None:
    with pytest.raises(BadMessageError) as caught:
        parse(content, buffers)
    assert caught.value.kind == kind
    assert len(str(caught.value)) < 300


def test_an_empty_file_is_one_empty_chunk() -> None:
    assert parse({**CHUNK, "size": 0}, [b""]) == Chunk("p", 1, 0, 0, b"")


def test_a_list_that_is_deep_beyond_measure_is_refused_without_recursion() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadMessageError):
        parse({**CLICK, "x": deep})
    while deep:  # taken apart by hand: freeing it at once would need the stack that it must not
        deep = deep.pop()


def test_it_is_an_error_of_flow_s_family() -> None:
    assert issubclass(BadMessageError, FlowError)


_WORDS = st.sampled_from(
    ["kind", "page", "revision", "serial", "event", "type", "target_id", "upload", "offset", "size", "ready", "gone",
     "ack", "chunk", "click", "flow-1", "p"]
)  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | _WORDS | st.binary(max_size=3),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(_WORDS | st.integers(), inside, max_size=5),
    max_leaves=8,
)
_BUFFERS: st.SearchStrategy[list[Any]] = st.lists(
    st.binary(max_size=9) | st.binary(max_size=9).map(lambda data: memoryview(data)) | st.none(), max_size=2
)
_VALID = st.sampled_from([
    {"kind": "event", "page": "p", "serial": 1, "event": {**CLICK, "value": "x"}},
    {"kind": "ready", "page": "p", "revision": 1},
    CHUNK,
    CLICK,
])  # fmt: skip


@given(_VALUES, _BUFFERS)
def test_whatever_comes_is_a_message_or_a_bad_one(content: Any, buffers: list[Any]) -> None:
    _is_told_or_refused(content, buffers)


@given(_VALID, _WORDS, _VALUES, _BUFFERS)
def test_whatever_becomes_of_a_field_it_is_a_message_or_a_bad_one(
    content: dict[str, Any], name: str, value: Any, buffers: list[Any]
) -> None:
    _is_told_or_refused({**content, name: value}, buffers)


def _is_told_or_refused(content: Any, buffers: list[Any]) -> None:
    try:
        message = parse(content, buffers)
    except BadMessageError as error:
        assert 0 < len(error.kind) < 20  # noqa: PT017 -- of an error that need not come
        return
    assert isinstance(message, Ready | Gone | Ack | EventMessage | Chunk)
    if isinstance(message, EventMessage):
        json.dumps(message.data, allow_nan=True).encode()
