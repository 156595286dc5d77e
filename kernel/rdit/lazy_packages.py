"""Packages of which the kernel needs a part, so that starting it does not import the rest.

``import jupyter_client.session`` runs the package's door first, which brings clients, managers and provisioners with
it: a fifth of a kernel's start, and a kernel uses none of them. While the kernel starts a stand-in holds the package's
place: it finds submodules as the package does, and some names. Whatever else is asked of it opens the real door.

Once the kernel has started (`settle`) the stand-in leaves ``sys.modules``, so that the next import runs the door first,
as anywhere else. That import fills the stand-in itself, so there is only ever one module of the name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from types import ModuleType
from typing import Any

_waiting: list[LatePackage] = []


class LatePackage(ModuleType):
    """A package whose ``__init__`` runs when it is needed. ``at_hand`` maps names to the submodules they come from."""

    def __init__(self, name: str, at_hand: Mapping[str, str]) -> None:
        spec = find_spec(name)
        if spec is None or spec.loader is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError(f"No package named {name!r}", name=name)
        super().__init__(name)
        self.__spec__ = spec
        self.__loader__ = spec.loader
        self.__path__ = spec.submodule_search_locations
        self.__file__ = spec.origin
        self.__package__ = name
        self._at_hand = at_hand

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name in self._at_hand:
            value = getattr(import_module(self._at_hand[name]), name)
            setattr(self, name, value)
            return value
        if sys.modules.get(self.__name__) is self:
            _open(self)
        else:
            import_module(self.__name__)
        return getattr(self, name)


class _Door(MetaPathFinder, Loader):
    """Finds a settled package once, and opens it."""

    def __init__(self, package: LatePackage) -> None:
        self._package = package

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = self._package
        if name != package.__name__:
            return None
        sys.meta_path.remove(self)
        return spec_from_file_location(
            name, package.__file__, loader=self, submodule_search_locations=list(package.__path__)
        )

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self._real_spec = self._package.__spec__
        return self._package

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._real_spec
        _open(module)


def _open(package: ModuleType) -> None:
    spec = package.__spec__
    assert spec is not None
    assert spec.loader is not None
    # From here on it is an ordinary module: the door's own imports find what is already there.
    package.__class__ = ModuleType
    package.__loader__ = spec.loader
    del package._at_hand
    spec.loader.exec_module(package)


def stand_in(name: str, **at_hand: str) -> None:
    """Let a package's door run late, unless it has run already."""
    if name not in sys.modules:
        package = LatePackage(name, at_hand)
        sys.modules[name] = package
        _waiting.append(package)


def settle() -> None:
    """The start is over: from now on a package is imported door first."""
    while _waiting:
        package = _waiting.pop()
        # One that was opened on the way is an ordinary module by now.
        if isinstance(package, LatePackage):
            del sys.modules[package.__name__]
            sys.meta_path.insert(0, _Door(package))
