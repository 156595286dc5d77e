"""An app that is being written: edits reach all pages or none, and what is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow import ui_thread
from flow.dev.target import TargetError
from support.dev_app import Visitor, Writing, writing

APP = """\
from flow import Signal, component
from flow.ui import Button, Div, Input, Text

count = Signal(0)
name = Signal("")


def add():
    count.value += 1


@component
def App():
    with Div() as root:
        Text(lambda: f"Count: {count.value}")
        Button("add", on_click=add)
        Input(name="who", value=name)
        Input(name="free")
    return root
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Writing]:
    with writing(tmp_path, APP) as app:
        yield app


def kinds(visitor: Visitor) -> list[str]:
    return [each["kind"] for each in visitor.told]


def overlay(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = [each for each in visitor.told if each["kind"] == "overlay"][-1]
    return found


def failure(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = overlay(visitor)["failures"]
    return found


def test_an_edit_is_told_as_the_least_that_changes_the_page(app: Writing) -> None:
    page = app.open()
    page.told.clear()
    app.edit(APP.replace("Count:", "Number:"))
    (patch,) = [each for each in page.told if each["kind"] != "overlay"]
    assert patch["kind"] == "patch"
    assert patch["operations"] == [["text", patch["operations"][0][1], "Number: 0"]]


def test_a_page_that_goes_on_is_heard_by_the_ids_that_it_knows(app: Writing) -> None:
    page = app.open()
    known = page.find("add").element_id
    app.edit(APP.replace("count.value += 1", "count.value += 100"))
    page.event(known, "click")
    assert "Count: 100" in page.html


def test_what_left_with_an_edit_is_heard_no_more(app: Writing) -> None:
    page = app.open()
    known = page.find("add").element_id
    app.edit(
        APP.replace('        Button("add", on_click=add)\n', "").replace(
            "Text(lambda", "Text(id='x')\n        Text(lambda"
        )
    )
    page.event(known, "click")
    assert "Count: 0" in page.html


def test_edits_one_after_the_other_go_on_from_each_other(app: Writing) -> None:
    page = app.open()
    known = page.find("add").element_id
    for number in range(5):
        app.edit(
            APP.replace("Count:", f"Number {number}:").replace(
                "    with Div() as root:", f"    with Div(title='{number}') as root:"
            )
        )
        page.event(known, "click")
    assert "Number 4: 5" in page.html
    revisions = [each["revision"] for each in page.told if each["kind"] == "patch"]
    assert revisions == sorted({*revisions})


@pytest.mark.parametrize(
    ("old", "new", "title", "line"),
    [
        ("def App():", "def App(:", "SyntaxError: invalid syntax", 13),
        ("from flow.ui import", "from flow.ui import Nothing,", "ImportError: cannot import name 'Nothing'", 2),
        ("count = Signal(0)", "count = Signal(1 / 0)", "ZeroDivisionError: division by zero", 4),
        ("    with Div() as root:", "    missing()\n    with Div() as root:", "NameError: name 'missing'", 14),
        ("count = Signal(0)", "import sys; sys.exit(3); count = Signal(0)", "SystemExit: 3", 4),
        ("        Text(lambda", "        Text(wrong=3)\n        Text(lambda", "TypeError: ", 15),
    ],
    ids=["syntax", "import", "module", "component", "exit", "prop"],
)  # fmt: skip
def test_an_edit_that_fails_is_told_with_its_line_and_leaves_the_page_alive(
    app: Writing, capsys: pytest.CaptureFixture[str], old: str, new: str, title: str, line: int
) -> None:
    page = app.open()
    page.click("add")
    source = APP.replace(old, new)
    app.edit(source)
    told = failure(page)
    assert told["title"].startswith(title)
    assert (told["file"], told["line"]) == ("app.py", line)
    assert dict(map(tuple, told["lines"]))[line] == source.splitlines()[line - 1]
    assert [each for each in told["details"].splitlines() if "File" in each and "app.py" not in each] == []
    assert f"Error: app.py:{line}: {title}" in capsys.readouterr().err
    page.click("add")
    assert "Count: 2" in page.html
    app.edit(APP.replace("Count:", "Number:"))
    assert overlay(page)["failures"] == []
    assert "Number: 2" in page.html


def test_the_frames_of_a_traceback_are_the_authors(app: Writing) -> None:
    page = app.open()
    app.write("def work():\n    return {}['tea']\n", "work.py")
    app.edit(APP.replace("def App():", "def App():\n    import work; work.work()"))
    told = failure(page)
    assert (told["title"], told["file"], told["line"]) == ("KeyError: 'tea'", "work.py", 2)
    assert [each.strip() for each in told["details"].splitlines() if "File" in each] == [
        f'File "{app.folder / "app.py"}", line 14, in App',
        f'File "{app.folder / "work.py"}", line 2, in work',
    ]


def test_an_edit_that_one_page_cannot_show_is_shown_on_none(app: Writing) -> None:
    source = APP.replace(
        "def App():", "tries = [0]\n\n\n@component\ndef App():\n    tries[0] += 1\n    assert tries[0] < 2"
    )
    one, other = app.open(), app.open()
    app.edit(source.replace("Count:", "Number:"))
    assert "Count: 0" in one.html
    assert "Count: 0" in other.html
    one.click("add")
    assert "Count: 1" in other.html


def test_an_app_that_does_not_start_is_shown_as_soon_as_it_does(tmp_path: Path) -> None:
    with writing(tmp_path, "import nowhere\n") as app:
        page = app.open()
        assert app.app.overlay()["failures"] == app.app.failures != []
        app.edit(APP)
        assert kinds(page)[-2:] == ["begin", "overlay"]
        assert "Count: 0" in page.html


def test_a_page_that_cannot_be_opened_says_why_and_opens_when_it_is_mended(tmp_path: Path) -> None:
    with writing(tmp_path, APP.replace("    with Div() as root:", "    1 / 0\n    with Div() as root:")) as app:
        assert app.app.failures == []
        page = app.open()
        assert app.app.failures[0]["title"] == "ZeroDivisionError: division by zero"
        app.edit(APP)
        assert overlay(page)["failures"] == []
        assert "Count: 0" in page.html


def test_a_module_that_was_missing_is_found_when_it_is_written(app: Writing) -> None:
    page = app.open()
    app.edit(APP.replace("count = Signal(0)", "import later\ncount = Signal(later.VALUE)"))
    assert failure(page)["title"] == "ModuleNotFoundError: No module named 'later'"
    app.edit("VALUE = 7\n", "later.py")
    assert overlay(page)["failures"] == []
    assert "Count: 7" in page.html


def test_what_flow_build_would_refuse_is_told_and_the_page_goes_on(app: Writing) -> None:
    page = app.open()
    app.edit("import sqlite3\n" + APP.replace("Count:", "{sqlite3.sqlite_version} Count:"))
    told = failure(page)
    assert (told["kind"], told["file"]) == ("flow build would fail", "app.py")
    assert dict(map(tuple, told["lines"]))[told["line"]].strip().startswith("Text(lambda")
    assert "App" in told["details"]
    page.click("add")
    assert "Count: 1" in page.html
    app.edit(APP)
    assert overlay(page)["failures"] == []


def test_a_name_that_is_not_there_is_wrong_use_at_the_start_and_an_error_later(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"app\.py has no 'Page'\. It has App\."), writing(tmp_path, APP, "app:Page"):
        pass
    with writing(tmp_path, APP, "app:App") as app:
        page = app.open()
        app.edit(APP.replace("def App", "def Page"))
        assert failure(page)["title"].startswith("app.py has no 'App'. It has Page.")


def test_flow_run_names_what_is_shown_and_serves_nothing_else(tmp_path: Path) -> None:
    source = APP + "\n\n@component\ndef Other():\n    return Text('other')\n\n\nfrom flow import run\nrun(Other)\n"
    with writing(tmp_path, source) as app:
        page = app.open()
        assert page.html == "<span>other</span>"
        app.edit(source.replace("run(Other)", "run(App())"))
        assert "Count: 0" in page.html


def test_an_async_component_is_shown_and_edited(tmp_path: Path) -> None:
    source = APP.replace("def App", "async def App").replace(
        "    with Div()", "    import asyncio; await asyncio.sleep(0.01)\n    with Div()"
    )
    with writing(tmp_path, source) as app:
        page = app.open()
        page.click("add")
        app.edit(source.replace("Count:", "Number:"))
        assert "Number: 1" in page.html


def test_files_that_no_visitor_has_open_are_run_all_the_same(app: Writing) -> None:
    app.edit(APP.replace("Count:", "Number:"))
    assert "Number: 0" in app.open().html


def test_the_end_of_the_server_ends_what_pages_and_modules_had_started(app: Writing) -> None:
    source = APP.replace("def App():", "def App():\n    on_cleanup(lambda: ended.append('page'))")
    source = source.replace(
        "count =", "ended = []\nEffect(lambda: [on_cleanup(lambda: ended.append('module'))] and None)\ncount ="
    )
    app.edit("from flow import Effect, on_cleanup\n" + source)
    app.open()
    ui_thread.wait(app.app.close, 10)
    assert app.app.modules.own()["app"].ended == ["page", "module"]


def test_a_page_that_is_closed_ends_what_it_had_started(app: Writing) -> None:
    source = APP.replace(
        "def App():", "def App():\n    from flow import on_cleanup; on_cleanup(lambda: ended.append(1))"
    )
    app.edit(source.replace("count =", "ended = []\ncount ="))
    page = app.open()
    ui_thread.wait(lambda: app.app.close_page(page.page), 10)
    assert app.app.modules.own()["app"].ended == [1]
    assert app.app.pages == {}
