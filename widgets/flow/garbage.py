"""Python's search for garbage in cycles: it stops everything, so it is kept from where something is waited for."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MANY: Final = 10_000  # new objects: looking through them takes milliseconds
_YOUNG: Final = 1  # the generation up to which is looked: what is new, however much there is besides
_HEAD_START: Final = 0.002  # seconds


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
                gc.collect(_YOUNG)
        finally:
            gc.enable()


def let_others_go_first() -> None:
    """Before something that takes long, let the thread that sends messages have its turn."""
    time.sleep(_HEAD_START)
