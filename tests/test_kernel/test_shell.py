"""How a cell runs in a live kernel: statement by statement, and everything of IPython's in its place."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from support.live_kernel import LiveKernel


def test_every_expression_shows_its_result(kernel: LiveKernel) -> None:
    assert kernel.run("1\nx = 2\nx\nprint(3)\nNone\n'four'").results == ["1", "2", "'four'"]


def test_a_result_arrives_while_the_next_statement_runs(kernel: LiveKernel) -> None:
    run = kernel.send("import time\n'first'\ntime.sleep(1.5)\n'second'")
    kernel.wait_for(lambda: bool(run.results), 1.0, "the first result")
    assert run.results == ["'first'"]
    kernel.wait(run)
    assert run.results == ["'first'", "'second'"]


def test_a_print_arrives_while_a_tight_loop_runs(kernel: LiveKernel) -> None:
    run = kernel.send("print('now')\nimport time\nend = time.time() + 1.5\nwhile time.time() < end: pass")
    kernel.wait_for_text(run, "now", 1.0)
    assert not run.is_over
    kernel.wait(run)


def test_text_stands_between_the_results_around_it(kernel: LiveKernel) -> None:
    run = kernel.run("1\nprint('a')\n2\nimport sys; print('b', file=sys.stderr)\n3")
    assert [m["msg_type"] for m in run.outputs] == [
        "execute_result",
        "stream",
        "execute_result",
        "stream",
        "execute_result",
    ]


@pytest.mark.parametrize(
    ("code", "results"),
    [
        ("1;", []),
        ("1; 2", ["2"]),
        ("1; 2;", []),
        ("1\n2;  # quiet\n3", ["1", "3"]),
        ("(1 +\n 2\n);\n4", ["4"]),
        ("'é'; 'ü'", ["'ü'"]),
        ("';'", ["';'"]),
        ("1 # ;", ["1"]),
    ],
)
def test_a_semicolon_hides_the_statement_before_it(kernel: LiveKernel, code: str, results: list[str]) -> None:
    assert kernel.run(code).results == results
    assert kernel.run(code, store_history=False).results == results


def test_only_the_last_expression_becomes_the_last_result(kernel: LiveKernel) -> None:
    kernel.run("'before'")
    run = kernel.run("1\n2\n3")
    count = run.content["execution_count"]
    assert kernel.run(f"(_, __, Out[{count}], _{count})").results == ["(3, 'before', 3, 3)"]


def test_a_failing_statement_keeps_what_came_before_and_stops_what_comes_after(kernel: LiveKernel) -> None:
    run = kernel.run("'kept'\nprint('too')\n1/0\nprint('never')", cell_id="c")
    assert run.results == ["'kept'"]
    assert run.text == "too\n"
    assert run.error_name == "ZeroDivisionError"
    assert "line 3" in "".join(run.error["traceback"]) if run.error else False
    assert run.reply is not None
    assert run.reply["metadata"]["rdit"] == {"cell_id": "c", "statement": 2, "line_start": 3, "line_end": 3}


def test_leading_blank_lines_count(kernel: LiveKernel) -> None:
    run = kernel.run("\n\n1/0")
    assert run.error is not None
    assert "line 3" in "".join(run.error["traceback"])


def test_a_command_that_goes_over_two_lines_keeps_the_lines_below_it(kernel: LiveKernel) -> None:
    run = kernel.run("!echo one \\\n  two\n1/0")
    assert run.error is not None
    assert "line 3" in "".join(run.error["traceback"])
    assert run.of("error")[0]["metadata"]["rdit"]["line_start"] == 3


def test_prompts_inside_a_string_stay(kernel: LiveKernel) -> None:
    assert kernel.run("x = '''\n>>> 1\n... 2\n'''\nx").results == ["'\\n>>> 1\\n... 2\\n'"]


def test_a_pasted_prompt_is_taken_off(kernel: LiveKernel) -> None:
    assert kernel.run(">>> a = 5\n>>> a").results == ["5"]
    assert kernel.run("In [1]: a = 6\n\nIn [2]: a").results == ["6"]


def test_a_syntax_warning_is_shown_once_with_its_line(kernel: LiveKernel) -> None:
    run = kernel.run("x = 1\nx is 1")
    assert run.stderr.count("SyntaxWarning") == 1
    assert "x is 1" in run.stderr


def test_the_whole_cell_must_parse_before_its_first_statement_runs(kernel: LiveKernel) -> None:
    run = kernel.run("print('no')\nx = (")
    assert run.error_name in ("SyntaxError", "_IncompleteInputError")
    assert run.text == ""


def test_a_future_import_holds_for_later_statements_and_cells_until_reset(kernel: LiveKernel) -> None:
    kernel.run("from __future__ import annotations\ndef f(a: nowhere): pass")
    assert kernel.run("def g(a: nowhere): pass\ng.__annotations__").results == ["{'a': 'nowhere'}"]
    kernel.run("%reset -f")
    assert kernel.run("def g(a: int): pass\ng.__annotations__").results == ["{'a': int}"]


def test_reset_leaves_the_names_of_a_new_kernel() -> None:
    names = "sorted(k for k in globals() if not k.startswith('_') or k in ('_', '__', '___', '_oh', '_dh', '_ih'))"
    with LiveKernel() as fresh:
        fresh.run("1")
        expected = fresh.run(names).results
    with LiveKernel() as used:
        used.run("x = 1\nimport os\nclass A: pass\n_ = 5\n1/0")
        used.run("%reset -f")
        assert used.run(names).results == expected


def test_await_works_in_a_statement_among_others(kernel: LiveKernel) -> None:
    code = (
        "import asyncio\n1\nawait asyncio.sleep(0.01, 'slept')\nasync def f():\n    yield 2\n[x async for x in f()]\n3"
    )
    assert kernel.run(code).results == ["1", "'slept'", "[2]", "3"]


def test_context_variables_live_on_in_the_next_cell(kernel: LiveKernel) -> None:
    kernel.run("import contextvars\nv = contextvars.ContextVar('v')\nv.set(3);")
    assert kernel.run("await asyncio.sleep(0) if 'asyncio' in globals() else None\nv.get()").results == ["3"]


def test_a_task_that_cancels_itself_does_not_harm_the_kernel(kernel: LiveKernel) -> None:
    assert kernel.run("import asyncio\nasyncio.current_task().cancel()\n'on'").results == ["True", "'on'"]
    assert kernel.run("asyncio.current_task().cancel()\nawait asyncio.sleep(0)").error_name == "CancelledError"
    assert kernel.run("await asyncio.sleep(0.01)\n'alive'").results == ["'alive'"]


def test_trio_can_drive_the_cells(kernel: LiveKernel) -> None:
    kernel.run("%autoawait trio\nimport trio")
    run = kernel.run("1\nawait trio.sleep(0.01)\ntrio.lowlevel.current_task() is not None")
    kernel.run("%autoawait asyncio")
    assert run.results == ["1", "True"]


def test_a_figure_built_over_statements_is_shown_once_and_whole(kernel: LiveKernel) -> None:
    kernel.run("%matplotlib inline\nimport matplotlib.pyplot as plt")
    run = kernel.run("plt.plot([1, 2]);\nplt.title('t');\nprint('between')\nplt.xlabel('x');")
    assert [m["msg_type"] for m in run.outputs] == ["stream", "display_data"]
    assert "image/png" in run.of("display_data")[0]["content"]["data"]


def test_a_comm_message_is_answered_between_statements_with_its_own_busy_and_idle(kernel: LiveKernel) -> None:
    kernel.run(
        "import comm\ndef opened(c, msg):\n    c.on_msg(lambda m: c.send('answer'))\n"
        "comm.get_comm_manager().register_target('echo', opened)"
    )
    kernel.tell("comm_open", {"comm_id": "e1", "target_name": "echo", "data": {}})
    run = kernel.send("import time\nprint('on')\n" + "time.sleep(0.05)\n" * 40)
    kernel.wait_for_text(run, "on")
    msg_id = kernel.tell("comm_msg", {"comm_id": "e1", "data": "question"})
    kernel.wait_for(lambda: any(m["msg_type"] == "comm_msg" for m in kernel.answers_to(msg_id)), 1.0, "the answer")
    assert not run.is_over
    kernel.wait(run)
    kinds = [m["content"].get("execution_state", m["msg_type"]) for m in kernel.answers_to(msg_id)]
    assert kinds == ["busy", "comm_msg", "idle"]
    assert all("rdit" not in m["metadata"] for m in kernel.answers_to(msg_id))


def test_an_answer_that_comes_at_once_finds_the_handler_that_the_next_statement_attaches(kernel: LiveKernel) -> None:
    code = (
        "import asyncio, comm\n"
        "answer = asyncio.get_running_loop().create_future()\n"
        "link = comm.create_comm(target_name='page')\n"
        "link.on_msg(lambda msg: answer.set_result(msg['content']['data']))\n"
        "await asyncio.wait_for(answer, 2)"
    )
    for k in range(30):
        run = kernel.send(code)
        kernel.wait_for(lambda run=run: bool(run.of("comm_open")), 5, "the comm")  # type: ignore[misc]
        behind = kernel.send("answer.result()")
        kernel.tell("comm_msg", {"comm_id": run.of("comm_open")[0]["content"]["comm_id"], "data": k})
        kernel.wait(run)
        assert run.results == [str(k)]
        assert kernel.wait(behind).results == [str(k)]


def test_a_comm_message_does_not_show_a_half_built_figure(kernel: LiveKernel) -> None:
    kernel.run("%matplotlib inline\nimport matplotlib.pyplot as plt\nimport comm, time")
    kernel.run("comm.get_comm_manager().register_target('deaf', lambda c, msg: c.on_msg(lambda m: None))")
    kernel.tell("comm_open", {"comm_id": "d1", "target_name": "deaf", "data": {}})
    run = kernel.send(
        "fig, ax = plt.subplots()\nprint('half')\n" + "time.sleep(0.05)\n" * 20 + "ax.plot([1, 2]);\nprint('whole')"
    )
    kernel.wait_for_text(run, "half")
    msg_id = kernel.tell("comm_msg", {"comm_id": "d1", "data": {}})
    kernel.wait(run)
    assert any(m["content"].get("execution_state") == "idle" for m in kernel.answers_to(msg_id))
    figures = run.of("display_data")
    assert len(figures) == 1
    assert run.outputs[-1] is figures[0]


def test_an_error_at_an_instruction_without_a_line_is_shown_like_any(kernel: LiveKernel) -> None:
    """As an interrupt at a jump that the compiler added, in place of which IPython shows a failure of its own."""
    run = kernel.run(
        "def fail():\n    raise KeyboardInterrupt\n"
        "code = fail.__code__\nunits = len(code.co_code) // 2\n"
        "none = b''.join(bytes([0xF8 | min(8, units - k) - 1]) for k in range(0, units, 8))\n"
        "fail.__code__ = code.replace(co_linetable=none)\n"
        "fail()"
    )
    assert (run.error_name, run.stderr) == ("KeyboardInterrupt", "")


def test_a_traceback_points_at_the_line_that_raised_also_when_the_error_was_handled(kernel: LiveKernel) -> None:
    run = kernel.run("def f():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        raise ValueError\nf()")
    assert run.error is not None
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in run.error["traceback"]]
    assert re.findall(r"^-+> (\d+) +(.*)", "\n".join(lines), re.M) == [
        ("3", "1 / 0"),
        ("6", "f()"),
        ("5", "raise ValueError"),
    ]


def test_queued_cells_are_aborted_after_an_error(kernel: LiveKernel) -> None:
    first = kernel.send("import time; time.sleep(0.5); 1/0")  # so long that the others are queued when it fails
    queued = [kernel.send(f"print({k})") for k in range(10)]
    for run in (first, *queued):
        kernel.wait(run)
    assert [run.status for run in queued] == ["aborted"] * 10
    assert kernel.run("'next'").results == ["'next'"]


def test_silent_cells_leave_no_trace(kernel: LiveKernel) -> None:
    before = kernel.run("0").content["execution_count"]
    run = kernel.run("1\n2", silent=True)
    assert run.outputs == []
    assert kernel.run("0").content["execution_count"] == before + 1


@pytest.mark.parametrize("metadata", [{"rdit": {"line_range": [2, 3]}}, {"rdit": {"line_range": (2, 3)}}])
def test_a_line_range_runs_every_statement_that_touches_it(kernel: LiveKernel, metadata: dict[str, Any]) -> None:
    run = kernel.run("'one'\n(2 +\n 0)\n'four'", metadata=metadata)
    assert run.results == ["2"]


def test_a_statement_outside_the_line_range_is_not_even_compiled(kernel: LiveKernel) -> None:
    run = kernel.run("return\n'two'", metadata={"rdit": {"line_range": [2, 2]}})
    assert run.results == ["'two'"]


@pytest.mark.parametrize("lines", [[3, 2], [0, 1], "2-3", [1], [1.5, 2]])
def test_a_bad_line_range_is_an_error_that_says_what_was_expected(kernel: LiveKernel, lines: Any) -> None:
    run = kernel.run("print(1)", metadata={"rdit": {"line_range": lines}})
    assert run.status == "error"
    assert run.text == ""
    assert "expected [first, last]" in run.stderr


def test_a_cell_inside_a_cell_does_not_take_the_outer_ones_place(kernel: LiveKernel) -> None:
    run = kernel.run("r = get_ipython().run_cell('print(1)\\n2\\n3')\nr.result", cell_id="outer")
    assert run.results == ["2", "3", "3"]
    assert {m["metadata"]["rdit"]["statement"] for m in run.outputs} == {0, 1}


def test_a_subshell_runs_cells_beside_the_main_shell(kernel: LiveKernel) -> None:
    reply = kernel.ask("create_subshell_request", channel="control")
    subshell = {"subshell_id": reply["content"]["subshell_id"]}
    run = kernel.send("import time\nprint('on')\ntime.sleep(1)\n'main'", cell_id="main")
    kernel.wait_for_text(run, "on")
    msg_id = kernel.tell("execute_request", {"code": "'sub'\nprint(1)\n'shell'", "silent": False}, header=subshell)
    kernel.wait_for(
        lambda: any(m["content"].get("execution_state") == "idle" for m in kernel.answers_to(msg_id)), 5, "the subshell"
    )
    assert not run.is_over
    outputs = [m for m in kernel.answers_to(msg_id) if m["msg_type"] in ("execute_result", "stream")]
    assert [m["metadata"]["rdit"]["statement"] for m in outputs] == [0, 1, 2]
    kernel.wait(run)
    assert run.results == ["'main'"]
    kernel.ask("delete_subshell_request", subshell, channel="control")


def test_the_debugger_is_announced_but_not_imported_until_it_is_used(start_kernel: Any) -> None:
    kernel = start_kernel()
    features = kernel.ask("kernel_info_request")["content"]["supported_features"]
    assert features == ["kernel subshells", "debugger", "rdit.statements"]
    info = {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}
    body = kernel.ask("debug_request", info, channel="control")["content"]["body"]
    assert body["isStarted"] is False
    assert kernel.run("import sys\n'debugpy' in sys.modules").results == ["False"]
    start = {"type": "request", "seq": 2, "command": "initialize", "arguments": {"clientID": "t", "adapterID": ""}}
    assert kernel.ask("debug_request", start, channel="control")["content"]["success"] is True
    told = kernel.ask("debug_request", {**info, "seq": 3}, channel="control")["content"]["body"]
    assert {**told, "isStarted": False} == body
    assert set(told) == set(body)


def test_a_breakpoint_below_blank_lines_stops_where_it_was_set(start_kernel: Any) -> None:
    kernel = start_kernel()
    code = "\n\nx = 1\ny = x + 1\nz = y"
    seq = 0

    def ask(command: str, **arguments: Any) -> Any:
        nonlocal seq
        seq += 1
        request = {"type": "request", "seq": seq, "command": command, "arguments": arguments}
        return kernel.ask("debug_request", request, channel="control")["content"]

    ask("initialize", clientID="t", adapterID="", linesStartAt1=True, columnsStartAt1=True)
    ask("attach")
    path = ask("dumpCell", code=code)["body"]["sourcePath"]
    ask("setBreakpoints", breakpoints=[{"line": 4}], source={"path": path}, sourceModified=False)
    ask("configurationDone")
    run = kernel.send(code)

    def stopped() -> list[Any]:
        return [
            m["content"]
            for m in kernel.published
            if m["msg_type"] == "debug_event" and m["content"]["event"] == "stopped"
        ]

    kernel.wait_for(lambda: bool(stopped()), 20, "the breakpoint")
    thread = stopped()[0]["body"]["threadId"]
    frames = ask("stackTrace", threadId=thread)["body"]["stackFrames"]
    assert frames[0]["line"] == 4
    ask("continue", threadId=thread)
    kernel.wait(run)
    assert run.status == "ok"
    ask("disconnect", restart=False, terminateDebuggee=False)


def test_text_written_just_before_the_process_ends_is_not_lost(start_kernel: Any) -> None:
    kernel = start_kernel()
    run = kernel.send("print('last words', flush=True)\nimport os; os._exit(1)")
    kernel.wait_for_text(run, "last words", 10)
    time.sleep(0.1)
    assert run.text == "last words\n"
