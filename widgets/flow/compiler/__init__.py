"""The client/server split: what of an app a page gets."""

from flow.compiler.findings import Finding, SplitError, SplitWarning
from flow.compiler.transformer import ClientSafeTransformer, Split, compile_for_client, split, transform_for_client

__all__ = [
    "ClientSafeTransformer",
    "Finding",
    "Split",
    "SplitError",
    "SplitWarning",
    "compile_for_client",
    "split",
    "transform_for_client",
]
