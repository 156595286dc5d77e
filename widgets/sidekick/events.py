"""What callbacks are given: one class for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class BaseSidekickEvent:
    """What happened (``type``), and the id of the component that it happened to."""

    instance_id: str
    type: str


@dataclass
class ButtonClickEvent(BaseSidekickEvent):
    """A Button was clicked."""


@dataclass
class GridClickEvent(BaseSidekickEvent):
    """A cell of a Grid was clicked: ``x`` is its column and ``y`` its row, both from 0."""

    x: int
    y: int


@dataclass
class CanvasClickEvent(BaseSidekickEvent):
    """A Canvas was clicked: ``x`` and ``y`` are canvas pixels from its top left corner."""

    x: int
    y: int


@dataclass
class CanvasMoveEvent(BaseSidekickEvent):
    """A pointer moved over a Canvas: ``x`` and ``y`` are canvas pixels."""

    x: int
    y: int


@dataclass
class CanvasDragEvent(BaseSidekickEvent):
    """A pointer was pressed on a Canvas (phase ``"start"``), moved (``"move"``), or let go (``"end"``).

    ``x`` and ``y`` are canvas pixels; ``dx`` and ``dy`` how far it went since the event before.
    """

    x: int
    y: int
    dx: int = 0
    dy: int = 0
    phase: str = "move"


@dataclass
class CanvasKeyEvent(BaseSidekickEvent):
    """A key was pressed while a Canvas had the focus.

    ``key`` is what it means, such as ``"a"`` or ``"ArrowUp"``, ``code`` where it is, such as ``"KeyA"``.
    """

    key: str
    code: str = ""
    repeat: bool = False  # it is held down
    alt: bool = False
    ctrl: bool = False
    shift: bool = False
    meta: bool = False


@dataclass
class TextboxSubmitEvent(BaseSidekickEvent):
    """A text was submitted in a Textbox."""

    value: str


@dataclass
class ConsoleSubmitEvent(BaseSidekickEvent):
    """A line was submitted in the input of a Console."""

    value: str


@dataclass
class ErrorEvent(BaseSidekickEvent):
    """What a page was told to do failed there."""

    message: str
