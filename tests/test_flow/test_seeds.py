"""The tests that the Flow document spells out, as they stand: registry, platform, tree, the chain of a signal."""

# ruff: noqa: SIM117
from __future__ import annotations

import sys

from flow import Effect, Signal
from flow.runtime.platform import Platform, get_platform, is_server, is_wasm
from flow.runtime.registry import ElementRegistry
from flow.ui import Button, Div, Text


def test_registry_stores_elements_by_id() -> None:
    """Registry stores elements indexed by their ID."""
    registry = ElementRegistry()

    btn = Button("Click me")
    registry.register(btn)

    retrieved = registry.get(id(btn))
    assert retrieved is btn


def test_registry_finds_handler() -> None:
    """Registry can find event handlers for elements."""
    registry = ElementRegistry()

    handler_called: list[bool] = []
    btn = Button("Test", on_click=lambda: handler_called.append(True))
    registry.register(btn)

    handler = registry.get_handler(id(btn), "click")
    assert handler is not None

    handler()
    assert handler_called == [True]


def test_registry_returns_none_for_missing() -> None:
    """Registry returns None for unregistered elements."""
    registry = ElementRegistry()

    assert registry.get(999999) is None
    assert registry.get_handler(999999, "click") is None


def test_registry_clears_on_rerender() -> None:
    """Registry can be cleared for fresh renders."""
    registry = ElementRegistry()

    btn = Button("Test")
    registry.register(btn)
    assert registry.get(id(btn)) is not None

    registry.clear()
    assert registry.get(id(btn)) is None


def test_registry_builds_from_tree() -> None:
    """Registry can register all elements from a tree."""
    registry = ElementRegistry()

    with Div() as root:
        with Button("One", on_click=lambda: None) as btn1:
            pass
        with Button("Two", on_click=lambda: None) as btn2:
            pass

    registry.register_tree(root)

    assert registry.get(id(root)) is root
    assert registry.get(id(btn1)) is btn1
    assert registry.get(id(btn2)) is btn2


def test_server_detection() -> None:
    """Detects server environment correctly."""
    # In tests, we're running on server (CPython)
    assert is_server() is True
    assert is_wasm() is False


def test_platform_enum() -> None:
    """Platform detection returns correct enum."""
    platform = get_platform()

    # In tests, should be SERVER
    assert platform == Platform.SERVER


def test_platform_has_expected_values() -> None:
    """Platform enum has expected values."""
    assert Platform.SERVER.value == "server"
    assert Platform.WASM.value == "wasm"


def test_wasm_detection_via_platform() -> None:
    """Wasm detection uses sys.platform."""
    # Note: In actual Wasm, sys.platform == "emscripten" or "wasi"
    assert sys.platform not in ("emscripten", "wasi")
    assert is_server() is True


def test_reactive_signal_effect_chain() -> None:
    """Integration: Signal → Effect chain works correctly."""
    effects_run: list[int] = []
    count = Signal(0)

    Effect(lambda: effects_run.append(count.value))

    assert effects_run == [0]  # Initial

    count.value = 1
    assert effects_run == [0, 1]

    count.value = 2
    assert effects_run == [0, 1, 2]


def test_element_tree_building() -> None:
    """Integration: Context managers build correct tree structure."""
    with Div(cls="root") as root:
        with Div(cls="header") as header:
            with Text("Title"):
                pass
        with Div(cls="body") as body:
            with Button("Click"):
                pass
            with Button("Cancel"):
                pass

    # Verify tree structure
    assert len(root.children) == 2
    assert root.children[0] is header
    assert root.children[1] is body

    assert len(header.children) == 1
    assert header.children[0].tag == "Text"

    assert len(body.children) == 2
    assert all(c.tag == "Button" for c in body.children)


def test_ui_exports() -> None:
    """UI elements are exported."""
    from flow.ui import Button, Card, Div, HStack, Input, Text, VStack, Window

    assert all([Div, VStack, HStack, Text, Button, Input, Card, Window])


def test_runtime_exports() -> None:
    """Runtime utilities are exported."""
    from flow.runtime import ElementRegistry, Platform, is_server, is_wasm

    assert all([ElementRegistry, Platform, is_wasm, is_server])
