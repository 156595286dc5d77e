"""The picture of a tree: its frames as shapes, what is behind first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from flow.drawing.shapes import Ellipse, Group, Line, Link, Polygon, Polyline, Rectangle, Shape
from flow.layout.controls import number
from flow.layout.frames import Frame, Island
from flow.layout.inline import Inline, Piece
from flow.layout.metrics import width_of
from flow.layout.paint_controls import painted
from flow.layout.styles import Style
from flow.layout.text_shapes import text_shape
from flow.renderer.attributes import check
from flow.renderer.protocol import RenderNode

Rect = tuple[float, float, float, float]


def shapes_of(frame: Frame, x: float = 0.0, y: float = 0.0, cut: float | None = None) -> list[Shape]:
    """The shapes of a frame whose parent's corner is at (x, y); ``cut``: where its lines end with an ellipsis."""
    x, y = x + frame.x, y + frame.y
    style = frame.style
    rect = x, y, frame.width, frame.height
    found: list[Shape] = []
    if style.text.is_visible:
        found += _legend_border(frame, x, y) if _has_legend(frame) else box_shapes(style, rect)
    limit = x + frame.inner[0] + frame.inner[2] if style.word("text-overflow") == "ellipsis" and style.clips else None
    inside: list[Shape] = []
    for _, row, cells in reversed(frame.rows):
        if cells and row.background.alpha:
            inside += _row(frame, row, cells, x, y)
    if frame.node is not None and frame.node.tag in ("li", "summary"):
        inside += _bullet(frame, x, y) if frame.node.tag == "li" else _disclosure(frame, x, y)
    if isinstance(frame.leaf, Inline):
        inside += _lines(frame, x, y, cut if cut is not None else limit)
    elif frame.leaf is not None and style.text.is_visible:
        left, top, width, height = frame.inner
        inside += painted(frame, (x + left, y + top, width, height))
    for child in sorted(frame.children, key=_order):
        inside += shapes_of(child, x, y, limit if child.node is None else None)
    if style.clips and inside:
        top, right, bottom, left = style.border
        wide, high = max(0.0, frame.width - left - right), max(0.0, frame.height - top - bottom)
        group = Group(-x - left, -y - top, tuple(inside))
        inside = [Group(x + left, y + top, (group,), wide, high)]
    found += inside
    address = _address(frame.node) if frame.node is not None else None
    return [Link(address, tuple(found))] if address and found else found


def box_shapes(style: Style, rect: Rect) -> Iterator[Shape]:
    """The background and the border of a box."""
    x, y, width, height = rect
    if width <= 0 or height <= 0:
        return
    share = style.radius.value * min(width, height) if style.radius.kind == "share" else style.radius.value
    radius = min(share, width / 2, height / 2)
    fill = style.background.css if style.background.alpha else None
    border, colors = style.border, style.border_colors
    wide = border[0]
    if wide and len(set(border)) == 1 and len(set(colors)) == 1:
        stroke = colors[0].css if colors[0].alpha else None
        if fill or stroke:
            inset = wide / 2
            yield Rectangle(
                x + inset, y + inset, max(0.0, width - wide), max(0.0, height - wide), fill, stroke, wide,
                max(0.0, radius - inset),
            )  # fmt: skip
        return
    if fill:
        yield Rectangle(x, y, width, height, fill, radius=radius)
    top, right, bottom, left = border
    sides = (
        (x, y, width, top),
        (x + width - right, y, right, height),
        (x, y + height - bottom, width, bottom),
        (x, y, left, height),
    )
    for side, color in zip(sides, colors, strict=True):
        if side[2] > 0 and side[3] > 0 and color.alpha:
            yield Rectangle(*side, color.css)


def _order(frame: Frame) -> tuple[int, bool]:
    """What is painted later is in front: by z-index, then those that are positioned."""
    is_positioned = frame.style.position != "static"
    return (int(number(frame.style.word("z-index"), 0)) if is_positioned else 0, is_positioned)


def _row(frame: Frame, style: Style, cells: Iterable[Frame], x: float, y: float) -> Iterator[Shape]:
    cells = list(cells)
    top, bottom = min(each.y for each in cells), max(each.y + each.height for each in cells)
    left, _, width, _ = frame.inner
    yield from box_shapes(style, (x + left, y + top, width, bottom - top))


# -- Text


def _lines(frame: Frame, x: float, y: float, cut: float | None) -> list[Shape]:
    lines = frame.lines()
    found: list[Shape] = []
    if lines is None:
        return found
    left, top = x + frame.inner[0], y + frame.text_top
    for span in lines.spans:
        if span.style.text.is_visible:
            found += box_shapes(span.style, (left + span.x, top + span.y, span.width, span.height))
    for piece in lines.pieces:
        if piece.look.is_visible:
            shown = _shortened(piece, cut - left) if cut is not None else piece
            shapes = tuple(_written(shown, left, top))
            found += [Link(piece.address, shapes)] if piece.address and shapes else shapes
    for each in lines.atoms:
        if isinstance(each.atom, Island):
            found += shapes_of(each.atom.frame, x, y)
    return found


