"""Raw HTML as nodes, sanitised before: as far as it takes to lay it out."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser
from itertools import count
from typing import Final

from flow.renderer.protocol import TEXT, RenderNode
from flow.renderer.sanitize import sanitized
from flow.vocabulary import VOID

_ids: Final = count(-1, -1)  # which no element has


@lru_cache(maxsize=256)
def nodes_of(html: str) -> tuple[RenderNode, ...]:
    """The nodes of a piece of HTML, by ids that are below 0."""
    reader = _Reader()
    reader.feed(sanitized(html))
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._stack: list[tuple[str, dict[str, str], list[RenderNode]]] = [("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        props = {name: value or "" for name, value in attrs}
        if tag in VOID:
            self._stack[-1][2].append(RenderNode(tag, next(_ids), props))
        else:
            self._stack.append((tag, props, []))

    def handle_endtag(self, tag: str) -> None:
        if any(each[0] == tag for each in self._stack[1:]):
            while self._stack[-1][0] != tag:
                self._end()
            self._end()

    def handle_data(self, data: str) -> None:
        self._stack[-1][2].append(RenderNode(TEXT, next(_ids), text=data))

    def finished(self) -> tuple[RenderNode, ...]:
        """All of the nodes, with those ended that were not."""
        while len(self._stack) > 1:
            self._end()
        return tuple(self._stack[0][2])

    def _end(self) -> None:
        tag, props, children = self._stack.pop()
        self._stack[-1][2].append(RenderNode(tag, next(_ids), props, tuple(children)))
