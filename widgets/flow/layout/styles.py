"""Computed styles: what the declarations for an element come to, where the elements around it have theirs.

Elements that look the same share one `Style`, for it is kept by the declarations and what is inherited.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from flow.drawing.shapes import Family
from flow.layout.colors import CLEAR, DARK, LIGHT, Rgba, color
from flow.layout.css import SIDES, components, declarations
from flow.layout.lengths import AUTO, ZERO, Length, Room, UnknownLength, length


class Inherited(NamedTuple):
    """What the text inside an element looks like; a child begins with it."""

    color: Rgba
    size: float  # of the font, in CSS pixels
    root_size: float
    page: tuple[float, float]  # how wide and high what vw and vh speak of is
    is_dark: bool
    family: Family = "sans"
    is_bold: bool = False
    is_italic: bool = False
    line_height: float = 1.5  # times the size; in pixels if it is negative; 0 as the font wants it
    align: Literal["start", "center", "end"] = "start"
    white_space: str = "normal"
    breaks_words: bool = False
    lines: frozenset[str] = frozenset()  # underline, line-through
    bullet: str = "none"
    opacity: float = 1.0
    is_visible: bool = True
    transform: str = "none"
    variables: tuple[tuple[str, str], ...] = ()  # of the user's, --name: value

    @property
    def room(self) -> Room:
        """What the units of a length are relative to."""
        return Room(self.size, self.root_size, *self.page)


Edges = tuple[Length, Length, Length, Length]  # top, right, bottom, left


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """What an element's box is to be."""

    text: Inherited
    values: Mapping[str, str]  # longhands, as they are declared; of the words among them those that layout looks at
    display: str
    position: str
    margin: Edges
    padding: Edges
    inset: Edges
    border: tuple[float, float, float, float]
    border_colors: tuple[Rgba, Rgba, Rgba, Rgba]
    radius: Length
    background: Rgba
    width: Length
    height: Length
    min_width: Length
    min_height: Length
    max_width: Length
    max_height: Length
    is_border_box: bool
    fits: bool  # as wide as what is inside
    ratio: float | None  # width to height

    def word(self, name: str, default: str = "") -> str:
        """A value that is a word."""
        return self.values.get(name, default)

    @property
    def is_inline(self) -> bool:
        """Whether it stands in a line of text."""
        return self.display.startswith("inline")

    @property
    def clips(self) -> bool:
        """Whether what is beyond its edge cannot be seen."""
        return self.word("overflow-x", "visible") != "visible" or self.word("overflow-y", "visible") != "visible"


_VAR: Final = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_SIZES: Final = {
    "xx-small": 0.5625, "x-small": 0.625, "small": 0.8125, "medium": 1.0, "large": 1.125, "x-large": 1.5,
    "xx-large": 2.0, "xxx-large": 3.0,
}  # fmt: skip
_MONO: Final = re.compile(r"mono|courier|consol|menlo|code", re.IGNORECASE)
_BEST_OF: Final = re.compile(r"(min|max)\((.*)\)\Z", re.DOTALL)
_GLOBAL: Final = frozenset(("inherit", "initial", "unset", "revert", "revert-layer"))


def plain(width: float, height: float, font_size: float, is_dark: bool, ink: Rgba) -> Inherited:
    """What a page's root has."""
    return Inherited(ink, font_size, font_size, (width, height), is_dark)


@lru_cache(maxsize=16_384)
def computed(texts: tuple[str, ...], around: Inherited) -> Style:
    """What styles come to, the last of which wins. Raises ``UnknownLength`` that tells of the property."""
    declared: dict[str, str] = {}
    own = dict(around.variables)
    for each in texts:
        for name, value in declarations(each):
            if name.startswith("--"):
                own[name] = value
            else:
                declared[name] = value
    if len(own) != len(around.variables) or own != dict(around.variables):
        around = around._replace(variables=tuple(sorted(own.items())))
    known = (DARK if around.is_dark else LIGHT) | own
    values = {
        name: _substituted(value, known)
        for name, value in declared.items()
        if value not in _GLOBAL or (value == "inherit" and name == "display")
    }
    text = _inherited(values, around)
    return _style(values, text)


def _substituted(value: str, known: Mapping[str, str]) -> str:
    for _ in range(16):  # one may name another; none names itself for long
        if "var(" not in value:
            break
        value = _VAR.sub(lambda found: known.get(found[1], (found[2] or "").strip()), value)
    return value


def _inherited(values: Mapping[str, str], around: Inherited) -> Inherited:
    changes: dict[str, object] = {}
    if "color" in values:
        changes["color"] = color(values["color"], around.color, around.is_dark) or around.color
    if "font-size" in values:
        changes["size"] = _font_size(values["font-size"], around)
    if "font-family" in values:
        changes["family"] = "mono" if _MONO.search(values["font-family"]) else "sans"
    if "font-weight" in values:
        weight = values["font-weight"]
        changes["is_bold"] = weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
    if "font-style" in values:
        changes["is_italic"] = values["font-style"] != "normal"
    if "line-height" in values:
        room = around.room._replace(font_size=float(str(changes.get("size", around.size))))
        changes["line_height"] = _line_height(values["line-height"], room)
    if "text-align" in values:
        word = values["text-align"]
        changes["align"] = word if word == "center" else "end" if word in ("end", "right") else "start"
    if "overflow-wrap" in values or "word-break" in values:
        words = {values.get("overflow-wrap"), values.get("word-break")}
        changes["breaks_words"] = bool(words & {"anywhere", "break-word", "break-all"})
    if "text-decoration-line" in values:
        found = frozenset(components(values["text-decoration-line"])) & {"underline", "line-through"}
        changes["lines"] = around.lines | found if found else frozenset()
    for name, field in (
        ("white-space", "white_space"),
        ("list-style-type", "bullet"),
        ("text-transform", "transform"),
    ):
        if name in values:
            changes[field] = values[name]
    if "visibility" in values:
        changes["is_visible"] = values["visibility"] == "visible"
    if "opacity" in values:
        changes["opacity"] = around.opacity * _number(values["opacity"], 1.0)
    return around._replace(**changes) if changes else around  # type: ignore[arg-type]


