"""Kernelspecs of rdit: putting one where Jupyter finds it, listing them, taking one away.

A kernelspec that is installed from here names this Python by its full path, so it starts this rdit whichever
environment Jupyter itself runs in.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

SOURCE = Path(__file__).parent / "kernelspec"
_FILES = ("kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg")


class KernelspecError(Exception):
    """What was asked for cannot be done. ``str()`` says why, and what can."""


@dataclass(frozen=True, slots=True)
class RditSpec:
    """A kernelspec that starts an rdit kernel. ``python`` is the program that does."""

    name: str
    display_name: str
    folder: str
    python: str

    @property
    def is_usable(self) -> bool:
        """Whether its Python is there; a bare ``python`` means the one that Jupyter runs in."""
        return not os.path.isabs(self.python) or os.access(self.python, os.X_OK)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "usable": self.is_usable}


def install_kernelspec(
    name: str = "rdit", display_name: str | None = None, *, user: bool = False, prefix: Path | None = None
) -> str:
    """Install a kernelspec for this Python and return its folder; by default in this Python's own environment."""
    manager = KernelSpecManager()
    place = None if user else str(prefix or sys.prefix)
    destination = Path(manager.user_kernel_dir if place is None else Path(place, "share/jupyter/kernels"), name.lower())
    if destination.exists() and _read(destination) is None:
        raise KernelspecError(
            f"expected {name!r} to be free or rdit's, but {destination} holds another kernel; choose another --name"
        )
    with tempfile.TemporaryDirectory() as folder:
        for file in _FILES:
            shutil.copy(SOURCE / file, folder)
        path = Path(folder, "kernel.json")
        spec = json.loads(path.read_text("utf-8"))
        spec["argv"][0] = sys.executable
        spec["display_name"] = display_name or spec["display_name"]
        path.write_text(json.dumps(spec, indent=2, ensure_ascii=False) + "\n", "utf-8")
        try:
            return str(manager.install_kernel_spec(folder, name, user=user, prefix=place))
        except ValueError:
            raise KernelspecError(f"expected a name of letters, digits, '.', '-' and '_', but got {name!r}") from None
        except OSError as error:
            raise KernelspecError(
                f"expected to write to {destination.parent}, but: {error.strerror}; "
                "--user installs for you alone, --prefix below any folder"
            ) from error


def rdit_kernelspecs() -> list[RditSpec]:
    """The kernelspecs Jupyter finds here that start an rdit kernel."""
    found = (_read(Path(folder), name) for name, folder in sorted(_folders().items()))
    return [spec for spec in found if spec is not None]


def remove_kernelspec(name: str) -> str:
    """Remove the kernelspec Jupyter finds under ``name`` and return where it was. Only rdit's own are removed."""
    folder = _folders().get(name.lower())
    if folder is None:
        known = ", ".join(spec.name for spec in rdit_kernelspecs()) or "none"
        raise KernelspecError(f"expected the name of an rdit kernelspec ({known}), but found no {name!r}")
    if _read(Path(folder), name) is None:
        raise KernelspecError(
            f"expected {name!r} to start an rdit kernel, but {folder} starts another; "
            f"`jupyter kernelspec remove {name}` removes any"
        )
    try:
        return str(KernelSpecManager(ensure_native_kernel=False).remove_kernel_spec(name.lower()))
    except OSError as error:
        raise KernelspecError(f"expected to remove {folder}, but: {error.strerror}") from error


def _folders() -> dict[str, str]:
    found: dict[str, str] = KernelSpecManager(ensure_native_kernel=False).find_kernel_specs()
    return found


def _read(folder: Path, name: str = "") -> RditSpec | None:
    """The kernelspec in ``folder`` if it is one of rdit's."""
    try:
        spec = json.loads((folder / "kernel.json").read_text("utf-8"))
        argv = spec["argv"]
        if argv[1:4] != ["-m", "rdit", "kernel"]:
            return None
        return RditSpec(name or folder.name, str(spec["display_name"]), str(folder), str(argv[0]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
