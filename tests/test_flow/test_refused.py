"""What the core refuses: at the user's line, with what was expected, what came, and what to do."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from flow import Effect, Owner


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps])
@pytest.mark.parametrize("make", [lambda: Effect(print), Owner])
def test_an_effect_and_an_owner_are_not_copied(
    make: Callable[[], Effect | Owner], way: Callable[[Any], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    made = make()
    with pytest.raises(TypeError, match=r"cannot be copied or pickled.*make a new one"):
        way(made)
    made.dispose()
