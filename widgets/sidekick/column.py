"""Column: components below each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flow.drawing import WIDTH, Drawing
from sidekick.arranging import stacked
from sidekick.container import GAP, PADDING, Container


class Column(Container):
    """Shows its children below each other, as wide as they can be: ``Column(label, grid)``."""

    direction: ClassVar[Mapping[str, Any]] = {"flex-direction": "column", "align-items": "stretch"}

    def _drawing(self, width: float = WIDTH) -> Drawing:
        inside = stacked([*self.items], width - 2 * PADDING, GAP)
        return self._box(width, inside.height + 2 * PADDING, (inside.at(PADDING, PADDING),))
