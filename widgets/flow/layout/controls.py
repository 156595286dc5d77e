"""What stands by itself and not on what is written in it: fields, ticks, bars and pictures, and how large they are."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Final, Protocol
from urllib.parse import unquote_to_bytes

from flow.drawing.shapes import Drawing
from flow.layout.inline import line_height_of
from flow.layout.looks import input_type, is_list
from flow.layout.metrics import average_of, heights_of, width_of
from flow.layout.styles import Inherited, Style
from flow.renderer.binary import Binary
from flow.renderer.nodes import inner_text, pictured, with_choice
from flow.renderer.protocol import RenderNode


class Leaf(Protocol):
    """What is inside a box that has no boxes inside."""

    def measure(
        self, width: float | None, height: float | None, room: float | None, is_least: bool
    ) -> tuple[float, float]:
        """How wide and high it is, where one of them may be given, in so much room (None: in any)."""

    def baseline(self, width: float, height: float) -> float | None:
        """Where its last line stands in a box of this size, from its top; None for its bottom."""


class Fixed:
    """What has a size of its own, and perhaps keeps the ratio of its sides."""

    def __init__(self, style: Style, width: float, height: float, *, keeps_ratio: bool = False) -> None:
        self._style: Final = style
        self.width: Final = width
        self.height: Final = height
        self._ratio: Final = style.ratio or (width / height if keeps_ratio and width and height else None)

    def measure(
        self, width: float | None, height: float | None, room: float | None, is_least: bool
    ) -> tuple[float, float]:
        """As large as it is by itself, or in the ratio of its sides."""
        ratio = self._ratio
        if width is None:
            width = height * ratio if height is not None and ratio else self.width
            most = self._style.max_width
            if most.kind == "px":
                width = min(width, most.value)
            elif most.kind == "share" and (room is not None or is_least):
                width = min(width, most.value * (room or 0.0))
        if height is None:
            height = width / ratio if ratio else self.height
        return width, height

    def baseline(self, width: float, height: float) -> float | None:
        """Its bottom."""
        return None


class Field:
    """Lines that are typed in: ``columns`` characters wide and ``rows`` lines high."""

    def __init__(self, look: Inherited, text: str, width: float, rows: int = 1, *, is_hint: bool = False) -> None:
        self.look: Final = look
        self.text: Final = text
        self.is_hint: Final = is_hint
        self._width: Final = width
        self._rows: Final = rows

    def measure(
        self, width: float | None, height: float | None, room: float | None, is_least: bool
    ) -> tuple[float, float]:
        """As wide as it is made for."""
        return (
            self._width if width is None else width,
            self._rows * line_height_of(self.look) if height is None else height,
        )

    def first_baseline(self, height: float) -> float:
        """Where its first line stands, from its top; one that is alone stands in the middle."""
        ascent, descent = heights_of(self.look.family, self.look.is_bold, self.look.is_italic, self.look.size)
        line = line_height_of(self.look)
        top = (height - line) / 2 if self._rows == 1 else 0.0
        return top + (line - ascent - descent) / 2 + ascent

    def baseline(self, width: float, height: float) -> float | None:
        """Of a line the line's, of several the bottom."""
        return self.first_baseline(height) if self._rows == 1 else None


class Drawn:
    """What somebody draws for the room that it has."""

    def __init__(self, draw: Callable[[float], Drawing], most: float) -> None:
        self._draw: Final = draw
        self._most: Final = most
        self._known: dict[float, Drawing] = {}

    def drawing(self, width: float | None) -> Drawing:
        """The drawing for a box of this width."""
        room = max(1.0, min(self._most, width if width is not None else self._most))
        found = self._known.get(room)
        if found is None:
            found = self._known[room] = self._draw(room)
        return found

    def measure(
        self, width: float | None, height: float | None, room: float | None, is_least: bool
    ) -> tuple[float, float]:
        """As large as the drawing."""
        drawing = self.drawing(width if width is not None else _LEAST_DRAWN if is_least else room)
        return drawing.width if width is None else width, drawing.height if height is None else height

    def baseline(self, width: float, height: float) -> float | None:
        """Its bottom."""
        return None


_LEAST_DRAWN: Final = 80.0  # CSS pixels that what somebody draws has at least, if it can be that narrow
_ARROW: Final = 20.0  # CSS pixels, of a select
_SCROLLBAR: Final = 15.0
_EXTRA: Final = 0.69  # of a font's size, that browsers add to so many characters of the average width
_COLUMNS: Final = 20
_DATES: Final = {  # with how wide they are, in ems
    "date": ("mm/dd/yyyy", 8.31), "time": ("--:-- --", 6.49), "datetime-local": ("mm/dd/yyyy, --:-- --", 13.37),
    "month": ("--------- ----", 10.06), "week": ("Week --, ----", 9.38),
}  # fmt: skip
_FILE_COLUMNS: Final = 34  # times as wide as a zero
NO_FILE: Final = ("Choose File", "No file chosen")


