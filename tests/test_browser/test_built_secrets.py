"""What `flow build` writes for visitors, searched byte by byte for the secrets of hostile apps."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.build.builder import FlowBuilder
from flow.compiler.rules import Rules
from support.hostile_apps import CASES, SECRET, Case
from support.pyodide_folder import make_runtime

KEPT = [case for case in CASES if case.refused is None and case.is_python and case.rules == Rules()]


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_runtime(tmp_path_factory.mktemp("pyodide") / "pyodide")


@pytest.mark.filterwarnings("ignore")  # doubts of the split are warnings
@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.title)
def test_no_file_for_visitors_has_the_secret(case: Case, tmp_path: Path, runtime: Path) -> None:
    entry = case.write(tmp_path / "app")
    FlowBuilder(tmp_path / "dist", pyodide=runtime).build(entry)
    assert not [*leaks(tmp_path / "dist")]


def test_the_search_finds_a_secret_in_a_file_and_in_an_archive(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<p>{SECRET.upper()}</p>", "utf-8")
    with zipfile.ZipFile(tmp_path / "modules.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shop.py", f"key = {SECRET!r}" * 9)
    assert sorted(leaks(tmp_path)) == ["modules.whl/shop.py", "page.html"]


def leaks(folder: Path) -> Iterator[str]:
    """The files that have the secret, those inside archives too."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield from _leaks(file.relative_to(folder).as_posix(), file.read_bytes())


def _leaks(name: str, content: bytes) -> Iterator[str]:
    if SECRET.encode() in content.lower():
        yield name
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                yield from _leaks(f"{name}/{each}", archive.read(each))
