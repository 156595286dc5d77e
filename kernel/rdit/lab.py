"""`rdit FILE`: JupyterLab with one file open, a script in an editor beside an rdit kernel, a notebook as ever.

JupyterLab runs in this process, so that Ctrl+C, signals and the exit status are its own. The page opens the file
because the server's first page is the file's; which script it is that an rdit kernel belongs to, the server extension
tells the page.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote


class LabMissing(Exception):
    """There is no JupyterLab to open the file in. ``str()`` says what to do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, and the folder that JupyterLab shows beside it."""

    root: Path
    file: Path

    @classmethod
    def beside(cls, path: str | Path, here: Path) -> Opened:
        """Shows the folder ``here`` if the file lies below it, and the file's own folder if not.

        Jupyter serves nothing below a hidden folder, but a hidden folder itself may be the root.
        """
        file = Path(os.path.abspath(here / path))
        is_below = file.is_relative_to(here)
        is_served = is_below and not any(part.startswith(".") for part in file.relative_to(here).parent.parts)
        return cls(here if is_served else file.parent, file)

    @property
    def name(self) -> str:
        """As Jupyter's contents API calls the file."""
        return self.file.relative_to(self.root).as_posix()

    @property
    def is_notebook(self) -> bool:
        return self.file.suffix == ".ipynb"

    @property
    def is_hidden(self) -> bool:
        return self.file.name.startswith(".")

    def make(self) -> None:
        """Make the file, with nothing in it, if it is not there. Raises OSError."""
        if self.file.exists():
            return
        self.file.write_text(_empty_notebook() if self.is_notebook else "", "utf-8")


def server_options(
    opened: Opened, *, port: int | None = None, is_root: bool = False, others: Sequence[str] = ()
) -> list[str]:
    """What a Jupyter server is told of a file that it opens. ``others`` come last and win."""
    return [
        f"--ServerApp.root_dir={opened.root}",
        # Whoever opened one file knows what a Ctrl+C ends.
        "--ServerApp.answer_yes=True",
        *(["--ContentsManager.allow_hidden=True"] if opened.is_hidden else []),
        *([] if port is None else [f"--ServerApp.port={port}"]),
        *(["--allow-root"] if is_root else []),
        *others,
    ]


def lab_options(opened: Opened, *, opens_browser: bool = True) -> list[str]:
    """What JupyterLab is told besides."""
    return [
        f"--LabApp.default_url=/lab/tree/{quote(opened.name)}",
        *([] if opened.is_notebook else [f"--SideflowServer.script={opened.name}"]),
        *([] if opens_browser else ["--no-browser"]),
    ]


def has_lab() -> bool:
    """Whether JupyterLab can be imported."""
    return importlib.util.find_spec("jupyterlab") is not None


def require_lab(name: str) -> None:
    """Raise LabMissing where JupyterLab cannot be imported; ``name`` is the file it was to open."""
    if not has_lab():
        raise LabMissing(
            f"expected JupyterLab beside rdit to open {name!r} in, found none; "
            f"`{sys.executable} -m pip install jupyterlab` installs it, and `rdit run {name}` runs the file without it"
        )


def run_lab(options: Sequence[str]) -> None:
    """Run JupyterLab until it is ended."""
    importlib.import_module("jupyterlab.labapp").LabApp.launch_instance(list(options))


def _empty_notebook() -> str:
    """A notebook for the rdit kernel, with a cell to begin in."""
    spec = json.loads((Path(__file__).parent / "kernelspec" / "kernel.json").read_text("utf-8"))
    kernelspec = {"name": "rdit", "display_name": spec["display_name"], "language": spec["language"]}
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": token_hex(4),
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": "",
    }
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1) + "\n"
