"""What names stand for, wherever they were imported from: flow's ``rpc`` and ``component``, by any other name.

Of ``rpc`` more is asked than of the others. A name that *may* be it counts as it: one that a definition gives which
itself uses ``rpc``. So a decorator of the app's own that wraps it keeps the bodies of its functions on the server too.
"""

from __future__ import annotations

import ast
from typing import Final

from flow.compiler.modules import FUNCTIONS, Function, Module, Piece
from flow.compiler.project import Project
from flow.compiler.scopes import expression_names

RPC: Final = frozenset({"flow.rpc", "flow.rpc.rpc"})
COMPONENT: Final = frozenset({"flow.component", "flow.component.component"})


class Roles:
    """Answers what names of an app's modules stand for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._targets: dict[tuple[str, str], frozenset[str]] = {}
        self._rpc: dict[tuple[str, str], bool] = {}

    def targets(self, module: Module, name: str) -> frozenset[str]:
        """The whole names outside the app that a name may stand for: ``{"flow.component"}``."""
        key = module.name, name
        if key not in self._targets:
            self._targets[key] = frozenset()  # for those that go round in a circle
            found: set[str] = set()
            for piece in [*module.bindings.get(name, ()), *module.stars]:
                found |= self._targets_of(module, name, piece)
            self._targets[key] = frozenset(found)
        return self._targets[key]

    def _targets_of(self, module: Module, name: str, piece: Piece) -> frozenset[str]:
        node = piece.node
        if piece.alias is not None:
            return self._imported(module, name, node, piece.alias)
        if piece.pair is not None:
            return self.stands_for(module, piece.pair[1])
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            return self.stands_for(module, node.value)
        return frozenset()

    def _imported(self, module: Module, name: str, node: ast.stmt, alias: ast.alias) -> frozenset[str]:
        if isinstance(node, ast.ImportFrom):
            source = module.imported_from(node)
            wanted = name if alias.name == "*" else alias.name
            inside = self._project.find(source)
            return frozenset({f"{source}.{wanted}"}) if inside is None else self.targets(inside, wanted)
        return frozenset({alias.name if alias.asname else alias.name.partition(".")[0]})

    def stands_for(self, module: Module, expression: ast.expr) -> frozenset[str]:
        """The same of an expression: a name, an attribute, ``getattr`` with a text, a choice between such."""
        if isinstance(expression, ast.Name):
            return self.targets(module, expression.id)
        if isinstance(expression, ast.Attribute):
            return self._attribute(module, expression.value, expression.attr)
        if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name):
            match expression.func.id, expression.args:
                case "getattr", [value, ast.Constant(value=str(attribute)), *_]:
                    return self._attribute(module, value, attribute)
                case "__import__", [ast.Constant(value=str(source)), *_]:
                    return frozenset({source})
        if isinstance(expression, ast.IfExp):
            return self.stands_for(module, expression.body) | self.stands_for(module, expression.orelse)
        if isinstance(expression, ast.BoolOp):
            return frozenset().union(*(self.stands_for(module, each) for each in expression.values))
        return frozenset()

    def _attribute(self, module: Module, value: ast.expr, attribute: str) -> frozenset[str]:
        found: set[str] = set()
        for whole in self.stands_for(module, value):
            inside = self._project.find(whole)
            found |= {f"{whole}.{attribute}"} if inside is None else self.targets(inside, attribute)
        return frozenset(found)

    # -- Components and rpc functions

    def is_component(self, module: Module, node: ast.AST) -> bool:
        """Whether it is a function under ``@component``."""
        return bool(self.component_decorators(module, node))

    def component_decorators(self, module: Module, node: ast.AST) -> list[ast.expr]:
        """Its decorators that are ``component``."""
        decorators = node.decorator_list if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else []
        return [each for each in decorators if self.stands_for(module, _plain(each)) & COMPONENT]

    def is_rpc_function(self, module: Module, node: ast.AST) -> bool:
        """Whether it is a function under ``@rpc``, or under what may be it."""
        return isinstance(node, FUNCTIONS) and any(self.mentions_rpc(module, each) for each in node.decorator_list)

    def rpc_decorator(self, module: Module, node: Function) -> ast.expr | None:
        """The decorator that is ``rpc`` for certain."""
        for each in node.decorator_list:
            if self.stands_for(module, _plain(each)) & RPC:
                return each
        return None

    def mentions_rpc(self, module: Module, expression: ast.expr) -> bool:
        """Whether ``rpc`` may be what an expression gives, or is in it."""
        if self.stands_for(module, _plain(expression)) & RPC:
            return True
        inside = (each for each in ast.walk(expression) if isinstance(each, ast.Attribute))
        if any(self.stands_for(module, each) & RPC for each in inside):
            return True
        return any(self.may_be_rpc(module, name) for name in expression_names(expression))

    def may_be_rpc(self, module: Module, name: str) -> bool:
        """Whether a name is ``rpc``, or was made with it."""
        key = module.name, name
        if key not in self._rpc:
            self._rpc[key] = False  # for those that go round in a circle
            self._rpc[key] = bool(self.targets(module, name) & RPC) or any(
                self._uses_rpc(module, piece) for piece in module.bindings.get(name, ())
            )
        return self._rpc[key]

    def _uses_rpc(self, module: Module, piece: Piece) -> bool:
        node = piece.node
        if piece.alias is not None:
            if not isinstance(node, ast.ImportFrom):
                return False
            inside = self._project.find(module.imported_from(node))
            return inside is not None and self.may_be_rpc(inside, piece.alias.name)
        if self.is_rpc_function(module, node) or isinstance(node, ast.ClassDef):
            return False
        if wrapped(node) is not None and self.mentions_rpc(module, node.value.func):  # type: ignore[attr-defined]
            return False  # ``save = rpc(_save)`` is an rpc function
        reads = piece.names.reads
        attributes = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
        return any(self.stands_for(module, each) & RPC for each in attributes) or any(
            self.may_be_rpc(module, name) for name in reads
        )


def wrapped(node: ast.AST) -> ast.expr | None:
    """The function in ``save = decorator(function)``."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        value = node.value
        if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
            return value.args[0]
    return None


def bare(decorator: ast.expr) -> ast.expr:
    """A decorator without the options that it is called with, which may be the server's."""
    return decorator.func if isinstance(decorator, ast.Call) and not isinstance(decorator.func, ast.Call) else decorator


def _plain(decorator: ast.expr) -> ast.expr:
    """A decorator without the options that it is called with."""
    return decorator.func if isinstance(decorator, ast.Call) and not _is_getattr(decorator) else decorator


def _is_getattr(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ("getattr", "__import__")
