"""Seconds that a user gave, checked at the user's line."""

from __future__ import annotations

from math import isfinite
from typing import Any

from flow.readable import short


def checked_seconds(value: Any, where: str, *, may_be_zero: bool = True) -> float:
    """The seconds as a float. ``where`` says in the error who takes them, as ``timeout of run_until()``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{where} takes seconds as a number, not {short(value)}")
    if not isfinite(value) or value < 0 or (value == 0 and not may_be_zero):
        raise ValueError(f"{where} takes {'seconds' if may_be_zero else 'seconds above 0'}, not {value}")
    return float(value)
