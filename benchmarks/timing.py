"""What the benchmarks share: what they were run on, the processor's time of a call, and the options of a table."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import time
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

KERNEL = ("ipykernel", "ipython")


def conditions(*packages: str) -> str:
    """What a table says of Python, of the packages, and of how busy the machine is."""
    load = f", load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""
    return ", ".join([f"Python {platform.python_version()}", *map(_version, packages)]) + load


def processor_time(call: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds that a call takes, without looking for garbage, and what it returns."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    found = call()
    taken = time.process_time() - start
    gc.enable()
    return taken, found


def options(about: str | None, what: str, known: Iterable[str]) -> argparse.Namespace:
    """The options of a table with a row for each of ``known``: ``rows`` of them, ``quick`` and ``json``."""
    known = [*known]
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(f"--{what}", dest="rows", default=",".join(known), help="which, of %(default)s")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    found = parser.parse_args()
    found.rows = found.rows.split(",")
    if unknown := {*found.rows}.difference(known):
        parser.error(f"no such {what}: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return found


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"
