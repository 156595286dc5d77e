"""Where this Python runs."""

from __future__ import annotations

import sys

import pytest

from flow.runtime.platform import Platform, get_platform, is_server, is_wasm


@pytest.mark.parametrize(
    ("name", "where"), [("emscripten", "wasm"), ("wasi", "wasm"), ("linux", "server"), ("win32", "server")]
)
def test_a_browser_is_told_by_the_platform_s_name(monkeypatch: pytest.MonkeyPatch, name: str, where: str) -> None:
    monkeypatch.setattr(sys, "platform", name)
    assert get_platform() == Platform(where)
    assert (is_wasm(), is_server()) == (where == "wasm", where == "server")
