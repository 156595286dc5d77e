"""The drawing of a Markdown: its blocks below each other, each in lines of one size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flow.drawing import INK, LINE, MUTED, TINT, Drawing, Group, Rectangle, Shape, Text, wrapped
from flow.drawing.shapes import Family

if TYPE_CHECKING:
    from markdown_it.token import Token

_SIZES: Final = {"h1": 32.0, "h2": 24.0, "h3": 18.7}  # of headings; the smaller ones are as large as text
_SIZE: Final = 16.0
_CODE: Final = 14.4
_INDENT: Final = 24.0  # of what is in a list or a quotation
_GAP: Final = 10.0  # between blocks


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of text in one look, with what stands before the first of them."""

    text: str
    depth: int = 0
    mark: str = ""
    size: float = _SIZE
    family: Family = "sans"
    is_bold: bool = False
    is_quoted: bool = False
    is_code: bool = False
    is_rule: bool = False


def draw(tokens: Sequence[Token], width: float, plain: Callable[[str], str]) -> Drawing:
    """A parsed text. ``plain`` gives the text that is inside of HTML."""
    shapes: list[Shape] = []
    y, said = 8.0, []
    for block in _blocks(tokens, plain):
        height, drawn = _drawn(block, width - 24 - block.depth * _INDENT)
        shapes.append(Group(12 + block.depth * _INDENT, y, drawn))
        y += height + _GAP
        said.append(block.text)
    return Drawing(width, max(16.0, y - (_GAP if shapes else 0) + 8), tuple(shapes), " ".join(said))


def _drawn(block: _Block, width: float) -> tuple[float, tuple[Shape, ...]]:
    """How high a block is, and its shapes."""
    if block.is_rule:
        return 2, (Rectangle(0, 0, width, 1, LINE),)
    lines = wrapped(block.text, width - 16 * block.is_code, block.size, block.family)
    each, pad = 1.6 * block.size, 8.0 if block.is_code else 0.0
    shapes: list[Shape] = [
        Text(
            pad,
            pad + (at + 0.72) * each,
            line,
            block.size,
            fill=MUTED if block.is_quoted else INK,
            family=block.family,
            is_bold=block.is_bold,
        )
        for at, line in enumerate(lines)
    ]
    height = len(lines) * each + 2 * pad
    if block.is_code:
        shapes.insert(0, Rectangle(0, 0, width, height, TINT, radius=3))
    if block.is_quoted:
        shapes.append(Rectangle(-12, 0, 3, height, LINE))
    if block.mark:
        shapes.append(Text(-6, 0.72 * each, block.mark, block.size, anchor="end"))
    return height, tuple(shapes)


def _blocks(tokens: Sequence[Token], plain: Callable[[str], str]) -> Iterator[_Block]:
    """What is shown, in order."""
    depth, quotes, mark, heading = 0, 0, "", ""
    numbers: list[int | None] = []  # of the next item, for each list around
    for token in tokens:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrs.get("start", 1)) if kind == "ordered_list_open" else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif kind == "list_item_open":
            number = numbers[-1]
            mark = "•" if number is None else f"{number}."
            numbers[-1] = None if number is None else number + 1
        elif kind in ("blockquote_open", "blockquote_close"):
            quotes += 1 if kind == "blockquote_open" else -1
        elif kind in ("heading_open", "heading_close"):
            heading = token.tag if kind == "heading_open" else ""
        depth = len(numbers) + quotes
        if kind == "inline":
            size = _SIZES.get(heading, _SIZE)
            yield _Block(_said(token, plain), depth, mark, size, is_bold=bool(heading), is_quoted=quotes > 0)
            mark = ""
        elif kind in ("fence", "code_block"):
            yield _Block(token.content.rstrip("\n").expandtabs(4), depth, mark, _CODE, "mono", is_code=True)
            mark = ""
        elif kind == "html_block" and plain(token.content).strip():
            yield _Block(plain(token.content).strip(), depth, mark)
        elif kind == "hr":
            yield _Block("", depth, is_rule=True)


def _said(inline: Token, plain: Callable[[str], str]) -> str:
    """The text of a paragraph, without what makes it bold or a link."""
    parts = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline", "image"):
            parts.append(token.content)
        elif token.type == "html_inline":
            parts.append(plain(token.content))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" " if token.type == "softbreak" else "\n")
    return "".join(parts)
