"""``flow new``: a project whose tests pass and that builds, and never on top of what is there."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from flow.cli import cli
from support.pyodide_folder import make_runtime


def new(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["new", *arguments])
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_project_passes_its_tests_and_builds(folder: Path) -> None:
    code, said = new("tea-shop")
    assert code == 0
    assert "cd tea-shop\n  flow dev app.py" in said
    made = folder / "tea-shop"
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert files == {"app.py", "tests/test_app.py", "pyproject.toml", "README.md", ".gitignore"}
    told = tomllib.loads((made / "pyproject.toml").read_text("utf-8"))
    assert told["project"]["name"] == "tea-shop"
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=made,
        capture_output=True,
        text=True,
    )
    assert tests.returncode == 0, tests.stdout + tests.stderr
    assert "3 passed" in tests.stdout
    built = CliRunner().invoke(
        cli,
        ["build", str(made / "app.py"), "-o", str(made / "dist"), "--pyodide", str(make_runtime(folder / "runtime"))],
    )
    assert built.exit_code == 0, built.output
    assert "Shows app.App" in built.output
    client = (made / "dist" / "client" / "app_client.py").read_text("utf-8")
    assert "tell me your name first" not in client
    assert "datetime" not in client


def test_a_new_project_is_formatted_as_its_author_would(folder: Path) -> None:
    new("shop")
    for path in (folder / "shop").rglob("*.py"):
        text = path.read_text("utf-8")
        assert "$" not in text
        assert max(map(len, text.splitlines())) <= 120
        compile(text, path, "exec")


def test_a_path_is_a_name_as_well_and_an_empty_folder_is_taken(folder: Path) -> None:
    (folder / "inside" / "shop").mkdir(parents=True)
    assert new("inside/shop")[0] == 0
    assert (folder / "inside" / "shop" / "app.py").is_file()


def test_what_is_there_stays(folder: Path) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "app.py").write_text("mine")
    code, said = new("shop")
    assert code == 1
    assert "shop is there already, and is not empty: choose another name, or empty it" in said
    assert [path.name for path in (folder / "shop").iterdir()] == ["app.py"]
    assert (folder / "shop" / "app.py").read_text() == "mine"
    (folder / "file").write_text("mine")
    code, said = new("file")
    assert (code, "file is there already, and is no folder" in said) == (1, True)


@pytest.mark.parametrize(
    "name", ["1shop", "tea shop", "-", "tea-", "té", "a/b/..", ".", "sideflow", "Flow", "con", "$name", ""]
)
def test_a_name_that_no_project_can_have_is_wrong_use(folder: Path, name: str) -> None:
    code, said = new("--", name)
    assert code == 2
    assert "a project cannot be called" in said
    assert [*folder.iterdir()] == []
