"""Live kernels for the stories in this folder.

``kernel`` is an rdit kernel shared by a module's tests, ``start_kernel`` makes others that end with the test.
No kernel started here reads or writes the desk's own IPython profile, history or matplotlib settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from support.live_kernel import LiveKernel


@pytest.fixture(scope="session", autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(home / "runtime"))
        patch.delenv("MPLBACKEND", raising=False)
        patch.delenv("PYTHONWARNINGS", raising=False)
        yield


@pytest.fixture(scope="module")
def kernel(a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel() as kernel:
        yield kernel


@pytest.fixture
def start_kernel() -> Iterator[Callable[..., LiveKernel]]:
    """Starts a kernel: ``start_kernel("python3", arguments=[...], cwd=..., env=...)``."""
    with ExitStack() as stack:

        def start(name: str = "rdit", **how: Any) -> LiveKernel:
            return stack.enter_context(LiveKernel(name, **how))

        yield start
