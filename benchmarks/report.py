"""The table of the benchmark, and the same as data."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from case import Row, Sample
from timing import KERNEL, conditions


@dataclass(slots=True)
class Report:
    """All samples, by row and kernel. The first kernel is the reference."""

    kernels: Sequence[str]
    samples: dict[Row, dict[str, list[Sample]]] = field(default_factory=dict)

    def add(self, row: Row, kernel: str, sample: Sample) -> None:
        self.samples.setdefault(row, {}).setdefault(kernel, []).append(sample)

    def median(self, row: Row, kernel: str) -> float:
        values = [value for sample in self.samples[row].get(kernel, ()) for value in sample.values]
        return statistics.median(values) if values else math.nan

    def ratio(self, row: Row, kernel: str) -> float:
        return self.median(row, kernel) / self.median(row, self.kernels[0])

    def lost(self, row: Row, kernel: str) -> int:
        return sum(sample.lost for sample in self.samples[row].get(kernel, ()))

    def is_met(self, row: Row, kernel: str) -> bool:
        return row.is_met(self.median(row, kernel), self.ratio(row, kernel)) and not self.lost(row, kernel)

    def show(self, console: Console) -> None:
        reference, *others = self.kernels
        table = Table(
            title=f"Medians; ratios are multiples of {reference}", caption=conditions(*KERNEL), title_justify="left"
        )
        table.add_column("what")
        table.add_column("goal", justify="right")
        table.add_column(reference, justify="right")
        for kernel in others:
            table.add_column(kernel, justify="right")
            table.add_column("ratio", justify="right")
            table.add_column("")
        for row in self.samples:
            cells = [row.name, row.wish, self._cell(row, reference)]
            for kernel in others:
                ratio = self.ratio(row, kernel)
                cells += [self._cell(row, kernel), "-" if math.isnan(ratio) else f"{ratio:.2f}x"]
                cells += ["" if math.isnan(ratio) else "met" if self.is_met(row, kernel) else "MISSED"]
            table.add_row(*cells)
        console.print(table)

    def _cell(self, row: Row, kernel: str) -> str:
        value, lost = self.median(row, kernel), self.lost(row, kernel)
        if math.isnan(value):
            return "-"
        shown = f"{value:.0f}" if value >= 100 else f"{value:.3g}"
        return f"{shown} {row.unit}" + (f", {lost} lost" if lost else "")

    def as_data(self) -> dict[str, Any]:
        return {
            "conditions": conditions(*KERNEL),
            "reference": self.kernels[0],
            "rows": [
                {
                    "name": row.name,
                    "unit": row.unit,
                    "goal": None if row.limit is not None else row.goal,
                    "limit": row.limit,
                    "kernels": {kernel: self._data(row, kernel) for kernel in self.kernels},
                }
                for row in self.samples
            ],
        }

    def _data(self, row: Row, kernel: str) -> dict[str, Any]:
        values = [value for sample in self.samples[row].get(kernel, ()) for value in sample.values]
        median, ratio = self.median(row, kernel), self.ratio(row, kernel)
        return {
            "median": None if math.isnan(median) else median,
            "ratio": None if math.isnan(ratio) else ratio,
            "min": min(values, default=None),
            "max": max(values, default=None),
            "count": len(values),
            "lost": self.lost(row, kernel),
        }

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.as_data(), indent=2) + "\n")
