"""Replay: runs code and shows what each statement did to the variables, back and forth. In a notebook: ``%%replay``.

>>> from sidekick.replay import record
>>> [step.ran for step in record("x = 1\\nx += 1").steps]
[0, 1, 2]

``Replay(recording)`` is the element that shows one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sidekick.replay.recorder import Options
    from sidekick.replay.recording import record
    from sidekick.replay.steps import Recording
    from sidekick.replay.view import Replay

__all__ = ["Options", "Recording", "Replay", "record"]

# Loaded when they are wanted: the door of ``%%replay`` is opened with each ``import sidekick``.
_HOMES: Final = {"Options": "recorder", "Recording": "steps", "Replay": "view", "record": "recording"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"sidekick.replay.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'sidekick.replay' has no attribute {name!r}")
