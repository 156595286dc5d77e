"""What of a page's Python is compiled when it is built."""

from __future__ import annotations

import importlib.util
import marshal
import sys
from pathlib import Path

import pytest

from flow.build import bytecode
from flow.build.bytecode import compiled, with_codes
from flow.build.closure import imported
from flow.build.pyodide import Pyodide

HERE = ".".join(map(str, sys.version_info[:3]))


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(bytecode.FOLDER, str(tmp_path / "kept"))
    return tmp_path / "kept"


def pyodide(python: str = HERE) -> Pyodide:
    return Pyodide(Path("pyodide"), "1.2.3", python, {})


def test_code_says_where_its_source_was_and_is_taken_as_it_is() -> None:
    done = compiled({"/library/tea.py": b"def price():\n    return 3\n", "/library/no.py": b"def (:\n"}, pyodide())
    assert done.missing == ""
    (code,) = done.codes.values()
    assert code[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(code[4:8], "little") == 1  # it has a digest of its source, which nobody checks
    module = marshal.loads(code[16:])
    assert module.co_filename == "/library/tea.py"
    names: dict[str, object] = {}
    exec(module, names)
    assert "price" in names


def test_what_was_compiled_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch, kept: Path) -> None:
    sources = {"/library/tea.py": b"a = 1\n", "/library/broken.py": b"def (:\n"}
    first = compiled(sources, pyodide())
    assert len(list((kept / HERE).iterdir())) == 2
    monkeypatch.setattr(bytecode, "_compiler", lambda pyodide: pytest.fail("compiled again"))
    assert compiled(sources, pyodide()) == first


def test_without_a_python_of_the_pages_version_and_without_node_it_is_said_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bytecode.shutil, "which", lambda name: None)
    done = compiled({"/library/tea.py": b"a = 1\n"}, pyodide("9.8.7"))
    assert done.codes == {}
    assert done.missing == "neither Python 9.8 nor Node.js is on the PATH"


def test_a_compiler_that_fails_is_told_of_and_stops_no_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bytecode.shutil, "which", lambda name: sys.executable if name.startswith("python") else None)
    monkeypatch.setattr(bytecode, "_IN_PYTHON", "raise MemoryError('no room')")
    done = compiled({"/library/tea.py": b"a = 1\n"}, pyodide("9.8.7"))
    assert done.missing == "what compiles it failed: MemoryError: no room"


def test_a_python_of_that_version_on_the_path_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(bytecode.shutil, "which", lambda name: asked.append(name) or sys.executable)
    assert compiled({"/library/tea.py": b"a = 1\n"}, pyodide("9.8.7")).codes
    assert asked == ["python9.8"]


def test_codes_stand_in_the_place_of_sources_or_beside_them() -> None:
    files = {"tea/__init__.py": b"", "tea/price.py": b"a = 1\n", "tea/data.json": b"{}"}
    codes = {"/library/tea/price.py": b"code"}
    assert with_codes(files, codes, "/library") == {
        "tea/__init__.py": b"",
        "tea/price.pyc": b"code",
        "tea/data.json": b"{}",
    }
    kept = with_codes(files, codes, "/library", keeps_sources=True)
    assert kept == {**files, "tea/__pycache__/price.cpython-314.pyc": b"code"}


def test_of_the_library_is_compiled_what_the_page_imports_while_it_begins() -> None:
    library = {
        "asyncio/__init__.py": b"from .events import *\nfrom . import locks\n",
        "asyncio/events.py": b"import selectors\ndef late():\n    import pdb\n",
        "asyncio/locks.py": b"",
        "selectors.py": b"try:\n    import math\nexcept ImportError: pass\n",
        "json/__init__.py": b"from json.decoder import a\n",
        "json/decoder.py": b"",
        "math.py": b"",
        "pdb.py": b"",
        "csv.py": b"",
    }
    found = imported(library, [b"def later():\n    import json\n"])
    assert found == {*library} - {"pdb.py", "csv.py"}
