"""How a live kernel starts: quickly, quietly, and with the user's history and configuration in place."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from support.live_kernel import LiveKernel

HEAVY = ["debugpy", "jupyter_client.manager", "jupyter_client.provisioning", "psutil", "click", "rich", "jedi"]


def test_starting_imports_neither_the_debugger_nor_a_client_nor_the_command_line(kernel: LiveKernel) -> None:
    assert kernel.run(f"import sys\n[name for name in {HEAVY} if name in sys.modules]").results == ["[]"]


def test_a_notebook_can_use_jupyter_client_as_anywhere(kernel: LiveKernel) -> None:
    code = (
        "from jupyter_client.kernelspec import KernelSpecManager\n"
        "import jupyter_client\n"
        "from jupyter_client.multikernelmanager import MultiKernelManager\n"
        "jupyter_client.MultiKernelManager is MultiKernelManager\n"
        "type(jupyter_client).__name__"
    )
    assert kernel.run(code).results == ["True", "'module'"]


def test_the_collector_works_again_once_the_kernel_has_started(kernel: LiveKernel) -> None:
    assert kernel.run("import gc\ngc.isenabled()").results == ["True"]


def test_what_ran_is_in_the_history_of_the_next_kernel(start_kernel: Callable[..., LiveKernel], tmp_path: Path) -> None:
    kernel = start_kernel(arguments=[f"--HistoryManager.hist_file={tmp_path / 'history.sqlite'}"])
    kernel.run("remember = 'this'")
    kernel.ask("shutdown_request", {"restart": False}, channel="control")
    deadline = time.monotonic() + 10
    while kernel.is_alive and time.monotonic() < deadline:
        time.sleep(0.05)
    database = sqlite3.connect(tmp_path / "history.sqlite")
    try:
        assert database.execute("select source from history").fetchall() == [("remember = 'this'",)]
    finally:
        database.close()


def test_a_cell_is_in_the_history_while_it_runs(start_kernel: Callable[..., LiveKernel], tmp_path: Path) -> None:
    kernel = start_kernel(arguments=[f"--HistoryManager.hist_file={tmp_path / 'history.sqlite'}"])
    run = kernel.send("import time; print('on')\ntime.sleep(2)")
    kernel.wait_for_text(run, "on")
    time.sleep(0.5)
    database = sqlite3.connect(tmp_path / "history.sqlite")
    try:
        assert len(database.execute("select source from history").fetchall()) == 1
    finally:
        database.close()
    assert not run.is_over
