"""Tracebacks as the user's file would print them: the user's lines, never the executor's.

An exception is trimmed in place, so that the user's own code (``traceback.print_exception`` of a kept exception,
``raise ... from`` it in a later statement) does not meet the executor's frames either.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from types import CodeType, TracebackType

_OWN_PLACE = os.path.dirname(os.path.abspath(__file__)) + os.sep
# Below the executor's frames, these lead to the user's coroutine.
_LOOP_PLACE = os.path.join(os.path.dirname(os.path.abspath(os.__file__)), "asyncio") + os.sep


def trim(error: BaseException, code: CodeType | None, outer: BaseException | None) -> None:
    """Take out the frames that led to the user's ``code``, and the link to ``outer``.

    ``outer`` is what the caller was handling when the statement began: Python links it to every new exception,
    though the user's program has nothing to do with it.
    """
    for member in _family(error):
        member.__traceback__ = _from_user_code(member.__traceback__, code)
        if outer is not None and member.__context__ is outer:
            member.__context__ = None


def give_lines(error: BaseException) -> None:
    """Give every frame a line. Where an interrupt came at a jump that the compiler added, Python knows of none, and
    IPython, which wants one, would show no traceback but that of its own failure."""
    for member in _family(error):
        member.__traceback__ = with_lines(member.__traceback__)


def with_lines(found: TracebackType | None) -> TracebackType | None:
    """The traceback, with a line for every frame."""
    entries = []
    entry = found
    while entry is not None:
        entries.append(entry)
        entry = entry.tb_next
    if all(entry.tb_lineno is not None for entry in entries):
        return found
    given = None
    for entry in reversed(entries):
        line = entry.tb_lineno if entry.tb_lineno is not None else _line_before(entry)
        given = TracebackType(given, entry.tb_frame, entry.tb_lasti, line)
    return given


def _line_before(entry: TracebackType) -> int:
    """The line of the last instruction before this one that has any."""
    code = entry.tb_frame.f_code
    lines = [line for start, _, line in code.co_lines() if line is not None and start <= entry.tb_lasti]
    return lines[-1] if lines else code.co_firstlineno


def format_error(error: BaseException) -> str:
    """The text that Python prints for an uncaught exception."""
    return _encodable(traceback.format_exception(error))


def format_refusal(error: BaseException) -> str:
    """The text that Python prints for a file that it does not compile: the place, and no frames."""
    return _encodable(traceback.format_exception_only(error))


def _encodable(lines: list[str]) -> str:
    return "".join(lines).encode("utf-8", "backslashreplace").decode()


def _from_user_code(found: TracebackType | None, code: CodeType | None) -> TracebackType | None:
    entry = found
    while entry is not None:
        if entry.tb_frame.f_code is code:
            return entry
        entry = entry.tb_next
    # The statement's own frame is not there: it failed in a repr, between two awaits, or before it began.
    if found is None or not _is_in(found, _OWN_PLACE):
        return found
    entry = found
    while entry is not None and _is_in(entry, (_OWN_PLACE, _LOOP_PLACE)):
        entry = entry.tb_next
    return entry


def _is_in(entry: TracebackType, places: str | tuple[str, ...]) -> bool:
    return entry.tb_frame.f_code.co_filename.startswith(places)


def _family(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes and contexts, and the members of groups; each once."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        member = pending.pop()
        if member is None or id(member) in seen:
            continue
        seen.add(id(member))
        yield member
        pending += [member.__cause__, member.__context__]
        if isinstance(member, BaseExceptionGroup):
            pending += member.exceptions
