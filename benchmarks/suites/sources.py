"""Where the suites come from: sdists of the versions that are installed, and the plugins that their tests need.

Everything is kept in one folder that can be thrown away; nothing is added to the environment that is tested.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

# What the suites import and this project's own tests do not need. Installed apart, without dependencies.
_EXTRAS = {
    "pytest_asyncio": "pytest-asyncio",
    "pytest_timeout": "pytest-timeout",
    "pytest_cov": "pytest-cov",
    "coverage": "coverage",
    "flaky": "flaky",
    "ipyparallel": "ipyparallel",
    "testpath": "testpath",
}


class Sources:
    """The folder of downloads."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache.resolve()
        self.cache.mkdir(parents=True, exist_ok=True)

    def sdist(self, name: str, release: str | None = None) -> Path:
        """The unpacked sdist of a package, by default of the version that is installed."""
        release = release or version(name)
        folder = self.cache / f"{name}-{release}"
        if not folder.exists():
            archive = self._downloaded(name, release)
            with tarfile.open(archive) as tar:
                top = tar.getnames()[0].split("/")[0]
                tar.extractall(self.cache, filter="data")
            if top != folder.name:
                (self.cache / top).rename(folder)
        return folder

    def extras(self) -> Path:
        """A folder for PYTHONPATH with the plugins that are not installed."""
        folder = self.cache / f"extras-{sys.version_info.major}.{sys.version_info.minor}"
        missing = [name for module, name in _EXTRAS.items() if importlib.util.find_spec(module) is None]
        if missing and not folder.exists():
            _pip("install", "--no-deps", "--target", str(folder), *missing)
        return folder

    def latest(self, name: str) -> Path:
        """The unpacked sdist of a package that need not be installed: of the version that is, else of the newest."""
        if importlib.util.find_spec(name) is not None:
            return self.sdist(name)
        known = sorted((self.cache / "archives").glob(f"{name}-*.tar.gz"))
        if not known:
            _pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(self.cache / "archives"), name)
            known = sorted((self.cache / "archives").glob(f"{name}-*.tar.gz"))
        return self.sdist(name, known[-1].name.removeprefix(f"{name}-").removesuffix(".tar.gz"))

    def installed(self, name: str, packages: Sequence[str]) -> Path:
        """A folder for PYTHONPATH with what a package's notebooks import."""
        folder = self.cache / f"for-{name}-{sys.version_info.major}.{sys.version_info.minor}"
        missing = [package for package in packages if importlib.util.find_spec(package) is None]
        if missing and not folder.exists():
            _pip("install", "--target", str(folder), *missing)
        return folder

    def _downloaded(self, name: str, release: str) -> Path:
        archives = self.cache / "archives"
        pattern = f"{name.replace('-', '[-_]')}-{release}.tar.gz"
        if not list(archives.glob(pattern)):
            _pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(archives), f"{name}=={release}")
        return next(archives.glob(pattern))


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"`{' '.join(command)}` failed:\n{done.stderr[-2000:]}")
