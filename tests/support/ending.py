"""How a process that a test started ends: asked first, then made to."""

from __future__ import annotations

import subprocess


def end(process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """Have it end, and wait until it has."""
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
