"""What holds for every test: kernels and servers started here never read or write the developer's own files."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# No test is a matter of time: machines that run them are busy.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# The developer's history, profile, kernels and settings.
PRIVATE = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")

_home = pytest.StashKey[Path]()


# Hooks rather than a fixture, for the notebooks' cells are tests that take no fixtures.
def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Who starts the tests in the background has them ignore Ctrl+C, and what they start inherits that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    home = Path(tempfile.mkdtemp(prefix="sideflow-tests-"))
    config.stash[_home] = home
    for name in PRIVATE:
        folder = home / name.lower()
        folder.mkdir()
        os.environ[name] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_home], ignore_errors=True)
