"""Source to statements: parse, split, check, compile, line ranges. Runs nothing, imports the standard library only.

A statement is one top-level AST node. Its lines are those a reader would point at: they start at the first decorator
and end at the node's last line, both counted from 1 and both included.
"""

from __future__ import annotations
import __future__

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, TypeGuard

from rdit.annotations import PROLOGUE, carrying, own_scope, prologue_for, without_prologue

# The compiler flags that `from __future__ import` sets; they are found again in the flags of the code.
FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag
FUTURE_FLAGS &= ~0x10  # nested_scopes: long the rule, and its bit says "nested function" today

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


def parse(text: str, filename: str, flags: int = 0) -> ast.Module:
    """The tree of a text. ``flags`` are the future imports of earlier texts; nothing is inherited from this module."""
    tree = compile(text, filename, "exec", flags | ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
    assert isinstance(tree, ast.Module)
    return tree


def future_flags(nodes: Iterable[ast.stmt]) -> int:
    """The compiler flags of the future imports among top-level nodes. Unknown features are left to the compiler."""
    flags = 0
    for node in nodes:
        if _is_future(node):
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags & FUTURE_FLAGS


def compiled(
    statements: Iterable[Statement], whole: Sequence[ast.stmt], filename: str, flags: int = 0
) -> list[Statement]:
    """The statements with their code. ``whole`` are all nodes of the text they come from, in order.

    An expression's code gives its value to ``eval``. A docstring's also sets ``__doc__``, as a module's does.
    The code may carry a prologue (see `rdit.annotations`), to be run before it.
    """
    statements = list(statements)
    chosen = {id(statement.node) for statement in statements}
    program = ast.Module([node if id(node) in chosen else _stand_in(node) for node in whole], [])
    if _has_global(program.body) or _has_late_future(program.body):
        _check(program, filename, flags)
    docstring = _docstring_node(whole)
    try:
        nodes = [statement.node for statement in statements]
        prologue = None
        bodies = [[node] for node in nodes]
        if beginning := prologue_for(nodes):
            prologue = compile_node(beginning, filename, "exec", flags).replace(co_name=PROLOGUE)
            if not flags & __future__.annotations.compiler_flag:
                bodies = without_prologue(nodes)
        codes = [
            _code(node, body, node is docstring, filename, flags) for node, body in zip(nodes, bodies, strict=True)
        ]
    except SyntaxError:
        # Of several errors the compiler tells another one first when it sees the whole.
        _check(program, filename, flags)
        raise
    if prologue is not None:
        codes = [carrying(code, prologue) for code in codes]
    return list(map(_with_code, statements, codes))


def _code(node: ast.stmt, body: list[ast.stmt], is_docstring: bool, filename: str, flags: int) -> CodeType:
    if not isinstance(node, ast.Expr):
        return compile_node(ast.Module(body, []), filename, "exec", flags)
    value = _set_docstring(node, filename, flags) if is_docstring else node.value
    return compile_node(ast.Expression(value), filename, "eval", flags)


def _with_code(statement: Statement, code: CodeType) -> Statement:
    # Spelled out, because dataclasses.replace() takes as long as the compiler.
    start, end = statement.line_start, statement.line_end
    return Statement(statement.node, statement.node_index, start, end, statement.is_expr, statement.is_quiet, code)


def compile_node(tree: ast.Module | ast.Expression, filename: str, mode: str, flags: int = 0) -> CodeType:
    code = compile(tree, filename, mode, flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
    assert isinstance(code, CodeType)
    return code


def _check(program: ast.Module, filename: str, flags: int) -> None:
    """Let the compiler see a program in one piece and raise what it finds; it warns when it sees the parts.

    In two cases only the whole tells: a name is declared global after it was used, and a future import is not at the
    beginning. As long as none of these is there, nothing is compiled twice.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile_node(program, filename, "exec", flags)


def _has_late_future(nodes: Sequence[ast.stmt]) -> bool:
    """Whether a future import comes after something else than the docstring and other future imports."""
    head = 1 if _docstring_node(nodes) else 0
    while head < len(nodes) and _is_future(nodes[head]):
        head += 1
    return any(map(_is_future, nodes[head:]))


def _stand_in(node: ast.stmt) -> ast.stmt:
    """For a node that is not to run: whether a future import may follow it, and nothing of its own errors."""
    if _is_future(node) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return node
    return ast.copy_location(ast.Pass(), node)


def _is_future(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level


def _has_global(nodes: Iterable[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Global) for node in own_scope(nodes))


def _docstring_node(whole: Sequence[ast.stmt]) -> ast.stmt | None:
    first = whole[0] if whole else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    return None


def _set_docstring(node: ast.Expr, filename: str, flags: int) -> ast.expr:
    # The compiler decides what becomes of a docstring: 3.13 takes its indentation out, -OO takes it away.
    probe: dict[str, Any] = {}
    exec(compile_node(ast.Module([node], []), filename, "exec", flags), probe)
    if "__doc__" not in probe:
        return node.value
    value = ast.copy_location(ast.Constant(probe["__doc__"]), node.value)
    target = ast.copy_location(ast.Name("__doc__", ast.Store()), node.value)
    return ast.copy_location(ast.NamedExpr(target, value), node.value)


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
