"""flow in live kernels without a page: what is sent when, and what a notebook keeps."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Any

import nbformat
import pytest

from support import stranger
from support.flow_comm import bundle_of, button_of, comm_of, method_of, said, send, tell
from support.flow_page import BOTH_KERNELS, COUNTER
from support.live_kernel import LiveKernel, Run

COMM = ("comm_open", "comm_msg", "comm_close")


@pytest.fixture(scope="module", params=BOTH_KERNELS)
def kernel(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        kernel.run(COUNTER)  # what the first tree brings along for all is there now
        yield kernel


def test_a_tree_opens_one_comm_and_is_displayed_once(kernel: LiveKernel) -> None:
    run = kernel.run(COUNTER)
    assert run.status == "ok"
    assert [
        message["msg_type"] for message in run.of(*COMM, "display_data", "update_display_data", "execute_result")
    ] == [
        "comm_open",
        "display_data",
    ]
    assert bundle_of(run)["text/plain"] == "Counter()"
    assert (
        bundle_of(run)["application/vnd.jupyter.widget-view+json"]["model_id"]
        == run.of("comm_open")[0]["content"]["comm_id"]
    )


def test_the_text_a_notebook_keeps_names_no_address(kernel: LiveKernel) -> None:
    first, second = (bundle_of(kernel.run(COUNTER)) for _ in range(2))
    for kind in ("text/plain", "text/html"):
        assert first[kind] == second[kind]
    assert not re.search(r"\d{8}", first["text/html"])


def test_while_no_page_is_open_nothing_is_sent_but_the_state_at_the_end_of_the_cell(kernel: LiveKernel) -> None:
    run = kernel.run(f"{COUNTER.removesuffix('Counter()')}display(Counter())\nfor k in range(1000): count.value = k")
    assert [method_of(message) for message in run.of(*COMM)] == ["open", "update"]
    assert "Count: 999" in str(run.of("comm_msg")[0]["content"]["data"]["state"]["tree"])
    assert [message["msg_type"] for message in run.of("display_data", "update_display_data")] == [
        "display_data",
        "update_display_data",
    ]
    assert "Count: 999" in run.of("update_display_data")[0]["content"]["data"]["text/html"]


def test_a_cell_that_changes_nothing_sends_nothing(kernel: LiveKernel) -> None:
    kernel.run(COUNTER)
    assert kernel.run("count.peek()").of(*COMM, "update_display_data") == []


def test_a_later_cell_brings_the_saved_state_up_to_date_and_leaves_the_earlier_output(kernel: LiveKernel) -> None:
    comm = comm_of(kernel.run(COUNTER))
    run = kernel.run("for k in range(1000): count.value = k")
    assert [method_of(message) for message in run.of(*COMM)] == ["update"]
    (update,) = run.of("comm_msg")
    assert update["content"]["comm_id"] == comm
    assert "Count: 999" in str(update["content"]["data"]["state"]["tree"])
    assert run.of("update_display_data") == []


@pytest.mark.parametrize(
    "loop",
    [
        "while True: count.value += 1",
        "while True:\n    with batch(): count.value += 1",
        "def write():\n    with batch(): count.value += 1\nwhile True: write()",
        "with batch():\n    while count.peek() < 10**9: count.value += 1",
    ],
)
def test_a_cell_that_is_stopped_while_it_writes_leaves_the_last_value_shown_and_a_tree_that_lives(
    kernel: LiveKernel, loop: str
) -> None:
    kernel.run("from flow import batch\n" + COUNTER)
    for number in range(10**9, 10**9 + 5):
        stopped = kernel.send(f"count.value = 1\nprint('begun', flush=True)\n{loop}")
        kernel.wait_for_text(stopped, "begun")
        sleep(0.01)
        kernel.interrupt()
        assert kernel.wait(stopped).status == "error"
        assert _counted(stopped) == kernel.run("print(count.peek())").text.strip()
        assert _counted(kernel.run(f"count.value = {number}")) == str(number)


def test_what_a_stopped_cell_left_open_is_closed_for_the_next_also_if_nothing_is_shown() -> None:
    with LiveKernel() as kernel:
        left = kernel.run("from flow.ui import Div, Text\nroot = Div()\nroot.__enter__()\nraise KeyboardInterrupt")
        assert left.error_name == "KeyboardInterrupt"
        assert kernel.run("Text('later')\nlen(root.children)").results[-1] == "0"


def test_an_element_whose_display_was_stopped_is_displayed_by_the_next_cell(kernel: LiveKernel) -> None:
    stops = "\n".join(
        [
            "import flow.widget as module",
            "from flow.ui import Div",
            "deliver_to = module.shell_channel.deliver_to",
            "def stops(widget):",
            "    module.shell_channel.deliver_to = deliver_to",
            "    raise KeyboardInterrupt",
            "module.shell_channel.deliver_to = stops",
            "root = Div('shown')",
            "root",
        ]
    )
    stopped = kernel.run(stops)
    assert [message["msg_type"] for message in stopped.of(*COMM)] == ["comm_open", "comm_close"]
    assert stopped.of("display_data") == []
    assert ">shown<" in bundle_of(kernel.run("root"))["text/html"]


def _counted(run: Run) -> str:
    """What the counter shows by what a cell has sent."""
    return re.findall(r"Count: (\d+)", str([message["content"]["data"] for message in run.of("comm_msg")]))[-1]


def test_a_page_that_comes_later_is_given_the_tree_as_it_is(kernel: LiveKernel) -> None:
    comm = comm_of(kernel.run(COUNTER))
    kernel.run("count.value = 5")
    answer = tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": 0}, "snapshot")
    assert "Count: 5" in str(answer["root"])


def test_an_event_is_handled_and_told_in_one_message(kernel: LiveKernel) -> None:
    comm = comm_of(kernel.run(COUNTER))
    snapshot = tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": -1})
    button = button_of(snapshot)
    event = {"type": "click", "target_id": button}
    answer = tell(kernel, comm, {"kind": "event", "page": "p1", "serial": 1, "event": event})
    assert answer["kind"] == "patch"
    assert answer["seen"] == {"p1": 1}
    assert "Count: 1" in str(answer["operations"])


def test_what_a_handler_prints_belongs_to_the_cell_that_made_the_element(kernel: LiveKernel) -> None:
    made = kernel.run(COUNTER.replace("on_click=lambda: ", "on_click=lambda: print('clicked') or "))
    comm = comm_of(made)
    snapshot = tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": -1})
    kernel.run("print('another cell')")
    event = {"type": "click", "target_id": button_of(snapshot)}
    send(kernel, comm, {"kind": "event", "page": "p1", "serial": 1, "event": event})
    kernel.wait_for_text(made, "clicked")


def test_an_error_in_a_component_fails_the_cell_with_the_lines_of_the_user_alone(kernel: LiveKernel) -> None:
    for how in ("async def", "def"):
        source = COUNTER.replace("async def", how).replace(
            "    return root", "    raise ValueError('no counter today')"
        )
        run = kernel.run(source)
        assert run.error_name == "ValueError"
        assert run.status == "error"
        assert run.of("display_data", "execute_result", *COMM) == []
        assert run.error is not None
        assert "widgets/flow" not in "".join(run.error["traceback"])
        assert "no counter today" in "".join(run.error["traceback"])


def test_an_error_in_a_handler_is_told_to_the_page_and_logged_and_stops_nothing(kernel: LiveKernel) -> None:
    made = kernel.run(COUNTER.replace("on_click=lambda: ", "on_click=lambda: 1 / 0 or "))
    comm = comm_of(made)
    snapshot = tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": -1})
    event = {"type": "click", "target_id": button_of(snapshot)}
    answer = tell(kernel, comm, {"kind": "event", "page": "p1", "serial": 1, "event": event}, "error")
    assert answer["title"] == "ZeroDivisionError: division by zero"
    assert answer["where"] == "on_click of Button('Increment')"
    assert "1 / 0" in answer["traceback"]
    assert kernel.run("count.peek()").status == "ok"


def test_a_flood_of_writes_is_at_most_100_messages_a_second(kernel: LiveKernel) -> None:
    comm = comm_of(kernel.run(COUNTER))
    tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": -1})
    kernel.published.clear()
    assert kernel.run("for k in range(100_000): count.value = k", timeout=120).status == "ok"
    kernel.wait_for(lambda: "Count: 99999" in str(said(kernel, comm)[-1:]), 30, "the last value")
    # As texts where something in this process has told jupyter_client to leave them so, as ipyparallel does.
    dates = [message["header"]["date"] for message in kernel.published if message["msg_type"] == "comm_msg"]
    times = [(datetime.fromisoformat(date) if isinstance(date, str) else date).timestamp() for date in dates]
    assert times
    assert max(sum(start <= time <= start + 1 for time in times) for start in times) <= 100


def test_what_a_page_sends_wrong_changes_nothing_and_is_logged_once_for_each_kind(kernel: LiveKernel) -> None:
    kernel.run("import logging, io; log = io.StringIO(); handler = logging.StreamHandler(log)\n"
               "logging.getLogger('flow').addHandler(handler)")  # fmt: skip
    comm = comm_of(kernel.run(COUNTER))
    snapshot = tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": -1})
    button = button_of(snapshot)
    for _ in range(100):
        for content in _hostile(button):
            send(kernel, comm, content)
    send(kernel, comm, {"kind": "event", "page": "p1", "serial": 9, "event": {"type": "click", "target_id": button}})
    kernel.wait_for(lambda: "Count: 1" in str(said(kernel, comm)[-1:]), 60, "the answer to the one good event")
    lines = (
        kernel.run("logging.getLogger('flow').removeHandler(handler); print(log.getvalue())").text.strip().splitlines()
    )
    assert lines
    assert all(line.startswith("a page sent what cannot be: ") for line in lines)
    kinds = [line.removeprefix("a page sent what cannot be: ").partition(":")[0] for line in lines]
    assert len(kinds) == len(set(kinds)) <= len(_hostile(button))


@pytest.mark.parametrize("name", BOTH_KERNELS)
def test_jupyter_execute_keeps_html_and_state_of_the_end_of_the_cell(tmp_path: Path, name: str) -> None:
    file = tmp_path / "n.ipynb"
    source = f"{COUNTER.removesuffix('Counter()')}display(Counter())\ncount.value = 7"
    cells = [nbformat.v4.new_code_cell(source)]
    spec = {"name": name, "display_name": name, "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": spec}, cells=cells), file)
    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", file.name],
        cwd=tmp_path,
        env=stranger.environment(tmp_path),
        check=True,
        capture_output=True,
        timeout=200,
    )
    kept = nbformat.read(file, as_version=4)
    (output,) = kept.cells[0].outputs
    assert "Count: 7" in output.data["text/html"]
    models = kept.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert "Count: 7" in str(
        models[output.data["application/vnd.jupyter.widget-view+json"]["model_id"]]["state"]["tree"]
    )


def _hostile(button: str) -> list[dict[str, Any]]:
    """What no page of ours says, of every kind."""
    event = {"kind": "event", "page": "p1", "serial": 1}
    return [
        {**event, "event": {"type": "click", "target_id": "flow-1"}},
        {**event, "event": {"type": "dblclick", "target_id": button}},
        {**event, "event": {"type": "click", "target_id": "body"}},
        {**event, "event": {"type": "__init__", "target_id": button}},
        {**event, "event": {"type": "click", "target_id": button, "x": "left"}},
        {**event, "event": [1]},
        {**event, "serial": -1, "event": {"type": "click", "target_id": button}},
        {"kind": "ready", "page": {"not": "a name"}, "revision": 0},
        {"kind": "ack", "page": "p1", "revision": "latest"},
        {"kind": "chunk", "page": "p1", "upload": 1, "offset": 0, "size": 10},
        {"kind": "exec", "code": "import os"},
    ]


def test_what_a_cell_started_ends_when_the_cell_runs_again(kernel: LiveKernel) -> None:
    kernel.run("import asyncio, time, flow\nticks = []\nrun = None")
    source = """
run = object()
first = flow.every(0.01, lambda run=run: ticks.append(run))
second = flow.task(asyncio.sleep(60))
third = flow.run(time.sleep, 0.01)
started = [first, second, third]
"""
    kernel.run(source, cell_id="a")
    kernel.run("before = started\nflow.run_until(lambda: ticks and third.done, timeout=10)", cell_id="b")
    assert kernel.run("[each.is_cancelled for each in before[:1]]", cell_id="b").results == ["[False]"]
    kernel.run(source, cell_id="a")
    kernel.run("flow.run_until(lambda: before[1].done, timeout=10)\nticks.clear()\ntime.sleep(0.1)", cell_id="b")
    told = kernel.run("(before[0].is_cancelled, before[1].state.value, before[2].state.value, first.is_cancelled)")
    assert told.results == ["(True, 'cancelled', 'done', False)"]
    assert kernel.run("set(ticks) == {run}", cell_id="b").results == ["True"]
    kernel.run("first.cancel(), second.cancel()")
