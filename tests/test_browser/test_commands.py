"""Running parts of a cell in JupyterLab, the status bar and the timeline."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Locator, Page, expect

from support.lab import Lab
from support.notebook_page import NotebookPage, expect_marks, open_notebook, run_in_notebook_7, waits_for

FOUR = "a = 1\nb = 2\n\nprint('third')\nd = 4"
LINES = (1, 2, 4, 5)
OURS = ["Run Selected Lines", "Run Up to Here", "Run from Here", "Resume after Error"]


@pytest.fixture
def four(lab: Lab, page: Page) -> NotebookPage:
    """A notebook with a cell of four statements."""
    return open_notebook(lab, page, [FOUR, "'another cell'"])


def test_the_selected_lines_run_alone(four: NotebookPage) -> None:
    put_cursor(four, line=2)
    four.page.keyboard.press("Shift+ArrowDown")
    four.page.keyboard.press("Shift+ArrowDown")
    four.page.keyboard.press("Control+Shift+Enter")
    expect(marked_lines(four)).to_have_count(1)
    expect_marks(four.mark(2), "b = 2")
    expect(status(four.page)).to_have_text(re.compile(r"^1 statement · "))
    assert text_of(four) == FOUR


def test_a_part_that_runs_keeps_the_marks_of_the_rest(four: NotebookPage) -> None:
    four.run()
    expect(four.marks()).to_have_count(4)
    put_cursor(four, line=4)
    chord(four, "u")
    expect(status(four.page)).to_have_text(re.compile(r"^3 statements · "))
    expect(four.marks()).to_have_count(4)
    chord(four, "f")
    expect(status(four.page)).to_have_text(re.compile(r"^2 statements · "))
    expect(four.marks()).to_have_count(4)


def test_up_to_here_and_from_here_run_what_they_say(four: NotebookPage) -> None:
    put_cursor(four, line=2)
    chord(four, "u")
    expect(four.marks()).to_have_count(2)
    assert lines_with_marks(four) == [1, 2]
    chord(four, "c")
    expect(four.marks()).to_have_count(0)
    put_cursor(four, line=4)
    chord(four, "f")
    expect(four.marks()).to_have_count(2)
    assert lines_with_marks(four) == [4, 5]


def test_a_line_without_a_statement_says_so_and_loses_nothing(four: NotebookPage) -> None:
    four.run()
    expect(four.outputs()).to_have_text(["third"])
    put_cursor(four, line=3)
    four.page.keyboard.press("Control+Shift+Enter")
    expect(four.page.locator(".Toastify__toast")).to_have_text("Line 3 has no statement to run.")
    expect(four.outputs()).to_have_text(["third"])
    expect(four.marks()).to_have_count(4)


def test_resuming_goes_on_and_keeps_what_was_shown_before_the_error(lab: Lab, page: Page) -> None:
    gate = gate_name()
    source = f"print('before')\n'shown'\nopen({gate!r}).close()\nprint('after')"
    notebook = open_notebook(lab, page, [source])
    notebook.run()
    expect(status(page)).to_have_text("Failed at statement 3 of 4")
    notebook.go(gate)
    chord(notebook, "r")
    expect(status(page)).to_have_text(re.compile(r"^2 statements · "))
    expect(notebook.outputs()).to_contain_text(["before", "'shown'", "after"])
    expect(notebook.outputs()).to_have_count(3)
    expect(notebook.marks()).to_have_count(4)
    assert not is_enabled(page, "rdit:resume")


def test_results_beside_the_lines_are_hidden_and_shown_and_the_choice_is_kept(lab: Lab, four: NotebookPage) -> None:
    four.run()
    expect(four.marks()).to_have_count(4)
    chord(four, "i")
    expect(four.marks()).to_have_count(0)
    try:
        four.page.reload()
        lab.wait_for_kernel(four.page)
        four.run()
        expect(four.cell().locator(".sf-strip")).to_have_count(4)
        expect(four.marks()).to_have_count(0)
    finally:
        four.do("rdit:toggle-inline-results")
    expect(four.marks()).to_have_count(4)


def test_clearing_takes_the_marks_of_this_cell_or_of_all(four: NotebookPage) -> None:
    four.run(1)
    expect(four.marks(1)).to_have_count(1)
    four.run(0)
    expect(four.marks(0)).to_have_count(4)
    chord(four, "c")
    expect(four.marks(0)).to_have_count(0)
    expect(four.marks(1)).to_have_count(1)
    four.do("rdit:clear-all-marks")
    expect(four.marks(1)).to_have_count(0)


def test_the_keyboard_alone_opens_a_result_and_comes_back(four: NotebookPage) -> None:
    four.run()
    put_cursor(four, line=4)
    chord(four, "d")
    card = four.page.locator(".sf-card")
    expect(card).to_contain_text("third")
    expect(card).to_be_focused()
    four.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    four.page.keyboard.type("x")
    expect(four.cell().locator(".cm-line").nth(3)).to_contain_text("xprint")


def test_the_keyboard_alone_finds_a_statements_output(lab: Lab, page: Page) -> None:
    notebook = open_notebook(
        lab, page, ["for k in range(80): print(k)\nfrom IPython.display import HTML\nHTML('<p>deep')"]
    )
    notebook.run()
    expect(notebook.marks()).to_have_count(3)
    put_cursor(notebook, line=3)
    chord(notebook, "o")
    expect(notebook.outputs().filter(has_text="deep")).to_be_in_viewport()


def test_shortcuts_work_in_command_mode_and_change_no_cell(four: NotebookPage) -> None:
    put_cursor(four, line=2)
    four.page.keyboard.press("Escape")
    expect(four.page.locator(".jp-Notebook.jp-mod-commandMode")).to_have_count(1)
    chord(four, "u")
    expect(four.marks()).to_have_count(2)
    chord(four, "c")
    expect(four.marks()).to_have_count(0)
    four.page.keyboard.press("Control+Shift+Enter")
    expect(four.marks()).to_have_count(1)
    assert text_of(four) == FOUR
    expect(four.page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)


def test_none_of_our_shortcuts_is_anybody_elses(four: NotebookPage) -> None:
    bindings = four.page.evaluate("jupyterapp.commands.keyBindings.map(each => [each.keys.join(' '), each.command])")
    ours = {keys for keys, command in bindings if command.startswith("rdit:")}
    assert len(ours) == 9
    firsts = {keys.split(" ")[0] + " " + keys.split(" ")[1] for keys in ours}
    others = [keys for keys, command in bindings if not command.startswith("rdit:")]
    assert [keys for keys in others if keys in ours or keys in firsts] == []


def test_the_menus_offer_our_commands(four: NotebookPage) -> None:
    four.edit()
    assert set(OURS) <= set(entries(four.page, "Run"))
    assert {"Show Results beside the Lines", "Show Timeline of the Last Cell"} <= set(entries(four.page, "View"))
    assert "Clear Statement Marks of All Cells" in entries(four.page, "Edit")
    assert set(OURS) <= set(context_entries(four, line=2))


def test_a_context_menu_means_the_line_that_it_was_opened_on(four: NotebookPage) -> None:
    put_cursor(four, line=1)
    four.cell().locator(".cm-line").nth(3).click(button="right")
    four.page.locator(".lm-Menu-item", has_text="Run from Here").click()
    expect(four.marks()).to_have_count(2)
    assert lines_with_marks(four) == [4, 5]


def test_for_another_kernel_there_is_nothing_of_this(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [FOUR], kernel="python3")
    notebook.run()
    notebook.wait_until_done()
    assert not set(OURS) & set(entries(page, "Run"))
    assert not {"Show Results beside the Lines", "Show Timeline of the Last Cell"} & set(entries(page, "View"))
    assert not set(OURS) & set(context_entries(notebook, line=2))
    expect(status(page)).to_be_hidden()
    notebook.edit()
    chord(notebook, "c")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".jp-InputPrompt").first).to_have_text("[1]:")


def test_the_status_bar_counts_while_a_cell_runs_and_sums_up_after(lab: Lab, page: Page) -> None:
    gate = gate_name()
    notebook = open_notebook(lab, page, [f"a = 1\n{waits_for(gate)}\nb = 2"])
    expect(status(page)).to_be_hidden()
    notebook.run()
    expect(status(page)).to_have_text(re.compile(r"^Statement 2 of 3 · [1-9]\d*\.\d s$"))
    first = status(page).inner_text()
    expect(status(page)).not_to_have_text(first)
    notebook.go(gate)
    expect(status(page)).to_have_text(re.compile(r"^3 statements · [\d.]+ m?s$"))
    status(page).click()
    expect(rows(page)).to_have_count(3)


def test_the_status_goes_on_beside_a_markdown_cell_and_hides_with_the_notebook(four: NotebookPage) -> None:
    four.run()
    expect(status(four.page)).to_have_text(re.compile("^4 statements"))
    four.page.keyboard.press("Escape")
    four.page.keyboard.press("m")
    expect(four.page.locator(".jp-MarkdownCell")).to_have_count(1)
    expect(status(four.page)).to_be_visible()
    four.do("launcher:create")
    expect(status(four.page)).to_be_hidden()


def test_the_timeline_is_live_and_a_click_on_a_row_goes_to_its_code(lab: Lab, page: Page) -> None:
    gate = gate_name()
    notebook = open_notebook(lab, page, [f"a = 1\n{waits_for(gate)}\nb = 2"])
    notebook.edit()
    chord(notebook, "t")
    expect(page.locator(".sf-timeline")).to_contain_text("No cell has run yet")
    notebook.run()
    running = rows(page).nth(1)
    expect(running).to_have_class(re.compile("sf-running"))
    before = running.inner_text()
    expect(running).not_to_have_text(before)
    expect(rows(page)).to_have_count(2)
    notebook.go(gate)
    expect(rows(page)).to_have_count(3)
    expect(page.locator(".sf-timeline-heading")).to_contain_text(re.compile(r"\[1\] · 3 statements · [\d.]+ m?s$"))
    rows(page).nth(2).click()
    expect(notebook.cell().locator(".cm-content")).to_be_focused()
    page.keyboard.type("x")
    expect(notebook.cell().locator(".cm-line").nth(2)).to_contain_text("xb = 2")


def test_the_timeline_is_walked_through_by_the_keyboard(four: NotebookPage) -> None:
    four.run()
    expect(four.marks()).to_have_count(4)
    chord(four, "t")
    expect(four.page.locator(".sf-timeline-rows")).to_be_focused()
    four.page.keyboard.press("End")
    four.page.keyboard.press("ArrowUp")
    expect(four.page.locator(".sf-timeline-row[aria-selected=true]")).to_contain_text("print('third')")
    four.page.keyboard.press("Enter")
    expect(four.cell().locator(".cm-content")).to_be_focused()
    four.page.keyboard.press("Control+Shift+Enter")
    expect(status(four.page)).to_have_text(re.compile("^1 statement ·"))
    expect(four.outputs()).to_have_text(["third"])


def test_the_timeline_may_stand_among_the_documents(four: NotebookPage) -> None:
    four.run()
    expect(four.marks()).to_have_count(4)
    chord(four, "t")
    four.page.evaluate(
        "() => { const { shell } = jupyterapp; const [panel] = [...shell.widgets('down')];"
        " shell.add(panel, 'main', { mode: 'split-bottom' }); shell.activateById(panel.id); }"
    )
    rows(four.page).nth(2).click()
    expect(four.cell().locator(".cm-content")).to_be_focused()
    four.page.keyboard.type("x")
    expect(four.cell().locator(".cm-line").nth(3)).to_contain_text("xprint")
    expect(rows(four.page)).to_have_count(4)


def test_a_thousand_statements_are_a_list_of_two_hundred(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["\n".join(f"x = {k}" for k in range(1000))])
    notebook.edit()
    chord(notebook, "t")
    notebook.run()
    expect(rows(page)).to_have_count(200)
    expect(page.locator(".sf-timeline-rest")).to_have_text(re.compile("^and 800 quicker statements, together "))


def test_the_timeline_opens_in_notebook_7(lab: Lab, page: Page) -> None:
    notebook = run_in_notebook_7(lab, page, FOUR)
    expect(page.locator(".sf-mark")).to_have_count(4)
    chord(notebook, "t")
    expect(rows(page)).to_have_count(4)
    expect(rows(page).first).to_be_in_viewport()


def chord(notebook: NotebookPage, key: str) -> None:
    notebook.page.keyboard.press("Alt+s")
    notebook.page.keyboard.press(key)


def put_cursor(notebook: NotebookPage, line: int) -> None:
    """Put the cursor at the start of a line of the first cell, counted from 1."""
    notebook.edit()
    notebook.page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        notebook.page.keyboard.press("ArrowDown")


def status(page: Page) -> Locator:
    return page.locator(".sf-status")


def rows(page: Page) -> Locator:
    return page.locator(".sf-timeline-row")


def marked_lines(notebook: NotebookPage) -> Locator:
    return notebook.cell().locator(".cm-line:is(.sf-mark, :has(.sf-mark))")


def lines_with_marks(notebook: NotebookPage) -> list[int]:
    return [line for line in LINES if notebook.mark(line).count()]


def text_of(notebook: NotebookPage) -> str:
    text: str = notebook.page.evaluate(
        "jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel.getSource()"
    )
    return text


def is_enabled(page: Page, command: str) -> bool:
    enabled: bool = page.evaluate("command => jupyterapp.commands.isEnabled(command)", command)
    return enabled


def entries(page: Page, menu: str) -> list[str]:
    """What a menu of the menu bar offers."""
    page.locator(".lm-MenuBar-item", has_text=menu).click()
    return _offered(page)


def context_entries(notebook: NotebookPage, line: int) -> list[str]:
    notebook.cell().locator(".cm-line").nth(line - 1).click(button="right")
    return _offered(notebook.page)


def _offered(page: Page) -> list[str]:
    page.locator(".lm-Menu").wait_for()
    offered: list[str] = page.locator(".lm-Menu-item:visible .lm-Menu-itemLabel").all_inner_texts()
    page.keyboard.press("Escape")
    expect(page.locator(".lm-Menu")).to_have_count(0)
    return offered


def gate_name() -> str:
    return f"go-{secrets.token_hex(4)}"
