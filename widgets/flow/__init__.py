"""flow: reactive UI in plain Python."""

from __future__ import annotations

from flow.batch import batch
from flow.computed import Computed
from flow.effect import Effect
from flow.link import link
from flow.owner import Owner, on_cleanup
from flow.signal import Signal, never
from flow.tracking import untracked

__all__ = ["Computed", "Effect", "Owner", "Signal", "batch", "link", "never", "on_cleanup", "untracked"]
