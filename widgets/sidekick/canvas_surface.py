"""What a page shows of a canvas: a DOM canvas with a drawing, and beside it the images that the drawing shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import flow.ui
from flow import on
from flow.control import For
from flow.drawing.shapes import PAPER
from flow.renderer.growing import Growing
from flow.ui import Img
from sidekick.canvas_images import Picture

Handlers = dict[str, Callable[[Any], object]]  # by the kind of event, as flow calls it

# On white in a dark page too, for lines and texts are black unless a program says otherwise.
_STYLE: Final[dict[str, Any]] = {"display": "block", "width": "100%", "cursor": "crosshair", "background": PAPER}
_DRAGS: Final = "pointerdown"
_TYPED: Final = "keydown"


class Surface(flow.ui.Canvas, html="canvas", props="drawing"):
    """A canvas that a page draws on by itself."""

    __slots__ = ()


def surface(
    size: tuple[int, int], drawing: Callable[[], Growing], pictures: Callable[[], list[Picture]], handlers: Handlers
) -> Surface:
    """A surface of so many pixels that is as wide as there is room for it, and tells the handlers of their events."""
    width, height = size
    style = {**_STYLE, "aspect-ratio": f"{width} / {height}"}
    if _DRAGS in handlers:
        style["touch-action"] = "none"  # the page is not scrolled by what draws
    listeners: dict[str, Any] = {f"on_{kind}": on(handler) for kind, handler in handlers.items()}
    return Surface(
        For(pictures, key=lambda picture: picture.number, render=_image),
        drawing=drawing,
        role="img" if _TYPED not in handlers else "application",
        tabindex=0 if _TYPED in handlers else None,
        aria_label=f"Canvas, {width} by {height} pixels",
        style=style,
        **listeners,
    )


def _image(picture: Picture) -> Img:
    """An image that is not seen itself, for it is inside a canvas: the page takes it from there."""
    return Img(src=picture.file, alt="", data_image=picture.number)
