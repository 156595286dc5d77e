"""Tracebacks for people: their own frames, and cells by the numbers that they see."""

from __future__ import annotations

from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from flow import Signal
from flow.tracebacks import told


def error_of(function: Any) -> BaseException:
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def fail(value: int) -> int:
    return round(1 / value)


def test_the_way_through_flow_is_left_out() -> None:
    def run() -> None:
        Signal(0).update(fail)

    title, trace = told(error_of(run))
    assert title == "ZeroDivisionError: division by zero"
    assert "in run" in trace
    assert trace.endswith(title)


def test_what_is_raised_by_flow_alone_has_its_traceback() -> None:
    _, trace = told(error_of(lambda: Signal(0).update(5)))  # type: ignore[arg-type]
    assert trace.startswith("Traceback")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    quiet = Config({"HistoryManager": {"enabled": False}})
    made = InteractiveShell(config=quiet)  # type: ignore[no-untyped-call]
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    return made


def test_a_cell_goes_by_its_number(shell: InteractiveShell) -> None:
    shell.run_cell("def divide():\n    return 1 / 0", store_history=True)
    _, trace = told(error_of(shell.user_ns["divide"]))
    assert "Cell In[1], line 2, in divide" in trace
