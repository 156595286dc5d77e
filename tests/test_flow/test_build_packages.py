"""Packages of a page: fetched where the project lists them, and told with the line of their import where they lack."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flow.build import BuildError, BuildResult, FlowBuilder
from flow.cli import cli
from flow.compiler.rules import ProjectError
from support.pyodide_folder import make_runtime

APP = """\
from flow import component
from flow.ui import Div
from {0} import word

@component
def App():
    return Div(word)
"""


def make_wheel(folder: Path, name: str, *, tag: str = "py3-none-any", requires: str = "") -> None:
    """A package with one module of its name."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": f"word = {name!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        "../evil.py": "word = 'evil'\n",
        f"{name}-1.0.data/scripts/run": "",
    }
    record = "".join(
        f"{each},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for each, text in files.items()
    )
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        for each, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(each, text)


def build(folder: Path, package: str, listed: str, packages: dict[str, Any] | None = None) -> BuildResult:
    (folder / "app.py").write_text(APP.format(package), "utf-8")
    (folder / "pyproject.toml").write_text(f"[tool.flow]\npackages = [{listed}]\n", "utf-8")
    runtime = make_runtime(folder / "runtime", packages)
    builder = FlowBuilder(folder / "dist", pyodide=runtime, links=folder / "wheels", offline=True)
    return builder.build(folder / "app.py")


def test_a_listed_package_comes_as_a_wheel_with_what_it_requires(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheels", "teahouse", requires="Requires-Dist: teacup>=1\n")
    make_wheel(tmp_path / "wheels", "teacup")
    result = build(tmp_path, "teahouse", "'teahouse>=1'")
    (archive,) = (result.output_dir / "assets").glob("packages-*.zip")
    names = {name for name in zipfile.ZipFile(archive).namelist() if ".dist-info" not in name}
    assert names == {"teahouse.py", "teacup.py"}
    assert result.warnings == ()
    assert "<div>teahouse</div>" in result.html_shell.read_text("utf-8")


def test_a_listed_package_that_is_not_of_python_alone_is_refused(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheels", "teahouse", tag="cp314-cp314-win_amd64")
    with pytest.raises(BuildError, match=r"could not fetch teahouse, .* as wheels of Python alone: "):
        build(tmp_path, "teahouse", "'teahouse'")
    assert not (tmp_path / "dist").exists()


def test_what_is_only_imported_is_not_fetched_and_the_author_is_told_where_it_is_imported(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheels", "teahouse")
    warning = build(tmp_path, "teahouse", "").warnings[0]
    assert warning.startswith(f"{tmp_path / 'app.py'}:3: the page imports teahouse, which neither")
    assert warning.endswith("packages = ['teahouse']")


def test_a_package_that_this_pyodide_lacks_is_told_with_the_line_that_imports_it(tmp_path: Path) -> None:
    lock = {"teahouse": {"imports": ["teahouse"], "file_name": "teahouse.whl", "depends": []}}
    said = rf"{re.escape(str(tmp_path / 'app.py'))}:3: the page imports teahouse, and .* lacks teahouse\.whl.*--pyodide"
    with pytest.raises(BuildError, match=said):
        build(tmp_path, "teahouse", "", lock)


@pytest.mark.parametrize("listed", ["'--index-url=http://evil.test'", "3", "''"])
def test_what_is_no_requirement_cannot_be_listed(listed: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"packages of \[tool\.flow\]"):
        build(tmp_path, "json", listed)


def test_the_command_fetches_from_a_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "app.py").write_text(APP.format("teahouse"), "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.flow]\npackages = ['teahouse']\n", "utf-8")
    options = ["--find-links", str(tmp_path / "wheels"), "--no-index", "-o", str(tmp_path / "dist")]
    runtime = str(make_runtime(tmp_path / "runtime"))
    done = CliRunner().invoke(cli, ["build", str(tmp_path / "app.py"), "--pyodide", runtime, *options])
    assert done.exit_code == 1
    assert "pip could not fetch teahouse" in done.output
