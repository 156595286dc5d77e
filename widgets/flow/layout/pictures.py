"""What users call: the boxes of a tree, and its picture."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias, overload

from flow.drawing.as_png import png
from flow.drawing.as_svg import svg
from flow.drawing.guests import drawer_of
from flow.drawing.shapes import WIDTH, Drawing
from flow.element import Element
from flow.layout import engine
from flow.layout.boxes import Boxes
from flow.layout.colors import DARK_INK, DARK_PAGE, LIGHT_INK, LIGHT_PAGE, color
from flow.layout.controls import Drawn
from flow.layout.keeping import Kept, laid_out, laid_out_again
from flow.layout.painting import shapes_of
from flow.layout.styles import plain
from flow.readable import short
from flow.tracking import untracked

Place: TypeAlias = str | PathLike[str]

_FONT_SIZE: Final = 16.0  # CSS pixels, as a page has it that says none
_WIDE: Final = 640.0
_SCREEN: Final = 800.0  # what vh speaks of where no height is given
_LARGEST: Final = 100_000.0
_MOST_PIXELS: Final = 200_000_000  # of a picture, which takes four bytes each


def layout(tree: Element, width: float, height: float | None = None, *, font_size: float = _FONT_SIZE) -> Boxes:
    """Where each element of a tree is on a page of this width, in CSS pixels; with a height, on one that high.

    Raises ``ImportError`` where the extra ``layout`` is not installed, ``ValueError`` for a width that is none and for
    a style with a unit that there is not.
    """
    kept = _laid_out(tree, _size("width", width), _optional(height), _size("font_size", font_size), is_dark=False)
    return kept.boxes


@overload
def to_svg(
    tree: Element, path: None = None, *, width: float = _WIDE, height: float | None = None, dark: bool = False,
    background: str | None = "", font_size: float = _FONT_SIZE,
) -> str: ...  # fmt: skip
@overload
def to_svg(
    tree: Element, path: Place, *, width: float = _WIDE, height: float | None = None, dark: bool = False,
    background: str | None = "", font_size: float = _FONT_SIZE,
) -> None: ...  # fmt: skip
def to_svg(
    tree: Element, path: Place | None = None, *, width: float = _WIDE, height: float | None = None, dark: bool = False,
    background: str | None = "", font_size: float = _FONT_SIZE,
) -> str | None:  # fmt: skip
    """The picture of a tree as an SVG file, its texts as texts; written to a path, if one is given.

    ``background`` is a color of CSS's; None leaves it transparent.
    """
    drawing = _drawing(tree, _size("width", width), _optional(height), dark, font_size)
    text = svg(drawing, _under(background, dark))
    if path is None:
        return text
    Path(path).write_text(text, encoding="utf-8")
    return None


@overload
def to_png(
    tree: Element, path: None = None, *, width: float = _WIDE, height: float | None = None, scale: float = 2,
    dark: bool = False, background: str | None = "", font_size: float = _FONT_SIZE,
) -> bytes: ...  # fmt: skip
@overload
def to_png(
    tree: Element, path: Place, *, width: float = _WIDE, height: float | None = None, scale: float = 2,
    dark: bool = False, background: str | None = "", font_size: float = _FONT_SIZE,
) -> None: ...  # fmt: skip
def to_png(
    tree: Element, path: Place | None = None, *, width: float = _WIDE, height: float | None = None, scale: float = 2,
    dark: bool = False, background: str | None = "", font_size: float = _FONT_SIZE,
) -> bytes | None:  # fmt: skip
    """The picture of a tree as a PNG file, ``scale`` pixels to a CSS pixel; written to a path, if one is given."""
    if not (isinstance(scale, int | float) and 0 < scale <= 16):
        raise ValueError(f"scale of to_png() is a number above 0, up to 16, not {scale!r}")
    drawing = _drawing(tree, _size("width", width), _optional(height), dark, font_size)
    if drawing.width * drawing.height * scale * scale > _MOST_PIXELS:
        raise ValueError(
            f"a picture of {drawing.width:g} by {drawing.height:g} CSS pixels at scale {scale:g} is larger than "
            f"{_MOST_PIXELS:,} pixels. Take a smaller scale, or to_svg()"
        )
    data = png(drawing, scale, _under(background, dark))
    if path is None:
        return data
    Path(path).write_bytes(data)
    return None


def _drawing(tree: Element, width: float, height: float | None, is_dark: bool, font_size: float) -> Drawing:
    frame = _laid_out(tree, width, height, _size("font_size", font_size), is_dark).frame
    return Drawing(frame.width, frame.height, tuple(shapes_of(frame)), type(tree).__name__)


def _under(background: str | None, is_dark: bool) -> str | None:
    if background is None:
        return None
    page = DARK_PAGE if is_dark else LIGHT_PAGE
    found = color(background, LIGHT_INK, is_dark) if background else page
    if found is None:
        raise ValueError(f"background takes a color of CSS's, or None, not {background!r}")
    return found.css


def _laid_out(tree: Element, width: float, height: float | None, font_size: float, is_dark: bool) -> Kept:
    if not isinstance(tree, Element):
        raise TypeError(f"layout takes an element, such as VStack(…), not {short(tree)}")
    engine.check()
    with untracked():
        node = tree.to_render_node()
        guests = _guests(tree)
    look = plain(width, height or _SCREEN, font_size, is_dark, DARK_INK if is_dark else LIGHT_INK)
    if guests:  # who may draw otherwise without their nodes' changing
        return laid_out(node, look, width, height, lambda each: guests.get(each.element_id))
    return laid_out_again(tree, node, look, width, height)


def _guests(tree: Element) -> dict[int, Drawn]:
    """Those elements that somebody else draws, by their ids. The tree has been rendered, so all of them are there."""
    found: dict[int, Drawn] = {}
    waiting: list[Element] = [tree]
    while waiting:
        element = waiting.pop()
        draw = drawer_of(element)
        if draw is not None:
            found[element.element_id] = Drawn(partial(draw, element), WIDTH)
        else:
            waiting.extend(_inside(element))
    return found


def _inside(element: Element) -> Iterable[Element]:
    return element._children


def _size(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} takes a number of CSS pixels, not {short(value)}")
    if not 0 < value <= _LARGEST:
        raise ValueError(f"{name} takes a number of CSS pixels above 0, up to {_LARGEST:,.0f}, not {value!r}")
    return float(value)


def _optional(height: Any) -> float | None:
    return None if height is None else _size("height", height)
