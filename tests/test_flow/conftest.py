"""What the tests of flow share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow.errors import handle_errors


@pytest.fixture
def told() -> Iterator[list[str]]:
    """The errors nobody could be raised to, each with who it was told for."""
    heard: list[str] = []
    restore = handle_errors(lambda error, where: heard.append(f"{where.name}: {error!r}"))
    yield heard
    restore()
