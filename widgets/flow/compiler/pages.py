"""The text of a module as a page gets it: each line that stays is where it was.

What stays out is cut from the source and nothing is moved, so a traceback in the browser names the author's line, and
shows it. Comments are cut as well.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence

from flow.compiler.modules import (
    FUNCTIONS,
    Function,
    Module,
    Piece,
    is_for_types,
    is_main_guard,
    statements_in,
)
from flow.compiler.reach import Reach
from flow.compiler.roles import bare, wrapped
from flow.compiler.stubs import assigned_stub, barred_stub, stub


def client_source(module: Module, reach: Reach) -> str:
    """The source of a module without all that nobody reaches."""
    if not module.source.strip():
        return ""
    page = _Page(module, reach)
    page.cut(module.tree.body, is_top=True)
    return page.text()


class _Page:
    """The source in bytes, for the places in it are told so, and what is to stand where others stood."""

    def __init__(self, module: Module, reach: Reach) -> None:
        self._module, self._reach = module, reach
        self._lines = [line.encode() for line in _lines(module.source)]
        self._edits: list[tuple[tuple[int, int], tuple[int, int], str]] = []
        self._pieces: dict[ast.stmt, list[Piece]] = {}
        for piece in module.pieces:
            self._pieces.setdefault(piece.node, []).append(piece)

    def cut(self, statements: Sequence[ast.stmt], *, is_top: bool = False) -> bool:
        """Cut what is not taken. Whether anything is left."""
        left = [statement for statement in statements if self._keep(statement)]
        for statement in statements:
            if statement not in left:
                is_alone = is_top and not self._shares_lines(statement, statements)
                self._replace(statement, "" if is_alone else "pass")
        return bool(left)

    def text(self) -> str:
        """The text as it then is."""
        self._cut_comments()
        lines = self._lines
        for start, end, text in sorted(self._edits, reverse=True):
            (first, column), (last, end_column) = start, end
            rest = lines[last - 1][end_column:]
            new = text.encode().split(b"\n")
            head = lines[first - 1][:column]
            for number in range(first - 1, last):
                lines[number] = b""
            for offset, line in enumerate(new):
                lines[first - 1 + offset] = line
            lines[first - 1] = head + lines[first - 1]
            at = min(first - 1 + len(new) - 1, last - 1)
            at = last - 1 if rest.strip() else at
            lines[at] = lines[at] + rest
        return "\n".join(line.decode().rstrip() for line in lines).rstrip("\n") + "\n"

    # -- Statements

    def _keep(self, statement: ast.stmt) -> bool:
        """Whether anything of a statement stays. What of it does not is cut."""
        if is_main_guard(statement) or is_for_types(statement):
            return False
        pieces = self._pieces.get(statement)
        if pieces is None:  # with blocks
            return self._keep_blocks(statement)
        taken = [piece for piece in pieces if piece in self._reach.taken]
        if not taken:
            return False
        barred = self._reach.barred.get(statement)
        if barred is not None and isinstance(statement, FUNCTIONS):
            decorators = [*map(ast.unparse, self._reach.roles.component_decorators(self._module, statement))]
            self._put(statement, barred_stub(statement, decorators, str(barred)))
        elif statement in self._reach.rpc:
            self._stub(statement)
        elif len(taken) < len(pieces):
            self._replace(statement, "; ".join(_part(statement, taken)))
        elif isinstance(statement, ast.ClassDef):
            self._cut_class(statement, statement.name)
        return True

    def _keep_blocks(self, statement: ast.stmt) -> bool:
        before = len(self._edits)
        kept = [self.cut(block) for block in statements_in(statement)]
        if any(kept) or statement in self._reach.heads:
            return True
        del self._edits[before:]  # for it goes as a whole
        return False

    def _cut_class(self, node: ast.ClassDef, name: str) -> None:
        for each in node.body:
            if each in self._reach.rpc and isinstance(each, FUNCTIONS):
                self._stub(each, f"{name}.")
            elif isinstance(each, ast.ClassDef):
                self._cut_class(each, f"{name}.{each.name}")

    def _stub(self, statement: ast.stmt, within: str = "") -> None:
        module = self._module
        if isinstance(statement, FUNCTIONS):
            decorators, is_static = self._decorators(statement)
            is_method = bool(within) and not is_static
            called = f"{module.name}.{within}{statement.name}"
            self._put(statement, stub(statement, called, decorators, is_method=is_method))
            return
        assert isinstance(statement, ast.Assign)
        function = _definition(module, wrapped(statement))
        target = statement.targets[0]
        assert isinstance(target, ast.Name)
        called = f"{module.name}.{function.name if function is not None else target.id}"
        self._replace(statement, assigned_stub(target.id, called, function))

    def _decorators(self, function: Function) -> tuple[list[str], bool]:
        """The decorators that a stub keeps, without options, and whether one is ``staticmethod``."""
        certain = self._reach.roles.rpc_decorator(self._module, function)
        kept: list[str] = []
        is_static = False
        for each in function.decorator_list:
            if each is certain:
                kept.append(ast.unparse(bare(each)))
            elif isinstance(each, ast.Name) and each.id in ("staticmethod", "classmethod"):
                kept.append(each.id)
                is_static = each.id == "staticmethod"
        return kept, is_static

    # -- Places

    def _put(self, function: Function, lines: list[str]) -> None:
        """Put a stub where a function was: its decorators at the first line, its last line at that of ``def``."""
        room = [""] * (function.lineno - _start(function)[0] + 1 - len(lines))
        indent = " " * function.col_offset
        text = "\n".join(indent + line if line else "" for line in [*lines[:-1], *room, lines[-1]])
        self._replace(function, text.removeprefix(indent))

    def _replace(self, node: ast.stmt, text: str) -> None:
        self._edits.append((_start(node), (node.end_lineno or 0, node.end_col_offset or 0), text))

    def _shares_lines(self, statement: ast.stmt, siblings: Sequence[ast.stmt]) -> bool:
        first, last = _start(statement)[0], statement.end_lineno
        return any(each is not statement and (each.end_lineno == first or _start(each)[0] == last) for each in siblings)

    def _cut_comments(self) -> None:
        for token in tokenize.generate_tokens(io.StringIO(self._module.source).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                line = self._lines[row - 1].decode()
                end = token.end[1]
                blank = " " * (end - column)
                self._lines[row - 1] = (line[:column] + blank + line[end:]).encode()


def _start(node: ast.stmt) -> tuple[int, int]:
    """Where a statement begins, with its decorators."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return first, node.col_offset


def _part(statement: ast.stmt, taken: Sequence[Piece]) -> Iterator[str]:
    """The text of a part of an import or an assignment."""
    if isinstance(statement, ast.Import):
        yield ast.unparse(ast.Import([piece.alias for piece in taken if piece.alias is not None]))
    elif isinstance(statement, ast.ImportFrom):
        names = [piece.alias for piece in taken if piece.alias is not None]
        yield ast.unparse(ast.ImportFrom(statement.module, names, statement.level))
    else:
        for piece in taken:
            assert piece.pair is not None
            yield f"{ast.unparse(piece.pair[0])} = {ast.unparse(piece.pair[1])}"


def _definition(module: Module, source: ast.expr | None) -> Function | None:
    if isinstance(source, ast.Name):
        for piece in module.bindings.get(source.id, ()):
            if isinstance(piece.node, FUNCTIONS):
                return piece.node
    return None


def _lines(source: str) -> list[str]:
    """Lines as Python counts them: not at a form feed, say."""
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
