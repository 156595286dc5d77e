"""The text of a module as a page gets it: each line that stays is where it was.

What stays out is cut from the source and nothing is moved, so a traceback in the browser names the author's line, and
shows it. Comments are cut as well.
"""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Sequence

from flow.compiler.modules import Module, Piece, statements_in
from flow.compiler.reach import Reach
from flow.compiler.roles import bare
from flow.compiler.scopes import FUNCTIONS, Function
from flow.compiler.stubs import assigned_stub, barred_stub, stub

_BLANKS = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT)


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
        self._lines = [line.encode() for line in module.source.split("\n")]  # as Python counts them: not at a form feed
        self._starts: list[tuple[int, int]] = []  # of statements, where they are on lines of their own
        self._edits: list[tuple[tuple[int, int], tuple[int, int], str]] = []
        self._pieces: dict[ast.stmt, list[Piece]] = {}
        for piece in module.pieces:
            self._pieces.setdefault(piece.node, []).append(piece)
        self._read_tokens()

    def _read_tokens(self) -> None:
        """Blank out the comments, and find where lines of code begin."""
        is_first = True
        for token in tokenize.generate_tokens(io.StringIO(self._module.source).readline):
            row, column = token.start
            if token.type == tokenize.COMMENT:
                line = self._lines[row - 1].decode()
                blank = " " * len(token.string)
                self._lines[row - 1] = (line[:column] + blank + line[token.end[1] :]).encode()
            elif is_first and token.type not in _BLANKS:
                self._starts.append((row, len(token.line.split("\n")[0][:column].encode())))
            if token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT):
                is_first = token.type == tokenize.NEWLINE

    def cut(self, statements: Sequence[ast.stmt], *, is_top: bool = False) -> bool:
        """Cut what is not taken. Whether anything is left."""
        is_kept = {statement: self._keep(statement) for statement in statements}
        for statement, is_left in is_kept.items():
            if not is_left:
                self._replace(statement, "" if is_top and self._is_alone(statement) else "pass")
        return any(is_kept.values())

    def text(self) -> str:
        """The text as it then is."""
        lines = self._lines
        for (first, column), (last, end_column), text in sorted(self._edits, reverse=True):
            head, rest = lines[first - 1][:column], lines[last - 1][end_column:]
            new = [head + text.encode()] if "\n" not in text else [head + text.encode().partition(b"\n")[0]]
            new += [line.encode() for line in text.split("\n")[1:]]
            new += [b""] * (last - first + 1 - len(new))
            if rest.strip() and last > first:  # what follows after a semicolon stays on its line
                new = [line + b" \\" for line in new[:-1]] + new[-1:]
            new[-1] += rest
            lines[first - 1 : last] = new
        return "\n".join(line.decode().rstrip(" \t") for line in lines).rstrip("\n") + "\n"

    # -- Statements

    def _keep(self, statement: ast.stmt) -> bool:
        """Whether anything of a statement stays. What of it does not is cut."""
        pieces = self._pieces.get(statement)
        if pieces is None:  # with blocks
            return self._keep_blocks(statement)
        taken = [piece for piece in pieces if piece in self._reach.taken]
        if not taken:
            return False
        barred = self._reach.barred.get(statement)
        if barred is not None and isinstance(statement, FUNCTIONS):
            decorators = [*map(ast.unparse, self._reach.roles.component_decorators(self._module, statement))]
            self._put(statement, barred_stub(statement, decorators, barred))
        elif statement in self._reach.rpc:
            self._stub(statement)
        elif names := [name for piece in taken for name in self._reach.by_star.get(piece, ())]:
            assert isinstance(statement, ast.ImportFrom)
            listed = ast.ImportFrom(statement.module, [ast.alias(name) for name in names], statement.level)
            self._replace(statement, ast.unparse(listed))
        elif len(taken) < len(pieces):
            self._replace(statement, _part(statement, taken))
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
        function = _definition(module, self._reach.roles.wrapped(module, statement))
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
            elif isinstance(each, ast.Name) and each.id in ("staticmethod", "classmethod", "property"):
                kept.append(each.id)
                is_static = is_static or each.id == "staticmethod"
        return kept, is_static

    # -- Places

    def _put(self, function: Function, lines: list[str]) -> None:
        """Put a stub where a function was: its decorators at the first line, its last line at that of ``def``."""
        first, column = self._start(function)
        room = [""] * (function.lineno - first + 1 - len(lines))
        indent = self._lines[first - 1][:column].decode()
        text = "\n".join(indent + line if line else "" for line in [*lines[:-1], *room, lines[-1]])
        self._replace(function, text.removeprefix(indent))

    def _replace(self, node: ast.stmt, text: str) -> None:
        self._edits.append((self._start(node), _end(node), text))

    def _start(self, node: ast.stmt) -> tuple[int, int]:
        """Where a statement begins, with its decorators, which can stand on lines below their ``@``."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        if not decorators:
            return node.lineno, node.col_offset
        first = decorators[0]
        return self._starts[bisect_right(self._starts, (first.lineno, first.col_offset)) - 1]

    def _is_alone(self, statement: ast.stmt) -> bool:
        """Whether nothing else is on the lines of a statement."""
        (first, column), (last, end) = self._start(statement), _end(statement)
        around = self._lines[first - 1][:column], self._lines[last - 1][end:]
        is_joined = first > 1 and self._lines[first - 2].endswith(b"\\")
        return not is_joined and not any(each.strip() for each in around)


def _end(node: ast.stmt) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _part(statement: ast.stmt, taken: Sequence[Piece]) -> str:
    """The text of a part of an import, an assignment or a ``del``."""
    names = [piece.alias for piece in taken if piece.alias is not None]
    parts = [[*map(ast.unparse, piece.parts)] for piece in taken]
    match statement:
        case ast.Import():
            return ast.unparse(ast.Import(names))
        case ast.ImportFrom():
            return ast.unparse(ast.ImportFrom(statement.module, names, statement.level))
        case ast.Delete():
            return f"del {', '.join(target for (target,) in parts)}"
    # Together, for one may be made of what another was before: ``a, b = b, a``.
    return " = ".join(
        ", ".join(f"({each})" if len(parts) > 1 else each for each in side) for side in zip(*parts, strict=True)
    )


def _definition(module: Module, source: ast.expr | None) -> Function | None:
    if isinstance(source, ast.Name):
        for piece in module.bindings.get(source.id, ()):
            if isinstance(piece.node, FUNCTIONS):
                return piece.node
    return None
