"""``flow new``: a project to begin with, which runs, builds and has tests that pass."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from flow.errors import FlowError

FILES: Final = {  # by the name of the template
    "app.py": "app.py",
    "test_app.py": "tests/test_app.py",
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
}
_NAME: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_NOT_TO_BE_HAD: Final = frozenset(  # packages that the project itself needs, and what Windows calls devices
    ("sideflow", "flow", "sidekick", "rdit", "app", "pytest", "con", "prn", "aux", "nul")
)


class ProjectError(FlowError):
    """A project cannot be made there."""


class BadNameError(ProjectError):
    """A project cannot be called this."""


def make(folder: Path) -> list[Path]:
    """Write a project into a folder, which is made or empty. Gives the files. Raises ``ProjectError``."""
    name = folder.name
    if name.lower() in _NOT_TO_BE_HAD:
        raise BadNameError(
            f"a project cannot be called {name!r}: that is the name of something it needs, or of a device"
        )
    if not _NAME.fullmatch(name):
        raise BadNameError(
            f"a project cannot be called {name!r}: a name begins with a letter, and letters, digits, - and _ follow"
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise ProjectError(f"{folder} is there already, and is not empty: choose another name, or empty it")
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{folder} is there already, and is no folder: choose another name")
    title = re.sub(r"[-_]+", " ", name).capitalize()
    made: list[Path] = []
    for template, place in FILES.items():
        text = files("flow.dev").joinpath("template", f"{template}.txt").read_text("utf-8")
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(name=name, title=title), encoding="utf-8")
        made.append(path)
    return made
