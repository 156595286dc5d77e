"""Pages that show a panel: who wants to know when one comes or goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from flow.element import Element
from sidekick import loop

listeners: Final[list[Callable[[str, bool], object]]] = []  # called on the loop: which page, and whether it came


def follow(root: Element) -> None:
    """Tell the listeners of the pages that show an element, in a notebook's kernel."""
    from flow.widget import FlowWidget

    open_pages: set[str] = set()

    def heard(_widget: object, content: Any, _buffers: object) -> None:
        kind, page = (content.get("kind"), content.get("page")) if isinstance(content, dict) else (None, None)
        if not isinstance(page, str) or kind not in ("ready", "gone") or (kind == "ready") == (page in open_pages):
            return
        (open_pages.add if kind == "ready" else open_pages.discard)(page)
        for listener in listeners:
            loop.call(partial(listener, page, kind == "ready"))

    FlowWidget.of(root).on_msg(heard)
