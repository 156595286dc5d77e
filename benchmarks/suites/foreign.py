"""The suites of jupyter_kernel_test, ipykernel and IPython, on python3 and on rdit."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from suites.outcome import Comparison, Outcome
from suites.running import PLUGINS, kernelspec_in_place_of_python3, run_pytest
from suites.sources import Sources

# pytest-asyncio warns when the scope is not set, and ipykernel's settings make warnings errors.
_ASYNCIO = ("-o", "asyncio_default_fixture_loop_scope=function")

_SHELL_TESTS = (
    "test_interactiveshell",
    "test_displayhook",
    "test_async_helpers",
    "test_history",
    "test_compilerop",
    "test_ultratb",
    "test_events",
    "test_magic",
    "test_run",
)
_IN_PROCESS = ("test_ipkernel_direct", "test_kernel_direct", "test_zmq_shell")

IPYTHON_EXPECTED = {
    "::test_config_print_class": "prints the name of the shell's class, which is another one",
    "::test_recursion_one_frame": "expects line 5, counted without the cell's blank first line, which rdit keeps",
    "::test_recursion_three_frames": "likewise",
}


def kernel_test(sources: Sources, timeout: float) -> list[Comparison]:
    """jupyter_kernel_test's own test of ipykernel, and the same with the kernel's name changed."""
    source = (sources.sdist("jupyter_kernel_test") / "test_ipykernel.py").read_text()
    outcomes = []
    for kernel in ("python3", "rdit"):
        folder = _fresh(sources.cache / f"kernel-test-{kernel}")
        named, count = re.subn(r'kernel_name = "python3"', f'kernel_name = "{kernel}"', source)
        assert count == 1, "jupyter_kernel_test names its kernel in another way now"
        (folder / "test_conformance.py").write_text(named)
        arguments = ("test_conformance.py", "-p", "no:asyncio", "-c", "/dev/null", f"--rootdir={folder}")
        outcomes.append(run_pytest(folder, arguments, timeout=timeout))
    return [Comparison("jupyter_kernel_test", python3=outcomes[0], rdit=outcomes[1])]


def ipykernel(sources: Sources, timeout: float) -> list[Comparison]:
    """ipykernel's suite: its live tests with a kernelspec in python3's place, its direct ones with classes swapped."""
    folder = _copied(sources.sdist("ipykernel"), sources.cache / "ipykernel-tests", ("tests", "pyproject.toml"))
    path = (sources.extras(),)
    common = (*_ASYNCIO, "--timeout=120")
    spec = {"JUPYTER_PATH": str(kernelspec_in_place_of_python3(sources.cache))}
    direct = [f"tests/{name}.py" for name in _IN_PROCESS]
    plugin = ("-p", "ipykernel_as_rdit")
    return [
        Comparison(
            "ipykernel's tests",
            run_pytest(folder, ("tests", *common), path=path, timeout=timeout),
            run_pytest(folder, ("tests", *common), path=path, environment=spec, timeout=timeout),
        ),
        Comparison(
            "ipykernel's tests of its classes",
            run_pytest(folder, (*direct, *common), path=path, timeout=timeout),
            run_pytest(folder, (*direct, *common, *plugin), path=(*path, PLUGINS), timeout=timeout),
        ),
    ]


def ipython(sources: Sources, timeout: float) -> list[Comparison]:
    """IPython's tests of its shell, with the shell's class swapped."""
    parts = ("tests", "conftest.py", "pyproject.toml")
    folder = _copied(sources.sdist("ipython"), sources.cache / "ipython-tests", parts)
    arguments = (*(f"tests/{name}.py" for name in _SHELL_TESTS), "--timeout=120")
    path = (sources.extras(),)
    outcomes: list[Outcome] = []
    for extra in ((), ("-p", "ipython_as_rdit")):
        # Left behind by a run that was ended, and refused by the next.
        shutil.rmtree(folder / "tmp-ipython-pytest-profiledir", ignore_errors=True)
        outcomes.append(run_pytest(folder, (*arguments, *extra), path=(*path, PLUGINS), timeout=timeout))
    return [Comparison("IPython's shell tests", outcomes[0], outcomes[1], expected=IPYTHON_EXPECTED)]


def _copied(source: Path, target: Path, parts: tuple[str, ...]) -> Path:
    """Only the tests: beside the sources they would test those instead of what is installed."""
    _fresh(target)
    for part in parts:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part)
        elif (source / part).exists():
            shutil.copy(source / part, target / part)
    return target


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
