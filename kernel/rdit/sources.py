"""Source text: bytes to text as Python reads a file, and the lines that tracebacks and ``inspect`` show of it.

Every text an executor compiles gets a file name. The first one has the plain name, later ones a number, so that a
function defined by an earlier text still shows its own lines. The lines stay in ``linecache`` as long as code compiled
from them is alive and go when the next text comes: a long session does not grow by the texts it has run.
"""

from __future__ import annotations

import codecs
import io
import linecache
import os
import re
import weakref
from collections.abc import Iterable
from types import CodeType

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?\r?$")
_BOM = "\ufeff"


def to_text(source: str | bytes, filename: str) -> str:
    """The text of a source; bytes are decoded by their byte order mark or coding cookie, UTF-8 without one."""
    if isinstance(source, bytes):
        text = _decode(source, filename)
    elif isinstance(source, str):
        text = source
        _refuse_lone_surrogates(text, filename)
    else:
        raise TypeError(f"a script is str or bytes, not {type(source).__name__}")
    text = text.removeprefix(_BOM)
    _refuse_null_bytes(text, filename)
    return text


def lines_of(text: str) -> list[str]:
    r"""The lines as Python counts them: only ``\n``, ``\r\n`` and ``\r`` end one, form feeds do not."""
    return io.StringIO(text, newline=None).readlines()


def is_file(filename: str) -> bool:
    """Whether a name means a file, and not a place such as ``<rdit>``."""
    return not (filename.startswith("<") and filename.endswith(">"))


class Sources:
    """The file names and lines of what one executor has compiled and somebody still holds."""

    def __init__(self, filename: str) -> None:
        self.filename = os.path.abspath(filename) if is_file(filename) else filename
        self._count = 0
        self._entries: dict[str, _Entry] = {}

    def add(self, text: str) -> str:
        """Make the lines of a text known and return the file name to compile it with."""
        self._count += 1
        name = self.filename
        if self._count > 1 and not is_file(name):
            name = f"{name[:-1]} {self._count}>"
        self.forget(name)
        entry = self._entries[name] = _Entry(name, text)
        entry.publish()
        return name

    def keep_for(self, name: str, codes: Iterable[CodeType]) -> None:
        """Keep the lines of ``name`` as long as one of the code objects, or one inside them, is alive."""
        entry = self._entries[name]
        entry.hold(codes)
        if not entry.is_held:
            self.forget(name)

    def publish(self) -> None:
        """Bring linecache up to date: another executor may have used the same names, and code may be gone."""
        for name, entry in list(self._entries.items()):
            if entry.is_held:
                entry.publish()
            else:
                self.forget(name)

    def lines(self, name: str) -> list[str]:
        entry = self._entries.get(name)
        return entry.lines if entry is not None else []

    def forget(self, name: str) -> None:
        entry = self._entries.pop(name, None)
        if entry is not None:
            entry.withdraw()

    def clear(self) -> None:
        """Forget every text and count from one again."""
        for name in list(self._entries):
            self.forget(name)
        self._count = 0


class _Entry:
    """One text in linecache, held by weak references to the code compiled from it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = lines_of(text)
        # The time is None, which tells linecache that there is no file to compare with.
        self._cached = (len(text), None, self.lines, name)
        # By the id of the reference: a code object hashes by its content, which costs more than compiling it.
        self._codes: dict[int, weakref.ref[CodeType]] = {}
        # References report here and are counted later: an interrupt that falls into a Python callback is lost.
        self._gone: list[weakref.ref[CodeType]] = []

    @property
    def is_held(self) -> bool:
        while self._gone:
            self._codes.pop(id(self._gone.pop()), None)
        return bool(self._codes)

    def publish(self) -> None:
        linecache.cache[self.name] = self._cached

    def withdraw(self) -> None:
        if linecache.cache.get(self.name) is self._cached:
            del linecache.cache[self.name]

    def hold(self, codes: Iterable[CodeType]) -> None:
        pending = list(codes)
        while pending:
            code = pending.pop()
            reference = weakref.ref(code, self._gone.append)
            self._codes[id(reference)] = reference
            pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _decode(source: bytes, filename: str) -> str:
    has_bom = source.startswith(codecs.BOM_UTF8)
    declared = _declared_encoding(source.removeprefix(codecs.BOM_UTF8))
    encoding = declared or "utf-8"
    try:
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        raise SyntaxError(f"encoding problem: {encoding}", (filename, 1, None, None)) from None
    if has_bom and not is_utf8:
        raise SyntaxError(f"encoding problem: {encoding} with BOM", (filename, 1, None, None))
    try:
        return source.decode("utf-8-sig" if has_bom else encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        if declared or has_bom:
            message = f"(unicode error) {error}"
        else:
            message = (
                f"Non-UTF-8 code starting with '\\x{source[error.start]:02x}' in file {filename} on line {line}, "
                "but no encoding declared; see https://peps.python.org/pep-0263/ for details"
            )
        raise SyntaxError(message, (filename, line, None, None)) from None


def _declared_encoding(source: bytes) -> str | None:
    # The cookie counts on the first line, or on the second when the first holds nothing but a comment.
    for line in source.split(b"\n", 2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie is not None:
            return cookie[1].decode("ascii", "replace")
        if not _BLANK.match(line):
            return None
    return None


def _refuse_lone_surrogates(text: str, filename: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line, column = _place(text, error.start)
        message = f"source is not valid Unicode: lone surrogate U+{ord(text[error.start]):04X}"
        raise SyntaxError(message, (filename, line, column, None)) from None


def _refuse_null_bytes(text: str, filename: str) -> None:
    # compile() refuses them too, but tells no place.
    index = text.find("\0")
    if index >= 0:
        line, column = _place(text, index)
        shown = lines_of(text[:index] + "\n")[line - 1]
        raise SyntaxError("source code cannot contain null bytes", (filename, line, column, shown))


def _place(text: str, index: int) -> tuple[int, int]:
    before = lines_of(text[:index] + "|")
    return len(before), len(before[-1])
