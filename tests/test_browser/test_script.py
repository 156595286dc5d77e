"""A .py file in JupyterLab's editor: run from its toolbar, with results beside its lines and its output in a panel."""

from __future__ import annotations

import json
import re
import secrets
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.lab import Lab, running
from support.notebook_page import MARKS, click_on, expect_marks, open_notebook, waits_for

NAME = "script.py"
FIRST_RUN = 60_000


@dataclass(frozen=True)
class ScriptPage:
    """A script that is open in an editor. It has a folder of its own."""

    lab: Lab
    page: Page
    path: str

    @property
    def editor(self) -> Locator:
        return self.page.locator(".jp-FileEditor").first

    @property
    def marks(self) -> Locator:
        return self.editor.locator(".sf-mark")

    @property
    def panel(self) -> Locator:
        return self.page.locator(".sf-FileOutput")

    @property
    def outputs(self) -> Locator:
        return self.panel.locator(".jp-OutputArea-output")

    def line(self, number: int) -> Locator:
        return self.editor.locator(".cm-line").nth(number - 1)

    def mark(self, number: int) -> Locator:
        """The marks on a line, counted from 1."""
        return self.line(number).locator(MARKS)

    def marked_lines(self) -> list[int]:
        marked = "lines => lines.map((line, k) => line.matches(':has(.sf-mark), .sf-mark') ? k + 1 : 0).filter(Boolean)"
        lines: list[int] = self.editor.locator(".cm-line").evaluate_all(marked)
        return lines

    def item(self, name: str) -> Locator:
        """An item of the toolbar."""
        return self.page.locator(f".jp-Toolbar [data-jp-item-name='sideflow-{name}']").first

    def press(self, name: str) -> None:
        self.item(name).locator(".jp-ToolbarButtonComponent").click()

    def run_all(self) -> None:
        self.press("run-all")

    def select(self, first: int, last: int) -> None:
        self.line(first).click(position={"x": 1, "y": 5})
        self.page.keyboard.press("Home")
        for _ in range(last - first):
            self.page.keyboard.press("Shift+ArrowDown")
        self.page.keyboard.press("Shift+End")

    def do(self, command: str) -> None:
        """Execute one of JupyterLab's commands."""
        self.page.evaluate("command => window.jupyterapp.commands.execute(command)", command)

    def go(self, name: str = "go") -> None:
        """Let a statement go on that waits for this file, beside the script."""
        (self.lab.files / self.path).with_name(name).touch()

    def sessions(self) -> list[dict[str, Any]]:
        """The server's sessions for this file."""
        with urllib.request.urlopen(f"{self.lab.url}/api/sessions?token={self.lab.token}") as answer:
            return [each for each in json.load(answer) if each["path"] == self.path]


Open = Callable[..., ScriptPage]


@pytest.fixture
def script(lab: Lab, page: Page) -> Open:
    """Opens a file with this source in the editor."""

    def opened(source: str, name: str = NAME, lab: Lab = lab) -> ScriptPage:
        path = f"{secrets.token_hex(4)}/{name}"
        (lab.files / path).parent.mkdir()
        (lab.files / path).write_text(source, "utf-8")
        lab.open(page, path)
        page.locator(".jp-FileEditor .cm-line").first.wait_for()
        return ScriptPage(lab, page, path)

    return opened


def test_run_all_shows_results_beside_the_lines_and_the_output_in_a_panel_while_it_runs(script: Open) -> None:
    opened = script(f"n = 20\nn + 1\nprint('printed')\n{waits_for('go')}\n1 / 0\n'not reached'\n")
    expect(opened.item("kernel-name")).to_be_hidden()
    opened.run_all()
    expect_marks(opened.mark(1), "✓n = 20$", timeout=FIRST_RUN)
    expect_marks(opened.mark(2), "✓21$")
    expect(opened.mark(4)).to_have_class(re.compile("sf-running"))
    expect(opened.outputs).to_have_text(["21", "printed\n"])
    expect(opened.item("kernel-name")).to_have_text("Python 3 (rdit)")
    expect(opened.item("run-all")).to_have_attribute("aria-busy", "true")
    opened.go()
    expect_marks(opened.mark(5), "✗ZeroDivisionError: division by zero$")
    expect(opened.outputs.last).to_contain_text("---> 5 1 / 0")
    expect(opened.item("run-all")).to_have_attribute("aria-busy", "false")
    assert opened.marked_lines() == [1, 2, 3, 4, 5]


