"""Viz in a real JupyterLab: opened, changed and gone through by keys; after a reload, in two cells, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from support.flow_page import BOTH_KERNELS, Wire, is_marked, mark, picture, run, save
from support.lab import Lab
from support.notebook_page import NotebookPage, open_notebook

GAME = """\
import sidekick

viz = sidekick.Viz()
game = sidekick.ObservableValue({"players": [{"name": "Ada", "score": 3}, {"name": "Bob", "score": 5}], "round": 1})
viz.show("game", game)
viz.show("text", "<b>bold</b>")"""

ALL = """\
import sidekick
import numpy as np

class Node:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

class Link:
    def __init__(self, value, next=None):
        self.value, self.next = value, next

viz = sidekick.Viz()
numbers = sidekick.ObservableValue([5, 3, 8, 1, 9, 2, -4])
viz.show("numbers", numbers, view="bars")
viz.show("game", sidekick.ObservableValue({"players": [{"name": "Ada"}], "deck": {7, 8}, "over": False, "by": None}))
viz.show("people", [{"name": "Ada", "born": 1815}, {"name": "Alan", "born": 1912}], view="table")
viz.show("tree", Node(8, Node(3, Node(1), Node(6)), Node(10, None, Node(14))))
viz.show("list", Link("a", Link("b", Link("c"))))
viz.show("links", {"a": ["b", "c"], "b": ["c"], "c": ["a"]}, view="graph")
viz.show("array", np.arange(10_000).reshape(100, 100))"""


def tree_of(notebook: NotebookPage, name: str, cell: int = 0) -> Locator:
    tree = notebook.cell(cell).get_by_role("tree", name=name)
    expect(tree).to_be_visible(timeout=60_000)
    return tree


def texts(tree: Locator) -> list[str]:
    return [re.sub(r"^[▾▸]", "", text) for text in tree.get_by_role("treeitem").all_inner_texts()]


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_a_tree_is_opened_stays_open_and_lights_what_changes(lab: Lab, page: Page, kernel: str) -> None:
    notebook = open_notebook(lab, page, [GAME, 'game["players"][0]["score"] += 1; game["round"] = 2'], kernel)
    run(notebook)
    tree = tree_of(notebook, "game")
    tree.get_by_text('"players" :').click()
    tree.get_by_text("0:", exact=True).click()
    score = tree.get_by_role("treeitem").nth(4)
    expect(score).to_have_text('"score" :3')
    expect(score).to_have_attribute("aria-level", "4")
    expect(tree_of(notebook, "text").get_by_text('"<b>bold</b>"')).to_be_visible()
    mark(score)
    notebook.run(1)
    expect(score).to_have_class(re.compile("sk-lit-1"))
    assert score.evaluate("row => getComputedStyle(row).animationName") == "sk-lit-1"
    expect(score).to_have_text('"score" :4')
    assert is_marked(score)
    lit = tree.locator("[class*=sk-lit]")
    expect(lit).to_have_count(2)
    expect(lit).to_have_count(0, timeout=10_000)


def test_keys_go_through_a_tree_and_the_notebook_stays_where_it_is(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [GAME], "rdit")
    run(notebook)
    tree = tree_of(notebook, "game")
    tree.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        tree.press(key)
    expect(tree.get_by_role("treeitem")).to_have_count(7)
    active = tree.locator(".sk-active")
    expect(active).to_contain_text("0:")
    expect(active).to_have_attribute("aria-expanded", "true")
    expect(tree).to_be_focused()
    assert active.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
    tree.press("ArrowLeft")
    tree.press("ArrowLeft")
    expect(active).to_contain_text('"players"')
    expect(tree).to_have_attribute("aria-activedescendant", active.get_attribute("id") or "")
    tree.press("ArrowLeft")
    expect(tree.get_by_role("treeitem")).to_have_count(3)


def test_what_the_keyboard_is_on_is_brought_into_sight(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["import sidekick\nsidekick.Viz().show('long', [[at] for at in range(50)])"])
    run(notebook)
    tree = tree_of(notebook, "long")
    last = tree.get_by_role("treeitem").last
    tree.focus()
    tree.press("Home")
    expect(last).not_to_be_in_viewport()
    tree.press("End")
    expect(last).to_be_in_viewport()
    tree.press("Home")
    expect(tree.get_by_role("treeitem").first).to_be_in_viewport()


def test_a_reload_keeps_what_is_open_and_a_second_cell_shows_the_same_values(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [GAME, "viz", "game['round'] = 7"], "rdit")
    run(notebook)
    tree = tree_of(notebook, "game")
    tree.get_by_text('"players" :').click()
    expect(tree.get_by_role("treeitem")).to_have_count(5)
    before = texts(tree)
    save(notebook)
    page.reload()
    tree = tree_of(notebook, "game")
    expect(tree.get_by_role("treeitem")).to_have_count(5)
    assert texts(tree) == before
    assert tree.locator("[class*=sk-lit]").count() == 0
    run(notebook, 1)
    second = tree_of(notebook, "game", 1)
    expect(second.get_by_role("treeitem")).to_have_count(3)  # what is open is each view's own
    second.get_by_text('"players" :').click()
    expect(second.get_by_role("treeitem")).to_have_count(5)
    assert texts(second) == before
    run(notebook, 2)
    for each in (tree, second):
        expect(each.get_by_role("treeitem").last).to_have_text('"round" :7')


def test_ten_thousand_changes_are_few_messages(lab: Lab, page: Page) -> None:
    wire = Wire(page)
    notebook = open_notebook(
        lab,
        page,
        [GAME.replace('"round": 1', '"round": 1, "list": [0]'), "for i in range(10_000): game['list'].append(i)"],
    )
    run(notebook)
    tree = tree_of(notebook, "game")
    tree.get_by_text('"list" :').click()
    run(notebook, 1)
    expect(tree).to_contain_text("9,951 more of 10,001")
    assert wire.most_in_a_second() <= 100


@pytest.fixture
def dark(page: Page) -> Iterator[None]:
    yield
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


@pytest.mark.usefixtures("dark")
def test_trees_tables_bars_and_graphs_are_drawn_in_light_and_dark(lab: Lab, page: Page) -> None:
    page.set_viewport_size({"width": 1100, "height": 2300})
    notebook = open_notebook(lab, page, [ALL, "numbers.sort()"], "rdit")
    run(notebook)
    cell = notebook.cell()
    chart = cell.get_by_role("img", name="numbers: 7 numbers from -4 to 9")
    expect(chart).to_be_visible()
    bars = chart.locator("path").first
    before = bars.get_attribute("d")
    expect(cell.get_by_role("img", name="tree: 6 nodes and 5 links")).to_be_visible()
    expect(cell.get_by_role("columnheader", name="born")).to_be_visible()
    expect(cell.get_by_role("cell", name="9999")).to_be_visible()
    page.wait_for_timeout(300)
    picture(page, "viz_light")
    run(notebook, 1)
    expect(bars).not_to_have_attribute("d", before or "")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    page.wait_for_timeout(300)
    picture(page, "viz_dark")
    cell.get_by_role("group", name="numbers").get_by_role("button", name="Tree").click()
    expect(tree_of(notebook, "numbers").get_by_role("treeitem")).to_have_count(8)
