"""Results beside the lines: what a person sees of a cell's statements in JupyterLab, while it runs and after."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.lab import Lab
from support.notebook_page import (
    click_on,
    expect_marks,
    open_notebook,
    point_at,
    run_in_notebook_7,
    waits_for,
    words_box,
)

TABLE = """\
class Table:
    def __repr__(self): return 'a table'
    def _repr_html_(self): return '<table><tr><th>city</th></tr><tr><td>Bergen</td></tr></table>'
"""


def test_each_statement_shows_a_spinner_then_a_tick_with_its_time_and_value_or_a_cross(lab: Lab, page: Page) -> None:
    go = secrets.token_hex(4)
    notebook = open_notebook(lab, page, [f"n = 20\nn + 1\n{waits_for(go)}\n1 / 0\n'not reached'"])
    notebook.run()
    expect_marks(notebook.mark(1), r"✓n = 20$")
    expect_marks(notebook.mark(2), r"✓21$")
    expect(notebook.mark(3)).to_have_class(re.compile("sf-running"))
    expect_marks(notebook.mark(3), r"^[1-9]\.\d s$")
    expect(notebook.marks()).to_have_count(3)
    notebook.go(go)
    expect_marks(notebook.mark(3), r"✓^(\d\.\d\d s|9\d\d ms)$")  # the page counts from when it heard
    expect_marks(notebook.mark(4), "✗ZeroDivisionError: division by zero$")
    expect(notebook.marks()).to_have_count(4)


def test_the_strip_shows_which_statement_runs_and_which_ran(lab: Lab, page: Page) -> None:
    go = secrets.token_hex(4)
    notebook = open_notebook(lab, page, [f"def f():\n    return 1\n\n{waits_for(go)}\nf()"])
    notebook.run()
    lines = notebook.cell().locator(".cm-line")
    expect(lines.nth(3)).to_have_class(re.compile("sf-running"))
    states = [
        re.search(r"sf-(?!strip)(\w+)", name or "") for name in lines.evaluate_all("all => all.map(x => x.className)")
    ]
    assert [state and state[1] for state in states] == ["finished", "finished", None, "running", "waiting"]
    notebook.go(go)
    expect(lines.nth(4)).to_have_class(re.compile("sf-finished"))


def test_a_statement_of_many_lines_is_marked_on_its_last(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["total = sum(\n    [1,\n     2]\n)"])
    notebook.run()
    expect_marks(notebook.mark(4), "total = 3$")
    expect(notebook.marks()).to_have_count(1)


def test_statements_on_one_line_stand_beside_it_in_their_order(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1; b = 2; a + b"])
    notebook.run()
    expect_marks(notebook.mark(1), "a = 1$", "b = 2$", "3$")


def test_what_is_pointed_at_shows_its_whole_output_as_the_notebook_draws_it(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [f"{TABLE}for k in range(3): print('line', k)\nTable()\nx = 5"])
    notebook.run()
    card = page.locator(".sf-card")
    point_at(notebook.mark(5))
    expect(card.locator("td")).to_have_text("Bergen")
    expect(card).to_contain_text("Statement 3 of 4, line 5 · finished")
    words, underline = words_box(notebook.mark(5)), page.locator(".sf-card-underline").bounding_box()
    assert underline is not None
    assert (underline["x"], underline["width"]) == pytest.approx((words["x"], words["width"]), abs=8)
    assert underline["y"] == pytest.approx(words["y"] + words["height"], abs=5)
    point_at(notebook.mark(4))
    expect(card.locator("pre").last).to_have_text("line 0\nline 1\nline 2\n")
    point_at(notebook.mark(6))
    expect(card).to_contain_text("x = 5")
    page.mouse.move(1, 1)
    expect(card).to_have_count(0)
    expect(page.locator(".sf-card-underline")).to_have_count(0)


def test_a_card_stays_while_it_is_read_and_keeps_within_the_window(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["for k in range(5000): print('a long line of output, number', k, 'x' * 200)"])
    notebook.run()
    point_at(notebook.mark(1))
    card = page.locator(".sf-card")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 1280
    assert box["y"] + box["height"] <= 800
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=5)
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(600)
    expect(card).to_be_visible()
    assert card.evaluate("card => card.scrollTop") > 0


def test_a_click_brings_the_output_into_view_and_lights_it_up(lab: Lab, page: Page) -> None:
    lines = [f"'value number {k}'" for k in range(60)]
    notebook = open_notebook(lab, page, ["\n".join(lines)])
    notebook.run()
    expect(notebook.outputs()).not_to_have_count(0)
    notebook.wait_until_done()
    wanted = notebook.cell().locator(".jp-OutputArea-child", has_text="value number 57")
    click_on(notebook.mark(58))
    expect(wanted).to_have_class(re.compile("sf-lit"))
    expect(wanted).to_be_in_viewport()


def test_a_click_on_a_mark_takes_the_keyboard_to_its_cell_and_leaves_the_cursor_there(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1\nb = 2", "c = 3"])
    notebook.run()
    expect_marks(notebook.mark(2), "b = 2$")
    notebook.edit()
    page.keyboard.press("Control+Home")
    notebook.edit(1)
    click_on(notebook.mark(2))
    page.keyboard.type("# ")
    text = "window.jupyterapp.shell.currentWidget.content.widgets.map(each => each.model.sharedModel.getSource())"
    assert page.evaluate(text) == ["# a = 1\nb = 2", "c = 3"]


def test_a_click_finds_its_own_lines_in_a_stream_of_many_statements(lab: Lab, page: Page) -> None:
    notebook = open_notebook(
        lab, page, ["for k in range(300): print('first', k)\nprint('second')\nfor k in range(300): print(k)"]
    )
    notebook.run()
    notebook.wait_until_done()
    click_on(notebook.mark(2))
    page.wait_for_timeout(1500)
    place = page.evaluate(
        """() => {
            const pre = document.querySelector('.jp-OutputArea-output pre');
            const text = pre.textContent;
            const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const at = node.data.indexOf('second');
                if (at >= 0) {
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + 6);
                    const {top, bottom} = range.getBoundingClientRect();
                    return [top, bottom];
                }
            }
        }"""
    )
    assert 0 < place[0] < place[1] < 800


def test_an_edit_keeps_marks_on_their_lines_and_greys_what_no_longer_reads_as_it_ran(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1\nb = 2\nc = 3"])
    notebook.run()
    expect_marks(notebook.mark(3), "c = 3")
    notebook.edit()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# first\n")
    expect_marks(notebook.mark(2), "a = 1")
    expect_marks(notebook.mark(4), "c = 3")
    expect(notebook.cell().locator(".sf-mark.sf-stale")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type("0")
    expect(notebook.mark(3)).to_have_class(re.compile("sf-stale"))
    expect(notebook.cell().locator(".sf-mark.sf-stale")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(notebook.cell().locator(".sf-mark.sf-stale")).to_have_count(0)


def test_what_is_typed_over_everything_is_all_that_is_left(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1\nb = 2\n1 / 0"])
    notebook.run()
    expect(notebook.marks()).to_have_count(3)
    notebook.edit()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("'fresh'")
    text = "window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.getSource()"
    assert page.evaluate(text).strip() == "'fresh'"


def test_other_kernels_see_nothing_of_it(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["1 + 1"], kernel="python3")
    notebook.run()
    expect(notebook.outputs()).to_have_text(["2"])
    page.wait_for_timeout(500)
    assert page.locator(".jp-NotebookPanel [class*='sf-']:not(.sf-announcer)").count() == 0


def test_a_cell_of_a_thousand_statements_shows_them_all_and_the_page_stays_quick(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["\n".join(f"x{k} = {k}" for k in range(1000))])
    page.evaluate(
        """() => {
            window.longest = 0;
            new PerformanceObserver(list => {
                for (const each of list.getEntries()) window.longest = Math.max(window.longest, each.duration);
            }).observe({type: 'longtask'});
        }"""
    )
    notebook.run()
    notebook.wait_until_done()
    expect(notebook.cell().locator(".sf-mark").first).to_be_visible()
    page.locator(".jp-WindowedPanel-outer").hover()
    for _ in range(40):
        page.mouse.wheel(0, 1000)
        page.wait_for_timeout(20)
    expect(notebook.cell().locator(".sf-mark[data-words$='x999 = 999']")).to_be_visible()
    # A generous bound, which drawing all marks anew for each statement would break many times over.
    assert page.evaluate("window.longest") < 2000


def test_fifty_queued_cells_each_show_their_own(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [f"n = {k}\nn * 2" for k in range(50)])
    notebook.do("notebook:run-all-cells")
    notebook.wait_until_done(49)
    for index in (49, 30):
        notebook.show(index)
        expect_marks(notebook.mark(1, index), f"n = {index}$")
        expect_marks(notebook.mark(2, index), f"{index * 2}$")
    notebook.show(0)
    expect_marks(notebook.mark(2, 0), "0$")


def test_two_views_of_a_notebook_show_the_same(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1\na + 1"])
    notebook.do("docmanager:clone")
    panels = page.locator(".jp-NotebookPanel:visible")
    expect(panels).to_have_count(2)
    panels.nth(0).locator(".cm-content").first.click()
    page.keyboard.press("Control+Enter")
    for k in range(2):
        expect_marks(panels.nth(k).locator(".sf-mark"), "a = 1$", "2$")
    panels.nth(1).locator(".cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("0")
    for k in range(2):
        expect(panels.nth(k).locator(".sf-mark.sf-stale")).to_have_count(1)


def test_a_page_that_is_loaded_anew_during_a_run_shows_what_ran_and_what_runs(lab: Lab, page: Page) -> None:
    go = secrets.token_hex(4)
    notebook = open_notebook(lab, page, [f"'before'\nx = 4\n{waits_for(go)}\n'after'", "'a second cell'"])
    notebook.run(1)
    expect_marks(notebook.mark(1, 1), "second cell")
    notebook.run()
    expect(notebook.mark(3)).to_have_class(re.compile("sf-running"))
    notebook.do("docmanager:save")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)
    page.reload()
    page.locator("#jp-MainLogo").wait_for(timeout=60_000)
    expect_marks(notebook.mark(2), "x = 4$")
    expect(notebook.mark(3)).to_have_class(re.compile("sf-running"))
    expect_marks(notebook.mark(3), r"^[2-9]\.\d s|\d\d\.\d s$")
    expect_marks(notebook.mark(1, 1), "second cell")
    notebook.go(go)
    expect_marks(notebook.mark(3), "✓")
    expect_marks(notebook.mark(4), "'after'$")


def test_after_a_reload_a_click_still_finds_the_output(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["'one'\nprint('text')\n'two'\n'three'"])
    notebook.run()
    notebook.wait_until_done()
    notebook.do("docmanager:save")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)
    page.reload()
    page.locator("#jp-MainLogo").wait_for(timeout=60_000)
    click_on(notebook.mark(3))
    expect(notebook.cell().locator(".jp-OutputArea-child.sf-lit")).to_have_text(re.compile("'two'"))


def test_a_restart_greys_what_ran_before_it(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1\nimport time\ntime.sleep(60)"])
    notebook.run()
    expect(notebook.mark(3)).to_have_class(re.compile("sf-running"))
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(notebook.mark(3)).to_have_class(re.compile("sf-lost"))
    expect(notebook.cell().locator(".sf-mark.sf-stale")).to_have_count(3)
    lab.wait_for_kernel(page)
    notebook.edit()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("'fresh'")
    notebook.run()
    expect_marks(notebook.marks(), "✓'fresh'")
    expect(notebook.cell().locator(".sf-mark.sf-stale")).to_have_count(0)


def test_a_kernel_that_dies_leaves_its_statement_marked_as_lost(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["import os, time\nos._exit(time.sleep(0.3) or 1)"])
    notebook.run()
    expect(notebook.mark(2)).to_have_class(re.compile("sf-lost"))
    expect(notebook.mark(2)).to_have_attribute(
        "data-spoken", re.compile("was running when the kernel ended", re.IGNORECASE)
    )


def test_hidden_output_opens_at_a_click_and_a_hidden_cell_keeps_its_marks(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["'one'\n'two'"])
    notebook.do("notebook:hide-cell-outputs")
    notebook.run()
    notebook.wait_until_done()
    notebook.do("notebook:hide-cell-outputs")
    expect(notebook.outputs()).to_have_count(0)
    click_on(notebook.mark(2))
    expect(notebook.cell().locator(".jp-OutputArea-child.sf-lit")).to_have_text(re.compile("'two'"))
    notebook.do("notebook:hide-cell-code")
    expect(notebook.marks()).to_have_count(0)
    notebook.do("notebook:show-cell-code")
    expect(notebook.marks()).to_have_count(2)


def test_a_screen_reader_is_told_what_stands_beside_a_line_and_when_a_cell_ends(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["n = 2; m = 3\nn * 2\n1 / 0"])
    notebook.run()
    notebook.wait_until_done()
    expect(notebook.mark(3)).to_have_class(re.compile("sf-failed"))  # the frame that draws it may come later
    told = [node["name"]["value"] for node in accessibility_tree(page) if "name" in node]
    assert [text for text in told if re.match(r"Finished in .*: 4$", text)]
    assert [text for text in told if re.match("Failed after .*: ZeroDivisionError", text)]
    assert not [text for text in told if "✓" in text]
    expect(page.get_by_role("status").filter(has_text="Statement 4 of 4, line 3, failed")).to_have_count(1)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_marks_can_be_read_in_both_themes(lab: Lab, page: Page, theme: str) -> None:
    notebook = open_notebook(lab, page, ["import time\ntime.sleep(0.01)\n'a value'\n1 / 0"])
    change_theme(page, theme)
    notebook.run()
    expect(notebook.marks()).to_have_count(4)
    notebook.wait_until_done()
    for line in (2, 3, 4):
        assert contrast(notebook.mark(line)) >= 4.5, line
    page.screenshot(path=f"build/screenshots/{theme}.png")
    change_theme(page, "JupyterLab Light")


def test_at_high_zoom_the_sign_stays_in_view_beside_a_line_that_fills_the_window(lab: Lab, browser: Browser) -> None:
    # What a browser makes of a window of 1280 x 800 at 200 %.
    context = browser.new_context(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page = context.new_page()
    notebook = open_notebook(
        lab, page, ["text = 'a text that is much too long for a window this narrow, at a zoom this high'"]
    )
    notebook.do("application:toggle-left-area")
    notebook.run()
    notebook.wait_until_done()
    scroller = notebook.cell().locator(".cm-scroller")
    page.wait_for_timeout(500)
    page.screenshot(path="build/screenshots/zoom.png")
    for scrolled in (0, 1000):
        scroller.evaluate(f"scroller => scroller.scrollLeft = {scrolled}")
        page.wait_for_timeout(100)
        mark, frame = notebook.mark(1).bounding_box(), scroller.bounding_box()
        assert mark is not None
        assert frame is not None
        assert frame["x"] <= mark["x"]
        assert mark["x"] + mark["width"] <= frame["x"] + frame["width"]
    context.close()


def test_a_mark_never_makes_a_short_line_scroll(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["text = 'x' * 110\n" + "value = " + " + ".join(["1"] * 20)])
    notebook.run()
    expect(notebook.marks()).to_have_count(2)
    page.wait_for_timeout(300)
    assert notebook.cell().locator(".cm-scroller").evaluate("s => s.scrollWidth - s.clientWidth") <= 0


def test_a_click_between_the_code_and_its_mark_goes_to_the_end_of_the_line(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["a = 1\nb = 2"])
    notebook.run()
    box = words_box(notebook.mark(1))
    page.mouse.click(box["x"] - 6, box["y"] + box["height"] / 2)
    page.keyboard.type("0")
    text = "window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.getSource()"
    assert page.evaluate(text) == "a = 10\nb = 2"


def test_the_cursor_stands_where_the_code_ends_and_keeps_its_column(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, ["n = 20\nlonger = n + 1; n\nf'{n:>20}'"])
    notebook.run()
    expect_marks(notebook.mark(2), "longer = 21$", "20$")
    notebook.edit()
    lines = notebook.cell().locator(".cm-line")
    for index in (1, 0):
        lines.nth(index).click(position={"x": 12, "y": 5})
        page.keyboard.press("End")
        page.wait_for_function(
            """([cell, line]) => {
                const code = document.createRange(), cursor = cell.querySelector('.cm-cursor-primary');
                const mark = line.querySelector('.sf-mark');
                code.selectNodeContents(line);
                if (mark) code.setEndBefore(mark);
                const far = cursor.getBoundingClientRect().left - code.getBoundingClientRect().right;
                return Math.abs(far) < 3;
            }""",
            arg=[notebook.cell().element_handle(), lines.nth(index).element_handle()],
        )
    page.keyboard.press("ArrowDown")
    column = "() => jupyterapp.shell.currentWidget.content.activeCell.editor.getCursorPosition()"
    assert page.evaluate(column) == {"line": 1, "column": 6}


def test_a_mark_stands_on_the_baseline_of_its_code_also_where_it_is_cut(lab: Lab, page: Page) -> None:
    notebook = open_notebook(lab, page, [f"n = 2; m = 3\ntext = '{'x' * 70}'"])
    notebook.run()
    expect(notebook.marks()).to_have_count(3)
    expect(notebook.cell().locator(".sf-cut")).to_have_count(1)
    for line in (1, 2):
        # The bottom of a box of no height is the baseline that it stands on.
        code, words = notebook.mark(line).first.evaluate(
            """mark => [mark.closest('.cm-line'), mark].map(inside => {
                const probe = inside.ownerDocument.createElement('span');
                probe.style.display = 'inline-block';
                inside.prepend(probe);
                const { bottom } = probe.getBoundingClientRect();
                probe.remove();
                return bottom;
            })"""
        )
        assert abs(code - words) < 0.6


def test_notebook_7_shows_them_too(lab: Lab, page: Page) -> None:
    notebook = run_in_notebook_7(lab, page, "n = 20\nn + 1")
    expect_marks(notebook.marks(), "n = 20$", "21$")


def change_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    # The name changes before the theme's colours have come.
    page.wait_for_function(
        """isDark => {
            const [red] = getComputedStyle(document.querySelector('.jp-NotebookPanel')).backgroundColor.match(/\\d+/);
            return Number(red) < 128 === isDark;
        }""",
        arg=theme.endswith("Dark"),
    )
    page.wait_for_timeout(300)


def accessibility_tree(page: Page) -> list[dict[str, Any]]:
    """What the browser tells a screen reader."""
    devtools = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = devtools.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node["ignored"]]


def contrast(part: Locator) -> float:
    """The contrast of a mark's words with what is behind them, as WCAG 2 defines it."""
    ratio: float = part.evaluate(
        """element => {
            const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
            const parse = colour => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
                return [r, g, b, a / 255];
            };
            const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
            const layers = [];
            for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
                layers.unshift(parse(getComputedStyle(node).backgroundColor));
            }
            const behind = layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
            const front = over(parse(getComputedStyle(element, '::after').color), behind);
            const luminance = rgb => {
                const linear = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                const [r, g, b] = rgb.map(c => linear(c / 255));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const [a, b] = [luminance(front), luminance(behind)].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05);
        }"""
    )
    return ratio
