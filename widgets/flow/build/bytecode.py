"""What a page's Python would compile on each visit, compiled once: most of the time until a page is alive goes there.

Code is compiled by the Python that Pyodide is: by this one, by one on the PATH, or by Pyodide itself in Node. It is
kept in the user's cache, by its source. Where there is none of them, pages come with sources and take longer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Final, TypeAlias

from flow.build.pyodide import Pyodide, cache

FOLDER: Final = "FLOW_COMPILED"  # names the folder where it is kept
_SECONDS: Final = 180
_ERROR: Final = re.compile(r"\s*\w*Error\b")
_TAG: Final = "cpython-314"  # which Pyodide's file names have

Compiler: TypeAlias = Callable[[str], str]
"""From sources by path to codes in base64, both JSON."""

# Codes are "unchecked": a page's files have no times, and do not change. What fails is no Python of that version.
_PROGRAM: Final = """\
import base64, importlib.util, json, sys
from importlib._bootstrap_external import _code_to_hash_pyc
def codes(sources):
    for path, source in sources.items():
        source = source.encode()
        try:
            code = compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        yield path, base64.b64encode(_code_to_hash_pyc(code, importlib.util.source_hash(source), False)).decode()
def answer(told):
    return json.dumps(dict(codes(json.loads(told))))
"""
_IN_PYTHON: Final = _PROGRAM + "sys.stdout.write(answer(sys.stdin.buffer.read()))\n"
_IN_NODE: Final = """\
const { pathToFileURL } = await import('node:url');
const { readFileSync, writeFileSync } = await import('node:fs');
const [folder, program, told, answer] = process.argv.slice(1);
const { loadPyodide } = await import(pathToFileURL(folder + '/pyodide.mjs').href);
const python = await loadPyodide({ indexURL: folder });
python.runPython(program);
writeFileSync(answer, python.globals.get('answer')(readFileSync(told, 'utf8')));
"""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Code by the paths of its sources, and why there is none."""

    codes: Mapping[str, bytes]
    missing: str = ""


def compiled(sources: Mapping[str, bytes], pyodide: Pyodide) -> Compiled:
    """Compile sources, by the paths that a page's Python has them at. What is no Python of that version is left out."""
    folder = _kept_in() / pyodide.python
    places = {path: folder / _digest(path, source) for path, source in sources.items()}
    new = {path: text for path, place in places.items() if not place.is_file() and (text := _text(sources[path]))}
    if new:
        run = _compiler(pyodide)
        if run is None:
            return Compiled({}, f"neither Python {_short(pyodide.python)} nor Node.js is on the PATH")
        try:
            answered = json.loads(run(json.dumps(new)))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            said = str(getattr(error, "stderr", None) or error)
            line = next((each for each in said.splitlines() if _ERROR.match(each)), repr(error))
            return Compiled({}, f"what compiles it failed: {line.strip()}")
        _keep({places[path]: base64.b64decode(answered.get(path, "")) for path in new})
    codes = {path: place.read_bytes() for path, place in places.items() if place.is_file()}
    return Compiled({path: code for path, code in codes.items() if code})


def with_codes(
    files: Mapping[str, bytes], codes: Mapping[str, bytes], root: str, *, keeps_sources: bool = False
) -> dict[str, bytes]:
    """Files below ``root`` with codes in the place of sources, or beside them, where tracebacks are to show lines."""
    found: dict[str, bytes] = {}
    for name, content in files.items():
        code = codes.get(f"{root}/{name}")
        if code is None or keeps_sources:
            found[name] = content
        if code is not None:
            found[_beside(name) if keeps_sources else f"{name}c"] = code
    return found


def _beside(name: str) -> str:
    path = PurePosixPath(name)
    return (path.parent / "__pycache__" / f"{path.stem}.{_TAG}.pyc").as_posix()


def _compiler(pyodide: Pyodide) -> Compiler | None:
    version = _short(pyodide.python)
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    is_here = here == version and sys.version_info.releaselevel == "final" and sys.implementation.name == "cpython"
    python = sys.executable if is_here else shutil.which(f"python{version}")
    if python:
        return partial(_in_python, python)
    node = shutil.which("node")
    return partial(_in_node, node, pyodide.folder) if node else None


def _in_python(python: str, told: str) -> str:
    command = [python, "-I", "-c", _IN_PYTHON]
    return subprocess.run(
        command, input=told, capture_output=True, check=True, timeout=_SECONDS, encoding="utf-8"
    ).stdout


def _in_node(node: str, pyodide: Path, told: str) -> str:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "told").write_text(told, "utf-8")
        files = [str(folder / "told"), str(folder / "answer")]
        command = [node, "--input-type=module", "-e", _IN_NODE, str(pyodide.resolve()), _PROGRAM, *files]
        subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_SECONDS, encoding="utf-8"
        )
        return (folder / "answer").read_text("utf-8")


def _text(source: bytes) -> str:
    try:
        return source.decode()
    except UnicodeDecodeError:
        return ""  # in another encoding: left as it is


def _kept_in() -> Path:
    told = os.environ.get(FOLDER)
    return Path(told) if told else cache().parent / "compiled"


def _keep(codes: Mapping[Path, bytes]) -> None:
    """Write files so that another build finds them whole or not at all."""
    for path, code in codes.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(code)
        Path(file.name).replace(path)


def _digest(path: str, source: bytes) -> str:
    return hashlib.sha256(path.encode() + b"\0" + source).hexdigest()[:32]


def _short(version: str) -> str:
    return ".".join(version.split(".")[:2])
