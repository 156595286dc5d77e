"""What the author of an app is told of its page: where it imports what, and what may be wrong in its sources."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from flow.build.data import unlisted
from flow.build.leaks import leaks_in
from flow.compiler import Split


def root_of(source: Path, found: Split) -> Path:
    """The folder that an app's imports start from."""
    return source.resolve().parents[len(found.paths[found.entry].parts) - 1]


def import_places(found: Split, root: Path) -> dict[str, str]:
    """Where the page imports each package first: ``app.py:3``, by the package's name."""
    places: dict[str, str] = {}
    for name, source in sorted(found.sources.items()):
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for each in names:
                places.setdefault(each.partition(".")[0], f"{root / found.paths[name]}:{getattr(node, 'lineno', 1)}")
    return places


def remarks(found: Split, root: Path, files: Collection[str]) -> Iterator[str]:
    """What looks like a secret in the page's sources, and what they read that the page does not have."""
    for name, source in sorted(found.sources.items()):
        path = found.paths[name]
        for leak in leaks_in(source):
            yield f"{root / path}:{leak.line}: {leak}"
        for line, file in unlisted(source, path.as_posix(), files):
            yield (
                f"{root / path}:{line}: the page opens {file!r}, which it does not have. List it in pyproject.toml, "
                f"under [tool.flow]: files = [{file!r}]"
            )


def is_nowhere(package: str, places: Mapping[str, str]) -> str:
    """What to do about a package that is neither in this Python nor in Pyodide."""
    at = f"{places[package]}: " if package in places else ""
    return (
        f"{at}the page imports {package}, which neither this Python nor Pyodide has: it fails there. Install it, "
        f"or list it in pyproject.toml, under [tool.flow]: packages = [{package!r}]"
    )
