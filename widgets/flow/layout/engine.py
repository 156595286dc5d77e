"""The flexbox engine: Taffy, by way of the package stretchable. The one file that knows it.

stretchable's own nodes are never let go of, and take a millisecond each to style; so trees are made with the functions
that those are made with, each in an engine of its own, which ends with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import lru_cache
from math import isnan
from typing import Any, Final, TypeAlias
from weakref import finalize

from flow.layout.lengths import AUTO, Length
from flow.layout.styles import Style, length_of

Measure: TypeAlias = Callable[[float | None, float | None, float | None, bool], tuple[float, float]]
Rect: TypeAlias = tuple[float, float, float, float]  # x and y from the parent's corner, width, height
Tracks: TypeAlias = tuple[str, ...]

_MISSING: Final = 'layout needs the package stretchable, which is not installed here: `pip install "sideflow[layout]"`'
_PIXELS, _SHARE, _LEAST, _MOST = 1, 2, 3, 4  # Taffy's kinds of lengths
_LINE, _SPAN = 1, 2  # and of places in a grid


@lru_cache(maxsize=1)
def _taffy() -> Any:
    """The functions of Taffy. Raises ``ImportError`` that says what to install."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    try:
        from stretchable import taffylib
    except ImportError as error:
        raise ImportError(_MISSING) from error
    root.handlers[:] = handlers  # importing it sets up logging, which is the program's to do
    return taffylib


@lru_cache(maxsize=1)
def _enums() -> Any:
    _taffy()
    from stretchable.style import props

    return props


@lru_cache(maxsize=1)
def _plain() -> dict[str, Any]:
    _taffy()
    from stretchable import Style as Plain

    found: dict[str, Any] = Plain().to_dict()
    return found


def check() -> None:
    """Raise ``ImportError`` where the engine is not installed."""
    _taffy()


class Engine:
    """A tree of boxes, by the numbers that the engine gives them."""

    def __init__(self) -> None:
        self._taffy: Final = _taffy()
        self._tree: Final = self._taffy.init()
        self._taffy.disable_rounding(self._tree)
        self._measures: Final[dict[int, Measure]] = {}
        self._children: Final[dict[int, list[int]]] = {}
        self._parents: Final[dict[int, int]] = {}
        self._found: Final = self._taffy.PyLayout()
        finalize(self, self._taffy.free, self._tree)

    def add(self, style: dict[str, Any], children: Iterable[int], measure: Measure | None) -> int:
        """A box with others inside, or with what is measured."""
        box: int = self._taffy.node_create(self._tree, style)
        self._children[box] = []
        self.fill(box, list(children))
        if measure is not None:
            self._taffy.node_set_measure(self._tree, box, True)
            self._measures[box] = measure
        return box

    def compute(self, box: int, width: float | None, height: float | None = None, *, is_least: bool = False) -> None:
        """Lay out a box in so much room; without a width as wide as it likes, or as narrow as it can be."""
        free = {"dim": _LEAST if is_least else _MOST, "value": 0.0}
        space = {
            "width": free if width is None else {"dim": _PIXELS, "value": float(width)},
            "height": {"dim": _MOST, "value": 0.0} if height is None else {"dim": _PIXELS, "value": float(height)},
        }
        errors: list[BaseException] = []
        measures = self._measures

        def measured(
            width: float, height: float, room: dict[str, float], _: dict[str, float], box: int
        ) -> tuple[float, float]:
            if errors:
                return 0.0, 0.0
            try:
                return measures[box](
                    None if isnan(width) else width,
                    None if isnan(height) else height,
                    room["value"] if room["dim"] == _PIXELS else None,
                    room["dim"] == _LEAST,
                )
            except BaseException as error:  # the engine would not hand it on
                errors.append(error)
                return 0.0, 0.0

        self._taffy.node_compute_layout_with_measure(self._tree, box, space, measured)
        if errors:
            raise errors[0]

    def fill(self, box: int, children: list[int]) -> None:
        """Have other boxes in a box than there were, each in one at a time."""
        before = self._children[box]
        if before == children:
            return
        self._children[box] = children
        kept = set(before).intersection(children)
        for child in children:
            above = self._parents.get(child)
            if above is not None and above != box:
                self._taffy.node_remove_child(self._tree, above, child)
                self._children[above] = [each for each in self._children[above] if each != child]
            self._parents[child] = box
        if len(before) == len(children) and all(
            a == b or not {a, b} & kept for a, b in zip(before, children, strict=True)
        ):
            for at, (old, new) in enumerate(zip(before, children, strict=True)):
                if old != new:
                    self._taffy.node_replace_child_at_index(self._tree, box, at, new)
            return
        for at in reversed(range(len(before))):
            self._taffy.node_remove_child_at_index(self._tree, box, at)
        for child in children:
            self._taffy.node_add_child(self._tree, box, child)

    def keep(self, boxes: set[int]) -> None:
        """Let go of all boxes but these."""
        for box in self._children.keys() - boxes:
            self._taffy.node_drop(self._tree, box)
            del self._children[box]
            self._measures.pop(box, None)
            self._parents.pop(box, None)

    def restyle(self, box: int, style: dict[str, Any]) -> None:
        """Have another style for a box."""
        self._taffy.node_set_style(self._tree, box, style)

    def rect(self, box: int) -> Rect:
        """Where a box is."""
        found = self._found
        self._taffy.node_get_layout(self._tree, box, found)
        return found.x, found.y, found.width, found.height


