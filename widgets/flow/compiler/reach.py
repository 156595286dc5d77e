"""What of an app its components reach, by name, through the definitions of its modules.

A worklist: a name that is reached takes each piece that binds it, and with it all names that the piece reads. What
changes a reached value without binding a name (``items.append(1)``, ``state.title = "x"``) is taken too. An rpc
function is taken without its body. What nobody reaches stays out, whatever it is.
"""

from __future__ import annotations

import ast
import builtins
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from flow.compiler.findings import Finding, Kind, Reason
from flow.compiler.modules import Block, Module, Piece
from flow.compiler.project import Project
from flow.compiler.roles import RPC, Roles, bare, without_rpc_methods
from flow.compiler.scopes import FUNCTIONS, Function, Names, expression_names, names_of

_BUILTINS: Final = frozenset(dir(builtins)) | {
    "__name__",
    "__file__",
    "__doc__",
    "__package__",
    "__spec__",
    "__class__",
}
_BY_NAME: Final = frozenset({"eval", "exec", "globals", "vars", "locals"})
_PROVIDE: Final = frozenset({"flow.provide", "flow.injection.provide"})
_REMEDY: Final = "Do it in an @rpc function, which stays on the server, and await that"


@dataclass(frozen=True, slots=True)
class _Read:
    """A name that is read, and the attributes of it: ``shop`` and ``("prices", "total")``."""

    module: Module
    name: str
    reason: Reason
    attributes: tuple[str, ...] = ()


