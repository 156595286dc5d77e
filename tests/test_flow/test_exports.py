"""The doors of flow: what a user imports, and that opening them loads no more than Pyodide can."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("door", "names"),
    [
        ("flow", "Element Signal Effect Computed component provide get_provider"),
        ("flow", "on Event KeyEvent MouseEvent InputEvent File Html Portal"),
        ("flow", "every task current_task run Progress sleep run_until ask sleep_async run_until_async ask_async"),
        ("flow.ui", "Div VStack HStack Text Button Input Card Window Box Flex"),
        ("flow.renderer", "Renderer RenderNode HTMLRenderer"),
        ("flow.runtime", "ElementRegistry Platform is_wasm is_server get_platform"),
        ("flow.build", "FlowBuilder BuildResult BuildError"),
        ("flow.wasm", "WasmApp create_wasm_app"),
        ("flow.control", "For Show Switch Fragment ErrorBoundary Portal"),
    ],
)
def test_a_door_has_its_names(door: str, names: str) -> None:
    module = __import__(door, fromlist=names.split())
    assert [name for name in names.split() if not hasattr(module, name)] == []


def test_what_is_not_behind_a_door_is_an_error_that_names_the_door() -> None:
    with pytest.raises(AttributeError, match="module 'flow' has no attribute 'Evnt'"):
        __import__("flow").Evnt  # noqa: B018


def test_what_not_each_program_needs_is_loaded_when_it_is_wanted() -> None:
    later = [
        "flow.events", "flow.files", "flow.rich", "flow.ui", "nh3", "tempfile",
        "flow.tasks", "flow.running", "flow.waiting", "flow.progress",
    ]  # fmt: skip
    code = (
        f"import sys, flow; print([name for name in {later} if name in sys.modules]); "
        "print(flow.Html.__name__, flow.File.__name__, flow.KeyEvent.__name__)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["[]", "Html File KeyEvent"]


def test_the_tree_is_loaded_without_a_notebook_and_without_an_event_loop() -> None:
    heavy = [
        "IPython", "anywidget", "ipywidgets", "comm", "traitlets", "asyncio", "concurrent.futures", "numpy",
        "matplotlib",
    ]  # fmt: skip
    code = (
        "import sys, flow.ui, flow.svg, flow.control, flow.component, flow.events, flow.rich, flow.renderer.diff; "
        "import flow.runtime; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
