"""Where the elements of a tree are, and what it looks like, without a browser.

    >>> from flow.layout import layout, to_svg
    >>> from flow.ui import Button, HStack
    >>> go = Button("Go", style={"width": 80})
    >>> layout(HStack(go, Button("Stop")), width=400)[go].width
    80.0

CSS's flexbox, with flow's look and the elements' own styles. Needs ``pip install "sideflow[layout]"``.
"""

from __future__ import annotations

from flow.layout.boxes import Box, Boxes
from flow.layout.pictures import layout, to_png, to_svg

__all__ = ["Box", "Boxes", "layout", "to_png", "to_svg"]
