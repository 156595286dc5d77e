"""Short texts for values that have nothing inside. Code of the user's is never run for them."""

from __future__ import annotations

import json
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any, Final

LONGEST: Final = 200  # characters of a text that are shown in one line
TIMES: Final = " \N{MULTIPLICATION SIGN} "
OCTETS: Final = 50  # bytes that are shown
_BITS: Final = 4000  # of an integer that is written out; beyond, that would take its time


def clean(text: str) -> str:
    """A text that can be told a page: half of a character has no form there."""
    return text.encode("utf-8", "backslashreplace").decode()


def quoted(text: str) -> str:
    """A text in double quotes and in one line, cut where it is long.

    >>> print(quoted("two\\nlines"))
    "two\\nlines"
    """
    cut = text[:LONGEST]
    rest = len(text) - len(cut)
    return clean(json.dumps(cut, ensure_ascii=False)) + (f" … {rest:,} more" if rest else "")


def octets(first: bytes | bytearray, count: int) -> str:
    """The first of ``count`` bytes, as Python writes them."""
    rest = count - len(first)
    return repr(bytes(first)) + (f" … {rest:,} more" if rest else "")


def integer(value: int) -> str:
    """A whole number, all of its digits unless these are thousands."""
    bits = int.bit_length(value)
    if bits <= _BITS:
        text = int.__repr__(value)
        return text if len(text) <= LONGEST else f"{text[:20]}…{text[-20:]} ({len(text):,} digits)"
    return f"about {'-' if int.__lt__(value, 0) else ''}2**{bits - 1}"


def function(value: Any) -> str:
    """A function as it is called: its name and its parameters, without their defaults.

    >>> def area(width, *, height=1): ...
    >>> function(area)
    'area(width, *, height)'
    """
    if type(value) is MethodType:
        return function(value.__func__) if type(value.__func__) is FunctionType else "method"
    if type(value) is FunctionType:
        return f"{value.__qualname__.rpartition('<locals>.')[2]}({_parameters(value.__code__)})"
    if type(value) is BuiltinFunctionType:
        return f"{value.__qualname__}()"
    return str(getattr(value, "__name__", ""))


def _parameters(code: CodeType) -> str:
    names = list(code.co_varnames)
    plain, only = code.co_argcount, code.co_kwonlyargcount
    keywords = names[plain : plain + only]
    told = names[:plain]
    if code.co_posonlyargcount:
        told.insert(code.co_posonlyargcount, "/")
    at = plain + only
    if code.co_flags & 0x04:  # CO_VARARGS
        told.append(f"*{names[at]}")
        at += 1
    elif keywords:
        told.append("*")
    told += keywords
    if code.co_flags & 0x08:  # CO_VARKEYWORDS
        told.append(f"**{names[at]}")
    return ", ".join(told)


def counted(number: int, thing: str) -> str:
    """A number of things: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
