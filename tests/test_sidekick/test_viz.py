"""Viz: names and values, what is followed, what stands out when it changes, and what a page is told of it."""

from __future__ import annotations

import gc
import inspect
import json
import logging
from threading import Thread
from typing import Any
from weakref import ref

import numpy as np
import pytest

from flow import ui_thread
from flow.element import Element
from flow.renderer.html import HTMLRenderer
from flow.ui import Div
from sidekick import ObservableValue, Viz
from sidekick.viz import lights
from sidekick.viz.keys import act
from sidekick.viz.variable import Variable
from support.sidekick_page import Shown, wait_until
from support.sidekick_values import no_id


def variable(viz: Viz, name: str = "v") -> Variable:
    return viz._variables[name]


def rows(viz: Viz, name: str = "v") -> list[str]:
    """The rows of a variable, each with its label and text."""
    return [f"{line.row.label} {line.row.text}".strip() for line in variable(viz, name).present.value.lines]


def lit(viz: Viz, name: str = "v") -> list[str]:
    """The paths of the rows that stand out."""
    return [line.row.path for line in variable(viz, name).present.value.lines if line.row.lit]


def opened(value: Any, *paths: str) -> Viz:
    """A Viz that shows a value as ``v``, open at these paths, as a page has seen it."""
    viz = Viz()
    viz.show("v", value)
    for path in paths:
        lines = variable(viz).present.value.lines
        variable(viz).open([next(line.place for line in lines if line.row.path == path)], is_open=True)
    _ = variable(viz).present.value
    return viz


# -- Names


def test_its_methods_take_what_they_always_took() -> None:
    names = ["instance_id", "parent", "on_error"]
    assert [*inspect.signature(Viz).parameters][:3] == names
    assert [*inspect.signature(Viz.show).parameters][:3] == ["self", "name", "value"]
    more = list(inspect.signature(Viz.show).parameters.values())[3:]
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY and each.default is None for each in more)
    assert [*inspect.signature(Viz.remove_variable).parameters] == ["self", "name"]
    assert Viz().instance_id.startswith("viz-")


@pytest.mark.parametrize("name", ["", None, 5, ["a"]])
def test_a_name_is_a_text_that_is_not_empty(name: Any) -> None:
    with pytest.raises(ValueError, match="name of show"):
        Viz().show(name, 1)


@pytest.mark.parametrize("limit", [0, -1, 2.5, "5"])
def test_limits_are_whole_numbers_above_none(limit: Any) -> None:
    with pytest.raises(ValueError, match="max_items of Viz"):
        Viz(max_items=limit)


def test_a_view_is_one_of_four() -> None:
    with pytest.raises(ValueError, match="tree, table, bars, graph"):
        Viz().show("v", 1, view="pie")  # type: ignore[arg-type]


def test_variables_are_sorted_by_name_and_nothing_says_so(shown: Shown) -> None:
    viz = Viz()
    assert shown.texts() == ["Nothing is shown yet"]
    viz.show("b", 1)
    viz.show("__proto__", None)
    viz.show("a", "text")
    assert shown.texts() == ["__proto__ =", "None", "a =", '"text"', "b =", "1"]
    viz.remove_variable("a")
    assert shown.texts() == ["__proto__ =", "None", "b =", "1"]


def test_a_name_that_is_not_shown_cannot_be_removed_and_that_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sidekick"):
        Viz().remove_variable("gone")
    assert "'gone'" in caplog.text


# -- Values


def test_a_plain_value_is_shown_as_it_was() -> None:
    value: dict[str, Any] = {"a": [1]}
    viz = opened(value, 'v["a"]')
    value["a"].append(2)
    value["b"] = 1
    assert rows(viz) == ["v =", '"a" :', "0: 1"]
    viz.show("v", value)
    assert rows(viz) == ["v =", '"a" :', "0: 1", "1: 2", '"b" : 1']


def test_an_observed_value_is_followed_until_another_is_shown() -> None:
    observed = ObservableValue([1])
    viz = opened(observed)
    observed.append(2)
    assert rows(viz) == ["v =", "0: 1", "1: 2"]
    viz.show("v", 5)
    observed.append(3)
    assert rows(viz) == ["v = 5"]
    assert not observed._subscribers


@pytest.mark.parametrize("end", [lambda viz: viz.remove_variable("v"), lambda viz: viz.remove()])
def test_what_is_no_longer_shown_is_not_followed(end: Any) -> None:
    observed = ObservableValue([1])
    viz = opened(observed)
    assert len(observed._subscribers) == 1
    end(viz)
    assert not observed._subscribers


