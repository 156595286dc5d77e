"""Names that are made up."""

from __future__ import annotations

from itertools import count
from typing import Final
from uuid import uuid4

_numbers: Final = count(1)


def generate_unique_id(prefix: str) -> str:
    """``grid-1``, ``label-2``: the numbers are counted over all kinds together."""
    return f"{prefix}-{next(_numbers)}"


def generate_session_id() -> str:
    """Eight hexadecimal digits."""
    return uuid4().hex[:8]
