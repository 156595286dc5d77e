"""Canaries: what a quick start leans on in other packages. Each runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_package_whose_door_runs_late_is_the_same_package() -> None:
    assert (
        python(
            "from rdit.lazy_packages import settle, stand_in\n"
            "stand_in('jupyter_client', write_connection_file='jupyter_client.connect')\n"
            "import sys, jupyter_client\n"
            "from jupyter_client import write_connection_file\n"
            "from jupyter_client.session import Session\n"
            "assert 'jupyter_client.manager' not in sys.modules\n"
            "settle()\n"
            "from jupyter_client.manager import KernelManager\n"
            "assert jupyter_client.KernelManager is KernelManager\n"
            "assert jupyter_client.session.Session is Session\n"
            "assert 'run_kernel' in dir(jupyter_client), dir(jupyter_client)\n"
            "from jupyter_client.blocking import BlockingKernelClient\n"
            "print(type(jupyter_client).__name__, jupyter_client.__version__ != '')"
        )
        == "module True"
    )


def test_a_late_package_that_is_not_there_says_so() -> None:
    assert (
        "ModuleNotFoundError: No package named 'not_there'"
        in subprocess.run(
            [sys.executable, "-c", "from rdit.lazy_packages import stand_in\nstand_in('not_there')"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        ).stderr
    )


def test_a_missing_name_is_an_error_as_in_any_module() -> None:
    assert (
        python(
            "from rdit.lazy_packages import stand_in\n"
            "stand_in('jupyter_client')\n"
            "import jupyter_client\n"
            "try:\n    jupyter_client.nothing_of_the_kind\n"
            "except AttributeError as error:\n    print(error)"
        )
        == "module 'jupyter_client' has no attribute 'nothing_of_the_kind'"
    )


def test_the_debugger_can_be_imported_after_the_kernel_was_made_without_it() -> None:
    assert (
        python(
            "import sys\n"
            "from rdit import lazy_debugger\n"
            "with lazy_debugger.not_imported():\n"
            "    from ipykernel.debugger import _is_debugpy_available\n"
            "    assert _is_debugpy_available is False\n"
            "assert 'debugpy' not in sys.modules\n"
            "from ipykernel.debugger import Debugger, _is_debugpy_available\n"
            "print(_is_debugpy_available, lazy_debugger.is_available())"
        )
        == "True True"
    )


@pytest.mark.parametrize("name", ["random", "ast", "asyncio", "click"])
def test_a_file_beside_the_notebook_does_not_take_a_modules_place(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')\n")
    done = subprocess.run(
        [sys.executable, "-m", "rdit", "kernel", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