# -- Styles in Taffy's words


@lru_cache(maxsize=8192)
def box_style(style: Style, display: str) -> dict[str, Any]:
    """What Taffy is told of a style; ``display`` is ``block``, ``flex`` or ``grid``."""
    props, found = _enums(), dict(_plain())
    is_out = style.position in ("absolute", "fixed")
    found["display"] = {"block": props.Display.BLOCK, "flex": props.Display.FLEX, "grid": props.Display.GRID}[display]
    found["box_sizing"] = props.BoxSizing.BORDER if style.is_border_box else props.BoxSizing.CONTENT
    found["overflow_x"] = _overflow(style.word("overflow-x"))
    found["overflow_y"] = _overflow(style.word("overflow-y"))
    found["position"] = props.Position.ABSOLUTE if is_out else props.Position.RELATIVE
    if is_out or style.position == "relative":
        found["inset"] = _edges(style.inset)
    found["margin"] = _edges(style.margin)
    found["padding"] = _edges(style.padding)
    found["border"] = _edges([Length("px", each) for each in style.border])
    found["size"] = _pair(style.width, style.height)
    found["min_size"] = _pair(style.min_width, style.min_height)
    found["max_size"] = _pair(style.max_width, style.max_height)
    found["aspect_ratio"] = style.ratio
    row, column = (_gap(style, f"{axis}-gap") for axis in ("row", "column"))
    found["gap"] = {"width": column, "height": row}
    found["flex_grow"] = _number(style, "flex-grow", 0.0)
    found["flex_shrink"] = _number(style, "flex-shrink", 1.0)
    found["flex_basis"] = _length(style, "flex-basis")
    found["flex_direction"] = _named(props.FlexDirection, style.word("flex-direction")) or props.FlexDirection.ROW
    wrap = {"wrap": props.FlexWrap.WRAP, "wrap-reverse": props.FlexWrap.WRAP_REVERSE}
    found["flex_wrap"] = wrap.get(style.word("flex-wrap"), props.FlexWrap.NO_WRAP)
    found["align_items"] = _named(props.AlignItems, style.word("align-items"))
    found["align_self"] = _named(props.AlignSelf, style.word("align-self"))
    found["align_content"] = _named(props.AlignContent, style.word("align-content"))
    found["justify_content"] = _named(props.JustifyContent, style.word("justify-content"))
    found["justify_items"] = _named(props.JustifyItems, style.word("justify-items"))
    found["justify_self"] = _named(props.JustifySelf, style.word("justify-self"))
    return found


