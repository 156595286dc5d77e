"""Portal: children that stand in front of the page instead of in their place, as dialogs and tips do."""

from __future__ import annotations

from typing import Any

from flow.element import Element
from flow.readable import short
from flow.renderer.protocol import PORTAL, Key


class Portal(Element, html=PORTAL, props="to"):
    """Children at the end of the page's body, out of reach of the sizes and edges of what is around them here."""

    def __init__(self, *children: Any, to: str = "body", key: Key | None = None) -> None:
        if to != "body":
            raise ValueError(f"Portal leads to 'body', the only place there is so far, not {short(to)}")
        super().__init__(*children, to=to, key=key)
