"""sidekick in live kernels without a page: which panel components join, where callbacks print, how scripts end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from support import stranger
from support.flow_comm import button_of, comm_of, said, send, tell
from support.flow_page import BOTH_KERNELS
from support.live_kernel import LiveKernel, Run

BUTTON = """\
import sidekick
button = sidekick.Button("go", instance_id="go")

@button.click
def clicked(event):
    {body}
"""


@pytest.fixture(scope="module", params=BOTH_KERNELS)
def running(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        kernel.run("import sidekick, time")
        yield kernel


@pytest.fixture
def kernel(running: LiveKernel) -> Iterator[LiveKernel]:
    """A kernel that no page is open for."""
    opened.clear()
    yield running
    for comm in opened:
        send(running, comm, {"kind": "gone", "page": "p1"})


opened: list[str] = []


def open_page(kernel: LiveKernel, run: Run) -> dict[str, Any]:
    """A page shows the panel of a run. Returns what it is told."""
    opened.append(comm_of(run))
    return tell(kernel, comm_of(run), {"kind": "ready", "page": "p1", "revision": -1}, "snapshot")


def click(kernel: LiveKernel, run: Run, button: str) -> None:
    event = {"type": "click", "target_id": button}
    send(kernel, comm_of(run), {"kind": "event", "page": "p1", "serial": 1, "event": event})


def test_components_show_themselves_once_below_the_cell_that_makes_them(kernel: LiveKernel) -> None:
    run = kernel.run("a = sidekick.Label('first')\nb = sidekick.Label('second')\na")
    assert run.status == "ok"
    assert [message["msg_type"] for message in run.of("display_data", "execute_result")] == ["display_data"]
    html = run.of("update_display_data")[-1]["content"]["data"]["text/html"]
    assert html.index("first") < html.index("second")


def test_they_are_shown_at_once_and_not_at_the_end_of_the_cell(kernel: LiveKernel) -> None:
    run = kernel.run("print('before')\nsidekick.Label('x')\nprint('after')\ntime.sleep(0.2)\nNone")
    kinds = [message["msg_type"] for message in run.of("stream", "display_data")]
    assert kinds.index("display_data") < len(kinds) - 1 or run.text.endswith("after\n")
    assert [kind for kind in kinds if kind == "display_data"] == ["display_data"]


def test_a_run_of_the_same_cell_begins_with_an_empty_panel_and_ends_what_was_started(kernel: LiveKernel) -> None:
    code = "label = sidekick.Label('new')\ninterval = sidekick.submit_interval(lambda: None, 60)"
    first = kernel.run(code, metadata={"cellId": "the-cell"})
    kernel.run("old = interval")
    second = kernel.run(code, metadata={"cellId": "the-cell"})
    assert comm_of(first) != comm_of(second)
    html = str([message["content"]["data"] for message in second.of("display_data", "update_display_data")])
    assert html.count("new") == 2
    assert kernel.run("time.sleep(0.2); old.done(), interval.done()").results == ["(True, False)"]
    kernel.run("interval.cancel()")


def test_another_cell_that_displays_a_component_shows_it_too(kernel: LiveKernel) -> None:
    first = kernel.run("label = sidekick.Label('in both')")
    second = kernel.run("label.text += ', changed'\nlabel")
    assert len(second.of("display_data")) == 1
    assert "in both, changed" in str(open_page(kernel, second)["root"])
    assert "in both, changed" in str(open_page(kernel, first)["root"])


def test_what_a_callback_prints_and_raises_lands_in_the_cell_that_registered_it(kernel: LiveKernel) -> None:
    made = kernel.run("import sidekick\nbutton = sidekick.Button('go')")
    registers = kernel.run("@button.click\ndef clicked(event):\n    print('clicked')\n    raise ValueError('no luck')")
    snapshot = open_page(kernel, made)
    kernel.run("print('another cell')")
    click(kernel, made, button_of(snapshot))
    kernel.wait_for_text(registers, "clicked")
    kernel.wait_for(lambda: "no luck" in registers.stderr, 30, "the traceback")
    assert "in clicked" in registers.stderr
    assert "raise ValueError('no luck')" in registers.stderr
    assert "widgets/sidekick" not in registers.stderr


def test_what_a_callback_makes_joins_the_panel_of_its_cell_and_what_a_thread_makes_the_newest(
    kernel: LiveKernel,
) -> None:
    made = kernel.run(BUTTON.format(body="sidekick.Label('of the callback')"))
    snapshot = open_page(kernel, made)
    newest = kernel.run("sidekick.Label('another cell')")
    click(kernel, made, button_of(snapshot))
    kernel.wait_for(lambda: "of the callback" in str(said(kernel, comm_of(made))), 30, "the label")
    run = kernel.run(
        "import threading\nthread = threading.Thread(target=sidekick.Label, args=['of the thread'])\n"
        "thread.start()\nthread.join()"
    )
    assert run.of("display_data") == []
    snapshot = open_page(kernel, newest)
    assert "another cell" in str(snapshot["root"])
    assert "of the thread" in str(snapshot["root"])


_IS_WAITING = """
import sidekick, sys, threading
def waits():
    frame = sys._current_frames()[threading.main_thread().ident]
    while frame is not None and frame.f_code is not sidekick.run_forever.__code__:
        frame = frame.f_back
    return frame is not None