def _font_size(value: str, around: Inherited) -> float:
    if value in _SIZES:
        return around.root_size * _SIZES[value]
    if value in ("smaller", "larger"):
        return around.size * (5 / 6 if value == "smaller" else 1.2)
    found = _length("font-size", value, around.room)
    if found is None or found.kind == "auto":
        return around.size
    return max(0.0, found.value * (around.size if found.kind == "share" else 1))


def _line_height(value: str, room: Room) -> float:
    if re.fullmatch(r"[\d.]+", value):
        return float(value)
    found = _length("line-height", value, room)
    if found is None or found.kind == "auto":
        return 0.0
    return -found.value if found.kind == "px" else found.value


def _style(values: dict[str, str], text: Inherited) -> Style:
    room = text.room

    def edges(pattern: str, default: Length = ZERO) -> Edges:
        found = [_length(pattern.format(side), values.get(pattern.format(side), ""), room) for side in SIDES]
        top, right, bottom, left = (default if each is None else each for each in found)
        return top, right, bottom, left

    sizes = dict.fromkeys(("width", "height", "min-width", "min-height", "max-width", "max-height"), AUTO)
    for name in sizes:
        for bound, found in _bounds(name, values.get(name, ""), room):
            sizes[bound] = found
    return Style(
        text=text,
        values=values,
        display=values.get("display", "inline"),
        position=values.get("position", "static"),
        margin=edges("margin-{}"),
        padding=edges("padding-{}"),
        inset=edges("{}", AUTO),
        border=_borders(values, room),
        border_colors=_border_colors(values, text),
        radius=_length("border-radius", values.get("border-radius", ""), room) or ZERO,
        background=_faded(values.get("background-color", ""), CLEAR, text),
        width=sizes["width"],
        height=sizes["height"],
        min_width=sizes["min-width"],
        min_height=sizes["min-height"],
        max_width=sizes["max-width"],
        max_height=sizes["max-height"],
        is_border_box=values.get("box-sizing") == "border-box",
        fits=values.get("width", "") in ("fit-content", "max-content", "min-content"),
        ratio=_ratio(values.get("aspect-ratio", "")),
    )


def _length(name: str, value: str, room: Room) -> Length | None:
    if not value:
        return None
    try:
        return length(value, room)
    except UnknownLength as error:
        raise UnknownLength(f"{name}: {value}, but {error.what}") from None


def length_of(style: Style, name: str) -> Length | None:
    """A length among the values of a style. Raises ``UnknownLength``."""
    return _length(name, style.word(name), style.text.room)


def _bounds(name: str, value: str, room: Room) -> list[tuple[str, Length]]:
    """A size, and the bounds that min(), max() and clamp() put to it: they hold a share and a length mostly."""
    found = _BEST_OF.match(value)
    if found is None:
        size = _length(name, value, room)
        return [] if size is None else [(name, size)]
    parts = [_length(name, each, room) for each in components(found[2])]
    known = [each for each in parts if each is not None and each.kind != "auto"]
    pixels = [each.value for each in known if each.kind == "px"]
    shares = [each.value for each in known if each.kind == "share"]
    choose = min if found[1] == "min" else max
    if not pixels or not shares:
        return [(name, Length("px" if pixels else "share", choose(pixels or shares)))] if known else []
    axis = name.rpartition("-")[2]
    bound = Length("px", choose(pixels))
    return [(name, Length("share", choose(shares))), (f"{'max' if choose is min else 'min'}-{axis}", bound)]


def _borders(values: Mapping[str, str], room: Room) -> tuple[float, float, float, float]:
    widths = []
    for side in SIDES:
        line = values.get(f"border-{side}-style", "none")
        name = f"border-{side}-width"
        found = None if line in ("none", "hidden") else _length(name, values.get(name, "3px"), room)
        widths.append(found.value if found is not None and found.kind == "px" else 0.0)
    return widths[0], widths[1], widths[2], widths[3]


def _border_colors(values: Mapping[str, str], text: Inherited) -> tuple[Rgba, Rgba, Rgba, Rgba]:
    top, right, bottom, left = (
        _faded(values.get(f"border-{side}-color", "currentcolor"), text.color, text) for side in SIDES
    )
    return top, right, bottom, left


def _faded(value: str, default: Rgba, text: Inherited) -> Rgba:
    found = color(value, text.color, text.is_dark) if value else None
    return (found if found is not None else default).faded(text.opacity)


def _ratio(value: str) -> float | None:
    parts = [float(each) for each in re.findall(r"[\d.]+", value)]
    if not parts or not all(parts):
        return None
    return parts[0] / parts[1] if len(parts) > 1 else parts[0]


def _number(value: str, default: float) -> float:
    try:
        return float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        return default
