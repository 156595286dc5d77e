"""The examples in the docstrings of the reactive core run, and say what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ("signal", "computed", "effect", "owner", "batch", "link", "tracking", "graph", "readable", "errors")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"flow.{name}")).failed == 0


def test_what_a_user_meets_first_has_an_example() -> None:
    finder = doctest.DocTestFinder()
    shown = {
        test.name for name in MODULES for test in finder.find(importlib.import_module(f"flow.{name}")) if test.examples
    }
    assert {"flow.signal.Signal", "flow.computed.Computed", "flow.effect.Effect", "flow.owner.on_cleanup"} <= shown
