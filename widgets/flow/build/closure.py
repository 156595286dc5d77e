"""Which modules of Python's library a page imports while it begins, as far as sources tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

# What Pyodide itself begins with, before anything of ours.
_BEGINNING: Final = (
    "_pyodide", "_pyodide._future_helper", "_pyodide.docstring", "_pyodide.jsbind", "asyncio", "email", "encodings",
    "encodings.aliases", "encodings.cp437", "encodings.utf_8", "importlib.metadata", "importlib.util", "linecache",
    "opcode", "pyodide", "pyodide._package_loader", "pyodide._state", "pyodide.code", "pyodide.ffi", "pyodide.webloop",
    "random", "shutil", "signal", "site", "tempfile", "traceback", "typing", "zipfile",
)  # fmt: skip


def imported(library: Mapping[str, bytes], sources: Iterable[bytes]) -> set[str]:
    """The files of the library that sources import, wherever in them, and those that these import when they run."""
    modules = {_module_of(name): name for name in library if name.endswith(".py")}
    found: set[str] = set()
    waiting = [*_BEGINNING]
    for source in sources:
        waiting += _names_in(source, "", is_inside=True)
    while waiting:
        module = waiting.pop()
        name = modules.get(module)
        if name is None or name in found:
            continue
        found.add(name)
        package = module if name.endswith("__init__.py") else module.rpartition(".")[0]
        waiting += [module.rpartition(".")[0], *_names_in(library[name], package, is_inside=False)]
    return found


def _names_in(source: bytes, package: str, *, is_inside: bool) -> Iterator[str]:
    """The modules that a source may import; ``is_inside``: those in its functions too."""
    try:
        waiting: list[ast.AST] = [ast.parse(source)]
    except (SyntaxError, ValueError):
        return  # of a later Python
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = [".".join(parts[: len(parts) - node.level + 1])] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif is_inside or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
