"""Going on after an error, in a live kernel."""

from __future__ import annotations

import pytest

from support.live_kernel import LiveKernel


@pytest.fixture(autouse=True)
def _count(kernel: LiveKernel) -> None:
    kernel.run("%reset -f")
    kernel.run("count = 0\ndef tick(what=None):\n    global count\n    count += 1\n    return count")


def test_resume_alone_goes_on_with_the_cell_that_failed(kernel: LiveKernel) -> None:
    kernel.run("tick()\ntick()\nmissing\ntick()", cell_id="broken")
    kernel.run("missing = 'there now'")
    run = kernel.run("%resume")
    assert run.text == "Resuming at line 3: skipped 2 statements that ran before and did not change (lines 1-2).\n"
    assert run.results == ["'there now'", "3"]
    assert run.of("execute_result")[0]["metadata"]["rdit"] == {
        "cell_id": "broken",
        "statement": 2,
        "line_start": 3,
        "line_end": 3,
    }


def test_a_corrected_cell_does_not_run_again_what_ran_before(kernel: LiveKernel) -> None:
    kernel.run("tick()\ntick()\n1/0\ntick()")
    run = kernel.run("%%resume\ntick()   # a comment is no change\ntick()\n1/1\ntick()")
    assert "skipped 2 statements" in run.text
    assert "(lines 2-3)" in run.text
    assert run.results == ["1.0", "3"]


def test_a_front_end_can_ask_for_it_in_the_requests_metadata(kernel: LiveKernel) -> None:
    kernel.run("tick()\n1/0", cell_id="c")
    run = kernel.run("tick()\n'mended'", cell_id="c", metadata={"rdit": {"resume": True}})
    assert run.results == ["'mended'"]
    assert kernel.run("count").results == ["1"]


def test_what_was_changed_before_the_failure_runs_again(kernel: LiveKernel) -> None:
    kernel.run("tick()\na = 1\n1/0")
    run = kernel.run("%%resume\ntick()\na = 2\na")
    assert run.results == ["2"]
    assert kernel.run("count").results == ["1"]


def test_a_statement_written_twice_is_skipped_once_for_each_time_it_ran(kernel: LiveKernel) -> None:
    kernel.run("tick();\n1/0")
    run = kernel.run("%%resume\ntick();\ntick()")
    assert run.results == ["2"]


def test_a_second_failure_can_be_resumed_too(kernel: LiveKernel) -> None:
    kernel.run("tick();\n1/0\ntick();\nnope")
    kernel.run("%%resume\ntick();\n1/1;\ntick();\nnope")
    run = kernel.run("%%resume\ntick();\n1/1;\ntick();\n'yes'")
    assert "skipped 3 statements" in run.text
    assert run.results == ["'yes'"]
    assert kernel.run("count").results == ["2"]


def test_an_interrupted_cell_can_be_resumed(kernel: LiveKernel) -> None:
    run = kernel.send("tick();\nimport time; print('asleep')\ntime.sleep(30)\ntick()")
    kernel.wait_for_text(run, "asleep")
    kernel.interrupt()
    kernel.wait(run)
    assert run.error_name == "KeyboardInterrupt"
    assert kernel.run("%%resume\ntick();\nimport time; print('asleep')\ntime.sleep(0)\ntick()").results == ["2"]


def test_after_a_success_there_is_nothing_to_resume(kernel: LiveKernel) -> None:
    kernel.run("1/0\n2")
    assert kernel.run("%%resume\n1/1\n2").status == "ok"
    run = kernel.run("%resume")
    assert run.status == "error"
    assert "nothing to resume" in run.stderr


def test_a_cell_that_ran_through_when_run_again_is_not_resumed(kernel: LiveKernel) -> None:
    kernel.run("1/0", cell_id="same")
    kernel.run("1/1", cell_id="same")
    assert "nothing to resume" in kernel.run("%resume").stderr


def test_resume_in_the_middle_of_a_cell_says_where_it_belongs(kernel: LiveKernel) -> None:
    run = kernel.run("x = 1\n%resume")
    assert run.status == "error"
    assert "first line of its cell" in run.stderr
