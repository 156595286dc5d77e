"""flow: reactive UI in plain Python."""

from __future__ import annotations

from flow.batch import batch
from flow.component import component
from flow.computed import Computed
from flow.effect import Effect
from flow.element import Element
from flow.injection import get_provider, provide
from flow.link import link
from flow.owner import Owner, on_cleanup
from flow.signal import Signal, never
from flow.tracking import untracked

__all__ = [
    "Computed",
    "Effect",
    "Element",
    "Owner",
    "Signal",
    "batch",
    "component",
    "get_provider",
    "link",
    "never",
    "on_cleanup",
    "provide",
    "untracked",
]
