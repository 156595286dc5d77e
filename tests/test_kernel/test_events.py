"""What a live kernel tells of its statements: on each message, on the comm, and to its own extensions."""

from __future__ import annotations

from typing import Any

from support.live_kernel import LiveKernel


def test_every_message_a_statement_publishes_says_where_it_comes_from(kernel: LiveKernel) -> None:
    run = kernel.run(
        "print('a')\n(2,\n 3)\ndisplay(4)\nget_ipython().display_pub.clear_output()\n"
        "import sys; print('b', file=sys.stderr)\n1/0",
        cell_id="cell-7",
    )
    told = [(m["msg_type"], m["metadata"].get("rdit")) for m in run.outputs]

    def at(statement: int, first: int, last: int) -> dict[str, Any]:
        return {"cell_id": "cell-7", "statement": statement, "line_start": first, "line_end": last}

    assert told == [
        ("stream", at(0, 1, 1)),
        ("execute_result", at(1, 2, 3)),
        ("display_data", at(2, 4, 4)),
        ("clear_output", at(3, 5, 5)),
        ("stream", at(5, 6, 6)),
        ("error", at(6, 7, 7)),
    ]


def test_a_statement_that_does_not_compile_is_told_of_like_one_that_raises(kernel: LiveKernel) -> None:
    run = kernel.run("1\nreturn\n2", cell_id="odd")
    assert run.results == ["1"]
    assert run.error_name == "SyntaxError"
    mark = {"cell_id": "odd", "statement": 1, "line_start": 2, "line_end": 2}
    assert run.of("error")[0]["metadata"]["rdit"] == mark
    assert run.reply is not None
    assert run.reply["metadata"]["rdit"] == mark


def test_the_mark_stands_in_no_parent_header_and_no_content(kernel: LiveKernel) -> None:
    run = kernel.run("print('a')\n1")
    for message in run.outputs:
        assert not [key for key in message["parent_header"] if "rdit" in key]
        assert "rdit" not in str(message["content"])


def test_text_belongs_to_the_statement_that_wrote_it_however_late_it_is_sent(kernel: LiveKernel) -> None:
    run = kernel.run("\n".join(f"print({k})" for k in range(200)))
    texts: dict[int, str] = {}
    for message in run.of("stream"):
        k = message["metadata"]["rdit"]["statement"]
        texts[k] = texts.get(k, "") + message["content"]["text"]
    assert texts == {k: f"{k}\n" for k in range(200)}


def test_a_decorated_function_starts_at_its_decorator(kernel: LiveKernel) -> None:
    run = kernel.run("def d(f):\n    print('decorating')\n    return f\n\n@d\ndef f():\n    pass")
    mark = run.of("stream")[0]["metadata"]["rdit"]
    assert (mark["line_start"], mark["line_end"]) == (5, 7)


def _listen(kernel: LiveKernel, comm_id: str) -> Any:
    kernel.tell("comm_open", {"comm_id": comm_id, "target_name": "rdit.statements", "data": {}})

    def heard() -> list[dict[str, Any]]:
        return [
            event
            for m in kernel.published
            if m["msg_type"] == "comm_msg" and m["content"]["comm_id"] == comm_id
            for event in m["content"]["data"]["events"]
        ]

    return heard


def test_a_front_end_on_the_comm_is_told_of_each_start_and_end(kernel: LiveKernel) -> None:
    heard = _listen(kernel, "news-1")
    kernel.run("x = 1\nprint(x)\n1/0\nx", cell_id="told")
    kernel.wait_for(lambda: any(e["event"] == "cell_failed" and e["cell_id"] == "told" for e in heard()), 5, "the news")
    events = [e for e in heard() if e["cell_id"] == "told"]
    # Of a statement that was over before its start was told, the end alone is told.
    starts = [e["statement"] for e in events if e["event"] == "started"]
    assert 1 in starts, "it has an output"
    ends = [e for e in events if e["event"] in ("finished", "failed")]
    assert [e["event"] for e in ends] == ["finished", "finished", "failed"]
    assert [events[0]["event"], events[-1]["event"]] == ["cell_started", "cell_failed"]
    assert events[0]["statements"] == [[1, 1], [2, 2], [3, 3], [4, 4]]
    assert [e["statement"] for e in ends] == [0, 1, 2]
    assert ends[1]["outputs"] == 1
    assert ends[2]["error"] == "ZeroDivisionError: division by zero"
    assert all(e["duration"] >= 0 for e in events if e["event"] in ("finished", "failed"))
    kernel.tell("comm_close", {"comm_id": "news-1", "data": {}})


