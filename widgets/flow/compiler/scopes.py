"""Which global names a piece of code reads and binds, and where: Python's own rules of scopes, for a syntax tree.

A local variable that is called like a global one is not taken for it: this is what keeps a server's value out of a page
that has a variable of the same name. The tests hold that the compiler's symbol tables say the same of the standard
library. No step recurses, so a tree may be as deep as the parser allows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_STAR: Final = "*"
_SPECIAL: Final = frozenset(  # all others have only parts
    {
        *FUNCTIONS, *_COMPREHENSIONS, ast.Lambda, ast.ClassDef, ast.Name, ast.Import, ast.ImportFrom, ast.ExceptHandler,
        ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.Global, ast.Nonlocal, ast.AugAssign, ast.AnnAssign,
        ast.Attribute, ast.Subscript, getattr(ast, "TypeAlias", ast.Name),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """``reads``: global names that it or a function in it needs; ``binds``: those that it gives a value.

    ``sets`` get one only when a function in it is called, by ``global``; of those in ``changes`` one does to an
    attribute or an item. ``nodes`` are the places that read a global name.
    """

    reads: frozenset[str]
    binds: frozenset[str]
    sets: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    nodes: dict[ast.Name, str] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class _Scope:
    """Where a name is looked up. In a class ``bound`` tells which statement binds a name first, ``at`` the one here."""

    kind: Literal["module", "function", "class", "types"]
    parent: _Scope | None = None
    bound: dict[str, int] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()  # ``global``
    at: int = 0
    private: str = ""  # the class that ``__names`` belong to

    def is_global(self, name: str) -> bool:
        """Whether a name that stands here is one of the module's."""
        at: _Scope | None = self
        is_inside = False  # of a function: it does not see what is bound in a class around it
        while at is not None:
            if at.kind == "class" and is_inside:
                at = at.parent
                continue
            if name in at.declared:
                return True
            if name in at.bound and (at.kind != "class" or at.bound[name] < at.at):
                return False
            is_inside = is_inside or at.kind == "function"
            at = at.parent
        return True

    def is_bound_here(self, name: str) -> bool:
        """Whether what gives the name a value here gives it to one of the module's."""
        return self.is_global(name) and not (self.kind == "class" and name not in self.declared)

    @property
    def is_called(self) -> bool:
        """Whether code here runs later than the statement that it is in."""
        at: _Scope | None = self
        while at is not None:
            if at.kind == "function":
                return True
            at = at.parent
        return False


_Work: TypeAlias = list[tuple[ast.AST, _Scope]]


def names_of(*nodes: ast.AST) -> Names:
    """The names of code that stands at the top of a module."""
    reads: dict[ast.Name, str] = {}
    quoted: set[str] = set()
    binds: set[str] = set()
    sets: set[str] = set()
    changes: set[str] = set()
    top = _Scope("module")
    waiting: _Work = [(node, top) for node in nodes]
    while waiting:
        node, scope = waiting.pop()
        if type(node) not in _SPECIAL:
            waiting += [(each, scope) for each in ast.iter_child_nodes(node)]
            continue
        for name in _bound_by(node):
            called = _mangled(name, scope)
            if scope.is_bound_here(called):
                (sets if scope.is_called else binds).add(called)
        if isinstance(node, ast.Name):
            called = _mangled(node.id, scope)
            if isinstance(node.ctx, ast.Load) and scope.is_global(called):
                reads[node] = called
            continue
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            called = _mangled(node.target.id, scope)
            if scope.is_global(called):
                reads[node.target] = called
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            base = base_name(node)
            if base is not None and scope.is_called and scope.is_global(_mangled(base, scope)):
                changes.add(_mangled(base, scope))
        _go_on(node, scope, waiting)
        if isinstance(node, (*FUNCTIONS, ast.AnnAssign)):
            quoted |= {name for name in _quoted(node) if scope.is_global(name)}
    return Names(
        frozenset({*reads.values(), *quoted}),
        frozenset(binds - {_STAR}),
        frozenset(sets - binds),
        frozenset(changes),
        reads,
    )


def expression_names(expression: ast.expr) -> frozenset[str]:
    """The global names that an expression reads."""
    return names_of(expression).reads


def base_name(expression: ast.AST) -> str | None:
    """``shop`` in ``shop.prices[0].total``."""
    while isinstance(expression, ast.Attribute | ast.Subscript | ast.Call):
        expression = expression.func if isinstance(expression, ast.Call) else expression.value
    return expression.id if isinstance(expression, ast.Name) else None


