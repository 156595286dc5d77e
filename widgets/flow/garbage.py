"""Python's search for garbage in cycles: it stops everything, so it is kept from where something is waited for."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MANY: Final = 10_000  # new objects: looking through them takes milliseconds
_HEAD_START: Final = 0.002  # seconds


@contextmanager
def unsearched() -> Iterator[None]:
    """Without a search: of a large tree, in which there is no garbage yet, it is half the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def is_search_due() -> bool:
    """Whether one comes soon that takes long."""
    return gc.get_count()[0] > _MANY


def let_others_go_first() -> None:
    """Before something that takes long, let the thread that sends messages have its turn."""
    time.sleep(_HEAD_START)
