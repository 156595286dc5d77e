"""What is to be served: ``app:App``, ``app.py``, ``shop/app.py:App`` or a program that serves itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from flow.component import Component, ComponentFunction
from flow.element import Element
from flow.errors import FlowError
from flow.readable import short

MAIN: Final = "__main__"
USUAL: Final = "App"

Shown = ComponentFunction[Any] | Component


class TargetError(FlowError):
    """There is nothing of this name to serve: what was looked for, and what there is."""


@dataclass(frozen=True, slots=True)
class Target:
    """A module by its file, its name and the folder that its imports start from; ``component`` if one is named."""

    path: Path
    module: str
    root: Path
    component: str | None = None

    @property
    def title(self) -> str:
        """What its page is called."""
        name = self.path.parent.name if self.path.stem == "__init__" else self.path.stem
        return name.replace("_", " ").capitalize()


def parse(text: str, folder: Path) -> Target:
    """What a user means by ``module:Component`` or a file, below a folder. Raises ``TargetError``."""
    name, colon, component = text.rpartition(":")
    if not colon or not component.isidentifier():  # C:\\app.py has a colon too
        name, component = text, ""
    if name.endswith(".py"):
        path = folder / name
        if not path.is_file():
            raise TargetError(f"there is no file {name}")
    else:
        path = _file_of(name, folder)
    path = path.absolute()
    root = path.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    parts = path.relative_to(root).with_suffix("").parts
    if not all(part.isidentifier() for part in parts):
        raise TargetError(f"{name} cannot be imported: a module's name has letters, digits and underscores")
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Target(path, module, root, component or None)


def _file_of(name: str, folder: Path) -> Path:
    if not all(part.isidentifier() for part in name.split(".")):
        raise TargetError(f"{name!r} is neither a module nor a file: flow dev app:App, or flow dev app.py")
    base = folder.joinpath(*name.split("."))
    for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
        if path.is_file():
            return path
    raise TargetError(f"there is no module {name!r} in {folder}: {name.replace('.', '/')}.py is looked for")


def component_of(module: ModuleType, target: Target, named: Shown | None) -> Callable[[], Any] | Component:
    """What a module's page shows: what the command names, else ``flow.run`` in it, else ``App``, else the only one.

    Raises ``TargetError``.
    """
    if target.component is not None:
        found = vars(module).get(target.component)
        if found is None:
            raise TargetError(f"{target.path.name} has no {target.component!r}.{_what_there_is(module)}")
        if not (callable(found) or isinstance(found, Component)) or isinstance(found, type):
            raise TargetError(f"{target.component} is no component: a function marked @component, not {short(found)}")
        shown: Callable[[], Any] | Component = found
        return shown
    if named is not None:
        return named
    found = vars(module).get(USUAL)
    if isinstance(found, ComponentFunction):
        return found
    names = _components(module)
    if len(names) == 1:
        only: ComponentFunction[Any] = vars(module)[names[0]]
        return only
    raise TargetError(
        f"{target.path.name} does not tell what its page shows.{_what_there_is(module)} Call one {USUAL}, or name it: "
        f"flow dev {target.path.name}:NAME"
    )


def root_of(shown: Callable[[], Any] | Component) -> Any:
    """A tree for one more page. Awaitable if it is of an async function."""
    if isinstance(shown, Component):
        return Component(shown._function, shown._args, dict(shown._kwargs), shown.key)
    made = shown()
    if isinstance(made, Element) or hasattr(made, "__await__"):
        return made
    raise TargetError(f"{getattr(shown, '__name__', shown)} has to give an element, not {short(made)}")


def _components(module: ModuleType) -> list[str]:
    return [
        name
        for name, value in vars(module).items()
        if isinstance(value, ComponentFunction) and value.function.__module__ == module.__name__
    ]


def _what_there_is(module: ModuleType) -> str:
    names = _components(module)
    return f" It has {', '.join(names)}." if names else " It has no function marked @component."
