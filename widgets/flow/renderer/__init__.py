"""Renderers: what makes something to look at of a tree."""

from __future__ import annotations

from flow.renderer.html import HTMLRenderer
from flow.renderer.protocol import Renderer, RenderNode

__all__ = ["HTMLRenderer", "RenderNode", "Renderer"]
