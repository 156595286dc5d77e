"""What of an app outlasts an edit: the values of signals, unless the author has given others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from flow import Signal, ui_thread
from flow.component import Component
from flow.dev.keeping import watch
from support.dev_app import Writing, writing

APP = """\
from flow import For, Show, Signal, component, remember, use_signal
from flow.ui import Button, Div, Input, Text
from store import Store

START = 5
count = Signal(0)
start = Signal(START)
store = Store()


@component
def Counter(label, first=0):
    n = Signal(first)
    m = use_signal(10)
    own = remember(Store)
    with Div() as root:
        Text(lambda: f"{label}: {n.value} {m.value} {own.total.value}")
        Button(f"more {label}", on_click=lambda: [each.update(lambda n: n + 1) for each in (n, m, own.total)])
    return root


@component
def App():
    with Div() as root:
        Text(lambda: f"Count: {count.value} {start.value} {store.total.value}")
        Button("all", on_click=lambda: (count.set(count.value + 1), start.set(9), store.total.set(8)))
        Counter("tea")
        Counter("milk")
        Counter("cake", key="cake")
    return root
"""
STORE = """\
from flow import Signal


class Store:
    def __init__(self):
        self.total = Signal(100)
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Writing]:
    with writing(tmp_path, APP, store=STORE) as app:
        yield app


def test_signals_of_modules_of_their_objects_and_of_components_keep_their_values(app: Writing) -> None:
    page = app.open()
    page.click("all")
    page.click("more milk")
    page.click("more milk")
    page.click("more cake")
    app.edit(APP.replace("Count:", "Number:"))
    assert "Number: 1 9 8" in page.html
    assert "tea: 0 10 100" in page.html
    assert "milk: 2 12 102" in page.html
    assert "cake: 1 11 101" in page.html
    page.click("more milk")
    assert "milk: 3 13 103" in page.html


def test_a_value_that_the_author_has_edited_is_the_new_one_and_the_others_stay(app: Writing) -> None:
    page = app.open()
    page.click("all")
    page.click("more milk")
    app.edit(APP.replace("count = Signal(0)", "count = Signal(50)").replace("use_signal(10)", "use_signal(20)"))
    assert "Count: 50 9 8" in page.html
    assert "milk: 1 20 101" in page.html


def test_a_value_is_edited_too_where_what_it_is_made_of_is(app: Writing) -> None:
    page = app.open()
    page.click("all")
    page.click("more milk")
    app.edit(APP.replace("START = 5", "START = 6").replace('Counter("milk")', 'Counter("milk", 70)'))
    assert "Count: 1 6 8" in page.html
    assert "milk: 70 11 101" in page.html


def test_the_edit_of_a_module_keeps_what_it_and_others_made(app: Writing) -> None:
    page = app.open()
    page.click("all")
    app.edit(STORE + "\n# a comment\n", "store.py")
    assert "Count: 1 9 8" in page.html
    app.edit(STORE.replace("100", "200"), "store.py")
    assert "Count: 1 9 200" in page.html


def test_a_signal_that_is_put_before_others_or_taken_from_there_moves_no_value(app: Writing) -> None:
    page = app.open()
    page.click("more milk")
    app.edit(APP.replace("    n = Signal(first)", "    other = Signal(77)\n    n = Signal(first)"))
    assert "milk: 1 11 101" in page.html
    page.click("more milk")
    app.edit(APP)
    assert "milk: 2 12 102" in page.html


def test_a_component_is_known_by_its_number_among_its_like_and_by_its_key(app: Writing) -> None:
    page = app.open()
    page.click("more milk")
    page.click("more cake")
    moved = APP.replace('        Counter("cake", key="cake")\n', "").replace(
        '        Counter("tea")\n',
        '        Counter("cake", key="cake")\n        with Div():\n            Counter("tea")\n',
    )
    app.edit(moved)
    assert "cake: 1 11 101" in page.html
    assert "tea: 0 10 100" in page.html
    assert "milk: 1 11 101" in page.html


def test_each_page_keeps_its_own(app: Writing) -> None:
    one, other = app.open(), app.open()
    one.click("more milk")
    one.click("all")
    app.edit(APP.replace("Count:", "Number:"))
    assert "milk: 1 11 101" in one.html
    assert "milk: 0 10 100" in other.html
    assert "Number: 1 9 8" in one.html
    assert "Number: 1 9 8" in other.html