class Reach:
    """What is reached, so far. ``taken`` are the pieces of the page, ``rpc`` what of them is there as a stub.

    ``barred`` are definitions that nothing is to be reached through, and why.
    """

    def __init__(self, project: Project, barred: Mapping[ast.AST, Finding] | None = None) -> None:
        self.project = project
        self.roles = Roles(project)
        self.taken: dict[Piece, Reason | None] = {}
        self.rpc: set[ast.AST] = set()  # functions and assignments of which a page has a stub
        self.modules: dict[str, Module] = {}
        self.packages: set[str] = set()  # that are not the app's, and that the page imports
        self.barred = barred or {}
        self.has_roots = True  # whether it began at components or rpc functions
        self.at_the_server: dict[ast.AST, Finding] = {}  # definitions that reach it
        self.findings: dict[Finding, None] = {}
        self.heads: set[ast.stmt] = set()  # statements with blocks of which at least the head is reached
        self.by_star: dict[Piece, dict[str, None]] = {}  # the names that an ``import *`` of the app's is there for
        self._seen: set[tuple[str, str]] = set()
        self._followed: set[tuple[str, str, tuple[str, ...], ast.AST | None]] = set()
        self._changes: dict[tuple[str, str], list[tuple[Module, Piece]]] = {}  # by what they change
        self._aliases: dict[str, dict[str, str]] = {}
        self._due: deque[_Read] = deque()

    # -- From outside

    def enter(self, module: Module) -> None:
        """Have a module in the page, if only what is reached of it."""
        if module.name in self.modules:
            return
        self.modules[module.name] = module
        for piece in module.pieces:
            if isinstance(piece.node, ast.ImportFrom) and piece.node.module == "__future__":
                self.taken[piece] = None
            for key in self._changed(module, piece):
                self._changes.setdefault(key, []).append((module, piece))
        for key in [each for each in self._changes if each in self._seen]:
            self._take_changes(key, None)
        parent, _, _ = module.name.rpartition(".")
        if parent and (package := self.project.find(parent)) is not None:
            self.enter(package)

    def take(self, module: Module, piece: Piece) -> None:
        """Take a piece, and all that it needs."""
        self.enter(module)
        self._take(module, piece, None)

    def finish(self) -> None:
        """Go on until nothing more is reached."""
        while self._due:
            self._reach(self._due.popleft())

    # -- Names

    def _want(self, module: Module, names: Iterable[str], reason: Reason) -> None:
        self._due.extend(_Read(module, name, reason) for name in names)

    def _want_all(self, module: Module, parts: Iterable[ast.AST], names: Names, reason: Reason) -> None:
        """Want what code reads, each name for the lines where it is read."""
        attributes = _attributes(parts)
        for node, name in names.nodes.items():
            read = replace(reason, line=node.lineno)
            self._due.append(_Read(module, name, read, attributes.get(node, ())))
        self._want(module, names.reads - {*names.nodes.values()}, reason)

    def _reach(self, read: _Read) -> None:
        module, name, reason = read.module, read.name, read.reason
        followed = (module.name, name, read.attributes, reason.node)
        if followed in self._followed:
            return
        self._followed.add(followed)
        self.enter(module)
        pieces, blocks = module.bindings.get(name, ()), module.blocks_by_name.get(name, ())
        for piece in _meant([piece for piece in pieces if piece.alias is not None], read.attributes):
            self._take(module, piece, reason)
        self._reach_in_module(read)
        if (module.name, name) in self._seen:
            return
        self._seen.add((module.name, name))
        for piece in pieces:
            if piece.alias is None:
                self._take(module, piece, reason)
        for block in blocks:
            self._take_head(module, block, reason)
            if isinstance(block.node, ast.With | ast.AsyncWith):
                self._take_body(module, block, reason)
        if not pieces and not blocks:
            self._reach_by_star(module, name, reason)
        if not pieces and module.setters.get(name):
            self._take_setters(module, name, reason)
        self._take_changes((module.name, name), reason)

    def _reach_in_module(self, read: _Read) -> None:
        """Reach ``fmt`` for ``helpers.fmt``, and through packages for ``shop.prices.total``."""
        whole = self._module_aliases(read.module).get(read.name)
        if whole is None:
            return
        if read.attributes:
            self._reach_attribute(whole, read.attributes, read.reason)
        else:
            text = f"the module {read.name} is used as a value: only what is written as {read.name}.name is there"
            self._say(read.reason, text, kind="doubt")

    def _reach_attribute(self, whole: str, attributes: Iterable[str], reason: Reason) -> None:
        found = self.project.find(whole)
        rest = deque(attributes)
        while rest and found is not None:
            part = rest.popleft()
            if self._is_server(found, reason):
                return
            inside = self.project.find(f"{found.name}.{part}")
            if found.has(part) or inside is None:
                name = part if found.has(part) or found.stars or not found.has("__getattr__") else "__getattr__"
                self._due.append(_Read(found, name, reason, tuple(rest)))
                return
            self._take_module(inside.name, reason)
            found = inside

    def _reach_by_star(self, module: Module, name: str, reason: Reason) -> None:
        for piece in reversed(module.stars):
            assert isinstance(piece.node, ast.ImportFrom)
            source = module.imported_from(piece.node)
            inside = self.project.find(source)
            if inside is None:
                what = f"{name}, which may come from {source} by import *,"
                if name not in _BUILTINS and self._is_allowed(source, reason, what):
                    self.taken[piece] = reason
            elif inside.is_public(name) or (inside.stars and name not in _BUILTINS):
                if not self._is_server(inside, reason):
                    self.taken[piece] = reason
                    self.by_star.setdefault(piece, {})[name] = None
                    self._due.append(_Read(inside, name, reason))
                if inside.is_public(name):
                    return

    # -- Pieces

    def _take(self, module: Module, piece: Piece, before: Reason | None) -> None:
        node = piece.node
        reason = Reason(piece.label, module.path, node.lineno, before, node)
        if piece.alias is not None:
            if self._take_import(module, node, piece.alias, before or reason):
                self.taken[piece] = before
                self._take_heads(module, piece, before or reason)
            return
        if piece in self.taken or (node in self.barred and not isinstance(node, FUNCTIONS)):
            return
        self.taken[piece] = before
        self._take_heads(module, piece, reason)
        if node in self.barred:
            for decorator in self.roles.component_decorators(module, node):
                self._want(module, expression_names(decorator), reason)
        elif isinstance(node, FUNCTIONS) and self.roles.is_rpc_function(module, node):
            self._take_stub(module, node, reason)
        elif self.roles.wrapped(module, node) is not None:
            self.rpc.add(node)
        else:
            self._take_whole(module, piece, reason)

    def _take_whole(self, module: Module, piece: Piece, reason: Reason) -> None:
        parts, names = piece.parts, piece.names
        if isinstance(piece.node, ast.ClassDef):
            self._take_stubs_in(module, piece.node, reason)
            shown = without_rpc_methods(self.roles, module, piece.node)
            parts, names = (shown,), names_of(shown)
        for place, what in self.roles.uses_of_rpc(module, parts, names):
            text = f"{what} is rpc, or was made with it: write it as a decorator above a function of the module"
            self._say(replace(reason, line=getattr(place, "lineno", reason.line)), text)
        self._look_inside(module, parts, names, reason)
        self._want_all(module, parts, names, reason)

    def _take_stub(self, module: Module, node: Function, reason: Reason) -> None:
        """Take an rpc function, of which no more than the decorator is wanted."""
        decorator = self.roles.rpc_decorator(module, node)
        if decorator is not None:
            self._want(module, expression_names(bare(decorator)), reason)
        self.rpc.add(node)

    def _take_stubs_in(self, module: Module, node: ast.ClassDef, reason: Reason) -> None:
        for each in node.body:
            if isinstance(each, ast.ClassDef):
                self._take_stubs_in(module, each, reason)
            elif isinstance(each, FUNCTIONS) and self.roles.is_under_rpc(module, each):
                self._take_stub(module, each, reason)

    def _take_heads(self, module: Module, piece: Piece, reason: Reason) -> None:
        for block in piece.blocks:
            self._take_head(module, block, reason)

    def _take_head(self, module: Module, block: Block, reason: Reason) -> None:
        if block.node in self.heads:
            return
        self.heads.add(block.node)
        for place, what in self.roles.uses_of_rpc(module, block.parts, block.head):
            self._say(
                replace(reason, line=getattr(place, "lineno", reason.line)), f"{what} is rpc, or was made with it"
            )
        self._look_inside(module, block.parts, block.head, reason)
        self._want_all(module, block.parts, block.head, reason)
        for jump in module.jumps.get(block.node, ()):  # without which a loop may have no end
            self._take(module, jump, reason)

    def _take_body(self, module: Module, block: Block, reason: Reason) -> None:
        """Take what is in a ``with`` whose name is reached: ``with Form() as form: Input()``."""
        for piece in module.pieces:
            if block in piece.blocks:
                self._take(module, piece, reason)

    # -- Changes

    def _take_setters(self, module: Module, name: str, reason: Reason) -> None:
        """Take the calls of functions that give a name its value by ``global``."""
        setters = {each.label for each in module.setters[name]}
        for setter in setters:
            for piece in module.mentions.get(setter, ()):
                if isinstance(piece.node, ast.Expr):
                    self._take(module, piece, reason)

    def _take_changes(self, key: tuple[str, str], reason: Reason | None) -> None:
        """Take what changes a value that is reached. An rpc function has no value here."""
        owner = self.project.find(key[0])
        bound = owner.bindings.get(key[1], ()) if owner is not None else ()
        if any(piece.node in self.rpc for piece in bound) or (bound and all(piece.alias for piece in bound)):
            return
        for module, piece in self._changes.get(key, ()):
            if piece not in self.taken and self._is_due(module, piece):
                self._take(module, piece, reason)

    def _changed(self, module: Module, piece: Piece) -> Iterator[tuple[str, str]]:
        """What a piece changes: names, and the modules that they are of."""
        for expression in piece.changes:
            yield from self._home(module, expression)
        if self._is_flows(module, piece):
            for name in piece.names.reads:
                yield module.name, name
                yield from self._home(module, ast.Name(name, ast.Load()))

    def _home(self, module: Module, expression: ast.expr) -> Iterator[tuple[str, str]]:
        """Where the value of an expression is defined: ``("shop.state", "items")`` for ``state.items``."""
        parts: list[str] = []
        at = expression
        while isinstance(at, ast.Attribute | ast.Subscript | ast.Call):
            if isinstance(at, ast.Attribute):
                parts.append(at.attr)
            at = at.func if isinstance(at, ast.Call) else at.value
        if not isinstance(at, ast.Name):
            return
        found: Module | None = module
        name = at.id
        whole = self._module_aliases(module).get(name)
        while whole is not None and parts:
            found, name = self.project.find(whole), parts.pop()
            whole = f"{whole}.{name}" if found is not None and not found.has(name) else None
        if found is not None:
            yield from self._origins(found, name)

    def _origins(self, module: Module, name: str) -> Iterator[tuple[str, str]]:
        seen: set[tuple[str, str]] = set()
        waiting = [(module, name)]
        while waiting:
            at, called = waiting.pop()
            if (at.name, called) in seen:
                continue
            seen.add((at.name, called))
            yield at.name, called
            for piece in [*at.bindings.get(called, ()), *([] if at.has(called) else at.stars)]:
                if piece.alias is not None and isinstance(piece.node, ast.ImportFrom):
                    inside = self.project.find(at.imported_from(piece.node))
                    if inside is not None:
                        waiting.append((inside, called if piece.alias.name == "*" else piece.alias.name))

    def _is_flows(self, module: Module, piece: Piece) -> bool:
        """Whether it is a call of flow's, about what it is given: ``provide(State, state)``, ``Effect(log)``."""
        if not (isinstance(piece.node, ast.Expr) and isinstance(piece.node.value, ast.Call)):
            return False
        targets = self.roles.stands_for(module, piece.node.value.func)
        return not targets & RPC and any(each.partition(".")[0] in ("flow", "sidekick") for each in targets)

    def _is_due(self, module: Module, piece: Piece) -> bool:
        """Whether a call of flow's is about nothing but what is reached. Other changes are due at once."""
        if piece.changes or not self._is_flows(module, piece):
            return True
        assert isinstance(piece.node, ast.Expr)
        assert isinstance(piece.node.value, ast.Call)
        call = piece.node.value
        given = piece.names.reads - expression_names(call.func) - _BUILTINS
        if call.args and self.roles.stands_for(module, call.func) & _PROVIDE:  # it is asked for by its type
            given = expression_names(call.args[0])
        return bool(given) and all((module.name, name) in self._seen for name in given)

    # -- Imports

    def _module_aliases(self, module: Module) -> dict[str, str]:
        """The names by which a module knows others of the app, and whole names of these."""
        if module.name not in self._aliases:
            found = self._aliases[module.name] = {}
            for piece in module.pieces:
                if piece.alias is not None:
                    found.update(self._known_as(module, piece.node, piece.alias))
        return self._aliases[module.name]

    def _known_as(self, module: Module, node: ast.stmt, alias: ast.alias) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.ImportFrom):
            source = module.imported_from(node)
            whole, inside = f"{source}.{alias.name}" if source else alias.name, self.project.find(source)
            if (inside is None or not inside.has(alias.name)) and self.project.find(whole) is not None:
                yield alias.asname or alias.name, whole
        elif self.project.find(alias.name) is not None:
            first = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (first, first)

    def _take_import(self, module: Module, node: ast.stmt, alias: ast.alias, reason: Reason) -> bool:
        """Follow one name of an import. False if it must not be in the page."""
        if isinstance(node, ast.Import):
            return self._take_module(alias.name, reason)
        assert isinstance(node, ast.ImportFrom)
        source = module.imported_from(node)
        if not source:
            self._say(reason, f"from {'.' * node.level}{node.module or ''} goes above the app")
            return False
        inside = self.project.find(source)
        if inside is None:
            return self._is_allowed(f"{source}.{alias.name}" if alias.name != "*" else source, reason)
        if self._is_server(inside, reason):
            return False
        self.enter(inside)
        if alias.name == "*" or inside.has(alias.name) or inside.stars:
            if alias.name != "*":
                self._due.append(_Read(inside, alias.name, reason))
            return True
        if self.project.find(f"{source}.{alias.name}") is not None:
            return self._take_module(f"{source}.{alias.name}", reason)
        if inside.has("__getattr__"):
            self._want(inside, ["__getattr__"], reason)
        else:
            self._say(reason, f"{source} has no {alias.name} that could be seen", kind="doubt")
        return not self._is_server_name(f"{source}.{alias.name}", reason)

    def _take_module(self, name: str, reason: Reason) -> bool:
        found = self.project.find(name)
        if found is None:
            return self._is_allowed(name, reason)
        if self._is_server(found, reason):
            return False
        self.enter(found)
        return True

    def _is_server(self, module: Module, reason: Reason) -> bool:
        at = module.name
        while at:
            found = self.project.find(at)
            if found is not None and found.is_marked:
                self._say(reason, f"{at} is marked '# flow: server'. {_REMEDY}", "server", end=module.name)
                return True
            at = at.rpartition(".")[0]
        return self._is_server_name(module.name, reason)

    def _is_server_name(self, name: str, reason: Reason, what: str = "") -> bool:
        if self.project.rules.is_server_only(name):
            self._say(reason, f"{what or name} stays on the server. {_REMEDY}", "server", end=name)
            return True
        return False

    def _is_allowed(self, name: str, reason: Reason, what: str = "") -> bool:
        if self._is_server_name(name, reason, what):
            return False
        self.packages.add(name.partition(".")[0])
        return True

    # -- What names do not tell

    def _look_inside(self, module: Module, parts: Iterable[ast.AST], names: Names, reason: Reason) -> None:
        """Follow what a piece reaches by other means than a global name, and doubt what cannot be followed."""
        parts = tuple(parts)
        every = [each for part in parts for each in ast.walk(part)]
        local: dict[str, str] = {}  # modules of the app that it imports itself
        for each in every:
            here = replace(reason, line=getattr(each, "lineno", reason.line))
            if isinstance(each, ast.Import | ast.ImportFrom):
                for alias in each.names:
                    self._take_import(module, each, alias, here)
                    local.update(self._known_as(module, each, alias))
            elif isinstance(each, FUNCTIONS) and each not in parts and self.roles.is_under_rpc(module, each):
                self._say(here, f"@rpc {each.name} is inside of another definition: put it at the top of the module")
            elif isinstance(each, FUNCTIONS) and each not in parts and _has_local_decorator(each, names):
                if self.roles.is_unclear(module, parts, names):
                    self._say(here, f"what decorates {each.name} is known at run time only, and may be rpc")
            elif isinstance(each, ast.Call):
                self._look_at_call(module, each, here)
        for node, attributes in _attributes(parts).items() if local else ():
            if node not in names.nodes and node.id in local:
                self._reach_attribute(local[node.id], attributes, replace(reason, line=node.lineno))

    def _look_at_call(self, module: Module, node: ast.Call, reason: Reason) -> None:
        if self.roles.is_importer(module, node.func):
            names = self.roles.stands_for(module, node)
            if not names:
                self._say(reason, "an import by a name that is known at run time only", kind="doubt")
            for name in names:
                if self._take_module(name, reason) and self.project.find(name) is not None:
                    self._say(reason, f"{name} is imported by a text: write import {name}")
        elif isinstance(node.func, ast.Name) and node.func.id in _BY_NAME and not module.has(node.func.id):
            self._say(reason, f"{node.func.id}() finds no name that is not written out somewhere", kind="doubt")

    def _say(self, reason: Reason, text: str, kind: Kind = "error", *, end: str | None = None) -> None:
        chain = reason.chain if end is None else (*reason.chain, end)
        finding = Finding(reason.path, reason.line, chain, text, kind)
        self.findings[finding] = None
        if kind == "server" and reason.node is not None:
            self.at_the_server.setdefault(reason.node, finding)


