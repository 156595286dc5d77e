"""Timelines: going through what was shown, while it goes on, and keeping it as a film or a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as pictures

import sidekick
from sidekick import Column, Console, Grid, Label, Row, frames, recording
from sidekick.film import MOST, chosen
from sidekick.frames import Frames
from sidekick.panel import panel_of_this_cell
from sidekick.timelines import Timeline
from support.sidekick_changes import KINDS, Kind, seen
from support.sidekick_page import Shown, wait_until


@pytest.fixture(autouse=True)
def no_step_told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(recording, "_step", recording.Step(0, ""))
    yield
    panel_of_this_cell().clear()


def labels(timeline: Timeline) -> list[str]:
    return [frame.label for frame in timeline.frames]


def shown_by(timeline: Timeline) -> Any:
    return seen(timeline._stage.root)  # type: ignore[arg-type]


def counting() -> Label:
    label = Label("0", instance_id="count")
    for text in "123":
        label.text = text
    return label


def test_it_has_a_frame_for_the_start_and_one_for_each_change() -> None:
    assert labels(counting().timeline()) == ["Start", *(f"count: set_text('{each}')" for each in "123")]


def test_it_shows_the_last_frame_and_goes_back_and_forth() -> None:
    timeline = counting().timeline()
    assert timeline.position == 3
    texts = []
    for position in (3, 0, 2, 1):
        timeline.position = position
        texts.append(re.findall(r">(\d)<", shown_by(timeline)[0])[0])
    assert texts == ["3", "0", "2", "1"]


def test_each_frame_tells_the_line_that_made_it() -> None:
    timeline = counting().timeline()
    assert timeline.line is not None
    assert timeline.line.text == "label.text = text"
    timeline.position = 0
    assert timeline.line is None


def test_with_steps_it_goes_from_step_to_step() -> None:
    console = Console()
    for number in range(3):
        sidekick.step(f"pass {number}")
        console.print("a")
        console.print("b")
    timeline = console.timeline()
    assert labels(timeline) == ["Start", "pass 0", "pass 1", "pass 2"]
    timeline.position = 2
    assert seen(timeline._stage.root)[0].count("a\nb\n") == 2  # type: ignore[arg-type]
    assert len(console.timeline(by="change")) == 7


def test_what_comes_before_the_first_step_is_a_frame_of_its_own() -> None:
    label = Label()
    label.text = "before"
    sidekick.step("one")
    label.text = "after"
    assert len(label.timeline()) == 3


def test_a_step_of_all_is_no_reason_to_go_by_steps() -> None:
    sidekick.step("all")
    assert len(counting().timeline()) == 4


def test_a_panel_goes_through_all_its_components_in_one_order() -> None:
    row = Row(instance_id="row")
    label = Label("x", parent=row, instance_id="label")
    console = Console(instance_id="console")
    label.text = "y"
    console.print("z")
    assert labels(sidekick.timeline()) == [
        "Start",
        "panel: shows Row('row')",
        "row: shows Label('label')",
        "panel: shows Row('row'), Console('console')",
        "label: set_text('y')",
        "console: append('z\\n')",
    ]


def test_new_changes_are_added_while_it_is_shown_at_the_end(shown: Shown) -> None:
    label = counting()
    timeline = label.timeline()
    other = Shown(timeline)
    label.text = "4"
    wait_until(lambda: len(timeline) == 5)
    assert timeline.position == 4
    assert "4" in other.texts()


def test_new_changes_do_not_move_it_from_where_it_is() -> None:
    label = counting()
    timeline = label.timeline()
    timeline.position = 1
    label.text = "4"
    timeline.refresh()
    assert (timeline.position, len(timeline)) == (1, 5)


def test_the_live_component_is_not_touched_by_going_back(shown: Shown) -> None:
    label = counting()
    timeline = label.timeline()
    timeline.position = 0
    assert label.text == "3"
    assert shown.texts() == ["3"]


def test_what_is_put_in_later_is_followed_too() -> None:
    column = Column()
    timeline = column.timeline()
    label = Label("x", parent=column)
    timeline.refresh()
    label.text = "later"
    wait_until(lambda: len(timeline) == 3)


def test_changes_before_a_component_was_put_in_are_put_in_their_order() -> None:
    column, label = Column(), Label("1")
    timeline = column.timeline()
    column.add_child(Label("other"))
    timeline.refresh()
    label.text = "2"
    column.add_child(label)
    timeline.refresh()
    numbers = [frame.number for frame in timeline.frames]
    assert numbers == sorted(numbers)
    timeline.position = len(timeline) - 1
    assert ">2<" in shown_by(timeline)[0]


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_last_frame_is_what_is_shown_now(kind: Kind, data: st.DataObject) -> None:
    component = kind.make()
    timeline = component.timeline(by="change")
    for call in data.draw(st.lists(kind.calls, max_size=8)):
        call(component)
        timeline.refresh()
        assert shown_by(timeline) == seen(component)


def test_it_keeps_the_newest_frames_and_stays_at_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LIMIT", 20)
    label = Label("x")
    timeline = label.timeline()
    for number in range(15):
        label.text = number
    timeline.refresh()
    timeline.position = 12
    at = timeline.frames[12].number
    for number in range(15, 30):
        label.text = number
    timeline.refresh()
    assert len(timeline) == 21
    assert timeline.frames[timeline.position].number == at


def test_a_long_loop_is_taken_in_as_a_whole() -> None:
    grid = Grid(20, 20)
    timeline = grid.timeline()
    for at in range(4000):
        grid.set_color(at % 20, at // 20 % 20, "gold" if at % 3 else None)
    wait_until(lambda: len(timeline) == 4001)
    timeline.refresh()  # which waits for the one that is on its way
    assert timeline.position == 4000
    assert shown_by(timeline) == seen(grid)


def test_frames_do_not_hold_a_follower() -> None:
    import gc
    import weakref

    label = counting()
    timeline = weakref.ref(label.timeline())
    gc.collect()
    assert timeline() is None


@pytest.mark.parametrize("of", ["grid-1", None.__class__, 5])
def test_what_has_no_past_is_refused(of: Any) -> None:
    with pytest.raises(TypeError, match="a timeline is of a component or a panel"):
        sidekick.timeline(of)


def test_other_ways_to_go_are_refused() -> None:
    with pytest.raises(ValueError, match="'step' or 'change'"):
        Label().timeline(by="line")  # type: ignore[arg-type]


# -- Kept


def test_a_film_has_a_picture_for_each_frame() -> None:
    grid = Grid(2, 1)
    grid.set_color(0, 0, "red")
    grid.set_color(1, 0, "red")
    with pictures.open(BytesIO(grid.to_gif(fps=5))) as film:
        places = []
        for at in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(at)
            shown = film.convert("RGB")
            places.append([shown.getpixel((x, 50)) == (255, 0, 0) for x in (50, 150)])
        assert film.info["duration"] == 2000
    assert places == [[False, False], [True, False], [True, True]]


def test_the_frames_of_a_film_can_be_chosen() -> None:
    found = Frames(counting())
    assert [each.label for each in chosen(found, [0, -1])] == ["Start", "count: set_text('3')"]
    with pytest.raises(IndexError, match="no frame 4"):
        chosen(found, [4])
    with pytest.raises(ValueError, match="one frame at least"):
        chosen(found, [])


def test_a_film_of_many_frames_has_some_evenly_among_them() -> None:
    label = Label()
    for number in range(1000):
        label.text = number
    found = chosen(Frames(label), None)
    assert len(found) == MOST
    assert found[0].label == "Start"
    assert "999" in found[-1].label


def film_of(html: str) -> dict[str, Any]:
    (data,) = re.findall(r'<script id="film" type="application/json">(.*?)</script>', html, re.S)
    found: dict[str, Any] = json.loads(data)
    return found


def test_the_page_of_a_timeline_has_all_frames_their_labels_and_lines() -> None:
    film = film_of(counting().timeline().to_html())
    assert [label for label, _, _ in film["frames"]][:2] == ["Start", "count: set_text('1')"]
    assert film["frames"][1][1].endswith("label.text = text")
    assert ["".join(film["pieces"][piece] for piece in shown).count(">2<") for _, _, shown in film["frames"]] == [
        0,
        0,
        1,
        0,
    ]


def test_what_stays_the_same_is_in_the_page_once() -> None:
    grid = Grid(2, 2)
    Row(Console("told once"), grid)
    for at in range(20):
        grid.set_color(at % 2, 0, f"rgb({at} 0 0)")
    film = film_of(sidekick.timeline().to_html())
    assert len([piece for piece in film["pieces"] if "told once" in piece]) == 1
    assert len([piece for piece in film["pieces"] if piece.startswith("<image")]) == 21


def test_a_page_loads_nothing_and_runs_its_own_script_alone() -> None:
    label = Label("</script><script>alert(1)</script>", instance_id="<img src=x onerror=alert(1)>")
    label.text = "<!--<script>"
    html = label.timeline().to_html()
    assert html.count("<script") == 2
    assert "<img" not in html
    assert re.search(r"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-", html)
    assert not re.search(r"https?://(?!www\.w3\.org/)", html)


def test_the_page_of_a_component_is_a_picture_without_a_script() -> None:
    html = Label("alone").to_html()
    assert ">alone</text>" in html
    assert "<script" not in html


def test_each_is_written_where_it_is_told(tmp_path: Path) -> None:
    label = counting()
    assert label.to_svg(tmp_path / "a.svg") is None
    label.to_png(str(tmp_path / "a.png"))
    label.to_gif(tmp_path / "a.gif")
    label.timeline().to_html(tmp_path / "a.html")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == label.to_svg()
    assert (tmp_path / "a.png").read_bytes() == label.to_png()
    assert (tmp_path / "a.gif").read_bytes()[:4] == b"GIF8"
    assert film_of((tmp_path / "a.html").read_text(encoding="utf-8"))


def test_a_timeline_is_drawn_at_the_frame_that_it_shows() -> None:
    timeline = counting().timeline()
    timeline.position = 1
    assert ">1</text>" in timeline.to_svg()


def test_the_pixels_of_a_grid_are_those_of_its_cells() -> None:
    grid = Grid(3, 2)
    grid.set_color(2, 1, "red")
    grid.set_color(0, 0, "#00800080")
    with pictures.open(BytesIO(grid.to_png(scale=1))) as picture:
        image = picture.convert("RGB")
    side = (image.width - 2) // 3
    cells = {
        (x, y): image.getpixel((1 + x * side + side // 2, 1 + y * side + side // 2)) for x in range(3) for y in range(2)
    }
    assert cells.pop((2, 1)) == (255, 0, 0)
    assert cells.pop((0, 0)) == pytest.approx((125, 188, 125), abs=2)
    assert set(cells.values()) == {(250, 250, 250)}


@pytest.mark.parametrize("scale", [0, -1, 17, "2", float("nan")])
def test_a_scale_that_makes_no_picture_is_refused(scale: Any) -> None:
    with pytest.raises(ValueError, match=r"scale of to_png\(\)"):
        Label().to_png(scale=scale)


@pytest.mark.parametrize("fps", [0, -1, 51, "4"])
def test_a_speed_that_no_film_has_is_refused(fps: Any) -> None:
    with pytest.raises(ValueError, match=r"fps of to_gif\(\)"):
        Label().to_gif(fps=fps)