def test_a_component_that_comes_later_begins_at_its_beginning(app: Writing) -> None:
    source = APP.replace(
        '        Counter("cake", key="cake")', '        Show(lambda: count.value, lambda: Counter("late"))'
    )
    app.edit(source)
    page = app.open()
    page.click("all")
    page.click("more late")
    assert "late: 1 11 101" in page.html
    app.edit(source.replace("count = Signal(0)", "count = Signal(False)"))
    assert "late" not in page.html
    page.click("all")
    assert "late: 0 10 100" in page.html


def test_rows_of_a_list_keep_their_values_by_their_keys(app: Writing) -> None:
    rows = APP.replace(
        '        Counter("tea")', "        For(names, key=str, render=lambda name: Counter(name))"
    ).replace("START = 5", 'START = 5\nnames = Signal(["one", "two"])')
    app.edit(rows)
    page = app.open()
    page.click("more two")
    app.edit(rows.replace('["one", "two"]', '["two", "zero"]'))
    assert "two: 1 11 101" in page.html
    assert "zero: 0 10 100" in page.html


def test_a_value_that_is_another_at_each_run_is_kept_as_well(tmp_path: Path) -> None:
    source = "from time import monotonic_ns\nfrom flow import *\nfrom flow.ui import *\nat = Signal(monotonic_ns())\n"
    source += "@component\ndef App():\n    return Text(lambda: f'<{at.value}>')\n"
    with writing(tmp_path, source) as app:
        page = app.open()
        before = page.html
        app.edit(source.replace("return", "return  "))
        assert page.html == before


def test_what_flow_makes_for_an_app_is_not_kept_for_it_begins_anew(tmp_path: Path) -> None:
    source = "from flow import *\nfrom flow.ui import *\nwork = run(lambda: 1)\n"
    source += "@component\ndef App():\n    return Text(lambda: work.state.value)\n"
    with writing(tmp_path, source) as app:
        page = app.open()
        app.edit(source.replace("lambda: 1", "lambda: __import__('threading').Event().wait(5)"))
        assert "running" in page.html


def test_what_a_run_of_the_modules_started_ends_with_it(tmp_path: Path) -> None:
    source = "from flow import *\nfrom flow.ui import *\nseen = []\n"
    source += "n = Signal(0)\nEffect(lambda: seen.append(n.value))\n@component\ndef App():\n    return Text('x')\n"
    with writing(tmp_path, source) as app:
        before = app.app.modules.own()["app"]
        app.edit(source.replace("'x'", "'y'"))
        ui_thread.wait(lambda: before.n.set(1), 10)
        assert before.seen == [0]


def test_what_a_module_started_that_does_not_run_again_goes_on(tmp_path: Path) -> None:
    source = "import other\nfrom flow.ui import Text\nfrom flow import component\n"
    source += "@component\ndef App():\n    return Text('x')\n"
    other = "from flow import Effect, Signal\nseen = []\nn = Signal(0)\nEffect(lambda: seen.append(n.value))\n"
    with writing(tmp_path, source, other=other) as app:
        module = app.app.modules.own()["other"]
        app.edit(source.replace("'x'", "'y'"))
        ui_thread.wait(lambda: module.n.set(1), 10)
        assert module.seen == [0, 1]
        app.edit("1 / 0")
        ui_thread.wait(lambda: module.n.set(2), 10)
        assert module.seen == [0, 1, 2]


def test_what_a_failed_edit_started_ends(tmp_path: Path) -> None:
    source = "from flow import Effect, Signal, component\nfrom flow.ui import Text\nimport builtins\n"
    source += "@component\ndef App():\n    return Text('x')\n"
    with writing(tmp_path, source) as app:
        seen: list[int] = []
        n = Signal(0)
        sys.modules["test_hook"] = SimpleNamespace(n=n, see=lambda: seen.append(n.value))  # type: ignore[assignment]
        try:
            app.edit(source + "import test_hook\nEffect(test_hook.see)\n1 / 0\n")
        finally:
            del sys.modules["test_hook"]
        ui_thread.wait(lambda: n.set(1), 10)
        assert seen == [0]


def test_nobody_watches_when_nothing_is_served() -> None:
    made, running = Signal.__init__, Component._remembering
    with watch():
        assert Signal.__init__ is not made
    assert (Signal.__init__, Component._remembering) == (made, running)
