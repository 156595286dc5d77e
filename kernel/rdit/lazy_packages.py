"""Packages of which the kernel needs a part, so that starting it does not import the rest.

``import jupyter_client.session`` runs the package's door first, which brings clients, managers and provisioners with
it: a fifth of a kernel's start, and a kernel uses none of them. While the kernel starts a stand-in holds the package's
place. It finds submodules as the package does, and opens the real door when something is asked of it that is not in
``at_hand``; afterwards nobody can tell the difference. What is leaned on is only that a package's door may run late.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


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
        self._open()
        return getattr(self, name)

    def _open(self) -> None:
        # From here on it is an ordinary module: the door's own imports find what is already there.
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec = self.__spec__
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(self)


def stand_in(name: str, **at_hand: str) -> None:
    """Let a package's door run late, unless it has run already."""
    if name not in sys.modules:
        sys.modules[name] = LatePackage(name, at_hand)
