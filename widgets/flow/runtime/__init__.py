"""What a running tree needs on every platform: who is who by id, and where we are."""

from __future__ import annotations

from flow.runtime.platform import Platform, get_platform, is_server, is_wasm
from flow.runtime.registry import ElementRegistry

__all__ = ["ElementRegistry", "Platform", "get_platform", "is_server", "is_wasm"]