def test_an_observed_value_holds_no_viz() -> None:
    observed = ObservableValue([1])
    with Div() as around:
        viz = Viz()
    viz.show("v", observed)
    gone = ref(viz)
    del viz, around
    gc.collect()
    assert gone() is None
    observed.append(2)
    assert not observed._subscribers


def test_one_observed_value_is_followed_under_several_names_and_by_several() -> None:
    observed = ObservableValue([1])
    one, other = opened(observed), opened(observed)
    one.show("w", observed)
    one.remove_variable("v")
    observed.append(2)
    assert rows(one, "w") == ["w =", "0: 1", "1: 2"]
    assert rows(other) == ["v =", "0: 1", "1: 2"]


def test_observed_values_inside_of_observed_and_of_plain_ones_are_followed() -> None:
    inner = ObservableValue([1])
    for value in (ObservableValue({"a": inner}), {"a": inner}, (inner,)):
        viz = opened(value)
        inner.append(2)
        inner.pop()
        inner.append(3)
        _ = variable(viz).present.value
        assert rows(viz)[-1].endswith("1, 3")
        assert lit(viz) == ["v[0]" if isinstance(value, tuple) else 'v["a"]']
        inner.pop()


def test_a_change_behind_its_back_is_shown_after_notify() -> None:
    observed = ObservableValue([1])
    viz = opened(observed)
    observed.get().append(2)
    assert rows(viz) == ["v =", "0: 1"]
    observed.notify()
    assert rows(viz) == ["v =", "0: 1", "1: 2"]
    assert lit(viz) == ["v[1]"]


