"""Which global names a statement reads and binds, as Python itself sees it.

The compiler's own symbol tables say it, so nested functions, classes, comprehensions, ``global`` and type parameters
are right in every version. A local variable that is called like a global one is not taken for it: this is what keeps a
server's value out of a page that has a variable of the same name.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

_STAR = "*"


@dataclass(frozen=True, slots=True)
class Names:
    """``reads``: global names that it or a function in it needs; ``binds``: those that it gives a value."""

    reads: frozenset[str]
    binds: frozenset[str]


def names_of(statement: ast.stmt) -> Names:
    """The names of one statement that stands at the top of a module."""
    top = symtable.symtable(ast.unparse(statement), "<statement>", "exec")
    reads: set[str] = set()
    binds: set[str] = set()
    for symbol in top.get_symbols():
        if symbol.is_referenced():
            reads.add(symbol.get_name())
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            binds.add(symbol.get_name())
    for table in _inside(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                reads.add(symbol.get_name())
                if symbol.is_assigned():  # under ``global``
                    binds.add(symbol.get_name())
    reads |= _quoted(statement) | _of_class_bodies(statement)
    return Names(frozenset(reads), frozenset(binds - {_STAR}))


def expression_names(expression: ast.expr) -> frozenset[str]:
    """The global names that an expression reads."""
    return names_of(ast.Expr(expression)).reads


def _inside(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inside(child)


def _of_class_bodies(statement: ast.stmt) -> set[str]:
    """The names that a class takes from outside before it has its own of that name: ``class A: title = title``."""
    found: set[str] = set()
    if isinstance(statement, ast.ClassDef):
        bound: set[str] = set()
        for each in statement.body:
            names = names_of(each)
            if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):  # which do not look into the class
                found |= names.reads - bound
            bound |= names.binds
    return found


def _quoted(statement: ast.stmt) -> set[str]:
    """The names in annotations that are written as texts: ``state: "AppState"``."""
    found: set[str] = set()
    for annotation in annotations_in(statement):
        for node in ast.walk(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                try:
                    quoted = ast.parse(node.value, mode="eval")
                except SyntaxError:
                    continue
                found |= {each.id for each in ast.walk(quoted) if isinstance(each, ast.Name)}
    return found


def annotations_in(node: ast.AST) -> Iterator[ast.expr]:
    """Each annotation in a piece of code."""
    for each in ast.walk(node):
        if isinstance(each, ast.arg | ast.AnnAssign) and each.annotation is not None:
            yield each.annotation
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.returns is not None:
            yield each.returns