def _has_local_decorator(node: Function, names: Names) -> bool:
    """Whether a decorator is a name that is not the module's."""
    every = (each for decorator in node.decorator_list for each in ast.walk(decorator))
    return any(isinstance(each, ast.Name) and each not in names.nodes for each in every)


def _attributes(parts: Iterable[ast.AST]) -> dict[ast.Name, tuple[str, ...]]:
    """For each name that attributes are read of, these: ``("prices", "total")`` of ``shop.prices.total``."""
    found: dict[ast.Name, tuple[str, ...]] = {}
    inner: set[ast.AST] = set()  # part of a longer chain; a walk comes to that first
    for part in parts:
        for each in ast.walk(part):
            if isinstance(each, ast.Attribute) and each not in inner:
                names: list[str] = []
                at: ast.expr = each
                while isinstance(at, ast.Attribute):
                    inner.add(at)
                    names.append(at.attr)
                    at = at.value
                if isinstance(at, ast.Name):
                    found[at] = tuple(reversed(names))
    return found


def _meant(imports: list[Piece], attributes: tuple[str, ...]) -> list[Piece]:
    """Of imports of ``shop.prices`` and ``shop.orders``, which both bind ``shop``, what ``shop.prices`` needs."""
    if len(imports) < 2 or not attributes:
        return imports
    found: list[Piece] = []
    for piece in imports:
        assert piece.alias is not None
        parts = piece.alias.name.split(".")[1:]
        is_plain = isinstance(piece.node, ast.Import) and piece.alias.asname is None
        if not is_plain or tuple(parts) == attributes[: len(parts)]:
            found.append(piece)
    return found or imports
