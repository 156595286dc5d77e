"""The rdit kernel's own magics in a live kernel."""

from __future__ import annotations

import re

import pytest

from support.live_kernel import LiveKernel


@pytest.mark.parametrize(
    ("lines", "shown"), [("2", ["2"]), ("2-3", ["2", "3"]), ("3-", ["3", "4"]), ("-2", ["2"]), ("3:4", ["3", "4"])]
)
def test_lines_runs_the_statements_on_those_lines_as_the_editor_counts_them(
    kernel: LiveKernel, lines: str, shown: list[str]
) -> None:
    run = kernel.run(f"%%lines {lines}\n2\n3\n4")
    assert run.results == shown
    assert [m["metadata"]["rdit"]["line_start"] for m in run.outputs] == [int(s) for s in shown]


def test_lines_keeps_await_and_line_numbers(kernel: LiveKernel) -> None:
    run = kernel.run("%%lines 3-4\nnot_run()\nimport asyncio; await asyncio.sleep(0)\n1/0")
    assert run.error is not None
    assert "line 4" in "".join(run.error["traceback"])


@pytest.mark.parametrize(
    ("lines", "said"), [("x", "expected lines such as"), ("9-7", "first <= last"), ("8", "No statement")]
)
def test_lines_that_make_no_sense_are_an_error(kernel: LiveKernel, lines: str, said: str) -> None:
    run = kernel.run(f"%%lines {lines}\nprint('no')")
    assert run.status == "error"
    assert said in run.stderr
    assert run.text == ""


def test_interactivity_gives_jupyters_rule_and_takes_it_back(kernel: LiveKernel) -> None:
    kernel.run("%interactivity last_expr")
    assert kernel.run("1\n2").results == ["2"]
    assert kernel.run("1\nx = 2").results == []
    assert kernel.run("%interactivity").text == "last_expr\n"
    kernel.run("%interactivity last_expr_or_assign")
    assert kernel.run("1\nx = 2").results == ["2"]
    kernel.run("%interactivity all")
    assert kernel.run("1\n2").results == ["1", "2"]
    run = kernel.run("%interactivity some")
    assert run.status == "error"
    assert "expected one of all, last" in run.stderr


def test_the_rule_can_be_configured(start_kernel: object) -> None:
    with LiveKernel(arguments=["--InteractiveShell.ast_node_interactivity=last_expr"]) as kernel:
        assert kernel.run("1\n2").results == ["2"]


def test_timeline_shows_the_last_cells_statements_in_text_and_html(kernel: LiveKernel) -> None:
    kernel.run("import time\ntime.sleep(0.3)\n'<tag>'\n1/0\nnever")
    data = kernel.run("%timeline").of("display_data")[0]["content"]["data"]
    lines = data["text/plain"].splitlines()
    assert re.match(r"Cell In\[\d+\] · 4 statements · 1 not reached · [\d.]+ m?s", lines[0])
    assert re.match(r"✓ 2 +[\d.]+ m?s │.*██.*│ time\.sleep\(0\.3\)", lines[2])
    assert lines[4].startswith("✗ 4")
    assert lines[4].endswith("← ZeroDivisionError: division by zero")
    assert "&lt;tag&gt;" in data["text/html"]
    assert "<tag>" not in data["text/html"]
    assert "time.sleep(0.3)" in data["text/html"]


def test_timeline_of_a_long_cell_shows_the_slowest(kernel: LiveKernel) -> None:
    kernel.run("import time\n" + "x = 1\n" * 100 + "time.sleep(0.05)\n" + "x = 1\n" * 100)
    text = kernel.run("%timeline 5").of("display_data")[0]["content"]["data"]["text/plain"]
    assert len(text.splitlines()) == 7
    assert "time.sleep(0.05)" in text
    assert "and 197 quicker statements" in text
    assert kernel.run("%timeline many").status == "error"


def test_the_magics_have_help(kernel: LiveKernel) -> None:
    for name in ("%%lines", "%resume", "%timeline", "%interactivity"):
        run = kernel.run(f"{name}?")
        page = run.content["payload"][0]["data"]["text/plain"]
        assert name.lstrip("%") in page
        assert "Docstring" in page
