"""Pages that show a panel: who wants to know when one comes or goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from flow.element import Element
from sidekick import loop

listeners: Final[list[Callable[[str, bool], object]]] = []  # called on the loop: which page, and whether it came


def follow(root: Element) -> None:
    """Tell the listeners of the pages that show an element, in a notebook's kernel."""
    from flow.widget import FlowWidget

    open_pages: set[str] = set()
    session = FlowWidget.of(root).session
    receive = session.receive

    def heard(content: object, buffers: Sequence[Any] = ()) -> None:
        kind, page = (content.get("kind"), content.get("page")) if isinstance(content, dict) else (None, None)
        if isinstance(page, str) and kind in ("ready", "gone") and (kind == "ready") != (page in open_pages):
            (open_pages.add if kind == "ready" else open_pages.discard)(page)
            for listener in listeners:
                loop.call(partial(listener, page, kind == "ready"))
        receive(content, buffers)

    # A session tells nobody of its pages, so its messages are looked at on their way to it.
    session.receive = heard  # type: ignore[method-assign]
