"""HTML of a tree: nothing a user wrote is ever markup, and nothing runs."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow import Signal, svg
from flow.control import Fragment
from flow.element import Element
from flow.renderer import HTMLRenderer, RenderNode
from flow.renderer.attributes import UnsafeError
from flow.ui import A, Button, Div, Form, Hr, Iframe, Img, Input, Option, Pre, Select, Text, Textarea


def html(element: Element) -> str:
    """The HTML without the ids."""
    for each in element.walk():
        assert not each.to_render_node().props.get("id")
    text = HTMLRenderer().render(element)
    for each in element.walk():
        text = text.replace(f' id="flow-{id(each)}"', "")
    return text


class Parsed(HTMLParser):
    """What a parser finds: tags with attributes, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(), st.text())
def test_whatever_a_text_or_value_is_a_parser_reads_it_back_and_no_tag_more(text: str, value: str) -> None:
    parsed = Parsed(HTMLRenderer().render(Div(text, "!", Img(alt=value))))
    assert parsed.text == text + "!"
    assert [tag for tag, _ in parsed.tags] == ["div", "img"]
    assert parsed.tags[1][1].get("alt") == (value or "")


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        (Text("<b> & \"q\""), '<span>&lt;b&gt; &amp; "q"</span>'),
        (Div(title='"><script>'), '<div title="&quot;&gt;&lt;script&gt;"></div>'),
        (Hr(), "<hr>"),
        (Div("a", Hr(), "b"), "<div>a<hr>b</div>"),
        (Input(disabled=True, required=False, value=3), '<input disabled value="3">'),
        (Div(style={"color": "red", "width": 3}, cls=["a", {"b": 1}]),
         '<div style="color: red; width: 3px" class="a b"></div>'),
        (Button("x", on_click=print), "<button>x</button>"),
        (svg.Svg(svg.Circle(r=1.5, stroke_width=2), view_box="0 0 1 1"),
         '<svg viewBox="0 0 1 1"><circle r="1.5" stroke-width="2"></circle></svg>'),
        (Fragment("a", Text("b")), "a<span>b</span>"),
        (Fragment("<"), "&lt;"),
        (Textarea(value="<x>"), "<textarea>&lt;x&gt;</textarea>"),
        (Pre("\nx"), "<pre>\n\nx</pre>"),
        (Select(Option("x", value=1, selected=True), value=Signal(1)),
         '<select><option value="1" selected>x</option></select>'),
        (Div(data_n=1, aria_label="x", aria_hidden=True), '<div data-n="1" aria-label="x" aria-hidden="true"></div>'),
    ],
    ids=str,
)  # fmt: skip
def test_an_element_in_html(element: Element, shown: str) -> None:
    assert html(element) == shown


def test_an_element_has_its_id_in_the_page_unless_it_was_given_one() -> None:
    div = Div()
    assert HTMLRenderer().render(div) == f'<div id="flow-{id(div)}"></div>'
    assert HTMLRenderer().render(Div(id="mine")) == '<div id="mine"></div>'


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "\x01javascript:x",
        "java\nscript:x", "vbscript:x", "data:text/html,<script>",
    ],
)  # fmt: skip
def test_a_url_that_could_run_a_script_is_refused_when_the_element_is_made(url: str) -> None:
    for make in (lambda: A("x", href=url), lambda: Form(action=url), lambda: Iframe(src=url), lambda: svg.Set(to=url)):
        with pytest.raises(UnsafeError, match="could run a script"):
            make()
    with pytest.raises(UnsafeError):
        A("x", href=lambda: url).to_render_node()
    with pytest.raises(UnsafeError):
        HTMLRenderer().render_node(RenderNode("a", 1, {"href": url}))


@pytest.mark.parametrize(
    "url",
    ["/a?x=javascript:1", "https://x", "mailto:a@b", "#javascript", "data:image/png;base64,xx", "data:text/plain,x"],
)
def test_an_ordinary_url_is_left_as_it_is(url: str) -> None:
    assert A(href=url).to_render_node().props == {"href": url}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("onclick", "x"), ("ONCLICK", "x"), ("onclick", True), ("srcdoc", "x"), ("SrcDoc", "x"),
        ("a b", "x"), ("", "x"),
        ("a>", "x"), ("a=", "x"), ('a"', "x"), ("a\n", "x"), ("1a", "x"),
    ],
)  # fmt: skip
def test_attributes_that_are_none_or_run_are_refused(name: str, value: Any) -> None:
    with pytest.raises(UnsafeError):
        HTMLRenderer().render_node(RenderNode("div", 1, {name: value}))


@pytest.mark.parametrize("tag", ["script", "STYLE", "base", "object", "a b", "", "#x", "a>"])
def test_tags_that_are_none_or_run_are_refused(tag: str) -> None:
    with pytest.raises(UnsafeError):
        HTMLRenderer().render_node(RenderNode(tag, 1))


def test_a_node_made_by_hand_with_a_wrong_value_or_inside_is_refused() -> None:
    with pytest.raises(TypeError, match="a text, a number or True"):
        HTMLRenderer().render_node(RenderNode("div", 1, {"title": {"a": 1}}))
    with pytest.raises(ValueError, match="no inside"):
        HTMLRenderer().render_node(RenderNode("br", 1, text="x"))


@pytest.mark.parametrize(
    "style",
    [
        {"color": "red; background: url(x)"}, {"color": "red}"}, {"color": "/*"}, {"width": "expression(x)"},
        {"background": "url(javascript:x)"}, {"background": "url( 'JAVASCRIPT:x')"}, {"color:red;x": "y"}, {"a b": "c"},
        {"color": "</style>"}, {"color": "\\3b"},
    ],
)  # fmt: skip
def test_a_style_is_one_value_for_one_property(style: dict[str, str]) -> None:
    with pytest.raises(UnsafeError):
        Div(style=style)


@pytest.mark.parametrize(
    ("props", "told"),
    [
        ({"style": "color: red"}, "style takes a dict"),
        ({"style": {"color": True}}, "takes a text or a number"),
        ({"cls": 5}, "cls takes names"),
        ({"title": object()}, "title takes a text"),
        ({"tabindex": float("nan")}, "finite"),
    ],
)
def test_a_value_of_a_wrong_type_is_an_error_that_names_prop_and_element(props: dict[str, Any], told: str) -> None:
    with pytest.raises((TypeError, ValueError), match=told) as caught:
        Div(**props)
    assert caught.value.__notes__ == ["It is a prop of Div."]


def test_a_node_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Div().to_render_node().tag = "x"  # type: ignore[misc]
