"""The standard library's own test modules, as programs: they end as under plain Python.

``RDIT_STDLIB=all`` runs the wide list, which takes minutes; ``RDIT_STDLIB=descriptors`` captures file descriptors too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

MODE = os.environ.get("RDIT_STDLIB", "")

QUICK = """
grammar scope generators patma coroutines named_expressions decorators unpack unpack_ex exception_group contextlib
asyncgen augassign class listcomps with raise except_star flufl syntax types super positional_only_arg keywordonlyarg
global opcodes type_annotations dataclasses
""".split()  # noqa: SIM905 - a list of words reads as one
WIDE = """
fstring string_literals call descr threading pickle enum typing inspect code compile exceptions traceback warnings
subprocess logging print io sys weakref fork1 contextlib_async module funcattrs property isinstance iter itertools
functools collections decimal datetime json argparse copy ast tokenize symtable dis builtin range set dict list tuple
long float complex bytes memoryview slice sort string format
""".split()  # noqa: SIM905

# As a program of its own, this one runs a benchmark.
NOT_MAIN = ("patma",)

# Both sides: the module's source as the program's file, then its own or unittest's main.
_PLAIN = """
import sys, types, unittest
path, name, _ = sys.argv[1:]
del sys.argv[1:]
kept = sys.modules.get(name)  # or this program's own names would go
module = sys.modules[name] = types.ModuleType(name)
module.__file__ = path
with open(path, "rb") as file:
    source = file.read()
exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
unittest.main(name)
"""
_STEPWISE = r"""
import sys
from rdit.executor import PythonExecutor
from rdit.outputs import exit_status
path, name, mode = sys.argv[1:]
del sys.argv[1:]
with open(path, "rb") as file:
    source = file.read()
with PythonExecutor(path, name=name, capture_fd=mode == "descriptors") as executor:
    for script in source, "import unittest\nunittest.main(__name__)":
        for result in executor.execute_script(script):
            for item in result.output:
                (sys.stdout if item.type == "stdout" else sys.stderr).write(item.text)
            if result.error is not None:
                sys.exit(exit_status(result.error))
"""


def _path(name: str) -> Path | None:
    try:
        spec = find_spec("test")
    except ImportError:
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    place = Path(spec.submodule_search_locations[0])
    candidates = [place / f"test_{name}.py", place / f"test_{name}" / "__init__.py"]
    return next((path for path in candidates if path.exists()), None)


def _end_of(program: str, path: Path, folder: Path) -> tuple[int, list[str]]:
    name = "cases" if path.stem.removeprefix("test_") in NOT_MAIN else "__main__"
    command = [sys.executable, "-W", "ignore", "-c", program, str(path), name, MODE]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=280, stdin=subprocess.DEVNULL
    )
    lines = re.findall(r"^(?:Ran \d+ tests?|OK.*|FAILED.*|NO TESTS RAN.*)", done.stdout + done.stderr, re.MULTILINE)
    assert lines, done.stderr
    return done.returncode, lines


@pytest.mark.parametrize("name", [*QUICK, *(WIDE if MODE else ())])
def test_a_module_of_tests_ends_as_under_plain_python(name: str, tmp_path: Path) -> None:
    path = _path(name)
    if path is None:
        pytest.skip(f"this Python comes without test_{name}")
    assert _end_of(_STEPWISE, path, tmp_path) == _end_of(_PLAIN, path, tmp_path)


def test_the_comparison_sees_a_failing_module(tmp_path: Path) -> None:
    path = tmp_path / "test_it.py"
    path.write_text("import unittest\nclass T(unittest.TestCase):\n    def test(self): self.fail()\n")
    assert _end_of(_STEPWISE, path, tmp_path) == (1, ["Ran 1 test", "FAILED (failures=1)"])
    assert _end_of(_PLAIN, path, tmp_path) == (1, ["Ran 1 test", "FAILED (failures=1)"])
