"""Python's search for garbage in cycles: it stops everything, so it is kept from where something is waited for."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MANY: Final = 10_000  # new objects: looking through them takes milliseconds
_YOUNG: Final = 1  # the generation up to which is looked: what is new, however much there is besides
_ALL: Final = 2  # the generation of what is old
_HEAD_START: Final = 0.002  # seconds

_searches = 0  # of all that Python has made so far, and the objects that came since
_came = 0


@contextmanager
def unsearched() -> Iterator[None]:
    """Without a search: of a large tree, in which there is no garbage yet, it is half the time.

    It comes at once behind it, while pages are busy with what they were told. Later it would come in the middle of what
    they ask for next.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        try:
            if gc.get_count()[0] > _MANY:
                let_others_go_first()
                _search()
        finally:
            gc.enable()


def _search() -> None:
    """Look through what is new; and through all there is where Python would do that next by itself.

    It does when it has looked through the new often enough, and a quarter of all came since it looked through all.
    """
    global _came, _searches
    searches = gc.get_stats()[_ALL]["collections"]
    if searches != _searches:
        _searches, _came = searches, 0
    _came += gc.get_count()[0]
    gc.collect(_YOUNG)
    if 0 < gc.get_threshold()[_ALL] < gc.get_count()[_ALL] and _came > len(gc.get_objects(_ALL)) / 4:
        gc.collect()


def let_others_go_first() -> None:
    """Before something that takes long, let the thread that sends messages have its turn."""
    time.sleep(_HEAD_START)