def control(node: RenderNode, style: Style) -> Leaf | None:
    """What is inside an element that has an inside of its own; None for all others."""
    tag, props, look = node.tag, node.props, style.text
    if tag == "input":
        return _input(node, style)
    if tag == "textarea":
        columns, rows = whole(props.get("cols"), _COLUMNS), whole(props.get("rows"), 2)
        text, hint = inner_text(node), str(props.get("placeholder", ""))
        return Field(look, text or hint, columns * average_of(look) + _SCROLLBAR, rows, is_hint=not text)
    if tag == "select" and not is_list(node):
        texts = [each for each, _ in options(node)]
        wide = max((width_of(each, look) for each in texts), default=0.0)
        return Field(look, chosen(node), wide + _ARROW)
    if tag in ("progress", "meter"):
        return Fixed(style, 0, 0)
    if tag in ("img", "canvas", "video", "iframe", "svg"):
        return _replaced(node, style)
    return None


def _input(node: RenderNode, style: Style) -> Leaf:
    props, look = node.props, style.text
    kind = input_type(node)
    if kind == "color":
        return Field(look, "", 0)
    if kind in ("checkbox", "radio", "range", "hidden"):
        return Fixed(style, 0, 0)
    if kind == "image":
        return _replaced(node, style)
    value = str(props.get("value", ""))
    if kind in ("button", "submit", "reset"):
        text = value or {"submit": "Submit", "reset": "Reset"}.get(kind, "")
        return Field(look, text, width_of(text, look))
    if kind == "file":
        return Field(look, "", _FILE_COLUMNS * width_of("0", look))
    if kind in _DATES:
        hint, ems = _DATES[kind]
        return Field(look, value or hint, ems * look.size)
    size = whole(props.get("size"), _COLUMNS)
    wide = size * average_of(look) + _EXTRA * look.size
    if kind == "password":
        value = "\u2022" * len(value)
    hint = str(props.get("placeholder", ""))
    return Field(look, value or hint, wide, is_hint=not value)


def _replaced(node: RenderNode, style: Style) -> Leaf:
    shown = pictured(node)
    props = shown.props
    width, height = _attribute(props.get("width")), _attribute(props.get("height"))
    own: tuple[float, float] | None = None
    if shown.tag == "img":
        found = picture_of(shown)
        own = found[1] if found is not None else None
        if own is None and width is None and height is None:
            alt = str(props.get("alt", ""))
            return Field(style.text, alt, width_of(alt, style.text))
    elif shown.tag == "svg":
        own = _view_box(str(props.get("viewBox", "")))
        if own is not None and width is None and height is None:
            return Fixed(style, *own, keeps_ratio=True)
    if own is None:
        own = (300.0, 150.0) if shown.tag != "img" else (width or 0.0, height or 0.0)
    if width is not None and height is None:
        height = width * own[1] / own[0] if own[0] else 0.0
    elif height is not None and width is None:
        width = height * own[0] / own[1] if own[1] else 0.0
    return Fixed(
        style,
        own[0] if width is None else width,
        own[1] if height is None else height,
        keeps_ratio=shown.tag in ("img", "canvas", "video"),
    )


def options(select: RenderNode) -> list[tuple[str, bool]]:
    """The texts of a select's options, and whether each is chosen."""
    found = []
    for node in with_choice(select).children:
        for each in node.children if node.tag == "optgroup" else (node,):
            if each.tag == "option":
                text = " ".join((each.text or str(each.props.get("label", ""))).split())
                found.append((text, "selected" in each.props))
    return found


def chosen(select: RenderNode) -> str:
    """The text that a select shows: of the chosen option, else of the first."""
    found = options(select)
    return next((text for text, is_on in found if is_on), found[0][0] if found else "")


def whole(value: object, default: int) -> int:
    """A whole number above 0 that an attribute says; else the default."""
    text = str(value) if value is not None else ""
    return int(text) if text.isdigit() and int(text) else default


def number(value: object, default: float) -> float:
    """A number that an attribute says; else the default."""
    try:
        return float(str(value)) if value is not None else default
    except ValueError:
        return default


def _attribute(value: object) -> float | None:
    found = re.match(r"[\d.]+", str(value)) if value is not None and not str(value).endswith("%") else None
    return float(found[0]) if found else None


def _view_box(value: str) -> tuple[float, float] | None:
    found = re.findall(r"-?[\d.]+", value)
    return (float(found[2]), float(found[3])) if len(found) == 4 else None


# -- Pictures


def picture_of(image: RenderNode) -> tuple[bytes, tuple[float, float]] | None:
    """The bytes of an image as a PNG file, and how wide and high it is; None for one that is elsewhere or broken."""
    source = image.props.get("src")
    if isinstance(source, Binary):
        return _png(source.data)
    found = re.match(r"data:image/[\w.+-]+((?:;[\w=-]+)*),(.*)\Z", str(source or ""), re.DOTALL | re.IGNORECASE)
    if found is None:
        return None
    return _decoded(found[2], found[1].lower().endswith(";base64"))


@lru_cache(maxsize=64)
def _decoded(text: str, is_base64: bool) -> tuple[bytes, tuple[float, float]] | None:
    try:
        return _png(b64decode(text) if is_base64 else unquote_to_bytes(text))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _png(data: bytes) -> tuple[bytes, tuple[float, float]] | None:
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=["PNG", "JPEG", "GIF", "WEBP", "BMP"]) as found:
                size = float(found.width), float(found.height)
                if found.format == "PNG":
                    found.load()
                    return data, size
                out = BytesIO()
                found.convert("RGBA").save(out, "PNG")
                return out.getvalue(), size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):
        return None