def test_the_start_of_a_long_statement_is_told_while_it_runs(kernel: LiveKernel) -> None:
    heard = _listen(kernel, "news-2")
    run = kernel.send("import time\ntime.sleep(1.5)", cell_id="long")
    kernel.wait_for(
        lambda: any(e["event"] == "started" and e.get("statement") == 1 and e["cell_id"] == "long" for e in heard()),
        1.0,
        "the start of the second statement",
    )
    assert not run.is_over
    kernel.wait(run)
    kernel.tell("comm_close", {"comm_id": "news-2", "data": {}})


def test_who_comes_late_hears_what_has_happened(kernel: LiveKernel) -> None:
    kernel.run("1\n2", cell_id="past")
    heard = _listen(kernel, "news-3")
    kernel.wait_for(lambda: any(e["cell_id"] == "past" for e in heard()), 5, "the history")
    assert [e["event"] for e in heard() if e["cell_id"] == "past"] == [
        "cell_started",
        "finished",
        "finished",
        "cell_finished",
    ]
    kernel.tell("comm_close", {"comm_id": "news-3", "data": {}})


def test_a_thousand_statements_make_a_few_messages_of_news(kernel: LiveKernel) -> None:
    heard = _listen(kernel, "news-4")
    kernel.run("\n".join(f"x{k} = {k}" for k in range(1000)), cell_id="many")
    kernel.wait_for(
        lambda: any(e["event"] == "cell_finished" and e["cell_id"] == "many" for e in heard()),
        10,
        "the end of the news",
    )
    assert len([e for e in heard() if e["cell_id"] == "many" and e["event"] == "finished"]) == 1000
    messages = [m for m in kernel.published if m["content"].get("comm_id") == "news-4"]
    assert len(messages) < 100
    kernel.tell("comm_close", {"comm_id": "news-4", "data": {}})


def test_a_front_end_is_told_what_each_statement_showed_and_bound(kernel: LiveKernel) -> None:
    heard = _listen(kernel, "news-5")
    source = "n = 3\nwords = ['a', 'b']\nn * 2\nimport math\nprint(n)"
    kernel.run(source, cell_id="briefly")
    kernel.wait_for(
        lambda: any(e["event"] == "cell_finished" and e["cell_id"] == "briefly" for e in heard()), 5, "news"
    )
    events = [e for e in heard() if e["cell_id"] == "briefly"]
    assert events[0]["source"] == source
    ends = [e for e in events if e["event"] == "finished"]
    assert [e.get("assigned") for e in ends] == [[["n", "3"]], [["words", "['a', 'b']"]], None, [["math", ""]], None]
    assert [e.get("value") for e in ends] == [None, None, "6", None, None]
    assert [(e["outputs"], e["displays"]) for e in ends] == [(0, 0), (0, 0), (1, 1), (0, 0), (1, 0)]
    kernel.tell("comm_close", {"comm_id": "news-5", "data": {}})


def test_a_front_end_is_told_which_part_of_a_cell_was_asked_for(kernel: LiveKernel) -> None:
    heard = _listen(kernel, "news-6")
    kernel.run("%%lines 3-4\na = 1\nb = 2\nc = 3", cell_id="part")
    kernel.wait_for(lambda: any(e["event"] == "cell_finished" and e["cell_id"] == "part" for e in heard()), 5, "news")
    [start] = [e for e in heard() if e["cell_id"] == "part" and e["event"] == "cell_started"]
    assert (start["statements"], start["selected"]) == ([[2, 2], [3, 3], [4, 4]], [1, 2])
    kernel.tell("comm_close", {"comm_id": "news-6", "data": {}})


