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
