"""What runs beside a page: its messages and uploads, the session that keeps it and its tree the same; a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flow.server.session import LiveSession

if TYPE_CHECKING:
    from flow.server.app import create_app, run_app

__all__ = ["LiveSession", "create_app", "run_app"]


def __getattr__(name: str) -> Any:
    # Loaded when they are wanted: in a notebook nobody serves, and the packages for it need not be there.
    if name not in ("create_app", "run_app"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from flow.server import app
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error}. Serving needs more: pip install 'sideflow[server]'", name=error.name
        ) from None
    return getattr(app, name)
