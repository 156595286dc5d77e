"""What of an app its components reach, by name, through the definitions of its modules.

A worklist: a name that is reached takes each piece that binds it, and with it all names that the piece reads. What
changes a reached value without binding a name (``items.append(1)``, ``state.title = "x"``) is taken too. An rpc
function is taken without its body. What nobody reaches stays out, whatever it is.
"""

from __future__ import annotations

import ast
import builtins
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from copy import copy
from dataclasses import replace
from typing import Final

from flow.compiler.findings import Finding, Kind, Reason
from flow.compiler.modules import FUNCTIONS, Block, Module, Piece
from flow.compiler.project import Project
from flow.compiler.roles import Roles, bare, wrapped
from flow.compiler.scopes import expression_names, names_of

_BUILTINS: Final = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__package__", "__spec__"}
_BY_NAME: Final = frozenset({"eval", "exec", "globals", "vars", "locals"})
_IMPORTERS: Final = frozenset({"__import__", "importlib.import_module", "importlib.__import__", "builtins.__import__"})
_REMEDY: Final = "Do it in an @rpc function, which stays on the server, and await that"


class Reach:
    """What is reached, so far. ``taken`` are the pieces of the page, ``rpc`` those of them without their bodies.

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
        self.at_the_server: dict[ast.AST, Finding] = {}  # definitions that reach it
        self.findings: dict[Finding, None] = {}
        self._seen: set[tuple[str, str]] = set()
        self.heads: set[ast.stmt] = set()  # statements with blocks of which at least the head is reached
        self._due: deque[tuple[Module, str, Reason]] = deque()

    # -- From outside

    def enter(self, module: Module) -> None:
        """Have a module in the page, if only what is reached of it."""
        if module.name in self.modules:
            return
        self.modules[module.name] = module
        for piece in module.pieces:
            if isinstance(piece.node, ast.ImportFrom) and piece.node.module == "__future__":
                self.taken[piece] = None
        parent, _, _ = module.name.rpartition(".")
        if parent and (package := self.project.find(parent)) is not None:
            self.enter(package)

    def take(self, module: Module, piece: Piece, before: Reason | None = None) -> None:
        """Take a piece, and all that it needs."""
        if piece not in self.taken:
            self.enter(module)
            self._take(module, piece, before)

    def finish(self) -> None:
        """Go on until nothing more is reached."""
        while self._due or self._take_changes():
            while self._due:
                self._reach(*self._due.popleft())

    # -- Names

    def _want(self, module: Module, names: Iterable[str], reason: Reason) -> None:
        for name in names:
            self._due.append((module, name, reason))

    def _reach(self, module: Module, name: str, reason: Reason) -> None:
        if (module.name, name) in self._seen:
            return
        self._seen.add((module.name, name))
        self.enter(module)
        pieces, blocks = module.bindings.get(name, ()), module.blocks_by_name.get(name, ())
        for piece in pieces:
            self._take(module, piece, reason)
        for block in blocks:
            self._take_head(module, block, reason)
        if not pieces and not blocks and name not in _BUILTINS:
            self._reach_by_star(module, name, reason)

    def _reach_by_star(self, module: Module, name: str, reason: Reason) -> None:
        for piece in reversed(module.stars):
            assert isinstance(piece.node, ast.ImportFrom)
            source = module.imported_from(piece.node)
            inside = self.project.find(source)
            if inside is None:
                if self._is_allowed(source, reason, f"{name}, which may come from it by import *,"):
                    self._take(module, piece, reason)
            elif name in inside.public_names or inside.stars:
                self._take(module, piece, reason)
                if not self._is_server(inside, reason):
                    self._reach(inside, name, reason)
                return

    # -- Pieces

    def _take(self, module: Module, piece: Piece, before: Reason | None) -> None:
        if piece in self.taken:
            return
        node = piece.node
        reason = Reason(piece.label, module.path, node.lineno, before, node)
        if piece.alias is not None:
            if self._take_import(module, node, piece.alias, before or reason):
                self.taken[piece] = before
            return
        if node in self.barred and not isinstance(node, FUNCTIONS):
            return
        self.taken[piece] = before
        for block in piece.blocks:
            self._take_head(module, block, reason)
        if node in self.barred:
            for decorator in self.roles.component_decorators(module, node):
                self._want(module, expression_names(decorator), reason)
            return
        if self._take_rpc(module, node, reason):
            return
        visible = self._without_bodies(module, node, reason) if isinstance(node, ast.ClassDef) else node
        reads = piece.names.reads if visible is node else names_of(visible).reads
        self._look_inside(module, visible, reads, reason)
        self._want_lines(module, visible, reads, reason)

    def _take_head(self, module: Module, block: Block, reason: Reason) -> None:
        if block.node not in self.heads:
            self.heads.add(block.node)
            self._want_lines(module, block.node, block.head.reads, reason)

    def _want_lines(self, module: Module, node: ast.AST, names: Iterable[str], reason: Reason) -> None:
        """Want names, each for the line where it is read first."""
        lines: dict[str, int] = {}
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                lines[each.id] = min(each.lineno, lines.get(each.id, each.lineno))
        for name in names:
            at = lines.get(name, reason.line)
            self._want(module, [name], replace(reason, line=at))

    def _take_rpc(self, module: Module, node: ast.stmt, reason: Reason) -> bool:
        """Whether it is an rpc function, of which no more than the decorator is wanted."""
        if self.roles.is_rpc_function(module, node):
            assert isinstance(node, FUNCTIONS)
            decorator = self.roles.rpc_decorator(module, node)
            if decorator is not None:
                self._want(module, expression_names(bare(decorator)), reason)
        elif not (wrapped(node) is not None and self.roles.mentions_rpc(module, node.value.func)):  # type: ignore[attr-defined]
            return False
        self.rpc.add(node)
        return True

    def _without_bodies(self, module: Module, node: ast.ClassDef, reason: Reason) -> ast.ClassDef:
        """A class without its rpc methods."""
        found = copy(node)
        found.body = [ast.copy_location(ast.Pass(), node)]
        for each in node.body:
            if isinstance(each, ast.ClassDef):
                found.body.append(self._without_bodies(module, each, reason))
            elif not (isinstance(each, FUNCTIONS) and self._take_rpc(module, each, reason)):
                found.body.append(each)
        return found

    def _take_changes(self) -> bool:
        """Take what changes values that are reached. Whether there was any."""
        found = False
        for module in [*self.modules.values()]:
            for piece in module.pieces:
                if piece not in self.taken and self._is_change(module, piece):
                    found = True
                    self._take(module, piece, None)
        return found

    def _is_change(self, module: Module, piece: Piece) -> bool:
        if piece.touches is not None and (module.name, piece.touches) in self._seen:
            bound = [each for each in module.bindings.get(piece.touches, ()) if each in self.taken]
            own = [each for each in bound if each.alias is None]
            if own:
                return not any(each.node in self.rpc for each in own)
            return bool(bound) and any(self._module_of(module, each) is not None for each in bound)
        if isinstance(piece.node, ast.Expr) and isinstance(piece.node.value, ast.Call):
            # ``provide(State, state)``, ``Effect(log)``: flow's, about nothing but what is reached.
            is_flows = any(
                each.partition(".")[0] in ("flow", "sidekick")
                for each in self.roles.stands_for(module, piece.node.value.func)
            )
            given = piece.names.reads - expression_names(piece.node.value.func) - _BUILTINS
            return is_flows and bool(given) and all((module.name, name) in self._seen for name in given)
        return False

    def _module_of(self, module: Module, piece: Piece) -> Module | None:
        """The module of the app that an import takes a name from."""
        if isinstance(piece.node, ast.ImportFrom):
            return self.project.find(module.imported_from(piece.node))
        return None if piece.alias is None else self.project.find(piece.alias.name)

    # -- Imports

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
        if alias.name == "*" or alias.name in inside.bindings or alias.name in inside.blocks_by_name or inside.stars:
            if alias.name != "*":
                self._due.append((inside, alias.name, reason))
            return True
        return self._take_module(f"{source}.{alias.name}", reason)

    def _take_module(self, name: str, reason: Reason) -> bool:
        found = self.project.find(name)
        if found is None:
            return self._is_allowed(name, reason)
        if self._is_server(found, reason):
            return False
        self.enter(found)
        return True

    def _is_server(self, module: Module, reason: Reason) -> bool:
        if module.is_marked or self.project.rules.is_server_only(module.name):
            why = "is marked '# flow: server'" if module.is_marked else "stays on the server"
            self._say(reason, f"{module.name} {why}. {_REMEDY}", "server", end=module.name)
            return True
        return False

    def _is_allowed(self, name: str, reason: Reason, what: str = "") -> bool:
        if self.project.rules.is_server_only(name):
            self._say(reason, f"{what or name} stays on the server. {_REMEDY}", "server", end=name)
            return False
        self.packages.add(name.partition(".")[0])
        return True

    # -- What names do not tell

    def _look_inside(self, module: Module, node: ast.AST, reads: Set[str], reason: Reason) -> None:
        """Follow what a piece reaches by other means than a global name, and doubt what cannot be followed."""
        aliases = dict(self._module_aliases(module, node))
        as_part: set[ast.AST] = set()
        for each in ast.walk(node):
            here = replace(reason, line=getattr(each, "lineno", reason.line))
            if isinstance(each, ast.Import | ast.ImportFrom):
                for alias in each.names:
                    self._take_import(module, each, alias, here)
            elif isinstance(each, ast.Attribute):
                self._reach_attribute(aliases, each, as_part, here)
            elif isinstance(each, FUNCTIONS) and each is not node and self.roles.is_rpc_function(module, each):
                self._say(here, f"@rpc {each.name} is inside of another definition: put it at the top of the module")
            elif isinstance(each, ast.Call):
                self._look_at_call(module, each, here)
            elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each not in as_part:
                if each.id in aliases:
                    text = f"the module {each.id} is used as a value: only what is written as {each.id}.name is there"
                    self._say(here, text, kind="doubt")
                elif each.id in reads and self.roles.may_be_rpc(module, each.id):
                    text = f"{each.id} is rpc, or was made with it: write it as a decorator above a function"
                    self._say(here, text)

    def _module_aliases(self, module: Module, node: ast.AST) -> Iterator[tuple[str, str]]:
        """The names by which a piece knows modules of the app, and whole names of these."""
        pieces = [(piece.node, piece.alias) for piece in module.pieces if piece.alias is not None]
        imports = (each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom))
        inner = [(each, alias) for each in imports for alias in each.names]
        for each, alias in [*pieces, *inner]:
            if isinstance(each, ast.ImportFrom):
                source = module.imported_from(each)
                whole, inside = f"{source}.{alias.name}", self.project.find(source)
                if inside is not None and alias.name not in inside.bindings and self.project.find(whole) is not None:
                    yield alias.asname or alias.name, whole
            elif self.project.find(alias.name) is not None:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)

    def _reach_attribute(
        self, aliases: dict[str, str], node: ast.Attribute, as_part: set[ast.AST], reason: Reason
    ) -> None:
        """Reach ``fmt`` for ``helpers.fmt``, and through packages for ``shop.prices.total``."""
        parts: list[str] = []
        at: ast.expr = node
        while isinstance(at, ast.Attribute):
            parts.append(at.attr)
            at = at.value
        if not (isinstance(at, ast.Name) and at.id in aliases) or at in as_part:
            return
        as_part.add(at)
        found = self.project.find(aliases[at.id])
        for part in reversed(parts):
            assert found is not None
            if part in found.bindings or part in found.blocks_by_name or found.stars:
                if not self._is_server(found, reason):
                    self._due.append((found, part, reason))
                return
            found = self.project.find(f"{found.name}.{part}")
            if found is None or not self._take_module(found.name, reason):
                return

    def _look_at_call(self, module: Module, node: ast.Call, reason: Reason) -> None:
        called = self.roles.stands_for(module, node.func)
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if called & _IMPORTERS or (name == "__import__" and not called):
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                self._say(reason, "an import by a name that is known at run time only", kind="doubt")
            elif self._take_module(first.value, reason) and self.project.find(first.value) is not None:
                self._say(reason, f"{first.value} is imported by a text: write import {first.value}")
        elif name in _BY_NAME and not called and name not in module.bindings:
            self._say(reason, f"{name}() finds no name that is not written out somewhere", kind="doubt")

    def _say(self, reason: Reason, text: str, kind: Kind = "error", *, end: str | None = None) -> None:
        chain = reason.chain if end is None else (*reason.chain, end)
        finding = Finding(reason.path, reason.line, chain, text, kind)
        self.findings[finding] = None
        if kind == "server" and reason.node is not None:
            self.at_the_server.setdefault(reason.node, finding)
