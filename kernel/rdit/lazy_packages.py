"""Packages of which the kernel needs a part, so that starting it does not import the rest.

``import jupyter_client.session`` runs the package's door first, which brings clients, managers and provisioners with
it: a fifth of a kernel's start, and a kernel uses none of them. While the kernel starts a stand-in holds the package's
place: it finds submodules as the package does, and some names. Whatever else is asked of it opens the real door, and
once the kernel has started (`settle`) so does the first import of another submodule: then the package is imported as
anywhere else, its door first.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableSequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
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
        self.__file__ = spec.origin
        self.__package__ = name
        self._real_spec = spec
        self._at_hand = at_hand
        self._is_settled = False

    @property
    def __path__(self) -> MutableSequence[str]:  # type: ignore[override]
        # Python asks for it to import a submodule.
        path = _path_of(self._real_spec)
        if self._is_settled:
            self._open()
        return path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name in self._at_hand:
            value = getattr(import_module(self._at_hand[name]), name)
            setattr(self, name, value)
            return value
        self._open()
        return getattr(self, name)

    def settle(self) -> None:
        self._is_settled = True

    def _open(self) -> None:
        # From here on it is an ordinary module: the door's own imports find what is already there.
        spec = self._real_spec
        for own in ("_real_spec", "_at_hand", "_is_settled"):
            delattr(self, own)
        self.__class__ = ModuleType  # type: ignore[assignment]
        self.__dict__["__path__"] = _path_of(spec)
        assert spec.loader is not None
        spec.loader.exec_module(self)


def _path_of(spec: ModuleSpec) -> MutableSequence[str]:
    path = spec.submodule_search_locations
    assert path is not None
    return path


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
            package.settle()