def test_a_script_runs_in_its_folder_and_knows_its_file(script: Open) -> None:
    opened = script("from pathlib import Path\nPath.cwd() == Path(__file__).parent, Path(__file__).name, __name__\n")
    opened.run_all()
    expect(opened.outputs).to_have_text(["(True, 'script.py', '__main__')"], timeout=FIRST_RUN)


def test_a_selection_runs_alone_and_its_lines_keep_their_numbers(script: Open) -> None:
    opened = script("raise SystemError\n\nvalue = 6\nvalue * 7\n\nraise LookupError\n")
    opened.select(3, 4)
    opened.press("run-selection")
    expect(opened.outputs).to_have_text(["42"], timeout=FIRST_RUN)
    assert opened.marked_lines() == [3, 4]
    opened.select(6, 6)
    opened.press("run-selection")
    expect(opened.outputs).to_contain_text(["---> 6 raise LookupError"])
    assert opened.marked_lines() == [3, 4, 6]


def test_shift_enter_runs_the_statement_at_the_cursor_and_goes_to_the_next(script: Open) -> None:
    opened = script("first = 1\n\n\nsecond = first + 1\nthird = 3\n")
    opened.line(1).click()
    opened.page.keyboard.press("Shift+Enter")
    expect_marks(opened.mark(1), "first = 1$", timeout=FIRST_RUN)
    opened.page.keyboard.press("Shift+Enter")
    expect_marks(opened.mark(4), "second = 2$")
    assert opened.marked_lines() == [1, 4]
    expect(opened.line(2)).to_have_text("")


def test_what_a_script_asks_is_answered_in_its_panel(script: Open) -> None:
    opened = script("name = input('Who are you? ')\nf'Hello {name}'\n")
    opened.run_all()
    field = opened.panel.locator("input")
    field.wait_for(timeout=FIRST_RUN)
    expect(field).to_be_focused()
    opened.page.keyboard.type("Ada")
    opened.page.keyboard.press("Enter")
    expect(opened.outputs.last).to_have_text("'Hello Ada'")
    expect_marks(opened.mark(1), "name = 'Ada'$")


def test_a_changed_line_greys_its_mark_out(script: Open) -> None:
    opened = script("a = 1\nb = 2\n")
    opened.run_all()
    expect_marks(opened.mark(2), "b = 2$", timeout=FIRST_RUN)
    opened.line(1).click(position={"x": 1, "y": 5})
    opened.page.keyboard.type("x")
    expect(opened.mark(1)).to_have_class(re.compile("sf-stale"))
    expect(opened.mark(2)).not_to_have_class(re.compile("sf-stale"))


def test_marks_take_no_room_in_a_line_that_is_wrapped(script: Open) -> None:
    opened = script("text = 'wide ' * 20\n'below'\n")
    opened.page.set_viewport_size({"width": 900, "height": 600})
    opened.run_all()
    expect(opened.outputs).to_have_text(["'below'"], timeout=FIRST_RUN)
    expect_marks(opened.mark(1), "text = 'wide wide wide wide")
    with_mark, without = opened.line(1).bounding_box(), opened.line(3).bounding_box()
    assert with_mark
    assert without
    assert with_mark["height"] == pytest.approx(without["height"], abs=1)


