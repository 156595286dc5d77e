"""Whose value a cell shows: IPython's ``ast_node_interactivity``, with every top-level expression's as the default."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from rdit.statements import Statement

INTERACTIVITY = ("all", "last", "last_expr", "none", "last_expr_or_assign")


def shown(statements: Sequence[Statement], interactivity: str) -> set[int]:
    """The indexes of the statements that run in interactive mode, where a value is shown."""
    last = statements[-1]
    match interactivity:
        case "all":
            return {statement.node_index for statement in statements if statement.is_expr}
        case "last":
            return {last.node_index}
        case "last_expr" | "last_expr_or_assign":
            return {last.node_index} if last.is_expr else set()
        case "none":
            return set()
        case _:
            raise ValueError(f"Interactivity was {interactivity!r}, expected one of {', '.join(INTERACTIVITY)}.")


def with_assigned_name(nodes: list[ast.stmt]) -> list[ast.stmt]:
    """The nodes and, where the last one assigns one name, an expression of that name."""
    last = nodes[-1]
    target: ast.expr | None = None
    if isinstance(last, ast.Assign) and len(last.targets) == 1:
        target = last.targets[0]
    elif isinstance(last, ast.AugAssign | ast.AnnAssign):
        target = last.target
    if not isinstance(target, ast.Name):
        return nodes
    name = ast.copy_location(ast.Name(target.id, ast.Load()), last)
    return [*nodes, ast.copy_location(ast.Expr(name), last)]
