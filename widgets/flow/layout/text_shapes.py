"""Pieces of text as shapes."""

from __future__ import annotations

from flow.drawing.shapes import Text
from flow.layout.colors import Rgba
from flow.layout.styles import Inherited


def text_shape(x: float, y: float, text: str, look: Inherited, width: float, color: Rgba | None = None) -> Text:
    """A piece of text with its baseline at y."""
    ink = (look.color if color is None else color).faded(look.opacity).css
    return Text(
        x, y, text, look.size, ink, "start", look.family, look.is_bold, look.is_italic, width if len(text) > 1 else None
    )  # fmt: skip
