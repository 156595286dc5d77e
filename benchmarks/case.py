"""What a case of the benchmark is: rows of the table, and how to measure them on one kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from wire import Wire

Unit = Literal["ms", "s", "MB"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. ``goal`` is a multiple of the reference's value, ``limit`` a value not to exceed."""

    name: str
    unit: Unit
    goal: float = 1.0
    limit: float | None = None

    @property
    def wish(self) -> str:
        return f"{self.limit:g} {self.unit}" if self.limit is not None else f"{self.goal:.2f}x"

    def is_met(self, value: float, ratio: float) -> bool:
        return value <= self.limit if self.limit is not None else ratio <= self.goal


@dataclass(slots=True)
class Sample:
    """Values of one row in one round, in the row's unit, and how many outputs that should have come did not."""

    values: list[float] = field(default_factory=list)
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do: a quick run repeats less."""

    is_quick: bool = False

    def times(self, count: int) -> int:
        return max(count // 5, 2) if self.is_quick else count


@dataclass(frozen=True, slots=True)
class Case:
    """``measure`` returns one sample for each row."""

    rows: tuple[Row, ...]
    measure: Callable[[Wire, Effort], list[Sample]]


def milliseconds(seconds: float) -> float:
    return seconds * 1000
