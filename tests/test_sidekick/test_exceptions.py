"""Exceptions: a small family, with the data on each."""

from __future__ import annotations

import copy
import pickle

import pytest

from sidekick.exceptions import (
    SidekickConnectionError,
    SidekickConnectionRefusedError,
    SidekickDisconnectedError,
    SidekickError,
    SidekickTimeoutError,
)

CAUSE = OSError("cable cut")
ALL = [
    SidekickConnectionError("no page", CAUSE),
    SidekickConnectionRefusedError("no page", "ws://localhost:5163", CAUSE),
    SidekickTimeoutError("no page", 3.0, CAUSE),
    SidekickDisconnectedError("no page", "closed", CAUSE),
]


@pytest.mark.parametrize("error", ALL, ids=lambda error: type(error).__name__)
def test_an_error_tells_what_it_knows_and_stays_itself_when_copied(error: SidekickConnectionError) -> None:
    assert isinstance(error, SidekickConnectionError)
    assert isinstance(error, SidekickError)
    for each in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(each).startswith("no page")
        assert "OSError" in str(each)
        assert "cable cut" in str(each)
        assert isinstance(each.original_exception, OSError)
        assert each.__dict__.keys() == error.__dict__.keys()


def test_each_has_its_own_data() -> None:
    assert SidekickConnectionRefusedError("m", url="ws://x").url == "ws://x"
    assert SidekickTimeoutError("m", timeout_seconds=2.5).timeout_seconds == 2.5
    assert SidekickTimeoutError("m").timeout_seconds is None
    gone = SidekickDisconnectedError(reason="closed by the peer")
    assert gone.reason == "closed by the peer"
    assert "closed by the peer" in str(gone)
    assert str(SidekickDisconnectedError())


def test_the_base_is_an_ordinary_exception() -> None:
    assert SidekickError("a", 1).args == ("a", 1)
    assert SidekickError.__bases__ == (Exception,)
