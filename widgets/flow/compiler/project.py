"""The modules of one app: those below the folder of its entry. All others are packages that it uses."""

from __future__ import annotations

import tokenize
from pathlib import Path

from flow.compiler.modules import Module
from flow.compiler.rules import Rules
from flow.errors import FlowError


class SourceError(FlowError, ValueError):
    """A source of the app cannot be read, or is no Python."""


class Project:
    """Finds and reads the modules of an app. ``sources`` are modules that are in no file: name -> source."""

    def __init__(self, root: Path | None = None, rules: Rules | None = None) -> None:
        self.root = root
        self.rules = rules if rules is not None else Rules() if root is None else Rules.of_project(root)
        self.files: list[Path] = []  # that were read
        self._modules: dict[str, Module | None] = {}

    def add(self, name: str, source: str, path: str, *, is_package: bool = False) -> Module:
        """Take in a module by its source."""
        module = self._modules[name] = _parsed(name, source, path, is_package)
        return module

    def find(self, name: str) -> Module | None:
        """The module of the app with this whole name; None if it is not one of the app's."""
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def name_of(self, path: Path) -> str:
        """The whole name of the module in a file below the root."""
        assert self.root is not None
        parts = path.resolve().relative_to(self.root.resolve()).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)

    def read(self, path: Path) -> str:
        """The source in a file, which may say what encoding it has."""
        try:
            with tokenize.open(path) as file:
                source = file.read()
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise SourceError(f"{path} cannot be read: {error}") from error
        self.files.append(path)
        return source

    def _read(self, name: str) -> Module | None:
        if self.root is None or not name or not all(part.isidentifier() for part in name.split(".")):
            return None
        base = self.root.joinpath(*name.split("."))
        for path, is_package in ((base / "__init__.py", True), (base.with_name(f"{base.name}.py"), False)):
            if path.is_file():
                return _parsed(name, self.read(path), str(path), is_package)
        if base.is_dir() and any(base.glob("*.py")):
            return Module(name, str(base), "", is_package=True)  # a namespace package
        return None


def _parsed(name: str, source: str, path: str, is_package: bool) -> Module:
    try:
        return Module(name, path, source, is_package)
    except SyntaxError as error:
        error.filename = error.filename or path
        raise
    except ValueError as error:  # null bytes
        raise SourceError(f"{path} is no Python: {error}") from error
    except RecursionError as error:
        raise SourceError(f"{path} is nested too deep to be looked into") from error
