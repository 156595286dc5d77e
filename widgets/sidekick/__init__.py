"""sidekick: components that make a program visible while it runs.

    import sidekick

    grid = sidekick.Grid(5, 5)

    @grid.click
    def paint(event):
        grid.set_color(event.x, event.y, "gold")

Components show themselves below the cell that makes them.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from sidekick.replay import door as _replay

if TYPE_CHECKING:
    from sidekick.button import Button
    from sidekick.canvas import Canvas
    from sidekick.changes import apply_change
    from sidekick.column import Column
    from sidekick.component import Component
    from sidekick.connection import (
        activate_connection,
        clear_all,
        pump,
        register_global_message_handler,
        run_forever,
        run_forever_async,
        set_url,
        shutdown,
        sleep,
        submit_interval,
        submit_task,
        wait_for_connection,
    )
    from sidekick.console import Console
    from sidekick.events import (
        BaseSidekickEvent,
        ButtonClickEvent,
        CanvasClickEvent,
        CanvasDragEvent,
        CanvasKeyEvent,
        CanvasMoveEvent,
        ConsoleSubmitEvent,
        ErrorEvent,
        GridClickEvent,
        TextboxSubmitEvent,
    )
    from sidekick.exceptions import (
        SidekickConnectionError,
        SidekickConnectionRefusedError,
        SidekickDisconnectedError,
        SidekickError,
        SidekickTimeoutError,
    )
    from sidekick.grid import Grid
    from sidekick.label import Label
    from sidekick.markdown import Markdown
    from sidekick.observable_value import ObservableValue
    from sidekick.recording import step
    from sidekick.row import Row
    from sidekick.textbox import Textbox
    from sidekick.timelines import timeline
    from sidekick.viz import Viz

__all__ = [
    "BaseSidekickEvent",
    "Button",
    "ButtonClickEvent",
    "Canvas",
    "CanvasClickEvent",
    "CanvasDragEvent",
    "CanvasKeyEvent",
    "CanvasMoveEvent",
    "Column",
    "Component",
    "Console",
    "ConsoleSubmitEvent",
    "ErrorEvent",
    "Grid",
    "GridClickEvent",
    "Label",
    "Markdown",
    "ObservableValue",
    "Row",
    "SidekickConnectionError",
    "SidekickConnectionRefusedError",
    "SidekickDisconnectedError",
    "SidekickError",
    "SidekickTimeoutError",
    "Textbox",
    "TextboxSubmitEvent",
    "Viz",
    "__version__",
    "activate_connection",
    "apply_change",
    "clear_all",
    "logger",
    "pump",
    "register_global_message_handler",
    "run_forever",
    "run_forever_async",
    "set_url",
    "shutdown",
    "sleep",
    "step",
    "submit_interval",
    "submit_task",
    "timeline",
    "wait_for_connection",
]

# Loaded when they are wanted, so that `import sidekick` is quick: what is behind the door, and where.
_HOMES: Final = {
    "BaseSidekickEvent": "events",
    "Button": "button",
    "ButtonClickEvent": "events",
    "Canvas": "canvas",
    "CanvasClickEvent": "events",
    "CanvasDragEvent": "events",
    "CanvasKeyEvent": "events",
    "CanvasMoveEvent": "events",
    "Column": "column",
    "Component": "component",
    "Console": "console",
    "ConsoleSubmitEvent": "events",
    "ErrorEvent": "events",
    "Grid": "grid",
    "GridClickEvent": "events",
    "Label": "label",
    "Markdown": "markdown",
    "ObservableValue": "observable_value",
    "Row": "row",
    "SidekickConnectionError": "exceptions",
    "SidekickConnectionRefusedError": "exceptions",
    "SidekickDisconnectedError": "exceptions",
    "SidekickError": "exceptions",
    "SidekickTimeoutError": "exceptions",
    "Textbox": "textbox",
    "TextboxSubmitEvent": "events",
    "Viz": "viz",
    "activate_connection": "connection",
    "apply_change": "changes",
    "clear_all": "connection",
    "pump": "connection",
    "register_global_message_handler": "connection",
    "run_forever": "connection",
    "run_forever_async": "connection",
    "set_url": "connection",
    "shutdown": "connection",
    "sleep": "connection",
    "step": "recording",
    "submit_interval": "connection",
    "submit_task": "connection",
    "timeline": "timelines",
    "wait_for_connection": "connection",
}
_MODULES: Final = {*_HOMES.values(), "config", "core", "utils"}

# Of the original's older versions, and what to take in their place.
_FORMER: Final = {
    "Control": "take Button for add_button() and Textbox for add_text_input(), and put them into a Row",
    "set_config": "each run of a cell begins with an empty panel by itself, and clear_all() empties it",
}

__version__ = "0.1.0"

logger = logging.getLogger("sidekick")
if not logger.hasHandlers():
    logger.addHandler(logging.NullHandler())

_replay.register()


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext sidekick``: have ``%%replay`` in this shell. ``import sidekick`` in a notebook does so too."""
    _replay.register(shell)


def __getattr__(name: str) -> Any:
    """A name of the door, or a module behind it: ``sidekick.events`` is there without an import of its own."""
    if name in _HOMES:
        return getattr(import_module(f"sidekick.{_HOMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"sidekick.{name}")
    help_ = f": {_FORMER[name]}" if name in _FORMER else ""
    raise AttributeError(f"module 'sidekick' has no attribute {name!r}{help_}")
