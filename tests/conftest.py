"""What holds for every test: kernels and servers started here never read or write the developer's own files."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

# The developer's history, profile, kernels and settings.
PRIVATE = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")

_home = pytest.StashKey[Path]()


# Hooks rather than a fixture, for the notebooks' cells are tests that take no fixtures.
def pytest_configure(config: pytest.Config) -> None:
    home = Path(tempfile.mkdtemp(prefix="sideflow-tests-"))
    config.stash[_home] = home
    for name in PRIVATE:
        folder = home / name.lower()
        folder.mkdir()
        os.environ[name] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_home], ignore_errors=True)
