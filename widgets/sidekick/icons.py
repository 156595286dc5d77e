"""Icons: paths of SVG in a square of 16 by 16."""

from __future__ import annotations

from typing import Final

FIRST: Final = "M3 3h2v10H3zM13 3v10L6 8z"
BACK: Final = "M11 3v10L4 8z"
PLAY: Final = "M4 2.5v11L13 8z"
PAUSE: Final = "M4 3h3v10H4zM9 3h3v10H9z"
NEXT: Final = "M5 3v10l7-5z"
LAST: Final = "M11 3h2v10h-2zM3 3v10l7-5z"
