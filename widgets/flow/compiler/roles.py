"""What names stand for, wherever they were imported from: flow's ``rpc`` and ``component``, by any other name.

Of ``rpc`` more is asked than of the others. A name that *may* be it counts as it: one that anything gives a value which
itself uses ``rpc``, or which looks names up at run time. So a decorator of the app's own that wraps it keeps the bodies
of its functions on the server too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from flow.compiler.modules import Module, Piece
from flow.compiler.project import Project
from flow.compiler.scopes import FUNCTIONS, Function, Names, base_name, expression_names, names_of

RPC: Final = frozenset({"flow.rpc", "flow.rpc.rpc"})
_MAKERS: Final = ("flow.rpc.RpcRegistry", "flow.rpc.RpcFunction")  # by which rpc functions can be made, too
COMPONENT: Final = frozenset({"flow.component", "flow.component.component"})
_IMPORTERS: Final = frozenset({"__import__", "importlib.import_module", "importlib.__import__", "builtins.__import__"})
_LOOKS_UP: Final = frozenset({"eval", "exec", "globals", "vars", "locals", "compile"})
_TABLES: Final = frozenset({"__dict__", "__globals__", "__builtins__", "modules"})

Key: TypeAlias = tuple[str, str]
Level: TypeAlias = Literal[0, 1, 2]
"""Whether something is made of ``rpc``: no; not to be told, for it looks names up at run time; yes."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What a piece of code is made of: places that are ``rpc`` itself, and other names, of which modules."""

    sources: tuple[ast.AST, ...] = ()
    is_unclear: bool = False
    names: frozenset[Key] = frozenset()