def centering(style: dict[str, Any], where: str = "center") -> dict[str, Any]:
    """It as a column whose only child stands in the middle, at the top or at the bottom."""
    props = _enums()
    return style | {
        "display": props.Display.FLEX,
        "flex_direction": props.FlexDirection.COLUMN,
        "justify_content": _named(props.JustifyContent, {"top": "start", "bottom": "end"}.get(where, "center")),
        "align_items": props.AlignItems.STRETCH,
    }


def hugging() -> dict[str, Any]:
    """A row whose only child is as wide as it likes, if there is room."""
    props = _enums()
    return _plain() | {"display": props.Display.FLEX, "align_items": props.AlignItems.START}


def parted(style: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """An absolute box as one that takes all of its place, and one in it that is as wide as what is inside."""
    props, plain = _enums(), _plain()
    outer = plain | {"display": props.Display.FLEX, "align_items": props.AlignItems.START}
    outer |= {"position": style["position"], "inset": style["inset"]}
    return outer, style | {"position": props.Position.RELATIVE, "inset": plain["inset"]}


def edged(style: dict[str, Any], margin: Iterable[Length], padding: Iterable[Length]) -> dict[str, Any]:
    """It with another margin and padding."""
    return style | {"margin": _edges(margin), "padding": _edges(padding)}


def grid(style: dict[str, Any], columns: int) -> dict[str, Any]:
    """It as a grid of so many columns, as wide as what is in them."""
    track = deepcopy(_plain()["grid_template_columns"][0])
    auto = {"dim": 0, "value": float("nan")}
    track["single"] = {"min_size": auto, "max_size": auto}
    return style | {"display": _enums().Display.GRID, "grid_template_columns": [track] * columns}


def placed(style: dict[str, Any], row: int, column: int, rows: int, columns: int) -> dict[str, Any]:
    """It in a grid; rows and columns count from 0."""
    return style | {
        "grid_row": {"start": {"kind": _LINE, "value": row + 1}, "end": {"kind": _SPAN, "value": rows}},
        "grid_column": {"start": {"kind": _LINE, "value": column + 1}, "end": {"kind": _SPAN, "value": columns}},
    }


def _overflow(word: str) -> Any:
    overflow = _enums().Overflow
    if word in ("", "visible"):
        return overflow.VISIBLE
    return overflow.CLIP if word == "clip" else overflow.HIDDEN


def _taffy_length(found: Length) -> dict[str, float]:
    if found.kind == "auto":
        return {"dim": 0, "value": float("nan")}
    return {"dim": _PIXELS if found.kind == "px" else _SHARE, "value": float(found.value)}


def _edges(four: Iterable[Length]) -> dict[str, Any]:
    return dict(zip(("top", "right", "bottom", "left"), map(_taffy_length, four), strict=True))


def _pair(width: Length, height: Length) -> dict[str, Any]:
    return {"width": _taffy_length(width), "height": _taffy_length(height)}


def _length(style: Style, name: str, default: Length = AUTO) -> dict[str, float]:
    return _taffy_length(length_of(style, name) or default)


def _gap(style: Style, name: str) -> dict[str, float]:
    return _length(style, name, Length("px"))


def _number(style: Style, name: str, default: float) -> float:
    try:
        return float(style.word(name) or default)
    except ValueError:
        return default


_WORDS: Final = {"left": "START", "right": "END", "self-start": "START", "self-end": "END"}


def _named(kind: Any, word: str) -> Any:
    """The one of Taffy's words that CSS calls so; None for what it has none for, as ``normal``."""
    name = _WORDS.get(word, word.upper().replace("-", "_"))
    return kind[name] if name in kind.__members__ else None
