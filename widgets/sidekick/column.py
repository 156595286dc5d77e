"""Column: components below each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sidekick.container import Container


class Column(Container):
    """Shows its children below each other, as wide as they can be: ``Column(label, grid)``."""

    direction: ClassVar[Mapping[str, Any]] = {"flex-direction": "column", "align-items": "stretch"}
