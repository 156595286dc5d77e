"""What `rdit run` is asked to run: a script or a notebook, with its arguments."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass

from rdit.sources import to_text

LineRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Program:
    """``path`` is ``-`` for a script that comes in on standard input."""

    path: str
    args: tuple[str, ...] = ()
    lines: LineRange | None = None

    @property
    def is_stdin(self) -> bool:
        return self.path == "-"

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(".ipynb")

    @property
    def filename(self) -> str:
        """As tracebacks call it."""
        return "<stdin>" if self.is_stdin else os.path.abspath(self.path)

    @property
    def argv(self) -> list[str]:
        return [self.path, *self.args]

    @property
    def first_path(self) -> str:
        """Where imports look first: beside the program, as with `python script.py`."""
        return os.getcwd() if self.is_stdin or self.is_notebook else os.path.dirname(os.path.realpath(self.path))

    @property
    def surroundings(self) -> str:
        """Python that gives a kernel what `python script.py` gives a script. It leaves no other names behind."""
        lines = [
            f"__import__('sys').argv[:] = {self.argv!r}",
            f"__import__('sys').path[:1] = [{self.first_path!r}]",
        ]
        if not self.is_stdin:
            lines.append(f"__file__ = {self.filename!r}")
        return "\n".join(lines)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Program:
        fields = json.loads(text)
        lines = fields["lines"]
        return cls(fields["path"], tuple(fields["args"]), None if lines is None else (lines[0], lines[1]))

    def read(self) -> str:
        """The text of the file. Raises OSError, or SyntaxError where its bytes are no text."""
        if self.is_stdin:
            return to_text(sys.stdin.buffer.read(), self.filename)
        with open(self.path, "rb") as file:
            return to_text(file.read(), self.filename)


def environment(columns: int | None) -> dict[str, str]:
    """The environment for a program whose output is shown ``columns`` wide, where that is known."""
    found = dict(os.environ)
    if columns is not None:
        found.setdefault("COLUMNS", str(columns))
    return found
