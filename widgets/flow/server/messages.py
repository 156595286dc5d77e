"""What a page says, checked: an object from the wire becomes one of five small messages, or a ``BadMessageError``.

A page may be anybody: a message is taken apart here, field by field, before anything looks at it. What an event
holds besides its type and target is checked for its size here and for its meaning in ``flow.events``, which knows the
element.

======================================================== ==================
``{"kind": "ready", "page", "revision"}``                ``Ready``
``{"kind": "gone", "page"}``                             ``Gone``
``{"kind": "ack", "page", "revision"}``                  ``Ack``
``{"kind": "event", "page", "serial", "event": {...}}``  ``EventMessage``
``{"type", "target_id", ...}``, an event by itself       ``EventMessage``
``{"kind": "chunk", "page", "upload", "offset", "size"}`` ``Chunk``, with one buffer
======================================================== ==================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeGuard

from flow.errors import BadMessageError
from flow.readable import short

TEXT_LIMIT: Final = 1 << 20  # characters of all texts in an event together
PARTS_LIMIT: Final = 10_000  # values in an event
DEPTH_LIMIT: Final = 8  # lists and objects inside each other in an event
CHUNK_LIMIT: Final = 512 << 10  # bytes
_EXACT: Final = 2**53  # from here on a number of JavaScript may be another
_SMALL: Final = frozenset((type(None), bool, int, float))  # what is no text and holds nothing

_PAGE: Final = re.compile(r"[\w.:-]{1,64}\Z", re.ASCII)
_EVENT_TYPE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_TARGET: Final = re.compile(r"flow-([0-9]{1,19})\Z")

UploadId: TypeAlias = int | str


@dataclass(frozen=True, slots=True)
class Ready:
    """A page shows its first view, found a gap or is seen again. It has this revision, or none."""

    page: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class Gone:
    """The last view of a page is closed."""

    page: str


@dataclass(frozen=True, slots=True)
class Ack:
    """A page shows this revision."""

    page: str
    revision: int


@dataclass(frozen=True, slots=True)
class EventMessage:
    """Something happened to the element with this id. ``data`` is as the page told it, of a bounded size."""

    target: int
    type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    page: str | None = None  # an event that came by itself tells of no page
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a file that is on its way."""

    page: str
    upload: UploadId
    offset: int  # bytes
    size: int  # of the whole file, bytes
    data: bytes = field(repr=False)


Message: TypeAlias = Ready | Gone | Ack | EventMessage | Chunk


def parse(content: object, buffers: Sequence[Any] = ()) -> Message:
    """The message that a page sent. Raises ``BadMessageError``, and nothing else."""
    if not isinstance(content, dict):
        raise BadMessageError("not an object", short(content))
    kind = content.get("kind")
    if kind == "chunk":
        return _chunk(content, buffers)
    if len(buffers):
        raise BadMessageError("buffers", f"{len(buffers)} with a message that has none: {short(kind)}")
    if kind == "event":
        return _event(content.get("event"), _page(content), _count(content, "serial"))
    if kind == "ack":
        return Ack(_page(content), _count(content, "revision"))
    if kind == "ready":
        revision = None if content.get("revision") in (None, -1) else _count(content, "revision")
        return Ready(_page(content), revision)
    if kind == "gone":
        return Gone(_page(content))
    if kind is None and "type" in content:
        return _event(content, None, None)
    raise BadMessageError("unknown kind", short(kind))


def _event(told: object, page: str | None, serial: int | None) -> EventMessage:
    if not isinstance(told, dict):
        raise BadMessageError("event", f"takes an object, not {short(told)}")
    event_type, target = told.get("type"), told.get("target_id")
    if not (isinstance(event_type, str) and _EVENT_TYPE.match(event_type)):
        raise BadMessageError("event type", short(event_type))
    match = _TARGET.match(target) if isinstance(target, str) else None
    if match is None:
        raise BadMessageError("event target", short(target))
    data = {name: value for name, value in told.items() if name not in ("type", "target_id")}
    _check_size(data)
    return EventMessage(int(match[1]), event_type, data, page, serial)


def _chunk(content: Mapping[Any, Any], buffers: Sequence[Any]) -> Chunk:
    upload = content.get("upload")
    if not (_is_page(upload) or _is_count(upload)):
        raise BadMessageError("upload", short(upload))
    page, offset, size = _page(content), _count(content, "offset"), _count(content, "size")
    if len(buffers) != 1 or not isinstance(buffers[0], bytes | bytearray | memoryview):
        raise BadMessageError("buffers", f"a chunk has one, not {len(buffers)} ({short(buffers)})")
    data = memoryview(buffers[0])
    if data.nbytes > CHUNK_LIMIT:
        raise BadMessageError("chunk size", f"{data.nbytes} bytes are more than {CHUNK_LIMIT}")
    if offset + data.nbytes > size or (data.nbytes == 0) is not (size == 0):
        raise BadMessageError("chunk place", f"{data.nbytes} bytes at {offset} of {size}")
    return Chunk(page, upload, offset, size, data.tobytes())


def _page(content: Mapping[Any, Any]) -> str:
    page = content.get("page")
    if _is_page(page):
        return page
    raise BadMessageError("page", short(page))


def _count(content: Mapping[Any, Any], name: str) -> int:
    number = content.get(name)
    if _is_count(number):
        return number
    raise BadMessageError(name, f"takes a whole number from 0, not {short(number)}")


def _is_page(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _PAGE.match(value) is not None


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _EXACT


def _is_encodable(text: str) -> bool:
    """Whether it can be sent to a page again: JavaScript's texts may hold halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_size(data: Mapping[Any, Any]) -> None:
    """Refuse what is too long, too deep, or no JSON. Goes level by level, so depth is bounded, not the stack."""
    text, parts = 0, 0
    level: list[Any] = [data]
    for _ in range(DEPTH_LIMIT):
        inside: list[Any] = []
        for each in level:
            if type(each) in _SMALL:  # most are
                continue
            if isinstance(each, dict):
                if not all(isinstance(name, str) for name in each):
                    raise BadMessageError("event data", f"has a name that is no text: {short(each)}")
                text += sum(map(len, each))
                inside.extend(each.values())
            elif isinstance(each, list | tuple):
                inside.extend(each)
            elif isinstance(each, str):
                text += len(each)
                if not (each.isascii() or _is_encodable(each)):
                    raise BadMessageError("event text", f"has half of a character: {short(each)}")
            elif not isinstance(each, bool | int | float):
                raise BadMessageError("event data", f"holds {short(each)}")
        parts += len(inside)
        if text > TEXT_LIMIT or parts > PARTS_LIMIT:
            raise BadMessageError("event size", f"more than {TEXT_LIMIT} characters or {PARTS_LIMIT} values")
        if not inside:
            return
        level = inside
    raise BadMessageError("event size", f"more than {DEPTH_LIMIT} objects inside each other")
