"""What the page of an app shows, as its entry's source tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flow.build.errors import BuildError
from flow.compiler.modules import Module
from flow.compiler.project import Project
from flow.compiler.roles import Roles
from flow.compiler.scopes import FUNCTIONS

_USUAL: Final = "App"
_RUN: Final = frozenset(("flow.run", "flow.running.run"))


def shown_in(source: Path) -> str:
    """The name of what an entry's page shows: what it hands to ``flow.run``, else ``App``, else its only component."""
    project = Project(source.resolve().parent)
    module = project.find(project.name_of(source.resolve()))
    assert module is not None  # for it was split
    roles = Roles(project)
    names = [each.name for each in module.tree.body if isinstance(each, FUNCTIONS) and roles.is_component(module, each)]
    handed = [each for each in _handed_to_run(module, roles) if each in names]
    if handed:
        return handed[-1]
    if module.has(_USUAL):
        return _USUAL
    if len(names) != 1:
        several = f"defines {', '.join(names)}" if names else "defines no component"
        raise BuildError(
            f"{source} {several}. What its page shows is called {_USUAL}, or is the only function marked "
            "@component, or is in a line `flow.run(NAME)`; else name it: --component NAME"
        )
    return names[0]


def _handed_to_run(module: Module, roles: Roles) -> Iterator[str]:
    """The names in ``run(App)`` and ``run(App())`` at the top of a module, also of one that only a program runs."""
    waiting: list[ast.stmt] = list(module.tree.body)
    while waiting:
        statement = waiting.pop(0)
        if isinstance(statement, ast.If):
            waiting[:0] = [*statement.body, *statement.orelse]
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords:
            shown = call.args[0]
            shown = shown.func if isinstance(shown, ast.Call) else shown
            if isinstance(shown, ast.Name) and roles.stands_for(module, call.func) & _RUN:
                yield shown.id
