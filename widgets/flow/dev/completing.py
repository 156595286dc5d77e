"""Completion of ``app:App`` in a shell: the modules of this folder, and the components that they define."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import CompletionItem

_LARGE = 1_000_000  # bytes of a file that is not looked into


def complete_app(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What may be meant by the beginning of an app's name."""
    return [CompletionItem(each) for each in sorted(_apps(Path.cwd())) if each.startswith(incomplete)]


def _apps(folder: Path) -> Iterator[str]:
    for path in folder.glob("*.py"):
        if path.stem.isidentifier() and path.stat().st_size < _LARGE:
            yield from (f"{path.stem}:{name}" for name in _components(path))


def _components(path: Path) -> Iterator[str]:
    """The functions in a file that are marked ``@component``, by whatever path to that name."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = (
                each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "")
                for each in node.decorator_list
            )
            if "component" in marks:
                yield node.name
