"""Source to statements: parse, split, compile, line ranges. Runs nothing and imports the standard library only.

A statement is one top-level AST node. Its lines are those a reader would point at: they start at the first decorator
and end at the node's last line, both counted from 1 and both included.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import CodeType

_SEMICOLON = re.compile(rb"(?:[ \t\f]|\\\r?\n)*;")


@dataclass(frozen=True, slots=True)
class Statement:
    """One top-level node of a source.

    ``is_quiet`` tells that a ``;`` follows it, which hides an expression's value. ``compiled`` is there once somebody
    has compiled it; a cell's statements are compiled when they are reached, a script's before the first one runs.
    """

    node: ast.stmt
    node_index: int
    line_start: int
    line_end: int
    is_expr: bool
    is_quiet: bool = False
    compiled: CodeType | None = None

    @property
    def lines(self) -> str:
        return f"{self.line_start}-{self.line_end}"

    def touches(self, first: int, last: int) -> bool:
        return self.line_start <= last and first <= self.line_end


def split(nodes: Iterable[ast.stmt], source: str) -> list[Statement]:
    """The statements of a parsed source, in order. ``source`` is the text that was parsed into ``nodes``."""
    lines: list[bytes] | None = None
    statements = []
    for index, node in enumerate(nodes):
        is_expr = isinstance(node, ast.Expr)
        is_quiet = False
        if is_expr and ";" in source:
            lines = lines if lines is not None else _byte_lines(source)
            is_quiet = _is_followed_by_semicolon(node, lines)
        start, end = line_range(node)
        statements.append(Statement(node, index, start, end, is_expr, is_quiet))
    return statements


def line_range(node: ast.stmt) -> tuple[int, int]:
    """The first and the last line of a node. A decorated definition starts at its first decorator."""
    start: int = node.lineno
    for decorator in getattr(node, "decorator_list", ()):
        start = min(start, decorator.lineno)
    return start, node.end_lineno or node.lineno


def touching(statements: Sequence[Statement], first: int, last: int) -> list[Statement]:
    """The statements that have at least one of the lines ``first`` to ``last``."""
    return [statement for statement in statements if statement.touches(first, last)]


def _byte_lines(source: str) -> list[bytes]:
    # ast counts columns in UTF-8 bytes, and only "\n", "\r\n" and "\r" end a line (splitlines() knows ten more).
    return re.split(rb"(?<=\n)|(?<=\r)(?!\n)", source.encode("utf-8", "surrogatepass"))


def _is_followed_by_semicolon(node: ast.stmt, lines: list[bytes]) -> bool:
    if node.end_lineno is None or node.end_col_offset is None or node.end_lineno > len(lines):
        return False
    rest = lines[node.end_lineno - 1][node.end_col_offset :]
    following = node.end_lineno
    while rest.rstrip(b"\r\n").endswith(b"\\") and following < len(lines):
        rest += lines[following]
        following += 1
    return _SEMICOLON.match(rest) is not None