def test_changes_from_threads_are_all_shown() -> None:
    observed: ObservableValue[list[int]] = ObservableValue([])
    viz = opened(observed)
    threads = [Thread(target=lambda: [*map(observed.append, range(200))]) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        _ = variable(viz).present.value
    for thread in threads:
        thread.join()
    assert variable(viz).present.value.node.length == 800


# -- What stands out


@pytest.mark.parametrize(
    ("value", "change", "expected"),
    [
        ([1, 2, 3], lambda o: o.append(4), ["v[3]"]),
        ([1, 2, 3], lambda o: o.insert(0, 9), ["v[0]"]),
        ([1, 2, 3], lambda o: o.pop(0), ["v"]),
        ([1, 2, 3], lambda o: o.remove(2), ["v"]),
        ([1, 2, 3], lambda o: o.clear(), ["v"]),
        ([1, 2, 3], lambda o: o.__setitem__(1, 9), ["v[1]"]),
        ([1, 2, 3], lambda o: o.__setitem__(-1, 9), ["v[2]"]),
        ([1, 2, 3], lambda o: o.__setitem__(1, 2), ["v[1]"]),
        ([1, 2, 3], lambda o: o.__delitem__(-1), ["v"]),
        ([1, 2, 3], lambda o: o.__setitem__(slice(0, 2), [7, 2]), ["v[0]"]),
        ([1, 3, 2], lambda o: o.sort(), ["v[1]", "v[2]"]),
        ([1, 2, 3], lambda o: o.reverse(), ["v[0]", "v[2]"]),
        ([1, 2, 3], lambda o: o.extend([4, 5]), ["v[3]", "v[4]"]),
        ({"a": 1}, lambda o: o.__setitem__("b", 2), ['v["b"]']),
        ({(1, 2): 1}, lambda o: o.__setitem__((1, 2), 2), ["v[(1, 2)]"]),
        ({None: 1}, lambda o: o.__setitem__(None, 2), ["v[None]"]),
        ({"a": 1, "b": 2}, lambda o: o.update(a=3, b=4), ['v["a"]', 'v["b"]']),
        ({"a": 1, "b": 2}, lambda o: o.pop("a"), ["v"]),
        ({"a": {"b": [1]}}, lambda o: o["a"]["b"].append(2), ['v["a"]']),
        ({1, 2}, lambda o: o.discard(1), ["v"]),
        (5, lambda o: o.set(6), ["v"]),
        (np.zeros(3), lambda o: o.__setitem__(1, 9), ["v[1]"]),
        (np.zeros(3), lambda o: o.__setitem__(slice(None), [0, 1, 2]), ["v[1]", "v[2]"]),
    ],
    ids=no_id,
)
def test_what_has_changed_stands_out_and_nothing_else(value: Any, change: Any, expected: list[str]) -> None:
    observed = ObservableValue(value)
    viz = opened(observed)
    assert lit(viz) == []
    change(observed)
    assert lit(viz) == expected


def test_a_member_that_comes_into_a_set_stands_out() -> None:
    observed = ObservableValue({1, 3})
    viz = opened(observed)
    observed.add(2)
    lines = variable(viz).present.value.lines
    assert [line.row.text for line in lines if line.row.lit] == ["2"]


def test_every_change_of_a_flush_stands_out_not_only_the_last() -> None:
    observed = ObservableValue({"a": [1, 2], "b": 1, "c": 1})
    viz = opened(observed, 'v["a"]')
    observed["a"][0] = 9
    observed["c"] = 2
    observed["a"].append(3)
    assert lit(viz) == ['v["a"][0]', 'v["a"][2]', 'v["c"]']


def test_thousands_of_changes_stand_out_where_anything_is_other_than_before() -> None:
    observed = ObservableValue([0] * 10)
    viz = opened(observed)
    for _ in range(300):
        for at in range(5):
            observed[at] += 1
    assert lit(viz) == [f"v[{at}]" for at in range(5)]
    assert len(variable(viz)._changes) == 0


def test_what_changes_again_is_lit_anew() -> None:
    observed = ObservableValue([1])
    viz = opened(observed)
    seen = []
    for number in range(3):
        observed[0] = number
        seen.append(variable(viz).present.value.lines[1].row.lit)
    assert seen == [1, 2, 1]


def test_nothing_stands_out_when_a_value_is_first_shown_or_opened() -> None:
    viz = opened({"a": [1]}, 'v["a"]')
    assert lit(viz) == []


def test_a_plain_value_that_is_shown_again_stands_out_where_it_is_other() -> None:
    viz = opened({"a": 1, "b": 2})
    viz.show("v", {"a": 1, "b": 3, "c": 4})
    assert lit(viz) == ['v["b"]', 'v["c"]']


def test_lights_go_out_by_themselves(monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    monkeypatch.setattr(lights, "SECONDS", 0.05)
    observed = ObservableValue([1, 2])
    viz = opened(observed)
    shown.texts()
    observed[0] = 5
    wait_until(lambda: shown.texts() and not variable(viz).lights)
    assert lit(viz) == []
    assert any("sk-lit-1" in json.dumps(message) for message in shown.sent)


def test_cells_bars_and_boxes_stand_out_too() -> None:
    grid = ObservableValue(np.zeros((2, 2)))
    viz = opened(grid)
    grid[0, 1] = 5
    table = variable(viz).present.value.table
    assert table is not None
    assert [[cell.lit for cell in row.cells] for row in table.rows] == [[0, 1], [0, 0]]

    numbers = ObservableValue([1, 2, 3])
    viz = opened(numbers)
    viz.show("v", numbers, view="bars")
    _ = variable(viz).present.value
    numbers[1] = 7
    assert variable(viz).present.value.bars is not None
    assert [variable(viz).lights.of(("bar", at)) for at in range(3)] == [0, 1, 0]


# -- What the user does


def keys(viz: Viz, *pressed: str) -> str:
    """Press keys; get the path of the row that the keyboard is on then."""
    for key in pressed:
        act(variable(viz), key)
    html = HTMLRenderer(ids=False).render(viz)
    active = html.partition('aria-activedescendant="')[2].partition('"')[0]
    inside = html.partition(f'id="{active}"')[2].partition("</div>")[0]
    return inside.partition('title="')[2].partition('"')[0].replace("&quot;", '"')


def test_arrows_go_through_a_tree_and_open_and_close_it() -> None:
    viz = opened({"a": [1, 2], "b": 3})
    assert keys(viz) == "v"
    assert keys(viz, "ArrowDown") == 'v["a"]'
    assert rows(viz) == ["v =", '"a" : 1, 2', '"b" : 3']
    assert keys(viz, "ArrowRight") == 'v["a"]'
    assert rows(viz) == ["v =", '"a" :', "0: 1", "1: 2", '"b" : 3']
    assert keys(viz, "ArrowRight") == 'v["a"][0]'
    assert keys(viz, "ArrowRight") == 'v["a"][0]'
    assert keys(viz, "ArrowLeft") == 'v["a"]'
    assert keys(viz, "End") == 'v["b"]'
    assert keys(viz, "ArrowDown") == 'v["b"]'
    assert keys(viz, "ArrowUp", "ArrowUp", "ArrowUp") == 'v["a"]'
    assert keys(viz, "ArrowLeft") == 'v["a"]'
    assert rows(viz) == ["v =", '"a" : 1, 2', '"b" : 3']
    assert keys(viz, "Enter", " ", "Home", "ArrowUp") == "v"
    assert keys(viz, "ArrowDown", "*") == 'v["a"]'
    assert rows(viz) == ["v =", '"a" :', "0: 1", "1: 2", '"b" : 3']


def test_when_the_active_row_goes_the_keyboard_is_on_the_first() -> None:
    observed = ObservableValue([1, 2])
    viz = opened(observed)
    assert keys(viz, "End") == "v[1]"
    observed.pop()
    assert keys(viz) == "v"


def test_a_click_opens_and_closes_and_shows_more(shown: Shown) -> None:
    viz = opened([list(range(120))])

    def click(text: str) -> None:
        shown.texts()
        found = next(each for each in viz.walk() if shown_text(each) == text)
        shown.event(found, "click", button=0, x=0, y=0, width=10, height=10)
        ui_thread.wait(lambda: None, 10)

    click("▸0:list[120]0, 1, 2, 3, 4, …")
    assert len(rows(viz)) == 2 + 50 + 1
    click("… 70 more of 120")
    assert len(rows(viz)) == 2 + 100 + 1
    click("… 20 more of 120")
    assert len(rows(viz)) == 2 + 120
    click("▾0:list[120]")
    assert len(rows(viz)) == 2


def shown_text(element: Element) -> str:
    if element._attributes.get("role") != "treeitem":
        return ""
    return "".join(getattr(each, "text", "") for each in element.walk() if each.tag == "#text")


def test_open_rows_stay_open_and_keep_their_elements_when_something_changes(shown: Shown) -> None:
    observed = ObservableValue({"a": [1], "b": [2]})
    viz = opened(observed, 'v["a"]', 'v["b"]')
    shown.texts()
    observed["a"][0] = 5
    assert shown.texts()[-2:] == ["0:", "2"]
    operations = shown.sent[-1]["operations"]
    assert {operation[0] for operation in operations} <= {"set", "text"}
    assert len(operations) <= 3
    assert rows(viz) == ["v =", '"a" :', "0: 5", '"b" :', "0: 2"]


def test_another_view_is_chosen_by_a_button_and_stays(shown: Shown) -> None:
    observed = ObservableValue([3, 1])
    viz = opened(observed)
    assert shown.texts()[:2] == ["Tree", "Bars"]
    button = next(each for each in viz.walk() if each.html == "button" and each.children[0].text == "Bars")  # type: ignore[attr-defined]
    shown.event(button, "click", button=0, x=0, y=0, width=10, height=10)
    ui_thread.wait(lambda: None, 10)
    assert variable(viz).present.value.view == "bars"
    observed.append(5)
    assert variable(viz).present.value.view == "bars"
    observed.append("no number")
    assert variable(viz).present.value.view == "tree"


# -- What it costs


def test_a_page_that_looks_once_is_told_of_ten_thousand_changes_in_one_message(shown: Shown) -> None:
    observed: ObservableValue[list[int]] = ObservableValue([])
    opened(observed)
    shown.texts()
    before = len(shown.sent)
    ui_thread.wait(lambda: [*map(observed.append, range(10_000))], 60)
    shown.texts()
    assert len(shown.sent) - before <= 5


def test_an_array_of_a_million_cells_takes_less_than_20_kilobytes(shown: Shown) -> None:
    viz = Viz()
    shown.texts()
    viz.show("v", np.zeros((1000, 1000)))
    shown.texts()
    assert len(json.dumps(shown.sent[-1], ensure_ascii=False).encode()) < 20_000
    before = len(shown.sent)
    viz.show("v", np.zeros((1000, 1000)), view="tree")
    shown.texts()
    assert sum(len(json.dumps(each, ensure_ascii=False).encode()) for each in shown.sent[before:]) < 20_000


def test_nothing_is_looked_at_while_no_page_does() -> None:
    viz = Viz()
    observed = ObservableValue([1])
    viz.show("v", observed)
    for at in range(2000):
        observed.append(at)
    assert variable(viz)._turn == 0
    assert len(variable(viz)._changes) <= 500


def test_the_still_picture_shows_the_tree_as_it_stands() -> None:
    viz = opened({"a": [1, {"b": 2}]}, 'v["a"]')
    html = HTMLRenderer(ids=False).render(viz)
    assert html.count('role="treeitem"') == 4
    assert "padding-left:2.8em" in html.replace(" ", "")
    assert "<script" not in html
    viz.show("v", "<script>alert(1)</script>")
    assert "<script" not in HTMLRenderer(ids=False).render(viz)
