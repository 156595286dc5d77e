"""Buffers: what is drawn out of sight first, and comes to the canvas at once."""

from __future__ import annotations

from sidekick import canvas_ink as ink
from sidekick.canvas_images import Pictures
from sidekick.canvas_ink import Style
from sidekick.canvas_pen import Pen


class Buffer(Pen):
    """A surface of the size of its canvas: ``with canvas.buffer() as buffer: buffer.draw_circle(50, 50, 20)``."""

    __slots__ = ("_height", "_width", "commands", "covers", "number", "style", "used")

    def __init__(self, number: int, width: int, height: int, pictures: Pictures) -> None:
        self.number = number
        self._width, self._height, self._pictures = width, height, pictures
        self.clear()

    def clear(self) -> None:
        """Make all of it transparent."""
        self.commands = bytearray()
        self.style = Style()  # behind them
        self.used: set[int] = set()  # the numbers of images
        self.covers = False  # whether they hide all that is under them

    def _draw(self, style: Style, commands: bytes, *, covers: bool = False, image: int | None = None) -> None:
        if covers:
            self.clear()
            self.covers = True
        self.commands += ink.restyled(self.style, style) + commands
        self.style = style
        if image is not None:
            self.used.add(image)


class Nowhere(Pen):
    """A surface that nobody uses, because no buffer has its number: what is drawn there is checked and dropped."""

    __slots__ = ("_height", "_width")

    def __init__(self, width: int, height: int, pictures: Pictures) -> None:
        self._width, self._height, self._pictures = width, height, pictures

    def clear(self) -> None:
        """Do nothing."""

    def _draw(self, style: Style, commands: bytes, *, covers: bool = False, image: int | None = None) -> None:
        pass
