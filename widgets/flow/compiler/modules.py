"""Modules of an app as the split sees them: pieces, each with the names that it reads and binds.

A piece is what enters a page whole or not at all: a statement, or one name of an import or of an assignment of several.
Statements with blocks (``if``, ``try``, ``with``, loops) are no pieces: those in their blocks are, and a block's head
goes with each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from flow.compiler.rules import is_marked
from flow.compiler.scopes import FUNCTIONS, Names, base_name, names_of

_LISTS: Final = ("body", "orelse", "finalbody")
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_BLOCKS: Final = (ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, *_LOOPS, ast.Match)


@dataclass(eq=False, slots=True)
class Block:
    """A statement with statements in it. ``head`` are the names of what stands beside these, which are ``parts``."""

    node: ast.stmt
    head: Names
    parts: tuple[ast.AST, ...]


@dataclass(eq=False, slots=True)
class Piece:
    """What enters a page whole or not at all.

    ``parts`` are what of a statement it is: all, or one target and value of an assignment of several. Of an import it
    is the name ``alias``. ``changes`` are what it gives another value without binding a name.
    """

    node: ast.stmt
    names: Names
    blocks: tuple[Block, ...] = ()  # around it, the outermost first
    alias: ast.alias | None = None
    parts: tuple[ast.AST, ...] = ()
    changes: tuple[ast.expr, ...] = ()

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
    setters: dict[str, list[Piece]] = field(init=False)  # functions that bind a name when they are called
    mentions: dict[str, list[Piece]] = field(init=False)  # that bind nothing, and read a name
    blocks_by_name: dict[str, list[Block]] = field(init=False)  # whose heads bind a name
    jumps: dict[ast.stmt, list[Piece]] = field(init=False)  # ``break`` and ``continue`` of a loop
    stars: list[Piece] = field(init=False)  # ``from … import *``

    def __post_init__(self) -> None:
        # As Python itself reads it, also between quotes.
        self.source = self.source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.tree = ast.parse(self.source, self.path)
        self.bindings, self.setters, self.mentions, self.blocks_by_name, self.jumps = {}, {}, {}, {}, {}
        self.stars = []
        self._for_types = {"TYPE_CHECKING", *_names_for_types(self.tree)}
        self.pieces = list(self._pieces(self.tree.body, ()))
        for piece in self.pieces:
            self._index(piece)

    def _index(self, piece: Piece) -> None:
        for name in piece.names.binds:
            self.bindings.setdefault(name, []).append(piece)
        for name in piece.names.sets:
            self.setters.setdefault(name, []).append(piece)
        for name in piece.names.changes if piece.names.binds else piece.names.reads:
            self.mentions.setdefault(name, []).append(piece)
        if piece.alias is not None and piece.alias.name == "*":
            self.stars.append(piece)
        if isinstance(piece.node, ast.Break | ast.Continue):
            loop = next(each.node for each in reversed(piece.blocks) if isinstance(each.node, _LOOPS))
            self.jumps.setdefault(loop, []).append(piece)

    def has(self, name: str) -> bool:
        """Whether it gives a name a value, as far as one can see."""
        return name in self.bindings or name in self.blocks_by_name or name in self.setters

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
        if parts and len(parts) < node.level:
            return ""
        return ".".join([*kept, *([node.module] if node.module else [])])

    def is_public(self, name: str) -> bool:
        """Whether ``import *`` may take a name from it."""
        listed = self.bindings.get("__all__", [])
        if not listed:
            return self.has(name) and not name.startswith("_")
        (node, *more) = (piece.node for piece in listed)
        if not more and "__all__" not in self.mentions and isinstance(node, ast.Assign | ast.AnnAssign):
            try:
                return name in ast.literal_eval(node.value or ast.Tuple([]))
            except (ValueError, TypeError):
                pass
        return self.has(name)  # for what a program makes of the list is not known

    def _pieces(self, statements: Sequence[ast.stmt], blocks: tuple[Block, ...]) -> Iterator[Piece]:
        for node in statements:
            if isinstance(node, _BLOCKS):
                yield from self._pieces_of_blocks(node, blocks)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    yield Piece(node, Names(frozenset(), _bound_by(alias, node)), blocks, alias=alias)
            else:
                for parts in _parts(node):
                    yield Piece(node, names_of(*parts), blocks, parts=parts, changes=tuple(_changed(node, parts)))

    def _pieces_of_blocks(self, node: ast.stmt, blocks: tuple[Block, ...]) -> Iterator[Piece]:
        parts = tuple(_head(node))
        names = names_of(*parts)
        caught = {each.name for each in getattr(node, "handlers", ()) if each.name}
        block = Block(node, Names(names.reads, names.binds | caught, nodes=names.nodes), parts)
        for name in block.head.binds:
            self.blocks_by_name.setdefault(name, []).append(block)
        for inside in statements_in(node):
            if not (isinstance(node, ast.If) and inside is node.body and self._is_never_run(node)):
                yield from self._pieces(inside, (*blocks, block))

    def _is_never_run(self, node: ast.If) -> bool:
        test = node.test
        called = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
        return is_main_guard(node) or called in self._for_types


def is_main_guard(node: ast.stmt) -> bool:
    """Whether it is ``if __name__ == "__main__":``, which no import runs."""
    match node:
        case ast.If(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            sides = {each.id if isinstance(each, ast.Name) else getattr(each, "value", None) for each in (left, right)}
            return sides == {"__name__", "__main__"}
    return False


def statements_in(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement that has some."""
    for name in _LISTS:
        if inside := getattr(node, name, None):
            yield inside
    for handler in getattr(node, "handlers", ()):
        yield handler.body
    for case in getattr(node, "cases", ()):
        yield case.body


