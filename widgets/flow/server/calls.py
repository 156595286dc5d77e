"""A call of an rpc function from outside: from the bytes of a request to those of the answer.

A call is ``{"name": value, …}``, the arguments by their names; those by place stand under ``"*"``, which no parameter
is called. The answer is the value. What went wrong is ``{"error": {"kind", "message", …}}``, and never a traceback, nor
the message of an error that the author did not write for visitors: that is logged, with a number that the visitor is
told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4
from weakref import WeakKeyDictionary

from flow.readable import short
from flow.rpc import RpcError, RpcFunction, RpcRegistry, UnknownFunctionError
from flow.rpc_values import PACKED, MessageError, dumps, encoded, is_binary, loads, pack, unpack
from flow.server.arguments import Arguments, ArgumentsError

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"  # of a stream: a value, an error or the end in each line
BY_PLACE: Final = "*"

_log: Final = logging.getLogger("flow")
_arguments: Final[WeakKeyDictionary[RpcFunction, Arguments]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` as HTTP has it, and the body, or the parts of it one after the other."""

    status: int
    media_type: str
    body: bytes | AsyncIterator[bytes]


async def answer(name: str, media_type: str, body: bytes) -> Answer:
    """Call a function, and get what to answer."""
    try:
        function = RpcRegistry.get(name)
        args, kwargs = _arguments_of(function).check(*_read(media_type, body))
    except UnknownFunctionError as error:
        return _error(404, error.kind, str(error))
    except MessageError as error:
        return _error(400, "message", str(error))
    except ArgumentsError as error:
        return _error(422, "arguments", str(error), wrong=error.wrong)
    if function.is_stream:
        return Answer(200, LINES, _lines(function, args, kwargs))
    try:
        async with asyncio.timeout(function.timeout):
            value = await function.result(*args, **kwargs)
        return _value(value)
    except Exception as error:
        return _failed(function, error)


async def _lines(function: RpcFunction, args: tuple[Any, ...], kwargs: dict[str, Any]) -> AsyncIterator[bytes]:
    stream = function.stream(*args, **kwargs)
    try:
        while True:
            try:
                async with asyncio.timeout(function.timeout):  # for each value
                    value = await anext(stream)
                yield encoded(dumps({"value": value})) + b"\n"
            except StopAsyncIteration:
                yield b'{"end":true}\n'
                return
            except Exception as error:
                failed = _failed(function, error).body
                assert isinstance(failed, bytes)
                yield failed + b"\n"
                return
    finally:
        await stream.aclose()  # type: ignore[attr-defined]  # of a generator, which it is


def _read(media_type: str, body: bytes) -> tuple[list[Any], dict[str, Any]]:
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in (JSON, PACKED):
        raise MessageError(f"a call is {JSON} or {PACKED}, not {short(media_type)}")
    call = unpack(body) if kind == PACKED else loads(body or b"{}")
    if not isinstance(call, dict) or not all(isinstance(key, str) for key in call):
        raise MessageError("a call is an object: the arguments by their names")
    args = call.pop(BY_PLACE, [])
    if not isinstance(args, list):
        raise MessageError(f"the arguments by place are a list, not {type(args).__name__}")
    return args, call


def _arguments_of(function: RpcFunction) -> Arguments:
    found = _arguments.get(function)
    if found is None:
        found = _arguments[function] = Arguments(function.function)
    return found


def _value(value: Any) -> Answer:
    if is_binary(value):
        return Answer(200, PACKED, pack(value))
    return Answer(200, JSON, encoded(dumps(value)))


def _failed(function: RpcFunction, error: Exception) -> Answer:
    if isinstance(error, TimeoutError) and function.timeout is not None:
        return _error(504, "timeout", f"{function.name} took longer than {function.timeout:g} s")
    if isinstance(error, RpcError):
        return _error(400, error.kind, str(error))
    number = uuid4().hex[:8]
    _log.error("rpc function %s failed (%s)", function.name, number, exc_info=error)
    return _error(500, "failed", f"{function.name} failed on the server, whose log tells more under {number}")


def _error(status: int, kind: str, message: str, **more: Any) -> Answer:
    return Answer(status, JSON, encoded(dumps({"error": {"kind": kind, "message": message, **more}})))
