"""Whether an asyncio loop has anything to do now.

asyncio does not tell. It is read from two private names of its loops, and of a loop that has not got them (uvloop) it
is not known: then nothing is due, and the loop has its turn when the kernel gives it one anyway.
"""

from __future__ import annotations

import asyncio
from typing import Any


def is_due(loop: asyncio.AbstractEventLoop, now: float) -> bool:
    """Whether a callback, or a step of a task, waits for the loop's next turn. ``now`` is the loop's time."""
    inside: Any = loop
    try:
        if inside._ready:
            return True
        timers = inside._scheduled
        return bool(timers) and timers[0]._when <= now
    except (AttributeError, IndexError):
        return False
