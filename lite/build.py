"""The tours as a static site: JupyterLite, whose kernel is a Python in the visitor's browser. ``make lite`` runs this.

Any web server can serve the folder, and a page of it asks nobody else for anything. So it holds Pyodide, and as wheels
what sideflow needs there. These are made of what is installed here: nothing is resolved or fetched a second time, and
what the tests have tested is what visitors get. Of Pyodide's own packages come those that its folder has.

    static/pyodide/    Pyodide, the wheels, and a lock of our own that names just them
    files/             the notebooks, to be run by the kernel that is there
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
import nbformat
from jupyter_core.paths import jupyter_path
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from flow.build.errors import BuildError
from flow.build.pyodide import FILES, LOCK, Pyodide, find

ROOT: Final = Path(__file__).parents[1]
NOTEBOOKS: Final = tuple(sorted(ROOT.glob("notebooks/0[2-8]*.ipynb")))  # the first is of rdit, a process
EXTENSIONS: Final = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
WANTED: Final = ("sideflow", "ipython", "comm", "jedi", "micropip")  # the kernel starts with these
IN_PURE_PYTHON_TOO: Final = frozenset({"psygnal", "wcwidth"})  # of what they compile they can do without
FROM_PYPI: Final = {"micropip": "micropip>=0.11,<1"}  # for Python 3.13, as pyproject.toml says
NOT_MISSED: Final = frozenset({"nbformat", "widgetsnbextension", "jupyterlab-widgets"})  # by flow and sidekick
KERNEL: Final = "@jupyterlite/pyodide-kernel-extension:kernel"
SETTINGS: Final = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
_BINARY: Final = (".so", ".pyd", ".dylib", ".dll")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@click.command()
@click.argument("notebooks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", "-o", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "dist" / "lite")
@click.option("--pyodide", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder with Pyodide.")
def main(notebooks: tuple[Path, ...], output: Path, pyodide: Path | None) -> None:
    """Build a JupyterLite of NOTEBOOKS, else of the tours, with sideflow installed in its kernel."""
    try:
        left_out = build(notebooks or NOTEBOOKS, output.resolve(), find(pyodide, ROOT / "js"))
    except BuildError as error:
        raise click.ClickException(str(error)) from None
    if left_out:
        click.echo(f"Without {', '.join(left_out)}, which this Pyodide does not hold")
    click.echo(f"The site is in {output}: python -m http.server --bind 127.0.0.1 -d {output}")


def build(notebooks: Iterable[Path], output: Path, pyodide: Pyodide) -> list[str]:
    """Build the site. Returns what of the requirements is not in it."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        ours = wheel(folder)
        home = folder / "site" / "static" / "pyodide"
        home.mkdir(parents=True)
        left_out = write_pyodide(home, pyodide, ours)
        write_settings(folder / "site")
        write_notebooks(folder / "site" / "files", notebooks)
        shutil.rmtree(output, ignore_errors=True)
        run_jupyterlite(folder / "site", output, [*map(extension, EXTENSIONS), ours])
    return left_out


def wheel(folder: Path) -> Path:
    """The wheel of this tree."""
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (made,) = folder.glob("*.whl")
    return made


def run_jupyterlite(site: Path, output: Path, extensions: Iterable[Path]) -> None:
    run(
        [
            *(sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(site), "--output-dir", str(output)),
            *("--contents", str(site / "files"), "--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages"),
            "--ignore-sys-prefix",
            *(f"--LiteBuildConfig.federated_extensions={each}" for each in extensions),
        ],
        site,
    )


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise BuildError(f"`{' '.join(command[1:4])}` failed:\n{done.stdout}{done.stderr}")


def extension(name: str) -> Path:
    """Where one of JupyterLab's extensions is installed."""
    for folder in jupyter_path("labextensions"):
        if (Path(folder) / name / "package.json").is_file():
            return Path(folder) / name
    raise BuildError(f"the extension {name} is not installed: pip install 'sideflow[lite]'")


# -- Pyodide and its packages


def write_pyodide(folder: Path, pyodide: Pyodide, ours: Path) -> list[str]:
    """Pyodide with sideflow and what it requires. Returns what of that is to be had nowhere."""
    for name in FILES:
        shutil.copy(pyodide.folder / name, folder)
    packages = {key: each for key, each in pyodide.packages.items() if (pyodide.folder / each["file_name"]).is_file()}
    for each in packages.values():
        shutil.copy(pyodide.folder / each["file_name"], folder)
    shutil.copy(ours, folder)
    needs = {"sideflow": requirements_of(ours)}
    packages["sideflow"] = described(folder / ours.name, "sideflow", ours.name.split("-")[1])
    left_out: set[str] = set()
    waiting = [*WANTED, *needs["sideflow"]]
    while waiting:
        name = waiting.pop()
        if name in packages or name in NOT_MISSED:
            continue
        path = wheel_of(name, folder)
        if path is None:
            left_out.add(name)
            continue
        needs[name] = requirements_of(path)
        waiting += needs[name]
        packages[name] = described(path, name, path.name.split("-")[1])
    for name, required in needs.items():
        packages[name]["depends"] = [each for each in required if each in packages]
    lock = json.loads((pyodide.folder / LOCK).read_text("utf-8"))
    (folder / LOCK).write_text(json.dumps({**lock, "packages": packages}), encoding="utf-8")
    return sorted(left_out)


