"""Starting a kernel: how long until it answers, how much memory it takes. A process of its own for every sample."""

from __future__ import annotations

import time

from case import Row, Sample
from wire import Wire

ROWS = (
    Row("cold start to kernel_info", "s", goal=0.7),
    Row("cold start to the first cell's reply", "s", goal=0.7),
    Row("memory after the start, RSS", "MB"),
    Row("memory after the start, PSS", "MB"),
)


def measure(kernel: str) -> list[Sample]:
    """Spawn it, wait until it answers, run one cell, weigh it, end it."""
    with Wire(kernel) as wire:
        answered = wire.follow(wire.send("kernel_info_request"), lambda it: it.reply is not None)
        info = answered.sent + answered.replied - wire.spawned_at
        ran = wire.follow(wire.execute("1"), lambda it: it.reply is not None)
        first = ran.sent + ran.replied - wire.spawned_at
        # What a kernel still does in the background after its first answer is part of what it weighs.
        time.sleep(0.3)
        rss, pss = wire.memory()
    return [Sample([info]), Sample([first]), Sample([rss]), Sample([pss])]
