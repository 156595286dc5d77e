"""The annotations of a module whose statements are compiled one by one, for Python 3.14 and later (PEP 649).

There a module begins with two things: ``__annotate__``, one function that computes all of its annotations when they
are asked for, and ``__conditional_annotations__``, the set of the numbers of those whose statement has run. A
statement compiled alone would begin with a pair of its own and lose what came before. So the module's beginning is
code of its own, the prologue. Every statement's code carries it, and whoever runs one of them runs it once before::

    x: int = 1       prologue      __annotate__, __conditional_annotations__ = (x's and y's), set()
    if x:            statement 0   x = 1; __conditional_annotations__ |= {0}
        y: str       statement 1   if x: __conditional_annotations__ |= {1}

A later script begins anew, as every entry in Python's own REPL does.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType

IS_LAZY = sys.version_info >= (3, 14)

_NOTED = "__conditional_annotations__"
PROLOGUE = "<prologue>"

# What holds statements of the same scope, and where: in the order in which the compiler numbers their annotations.
_BLOCKS = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith),
    *(ast.Try, ast.TryStar, ast.ExceptHandler, ast.Match, ast.match_case),
)
_BODIES = ("cases", "body", "orelse", "handlers", "finalbody")


def own_scope(nodes: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The statements of a module's own scope, be they inside of ``if``, ``for``, ``try`` …"""
    pending: list[ast.AST] = [*nodes]
    pending.reverse()
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, _BLOCKS):
            pending += [inner for name in _BODIES for inner in getattr(node, name, ())][::-1]


def prologue_for(nodes: Sequence[ast.stmt]) -> ast.Module | None:
    """The beginning of a module of these statements, if it needs one for their annotations."""
    found = _annotated(nodes) if IS_LAZY else []
    if not found:
        return None
    bare: list[ast.stmt] = [
        ast.copy_location(ast.AnnAssign(each.target, each.annotation, None, each.simple), each) for each in found
    ]
    # The compiler reads what is never run, too.
    never = ast.copy_location(ast.Constant(False), nodes[0])
    return ast.Module([ast.copy_location(ast.If(never, bare, []), nodes[0])], [])


def without_prologue(nodes: Sequence[ast.stmt]) -> list[list[ast.stmt]]:
    """For each statement those that do the same where the prologue has run. The nodes given are left as they are."""
    numbers = {id(node): number for number, node in enumerate(each for each in _annotated(nodes) if each.simple)}
    results: list[list[ast.stmt]] = [[node] for node in nodes]
    pending = list(results)
    while pending:
        block = pending.pop()
        before = block[:]
        block.clear()
        for node in before:
            if isinstance(node, ast.AnnAssign):
                block += _without_annotation(node, numbers.get(id(node)))
            elif isinstance(node, _BLOCKS):
                twin = copy.copy(node)
                for name in _BODIES:
                    if inner := getattr(node, name, None):
                        setattr(twin, name, inner[:])
                        pending.append(getattr(twin, name))
                block.append(twin)
            else:
                block.append(node)
    return results


def carrying(code: CodeType, prologue: CodeType) -> CodeType:
    """The code with its prologue, of the name ``PROLOGUE``, as one more constant."""
    return code.replace(co_consts=(*code.co_consts, prologue))


def prologue_of(code: CodeType) -> CodeType | None:
    """What has to run before the code, if it was not the last prologue to run."""
    last = code.co_consts[-1] if code.co_consts else None
    return last if isinstance(last, CodeType) and last.co_name == PROLOGUE else None


def _annotated(nodes: Iterable[ast.stmt]) -> list[ast.AnnAssign]:
    return [node for node in own_scope(nodes) if isinstance(node, ast.AnnAssign)]


def _without_annotation(node: ast.AnnAssign, number: int | None) -> Iterator[ast.stmt]:
    """What an annotated statement does when it runs. ``a.b: int`` and ``(x): int`` have no number."""
    if node.value is not None:
        yield ast.copy_location(ast.Assign([node.target], node.value), node)
    elif not isinstance(node.target, ast.Name):
        yield from (ast.copy_location(ast.Expr(part), part) for part in _parts(node.target))
    if number is not None:
        noted = ast.copy_location(ast.Name(_NOTED, ast.Store()), node)
        its_number = ast.copy_location(ast.Constant(number), node)
        added = ast.copy_location(ast.Set([its_number]), node)
        yield ast.copy_location(ast.AugAssign(noted, ast.BitOr(), added), node)
    elif isinstance(node.target, ast.Name) and node.value is None:
        yield ast.copy_location(ast.Pass(), node)


def _parts(target: ast.expr) -> Iterator[ast.expr]:
    """What Python evaluates of a target that is annotated and gets no value."""
    match target:
        case ast.Attribute(value=value):
            yield value
        case ast.Subscript(value=value, slice=key):
            yield value
            for each in key.elts if isinstance(key, ast.Tuple) else [key]:
                ends = [each.lower, each.upper, each.step] if isinstance(each, ast.Slice) else [each]
                yield from (end for end in ends if end is not None)
