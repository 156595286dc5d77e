"""%%replay in live kernels: the cell runs as it always does, and its replay is shown below what it showed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.flow_page import BOTH_KERNELS
from support.live_kernel import LiveKernel, Run


@pytest.fixture(scope="module", params=BOTH_KERNELS)
def kernel(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        kernel.run("import sidekick, time, asyncio")
        yield kernel


def html_of(run: Run) -> str:
    """The still picture of the replay that a cell showed."""
    shown = [message["content"]["data"] for message in run.of("display_data", "update_display_data")]
    return str([each["text/html"] for each in shown if "text/html" in each][-1])


def kinds(run: Run) -> list[str]:
    return [message["msg_type"] for message in run.of("stream", "execute_result", "display_data", "error")]


def test_the_cell_s_output_and_value_come_as_always_and_the_replay_below(kernel: LiveKernel) -> None:
    run = kernel.run("%%replay\nx = 1\nfor k in range(3):\n    x += k\nprint('done')\nx * 10")
    assert run.status == "ok"
    assert kinds(run) == ["stream", "execute_result", "display_data"]
    assert run.text.startswith("done")
    assert run.results == ["40"]
    shown = html_of(run)
    assert "x = 4" in shown
    assert 'max="10"' in shown
    assert kernel.run("x").results == ["4"]


def test_the_lines_are_those_of_the_cell_as_it_was_written(kernel: LiveKernel) -> None:
    run = kernel.run("%%replay\n\nhere = !echo 5\nthere = 6")
    assert run.status == "ok"
    shown = html_of(run)
    assert "here = !echo " in shown
    assert "get_ipython" not in shown
    assert "there = 6" in shown


def test_a_top_level_await_is_a_statement_like_others(kernel: LiveKernel) -> None:
    run = kernel.run("%%replay\na = await asyncio.sleep(0.01, 7)\nb = a + 1\nb")
    assert run.status == "ok"
    assert run.results == ["8"]
    assert "a = 7" in html_of(run)


def test_a_cell_that_fails_tells_its_error_at_its_line_and_shows_the_steps_up_to_it(kernel: LiveKernel) -> None:
    run = kernel.run("%%replay\ndef f(x):\n    y = x\n    return 1 / y\n\nf(0)")
    assert run.status == "error"
    error = run.of("error")[0]["content"]
    assert error["ename"] == "ZeroDivisionError"
    told = "\n".join(error["traceback"])
    assert "line" in told
    assert "sidekick" not in told
    assert kinds(run) == ["error", "display_data"]
    shown = html_of(run)
    assert "ZeroDivisionError: division by zero" in shown
    assert "Variables of f" in shown


def test_a_text_that_is_no_python_is_the_error_that_it_always_is(kernel: LiveKernel) -> None:
    run = kernel.run("%%replay\nx = = 2")
    assert run.of("error")[0]["content"]["ename"] == "SyntaxError"
    assert kinds(run) == ["error"]
    assert kernel.run("%%replay\nx = 2").status == "ok"


def test_functions_of_earlier_cells_are_the_user_s_and_those_of_libraries_are_not(kernel: LiveKernel) -> None:
    kernel.run("import json\ndef helper(value):\n    inner = json.dumps(value)\n    return inner")
    shown = html_of(kernel.run("%%replay\nmade = helper([1])\nraise KeyError(made)"))
    assert "made = &#x27;[1]&#x27;" in shown
    shown = html_of(kernel.run("%%replay\ndef wrong(): return helper(1) / 0\nwrong()"))
    kernel.run("steps = {step.frame.name for step in _replay.timeline.steps}")
    assert kernel.run("sorted(steps)").results == ["['helper', 'the cell', 'wrong']"]


def test_an_interrupt_ends_the_cell_and_what_was_recorded_is_shown(kernel: LiveKernel) -> None:
    run = kernel.send(
        "%%replay\nk = 0\nwhile True:\n    k += 1\n    if k == 20:\n        print('now')\n    time.sleep(0.01)"
    )
    kernel.wait_for_text(run, "now")
    kernel.interrupt()
    kernel.wait(run)
    assert run.of("error")[0]["content"]["ename"] == "KeyboardInterrupt"
    assert "while True: pass" in html_of(run)


def test_wrong_options_and_the_help_run_nothing(kernel: LiveKernel) -> None:
    kernel.run("ran = False")
    run = kernel.run("%%replay --steps 3\nran = True")
    assert run.status == "error"
    assert "unrecognized arguments: --steps 3" in "".join(run.of("error")[0]["content"]["traceback"])
    assert "--max-steps N" in kernel.run("%%replay --help\nran = True").text
    assert kernel.run("ran").results == ["False"]


def test_a_line_of_its_own_records_the_rest_of_the_cell(kernel: LiveKernel) -> None:
    run = kernel.run("before = 1\n%replay --vars after\nafter = 2\nother = 3")
    shown = html_of(run)
    assert "after = 2" in shown
    assert "Go to the next change of after" in shown
    assert "Go to the next change of other" not in shown


def test_a_replay_inside_another_magic_runs_as_a_cell_of_its_own(kernel: LiveKernel) -> None:
    run = kernel.run("%%capture captured\nz = 1")
    assert run.status == "ok"
    run = kernel.run("get_ipython().run_cell_magic('replay', '', 'z = 5\\nz += 1\\n')")
    assert run.status == "ok"
    assert "z = 6" in html_of(run)


def test_sidekick_can_be_loaded_as_an_extension(kernel: LiveKernel) -> None:
    assert kernel.run("%load_ext sidekick").status == "ok"
    assert kernel.run("%%replay\nq = 1").status == "ok"


def test_the_last_of_many_steps_is_kept_and_the_cell_runs_to_its_end(kernel: LiveKernel) -> None:
    run = kernel.run("%%replay --max-steps 50\nn = 0\nfor k in range(100000):\n    n += 1\nn")
    assert run.results == ["100000"]
    assert "Recording stopped after 50 steps; the program ran on" in html_of(run)
