"""Markdown: text with headings, lists, links and code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from flow.drawing import WIDTH, Drawing
from flow.rich import Html
from sidekick.component import Component
from sidekick.events import ErrorEvent
from sidekick.markdown_drawing import draw
from sidekick.text_component import TextComponent

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAG: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|</?[a-z!?][^>]*>", re.I | re.S)
_PAGE: dict[str, Any] = {"width": "100%", "max-width": 1000, "padding": "8px 12px", "line-height": 1.6}


class Markdown(TextComponent):
    """Text in Markdown (CommonMark): ``Markdown("# Results")``. Of HTML in it the text is shown."""

    def __init__(
        self,
        text: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("markdown", instance_id, parent, error=on_error)
        self._begin_text(text)
        self._build(Html(lambda: _parser().render(self._text.value)), style={**_PAGE, "box-sizing": "border-box"})

    def _drawing(self, width: float = WIDTH) -> Drawing:
        return draw(_parser().parse(self._text.peek()), min(width, 1000), _plain)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    # Flow takes out of a link what may not stand there, so that its text stays a link that leads nowhere.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.add_render_rule("html_inline", _without_tags)
    parser.add_render_rule("html_block", _without_tags)
    return parser


def _without_tags(renderer: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    return escape(_plain(tokens[index].content), quote=False)


def _plain(html: str) -> str:
    """The text inside of HTML."""
    return _TAG.sub("", html)
