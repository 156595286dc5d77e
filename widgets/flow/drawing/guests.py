"""Who draws an element that its nodes do not tell of: a canvas that is painted by a script, a grid of many cells.

Whoever has such a kind of element says once how it is drawn, and every picture of a tree then shows it so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from flow.drawing.shapes import Drawing
from flow.element import Element

Draw: TypeAlias = Callable[[Any, float], Drawing]  # of the element, no wider than so many CSS pixels
Kind = TypeVar("Kind", bound=Element)

_known: Final[dict[type[Element], Draw]] = {}


def drawn_by(kind: type[Kind], draw: Callable[[Kind, float], Drawing]) -> None:
    """Have elements of a kind, and of those derived from it, drawn by a function."""
    _known[kind] = draw


def drawer_of(element: Element) -> Draw | None:
    """Who draws an element; None if its nodes tell what it looks like."""
    return next((found for kind in type(element).__mro__ if (found := _known.get(kind))), None)
