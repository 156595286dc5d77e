"""Files of an app's data: those that the project lists are in its page, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from flow.build import BuildError, BuildResult, FlowBuilder
from flow.build.data import unlisted
from flow.compiler import SplitError
from flow.compiler.rules import ProjectError
from support.pyodide_folder import make_runtime

APP = """\
from pathlib import Path
from flow import component
from flow.ui import Div

TEAS = (Path(__file__).parent / "data" / "teas.csv").read_text()

@component
def App():
    with open("price.txt") as file:
        return Div(TEAS, file.read())
"""
FILES = {"app.py": APP, "data/teas.csv": "Assam", "data/.hidden": "hunter2", "price.txt": "3 €", ".env": "hunter2"}


def built(folder: Path, listed: str, files: Mapping[str, str] = FILES) -> BuildResult:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "pyproject.toml").write_text(f"[tool.flow]\nfiles = [{listed}]\n", "utf-8")
    return FlowBuilder(folder / "dist", pyodide=make_runtime(folder / "runtime")).build(folder / "app.py")


def test_listed_files_are_where_the_app_looks_for_them(tmp_path: Path) -> None:
    result = built(tmp_path, "'data/*', 'price.txt'")
    assert result.warnings == ()
    assert "<div>Assam3 €</div>" in result.html_shell.read_text("utf-8")
    client = result.output_dir / "client"
    there = {path.relative_to(client).as_posix() for path in client.rglob("*") if path.is_file()}
    assert there == {"app_client.py", "data/teas.csv", "price.txt"}
    assert (result.server / "price.txt").read_text("utf-8") == "3 €"
    assert '"file":"data/teas.csv"' in result.html_shell.read_text("utf-8")


def test_without_listed_files_a_page_has_no_paths(tmp_path: Path) -> None:
    with pytest.raises(SplitError, match="pathlib"):
        built(tmp_path, "")


def test_a_file_that_is_read_and_not_listed_is_told_with_its_line(tmp_path: Path) -> None:
    result = built(tmp_path, "'data/teas.csv'")
    assert f"{tmp_path / 'app.py'}:9: the page opens 'price.txt', which it does not have." in result.warnings[0]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (".env", r"takes \.env, which a page, open to anyone, never gets"),
        ("data/.hidden", r"takes \.hidden"),
        ("key.pem", "takes key.pem"),
        ("app.py", "takes app.py"),
        ("none.txt", "no file of .* is 'none.txt'"),
        ("out.txt", "is .*secret.txt, outside of the project"),
        ("inside.txt", r"takes \.env"),
    ],
)
def test_what_no_page_gets_is_refused(listed: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hunter2", "utf-8")
    project = tmp_path / "project"
    project.mkdir()
    (project / "out.txt").symlink_to(tmp_path / "secret.txt")
    (project / "inside.txt").symlink_to(project / ".env")
    with pytest.raises(BuildError, match=said):
        built(project, f"{listed!r}", {**FILES, "key.pem": "hunter2"})
    assert not (project / "dist").exists()


@pytest.mark.parametrize("listed", ["'../secret.txt'", "'/etc/passwd'", "3"])
def test_what_cannot_be_listed_is_an_error_of_the_project(listed: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"files of \[tool\.flow\]"):
        built(tmp_path, listed)


def test_a_listed_file_with_a_key_in_it_is_told(tmp_path: Path) -> None:
    key = "AKIA" + "IOSFODNN7EXAMPLE"
    result = built(tmp_path, "'data/*', 'price.txt'", {**FILES, "price.txt": f"key {key}"})
    assert any("price.txt: a key of AWS may stand in this file" in each for each in result.warnings)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("open('a.csv')", "a.csv"),
        ("open('./a.csv', 'rb')", "./a.csv"),
        ("Path('a.csv').read_text()", "a.csv"),
        ("Path(__file__).resolve().parent / 'a' / 'b.csv'", "shop/a/b.csv"),
    ],
)
def test_reading_is_seen_in_its_usual_forms(source: str, name: str) -> None:
    assert list(unlisted(f"\n{source}", "shop/prices.py", {"b.csv"})) == [(2, name)]


@pytest.mark.parametrize(
    "source", ["open('b.csv')", "open('./b.csv')", "open('new.csv', 'w')", "open('/tmp/x')", "open(name)", "a / 'b'"]
)
def test_what_is_listed_or_written_or_not_known_is_not_told(source: str) -> None:
    assert list(unlisted(source, "prices.py", {"b.csv"})) == []
