"""Sources: what a text of Python has on its lines: statements, the loops around them, the names in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_Loop: TypeAlias = "ast.For | ast.AsyncFor | ast.While"


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop. Lines are counted from 1; a pass begins when ``body_line`` is reached."""

    line: int
    end_line: int
    body_line: int
    words: str  # "for i", "while"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: all lines of a simple one, those of the head of a compound one."""

    line: int
    end_line: int
    loops: tuple[Loop, ...] = ()  # that it is in, the outermost first, with its own if it is the head of one


@dataclass(frozen=True, slots=True)
class Source:
    """A text of Python, which has run. ``first_line`` is the first that is shown."""

    name: str
    lines: tuple[str, ...]
    statements: dict[int, Statement] = field(repr=False)  # by each of its lines
    names: frozenset[str] = field(repr=False)
    first_line: int = 1
    loops_in_one_line: tuple[int, ...] = ()  # the lines of those

    def line(self, number: int) -> str:
        """A line of it, empty if there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read_source(text: str, name: str, *, shown: str | None = None, first_line: int = 1) -> Source:
    """A text that has been compiled under this name. ``shown``: as the user wrote it, line for line, magics and all."""
    statements: dict[int, Statement] = {}
    names: set[str] = set()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Module([], [])  # compiled in another way, as with a top-level ``await`` of other flags
    for statement in _statements(tree.body, ()):
        for line in range(statement.line, statement.end_line + 1):
            statements.setdefault(line, statement)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Global):
            names.update(node.names)
    loops = {loop for statement in statements.values() for loop in statement.loops if loop.line == loop.body_line}
    in_one_line = tuple(sorted(loop.line for loop in loops))
    lines = tuple((shown or text).splitlines())
    return Source(name, lines, statements, frozenset(names), first_line, in_one_line)


def _statements(nodes: Sequence[ast.stmt], loops: tuple[Loop, ...]) -> Iterator[Statement]:
    """The statements, each before what is inside it. Without recursion into functions' loops: these begin anew."""
    for node in nodes:
        around = loops
        if isinstance(node, _LOOPS):
            around = (*loops, _loop(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            around = ()
        inside = [*_blocks(node)]
        start = _first_line(node)
        first_inside = min((_first_line(block[0]) for block, _ in inside), default=0)
        end = max(start, first_inside - 1) if inside else node.end_lineno or start
        yield Statement(start, end, around if isinstance(node, _LOOPS) else loops)
        for block, repeats in inside:
            yield from _statements(block, around if repeats else loops)


def _blocks(node: ast.stmt) -> Iterator[tuple[list[ast.stmt], bool]]:
    """The blocks of a compound statement, and whether each is part of what a loop repeats."""
    repeats = not isinstance(node, _LOOPS)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.body, True
        return
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if block:
            yield block, repeats or name == "body"
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body, True


def _first_line(node: ast.stmt) -> int:
    lines: list[int] = [node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]
    return min(lines)


def _loop(node: _Loop) -> Loop:
    words = f"while {ast.unparse(node.test)}" if isinstance(node, ast.While) else f"for {ast.unparse(node.target)}"
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    return Loop(node.lineno, node.end_lineno or node.lineno, _first_line(node.body[0]), words)


_LONGEST: Final = 30
