"""What the renderers of whole trees have in common: which nodes there may be, and what each one shows.

Nodes can be made by hand, so all that a tree of elements keeps out is refused here once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from flow.renderer import growing
from flow.renderer.attributes import UnsafeError, check, check_bytes
from flow.renderer.binary import Binary
from flow.renderer.growing import Growing
from flow.renderer.protocol import HTML, PORTAL, WIDGET, RenderNode
from flow.vocabulary import VOID, words

OURS: Final = {HTML: "flow-html", WIDGET: "flow-widget", PORTAL: "flow-portal"}  # tag -> class of the div it is
_FORBIDDEN: Final = words("script style base meta link object embed")
_TAG: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")


def check_tag(tag: str) -> None:
    """Refuse tags that could run a script or are none."""
    if not _TAG.match(tag) or tag.lower() in _FORBIDDEN:
        raise UnsafeError(f"{tag!r} is no tag that a tree may hold")


def check_inside(node: RenderNode) -> None:
    """Refuse an inside where the tag has none."""
    if node.tag in VOID and (node.children or node.text):
        raise ValueError(f"<{node.tag}> has no inside, so it takes neither children nor a text")


def attributes(node: RenderNode) -> Iterator[tuple[str, str | Literal[True]]]:
    """Its attributes, checked; ``True`` for one without a value. Without listeners, and what is told inside it."""
    for name, value in node.props.items():
        if name.startswith("on_") or (name == "value" and node.tag in ("textarea", "select")):
            continue
        if isinstance(value, Binary):
            check_bytes(node.tag, name, value)
            yield name, value.data_url
            continue
        if not isinstance(value, str | int | float):
            raise TypeError(f"{name}={value!r}: a node's attribute is a text, a number or True")
        check(name, value)
        if value is not False:
            yield name, True if value is True else str(value)


def inner_text(node: RenderNode) -> str:
    """The text in front of its children."""
    if node.tag == WIDGET:
        return f"{node.props.get('data-widget', 'Widget')} (shown where its kernel runs)"
    value = node.props.get("value") if node.tag == "textarea" else None
    return (node.text or "") if value is None else str(value)


def pictured(node: RenderNode) -> RenderNode:
    """What shows a canvas where nobody draws on it: a picture of it. Other nodes are left alone."""
    drawing = node.props.get(growing.NAME) if node.tag == growing.TAG else None
    if not isinstance(drawing, Growing):
        return node
    kept = {name: value for name, value in node.props.items() if name not in (growing.NAME, "role", "tabindex")}
    props = {**kept, "src": drawing.still(), "alt": kept.get("aria-label", "")}
    return RenderNode("img", node.element_id, props, (), None, node.key)


def with_choice(select: RenderNode) -> RenderNode:
    """A select with its value marked in its options, for there is no attribute for it. Other nodes are left alone."""
    if select.tag != "select" or "value" not in select.props:
        return select
    chosen = set(str(select.props["value"]).split("\n"))  # of several, one in each line
    return select._replace(children=tuple(_marked(child, chosen) for child in select.children))


def _marked(node: RenderNode, chosen: set[str]) -> RenderNode:
    if node.tag == "optgroup":
        return node._replace(children=tuple(_marked(child, chosen) for child in node.children))
    if node.tag != "option":
        return node
    props = {name: value for name, value in node.props.items() if name != "selected"}
    if str(node.props.get("value", " ".join((node.text or "").split()))) in chosen:
        props["selected"] = True
    return node._replace(props=props)