def test_a_page_that_is_loaded_again_in_the_middle_of_a_run_shows_its_marks_and_what_follows(script: Open) -> None:
    opened = script(f"a = 1\n{waits_for('go')}\nprint('after', a)\n")
    opened.run_all()
    expect(opened.mark(2)).to_have_class(re.compile("sf-running"), timeout=FIRST_RUN)
    before = opened.sessions()
    opened.page.reload()
    expect_marks(opened.mark(1), "a = 1$", timeout=FIRST_RUN)
    expect(opened.mark(2)).to_have_class(re.compile("sf-running"))
    opened.go()
    expect(opened.outputs).to_have_text(["after 1\n"])
    click_on(opened.mark(3))
    expect(opened.panel.locator(".sf-lit")).to_have_text("after 1\n")
    assert [each["kernel"]["id"] for each in opened.sessions()] == [each["kernel"]["id"] for each in before]


def test_runs_wait_for_one_another_and_each_output_stays_until_the_next_run_begins(script: Open) -> None:
    opened = script(f"print('one')\n{waits_for('go')}\n\nprint('two')\n")
    opened.select(1, 2)
    opened.press("run-selection")
    expect(opened.outputs).to_have_text(["one\n"], timeout=FIRST_RUN)
    opened.select(4, 4)
    opened.press("run-selection")
    expect(opened.item("run-all")).to_have_attribute("title", "2 runs are waiting or running")
    expect(opened.outputs).to_have_text(["one\n"])
    opened.go()
    expect(opened.outputs).to_have_text(["two\n"])


def test_runs_that_wait_are_dropped_when_one_fails_and_its_error_stays(script: Open) -> None:
    opened = script(f"{waits_for('go')}\n1 / 0\n\nprint('never')\n")
    opened.select(1, 2)
    opened.press("run-selection")
    expect(opened.mark(1)).to_have_class(re.compile("sf-running"), timeout=FIRST_RUN)
    opened.select(4, 4)
    opened.press("run-selection")
    opened.go()
    expect(opened.item("run-all")).to_have_attribute("aria-busy", "false")
    expect(opened.outputs).to_contain_text(["ZeroDivisionError"])
    assert opened.marked_lines() == [1, 2]


def test_resume_goes_on_behind_the_error_and_keeps_the_output_before_it(script: Open) -> None:
    opened = script("print('before')\n1 / divisor\nprint('after')\n")
    opened.run_all()
    expect_marks(opened.mark(2), "NameError", timeout=FIRST_RUN)
    opened.line(2).click(position={"x": 1, "y": 5})
    opened.page.keyboard.type("divisor = 2; ")
    opened.do("rdit:resume")
    expect(opened.outputs).to_have_text([re.compile("^before\nResuming at line 2"), "0.5", "after\n"])
    click_on(opened.mark(1))
    expect(opened.panel.locator(".sf-lit")).to_contain_text("before\n")


def test_the_commands_act_on_the_script_in_front_though_a_notebook_is_beside_it(
    lab: Lab, page: Page, script: Open
) -> None:
    opened = script("a = 1\nb = 2\nc = 3\n")
    open_notebook(lab, page, ["'the cell'"])
    page.evaluate(
        """async path => {
            const { commands, shell } = window.jupyterapp;
            const options = { mode: 'split-right', ref: shell.currentWidget.id };
            await commands.execute('docmanager:open', { path, options });
        }""",
        opened.path,
    )
    expect(page.locator(".jp-Notebook")).to_be_visible()
    opened.line(2).click()
    opened.do("rdit:run-to-here")
    expect_marks(opened.mark(2), "b = 2$", timeout=FIRST_RUN)
    assert opened.marked_lines() == [1, 2]
    opened.do("rdit:clear-marks")
    expect(opened.marks).to_have_count(0)
    expect(page.locator(".jp-Notebook .sf-mark")).to_have_count(0)


