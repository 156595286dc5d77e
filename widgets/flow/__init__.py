"""flow: reactive UI in plain Python."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from flow.batch import batch
from flow.component import component
from flow.computed import Computed
from flow.control import ErrorBoundary, For, Fragment, Show, Suspense, Switch
from flow.effect import Effect
from flow.element import Element
from flow.handlers import on
from flow.injection import get_provider, provide
from flow.interrupts import follow_cells
from flow.link import link
from flow.local import on_mount, remember, use_signal
from flow.owner import Owner, on_cleanup
from flow.rpc import rpc
from flow.signal import Signal, never
from flow.tracking import untracked

if TYPE_CHECKING:
    from flow.events import (
        ClipboardEvent,
        DragEvent,
        Event,
        FocusEvent,
        InputEvent,
        KeyEvent,
        MediaEvent,
        MouseEvent,
        PointerEvent,
        ScrollEvent,
        SelectionEvent,
        SubmitEvent,
        ToggleEvent,
        WheelEvent,
    )
    from flow.files import File
    from flow.main_thread import on_main
    from flow.outcome import current_task
    from flow.portal import Portal
    from flow.progress import Progress
    from flow.rich import Html
    from flow.running import run
    from flow.tasks import every, task
    from flow.waiting import ask, ask_async, run_until, run_until_async, sleep, sleep_async

__all__ = [
    "ClipboardEvent",
    "Computed",
    "DragEvent",
    "Effect",
    "Element",
    "ErrorBoundary",
    "Event",
    "File",
    "FocusEvent",
    "For",
    "Fragment",
    "Html",
    "InputEvent",
    "KeyEvent",
    "MediaEvent",
    "MouseEvent",
    "Owner",
    "PointerEvent",
    "Portal",
    "Progress",
    "ScrollEvent",
    "SelectionEvent",
    "Show",
    "Signal",
    "SubmitEvent",
    "Suspense",
    "Switch",
    "ToggleEvent",
    "WheelEvent",
    "ask",
    "ask_async",
    "batch",
    "component",
    "current_task",
    "every",
    "get_provider",
    "link",
    "never",
    "on",
    "on_cleanup",
    "on_main",
    "on_mount",
    "provide",
    "remember",
    "rpc",
    "run",
    "run_until",
    "run_until_async",
    "sleep",
    "sleep_async",
    "task",
    "untracked",
    "use_signal",
]

# Loaded when they are wanted, as events are.
_LATER: Final = {
    "File": "files",
    "Html": "rich",
    "Portal": "portal",
    "Progress": "progress",
    "ask": "waiting",
    "ask_async": "waiting",
    "current_task": "outcome",
    "every": "tasks",
    "on_main": "main_thread",
    "run": "running",
    "run_until": "waiting",
    "run_until_async": "waiting",
    "sleep": "waiting",
    "sleep_async": "waiting",
    "task": "tasks",
}


def __getattr__(name: str) -> Any:
    """What not each program needs, so that ``import flow`` is quick."""
    if name not in __all__:
        raise AttributeError(f"module 'flow' has no attribute {name!r}")
    return getattr(import_module(f"flow.{_LATER.get(name, 'events')}"), name)


follow_cells()
