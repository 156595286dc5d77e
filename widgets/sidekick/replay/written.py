"""Written: what a thread prints while it is recorded."""

from __future__ import annotations

import sys
from threading import get_ident
from typing import Any, Final

LIMIT: Final = 100_000  # characters that are kept


class Written:
    """What this thread writes to ``sys.stdout``. It goes where it always goes as well."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._thread = get_ident()
        self._stream: Any = None
        self._write: Any = None  # the stream's own
        self._had_own = False  # whether that was set on the stream itself, by someone who listens too

    @property
    def length(self) -> int:
        """How many characters there are."""
        return self._length

    @property
    def text(self) -> str:
        """All of it, as far as it is kept."""
        return "".join(self._parts)

    def start(self) -> None:
        """Listen. The stream's ``write`` is replaced, not the stream: others may hold it, or ask for its class."""
        stream: Any = sys.stdout
        self._had_own = "write" in getattr(stream, "__dict__", {})
        self._write = stream.write
        try:
            stream.write = self._listen
        except AttributeError:  # a stream that takes no attributes: then it is not known what is printed
            return
        self._stream = stream

    def stop(self) -> None:
        """Listen no more. Twice is harmless."""
        stream, self._stream = self._stream, None
        if stream is None or stream.write != self._listen:
            return
        if self._had_own:
            stream.write = self._write
        else:
            del stream.write

    def _listen(self, data: str, *rest: Any, **options: Any) -> Any:
        result = self._write(data, *rest, **options)
        if self._length < LIMIT and isinstance(data, str) and get_ident() == self._thread:
            part = data[: LIMIT - self._length]
            self._parts.append(part)
            self._length += len(part)
        return result
