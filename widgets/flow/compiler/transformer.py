"""The client's half of a module: what its components reach, and stubs for its rpc functions.

``transform_for_client`` takes one source by itself, as the import hook does, and warns of what it had to leave out.
``split`` takes an app of several modules, as ``flow build`` does, and raises.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from flow.compiler.findings import Finding, SplitError, SplitWarning
from flow.compiler.modules import Module
from flow.compiler.pages import client_source
from flow.compiler.project import Project, SourceError
from flow.compiler.reach import Reach
from flow.compiler.rules import Rules
from flow.compiler.scopes import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Split:
    """The client's half of an app: ``sources`` by whole names of modules, and what is to be said of it.

    ``packages`` are those that the page imports besides the app's own modules.
    """

    entry: str
    sources: dict[str, str]
    paths: dict[str, Path]  # below the folder of the client: "shop/prices.py"
    packages: frozenset[str]
    warnings: tuple[Finding, ...]


def split(entry: Path, *, root: Path | None = None, rules: Rules | None = None) -> Split:
    """Split an app by its entry's file. ``root`` is the folder that its imports start from: that of the entry, or that
    of the package that it is in.

    Raises ``SplitError`` where a component reaches what stays on the server, and ``SyntaxError``.
    """
    folder = root if root is not None else _import_root(entry.resolve().parent)
    project = Project(folder, rules)
    module = project.find(project.name_of(entry))
    if module is None:
        raise FileNotFoundError(f"{entry} is no module below {folder}")
    return split_module(module, project)


def split_module(module: Module, project: Project) -> Split:
    """The same by the entry itself, which may be in no file."""
    reach = _reached(module, project)
    if not reach.has_roots:
        text = "there is no @component for a page to show"
        raise SplitError([Finding(module.path, 1, (module.name,), text, "error")])
    errors = [finding for finding in reach.findings if finding.kind != "doubt"]
    if errors:
        raise SplitError(errors)
    paths = {name: _path(each) for name, each in reach.modules.items()}
    sources = {name: client_source(each, reach) for name, each in reach.modules.items()}
    return Split(module.name, sources, paths, frozenset(reach.packages), tuple(reach.findings))


def transform_for_client(
    source: str,
    filename: str = "<flow>",
    *,
    name: str = "app",
    project: Project | None = None,
    is_package: bool = False,
) -> str:
    """The source of one module as a page gets it: lines that stay are where they were.

    It has the components and what they reach, the rpc functions as stubs; a module that has neither, what of it needs
    no server. Definitions that reach the server all the same are left out, functions in favour of some that raise, and
    told as a ``SplitWarning``. What cannot be split raises ``SplitError``.
    """
    project = project if project is not None else Project()
    module = project.add(name, source, filename, is_package=is_package)
    reach = _reached(module, project)
    findings = dict(reach.findings)
    while new := reach.at_the_server.keys() - reach.barred.keys():
        reach = _reached(module, project, {**reach.barred, **{node: reach.at_the_server[node] for node in new}})
        findings |= reach.findings
    if errors := [finding for finding in findings if finding.kind == "error"]:
        raise SplitError(errors)
    for finding in findings if reach.has_roots else ():
        warnings.warn(str(finding), SplitWarning, stacklevel=2)
    return client_source(module, reach)


def compile_for_client(source: str, filename: str = "<flow>", *, name: str = "app") -> CodeType:
    """The same as code. Its lines are those of ``source``, so tracebacks show the author's."""
    return compile(transform_for_client(source, filename, name=name), filename, "exec", dont_inherit=True)


class ClientSafeTransformer:
    """The same for a syntax tree: ``visit(tree)`` gives that of the client's half, ``warnings`` what was left out."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def visit(self, tree: ast.Module) -> ast.Module:
        """The client's half of a module. What is given stays as it is."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", SplitWarning)
            text = transform_for_client(ast.unparse(tree))
        self.warnings += [str(each.message) for each in caught if isinstance(each.message, SplitWarning)]
        return ast.parse(text)


def _reached(module: Module, project: Project, barred: Mapping[ast.AST, Finding] | None = None) -> Reach:
    """What the components and rpc functions of a module reach. Of a module without any: what its definitions do."""
    try:
        return _reach(module, project, barred)
    except RecursionError as error:  # of a name that is an attribute of one that is an attribute …
        raise SourceError(
            f"{module.path}: names stand for others that stand for others, too deep to be followed"
        ) from error


def _reach(module: Module, project: Project, barred: Mapping[ast.AST, Finding] | None) -> Reach:
    reach = Reach(project, barred)
    roles = reach.roles
    roots = [
        piece
        for piece in module.pieces
        if roles.is_component(module, piece.node) or roles.is_under_rpc(module, piece.node)
    ]
    reach.has_roots = bool(roots)
    definitions = (*FUNCTIONS, ast.ClassDef, ast.Assign, ast.AnnAssign)
    reach.enter(module)
    for piece in roots or [each for each in module.pieces if isinstance(each.node, definitions)]:
        reach.take(module, piece)
    reach.finish()
    return reach


def _import_root(folder: Path) -> Path:
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _path(module: Module) -> Path:
    parts = module.name.split(".")
    return Path(*parts, "__init__.py") if module.is_package else Path(*parts[:-1], f"{parts[-1]}.py")
