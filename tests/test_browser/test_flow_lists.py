"""Lists of flow in a real JupyterLab: rows move, come and go; those that stay are the DOM nodes they were."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from support.flow_page import is_marked, mark, root_of, show
from support.lab import Lab

TODO = """\
from itertools import count
from flow import Signal, component, on
from flow.control import For
from flow.ui import *

number = count(1)

class Todo:
    def __init__(self, title):
        self.id, self.title, self.done = next(number), Signal(title), Signal(False)

todos = Signal([Todo("Milk"), Todo("Bread"), Todo("Tea")])
new = Signal("")

def add():
    if new.value:
        todos.update(lambda each: [*each, Todo(new.value)])
        new.value = ""

def remove(todo):
    todos.update(lambda each: [other for other in each if other is not todo])

def up(todo):
    at = todos.value.index(todo)
    todos.update(lambda each: [*each[:at - 1], todo, each[at - 1], *each[at + 1:]] if at else each)

def Row(todo):
    with Li(cls=lambda: "done" if todo.done.value else "open") as row:
        Input(type="checkbox", checked=todo.done)
        Input(cls="title", value=todo.title, on_keydown=on(lambda: up(todo), keys="ArrowUp", prevent_default=True))
        Input(cls="note", placeholder="a note")
        Button("Remove", on_click=lambda: remove(todo))
    return row

@component
def Todos():
    with VStack() as root:
        with Form(on_submit=add):
            Input(cls="new", value=new, placeholder="What is to be done?"), Button("Add")
        Ul(For(todos, key=lambda todo: todo.id, render=Row))
        Text(lambda: f"{sum(not todo.done.value for todo in todos.value)} of {len(todos.value)} are open")
        Button("Reverse", on_click=lambda: todos.update(lambda each: each[::-1]))
    return root

Todos()"""

TABLE = """\
from itertools import count
from flow import Signal, batch
from flow.control import For
from flow.ui import *

number = count(1)
rows, chosen = Signal([]), Signal(None)

class Item:
    def __init__(self):
        self.id = next(number)
        self.label = Signal(f"row {self.id}")

def create(): rows.value = [Item() for _ in range(1000)]
def append(): rows.update(lambda each: each + [Item() for _ in range(1000)])
def swap(): rows.update(lambda each: [each[0], each[998], *each[2:998], each[1], each[999]])
def clear(): rows.value = []
@batch
def update():
    for each in rows.value[::10]: each.label.update(lambda label: label + " !!!")

def Row(item):
    return Tr(
        Td(item.id), Td(A(item.label, on_click=lambda: setattr(chosen, "value", item.id))),
        Td(Button("x", on_click=lambda: rows.update(lambda each: [other for other in each if other is not item]))),
        cls=lambda: "chosen" if chosen.value == item.id else None,
    )

with VStack() as root:
    with HStack():
        for act in (create, append, update, swap, clear):
            Button(act.__name__, on_click=act)
    Table(Tbody(For(rows, key=lambda item: item.id, render=Row)))
root"""

LABELS = "root => [...root.querySelectorAll('tr')].map(row => row.children[1].textContent)"


def test_a_todo_list_is_filled_ticked_and_emptied(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, TODO))
    rows = root.locator("li")
    expect(root).to_contain_text("3 of 3 are open")
    root.locator(".new").fill("Honey")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(4)
    expect(root.locator(".new")).to_have_value("")
    expect(root.locator(".new")).to_be_focused()
    root.locator(".new").press_sequentially("Salt")
    root.get_by_role("button", name="Add").click()
    expect(rows).to_have_count(5)
    assert _titles(root) == ["Milk", "Bread", "Tea", "Honey", "Salt"]
    rows.nth(1).locator("[type=checkbox]").check()
    expect(rows.nth(1)).to_have_class("done")
    expect(root).to_contain_text("4 of 5 are open")
    rows.nth(0).get_by_role("button").click()
    expect(root).to_contain_text("3 of 4 are open")
    assert _titles(root) == ["Bread", "Tea", "Honey", "Salt"]
    expect(rows.nth(0).locator("[type=checkbox]")).to_be_checked()


def test_rows_that_move_are_the_same_nodes_and_keep_what_was_typed_into_them(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, TODO))
    rows = root.locator("li")
    for at, note in enumerate(("two litres", "rye", "green")):
        rows.nth(at).locator(".note").fill(note)
        mark(rows.nth(at))
    root.get_by_role("button", name="Reverse").click()
    expect(rows.first.locator(".title")).to_have_value("Tea")
    assert _titles(root) == ["Tea", "Bread", "Milk"]
    assert [rows.nth(at).locator(".note").input_value() for at in range(3)] == ["green", "rye", "two litres"]
    assert all(is_marked(rows.nth(at)) for at in range(3))


def test_the_focus_the_caret_and_the_typing_go_along_with_a_row_that_moves(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, TODO))
    field = root.locator("li").nth(2).locator(".title")
    field.focus()
    field.evaluate("field => field.setSelectionRange(1, 1)")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("hr")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("e")
    moved = root.locator("li").first.locator(".title")
    expect(moved).to_have_value("Threea")
    expect(moved).to_be_focused()
    assert moved.evaluate("field => field.selectionStart") == 4
    assert _titles(root) == ["Threea", "Milk", "Bread"]


def test_a_table_of_1000_rows_is_changed_without_making_rows_anew(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, TABLE))
    rows = root.locator("tr")
    _press(root, "create")
    expect(rows).to_have_count(1000)
    before = [f"row {k}" for k in range(1, 1001)]
    assert root.evaluate(LABELS) == before
    root.evaluate("root => root.querySelectorAll('tr').forEach(row => { row.isTheSame = true; })")
    rows.nth(4).locator("a").click()
    expect(rows.nth(4)).to_have_class("chosen")
    rows.nth(6).locator("a").click()
    expect(rows.nth(6)).to_have_class("chosen")
    expect(root.locator(".chosen")).to_have_count(1)
    _press(root, "swap")
    expect(rows.nth(1)).to_contain_text("row 999")
    expected = [before[0], before[998], *before[2:998], before[1], before[999]]
    assert root.evaluate(LABELS) == expected
    rows.nth(2).get_by_role("button").click()
    expect(rows).to_have_count(999)
    del expected[2]
    _press(root, "update")
    expect(rows.first).to_contain_text("row 1 !!!")
    expected = [f"{label} !!!" if at % 10 == 0 else label for at, label in enumerate(expected)]
    assert root.evaluate(LABELS) == expected
    same = "root => [...root.querySelectorAll('tr')].filter(row => row.isTheSame).length"
    assert root.evaluate(same) == 999
    _press(root, "append")
    expect(rows).to_have_count(1999)
    assert root.evaluate(same) == 999
    _press(root, "create")
    expect(rows.first).to_contain_text("row 2001")
    expect(rows).to_have_count(1000)
    assert root.evaluate(same) == 0
    _press(root, "clear")
    expect(rows).to_have_count(0)


def _press(root: Locator, name: str) -> None:
    root.get_by_role("button", name=name, exact=True).click()


def _titles(root: Locator) -> Any:
    return root.locator(".title").evaluate_all("all => all.map(field => field.value)")
