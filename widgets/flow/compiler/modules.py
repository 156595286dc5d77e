"""Modules of an app as the split sees them: pieces, each with the names that it reads and binds.

A piece is what enters a page whole or not at all: a statement, or one name of an import or of an assignment of several.
Statements with blocks (``if``, ``try``, ``with``, loops) are no pieces: those in their blocks are, and a block's head
goes with each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from flow.compiler.rules import is_marked
from flow.compiler.scopes import Names, expression_names, names_of

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_LISTS: Final = ("body", "orelse", "finalbody")
_BLOCKS: Final = (ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While, ast.Match)


@dataclass(eq=False, slots=True)
class Block:
    """A statement with statements in it. ``head`` are its names without those of its blocks."""

    node: ast.stmt
    head: Names


@dataclass(eq=False, slots=True)
class Piece:
    """What enters a page whole or not at all.

    ``alias`` is the name of an import that it is, ``pair`` the target and value of an assignment of several that it is.
    """

    node: ast.stmt
    names: Names
    blocks: tuple[Block, ...] = ()  # around it, the outermost first
    alias: ast.alias | None = None
    pair: tuple[ast.expr, ast.expr] | None = None
    touches: str | None = None  # the global name whose value it changes, without binding it

    @property
    def label(self) -> str:
        """What it is called in a chain of names."""
        if isinstance(self.node, (*FUNCTIONS, ast.ClassDef)):
            return self.node.name
        return ", ".join(sorted(self.names.binds)) or f"line {self.node.lineno}"


@dataclass(eq=False)
class Module:
    """One source, in pieces."""

    name: str
    path: str
    source: str
    is_package: bool = False
    tree: ast.Module = field(init=False)
    pieces: list[Piece] = field(init=False)
    bindings: dict[str, list[Piece]] = field(init=False)
    blocks_by_name: dict[str, list[Block]] = field(init=False)  # whose heads bind a name
    stars: list[Piece] = field(init=False)  # ``from … import *``

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.source, self.path)
        self.bindings, self.blocks_by_name, self.stars = {}, {}, []
        self.pieces = list(self._pieces(self.tree.body, ()))
        for piece in self.pieces:
            for name in piece.names.binds:
                self.bindings.setdefault(name, []).append(piece)
            if piece.alias is not None and piece.alias.name == "*":
                self.stars.append(piece)

    @property
    def is_marked(self) -> bool:
        """Whether it says of itself that it stays on the server."""
        return is_marked(self.source)

    @property
    def package(self) -> str:
        """The package that its relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    def imported_from(self, node: ast.ImportFrom) -> str:
        """The whole name of the module that an import names; empty if it goes above the app."""
        if not node.level:
            return node.module or ""
        parts = self.package.split(".") if self.package else []
        kept = parts[: len(parts) - node.level + 1]
        if len(parts) < node.level - 1:
            return ""
        return ".".join([*kept, *([node.module] if node.module else [])])

    @property
    def public_names(self) -> list[str]:
        """What ``import *`` takes from it."""
        for piece in self.bindings.get("__all__", ()):
            if isinstance(piece.node, ast.Assign | ast.AnnAssign) and piece.node.value is not None:
                try:
                    return [str(each) for each in ast.literal_eval(piece.node.value)]
                except ValueError:
                    break
        return [name for name in self.bindings if not name.startswith("_")]

    def _pieces(self, statements: Sequence[ast.stmt], blocks: tuple[Block, ...]) -> Iterator[Piece]:
        for node in statements:
            if is_main_guard(node) or is_for_types(node):
                yield from self._pieces(getattr(node, "orelse", []), blocks)
            elif isinstance(node, _BLOCKS):
                block = Block(node, _head_names(node))
                for name in block.head.binds:
                    self.blocks_by_name.setdefault(name, []).append(block)
                for inside in statements_in(node):
                    yield from self._pieces(inside, (*blocks, block))
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    yield Piece(node, Names(frozenset(), _bound_by(alias, node)), blocks, alias=alias)
            elif pairs := _pairs(node):
                for target, value in pairs:
                    yield Piece(node, names_of(_assign(target, value)), blocks, pair=(target, value))
            else:
                yield Piece(node, names_of(node), blocks, touches=_touched(node))


def is_main_guard(node: ast.stmt) -> bool:
    """Whether it is ``if __name__ == "__main__":``, which no import runs."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return False
    sides = [node.test.left, *node.test.comparators]
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def is_for_types(node: ast.stmt) -> bool:
    """Whether it is ``if TYPE_CHECKING:``, which nothing runs."""
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def statements_in(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement that has some."""
    for name in _LISTS:
        if inside := getattr(node, name, None):
            yield inside
    for handler in getattr(node, "handlers", ()):
        yield handler.body
    for case in getattr(node, "cases", ()):
        yield case.body


def _head_names(node: ast.stmt) -> Names:
    """The names of what stands beside the blocks of a statement: conditions, items, the types of errors."""
    reads: set[str] = set()
    binds: set[str] = set()
    for expression in _head_expressions(node):
        names = names_of(ast.Expr(expression))
        reads |= names.reads
        binds |= names.binds
        binds |= {
            each.id for each in ast.walk(expression) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
    for each in [*getattr(node, "handlers", ())]:
        if each.name:
            binds.add(each.name)
    for case in getattr(node, "cases", ()):
        for each in ast.walk(case.pattern):
            bound = getattr(each, "name", None) or getattr(each, "rest", None)
            if isinstance(bound, str):
                binds.add(bound)
            if isinstance(each, ast.expr):
                reads |= expression_names(each)
    return Names(frozenset(reads), frozenset(binds))


def _head_expressions(node: ast.stmt) -> Iterator[ast.expr]:
    for name in ("test", "iter", "target", "subject"):
        if isinstance(each := getattr(node, name, None), ast.expr):
            yield each
    for item in getattr(node, "items", ()):
        yield item.context_expr
        if item.optional_vars is not None:
            yield item.optional_vars
    for handler in getattr(node, "handlers", ()):
        if handler.type is not None:
            yield handler.type
    for case in getattr(node, "cases", ()):
        if case.guard is not None:
            yield case.guard


def _bound_by(alias: ast.alias, node: ast.Import | ast.ImportFrom) -> frozenset[str]:
    if alias.name == "*":
        return frozenset()
    if alias.asname is not None:
        return frozenset({alias.asname})
    return frozenset({alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name})


def _pairs(node: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """The single assignments of ``a, b = x, y``."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return []
    target, value = node.targets[0], node.value
    if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
        return []
    starred: Iterable[ast.expr] = [*target.elts, *value.elts]
    if len(target.elts) != len(value.elts) or any(isinstance(each, ast.Starred) for each in starred):
        return []
    return [*zip(target.elts, value.elts, strict=True)]


def _assign(target: ast.expr, value: ast.expr) -> ast.Assign:
    return ast.Assign(targets=[target], value=value, lineno=target.lineno, col_offset=target.col_offset)


def _touched(node: ast.stmt) -> str | None:
    """The name of what a statement changes: ``items.append(…)``, ``state.title = …``, ``del table[key]``."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        return _base(call.func) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else None
    targets: Sequence[ast.expr] = ()
    if isinstance(node, ast.Assign | ast.Delete):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    return next((base for each in targets if not isinstance(each, ast.Name) and (base := _base(each))), None)


def _base(expression: ast.expr) -> str | None:
    while isinstance(expression, ast.Attribute | ast.Subscript | ast.Call):
        expression = expression.func if isinstance(expression, ast.Call) else expression.value
    return expression.id if isinstance(expression, ast.Name) else None
