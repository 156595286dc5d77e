"""The seven programs that the original came with, written anew with the same calls, and what each shows at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "examples"
SHOWS: Final = {
    "bouncing_ball": "canvas",
    "comprehensive_layout": "What happened:",
    "console_echo": "I shall repeat it.",
    "game_of_life": "Random",
    "tower_of_hanoi": "The tower of Hanoi",
    "viz_clock": "a clock",
    "viz_clock_async": "a clock",
}
ENDLESS: Final = "viz_clock"  # which only an interrupt ends, with a KeyboardInterrupt


def source(name: str) -> str:
    """The program, as it is pasted into a cell."""
    return (FOLDER / f"{name}.py").read_text("utf-8")