def test_a_page_that_opens_the_comm_again_is_told_at_once_what_runs(kernel: LiveKernel) -> None:
    heard = _listen(kernel, "news-7")
    run = kernel.send("import time\ntime.sleep(3)", cell_id="busy")
    kernel.wait_for(lambda: any(e.get("statement") == 1 and e["cell_id"] == "busy" for e in heard()), 2, "the start")
    before = len(heard())
    _listen(kernel, "news-7")
    kernel.wait_for(lambda: len(heard()) > before, 1, "the history")
    assert not run.is_over
    again = [e for e in heard()[before:] if e["cell_id"] == "busy"]
    assert [(e["event"], e.get("statement")) for e in again] == [
        ("cell_started", None),
        ("finished", 0),
        ("started", 1),
    ]
    kernel.wait(run)
    kernel.wait_for(lambda: heard()[-1]["event"] == "cell_finished", 5, "the end")
    ends = [e for e in heard()[before:] if e["cell_id"] == "busy" and e["event"] == "cell_finished"]
    assert len(ends) == 1
    kernel.tell("comm_close", {"comm_id": "news-7", "data": {}})


def test_a_page_that_connects_while_a_statement_runs_is_told_who_the_kernel_is(kernel: LiveKernel) -> None:
    run = kernel.send("import time\ntime.sleep(3)", cell_id="busy")
    kernel.wait_for(lambda: "execute_input" in run.kinds, 2, "the start of the cell")
    reply = kernel.ask("kernel_info_request", timeout=1)
    assert not run.is_over
    assert "rdit.statements" in reply["content"]["supported_features"]
    asked = reply["parent_header"]["msg_id"]

    def statuses() -> list[tuple[str, bool]]:
        told = [m for m in kernel.published if m["msg_type"] == "status"]
        return [(m["content"]["execution_state"], m["parent_header"]["msg_id"] == asked) for m in told]

    # The last status is what front ends show: the kernel is busy with the cell.
    kernel.wait_for(lambda: statuses()[-3:] == [("busy", True), ("idle", True), ("busy", False)], 2, "the status")
    kernel.wait(run)


def test_extensions_hear_of_statements_before_and_after(kernel: LiveKernel) -> None:
    kernel.run(
        "heard = []\n"
        "ip = get_ipython()\n"
        "before = lambda statement: heard.append(('pre', statement.lines))\n"
        "after = lambda statement, result: heard.append(('post', statement.lines, result.value, result.success))\n"
        "ip.events.register('pre_statement', before)\n"
        "ip.events.register('post_statement', after)"
    )
    kernel.run("heard.clear()\n40 + 2\n1/0")
    run = kernel.run(
        "ip.events.unregister('pre_statement', before); ip.events.unregister('post_statement', after)\nheard[:6]"
    )
    expected = [
        ("post", "1-1", None, True),
        ("pre", "2-2"),
        ("post", "2-2", 42, True),
        ("pre", "3-3"),
        ("post", "3-3", None, False),
        ("pre", "1-1"),
    ]
    assert run.results == [_pretty(expected)]


def _pretty(value: Any) -> str:
    from IPython.lib.pretty import pretty

    return str(pretty(value))


def test_a_callback_that_fails_is_reported_and_stops_nothing(kernel: LiveKernel) -> None:
    kernel.run(
        "def bad(statement):\n    raise RuntimeError('mine')\nget_ipython().events.register('pre_statement', bad)"
    )
    run = kernel.run("get_ipython().events.unregister('pre_statement', bad)\n'went on'")
    assert run.results == ["'went on'"]
    assert "Error in callback" in run.text
    assert run.error_name == "RuntimeError"
    assert run.status == "ok"
