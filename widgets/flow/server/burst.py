"""Changes that belong together, made beside the UI thread: a page sees all of them at once if they are soon done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flow import ui_thread
from flow.server.session import pace


@contextmanager
def burst() -> Iterator[None]:
    """Around such changes, in any thread: ``with burst(): draw()``. What takes longer is shown as it goes on."""
    ui_thread.call(pace.begin_burst)
    try:
        yield
    finally:
        ui_thread.call(pace.end_burst)
