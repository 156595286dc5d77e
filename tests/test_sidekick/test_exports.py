"""The door of sidekick: the names, and what each of them takes."""

from __future__ import annotations

import inspect
import logging
import subprocess
import sys
from typing import Any

import pytest

import sidekick
from sidekick import core, utils

REQUIRED = inspect.Parameter.empty
NAMES = {
    *("__version__", "logger", "set_url", "activate_connection", "wait_for_connection", "clear_all"),
    *("register_global_message_handler", "run_forever", "run_forever_async", "shutdown", "submit_interval"),
    *("submit_task", "BaseSidekickEvent", "ButtonClickEvent", "GridClickEvent", "CanvasClickEvent"),
    *("TextboxSubmitEvent", "ConsoleSubmitEvent", "ErrorEvent", "Button", "Console", "Label", "Markdown", "Textbox"),
    *("Row", "Column", "SidekickError", "SidekickConnectionError", "SidekickConnectionRefusedError"),
    *("SidekickTimeoutError", "SidekickDisconnectedError", "Component"),
}
COMMON = {"instance_id": None, "parent": None}
SIGNATURES: dict[str, dict[str, Any]] = {
    "Component": {"component_type": REQUIRED, "payload": None, **COMMON, "on_error": None},
    "Label": {"text": "", **COMMON, "on_error": None},
    "Button": {"text": "", **COMMON, "on_click": None, "on_error": None},
    "Textbox": {"value": "", "placeholder": "", **COMMON, "on_submit": None, "on_error": None},
    "Markdown": {"text": "", **COMMON, "on_error": None},
    "Console": {"text": "", "show_input": False, **COMMON, "on_submit": None, "on_error": None},
    "Row": {"children": REQUIRED, **COMMON, "on_error": None},
    "Column": {"children": REQUIRED, **COMMON, "on_error": None},
    "Grid": {"num_columns": REQUIRED, "num_rows": REQUIRED, **COMMON, "on_click": None, "on_error": None},
    "Grid.set_color": {"x": REQUIRED, "y": REQUIRED, "color": REQUIRED},
    "Grid.set_text": {"x": REQUIRED, "y": REQUIRED, "text": REQUIRED},
    "Grid.clear_cell": {"x": REQUIRED, "y": REQUIRED},
    "Grid.clear": {},
    "Grid.on_click": {"callback": REQUIRED},
    "Grid.click": {"func": REQUIRED},
    "Console.print": {"args": REQUIRED, "sep": " ", "end": "\n"},
    "Console.clear": {},
    "Console.on_submit": {"callback": REQUIRED},
    "Textbox.on_submit": {"callback": REQUIRED},
    "Button.on_click": {"callback": REQUIRED},
    "Button.click": {"func": REQUIRED},
    "Row.add_child": {"child_component": REQUIRED},
    "Component.on_error": {"callback": REQUIRED},
    "Component.remove": {},
    "set_url": {"url": REQUIRED},
    "activate_connection": {},
    "wait_for_connection": {"timeout": None},
    "run_forever": {"timeout": None},  # which the original had not
    "run_forever_async": {},
    "shutdown": {"wait": False},
    "clear_all": {"panel": None},
    "submit_task": {"coro": REQUIRED},
    "submit_interval": {"callback": REQUIRED, "interval": REQUIRED},
    "register_global_message_handler": {"handler": REQUIRED},
}


def test_all_names_of_the_contract_are_there() -> None:
    assert set(sidekick.__all__) >= NAMES
    assert isinstance(sidekick.__version__, str)
    assert sidekick.logger is logging.getLogger("sidekick")


@pytest.mark.parametrize("name", SIGNATURES)
def test_each_takes_what_the_contract_says_in_its_order(name: str) -> None:
    found: Any = sidekick
    for part in name.split("."):
        found = getattr(found, part)
    parameters = {each: how for each, how in inspect.signature(found).parameters.items() if each != "self"}
    assert {each: how.default for each, how in parameters.items()} == SIGNATURES[name]
    assert list(parameters) == list(SIGNATURES[name])


@pytest.mark.parametrize("kind", ["Row", "Column"])
def test_what_comes_after_the_children_is_named(kind: str) -> None:
    kinds = {name: how.kind for name, how in inspect.signature(getattr(sidekick, kind)).parameters.items()}
    assert kinds.pop("children") is inspect.Parameter.VAR_POSITIONAL
    assert set(kinds.values()) == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("module", ["button", "console", "label", "markdown", "textbox", "row", "column"])
def test_each_component_has_a_module_with_the_same_class(module: str) -> None:
    assert getattr(getattr(sidekick, module), module.title()) is getattr(sidekick, module.title())


def test_modules_are_there_without_an_import_of_their_own() -> None:
    code = "import sidekick; print(sidekick.events.ErrorEvent.__name__, sidekick.core.is_pyodide())"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "ErrorEvent False"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Gird'"):
        _ = sidekick.Gird


@pytest.mark.parametrize(("name", "instead"), [("Control", "Textbox"), ("set_config", "clear_all")])
def test_a_name_of_older_versions_says_what_to_take_instead(name: str, instead: str) -> None:
    with pytest.raises(AttributeError, match=instead):
        getattr(sidekick, name)


@pytest.mark.parametrize("is_configured", [False, True])
def test_the_log_is_silent_only_where_nobody_has_configured_one(is_configured: bool) -> None:
    first = "import logging; logging.basicConfig();" if is_configured else ""
    code = f"{first}import sidekick; print(len(sidekick.logger.handlers))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == str(int(not is_configured))


def test_what_scripts_use_of_the_inner_modules_is_there() -> None:
    assert core.is_pyodide() is False
    assert issubclass(core.CoreTaskSubmissionError, Exception)
    assert utils.generate_unique_id("thing").startswith("thing-")
    assert utils.generate_session_id() != utils.generate_session_id()