class Roles:
    """Answers what names of an app's modules stand for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._targets: dict[Key, frozenset[str]] = {}
        self._made: dict[ast.AST, _Made] = {}
        self._levels: dict[Key, Level] = {}
        self._decorated: dict[ast.AST, bool] = {}
        self._handed: dict[str, frozenset[str]] = {}
        self._open: set[object] = set()  # what is being found out
        self._circles = 0  # how often that was asked for again: what was answered then is not to be kept

    def targets(self, module: Module, name: str) -> frozenset[str]:
        """The whole names outside the app that a name may stand for: ``{"flow.component"}``."""
        key = module.name, name
        if key in self._targets:
            return self._targets[key]
        if key in self._open:
            self._circles += 1
            return frozenset()
        self._open.add(key)
        before = self._circles
        found: set[str] = set()
        seen = {key}
        waiting = [(module, name)]
        is_chain = True  # so that what one name stands for, all do
        while waiting:
            inside, called = waiting.pop()
            values = [*self._values(inside, called)]
            is_chain = is_chain and len(values) == 1
            for value in values:
                if isinstance(value, str):
                    found.add(value)
                    continue
                next_key = value[0].name, value[1]
                if next_key in self._targets:
                    found |= self._targets[next_key]
                elif next_key not in seen:
                    seen.add(next_key)
                    waiting.append(value)
        self._open.discard(key)
        targets = frozenset(found)
        if self._circles == before:
            self._targets.update(dict.fromkeys(seen if is_chain or not targets else [key], targets))
        return targets

    def _values(self, module: Module, name: str) -> Iterator[str | tuple[Module, str]]:
        """What a name is: whole names, and names of the app to look at in its place."""
        for piece in [*module.bindings.get(name, ()), *module.stars]:
            node = piece.node
            if piece.alias is not None:
                yield from self._imported(module, name, node, piece.alias)
                continue
            value = piece.parts[1] if len(piece.parts) == 2 else getattr(node, "value", None)
            if isinstance(value, ast.Name):
                yield module, value.id
            elif isinstance(value, ast.expr):
                yield from self.stands_for(module, value)

    def _imported(
        self, module: Module, name: str, node: ast.stmt, alias: ast.alias
    ) -> Iterator[str | tuple[Module, str]]:
        if not isinstance(node, ast.ImportFrom):
            yield alias.name if alias.asname else alias.name.partition(".")[0]
            return
        source = module.imported_from(node)
        wanted = name if alias.name == "*" else alias.name
        inside = self._project.find(source)
        if inside is None:
            yield f"{source}.{wanted}"
            return
        yield inside, wanted
        if not inside.has(wanted) and self._project.find(f"{source}.{wanted}") is not None:
            yield f"{source}.{wanted}"

    def stands_for(self, module: Module, expression: ast.expr) -> frozenset[str]:
        """The same of an expression: a name, an attribute, ``getattr`` with a text, a choice between such."""
        match expression:
            case ast.Name(id=name):
                return self.targets(module, name)
            case ast.Attribute(value=value, attr=attribute):
                return self._attribute(module, value, attribute)
            case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attribute)), *_]):
                return self._attribute(module, value, attribute)
            case ast.Call(args=[ast.Constant(value=str(source)), *_]) if self.is_importer(module, expression.func):
                return frozenset({source})
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                return self.stands_for(module, value)
            case ast.IfExp():
                return self.stands_for(module, expression.body) | self.stands_for(module, expression.orelse)
            case ast.BoolOp(values=values):
                return frozenset().union(*(self.stands_for(module, each) for each in values))
        return frozenset()

    def is_importer(self, module: Module, called: ast.expr) -> bool:
        """Whether it imports a module whose name it is given."""
        if isinstance(called, ast.Name) and called.id == "__import__" and not module.has("__import__"):
            return True
        return bool(self.stands_for(module, called) & _IMPORTERS)

    def _attribute(self, module: Module, value: ast.expr, attribute: str) -> frozenset[str]:
        found: set[str] = set()
        for whole in self.stands_for(module, value):
            inside = self._project.find(whole)
            if inside is not None and (inside.has(attribute) or inside.stars):
                found |= self.targets(inside, attribute)
            else:
                found.add(f"{whole}.{attribute}")
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
        """Whether it is a function under ``@rpc``, or under what may be it, or one that is handed to it."""
        if not isinstance(node, FUNCTIONS):
            return False
        if self.is_under_rpc(module, node):
            return True
        pieces = module.bindings.get(node.name, ())
        return any(piece.node is node for piece in pieces) and node.name in self._handed_to_rpc(module)

    def is_under_rpc(self, module: Module, node: ast.AST) -> bool:
        """Whether it is a function under ``@rpc``, or under what may be it."""
        if not isinstance(node, FUNCTIONS) or not node.decorator_list:
            return False
        if node in self._decorated:
            return self._decorated[node]
        if node in self._open:
            self._circles += 1
            return False
        self._open.add(node)
        before = self._circles
        found = any(self._may_decorate_as_rpc(module, each) for each in node.decorator_list)
        self._open.discard(node)
        if self._circles == before:
            self._decorated[node] = found
        return found

    def _may_decorate_as_rpc(self, module: Module, decorator: ast.expr) -> bool:
        plain = _plain(decorator)
        targets = self.stands_for(module, plain)
        if targets & RPC or any(each.endswith(".rpc") for each in targets):  # another package's, made of flow's maybe
            return True
        if isinstance(plain, ast.Attribute) and plain.attr == "rpc":
            return True
        if any(isinstance(each, ast.Name) and each.id.startswith("__") for each in ast.walk(decorator)):
            return True  # a class calls it otherwise
        return self._level(self._made_of(module, [decorator], names_of(decorator))) > 0

    def rpc_decorator(self, module: Module, node: Function) -> ast.expr | None:
        """The decorator that is ``rpc`` for certain, by a name that was imported, so that a page can have it too."""
        for each in node.decorator_list:
            name = base_name(bare(each))
            is_imported = name is not None and all(piece.alias for piece in module.bindings.get(name, ()))
            if is_imported and name not in module.setters and self.stands_for(module, _plain(each)) & RPC:
                return each if isinstance(bare(each), ast.Name | ast.Attribute) else None
        return None

    def wrapped(self, module: Module, node: ast.AST) -> ast.expr | None:
        """The function in ``save = rpc(function)``."""
        match node:
            case ast.Assign(targets=[ast.Name()], value=ast.Call(func=called, args=[function], keywords=[])):
                is_function = isinstance(function, ast.Name | ast.Lambda)
                return function if is_function and self.stands_for(module, _plain(called)) & RPC else None
        return None

    def uses_of_rpc(self, module: Module, nodes: Iterable[ast.AST], names: Names) -> Iterator[tuple[ast.AST, str]]:
        """Where code uses ``rpc``, or what was made with it, in another way than calling an rpc function."""
        made = self._made_of(module, nodes, names)
        yield from ((each, ast.unparse(each) if isinstance(each, ast.expr) else "rpc") for each in made.sources)
        for node, name in names.nodes.items():
            if node not in made.sources and self._level_of(module, name) == 2:
                yield node, name

    def is_unclear(self, module: Module, nodes: Iterable[ast.AST], names: Names) -> bool:
        """Whether code looks names up at run time, so that what it calls its own may be ``rpc``."""
        return self._made_of(module, nodes, names).is_unclear

    # -- What is made of rpc

    def _level_of(self, module: Module, name: str) -> Level:
        return self._level(_Made(names=frozenset({(module.name, name)})))

    def _level(self, made: _Made) -> Level:
        """Look at what code is made of, and at what that is made of."""
        if made.sources:
            return 2
        level: Level = 1 if made.is_unclear else 0
        before = self._circles
        seen: dict[Key, Key | None] = dict.fromkeys(made.names)  # and what led there
        waiting = [*made.names]
        while waiting:
            key: Key | None = waiting.pop()
            assert key is not None
            known = self._levels.get(key, 0)
            parts = [*self._made_of_name(key)] if key not in self._levels else []
            if known == 2 or any(each.sources for each in parts):
                while key is not None:
                    self._levels[key] = 2
                    key = seen[key]
                return 2
            level = 1 if known or any(each.is_unclear for each in parts) else level
            for name in frozenset().union(*(each.names for each in parts)):
                if name not in seen:
                    seen[name] = key
                    waiting.append(name)
        if level == 0 and self._circles == before:
            self._levels.update(dict.fromkeys(seen, level))
        return level

    def _made_of_name(self, key: Key) -> Iterator[_Made]:
        module, name = self._project.find(key[0]), key[1]
        if module is None:
            return
        if _is_rpc(self.targets(module, name)):
            yield _Made(sources=(module.tree,))
        for piece in [*module.bindings.get(name, ()), *module.stars]:
            if piece.alias is None:
                yield self._made_of_piece(module, piece)
            elif isinstance(piece.node, ast.ImportFrom):
                source = module.imported_from(piece.node)
                yield _Made(names=frozenset({(source, name if piece.alias.name == "*" else piece.alias.name)}))
        is_function = any(isinstance(piece.node, FUNCTIONS) for piece in module.bindings.get(name, ()))
        for piece in [*module.setters.get(name, ()), *module.mentions.get(name, ())]:
            if piece.changes or not is_function:  # a function is not changed by what it is given to
                yield self._made_of_piece(module, piece)
        for block in module.blocks_by_name.get(name, ()):
            yield self._made_of(module, block.parts, block.head)

    def _made_of_piece(self, module: Module, piece: Piece) -> _Made:
        node = piece.node
        if piece.alias is not None or self.is_under_rpc(module, node) or self.wrapped(module, node) is not None:
            return _Made()
        key = piece.parts[0]
        if key in self._made:
            return self._made[key]
        before = self._circles
        if isinstance(node, ast.ClassDef):
            shown = without_rpc_methods(self, module, node)
            made = self._made_of(module, [shown], names_of(shown))
        else:
            made = self._made_of(module, piece.parts, piece.names)
        if self._circles == before:
            self._made[key] = made
        return made

    def _made_of(self, module: Module, nodes: Iterable[ast.AST], names: Names) -> _Made:
        sources: list[ast.AST] = []
        is_unclear = False
        local: dict[str, str] = {}
        followed: set[ast.AST] = set()  # modules of which an attribute is read
        every = [each for node in nodes for each in ast.walk(node)]
        for each in every:
            if isinstance(each, ast.Import | ast.ImportFrom):
                for alias in each.names:
                    whole = (
                        f"{module.imported_from(each)}.{alias.name}" if isinstance(each, ast.ImportFrom) else alias.name
                    )
                    local[alias.asname or alias.name] = whole
                    if isinstance(each, ast.ImportFrom) and _is_rpc({whole}):
                        sources.append(each)
            elif isinstance(each, ast.Attribute | ast.Call):
                value, attribute = _read_attribute(each)
                if value is not None:
                    followed.add(value)
                    if _is_rpc(self._stands_for(module, value, local, attribute)):
                        sources.append(each)
            is_unclear = is_unclear or self._looks_up(module, each)
        for each in every:
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each not in followed:
                known = frozenset({local.get(each.id, "")})
                targets = self.targets(module, each.id) if each in names.nodes else known
                if "flow" in targets or _is_rpc(targets):
                    sources.append(each)
        return _Made(tuple(sources), is_unclear, frozenset((module.name, name) for name in names.reads))

    def _stands_for(self, module: Module, value: ast.expr, local: dict[str, str], attribute: str) -> frozenset[str]:
        if isinstance(value, ast.Name) and value.id in local:
            return frozenset({f"{local[value.id]}.{attribute}"})
        return self._attribute(module, value, attribute)

    def _looks_up(self, module: Module, node: ast.AST) -> bool:
        """Whether it may find any name at run time."""
        if isinstance(node, ast.Attribute):
            return node.attr in _TABLES
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Name) and node.func.id in _LOOKS_UP and not module.has(node.func.id):
            return True
        return self.is_importer(module, node.func) and not self.stands_for(module, node)

    def _handed_to_rpc(self, module: Module) -> frozenset[str]:
        """The names of functions that are given to ``rpc`` otherwise than by a decorator: ``save = rpc(_save)``."""
        if module.name in self._handed:
            return self._handed[module.name]
        if module.name in self._open:
            self._circles += 1
            return frozenset()
        self._open.add(module.name)
        given: set[str] = set()
        for piece in module.pieces:
            function = self.wrapped(module, piece.node)
            if function is not None:
                given |= expression_names(function)
            elif piece.alias is None and self._level(self._made_of_piece(module, piece)) == 2:
                shown = without_rpc_methods(self, module, piece.node) if isinstance(piece.node, ast.ClassDef) else None
                parts, names = (piece.parts, piece.names) if shown is None else ((shown,), names_of(shown))
                given |= {*_given(parts, names)}
        waiting = [*given]
        while waiting:
            name = waiting.pop()
            heads = [block.head.reads for block in module.blocks_by_name.get(name, ())]
            values = [
                piece.names.reads
                for piece in module.bindings.get(name, ())
                if not isinstance(piece.node, (*FUNCTIONS, ast.ClassDef))
            ]
            new = frozenset().union(*heads, *values) - given
            given |= new
            waiting += new
        self._open.discard(module.name)
        self._handed[module.name] = frozenset(given)
        return self._handed[module.name]


def without_rpc_methods(roles: Roles, module: Module, node: ast.ClassDef) -> ast.ClassDef:
    """A class as a page has it, but for the stubs of its rpc methods."""
    kept: list[ast.stmt] = [ast.copy_location(ast.Pass(), node)]
    for each in node.body:
        if isinstance(each, ast.ClassDef):
            kept.append(without_rpc_methods(roles, module, each))
        elif not roles.is_under_rpc(module, each):
            kept.append(each)
    fields = {name: getattr(node, name) for name in node._fields}
    return ast.copy_location(ast.ClassDef(**{**fields, "body": kept}), node)


def _is_rpc(targets: Iterable[str]) -> bool:
    """Whether a whole name among these is ``rpc``, or what it is made of: ``RpcRegistry``, ``RpcFunction``."""
    return any(each in RPC or each.startswith(_MAKERS) for each in targets)


def _given(parts: Iterable[ast.AST], names: Names) -> Iterator[str]:
    """The global names that code reads as values: not those that it calls."""
    called: set[ast.AST] = set()
    for part in parts:
        for each in ast.walk(part):
            if isinstance(each, ast.Call):
                called.add(each.func)
            elif isinstance(each, ast.Attribute):
                called.add(each.value)
    yield from (name for node, name in names.nodes.items() if node not in called)


def _read_attribute(node: ast.AST) -> tuple[ast.expr | None, str]:
    """The value and the name in ``value.name`` and ``getattr(value, "name")``."""
    match node:
        case ast.Attribute(value=value, attr=name):
            return value, name
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), *_]):
            return value, name
    return None, ""


def bare(decorator: ast.expr) -> ast.expr:
    """A decorator without the options that it is called with, which may be the server's."""
    return decorator.func if isinstance(decorator, ast.Call) and not isinstance(decorator.func, ast.Call) else decorator


def _plain(decorator: ast.expr) -> ast.expr:
    """A decorator without the options that it is called with."""
    return decorator.func if isinstance(decorator, ast.Call) and not _is_getattr(decorator) else decorator


def _is_getattr(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ("getattr", "__import__")
