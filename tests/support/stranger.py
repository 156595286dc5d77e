"""The environment of somebody who has just arrived: an empty home, and no hint of where our sources are."""

from __future__ import annotations

import os
from pathlib import Path


def environment(home: Path) -> dict[str, str]:
    """This process's environment with ``home`` as home folder and nothing said to Python, IPython or Jupyter."""
    told = ("PYTHON", "IPYTHON", "JUPYTER", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(told)}
    return {**kept, "HOME": str(home)}
