"""Bars: a sequence of numbers, or a mapping to numbers, as a chart. Of a long one as many as can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sidekick.viz.look import look
from sidekick.viz.nodes import Entry, Node

WIDTH, HEIGHT = 600.0, 150.0  # CSS pixels of the chart, without its labels
MOST: Final = 200  # bars
LABELED: Final = 30  # bars that each have a number above and a label below
_WIDEST: Final = 44.0  # CSS pixels of a bar, with its distance to the next
_LABEL: Final = 8  # characters of one


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its rectangle, from the top left of the chart, and its labels."""

    x: float
    y: float
    width: float
    height: float
    label: str
    text: str
    number: float
    at: int  # which of the values it is

    @property
    def above(self) -> float:
        """The baseline of its number, beyond its end."""
        return self.y - 4 if self.number >= 0 else self.y + self.height + 12

    @property
    def below(self) -> float:
        """The baseline of its label, on the other side."""
        return HEIGHT + 12 if self.number >= 0 else self.y - 4


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of ``count`` numbers. ``zero`` is where the bars stand, downwards from the top."""

    bars: tuple[Bar, ...]
    zero: float
    count: int
    told: str


def is_numbers(node: Node) -> bool:
    """Whether a value is a sequence of numbers or a mapping to such, as far as its beginning tells."""
    inside = node.inside
    if inside is None or inside.size < 2 or node.form != "container" or node.grating is not None:
        return False
    entries = node.entries(0, MOST)
    return all(_number(entry) is not None for entry in entries) and entries[0].way in ("index", "key")


def bars_of(node: Node) -> Bars:
    """The chart of what ``is_numbers``. What is no number further on has no bar."""
    count = node.inside.size if node.inside is not None else 0
    entries: list[tuple[int, Entry]]
    if count <= MOST:
        entries = [*enumerate(node.entries(0, count))]
    else:
        places = [at * (count - 1) // (MOST - 1) for at in range(MOST)]
        entries = [(at, node.entries(at, at + 1)[0]) for at in places]
    numbers = [(at, entry, _number(entry)) for at, entry in entries]
    known = [(at, entry, number) for at, entry, number in numbers if number is not None]
    low = min(0.0, *(number for *_, number in known)) if known else 0.0
    high = max(0.0, *(number for *_, number in known)) if known else 0.0
    span = (high / 2 - low / 2) or 1.0  # halved, for the whole may be too large a number
    step = min(_WIDEST, WIDTH / max(1, len(entries)))
    gap = min(4.0, step * 0.2)
    zero = high / 2 / span * HEIGHT
    bars = []
    for place, (at, entry, number) in enumerate(numbers):
        if number is not None:
            size = max(abs(number) / 2 / span * HEIGHT, 1.0)
            top = zero - size if number > 0 else zero
            x = round(place * step + gap / 2, 2)
            label = _cut(entry.label.strip('"'))
            bars.append(
                Bar(
                    *(x, round(top, 2), round(step - gap, 2), round(size, 2)),
                    *(label, _cut(look(entry.value).text), number, at),
                )
            )
    lowest = min((number for *_, number in known), default=0.0)
    highest = max((number for *_, number in known), default=0.0)
    told = f"{count:,} numbers from {lowest:g} to {highest:g}"
    return Bars(tuple(bars), round(zero, 2), count, told if count <= MOST else f"{told}, {MOST} of them as bars")


def _number(entry: Entry) -> float | None:
    node = look(entry.value)
    return node.number if node.form == "number" else None


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
