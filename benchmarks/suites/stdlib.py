"""CPython's own test modules, each pasted into one cell: do they pass as they do when they are imported?

A module's text runs as a cell, after a cell that gives the user's namespace the module's name and file, so that its
line numbers stay. Its tests then run in a thread, since many of them start an event loop and the kernel's is running.
What plain Python says of the same module, in a process of its own, is the truth; a kernel that leaves valid Python
untouched agrees with it everywhere.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from importlib.machinery import ModuleSpec
from pathlib import Path

from suites.outcome import Comparison, Outcome
from wire import KernelSilentError, Wire

# The language, and what leans on the compiler; several of them are doctests inside strings that begin with `>>>`.
MODULES = [
    "test_asyncgen",
    "test_augassign",
    "test_binop",
    "test_bool",
    "test_class",
    "test_code",
    "test_compare",
    "test_context",
    "test_contextlib",
    "test_contextlib_async",
    "test_coroutines",
    "test_dataclasses",
    "test_decorators",
    "test_defaultdict",
    "test_descr",
    "test_dict",
    "test_dictcomps",
    "test_enum",
    "test_except_star",
    "test_extcall",
    "test_fstring",
    "test_functools",
    "test_generator_stop",
    "test_genexps",
    "test_grammar",
    "test_itertools",
    "test_keywordonlyarg",
    "test_list",
    "test_listcomps",
    "test_metaclass",
    "test_named_expressions",
    "test_opcodes",
    "test_patma",
    "test_positional_only_arg",
    "test_property",
    "test_raise",
    "test_scope",
    "test_set",
    "test_setcomps",
    "test_string_literals",
    "test_super",
    "test_syntax",
    "test_type_params",
    "test_unpack",
    "test_unpack_ex",
    "test_with",
    "test_yield_from",
]

_MARK = "totals of the suite: "
_NAME = """
import sys
import test
sys.modules[{name!r}] = test.{short} = sys.modules["__main__"]
__name__, __file__, __package__ = {name!r}, {file!r}, {package!r}
if {folders!r}:
    __path__ = {folders!r}
"""
_RUN = """
def _totals(module):
    import io, json, threading, unittest
    found = {{}}
    class Result(unittest.TestResult):
        def addSuccess(self, test): found.setdefault(test.id(), "passed")
        def addFailure(self, test, error): found[test.id()] = "failed"
        def addError(self, test, error): found[test.id()] = "error"
        def addSkip(self, test, reason): found.setdefault(test.id(), "skipped")
        def addExpectedFailure(self, test, error): found[test.id()] = "passed"
        def addUnexpectedSuccess(self, test): found[test.id()] = "failed"
        def addSubTest(self, test, subtest, error):
            if error is not None: found[test.id()] = "failed"
    suite = unittest.TestLoader().loadTestsFromModule(module)
    thread = threading.Thread(target=suite.run, args=(Result(),))
    thread.start()
    thread.join()
    print("\\n" + {mark!r} + json.dumps(found))
import sys as _sys
_totals(_sys.modules[{name!r}])
"""


def stdlib(timeout: float) -> Comparison:
    """Plain Python is what both kernels are compared with; each test is named by its module."""
    plain: dict[str, str] = {}
    found: dict[str, dict[str, str]] = {"python3": {}, "rdit": {}}
    for short in MODULES:
        spec = importlib.util.find_spec(f"test.{short}")
        if spec is None or spec.origin is None:
            continue
        plain.update(_named(short, _plain(short, timeout)))
        for kernel, tests in found.items():
            tests.update(_named(short, _in_a_cell(kernel, spec, timeout)))
    python3, rdit = (Outcome(found[kernel]) for kernel in ("python3", "rdit"))
    return Comparison("CPython's tests as cells", python3, rdit, truth=Outcome(plain))


def _named(short: str, outcome: Outcome) -> dict[str, str]:
    return {short: outcome.trouble} if outcome.trouble else dict(outcome.tests)


def _plain(short: str, timeout: float) -> Outcome:
    name = f"test.{short}"
    script = f"import {name}\n" + _RUN.format(mark=_MARK, name=name)
    with tempfile.TemporaryDirectory() as desk:
        try:
            done = subprocess.run(
                [sys.executable, "-c", script], cwd=desk, capture_output=True, text=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            return Outcome(trouble=f"not over after {timeout:g} s")
    return _read(done.stdout, done.stderr)


def _in_a_cell(kernel: str, spec: ModuleSpec, timeout: float) -> Outcome:
    file = Path(spec.origin or "")
    naming = _NAME.format(
        name=spec.name,
        short=spec.name.rpartition(".")[2],
        file=str(file),
        package=spec.parent,
        folders=list(spec.submodule_search_locations or ()),
    )
    try:
        with tempfile.TemporaryDirectory() as desk, Wire(kernel, cwd=desk) as wire:
            wire.wait_until_ready()
            wire.run(naming)
            wire.run(file.read_text(encoding="utf-8"), timeout=timeout)
            return _read(wire.run(_RUN.format(mark=_MARK, name=spec.name), timeout=timeout).text(), "")
    except KernelSilentError:
        return Outcome(trouble=f"not over after {timeout:g} s")
    except RuntimeError as error:
        return Outcome(trouble=f"failed: {str(error)[-300:]}")


def _read(text: str, complaint: str) -> Outcome:
    for line in text.splitlines():
        if line.startswith(_MARK):
            return Outcome(json.loads(line.removeprefix(_MARK)))
    return Outcome(trouble=f"no totals: {complaint[-300:]}")