def test_a_panel_that_is_closed_opens_again_with_all_that_came_meanwhile(script: Open) -> None:
    opened = script(f"print('one')\n{waits_for('go')}\nprint('two')\n'quiet';\n")
    opened.run_all()
    expect(opened.outputs).to_have_text(["one\n"], timeout=FIRST_RUN)
    close = opened.page.locator(".lm-TabBar-tab", has_text=f"Output of {NAME}").locator(".lm-TabBar-tabCloseIcon")
    close.click()
    expect(opened.panel).to_have_count(0)
    opened.go()
    expect(opened.mark(4)).to_have_count(1)
    click_on(opened.mark(3))
    expect(opened.outputs).to_have_text(["one\ntwo\n"])
    opened.page.locator(".lm-TabBar-tab", has_text=f"Output of {NAME}").locator(".lm-TabBar-tabCloseIcon").click()
    opened.run_all()
    expect(opened.outputs).to_have_text(["one\ntwo\n"])


def test_two_editors_of_a_file_share_its_kernel_its_marks_and_its_output(script: Open) -> None:
    opened = script("shared = 1\nshared\n")
    opened.do("docmanager:clone")
    editors = opened.page.locator(".jp-FileEditor")
    expect(editors).to_have_count(2)
    opened.run_all()
    for editor in editors.all():
        expect_marks(editor.locator(".sf-mark").first, "shared = 1$", timeout=FIRST_RUN)
    expect(opened.panel).to_have_count(1)
    expect(opened.outputs).to_have_text(["1"])
    assert len(opened.sessions()) == 1


def test_the_kernel_can_be_interrupted_and_restarted_and_what_it_left_cleared(script: Open) -> None:
    opened = script(f"a = 1\n{waits_for('never')}\n")
    opened.run_all()
    expect(opened.mark(2)).to_have_class(re.compile("sf-running"), timeout=FIRST_RUN)
    opened.press("interrupt")
    expect_marks(opened.mark(2), "KeyboardInterrupt")
    opened.press("restart")
    opened.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(opened.mark(1)).to_have_class(re.compile("sf-stale"))
    expect(opened.outputs).to_contain_text(["KeyboardInterrupt"])
    opened.do("rdit:clear-script")
    expect(opened.marks).to_have_count(0)
    expect(opened.outputs).to_have_count(0)
    opened.select(1, 1)
    opened.press("run-selection")
    expect_marks(opened.mark(1), "a = 1$", timeout=FIRST_RUN)
    expect(opened.mark(1)).not_to_have_class(re.compile("sf-stale"))


def test_closing_the_editor_ends_the_kernel_that_was_started_for_it(script: Open) -> None:
    opened = script("a = 1\n")
    opened.run_all()
    expect_marks(opened.mark(1), "a = 1$", timeout=FIRST_RUN)
    assert len(opened.sessions()) == 1
    opened.do("application:close")
    expect(opened.editor).to_have_count(0)
    deadline = time.monotonic() + 10
    while opened.sessions() and time.monotonic() < deadline:
        opened.page.wait_for_timeout(100)
    assert opened.sessions() == []


def test_a_renamed_script_keeps_its_kernel_and_its_marks(script: Open) -> None:
    opened = script("a = 1\n1 / 0\n")
    opened.run_all()
    expect_marks(opened.mark(2), "ZeroDivisionError", timeout=FIRST_RUN)
    kernel = opened.sessions()[0]["kernel"]["id"]
    renamed = opened.path.replace(NAME, "renamed.py")
    rename = "([from, to]) => window.jupyterapp.serviceManager.contents.rename(from, to)"
    opened.page.evaluate(rename, [opened.path, renamed])
    expect(opened.page.locator(".lm-TabBar-tab", has_text="Output of renamed.py")).to_be_visible()
    expect(opened.marks).to_have_count(2)
    opened.select(1, 1)
    opened.press("run-selection")
    expect(opened.outputs).to_have_count(0)
    expect(opened.item("run-all")).to_have_attribute("aria-busy", "false")
    expect(opened.marks).to_have_count(2)
    after = ScriptPage(opened.lab, opened.page, renamed)
    assert [each["kernel"]["id"] for each in after.sessions()] == [kernel]


