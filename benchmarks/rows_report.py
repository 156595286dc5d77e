"""The tables of the rows benchmark: a quantity each, by operation and library, and whether flow keeps its goals."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from case import Sample
from timing import conditions

FLOOR, OURS = "by hand", "flow"
PACKAGES = ("anywidget", "ipykernel", "ipywidgets", "reacton", "solara-ui")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured. ``limits``: by operation, not to be exceeded by flow; ``ratio``: of the floor, likewise."""

    name: str
    unit: str
    limits: Mapping[str, float] = field(default_factory=dict, hash=False, compare=False)
    ratio: float | None = None

    def wish(self, operation: str) -> str:
        limit = self.limits.get(operation)
        wishes = [] if limit is None else [f"{limit:g}"]
        return ", ".join(wishes + ([] if self.ratio is None else [f"{self.ratio:g}x"]))


@dataclass(slots=True)
class Report:
    """All samples: by quantity, operation and library."""

    libraries: Sequence[str]
    samples: dict[Quantity, dict[str, dict[str, Sample]]] = field(default_factory=dict)

    def add(self, quantity: Quantity, operation: str, library: str, value: float | None) -> None:
        """Add a value, or None for what never came."""
        samples = self.samples.setdefault(quantity, {}).setdefault(operation, {})
        sample = samples.setdefault(library, Sample())
        if value is None:
            sample.lost += 1
        else:
            sample.values.append(value)

    def median(self, quantity: Quantity, operation: str, library: str) -> float:
        sample = self.samples[quantity][operation].get(library)
        return statistics.median(sample.values) if sample and sample.values else math.nan

    def verdict(self, quantity: Quantity, operation: str) -> str:
        """Whether flow keeps its goals, where it has some."""
        if not quantity.wish(operation):
            return ""
        value = self.median(quantity, operation, OURS)
        limit = quantity.limits.get(operation, math.inf)
        most = min(limit, (quantity.ratio or math.inf) * self.median(quantity, operation, FLOOR))
        return "" if math.isnan(value) or math.isnan(most) else "met" if value <= most else "MISSED"

    def show(self, console: Console) -> None:
        for quantity, operations in self.samples.items():
            table = Table(title=f"{quantity.name}, {quantity.unit}", title_justify="left")
            table.add_column("")
            table.add_column("goal", justify="right")
            for library in self.libraries:
                table.add_column(library, justify="right")
                if library == OURS:
                    table.add_column("ratio", justify="right")
                    table.add_column("")
            for operation in operations:
                cells = [operation, quantity.wish(operation)]
                for library in self.libraries:
                    cells.append(self._cell(quantity, operation, library))
                    if library == OURS:
                        ratio = self.median(quantity, operation, OURS) / self.median(quantity, operation, FLOOR)
                        cells += ["-" if math.isnan(ratio) else f"{ratio:.2f}x", self.verdict(quantity, operation)]
                table.add_row(*cells)
            console.print(table)
        console.print(conditions(*PACKAGES))

    def _cell(self, quantity: Quantity, operation: str, library: str) -> str:
        value = self.median(quantity, operation, library)
        sample = self.samples[quantity][operation].get(library, Sample())
        lost = f", {sample.lost} lost" if sample.lost else ""
        return "-" + lost if math.isnan(value) else (f"{value:.0f}" if value >= 100 else f"{value:.3g}") + lost

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_data(), indent=2) + "\n")

    def as_data(self) -> dict[str, Any]:
        return {
            "conditions": conditions(*PACKAGES),
            "quantities": [
                {
                    "name": quantity.name,
                    "unit": quantity.unit,
                    "ratio": quantity.ratio,
                    "operations": {
                        operation: {
                            "limit": quantity.limits.get(operation),
                            "verdict": self.verdict(quantity, operation),
                            "libraries": {
                                library: {"values": sample.values, "lost": sample.lost}
                                for library, sample in samples.items()
                            },
                        }
                        for operation, samples in operations.items()
                    },
                }
                for quantity, operations in self.samples.items()
            ],
        }
