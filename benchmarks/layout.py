"""How fast flow.layout lays out a tree of 4,000 boxes: for the first time, as it is again, and after one change.

Each is the median of some rounds, each round with a tree of its own, in the processor's time, to which other programs
do little::

    python benchmarks/layout.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time

from flow import Signal
from flow.element import Element
from flow.layout import layout, to_png, to_svg
from flow.ui import Button, Div, HStack, Input, Text, VStack

ROWS, WIDTH, ROUNDS = 800, 800, 7  # four boxes and their row make five a row


def tree() -> tuple[Element, list[Signal[str]]]:
    """Rows of text, a button, a field and words that have to be wrapped; the signals of the texts."""
    labels = [Signal(f"Row {number} of many") for number in range(ROWS)]
    with VStack() as root:
        for number, label in enumerate(labels):
            with HStack():
                Text(label)
                Button(f"Press {number}")
                Input(value=f"value {number}")
                Div(f"some words that say {number * 7919 % 1000}, on more than one line", style={"width": 120})
    return root, labels


def milliseconds(call: Callable[[], object]) -> float:
    """How long a call takes, of the processor's time."""
    start = process_time()
    call()
    return (process_time() - start) * 1000


def main() -> None:
    """Measure, and print a table."""
    found: dict[str, list[float]] = {"first": [], "again": [], "after one change": [], "svg": []}
    count = len(layout(tree()[0], WIDTH))  # with which fonts and styles are read
    for number in range(ROUNDS):
        root, labels = tree()
        found["first"].append(milliseconds(partial(layout, root, WIDTH)))
        found["again"].append(milliseconds(partial(layout, root, WIDTH)))
        labels[number * 97 % ROWS].value = "Another, which is longer"
        found["after one change"].append(milliseconds(partial(layout, root, WIDTH)))
        found["svg"].append(milliseconds(partial(to_svg, root, width=WIDTH)))
    for name, times in found.items():
        middle = median(times)
        print(f"{name:>17} {middle:8.1f} ms {count / middle * 1000:12,.0f} boxes a second")
    if "--png" in sys.argv:
        print(f"{'png':>17} {milliseconds(partial(to_png, root, width=WIDTH, scale=1)):8.1f} ms")


if __name__ == "__main__":
    main()
