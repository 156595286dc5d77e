"""In the visitor's browser: an app in a page that ``flow build`` made, and one mounted by hand in a Pyodide page."""

from flow.wasm.bootstrap import WasmApp, create_wasm_app

__all__ = ["WasmApp", "create_wasm_app"]
