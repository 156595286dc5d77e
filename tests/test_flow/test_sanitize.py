"""Raw HTML that somebody hostile wrote: a static page shows of it what a live page does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow.renderer.sanitize import sanitized

HOSTILE = Path(__file__).parents[1] / "wire" / "hostile.json"
REL = ' rel="noopener noreferrer"'  # a live page says so when a link is clicked


@pytest.mark.parametrize(("markup", "left"), json.loads(HOSTILE.read_text("utf-8")))
def test_of_raw_html_the_same_is_left_as_in_a_live_page(markup: str, left: str) -> None:
    assert sanitized(markup).replace(REL, "") == left
