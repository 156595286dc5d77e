"""The lines that IPython's tracebacks point at.

IPython 9.18 asks a cell's frame for its line. That is where the frame was last, not where it raised: of an error that a
clause handled and then raised another, the clause. And at a jump that the compiler added, where interrupts come, there
is none, and IPython shows a failure of its own. A traceback knows better.
"""

from __future__ import annotations

from types import FrameType, TracebackType
from typing import Any

from IPython.core.ultratb import AutoFormattedTB


class Tracebacks(AutoFormattedTB):
    """IPython's, pointing at the lines that tracebacks tell."""

    def get_records(self, etb: TracebackType, *args: Any) -> Any:
        """What is shown of each frame."""
        records = super().get_records(etb, *args)
        lines: dict[FrameType, int] = {}
        entry: TracebackType | None = etb
        while entry is not None:
            lines[entry.tb_frame] = entry.tb_lineno
            entry = entry.tb_next
        for record in records:
            if record.frame in lines:  # one that stands for repeated frames is of none
                record.lineno = lines[record.frame]
        return records
