"""The debugger, announced at once and imported when the first debug request needs it.

Importing debugpy takes 0.3 s and 28 MB, and ipykernel does it in every kernel. What it leans on in ipykernel: the
kernel asks ``ipykernel.debugger._is_debugpy_available`` for whether there is a debugger, wherever it asks at all. So
while the kernel is made and described, a module that answers for it stands in that place. `test_kernel` has the canary.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from ipykernel.compiler import get_tmp_directory, get_tmp_hash_seed

_MODULE = "ipykernel.debugger"


def is_available() -> bool:
    """Whether debugpy is installed."""
    return importlib.util.find_spec("debugpy") is not None


@contextmanager
def not_imported() -> Iterator[None]:
    """Inside, ipykernel finds no debugger and imports none. What was imported before is there again afterwards."""
    stand_in = ModuleType(_MODULE)
    stand_in._is_debugpy_available = False  # type: ignore[attr-defined]
    package = import_module("ipykernel")
    real = sys.modules.get(_MODULE)
    sys.modules[_MODULE] = package.debugger = stand_in  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if real is None:
            del sys.modules[_MODULE], package.debugger
        else:
            sys.modules[_MODULE] = package.debugger = real  # type: ignore[attr-defined]


def debug_info(request: dict[str, Any]) -> dict[str, Any]:
    """The reply to ``debugInfo`` of a debugger that has not been started.

    JupyterLab asks for it whenever a notebook is opened; nothing needs to be imported to say that nothing is going on.
    """
    return {
        "type": "response",
        "request_seq": request.get("seq", 0),
        "success": True,
        "command": request.get("command", "debugInfo"),
        "body": {
            "isStarted": False,
            "hashMethod": "Murmur2",
            "hashSeed": get_tmp_hash_seed(),
            "tmpFilePrefix": get_tmp_directory() + os.sep,
            "tmpFileSuffix": ".py",
            "breakpoints": [],
            "stoppedThreads": [],
            "richRendering": True,
            "exceptionPaths": ["Python Exceptions"],
            "copyToGlobals": True,
        },
    }
