"""HTML of a tree as it is now: for pages without a kernel, mails and tests."""

from __future__ import annotations

from html import escape
from typing import Final, Literal

from flow.renderer.nodes import OURS, attributes, check_inside, check_tag, inner_text, pictured, with_choice
from flow.renderer.protocol import FRAGMENT, HTML, TEXT, Renderable, RenderNode
from flow.renderer.sanitize import sanitized
from flow.renderer.wire import encodable
from flow.vocabulary import VOID

# The parser drops the first line break after these, so one more is written.
_DROPS_A_LINE_BREAK: Final = frozenset(("pre", "textarea", "listing"))


class HTMLRenderer:
    """Makes a string of HTML. Every text and value is escaped; what could run a script raises ``UnsafeError``.

    ``ids``: whether elements have the ids that a page knows them by, which differ from run to run.
    """

    def __init__(self, *, ids: bool = True) -> None:
        self._ids = ids

    def render(self, element: Renderable) -> str:
        """The HTML of an Element as it is now."""
        return self.render_node(element.to_render_node())

    def render_node(self, node: RenderNode) -> str:
        """The HTML of a node."""
        return encodable("".join(_pieces(node, self._ids)))


def _pieces(node: RenderNode, ids: bool) -> list[str]:
    """The pieces of the string, without recursion, for trees may be deep."""
    pieces: list[str] = []
    openings: dict[tuple[str, str], tuple[str, str]] = {}  # by tag and props: hundreds of elements have the same
    waiting: list[RenderNode | str] = [node]
    drops_a_line_break = False
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
            drops_a_line_break = False
            continue
        part = pictured(part)
        tag = part.tag
        if tag not in (TEXT, FRAGMENT):
            key = tag, repr(part.props)
            opening = openings.get(key)
            if opening is None:
                opening = openings[key] = _opening(part)
            check_inside(part)
            pieces += (opening[0], _id(part), opening[1]) if ids else opening
            drops_a_line_break = tag in _DROPS_A_LINE_BREAK
            if tag in VOID:
                continue
            waiting.append("</div>" if tag in OURS else f"</{tag}>")
        if text := _inside(part):
            pieces.append(f"\n{text}" if drops_a_line_break and text[0] == "\n" else text)
            drops_a_line_break = False
        if part.children:
            waiting.extend(reversed(with_choice(part).children))
    return pieces


def _inside(node: RenderNode) -> str:
    """What comes before its children."""
    return sanitized(str(node.props.get("html", ""))) if node.tag == HTML else _escaped(inner_text(node))


def _escaped(text: str, *, quote: bool = False) -> str:
    """A text that a parser reads back, also where it makes a line break of what is none."""
    return escape(text, quote=quote).replace("\r", "&#13;")


def _id(node: RenderNode) -> str:
    return "" if "id" in node.props else f' id="flow-{node.element_id}"'


def _opening(node: RenderNode) -> tuple[str, str]:
    """Its start tag: what comes before the id that a page knows it by, and what comes behind."""
    if node.tag in OURS:
        return f'<div class="{OURS[node.tag]}"', ">"
    check_tag(node.tag)
    return f"<{node.tag}", f"{''.join(_attribute(name, value) for name, value in attributes(node))}>"


def _attribute(name: str, value: str | Literal[True]) -> str:
    return f" {name}" if value is True else f' {name}="{_escaped(value, quote=True)}"'
