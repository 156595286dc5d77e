"""The doors of flow: what a user imports, and that opening them loads no more than Pyodide can."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("door", "names"),
    [
        ("flow", "Element Signal Effect Computed component provide get_provider"),
        ("flow.ui", "Div VStack HStack Text Button Input Card Window Box Flex"),
        ("flow.renderer", "Renderer RenderNode HTMLRenderer"),
        ("flow.runtime", "ElementRegistry Platform is_wasm is_server get_platform"),
        ("flow.control", "For Show Switch Fragment ErrorBoundary"),
    ],
)
def test_a_door_has_its_names(door: str, names: str) -> None:
    module = __import__(door, fromlist=names.split())
    assert [name for name in names.split() if not hasattr(module, name)] == []


def test_the_tree_is_loaded_without_a_notebook_and_without_an_event_loop() -> None:
    heavy = ["IPython", "anywidget", "ipywidgets", "comm", "traitlets", "asyncio", "concurrent.futures"]
    code = (
        "import sys, flow.ui, flow.svg, flow.control, flow.component, flow.renderer.diff, flow.runtime; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
