"""HTML of a tree as it is now: for pages without a kernel, mails and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Final

from flow.renderer.attributes import UnsafeError, check
from flow.renderer.protocol import FRAGMENT, HTML, PORTAL, TEXT, WIDGET, Renderable, RenderNode
from flow.renderer.sanitize import sanitized
from flow.vocabulary import VOID, words

_OURS: Final = {HTML: "flow-html", WIDGET: "flow-widget", PORTAL: "flow-portal"}  # tag -> class
_FORBIDDEN: Final = words("script style base meta link object embed")
_TAG: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
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
        return "".join(_parts(node, self._ids))


def _parts(node: RenderNode, ids: bool) -> Iterator[str]:
    """The pieces of the string, without recursion, for trees may be deep."""
    waiting: list[RenderNode | str] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif part.tag == TEXT:
            yield escape(part.text or "", quote=False)
        elif part.tag == FRAGMENT:
            yield escape(part.text or "", quote=False)
            waiting.extend(reversed(part.children))
        elif part.tag in _OURS:
            yield f'<div class="{_OURS[part.tag]}"{_id(part, ids)}>{_special(part)}'
            waiting.append("</div>")
            waiting.extend(reversed(part.children))
        else:
            yield _opening(part, ids)
            if part.tag == "select":
                part = _with_choice(part)
            if part.tag not in VOID:
                yield _inner_text(part)
                waiting.append(f"</{part.tag}>")
                waiting.extend(reversed(part.children))
            elif part.children or part.text:
                raise ValueError(f"<{part.tag}> has no inside, so it takes neither children nor a text")


def _special(node: RenderNode) -> str:
    """The inside of what has no tag in HTML, before its children."""
    if node.tag == HTML:
        return sanitized(str(node.props.get("html", "")))
    if node.tag == WIDGET:
        return escape(f"{node.props.get('data-widget', 'Widget')} (shown where its kernel runs)", quote=False)
    return escape(node.text or "", quote=False)


def _with_choice(select: RenderNode) -> RenderNode:
    """The select with its value marked in its options, for HTML has no attribute for it."""
    if "value" not in select.props:
        return select
    chosen = set(str(select.props["value"]).split("\n"))  # of several, one in each line
    return replace(select, children=tuple(_marked(child, chosen) for child in select.children))


def _marked(node: RenderNode, chosen: set[str]) -> RenderNode:
    if node.tag == "optgroup":
        return replace(node, children=tuple(_marked(child, chosen) for child in node.children))
    if node.tag != "option":
        return node
    props = {name: value for name, value in node.props.items() if name != "selected"}
    if str(node.props.get("value", " ".join((node.text or "").split()))) in chosen:
        props["selected"] = True
    return replace(node, props=props)


def _inner_text(node: RenderNode) -> str:
    value = node.props.get("value") if node.tag == "textarea" else None
    text = node.text if value is None else str(value)
    if not text:
        return ""
    line_break = "\n" if text.startswith("\n") and node.tag in _DROPS_A_LINE_BREAK else ""
    return line_break + escape(text, quote=False)


def _id(node: RenderNode, ids: bool) -> str:
    return f' id="flow-{node.element_id}"' if ids and "id" not in node.props else ""


def _opening(node: RenderNode, ids: bool) -> str:
    if not _TAG.match(node.tag) or node.tag.lower() in _FORBIDDEN:
        raise UnsafeError(f"{node.tag!r} is no tag that a tree may hold")
    attributes = "".join(
        _attribute(name, value)
        for name, value in node.props.items()
        if not (name.startswith("on_") or (name == "value" and node.tag in ("textarea", "select")))
    )
    return f"<{node.tag}{_id(node, ids)}{attributes}>"


def _attribute(name: str, value: object) -> str:
    if not isinstance(value, str | int | float):
        raise TypeError(f"{name}={value!r}: a node's attribute is a text, a number or True")
    check(name, value)
    if value is True:
        return f" {name}"
    return "" if value is False else f' {name}="{escape(str(value))}"'
