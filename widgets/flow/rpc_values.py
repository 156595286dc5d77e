"""Values between page and server: JSON, and what JSON lacks in objects that say what they are.

    {"$flow": "date", "value": "2026-11-22"}

Dates, times and spans, decimals, UUIDs, complex numbers, sets, bytes, NumPy arrays and scalars, and pandas data frames
come out as what they were. An enum is sent as its value and a dataclass as a dict of its fields; the annotations of an
rpc function make them whole again. What is read makes these types and no others.

A *packed* message keeps bytes and arrays out of the JSON: it is the length of the JSON in four bytes, big-endian, the
JSON, and after it the buffers, whose lengths the JSON has.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import enum
import json
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from flow.errors import FlowError
from flow.readable import short

TAG: Final = "$flow"
PACKED: Final = "application/x-flow"  # the media type of a packed message
_LENGTH: Final = struct.Struct("!I")
_DEEPEST: Final = 100
_LARGEST: Final = 1000  # digits before the point of a decimal, or zeros after it
_KINDS: Final = frozenset("biufcmMSU")  # of arrays: whose bytes are all there is to them

Buffers = list[bytes]


class MessageError(FlowError, ValueError):
    """A message is none."""


class FlowJSONEncoder(json.JSONEncoder):
    """``json.dumps(value, cls=FlowJSONEncoder)``: such values in one text, their bytes in base64."""

    def iterencode(self, o: Any, _one_shot: bool = False) -> Iterator[str]:
        """The text in parts."""
        return super().iterencode(_plain(o, None), _one_shot)


def dumps(value: Any) -> str:
    """A value as JSON. Raises ``TypeError`` for one that cannot be sent."""
    return json.dumps(_plain(value, None), separators=(",", ":"), ensure_ascii=False, allow_nan=True)


def encoded(text: str) -> bytes:
    """A JSON text as bytes. Half of a character, which UTF-8 has not, is written as JSON's escape for it."""
    return text.encode(errors="backslashreplace")


def loads(text: str | bytes) -> Any:
    """The value in a JSON text. Raises ``MessageError``."""
    return _read(text, [])


def pack(value: Any) -> bytes:
    """A value as a packed message."""
    buffers: Buffers = []
    plain = _plain(value, buffers)
    message = {"value": plain, "buffers": [*map(len, buffers)]}
    text = encoded(json.dumps(message, separators=(",", ":"), ensure_ascii=False))
    return b"".join((_LENGTH.pack(len(text)), text, *buffers))


def unpack(message: bytes) -> Any:
    """The value in a packed message. Raises ``MessageError``."""
    if len(message) < _LENGTH.size:
        raise MessageError("a message of less than four bytes")
    (length,) = _LENGTH.unpack_from(message)
    at = _LENGTH.size + length
    if at > len(message):
        raise MessageError("a message ends before its JSON does")
    head = _parsed(message[_LENGTH.size : at])
    lengths = head.get("buffers") if isinstance(head, dict) else None
    if not (isinstance(lengths, list) and all(type(each) is int and each >= 0 for each in lengths)):
        raise MessageError("a message does not tell its buffers")
    if at + sum(lengths) != len(message):
        raise MessageError("a message has other bytes than it tells")
    buffers: Buffers = []
    for each in lengths:
        buffers.append(message[at : at + each])
        at += each
    return _whole(head.get("value"), buffers, 0)


def is_binary(value: Any) -> bool:
    """Whether a value has bytes in it that are better packed."""
    buffers: Buffers = []
    _plain(value, buffers)
    return bool(buffers)


# -- To JSON


def _tagged(kind: str, value: Any, **more: Any) -> dict[str, Any]:
    return {TAG: kind, "value": value, **more}


_WRITERS: Final[Mapping[type, Callable[[Any], Any]]] = {
    datetime: lambda value: _tagged("datetime", value.isoformat()),
    date: lambda value: _tagged("date", value.isoformat()),
    time: lambda value: _tagged("time", value.isoformat()),
    timedelta: lambda value: _tagged("timedelta", [value.days, value.seconds, value.microseconds]),
    Decimal: lambda value: _tagged("decimal", str(value)),
    UUID: lambda value: _tagged("uuid", str(value)),
    complex: lambda value: _tagged("complex", [value.real, value.imag]),
}


