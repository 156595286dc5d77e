"""Running pytest on an unpacked suite in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from suites.outcome import Outcome, read_junit

PLUGINS = Path(__file__).parent / "plugins"


def run_pytest(
    folder: Path,
    arguments: Sequence[str],
    *,
    path: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    timeout: float,
) -> Outcome:
    """``path`` goes to PYTHONPATH. What takes longer than ``timeout`` is ended with all its children."""
    with tempfile.TemporaryDirectory() as home:
        report = Path(home) / "report.xml"
        variables = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "IPYTHONDIR": str(Path(home) / "ipython"),
            **(environment or {}),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]
        log = folder / f"pytest-{len(list(folder.glob('pytest-*.log')))}.log"
        with log.open("w") as written:
            process = subprocess.Popen(
                command, cwd=folder, env=variables, stdout=written, stderr=written, start_new_session=True
            )
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                return Outcome(trouble=f"not over after {timeout:g} s, see {log}")
            finally:
                _end(process)
        outcome = read_junit(report)
        return Outcome(trouble=f"{outcome.trouble}, see {log}") if outcome.trouble else outcome


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def kernelspec_in_place_of_python3(cache: Path) -> Path:
    """A folder for JUPYTER_PATH in which the kernel named python3 is rdit."""
    spec = cache / "rdit-as-python3" / "kernels" / "python3"
    spec.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "rdit", "kernel", "-f", "{connection_file}"]
    told = {"argv": argv, "display_name": "rdit as python3", "language": "python", "metadata": {"debugger": True}}
    (spec / "kernel.json").write_text(json.dumps(told))
    return spec.parents[1]
