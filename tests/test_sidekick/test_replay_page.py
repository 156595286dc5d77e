"""A replay as a file: all steps are in it, nothing can be clicked in vain, and nothing runs but the slider."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sidekick.replay import page
from sidekick.replay.recording import record
from sidekick.replay.view import Replay

SOURCE = "def f(n):\n    return n\nfor k in range(3):\n    x = f(k)\nprint('</script><b>', x)"


def frames_of(html: str) -> tuple[list[tuple[str, str, str]], str]:
    """The frames of a page as (label, line, what is shown), and the rest of the page."""
    found = re.search(r'<script id="film" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    film: Any = json.loads(found[1])
    shown = [(label, line, "".join(film["pieces"][each] for each in drawn)) for label, line, drawn in film["frames"]]
    return shown, html[: found.start()] + html[found.end() :]


def test_each_step_is_a_frame_with_its_label_its_place_and_what_the_view_shows() -> None:
    replay = Replay(record(SOURCE))
    frames, rest = frames_of(replay.to_html())
    assert len(frames) == len(replay.recording)
    _, line, shown = next(each for each in frames if each[0] == "f(n = 1)")
    assert line == "the cell ▸ f · for k: pass 2 of 3"
    assert "Variables of f" in shown
    assert shown.count("<tr") == 3
    assert frames[-1][2].count("&lt;/script&gt;") >= 2
    assert "Content-Security-Policy" in rest


def test_what_is_not_live_cannot_be_clicked() -> None:
    frames, _ = frames_of(Replay(record(SOURCE)).to_html())
    assert "<button inert" in frames[-1][2]
    assert not any(re.search("<button(?! inert)", shown) for _, _, shown in frames)


def test_a_text_of_the_program_s_never_ends_the_script() -> None:
    html = Replay(record(SOURCE)).to_html()
    assert html.count("</script>") == 2
    assert "</script><b>" not in html


def test_what_stays_the_same_is_in_the_file_once() -> None:
    few, many = (len(Replay(record(f"x = 0\nfor k in range({n}):\n    x = 5")).to_html()) for n in (10, 100))
    assert many < few + 90 * 2 * 2500


def test_of_very_many_steps_the_first_are_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_STEPS", 7)
    assert len(frames_of(Replay(record("for k in range(50):\n    x = k")).to_html())[0]) == 7


def test_a_path_is_written(tmp_path: Path) -> None:
    replay = Replay(record("x = 'ä'"))
    replay.to_html(tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8") == replay.to_html()
