"""Row: components beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flow.drawing import WIDTH, Drawing
from sidekick.arranging import beside
from sidekick.container import GAP, PADDING, Container


class Row(Container):
    """Shows its children beside each other: ``Row(button, label)``."""

    direction: ClassVar[Mapping[str, Any]] = {"flex-direction": "row", "align-items": "flex-start"}

    def _drawing(self, width: float = WIDTH) -> Drawing:
        inside = beside([*self.items], width - 2 * PADDING, GAP)
        return self._box(width, inside.height + 2 * PADDING, (inside.at(PADDING, PADDING),))
