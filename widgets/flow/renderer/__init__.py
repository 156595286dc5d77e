"""Renderers: what makes something to look at of a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flow.renderer.html import HTMLRenderer
from flow.renderer.protocol import Renderer, RenderNode

if TYPE_CHECKING:
    from flow.renderer.dom import DOMRenderer

__all__ = ["DOMRenderer", "HTMLRenderer", "RenderNode", "Renderer"]


def __getattr__(name: str) -> Any:
    """The DOMRenderer, which knows events and handlers, once it is wanted."""
    if name != "DOMRenderer":
        raise AttributeError(f"module 'flow.renderer' has no attribute {name!r}")
    from flow.renderer.dom import DOMRenderer

    return DOMRenderer
