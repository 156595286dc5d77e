"""The import hook: ``import shop_client`` gives the client's half of ``shop.py``, without a build.

No file is written. The code is kept as long as neither the module nor another one that its split has looked at has
changed. With ``FLOW_DEBUG=1``, or ``set_debug_mode(True)``, each half that is made is also written to ``.flow-debug/``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from threading import Lock
from types import CodeType, ModuleType
from typing import Final

from flow.compiler.project import Project
from flow.compiler.transformer import transform_for_client

SUFFIX: Final = "_client"
_DEBUG_VARIABLE: Final = "FLOW_DEBUG"

_lock: Final = Lock()
_hook: FlowImportHook | None = None
_is_debugging = False
_debug_folder = Path(".flow-debug")


class FlowImportHook(MetaPathFinder):
    """Finds ``*_client`` modules, on ``sys.meta_path``."""

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], _Half] = {}
        self._debug_mode = _is_debugging or os.environ.get(_DEBUG_VARIABLE, "").lower() in ("1", "true", "yes")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module's client half; None for a name of another kind, or if there is no such module."""
        if not fullname.endswith(SUFFIX) or fullname.rpartition(".")[2] == SUFFIX:
            return None
        original = fullname.removesuffix(SUFFIX)
        last = original.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            base = Path(folder or ".") / last
            for source, inside in ((base / "__init__.py", [str(base)]), (base.with_name(f"{last}.py"), None)):
                if source.is_file():
                    loader = ClientLoader(fullname, original, str(source.resolve()))
                    return spec_from_file_location(
                        fullname, source.resolve(), loader=loader, submodule_search_locations=inside
                    )
        return None


class ClientLoader(InspectLoader):
    """Runs the client half of the module in a file."""

    def __init__(self, name: str, original: str, path: str) -> None:
        self.name, self.original, self.path = name, original, path

    def create_module(self, spec: ModuleSpec) -> None:
        """Have Python make the module."""

    def get_filename(self, fullname: str) -> str:
        """The author's file, which tracebacks name."""
        return self.path

    def is_package(self, fullname: str) -> bool:
        """Whether it is a package."""
        return Path(self.path).name == "__init__.py"

    def get_source(self, fullname: str) -> str:
        """The client half, whose lines are those of the file."""
        return self._half().source

    def get_code(self, fullname: str) -> CodeType:
        """The same, compiled."""
        return self._half().code

    def _half(self) -> _Half:
        hook = _hook if _hook is not None else FlowImportHook()
        key = self.path, self.original
        with _lock:
            half = hook._cache.get(key)
        if half is None or not half.is_fresh:
            half = _Half(self.original, Path(self.path))
            with _lock:
                hook._cache[key] = half
            if hook._debug_mode:
                _write_down(self.name, half)
        return half


class _Half:
    """The client half of a module, and what the sources were that it was made of."""

    def __init__(self, name: str, path: Path) -> None:
        depth = name.count(".") + (path.name == "__init__.py")
        project = Project(path.parents[depth])
        source = project.read(path)
        self.path = path
        self.source = transform_for_client(
            source, str(path), name=name, project=project, is_package=path.name == "__init__.py"
        )
        self.code: CodeType = compile(self.source, str(path), "exec", dont_inherit=True)
        self._digests = {each: _digest(each) for each in [path, *project.files]}

    @property
    def is_fresh(self) -> bool:
        """Whether all of these are as they were."""
        return all(_digest(path) == digest for path, digest in self._digests.items())


def _digest(path: Path) -> bytes:
    try:
        return sha256(path.read_bytes()).digest()
    except OSError:
        return b""


def _write_down(name: str, half: _Half) -> None:
    """Write what was made to a file. The lines are the author's, so what is said of it stands below."""
    file = _debug_folder / f"{name}.py"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{half.source}\n# The client half of {half.path}, as {name} has it.\n", "utf-8")
    except OSError as error:
        print(f"flow: {file} cannot be written: {error}", file=sys.stderr)
    else:
        print(f"flow: the client half of {half.path} is in {file}", file=sys.stderr)


def set_debug_mode(enabled: bool, output_dir: Path | None = None) -> None:
    """Write the halves that hooks make to ``output_dir``, or end that. ``FLOW_DEBUG=1`` does the same from outside."""
    global _is_debugging, _debug_folder
    _is_debugging = bool(enabled)
    if output_dir is not None:
        _debug_folder = Path(output_dir)
    if _hook is not None:
        _hook._debug_mode = FlowImportHook()._debug_mode


def get_debug_output_dir() -> Path:
    """Where they are written to."""
    return _debug_folder


def install_import_hook(debug: bool = False) -> None:
    """Have ``import shop_client`` work from now on. Doing it twice does it once."""
    global _hook
    if debug:
        set_debug_mode(True)
    if _hook is None:
        _hook = FlowImportHook()
        sys.meta_path.insert(0, _hook)


def uninstall_import_hook() -> None:
    """End that. Modules that were imported stay."""
    global _hook
    if _hook is not None:
        sys.meta_path.remove(_hook)
        _hook = None
