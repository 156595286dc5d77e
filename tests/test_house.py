"""The house as a whole: what an install brings, who imports whom, what the doors name, what the documents promise."""

from __future__ import annotations

import doctest
import gzip
import importlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import nbformat
import pytest

from support import stranger

ROOT = Path(__file__).parent.parent
PACKAGES = {
    "rdit": ROOT / "kernel" / "rdit",
    "flow": ROOT / "widgets" / "flow",
    "sidekick": ROOT / "widgets" / "sidekick",
}
LABEXTENSION = "share/jupyter/labextensions/sideflow"
FLOW_PAGE = "flow/static/flow.js"
FLOW_SANITIZER = "flow/static/sanitizer.js"
KERNELSPEC = {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

ASK_THE_KERNEL = """
from jupyter_client.manager import run_kernel

with run_kernel(kernel_name="rdit") as client:
    client.execute_interactive("import rdit; print(rdit.__file__)", timeout=60)
"""

BUILD_WITHOUT_A_WHEEL_OF_NODE = """
import sys; sys.path.insert(0, "js")
import npm; npm._of_the_wheel = lambda: None
import hatchling.build; hatchling.build.build_wheel(".")
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the sdist of this tree, by kind."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", str(folder), cwd=ROOT)
    return {"wheel": next(folder.glob("*.whl")), "sdist": next(folder.glob("*.tar.gz"))}


@pytest.fixture(scope="module", params=["wheel", "sdist", "editable"])
def installed(
    request: pytest.FixtureRequest, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A way to install, and an environment installed that way: without a network, and without Node but for a clone."""
    kind, folder = request.param, tmp_path_factory.mktemp(request.param)
    python = new_environment(folder)
    source = ["--editable", str(ROOT)] if kind == "editable" else [str(built[kind])]
    run(
        *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"),
        *("--no-index", "--no-deps", "--no-build-isolation", *source),
        env=None if kind == "editable" else without_node(),
    )
    return kind, folder


def test_the_wheel_holds_every_file_of_the_three_packages_and_no_other_package(built: dict[str, Path]) -> None:
    names = wheel_names(built["wheel"])
    shipped = {name for name in names if ".dist-info/" not in name and ".data/" not in name}
    assert shipped == {f"{package}/{file}" for package, folder in PACKAGES.items() for file in files_of(folder)}


def test_the_wheel_holds_the_kernelspec_where_jupyter_looks(built: dict[str, Path]) -> None:
    home = f"sideflow-{PROJECT['version']}.data/data/share/jupyter/kernels/rdit/"
    names = wheel_names(built["wheel"])
    assert {name.removeprefix(home) for name in names if name.startswith(home)} == KERNELSPEC


def test_the_wheel_holds_the_labextension_where_jupyterlab_looks(built: dict[str, Path]) -> None:
    files = data_of(built["wheel"], LABEXTENSION)
    about = json.loads(files["package.json"])
    schemas = {f"schemas/sideflow/{each.name}" for each in (ROOT / "js" / "lab" / "schema").glob("*.json")}
    described = {"package.json", "install.json", "schemas/sideflow/package.json.orig"}
    assert set(files) == described | schemas | {about["jupyterlab"]["_build"]["load"]}
    assert (about["name"], about["version"]) == ("sideflow", PROJECT["version"])


def test_the_labextension_brings_no_code_of_jupyterlab_s_and_fetches_nothing(built: dict[str, Path]) -> None:
    (script,) = [text for name, text in data_of(built["wheel"], LABEXTENSION).items() if name.endswith(".js")]
    assert len(script) < 150_000
    assert "https://" not in script


def test_the_wheel_holds_flow_s_page_which_is_small_and_fetches_nothing(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as archive:
        module, sanitizer = archive.read(FLOW_PAGE), archive.read(FLOW_SANITIZER)
    # Of it 2 KB draw on canvases: as a part of its own that would be one more text in kernels and saved notebooks.
    assert len(gzip.compress(module)) < 25_000
    for each in (module, sanitizer):
        assert not re.search(rb"https://|\bimport\s*[\"'{]", each)
        assert re.search(rb"export\s*\{[^}]*\bas default\b", each)


def test_the_wheel_switches_the_server_extension_on_where_jupyter_looks(built: dict[str, Path]) -> None:
    files = data_of(built["wheel"], "etc/jupyter/jupyter_server_config.d")
    told = {name: json.loads(text) for name, text in files.items()}
    assert told == {"sideflow.json": {"ServerApp": {"jpserver_extensions": {"rdit.server_extension": True}}}}


def test_the_wheel_holds_the_license_and_a_mark_that_it_is_typed(built: dict[str, Path]) -> None:
    names = wheel_names(built["wheel"])
    assert f"sideflow-{PROJECT['version']}.dist-info/licenses/LICENSE" in names
    assert {f"{package}/py.typed" for package in PACKAGES} <= names


def test_the_sdist_holds_what_a_packager_needs_to_build_and_to_test(built: dict[str, Path]) -> None:
    names = sdist_names(built["sdist"])
    needed = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "tests/test_house.py"}
    needed |= {str(PurePosixPath("notebooks") / notebook.name) for notebook in NOTEBOOKS}
    assert needed <= names
    assert not [name for name in names if name.startswith((".venv", "demo", "build", "dist", "js/node_modules"))]


def test_the_sdist_carries_the_labextension_as_it_is_in_the_wheel(built: dict[str, Path]) -> None:
    home = "js/dist/lab/"
    carried = {name.removeprefix(home) for name in sdist_names(built["sdist"]) if name.startswith(home)}
    assert set(data_of(built["wheel"], LABEXTENSION)) <= carried


def test_the_sdist_carries_flow_s_page_as_it_is_in_the_wheel(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as archive, zipfile.ZipFile(built["wheel"]) as wheel:
        (name,) = (each for each in archive.getnames() if each.endswith(f"/widgets/{FLOW_PAGE}"))
        carried = archive.extractfile(name)
        assert carried is not None
        assert carried.read() == wheel.read(FLOW_PAGE)


def test_an_install_brings_a_kernel_that_jupyter_finds_and_starts(installed: tuple[str, Path], tmp_path: Path) -> None:
    kind, folder = installed
    kernels = folder / "share" / "jupyter" / "kernels" / "rdit"
    assert {each.name for each in kernels.iterdir()} == KERNELSPEC
    answer = run(str(python_of(folder)), "-c", ASK_THE_KERNEL, cwd=tmp_path, env=stranger.environment(tmp_path)).strip()
    package = PACKAGES["rdit"] if kind == "editable" else site_packages(folder) / "rdit"
    assert Path(answer) == package / "__init__.py"


def test_an_install_brings_a_labextension_that_jupyterlab_calls_enabled_and_ok(
    installed: tuple[str, Path], tmp_path: Path
) -> None:
    _, folder = installed
    listed = subprocess.run(
        [str(python_of(folder)), "-m", "jupyterlab.labextensions", "list"],
        cwd=tmp_path,
        env=stranger.environment(tmp_path),
        capture_output=True,
        text=True,
    )
    told = re.sub(r"\x1b\[\d+m", "", listed.stdout + listed.stderr)
    assert f"sideflow v{PROJECT['version']} enabled OK (python, sideflow)" in told


def test_an_install_brings_flow_s_page(installed: tuple[str, Path]) -> None:
    kind, folder = installed
    package = PACKAGES["flow"] if kind == "editable" else site_packages(folder) / "flow"
    assert (package / "static" / "flow.js").stat().st_size > 10_000


def test_a_build_that_wants_node_says_what_to_do_where_there_is_none(built: dict[str, Path], tmp_path: Path) -> None:
    with tarfile.open(built["sdist"]) as archive:
        archive.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.iterdir()
    with (tree / "js" / "lab" / "src" / "index.ts").open("a", encoding="utf-8") as source:
        source.write("// changed\n")
    said = subprocess.run(
        [sys.executable, "-c", BUILD_WITHOUT_A_WHEEL_OF_NODE],
        cwd=tree,
        env=without_node(),
        capture_output=True,
        text=True,
    )
    assert said.returncode != 0
    assert (
        "The browser's half of Sideflow is built with Node.js, and none was found. Install "
        in said.stdout + said.stderr
    )


def test_the_launcher_shows_the_kernel_by_its_name() -> None:
    spec = json.loads((PACKAGES["rdit"] / "kernelspec" / "kernel.json").read_text(encoding="utf-8"))
    assert spec["display_name"] == "Python 3 (rdit)"
    assert spec["argv"][:4] == ["python", "-m", "rdit", "kernel"]


def test_nobody_imports_against_the_arrows() -> None:
    said = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_a_door_names_only_what_is_behind_it(package: str) -> None:
    door = importlib.import_module(package)
    names = getattr(door, "__all__", [])
    assert sorted(names) == list(names)
    assert [name for name in names if not hasattr(door, name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_opening_a_door_imports_nothing_heavy(package: str) -> None:
    heavy = ["IPython", "ipykernel", "zmq", "click", "rich", "asyncio", "anywidget", "ipywidgets"]
    code = f"import {package}, sys; print([name for name in {heavy} if name in sys.modules])"
    assert run(sys.executable, "-c", code).strip() == "[]"


def test_the_version_is_the_same_wherever_it_is_told() -> None:
    import rdit

    assert rdit.__version__ == PROJECT["version"] == importlib.metadata.version("sideflow")
    assert f"## {PROJECT['version']} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_command_of_the_makefile_and_no_other() -> None:
    targets = set(re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert told == targets - {"help"}


def test_the_python_of_the_readme_says_what_the_readme_says() -> None:
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert (found.failed, found.attempted > 0) == (0, True)


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert pictures
    assert [each for each in pictures if (ROOT / each).stat().st_size > 300_000] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_stored_as_the_kernel_ran_it_from_top_to_bottom(notebook: Path) -> None:
    stored = nbformat.read(notebook, as_version=4)
    nbformat.validate(stored)
    counts = [cell.execution_count for cell in stored.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert [cell.metadata for cell in stored.cells if "execution" in cell.metadata] == []
    assert stored.metadata.kernelspec.name == "rdit"


def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def data_of(wheel: Path, home: str) -> dict[str, str]:
    """The files that an install puts below ``home`` of the environment."""
    start = f"sideflow-{PROJECT['version']}.data/data/{home}/"
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.removeprefix(start): archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if name.startswith(start)
        }


def sdist_names(sdist: Path) -> set[str]:
    with tarfile.open(sdist) as archive:
        return {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()}


def files_of(package: Path) -> Iterator[str]:
    for file in package.rglob("*"):
        name = file.relative_to(package)
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in name.parts):
            yield name.as_posix()


def new_environment(folder: Path) -> Path:
    """A virtual environment that sees the libraries of this one, but not its sideflow. Returns its Python."""
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
    (site_packages(folder) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python_of(folder)


def python_of(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def site_packages(folder: Path) -> Path:
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))


def without_node() -> dict[str, str]:
    """This process's environment with nothing on the PATH."""
    return {**os.environ, "PATH": str(ROOT / "nowhere")}


def run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """What a command printed. When it fails, the test fails with all that it said."""
    said = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert said.returncode == 0, f"{' '.join(command)}\n{said.stdout}{said.stderr}"
    return said.stdout
