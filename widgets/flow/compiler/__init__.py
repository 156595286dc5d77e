"""The client/server split: what of an app a page gets."""

from flow.compiler.findings import Finding, SplitError, SplitWarning
from flow.compiler.importer import (
    FlowImportHook,
    get_debug_output_dir,
    install_import_hook,
    set_debug_mode,
    uninstall_import_hook,
)
from flow.compiler.transformer import ClientSafeTransformer, Split, compile_for_client, split, transform_for_client

__all__ = [
    "ClientSafeTransformer",
    "Finding",
    "FlowImportHook",
    "Split",
    "SplitError",
    "SplitWarning",
    "compile_for_client",
    "get_debug_output_dir",
    "install_import_hook",
    "set_debug_mode",
    "split",
    "transform_for_client",
    "uninstall_import_hook",
]