def wheel_of(name: str, folder: Path) -> Path | None:
    """A wheel of what is installed here; of what asks for a newer Python from PyPI; None if there is no such wheel."""
    found = installed(name)
    if found is not None and (name in IN_PURE_PYTHON_TOO or not is_compiled(found)):
        return repacked(found, folder)
    return fetched(FROM_PYPI[name], folder) if found is None and name in FROM_PYPI else None


def fetched(requirement: str, folder: Path) -> Path:
    before = {*folder.iterdir()}
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version=3.14")
    run([sys.executable, "-m", "pip", "download", *options, f"--dest={folder}", requirement], folder)
    (made,) = {*folder.iterdir()} - before
    return made


def described(path: Path, name: str, version: str) -> dict[str, Any]:
    """A wheel as a lock of Pyodide's describes it, which needs nothing."""
    return {
        "name": name,
        "version": version,
        "file_name": path.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": tops_of(path),
        "depends": [],
        "unvendored_tests": False,
    }


def tops_of(path: Path) -> list[str]:
    """What can be imported of a wheel."""
    with zipfile.ZipFile(path) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist() if name.endswith(".py")}
    return sorted(top.removesuffix(".py") for top in tops if not top.endswith((".data", ".dist-info")))


def requirements_of(path: Path) -> list[str]:
    """The distributions that a wheel needs in a browser."""
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().partition("\n\n")[0].splitlines()
    return needed(line.partition(":")[2] for line in lines if line.startswith("Requires-Dist:"))


def needed(requirements: Iterable[str]) -> list[str]:
    """The names of the requirements that hold in a browser."""
    there = {"sys_platform": "emscripten", "platform_system": "Emscripten", "platform_machine": "wasm32", "extra": ""}
    there |= {"os_name": "posix", "python_version": "3.14", "python_full_version": "3.14.2"}
    parsed = map(Requirement, requirements)
    return [canonicalize_name(each.name) for each in parsed if each.marker is None or each.marker.evaluate(there)]


def installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def is_compiled(found: Distribution) -> bool:
    return any(path.suffix in _BINARY for path in found.files or ())


def repacked(found: Distribution, folder: Path) -> Path:
    """A wheel of what is installed, of its Python alone."""
    name = re.sub(r"[-_.]+", "_", found.name)
    path = folder / f"{name}-{found.version}-py3-none-any.whl"
    files = dict(sorted(python_files_of(found)))
    info = next(file for file in files if file.endswith(".dist-info/METADATA")).rpartition("/")[0]
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: sideflow\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = io.StringIO()
    lines = csv.writer(record, lineterminator="\n")
    for file, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.writerow((file, f"sha256={digest}", len(content)))
    lines.writerow((f"{info}/RECORD", "", ""))
    files[f"{info}/RECORD"] = record.getvalue().encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(zipfile.ZipInfo(file, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return path


def python_files_of(found: Distribution) -> Iterator[tuple[str, bytes]]:
    for path in found.files or ():
        left_out = {"..", "__pycache__", "tests"} & set(path.parts) or path.suffix in (*_BINARY, ".pth")
        of_pip = path.name in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "WHEEL")
        file = Path(str(found.locate_file(path)))
        if not left_out and not of_pip and file.is_file():
            yield path.as_posix(), file.read_bytes()


# -- The rest of the site


def write_settings(site: Path) -> None:
    kernel = {"loadPyodideOptions": {"packages": list(WANTED)}}
    told = {"appName": "Sideflow", "litePluginSettings": {KERNEL: kernel}, "exposeAppInBrowser": True}
    lite = {"jupyter-lite-schema-version": 0, "jupyter-config-data": told}
    (site / "jupyter-lite.json").write_text(json.dumps(lite), encoding="utf-8")
    (site / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")


def write_notebooks(folder: Path, notebooks: Iterable[Path]) -> None:
    """The notebooks, to be run by the kernel that is there. Their outputs are another kernel's, and are left out."""
    folder.mkdir(parents=True)
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        notebook.metadata["kernelspec"] = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / path.name)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
