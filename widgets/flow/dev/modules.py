"""An app's own modules: which they are, and how they run again after an edit.

Those run again whose file was edited, and all that import them; the others stay as they are. If one of them fails, the
modules before are put back, as if nothing had happened: the page goes on with them.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType
from typing import Final

from flow.dev.sources import Source, SourceLoader, source_of, taken
from flow.dev.target import MAIN, Target
from flow.errors import FlowError

_OURS: Final = frozenset(("flow", "rdit", "sidekick"))
_NOT_THE_APPS: Final = frozenset(("site-packages", "dist-packages", "node_modules", "__pycache__"))
_ANY: Final = frozenset(("import_module", "__import__"))  # what a module imports by these is not seen


class Modules(MetaPathFinder):
    """The modules below the folder of an app."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._tried: set[Path] = set()  # the files that the last run began
        self._reached: dict[str, tuple[Source, frozenset[str]]] = {}  # by each module: the names it may import

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find an own module, to be loaded from its source; what is none is left to others."""
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or type(spec.loader) is not SourceFileLoader or not self._is_own(fullname, spec.origin):
            return None
        self._tried.add(Path(spec.loader.path))
        spec.loader = SourceLoader(spec.loader.name, spec.loader.path)
        spec.cached = None
        return spec

    @contextmanager
    def installed(self) -> Iterator[None]:
        """While own modules are found here."""
        sys.meta_path.insert(0, self)
        folder = str(self.target.root)
        sys.path[:] = [folder, *(each for each in sys.path if each != folder)]
        try:
            yield
        finally:
            sys.meta_path.remove(self)

    def own(self) -> dict[str, ModuleType]:
        """Those that are loaded, by name."""
        return {
            name: module
            for name, module in list(sys.modules.items())
            if isinstance(module, ModuleType) and self._is_own(name, getattr(module, "__file__", None))
        }

    def take_running(self) -> None:
        """Know the sources of those that run already, of a program that serves itself."""
        for module in self.own().values():
            path = Path(str(module.__file__))
            if source_of(vars(module)) is None and path.suffix == ".py":
                taken[str(path)] = Source(path.read_text("utf-8"))

    def files(self) -> set[Path]:
        """The files that an edit can be in: of those that are loaded, and of those that could not be."""
        return {self.target.path, *self._tried, *(Path(str(module.__file__)) for module in self.own().values())}

    def edited(self) -> set[str]:
        """The names of those whose file holds another text than they were run from."""
        return {name for name, module in self.own().items() if not _is_current(module)}

    @contextmanager
    def running(self, edited: Collection[str] = ()) -> Iterator[ModuleType]:
        """Run the entry, after an edit of these with all that need them, and get its module.

        If it raises, or what is done with it does, the modules before are put back.
        """
        importlib.invalidate_caches()
        self._tried.clear()
        before = self.own()
        again = self._needing(edited, before) if edited else set()
        for name in again:
            _take_out(name)
        try:
            yield self._run_entry()
        except BaseException:
            now = self.own()
            failed = {name: now[name] for name in now.keys() - (before.keys() - again)}
            for name in failed:
                _take_out(name)
            for name in again:
                _put_back(name, before[name])
            _end(failed.values())
            raise
        _end(before[name] for name in again)

    def end(self) -> None:
        """End what they have started."""
        _end(self.own().values())

    def _run_entry(self) -> ModuleType:
        target = self.target
        if target.module == MAIN:
            return _run_as_main(target.path)
        module = importlib.import_module(target.module)
        found = getattr(module, "__file__", None)
        if found is None or not target.path.samefile(found):
            raise FlowError(
                f"{target.path} is not what Python finds as {target.module!r}: that is {found or 'a part of Python'}. "
                "Call the file something else"
            )
        return module

    def _is_own(self, name: str, file: str | None) -> bool:
        if file is None or name.partition(".")[0] in _OURS or (name == MAIN and self.target.module != MAIN):
            return False
        try:
            inside = Path(file).relative_to(self.target.root)
        except ValueError:
            return False
        return _NOT_THE_APPS.isdisjoint(inside.parts) and not any(part.startswith(".") for part in inside.parts)

    def _needing(self, edited: Collection[str], own: dict[str, ModuleType]) -> set[str]:
        """These modules and all that import them, by whatever way; the entry of a program among them."""
        found = {*edited}
        if self.target.module == MAIN and MAIN in own:
            found.add(MAIN)
        waiting = [*found]
        while waiting:
            name = waiting.pop()
            for other in own.keys() - found:
                reached = self._reached_by(other, own[other])
                if name in reached or not _ANY.isdisjoint(reached):
                    found.add(other)
                    waiting.append(other)
        return found

    def _reached_by(self, name: str, module: ModuleType) -> frozenset[str]:
        """What the source of a module may import, by whole names."""
        source = source_of(vars(module))
        if source is None:
            return _ANY
        known = self._reached.get(name)
        if known is None or known[0] is not source:
            package = name if hasattr(module, "__path__") else name.rpartition(".")[0]
            known = self._reached[name] = source, frozenset(_imported(source.text, package))
        return known[1]


def _imported(text: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            try:
                base = resolve_name(dots + (node.module or ""), package) if dots else node.module or ""
            except ImportError:  # beyond the top: it fails when it runs
                continue
            yield from _with_parents(base)
            for alias in node.names:
                yield f"{base}.{alias.name}"
        elif isinstance(node, ast.Name) and node.id in _ANY:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in _ANY:
            yield node.attr


def _with_parents(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def _is_current(module: ModuleType) -> bool:
    source = source_of(vars(module))
    try:
        return source is not None and source.text == Path(str(module.__file__)).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _run_as_main(path: Path) -> ModuleType:
    loader = SourceLoader(MAIN, str(path))
    module = ModuleType(MAIN)
    vars(module).update(__file__=str(path), __loader__=loader, __builtins__=__builtins__, __cached__=None)
    sys.modules[MAIN] = module
    loader.exec_module(module)
    return module


def _end(modules: Iterable[ModuleType]) -> None:
    """End what modules have started."""
    for module in modules:
        loader = vars(module).get("__loader__")
        if isinstance(loader, SourceLoader):
            loader.end()


def _take_out(name: str) -> None:
    del sys.modules[name]
    package, _, last = name.rpartition(".")
    if package in sys.modules:
        vars(sys.modules[package]).pop(last, None)  # or ``from package import last`` would find it there


def _put_back(name: str, module: ModuleType) -> None:
    sys.modules[name] = module
    package, _, last = name.rpartition(".")
    if package in sys.modules:
        setattr(sys.modules[package], last, module)
