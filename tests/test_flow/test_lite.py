"""What the site of ``make lite`` is made of: wheels of what is installed, Pyodide's lock, notebooks."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from importlib.metadata import distribution, distributions
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import nbformat
import pytest

from flow import cells
from flow.build.errors import BuildError
from flow.build.pyodide import FILES, LOCK, Pyodide

BUILD = Path(__file__).parents[2] / "lite" / "build.py"


@pytest.fixture
def lite(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location("build_lite", BUILD)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "WANTED", ("sideflow", "anywidget"))  # the kernel's own are many
    return module


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A wheel like ours, that needs something of Python alone, something compiled and something for servers only."""
    path = tmp_path / "sideflow-0.1.0-py3-none-any.whl"
    needs = (
        "tinycss2>=1.4",
        "nh3>=0.3",
        "ipykernel>=7; sys_platform != 'emscripten'",
        "starlette>=1; extra == 'server'",
    )
    lines = ["Metadata-Version: 2.4", "Name: sideflow", "Version: 0.1.0", *(f"Requires-Dist: {each}" for each in needs)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("flow/__init__.py", "")
        archive.writestr("sideflow-0.1.0.dist-info/METADATA", "\n".join(lines) + "\n\nRequires-Dist: nothing\n")
    return path


def pyodide_in(folder: Path, **packages: str) -> Pyodide:
    """A folder with files called as Pyodide's are. Its lock knows these packages, which may be there or not."""
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text(name)
    (folder / "package.json").write_text('{"version": "314.0.7"}')
    known = {
        name: {"name": name, "file_name": file, "depends": [], "imports": [name]} for name, file in packages.items()
    }
    (folder / LOCK).write_text(json.dumps({"info": {"python": "3.14.2"}, "packages": known}))
    return Pyodide.read(folder)


def test_the_lock_names_sideflow_and_what_it_needs_there_and_each_of_them_is_there(
    lite: ModuleType, ours: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    left_out = lite.write_pyodide(site, pyodide_in(tmp_path / "pyodide", numpy="numpy.whl"), ours)
    lock = json.loads((site / LOCK).read_text())
    assert lock["info"] == {"python": "3.14.2"}
    packages: dict[str, dict[str, Any]] = lock["packages"]
    assert {"sideflow", "tinycss2", "webencodings", "anywidget", "psygnal"} <= set(packages)
    assert not {"ipykernel", "starlette", "nothing", "numpy", "pexpect", "jupyterlab-widgets"} & set(packages)
    assert left_out == ["nh3"]
    assert packages["sideflow"]["depends"] == ["tinycss2"]
    assert packages["sideflow"]["imports"] == ["flow"]
    for each in packages.values():
        content = (site / each["file_name"]).read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()


def test_what_pyodide_has_built_is_taken_if_its_folder_holds_it(lite: ModuleType, ours: Path, tmp_path: Path) -> None:
    pyodide = pyodide_in(tmp_path / "pyodide", nh3="nh3-wasm32.whl", numpy="numpy-wasm32.whl")
    (pyodide.folder / "nh3-wasm32.whl").write_bytes(b"compiled")
    site = tmp_path / "site"
    site.mkdir()
    assert lite.write_pyodide(site, pyodide, ours) == []
    packages = json.loads((site / LOCK).read_text())["packages"]
    assert packages["nh3"]["file_name"] == "nh3-wasm32.whl"
    assert (site / "nh3-wasm32.whl").read_bytes() == b"compiled"
    assert packages["sideflow"]["depends"] == ["tinycss2", "nh3"]
    assert "numpy" not in packages


def test_a_wheel_of_what_is_installed_installs_as_the_first_one_did(lite: ModuleType, tmp_path: Path) -> None:
    found = distribution("tinycss2")
    path = lite.repacked(found, tmp_path)
    assert path.name == f"tinycss2-{found.version}-py3-none-any.whl"
    (again,) = distributions(path=[str(path)])
    assert (again.name, again.version, again.requires) == ("tinycss2", found.version, found.requires)
    listed = {str(each) for each in again.files or ()}
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == listed
        assert archive.read("tinycss2/parser.py") == Path(str(found.locate_file("tinycss2/parser.py"))).read_bytes()


def test_what_asks_for_a_newer_python_than_this_comes_from_pypi(
    lite: ModuleType, ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def download(command: list[str], folder: Path) -> None:
        asked.append(command)
        with zipfile.ZipFile(folder / "newer-2.5-py3-none-any.whl", "w") as archive:
            archive.writestr("newer.py", "")
            archive.writestr("newer-2.5.dist-info/METADATA", "Name: newer\nRequires-Dist: tinycss2\n\n")

    monkeypatch.setattr(lite, "run", download)
    monkeypatch.setattr(lite, "WANTED", ("sideflow", "newer"))
    monkeypatch.setattr(lite, "FROM_PYPI", {"newer": "newer>=2"})
    site = tmp_path / "site"
    site.mkdir()
    lite.write_pyodide(site, pyodide_in(tmp_path / "pyodide"), ours)
    newer = json.loads((site / LOCK).read_text())["packages"]["newer"]
    assert (newer["version"], newer["imports"], newer["depends"]) == ("2.5", ["newer"], ["tinycss2"])
    ((*_, python, _, requirement),) = asked
    assert (python, requirement) == ("--python-version=3.14", "newer>=2")


def test_two_wheels_of_the_same_are_the_same(lite: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first, second = (lite.repacked(distribution("wcwidth"), folder) for folder in (tmp_path, tmp_path / "again"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".so")]


def test_a_notebook_of_the_site_is_for_the_kernel_there_and_holds_no_outputs(lite: ModuleType, tmp_path: Path) -> None:
    lite.write_notebooks(tmp_path / "files", lite.NOTEBOOKS)
    assert {each.name for each in (tmp_path / "files").iterdir()} == {each.name for each in lite.NOTEBOOKS}
    assert len(lite.NOTEBOOKS) == 7
    for path in lite.NOTEBOOKS:
        notebook = nbformat.read(tmp_path / "files" / path.name, as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python"
        assert not [cell for cell in notebook.cells if cell.get("outputs")]
        assert [cell.source for cell in notebook.cells] == [cell.source for cell in nbformat.read(path, 4).cells]


def test_a_step_that_fails_says_what_it_said(lite: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"(?s)`-c .* failed:.*no space is left"):
        lite.run([sys.executable, "-c", "raise SystemExit('no space is left')"], tmp_path)


def test_an_extension_that_is_not_installed_is_named_with_what_installs_it(lite: ModuleType) -> None:
    with pytest.raises(BuildError, match=r"nobodys is not installed: pip install 'sideflow\[lite\]'"):
        lite.extension("nobodys")


def test_a_kernel_that_knows_its_request_itself_is_asked_for_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Pyodide's does; of ipykernel's the shell knows it."""
    parent = {"header": {"msg_type": "execute_request"}, "metadata": {"cellId": "of Pyodide"}}
    kernel = SimpleNamespace(get_parent=lambda: parent)
    monkeypatch.setattr(cells, "find_shell", lambda: SimpleNamespace(kernel=kernel))
    assert cells.find_request() == parent
    assert cells.find_cell() == "of Pyodide"
    known = {"metadata": {"cellId": "of ipykernel"}}
    monkeypatch.setattr(cells, "find_shell", lambda: SimpleNamespace(kernel=kernel, get_parent=lambda: known))
    assert cells.find_cell() == "of ipykernel"
    monkeypatch.setattr(cells, "find_shell", lambda: SimpleNamespace(kernel=None))
    assert cells.find_request() == {}
