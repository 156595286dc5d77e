"""Replicas: copies of components that show what those have shown, while the components themselves go on."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

# While a copy is made: what stands in place of its id. A copy is in no panel, and nobody finds it by an id.
copied: Final[ContextVar[str | None]] = ContextVar("sidekick.copied", default=None)
