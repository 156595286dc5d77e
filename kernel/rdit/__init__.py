"""rdit: Python that runs one top-level statement at a time, as a Jupyter kernel and without one.

Names are loaded when first asked for, so that starting the kernel pays for nothing it does not use and no file of
the user's can take a standard library module's place on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdit.executor import PythonExecutor as PythonExecutor
    from rdit.executor import get_executor as get_executor
    from rdit.executor import reset_executor as reset_executor
    from rdit.outputs import ExecutionResult as ExecutionResult
    from rdit.outputs import OutputItem as OutputItem
    from rdit.statements import Statement as Statement

__version__ = "0.1.0"

_HOMES = {
    "PythonExecutor": "rdit.executor",
    "get_executor": "rdit.executor",
    "reset_executor": "rdit.executor",
    "ExecutionResult": "rdit.outputs",
    "OutputItem": "rdit.outputs",
    "Statement": "rdit.statements",
}

__all__ = ["ExecutionResult", "OutputItem", "PythonExecutor", "Statement", "get_executor", "reset_executor"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
