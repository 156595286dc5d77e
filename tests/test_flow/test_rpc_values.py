"""Values between page and server: what goes in comes out, and nothing else does."""

from __future__ import annotations

import dataclasses
import enum
import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.rpc_values import FlowJSONEncoder, MessageError, dumps, is_binary, loads, pack, unpack


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Order:
    number: int
    lines: list[str]


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.times()
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.uuids()
    | st.complex_numbers(allow_nan=False)
    | st.binary()
)
keys = st.text() | st.integers() | st.just("$flow") | st.dates()
values = st.recursive(
    scalars,
    lambda inside: st.lists(inside) | st.dictionaries(keys, inside) | st.sets(st.integers() | st.text()),
    max_leaves=12,
)


@given(values)
def test_what_is_sent_comes_out_as_it_was(value: Any) -> None:
    assert loads(dumps(value)) == value
    assert unpack(pack(value)) == value
    assert loads(json.dumps(value, cls=FlowJSONEncoder)) == value


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ((1, 2), [1, 2]),
        (Color.RED, "red"),
        (Order(1, ["tea"]), {"number": 1, "lines": ["tea"]}),
        (np.float32(0.5), 0.5),
        (bytearray(b"ab"), b"ab"),
        (frozenset({1}), {1}),
        ({(1, 2): "x"}, {(1, 2): "x"}),
    ],
)
def test_others_come_out_as_what_they_are_made_of(sent: Any, arrives: Any) -> None:
    assert loads(dumps(sent)) == arrives
    assert type(unpack(pack(sent))) is type(arrives)


@pytest.mark.parametrize("dtype", ["bool", "int16", ">i4", "float32", "complex128", "datetime64[ns]", "<U5", "S3"])
def test_an_array_keeps_its_type_and_shape(dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    for copied in (loads(dumps(array)), unpack(pack(array))):
        assert (copied.dtype, copied.shape) == (array.dtype, (2, 3))
        assert (copied == array).all()
        assert copied.flags.writeable


def test_an_array_is_sent_as_its_bytes() -> None:
    array = np.random.default_rng(1).random((100, 100))
    assert len(pack({"data": array})) < array.nbytes + 200
    assert is_binary([{"data": array}])
    assert not is_binary([1, "text", {2}])


def test_a_data_frame_comes_out_as_it_was() -> None:
    frame = pd.DataFrame(
        {"n": [1, 2], "x": [0.5, math.nan], "name": ["a", None], "day": pd.to_datetime(["2026-01-01", "2026-01-02"])},
        index=["first", "second"],
    )
    for copied in (loads(dumps(frame)), unpack(pack(frame))):
        pd.testing.assert_frame_equal(copied, frame, check_dtype=False, check_column_type=False)
    empty = pd.DataFrame({"n": []})
    pd.testing.assert_frame_equal(unpack(pack(empty)), empty, check_dtype=False, check_column_type=False)


def test_what_cannot_be_sent_is_told() -> None:
    with pytest.raises(TypeError, match=r"of type object cannot be sent between page and server"):
        dumps({"a": [object()]})
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(TypeError, match="holds itself"):
        pack(circle)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"$flow": "date"}',
        '{"$flow": "date", "value": "yesterday"}',
        '{"$flow": "os", "value": "rm"}',
        '{"$flow": ["date"], "value": 1}',
        '{"$flow": "bytes", "value": 0}',
        '{"$flow": "bytes", "value": "?"}',
        '{"$flow": "timedelta", "value": [1e300, 0, 0]}',
        '{"$flow": "decimal", "value": "x"}',
        '{"$flow": "set", "value": [{"a": 1}]}',
        '{"$flow": "ndarray", "value": "", "dtype": "O", "shape": [1]}',
        '{"$flow": "ndarray", "value": "AAAA", "dtype": "<i8", "shape": [-1]}',
        '{"$flow": "ndarray", "value": "AAAA", "dtype": "<i8", "shape": [1000000000000]}',
        "[" * 5000 + "]" * 5000,
        "[" * 200 + "]" * 200,
    ],
)
def test_a_message_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(MessageError):
        loads(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_an_error(data: bytes) -> None:
    with pytest.raises(MessageError):
        unpack(data)


@given(values, st.integers(0, 200), st.integers(0, 255))
def test_a_packed_message_with_another_byte_is_a_value_or_an_error(value: Any, at: int, byte: int) -> None:
    message = bytearray(pack(value))
    message[at % len(message)] = byte
    try:
        unpack(bytes(message))
    except MessageError:
        return


def test_dates_and_times_are_told_apart() -> None:
    moment = datetime(2026, 11, 22, 1, 2, 3, 4, timezone(timedelta(hours=2)))
    sent = [moment, date(2026, 11, 22), time(1, 2), timedelta(-1, 5), Decimal("1.10"), UUID(int=5)]
    assert [*map(type, loads(dumps(sent)))] == [*map(type, sent)]
    assert str(loads(dumps(sent))[4]) == "1.10"


@pytest.mark.parametrize("number", ["1e999999999", "-1e-999999999", "0e999999999", "1e1001"])
def test_a_decimal_that_would_fill_the_memory_is_no_message(number: str) -> None:
    with pytest.raises(MessageError, match="too large or too small"):
        loads(json.dumps({"$flow": "decimal", "value": number}))


@pytest.mark.parametrize("number", ["1e1000", "-1e-1000", "NaN", "-Infinity", "12345678901234567890.50"])
def test_a_decimal_of_another_size_is_what_it_was(number: str) -> None:
    assert str(loads(dumps(Decimal(number)))) == str(Decimal(number))
