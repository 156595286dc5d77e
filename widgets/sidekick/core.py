"""What scripts use of the original's core."""

from __future__ import annotations

from flow.runtime.platform import is_wasm
from sidekick.tasks import CoreTaskSubmissionError

__all__ = ["CoreTaskSubmissionError", "is_pyodide"]


def is_pyodide() -> bool:
    """Whether this Python runs in a browser."""
    return is_wasm()