def _head(node: ast.stmt) -> Iterator[ast.AST]:
    """What stands beside the blocks of a statement: conditions, items, the types of errors."""
    for name in ("test", "iter", "target", "subject"):
        if isinstance(each := getattr(node, name, None), ast.expr):
            yield each
    yield from getattr(node, "items", ())
    yield from (each.type for each in getattr(node, "handlers", ()) if each.type is not None)
    for case in getattr(node, "cases", ()):
        yield case.pattern
        if case.guard is not None:
            yield case.guard


def _bound_by(alias: ast.alias, node: ast.Import | ast.ImportFrom) -> frozenset[str]:
    if alias.name == "*":
        return frozenset()
    if alias.asname is not None:
        return frozenset({alias.asname})
    return frozenset({alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name})


def _names_for_types(tree: ast.Module) -> Iterator[str]:
    """What ``TYPE_CHECKING`` is called."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "typing":
            yield from (each.asname for each in node.names if each.name == "TYPE_CHECKING" and each.asname)


def _parts(node: ast.stmt) -> list[tuple[ast.AST, ...]]:
    """What of a statement can stand alone: ``a = x`` and ``b = y`` of ``a, b = x, y``, and so on."""
    if isinstance(node, ast.Delete):
        return [(each,) for each in node.targets]
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        pairs = list(_pairs(node.targets[0], node.value))
        if len(pairs) > 1:
            return [*pairs]
    return [(node,)]


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    lists = (ast.Tuple, ast.List)
    if not (isinstance(target, lists) and isinstance(value, lists)) or _has_star(value.elts):
        yield target, value
        return
    targets, values = target.elts, value.elts
    stars = [number for number, each in enumerate(targets) if isinstance(each, ast.Starred)]
    if stars and len(values) >= len(targets) - 1:
        before, after = stars[0], len(targets) - stars[0] - 1
        rest = ast.List(values[before : len(values) - after], ast.Load())
        star = targets[before]
        assert isinstance(star, ast.Starred)
        targets = [*targets[:before], star.value, *targets[before + 1 :]]
        values = [*values[:before], ast.copy_location(rest, value), *values[len(values) - after :]]
    if len(targets) != len(values):
        yield target, value
        return
    for one, its in zip(targets, values, strict=True):
        yield from _pairs(one, its)


def _has_star(expressions: Sequence[ast.expr]) -> bool:
    return any(isinstance(each, ast.Starred) for each in expressions)


def _changed(node: ast.stmt, parts: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """What a statement changes: ``items`` of ``items.append(…)``, ``state.title`` of ``state.title = …``."""
    if isinstance(node, ast.Expr):
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        match call:
            case ast.Call(func=ast.Attribute(value=changed)):
                yield changed
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[changed, *_]):
                yield changed
        return
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return
    for part in parts:
        for each in ast.walk(part):
            if not isinstance(each, ast.Attribute | ast.Subscript) or isinstance(each.ctx, ast.Load):
                continue
            if base_name(each) is not None:
                yield each if isinstance(each, ast.Attribute) else each.value
