"""The vocabulary: every element of HTML and SVG, and ours."""

from __future__ import annotations

from inspect import getmembers, isclass
from typing import Any

import pytest

from flow import svg, ui
from flow.arranging import Layout
from flow.element import Element
from flow.renderer import HTMLRenderer
from flow.two_way import Control, InputControl, Openable, SelectControl
from flow.vocabulary import COMMON, VOID, python_name, words

OURS = {
    "Text": "span",
    **dict.fromkeys(("Box", "Flex", "HStack", "VStack"), "div"),
    "Card": "section",
    "Window": "section",
}
BODY = words("""
a abbr address area article aside audio b bdi bdo blockquote br button canvas caption cite code col colgroup data
datalist dd del details dfn dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup
hr i iframe img input ins kbd label legend li main map mark menu meter nav ol optgroup option output p picture pre
progress q rp rt ruby s samp search section select small source span strong sub summary sup table tbody td textarea
tfoot th thead time tr track u ul var video wbr
""")
DRAWING = words("""
a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer
feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
feSpotLight feTile feTurbulence filter foreignObject g image line linearGradient marker mask metadata mpath path
pattern polygon polyline radialGradient rect set stop svg switch symbol text textPath title tspan use view
""")


def elements(module: object) -> dict[str, type[Element]]:
    bases = {Element, Layout, ui.Titled, svg.SvgElement, Control, InputControl, Openable, SelectControl}
    return {name: each for name, each in getmembers(module, isclass) if issubclass(each, Element) and each not in bases}


def test_every_element_of_a_body_is_there_and_none_that_runs_code() -> None:
    declared = {each.html: name for name, each in elements(ui).items() if name not in OURS}
    assert sorted(declared) == sorted(BODY)
    assert all(name.lower() == tag for tag, name in declared.items())


def test_elements_of_our_own_are_what_html_has_for_them() -> None:
    assert {name: elements(ui)[name].html for name in OURS} == OURS


def test_every_element_of_a_drawing_is_there() -> None:
    declared = {each.html: name for name, each in elements(svg).items()}
    assert sorted(declared) == sorted(DRAWING)
    assert all(name[0].lower() + name[1:] == tag for tag, name in declared.items())


@pytest.mark.parametrize("each", [*elements(ui).values(), *elements(svg).values()], ids=lambda each: each.__name__)
def test_an_element_is_called_as_its_class_and_rendered_as_its_tag(each: type[Element]) -> None:
    element = each()
    assert element.tag == each.__name__
    assert element.to_render_node().tag == each.html
    closing = "" if each.html in VOID else f"</{each.html}>"
    assert HTMLRenderer().render(element).endswith(closing)
    assert each.__doc__


@pytest.mark.parametrize("each", [*elements(ui).values(), *elements(svg).values()], ids=lambda each: each.__name__)
def test_a_prop_is_called_as_its_attribute(each: type[Element]) -> None:
    css = each.css if issubclass(each, Layout) else {}
    for prop, name in each._own.items():
        if prop in css:
            continue
        assert prop == python_name(name)
        assert each(**{prop: "a"}).to_render_node().props == {name: "a", **({"class": each.look} if each.look else {})}


@pytest.mark.parametrize(
    ("attribute", "prop"),
    [
        ("accept-charset", "accept_charset"),
        ("viewBox", "view_box"),
        ("for", "for_"),
        ("in", "in_"),
        ("xlink:href", "xlink_href"),
    ],
)
def test_names_that_are_none_in_python_are_spelled_so(attribute: str, prop: str) -> None:
    assert python_name(attribute) == prop


def test_every_event_of_the_page_can_be_heard() -> None:
    events = [name for name in COMMON if name.startswith("on_")]
    assert len(events) > 90
    heard: dict[str, Any] = dict.fromkeys(events, print)
    assert set(ui.Div(**heard).to_render_node().props) == set(events)


@pytest.mark.parametrize(
    ("element", "style"),
    [
        (ui.VStack(gap=8, align="center"), "gap: 8px; align-items: center"),
        (ui.HStack(justify="end", wrap=True), "justify-content: end; flex-wrap: wrap"),
        (
            ui.Flex(direction="column", grow=1, style={"color": "red"}),
            "flex-direction: column; flex-grow: 1; color: red",
        ),
        (ui.Box(width="50%", max_width=300, padding=4), "width: 50%; max-width: 300px; padding: 4px"),
        (ui.Box(width=lambda: 7), "width: 7px"),
    ],
)
def test_a_layout_takes_css_properties_as_props(element: Element, style: str) -> None:
    assert element.to_render_node().props["style"] == style


def test_what_has_a_look_keeps_it_beside_classes_of_its_own() -> None:
    assert ui.Card(cls="mine").to_render_node().props["class"] == "flow-card mine"
    assert ui.Card(cls=lambda: "bound").to_render_node().props["class"] == "flow-card bound"
    assert ui.Window().to_render_node().props["class"] == "flow-window"


@pytest.mark.parametrize("kind", [ui.Card, ui.Window])
def test_a_title_is_above_the_children(kind: type[ui.Titled]) -> None:
    title, text = kind(ui.Text("x"), title="Hello").to_render_node().children
    assert (title.tag, title.text, text.text) == ("header", "Hello", "x")
    assert kind("x").to_render_node().text == "x"


def test_a_button_takes_its_text_also_as_label() -> None:
    assert ui.Button(label="Go").to_render_node().text == ui.Button("Go").to_render_node().text == "Go"