def _go_on(node: ast.AST, scope: _Scope, waiting: _Work) -> None:
    """Go on with what is inside of a node, each part in the scope that it belongs to."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            waiting += ((each, scope) for each in [*node.decorator_list, *_defaults(node.args)])
            types = _of_types(node, scope, waiting)
            waiting += ((each, types) for each in _annotations(node))
            inner = _function_scope(node.body, node.args, types)
            waiting += ((each, inner) for each in node.body)
        case ast.Lambda():
            waiting += ((each, scope) for each in _defaults(node.args))
            waiting.append((node.body, _function_scope([node.body], node.args, scope)))
        case ast.ClassDef():
            waiting += ((each, scope) for each in node.decorator_list)
            types = _of_types(node, scope, waiting)
            waiting += ((each, types) for each in [*node.bases, *node.keywords])
            waiting += _in_class(node, types)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            first = node.generators[0]
            waiting.append((first.iter, scope))
            bound = {_mangled(name, scope): 0 for each in node.generators for name in _targets(each.target)}
            inner = _Scope("function" if scope.kind == "class" or scope.is_called else "types", scope, bound)
            inner.private = scope.private
            results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            waiting += ((each, inner) for each in results)
            for each in node.generators:
                parts = [each.target, *each.ifs] if each is first else [each.target, each.iter, *each.ifs]
                waiting += ((part, inner) for part in parts)
        case _ if _is_alias_of_type(node):
            types = _of_types(node, scope, waiting)
            waiting.append((node.name, scope))  # type: ignore[attr-defined]
            waiting.append((node.value, types))  # type: ignore[attr-defined]
        case _:
            waiting += ((each, scope) for each in ast.iter_child_nodes(node))


def _in_class(node: ast.ClassDef, scope: _Scope) -> Iterator[tuple[ast.AST, _Scope]]:
    """The statements of a class, each with what those before it have bound: ``class A: title = title``."""
    bound: dict[str, int] = {}
    declared: set[str] = set()
    inner = _Scope("class", scope, bound, private=node.name)
    for number, statement in enumerate(node.body):
        local = _local_names([statement], inner)
        declared |= local.declared
        for name in local.bound:
            bound.setdefault(name, number)
    for number, statement in enumerate(node.body):
        yield statement, replace(inner, declared=frozenset(declared), at=number)


def _function_scope(body: Sequence[ast.AST], arguments: ast.arguments, parent: _Scope) -> _Scope:
    local = _local_names(body, parent)
    given = {_mangled(each.arg, parent): 0 for each in _arguments(arguments)}
    bound = {name: 0 for name in local.bound if name not in local.declared and name not in local.outer}
    return _Scope("function", parent, given | bound, frozenset(local.declared), private=parent.private)


def _of_types(node: ast.AST, scope: _Scope, waiting: _Work) -> _Scope:
    """The scope of ``[T]`` in ``def first[T](items: list[T])``."""
    given: list[ast.AST] = getattr(node, "type_params", [])
    if not given:
        return scope
    bound = {_mangled(each.name, scope): 0 for each in given}  # type: ignore[attr-defined]
    inner = _Scope("types", scope, bound, private=scope.private)
    waiting += ((part, inner) for each in given for part in ast.iter_child_nodes(each))
    return inner


@dataclass(slots=True)
class _Local:
    bound: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)  # ``global``
    outer: set[str] = field(default_factory=set)  # ``nonlocal``


def _local_names(body: Iterable[ast.AST], scope: _Scope) -> _Local:
    """The names that code binds or declares, without what functions and classes in it do."""
    found = _Local()
    waiting = [*body]
    while waiting:
        node = waiting.pop()
        if type(node) not in _SPECIAL:
            waiting += ast.iter_child_nodes(node)
            continue
        found.bound |= {_mangled(name, scope) for name in _bound_by(node)}
        match node:
            case ast.Global():
                found.declared |= {_mangled(name, scope) for name in node.names}
            case ast.Nonlocal():
                found.outer |= {_mangled(name, scope) for name in node.names}
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                waiting += [*node.decorator_list, *_defaults(node.args), *_annotations(node)]
            case ast.Lambda():
                waiting += _defaults(node.args)
            case ast.ClassDef():
                waiting += [*node.decorator_list, *node.bases, *node.keywords]
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                walrus = (each.target for each in ast.walk(node) if isinstance(each, ast.NamedExpr))
                found.bound |= {_mangled(each.id, scope) for each in walrus}
            case _:
                waiting += ast.iter_child_nodes(node)
    return found


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a node itself gives a value, or takes it from."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import():
            yield from (each.asname or each.name.partition(".")[0] for each in node.names)
        case ast.ImportFrom():
            yield from (each.asname or each.name for each in node.names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name


def _targets(target: ast.AST) -> Iterator[str]:
    for each in ast.walk(target):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _mangled(name: str, scope: _Scope) -> str:
    """``__key`` is ``_Shop__key`` in ``class Shop``."""
    own = scope.private.lstrip("_")
    return f"_{own}{name}" if own and name.startswith("__") and not name.endswith("__") else name


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    starred = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(each for each in arguments.kw_defaults if each is not None)]


def _annotations(function: Function) -> list[ast.expr]:
    given = [each.annotation for each in _arguments(function.args)]
    return [each for each in (*given, function.returns) if each is not None]


def _is_alias_of_type(node: ast.AST) -> bool:
    return type(node).__name__ == "TypeAlias"  # which Python 3.11 does not have


def _quoted(node: Function | ast.AnnAssign) -> Iterator[str]:
    """The names in annotations that are written as texts: ``state: "AppState"``."""
    waiting: list[ast.AST] = [node.annotation] if isinstance(node, ast.AnnAssign) else [*_annotations(node)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            try:
                quoted = ast.parse(part.value.strip(), mode="eval")
            except (SyntaxError, ValueError):
                continue
            yield from (each.id for each in ast.walk(quoted) if isinstance(each, ast.Name))
        elif isinstance(part, ast.Subscript) and _last_name(part.value) == "Literal":
            continue  # whose texts are values
        elif isinstance(part, ast.Subscript) and _last_name(part.value) == "Annotated":
            waiting += part.slice.elts[:1] if isinstance(part.slice, ast.Tuple) else [part.slice]
        else:
            waiting += ast.iter_child_nodes(part)


def _last_name(expression: ast.expr) -> str:
    return expression.attr if isinstance(expression, ast.Attribute) else getattr(expression, "id", "")
