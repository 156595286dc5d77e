"""The 54 tests that the Flow document spells out, as they stand: tests/seeds/flow.md holds them.

Each block becomes a file in a folder of its own, with a pytest of its own, which knows nothing of this one's settings.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from support.pyodide_folder import make_runtime

DOCUMENT: Final = Path(__file__).parents[1] / "seeds" / "flow.md"
HOW_MANY: Final = 54
_BLOCK: Final = re.compile(r"^```python\n(# tests/(test_\w+\.py)\n.*?)^```$", re.MULTILINE | re.DOTALL)
_SECONDS: Final = 200

# What pytest-asyncio does for the document's tests, which is to run them.
CONFTEST: Final = """\
import asyncio
import inspect

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "asyncio: a test that is a coroutine function")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        asyncio.run(pyfuncitem.obj(**arguments))
        return True
"""


def test_the_tests_of_the_document_pass_as_they_stand(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tests / "conftest.py").write_text(CONFTEST, "utf-8")
    for source, name in _BLOCK.findall(DOCUMENT.read_text("utf-8")):
        (tests / name).write_text(source, "utf-8")
    report = tmp_path / "report.xml"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:asyncio",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            tests,
        ],
        cwd=tmp_path,
        env={**os.environ, "FLOW_PYODIDE": str(make_runtime(tmp_path / "pyodide"))},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    assert report.is_file(), done.stdout + done.stderr
    cases = [*ElementTree.parse(report).iter("testcase")]
    # A case that passed has nothing to say: else a failure, an error, or why it was skipped.
    wrong = [f"{each.get('classname')}::{each.get('name')}" for each in cases if len(each)]
    assert not wrong, "\n".join(["of the document's tests did not pass:", *wrong, done.stdout])
    assert len(cases) == HOW_MANY
    assert done.returncode == 0, done.stdout
