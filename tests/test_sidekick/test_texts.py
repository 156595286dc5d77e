"""Label, Button and Markdown: a text that can be changed."""

from __future__ import annotations

from typing import Any

import pytest

from sidekick import Button, Label, Markdown
from support.sidekick_page import Shown


@pytest.mark.parametrize("kind", [Label, Button, Markdown])
def test_the_text_is_made_a_str_and_can_be_set(kind: Any) -> None:
    made = kind(5)
    assert made.text == "5"
    made.text = None
    assert made.text == "None"
    assert kind().text == ""


@pytest.mark.parametrize("kind", [Label, Button])
def test_the_whole_text_is_the_tooltip_too(kind: Any) -> None:
    made = kind("first")
    made.text = "second"
    assert "'title': 'second'" in str(made.to_render_node())


def test_a_change_is_on_the_page(shown: Shown) -> None:
    label, button = Label("a"), Button("b")
    assert shown.texts() == ["a", "b"]
    label.text, button.text = "c", "d"
    assert shown.texts() == ["c", "d"]


def html_of(text: str) -> str:
    (node,) = Markdown(text).to_render_node().children
    return str(node.props["html"])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", "<h1>Title</h1>"),
        ("a *b* `c`", "<em>b</em> <code>c</code>"),
        ("```python\nx\n```", '<code class="language-python">'),
        ("a <b>bold</b> word", "<p>a bold word</p>"),
        ("<div>in <i>block</i></div>", "in block"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("~~no~~", "~~no~~"),
        ("https://example.org", "<p>https://example.org</p>"),
    ],
)
def test_markdown_is_commonmark_without_html(text: str, html: str) -> None:
    assert html in html_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <svg onload=alert(1)> b",
        "<!-- <img src=x onerror=alert(1)> -->",
        "<div\nonclick=alert(1)>x</div>",
        "<<b>img src=x onerror=alert(1)>",
    ],
)
def test_no_tag_of_the_text_reaches_the_page(text: str) -> None:
    html = html_of(text)
    for tag in ("<script", "<img", "<svg", "<div", "<!--"):
        assert tag not in html


def test_a_link_to_a_script_leads_nowhere() -> None:
    from flow.renderer.html import HTMLRenderer

    html = HTMLRenderer(ids=False).render_node(
        Markdown("[x](javascript:alert(1)) [y](data:text/html,1)").to_render_node()
    )
    assert "javascript:" not in html
    assert "data:text" not in html
    assert ">x</a>" in html
