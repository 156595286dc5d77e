"""Row: components beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sidekick.container import Container


class Row(Container):
    """Shows its children beside each other: ``Row(button, label)``."""

    direction: ClassVar[Mapping[str, Any]] = {"flex-direction": "row", "align-items": "flex-start"}