def test_a_kernel_of_another_kind_runs_the_selected_text_and_nothing_is_marked(script: Open) -> None:
    opened = script("raise SystemError\n\nprint('selected')\n")
    opened.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.context.sessionContext.changeKernel({ name: 'python3' })"
    )
    expect(opened.item("kernel-name")).to_have_text("Python 3 (ipykernel)", timeout=FIRST_RUN)
    opened.select(3, 3)
    opened.press("run-selection")
    expect(opened.outputs).to_have_text(["selected\n"], timeout=FIRST_RUN)
    expect(opened.marks).to_have_count(0)


def test_other_files_have_nothing_of_this_until_they_are_scripts(script: Open) -> None:
    opened = script("print('a text')\n", name="notes.txt")
    expect(opened.line(1)).to_have_text("print('a text')")  # a file that is renamed while it is loaded is not found
    expect(opened.item("run-all")).to_have_count(0)
    rename = "([from, to]) => window.jupyterapp.serviceManager.contents.rename(from, to)"
    opened.page.evaluate(rename, [opened.path, opened.path.replace("notes.txt", NAME)])
    expect(opened.item("run-all")).to_be_visible()
    opened.page.evaluate(rename, [opened.path.replace("notes.txt", NAME), opened.path])
    expect(opened.item("run-all")).to_have_count(0)


def test_a_server_without_rdit_offers_nothing(browser: Browser, tmp_path: Path, script: Open) -> None:
    home, files = tmp_path / "home", tmp_path / "files"
    home.mkdir()
    files.mkdir()
    with running(home, files, "--KernelSpecManager.allowed_kernelspecs=python3") as lab:
        opened = script("print('a script')\n", lab=lab)
        opened.page.evaluate("() => window.jupyterapp.serviceManager.kernelspecs.ready")
        expect(opened.item("run-all")).to_have_count(0)


def test_notebook_7_shows_the_output_below_the_editor(lab: Lab, page: Page) -> None:
    (lab.files / NAME).write_text("'the result'\n", "utf-8")
    page.goto(f"{lab.url}/edit/{NAME}?token={lab.token}")
    opened = ScriptPage(lab, page, NAME)
    opened.run_all()
    expect_marks(opened.mark(1), "'the result'$", timeout=FIRST_RUN)
    expect(opened.outputs).to_have_text(["'the result'"])
    editor, output = opened.editor.bounding_box(), opened.outputs.bounding_box()
    assert editor
    assert output
    assert editor["y"] + editor["height"] <= output["y"]
    assert output["y"] + output["height"] <= 800


def test_rdit_with_a_file_opens_it_connected_with_the_cursor_in_it(page: Page, tmp_path: Path) -> None:
    home, files = tmp_path / "home", tmp_path / "files"
    home.mkdir()
    files.mkdir()
    (files / NAME).write_text("print('not run yet')\n", "utf-8")
    with running(home, files, script=NAME) as lab:
        page.goto(f"{lab.url}/?token={lab.token}")
        opened = ScriptPage(lab, page, NAME)
        expect(opened.item("kernel-name")).to_have_text("Python 3 (rdit)", timeout=FIRST_RUN)
        expect(opened.editor.locator(".cm-content")).to_be_focused()
        expect(opened.marks).to_have_count(0)
        assert [each["kernel"]["name"] for each in opened.sessions()] == ["rdit"]
        page.keyboard.press("Shift+Enter")
        expect(opened.outputs).to_have_text(["not run yet\n"])
        page.evaluate("() => window.jupyterapp.commands.execute('application:close-all')")
        expect(opened.editor).to_have_count(0)
        page.reload()
        expect(opened.item("kernel-name")).to_have_text("Python 3 (rdit)", timeout=FIRST_RUN)
