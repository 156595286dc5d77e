"""A code cell as lines of a module: as many as it has, what it shows with a name, and without what is IPython's."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Final

from flow.build.errors import BuildError

_OF_IPYTHON: Final = re.compile(r"\s*(?:[%!?]|.*\?\s*$)")  # a magic, a command of the system, a question
_ASSIGNED: Final = re.compile(r"[\w\s,.\[\]]+=\s*[%!]")  # files = !ls
_AS_IT_IS: Final = frozenset({"time", "capture", "replay"})  # cell magics which run the cell and look at it
_AWAITED: Final = "'await' outside function"


@dataclass(frozen=True, slots=True)
class Code:
    """The lines, and expressions of what the cell shows."""

    source: str
    shown: tuple[str, ...]
    warnings: tuple[str, ...]


def read_code(text: str, number: int, where: str) -> Code:
    """A cell. ``where`` is what it is called in warnings and errors. Raises ``BuildError``."""
    lines = text.split("\n")
    warnings: list[str] = []
    if (first := _first_line(lines)) is not None and lines[first].startswith("%%"):
        magic = lines[first].split()[0]
        if magic.removeprefix("%%") not in _AS_IT_IS:
            warnings.append(f"{where}: it is left out, for a page has no {magic}")
            return Code("", (), tuple(warnings))
        warnings.append(f"{where}: {magic} is left out, and its cell runs without")
        lines[first] = ""
    tree = _parsed(lines, where, warnings)
    shown = _name_what_is_shown(lines, tree, number)
    return Code("\n".join(lines), tuple(shown), tuple(warnings))


def _first_line(lines: list[str]) -> int | None:
    return next((index for index, line in enumerate(lines) if line.strip()), None)


def _parsed(lines: list[str], where: str, warnings: list[str]) -> ast.Module:
    """The tree of a cell, from which lines that are no Python but IPython's are taken, one after the other."""
    while True:
        source = "\n".join(lines)
        try:
            tree = ast.parse(source)
            compile(source, where, "exec", dont_inherit=True)
        except SyntaxError as error:
            at = min(error.lineno or 1, len(lines)) - 1
            line = lines[at]
            if _ASSIGNED.match(line):
                raise BuildError(
                    f"{where}, line {at + 1}: `{line.strip()}` is IPython's, which a page has not: "
                    "write it in Python, or in a cell that the page does not need"
                ) from None
            if not _OF_IPYTHON.match(line):
                raise BuildError(f"{where}, line {at + 1}: {error.msg}{_remedy(error)}") from None
            warnings.append(f"{where}, line {at + 1}: `{line.strip()}` is left out, for a page has no magics")
            lines[at] = line[: len(line) - len(line.lstrip())] + "pass"
        except ValueError as error:  # null bytes
            raise BuildError(f"{where}: {error}") from None
        else:
            return tree


def _remedy(error: SyntaxError) -> str:
    if _AWAITED not in error.msg:
        return ""
    return ". In a page nothing waits for a cell: await in an async component or handler"


def _name_what_is_shown(lines: list[str], tree: ast.Module, number: int) -> list[str]:
    """Give names to what the cell shows, in its own lines. The names are in their order."""
    shown: list[str] = []
    edits: list[tuple[int, int, int, str]] = []  # a line, from and to which byte of it, and what is to be there
    for statement in tree.body:
        if not isinstance(statement, ast.Expr):
            continue
        value, start = statement.value, (statement.lineno, statement.col_offset)
        name = f"_cell_{number}_{len(shown) + 1}"
        match value:
            case ast.Call(func=ast.Name(id="display", end_col_offset=int() as end), keywords=[]):
                assert value.end_lineno is not None
                assert value.end_col_offset is not None
                opening = lines[value.func.end_lineno - 1].encode().index(b"(", end)  # type: ignore[operator]
                edits.append((start[0], start[1], opening + 1, f"{name} = ["))
                edits.append((value.end_lineno, value.end_col_offset - 1, value.end_col_offset, "]"))
                shown.append(f"*{name}")
            case _ if statement is tree.body[-1] and _is_shown(statement, lines):
                edits.append((*start, start[1], f"{name} = "))
                shown.append(name)
    for row, begin, end, text in reversed(edits):
        line = lines[row - 1].encode()
        lines[row - 1] = (line[:begin] + text.encode() + line[end:]).decode()
    return shown


def _is_shown(statement: ast.Expr, lines: list[str]) -> bool:
    """Whether a notebook shows something of the last statement of a cell."""
    value = statement.value
    assert statement.end_lineno is not None
    rest = lines[statement.end_lineno - 1].encode()[statement.end_col_offset :].decode()
    is_print = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print"
    is_none = isinstance(value, ast.Constant) and value.value is None
    return not (is_print or is_none or rest.lstrip().startswith(";"))
