"""A message on a WebSocket: JSON as text; with bytes beside it, a binary frame of a length, the JSON and the bytes.

    | 4 bytes: length of the JSON | [message, [length of each buffer, …]] | buffer | buffer | …

js/src/page/dev_socket.ts has the twin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flow.errors import FlowError


class FrameError(FlowError):
    """What came is no message."""


def packed(message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> str | bytes:
    """A message as a frame."""
    if not buffers:
        return _json(message)
    views = [memoryview(each).cast("B") for each in buffers]
    head = _json([message, [each.nbytes for each in views]]).encode()
    return b"".join((len(head).to_bytes(4, "big"), head, *views))


def unpacked(frame: str | bytes) -> tuple[Any, list[bytes]]:
    """The message in a frame, and its buffers. Raises ``FrameError``."""
    try:
        if isinstance(frame, str):
            return json.loads(frame), []
        start = 4 + int.from_bytes(frame[:4], "big")
        message, sizes = json.loads(frame[4:start])
        buffers: list[bytes] = []
        for size in sizes:
            buffers.append(frame[start : start + size])
            start += size
    except (ValueError, TypeError, RecursionError) as error:
        raise FrameError(f"a page sent what is no message: {error}") from error
    return message, buffers


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
