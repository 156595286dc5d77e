"""Portal: children that stand in front of the page."""

from __future__ import annotations

import pytest

from flow import Portal, Signal
from flow.component import component
from flow.element import Element
from flow.renderer import HTMLRenderer
from flow.renderer.diff import diff
from flow.ui import Div, Text


def test_a_portal_is_a_node_with_its_children_inside() -> None:
    (node,) = Div(Portal(Text("a"), Text("b"))).to_render_node().children
    assert (node.tag, node.props, len(node.children)) == ("#portal", {"to": "body"}, 2)
    assert Portal("words").to_render_node().text == "words"


def test_a_portal_takes_children_by_with_and_bound_ones() -> None:
    signal = Signal("a")
    with Div() as root, Portal() as portal:
        Text(signal)
    assert root.children == (portal,)
    before = root.to_render_node()
    signal.value = "b"
    (operation,) = diff(before, root.to_render_node()).operations
    assert operation == ("text", before.children[0].children[0].element_id, "b")


def test_a_portal_stands_in_its_place_in_html() -> None:
    portal = Portal(Text("<a>"))
    inside = HTMLRenderer().render(portal.children[0])
    assert HTMLRenderer().render(portal) == f'<div class="flow-portal" id="flow-{id(portal)}">{inside}</div>'
    assert ">&lt;x&gt;</div>" in HTMLRenderer().render(Portal("<x>"))


def test_a_portal_leads_to_the_body_only() -> None:
    with pytest.raises(ValueError, match="leads to 'body'"):
        Portal("x", to="#somewhere")


def test_a_component_may_be_a_portal() -> None:
    @component
    def Tip() -> Element:
        return Portal("words")

    assert Tip().to_render_node().children[0].tag == "#portal"
