"""What a request asks to run: its JSON, read strictly, so that a misspelt name is told and not passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdit.http.refused import Refused

DEFAULT_SESSION = "default"
_LONGEST_NAME = 1000
_TEXTS = ("script", "code", "path")
_EXPECTED = (
    'expected JSON such as {"script": "1 + 1"} or {"path": "folder/script.py"}, '
    'with "session", "lineRange" and "stream" if you like'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A script, either its text or where it lies, and the session it runs in. ``stream`` asks for output at once."""

    source: str | None
    path: str | None
    session: str
    lines: tuple[int, int] | None = None
    stream: bool = False

    @classmethod
    def of(cls, body: bytes) -> Asked:
        """Raises Refused with 400 for what is none."""
        fields = _object(body)
        _know(fields, {*_TEXTS, "session", "lineRange", "stream"})
        given = [name for name in _TEXTS if name in fields]
        if len(given) != 1:
            found = " and ".join(f'"{name}"' for name in given) or "neither"
            raise Refused(400, f'expected one of "script" (or "code") and "path", but got {found}; {_EXPECTED}')
        (name,) = given
        text = fields[name]
        if not isinstance(text, str):
            raise Refused(400, f'expected "{name}" to be a string, but got {_kind(text)}; {_EXPECTED}')
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Refused(400, f'expected "{name}" to be text, but it holds a null character or half of a character')
        stream = fields.get("stream", False)
        if not isinstance(stream, bool):
            raise Refused(400, f'expected "stream" to be true or false, but got {_kind(stream)}')
        is_path = name == "path"
        session = _session(fields, text if is_path else DEFAULT_SESSION)
        return cls(None if is_path else text, text if is_path else None, session, _lines(fields), stream)


def session_of(body: bytes) -> str:
    """The session that a request to reset means. Raises Refused with 400."""
    fields = _object(body) if body.strip() else {}
    _know(fields, {"session"})
    return _session(fields, DEFAULT_SESSION)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"the body is no JSON ({error}); {_EXPECTED}") from error
    if not isinstance(found, dict):
        raise Refused(400, f"the body is {_kind(found)}; {_EXPECTED}")
    return found


def _know(fields: Mapping[str, Any], names: set[str]) -> None:
    if unknown := sorted(set(fields) - names):
        raise Refused(400, f"expected of {sorted(names)} only, but got {unknown[0][:100]!r} too")


def _session(fields: Mapping[str, Any], default: str) -> str:
    name = fields.get("session", default)
    if not isinstance(name, str) or not name.isprintable() or not 1 <= len(name) <= _LONGEST_NAME:
        raise Refused(400, f'expected "session" to be a name of 1 to {_LONGEST_NAME} printable characters')
    return name


def _lines(fields: Mapping[str, Any]) -> tuple[int, int] | None:
    found = fields.get("lineRange")
    match found:
        case None:
            return None
        case {"from": int(first), "to": int(last), **rest} if not rest and 1 <= first <= last:
            # JSON's true is a number to Python.
            if type(first) is type(last) is int:
                return first, last
    raise Refused(
        400,
        'expected "lineRange" such as {"from": 3, "to": 7}, counted from 1, first not after last, '
        f"but got {json.dumps(found)[:100]}",
    )


def _kind(value: Any) -> str:
    """What JSON calls a value of this kind."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
    return "an object"