def _written(piece: Piece, left: float, top: float) -> Iterator[Shape]:
    look = piece.look
    if not piece.text.strip():
        return
    x, y = left + piece.x, top + piece.baseline
    yield text_shape(x, y, piece.text, look, piece.width)
    for line in look.lines:
        at = y + look.size * (0.1 if line == "underline" else -0.28)
        yield Line(x, at, x + piece.width, at, look.color.faded(look.opacity).css, max(1.0, look.size / 16))


def _shortened(piece: Piece, end: float) -> Piece:
    """As much of a piece as ends before an edge, with an ellipsis if that is not all."""
    if piece.x + piece.width <= end + 0.5:
        return piece
    room = end - piece.x - width_of("…", piece.look)
    text = piece.text
    while text and width_of(text, piece.look) > room:
        text = text[:-1]
    shown = f"{text}…" if end > piece.x else ""
    return piece._replace(text=shown, width=width_of(shown, piece.look))


def _address(node: RenderNode) -> str | None:
    address = node.props.get("href") if node.tag == "a" else None
    if not isinstance(address, str) or not address:
        return None
    check("href", address)
    return address


# -- Lists

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_KINDS: Final = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}


def _bullet(frame: Frame, x: float, y: float) -> Iterator[Shape]:
    """The mark of a list's item, to the left of it."""
    look = frame.style.text
    baseline = _first_baseline(frame)
    if look.bullet == "none" or baseline is None or not look.is_visible:
        return
    ink = look.color.faded(look.opacity).css
    if look.bullet in ("disc", "circle", "square"):
        radius = look.size / 6
        cx, cy = x - 7 - radius, y + baseline - 0.32 * look.size
        if look.bullet == "square":
            yield Rectangle(cx - radius, cy - radius, 2 * radius, 2 * radius, ink)
        else:
            yield Ellipse(cx, cy, radius, radius, ink if look.bullet == "disc" else None, ink)
        return
    text = f"{_counted(frame.place, look.bullet)}. "
    wide = width_of(text, look)
    yield text_shape(x - wide, y + baseline, text, look, wide)


def _disclosure(frame: Frame, x: float, y: float) -> Iterator[Shape]:
    """The triangle of a summary, which points down if its details are open."""
    look, baseline = frame.style.text, _first_baseline(frame)
    if baseline is None or not look.is_visible:
        return
    left, middle, side = x + 0.8 * look.size, y + baseline - 0.36 * look.size, look.size / 4
    is_open = any(frame.style.border)  # which only that of open details has
    right = ((left, middle - side), (left + 1.7 * side, middle), (left, middle + side))
    down = (
        (left - 1, middle - 0.8 * side),
        (left + 2 * side - 1, middle - 0.8 * side),
        (left + side - 1, middle + side),
    )
    yield Polygon(down if is_open else right, look.color.faded(look.opacity).css)


def _first_baseline(frame: Frame) -> float | None:
    if isinstance(frame.leaf, Inline):
        lines = frame.lines()
        return frame.text_top + lines.baselines[0] if lines is not None and lines.baselines else None
    for child in frame.children:
        found = _first_baseline(child)
        if found is not None:
            return child.y + found
    return None


def _counted(place: int, bullet: str) -> str:
    kind = _KINDS.get(bullet, bullet)
    text = str(place)
    if kind.endswith(("alpha", "latin")) and place > 0:
        text, left = "", place
        while left > 0:
            left, letter = divmod(left - 1, 26)
            text = chr(97 + letter) + text
    elif kind.endswith("roman") and 0 < place < 4000:
        text, left = "", place
        for worth, letters in _ROMAN:
            text += letters * (left // worth)
            left %= worth
    return text.upper() if kind.startswith("upper") else text


# -- Fieldsets


def _has_legend(frame: Frame) -> bool:
    return frame.node is not None and frame.node.tag == "fieldset" and _legend(frame) is not None


def _legend(frame: Frame) -> Frame | None:
    for child in frame.children[:1]:
        inner = child if child.node is not None else next(iter(child.children), None)
        if inner is not None and inner.node is not None and inner.node.tag == "legend":
            return child
    return None


def _legend_border(frame: Frame, x: float, y: float) -> Iterator[Shape]:
    """The border of a fieldset, which its legend interrupts."""
    legend = _legend(frame)
    if legend is None:
        return
    inner = legend.children[0] if legend.node is None else legend
    style, offset = frame.style, legend.y + inner.height / 2
    wide, stroke = style.border[1], style.border_colors[1]
    if style.background.alpha:
        yield Rectangle(
            x, y + offset, frame.width, frame.height - offset, style.background.css, radius=style.radius.value
        )
    if not wide or not stroke.alpha:
        return
    left, right = x + wide / 2, x + frame.width - wide / 2
    top, bottom = y + offset, y + frame.height - wide / 2
    start = x + legend.x + (inner.x if inner is not legend else 0.0)
    corner = min(style.radius.value, 4.0)
    yield Polyline(
        (
            (start, top), (left + corner, top), (left, top + corner), (left, bottom - corner), (left + corner, bottom),
            (right - corner, bottom), (right, bottom - corner), (right, top + corner), (right - corner, top),
            (start + inner.width, top),
        ),
        stroke.css,
        wide,
    )  # fmt: skip