def _plain(value: Any, buffers: Buffers | None, depth: int = 0) -> Any:
    """A value in what JSON has. Bytes go to ``buffers``, if there is such a list."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if depth > _DEEPEST:
        raise TypeError(f"a value that is nested deeper than {_DEEPEST} levels, or holds itself, cannot be sent")
    if isinstance(value, enum.Enum):
        return _plain(value.value, buffers, depth + 1)
    if isinstance(value, int | float | str):  # of a class of its own
        return str(value) if isinstance(value, str) else int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Mapping):
        return _plain_dict(value, buffers, depth + 1)
    if isinstance(value, list | tuple):
        return [_plain(each, buffers, depth + 1) for each in value]
    if isinstance(value, set | frozenset):
        return _tagged("set", [_plain(each, buffers, depth + 1) for each in value])
    if isinstance(value, bytes | bytearray | memoryview):
        return _tagged("bytes", _bytes(bytes(value), buffers))
    for kind, write in _WRITERS.items():  # datetime before date, which it is one of
        if isinstance(value, kind):
            return write(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return _plain_dict(fields, buffers, depth + 1)
    return _plain_array(value, buffers, depth)


def _plain_dict(value: Mapping[Any, Any], buffers: Buffers | None, depth: int) -> Any:
    if TAG not in value and all(type(key) is str for key in value):
        return {key: _plain(each, buffers, depth) for key, each in value.items()}
    return _tagged("dict", [[_plain(key, buffers, depth), _plain(each, buffers, depth)] for key, each in value.items()])


def _plain_array(value: Any, buffers: Buffers | None, depth: int) -> Any:
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.generic):
        return _plain(value.item(), buffers, depth + 1)
    if numpy is not None and isinstance(value, numpy.ndarray):
        if value.dtype.kind not in _KINDS:
            return _plain(value.tolist(), buffers, depth + 1)
        data = _bytes(numpy.ascontiguousarray(value).tobytes(), buffers)
        return _tagged("ndarray", data, dtype=value.dtype.str, shape=[*value.shape])
    if pandas is not None and isinstance(value, pandas.DataFrame):
        columns = [_plain(_column(value.iloc[:, at]), buffers, depth + 1) for at in range(value.shape[1])]
        index = None if isinstance(value.index, pandas.RangeIndex) else _plain(_column(value.index), buffers, depth + 1)
        names = [_plain(each, buffers, depth + 1) for each in value.columns]
        return _tagged("dataframe", columns, columns=names, index=index, rows=len(value))
    if pandas is not None and isinstance(value, pandas.Series):
        return _plain(_column(value), buffers, depth + 1)
    raise TypeError(
        f"{short(value)} of type {type(value).__name__} cannot be sent between page and server: texts, numbers, lists, "
        "dicts, sets, dates, bytes, dataclasses, enums, arrays and data frames can"
    )


def _column(series: Any) -> Any:
    values = series.to_numpy()
    return values if values.dtype.kind in _KINDS else values.tolist()


def _bytes(data: bytes, buffers: Buffers | None) -> Any:
    if buffers is None:
        return base64.b64encode(data).decode("ascii")
    buffers.append(data)
    return len(buffers) - 1


# -- From JSON


def _read(text: str | bytes, buffers: Sequence[bytes]) -> Any:
    return _whole(_parsed(text), buffers, 0)


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MessageError(f"a message is no JSON: {error}") from None


def _whole(value: Any, buffers: Sequence[bytes], depth: int) -> Any:
    if depth > _DEEPEST:
        raise MessageError(f"a message is nested deeper than {_DEEPEST} levels")
    if isinstance(value, list):
        return [_whole(each, buffers, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: _whole(each, buffers, depth + 1) for key, each in value.items()}
    try:
        return _READERS[value[TAG]](value, buffers, depth + 1)
    except MessageError:
        raise
    except (KeyError, ValueError, TypeError, OverflowError, InvalidOperation, ImportError) as error:
        raise MessageError(f"a message holds {short(value)}, which is none of its kind: {error}") from None


def _span(value: Any, buffers: Sequence[bytes], depth: int) -> timedelta:
    days, seconds, microseconds = value["value"]
    return timedelta(days, seconds, microseconds)


def _complex(value: Any, buffers: Sequence[bytes], depth: int) -> complex:
    real, imaginary = value["value"]
    return complex(real, imaginary)


def _decimal(value: Any, buffers: Sequence[bytes], depth: int) -> Decimal:
    """A decimal of a size that is safe to make an int of: of ten letters, ``1e999999999``, that takes hours."""
    number = Decimal(value["value"])
    if abs(number.adjusted()) > _LARGEST:
        raise MessageError(f"a message holds a decimal that is too large or too small: 1e±{_LARGEST} is the limit")
    return number


def _set(value: Any, buffers: Sequence[bytes], depth: int) -> set[Any]:
    return {_hashable(_whole(each, buffers, depth)) for each in value["value"]}


def _dict(value: Any, buffers: Sequence[bytes], depth: int) -> dict[Any, Any]:
    pairs = [[_whole(each, buffers, depth) for each in pair] for pair in value["value"]]
    return {_hashable(key): each for key, each in pairs}


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _data(value: Any, buffers: Sequence[bytes]) -> bytes:
    data = value["value"]
    if type(data) is int and 0 <= data < len(buffers):
        return buffers[data]
    if not isinstance(data, str):
        raise MessageError("a message names a buffer that it does not have")
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise MessageError(f"a message holds bytes that are none: {error}") from None


def _array(value: Any, buffers: Sequence[bytes], depth: int) -> Any:
    import numpy

    dtype, shape = numpy.dtype(value["dtype"]), value["shape"]
    if dtype.kind not in _KINDS or not all(type(each) is int and each >= 0 for each in shape):
        raise MessageError(f"a message holds an array of {short(value['dtype'])} and shape {short(shape)}")
    return numpy.frombuffer(_data(value, buffers), dtype).reshape(shape).copy()


def _frame(value: Any, buffers: Sequence[bytes], depth: int) -> Any:
    import pandas

    names = [_hashable(_whole(each, buffers, depth)) for each in value["columns"]]
    columns = [_whole(each, buffers, depth) for each in value["value"]]
    index = None if value.get("index") is None else _whole(value["index"], buffers, depth)
    if index is None:
        index = pandas.RangeIndex(value["rows"])
    frame = pandas.DataFrame(dict(enumerate(columns)), index=index)
    frame.columns = names
    return frame


_READERS: Final[Mapping[str, Callable[[Any, Sequence[bytes], int], Any]]] = {
    "datetime": lambda value, buffers, depth: datetime.fromisoformat(value["value"]),
    "date": lambda value, buffers, depth: date.fromisoformat(value["value"]),
    "time": lambda value, buffers, depth: time.fromisoformat(value["value"]),
    "timedelta": _span,
    "decimal": _decimal,
    "uuid": lambda value, buffers, depth: UUID(value["value"]),
    "complex": _complex,
    "set": _set,
    "dict": _dict,
    "bytes": lambda value, buffers, depth: _data(value, buffers),
    "ndarray": _array,
    "dataframe": _frame,
}