def stop():
    if waits(): sidekick.shutdown()
"""


@pytest.mark.parametrize("ends", ["shutdown", "interrupt"])
def test_run_forever_handles_events_until_it_is_ended_and_the_next_cell_runs_after(
    kernel: LiveKernel, ends: str
) -> None:
    kernel.run(_IS_WAITING)
    made = kernel.run(BUTTON.format(body="print('waits', waits())" + ("; stop()" if ends == "shutdown" else "")))
    snapshot = open_page(kernel, made)
    waits = kernel.send("sidekick.run_forever()\nprint('over')")
    after = kernel.send("print('next')")
    while "waits True" not in made.text:  # a click may come before the cell has begun
        click(kernel, made, button_of(snapshot))
        kernel.pump(0.2)
    if ends == "interrupt":
        kernel.interrupt()
    kernel.wait(waits)
    assert waits.status == "ok"
    assert waits.text == "over\n"
    kernel.wait(after)
    assert after.text == "next\n"
    assert "Stopped" in str(open_page(kernel, made)["root"])


@pytest.mark.parametrize("pause", ["sidekick.pump()", "sidekick.sleep(0.01)"])
def test_a_loop_that_never_waits_hears_of_clicks_where_it_pumps(kernel: LiveKernel, pause: str) -> None:
    made = kernel.run(BUTTON.format(body="global is_over; is_over = True") + "is_over = False")
    snapshot = open_page(kernel, made)
    loop = kernel.send(f"while not is_over:\n    sum(range(1000))\n    {pause}\nprint('over')")
    kernel.pump(0.3)
    assert loop.reply is None
    click(kernel, made, button_of(snapshot))
    kernel.wait(loop)
    assert loop.text == "over\n"


def test_a_callback_can_be_run_on_the_main_thread(kernel: LiveKernel) -> None:
    made = kernel.run(
        "import flow, threading\n"
        "button = sidekick.Button('go')\n"
        "@button.click\n@flow.on_main\n"
        "def clicked(event):\n"
        "    print(type(event).__name__, threading.current_thread() is threading.main_thread())"
    )
    click(kernel, made, button_of(open_page(kernel, made)))
    kernel.wait_for_text(made, "ButtonClickEvent True")


def test_a_script_runs_a_second_time_in_the_same_kernel(kernel: LiveKernel) -> None:
    script = """\
import sidekick, asyncio
console = sidekick.Console("start\\n", instance_id="log")
async def work():
    for step in range(3):
        console.print("step", step)
        await asyncio.sleep(0.01)
    sidekick.shutdown()
task = sidekick.submit_task(work())
sidekick.run_forever()
console.text"""
    for _ in range(2):
        assert kernel.run(script).results == [repr("start\nstep 0\nstep 1\nstep 2\n")]


def test_run_forever_returns_by_itself_where_no_page_opens_also_awaited(kernel: LiveKernel) -> None:
    run = kernel.run(
        "import sidekick\nsidekick.wait_for_connection()\nlabel = sidekick.Label('x')\nsidekick.run_forever()\n"
        "label = sidekick.Label('y')\nawait sidekick.run_forever_async()\nprint('over')"
    )
    assert (run.status, run.text) == ("ok", "over\n")


def test_pages_that_come_and_go_are_announced(kernel: LiveKernel) -> None:
    made = kernel.run(
        "sidekick.register_global_message_handler(lambda message: print(message['payload']['status']))\n"
        "sidekick.Label('x')\nNone"
    )
    open_page(kernel, made)
    kernel.wait_for_text(made, "online")
    send(kernel, comm_of(made), {"kind": "gone", "page": "p1"})
    kernel.wait_for_text(made, "offline")
    kernel.run("sidekick.register_global_message_handler(None)")


@pytest.mark.parametrize("name", BOTH_KERNELS)
def test_a_script_of_the_original_s_ends_under_jupyter_execute_and_keeps_its_last_picture(
    tmp_path: Path, name: str
) -> None:
    code = """\
import sidekick
label = sidekick.Label("0")
ticks = 0
def tick():
    global ticks
    ticks += 1
    label.text = str(ticks)
sidekick.submit_interval(tick, 0.05)
sidekick.run_forever()
label.text = "the end\""""
    file = tmp_path / "script.ipynb"
    spec = {"name": name, "display_name": name}
    cells = [nbformat.v4.new_code_cell(code)]
    nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": spec}, cells=cells), file)
    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", file.name],
        cwd=tmp_path,
        env=stranger.environment(tmp_path),
        check=True,
        capture_output=True,
        timeout=120,
    )
    outputs = nbformat.read(file, as_version=4).cells[0].outputs
    (output,) = [each for each in outputs if each.output_type == "display_data"]
    assert [each.text for each in outputs if each.output_type == "stream"] == []
    assert "the end" in output.data["text/html"]
    assert "Stop" not in output.data["text/html"]
