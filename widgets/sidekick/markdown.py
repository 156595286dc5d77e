"""Markdown: text with headings, lists, links and code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from flow import Signal
from flow.rich import Html
from sidekick.component import Component
from sidekick.events import ErrorEvent

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_PAGE: dict[str, Any] = {"width": "100%", "max-width": 1000, "padding": "8px 12px", "line-height": 1.6}


class Markdown(Component):
    """Text in Markdown (CommonMark): ``Markdown("# Results")``. HTML in it is shown as text."""

    __slots__ = ("_text",)

    def __init__(
        self,
        text: str = "",
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._begin("markdown", instance_id, parent, error=on_error)
        self._text = Signal(str(text))
        self._build(Html(lambda: _parser().render(self._text.value)), style={**_PAGE, "box-sizing": "border-box"})

    @property
    def text(self) -> str:
        """The text in Markdown. What is set is made a ``str``."""
        return self._text.value

    @text.setter
    def text(self, text: object) -> None:
        self._text.value = str(text)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})
