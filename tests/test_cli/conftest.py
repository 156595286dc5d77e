"""Running the command line as its users do: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def text(self) -> str:
        """All that the program's statements put out."""
        return "".join(item["text"] for event in self.events for item in event.get("output", ()))


Rdit = Callable[..., Ran]


@pytest.fixture
def rdit(tmp_path: Path) -> Rdit:
    """Runs ``rdit`` in the test's folder: ``rdit("run", "a.py", stdin="x")``."""

    def run(*words: str, stdin: str = "", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "rdit", *words],
            cwd=tmp_path,
            input=stdin,
            env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
