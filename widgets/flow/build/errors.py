"""Why an app was not built."""

from __future__ import annotations

from flow.errors import FlowError


class BuildError(FlowError):
    """The app cannot be built: what is missing, and what to do."""
