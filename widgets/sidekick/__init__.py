"""sidekick: components that make a program visible while it runs.

    import sidekick

    console = sidekick.Console(show_input=True)

    @console.submit
    def echo(event):
        console.print(event.value)

Components show themselves below the cell that makes them. Grid, Canvas and Viz are still being built.
"""

from __future__ import annotations

import logging

from sidekick.button import Button
from sidekick.column import Column
from sidekick.component import Component
from sidekick.connection import (
    activate_connection,
    clear_all,
    register_global_message_handler,
    run_forever,
    run_forever_async,
    set_url,
    shutdown,
    submit_interval,
    submit_task,
    wait_for_connection,
)
from sidekick.console import Console
from sidekick.events import (
    BaseSidekickEvent,
    ButtonClickEvent,
    CanvasClickEvent,
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
from sidekick.label import Label
from sidekick.markdown import Markdown
from sidekick.row import Row
from sidekick.textbox import Textbox

__all__ = [
    "BaseSidekickEvent",
    "Button",
    "ButtonClickEvent",
    "CanvasClickEvent",
    "Column",
    "Component",
    "Console",
    "ConsoleSubmitEvent",
    "ErrorEvent",
    "GridClickEvent",
    "Label",
    "Markdown",
    "Row",
    "SidekickConnectionError",
    "SidekickConnectionRefusedError",
    "SidekickDisconnectedError",
    "SidekickError",
    "SidekickTimeoutError",
    "Textbox",
    "TextboxSubmitEvent",
    "activate_connection",
    "clear_all",
    "logger",
    "register_global_message_handler",
    "run_forever",
    "run_forever_async",
    "set_url",
    "shutdown",
    "submit_interval",
    "submit_task",
    "wait_for_connection",
]

__version__ = "0.1.0"

logger = logging.getLogger("sidekick")
logger.addHandler(logging.NullHandler())
