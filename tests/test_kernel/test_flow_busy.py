"""Trees and widgets answer while a cell runs, in rdit and in plain ipykernel, and for a front end without subshells."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from support.flow_comm import button_of, comm_of, said, send, tell
from support.flow_page import BOTH_KERNELS
from support.live_kernel import LiveKernel

STOP = """
import time, threading
import flow
from flow import Signal
from flow.ui import Button
stop = Signal(False)
button = Button("Stop", on_click=lambda: stop.update(lambda _: True))
button
"""
COUNTS = """
import time
from flow import Signal
from flow.ui import Button
count = Signal(0)
Button(count, on_click=lambda: time.sleep(0.002) or count.update(lambda n: n + 1))
"""
SLIDER = """
import ipywidgets, flow, time
seen = []
slider = ipywidgets.IntSlider(max=1000)
slider.observe(lambda change: seen.append(change.new) or print("moved to", change.new), "value")
slider
"""


@pytest.fixture(scope="module", params=BOTH_KERNELS)
def kernel(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        yield kernel


@pytest.mark.parametrize(
    "work", ["time.sleep(0.01)", "sum(range(1000))", "[time.sleep(0.01) for _ in range(20)]"], ids=str
)
def test_a_click_ends_a_loop_that_one_statement_is_in(kernel: LiveKernel, work: str) -> None:
    stop = _shown(kernel)
    run = kernel.send(
        f"print('on')\nend = time.monotonic() + 20\nwhile not stop.value and time.monotonic() < end: {work}"
    )
    kernel.wait_for_text(run, "on")
    clicked = _click(kernel, *stop)
    kernel.wait(run, 10)
    assert (run.status, kernel.run("stop.value").results) == ("ok", ["True"])
    assert _states(kernel, clicked)[:2] == ["busy", "idle"]


def test_the_kernel_still_counts_as_busy_after_a_click(kernel: LiveKernel) -> None:
    stop = _shown(kernel)
    run = kernel.send("print('on')\nwhile not stop.value: time.sleep(0.01)\nprint('clicked')\ntime.sleep(0.3)")
    kernel.wait_for_text(run, "on")
    _click(kernel, *stop)
    kernel.wait_for_text(run, "clicked")
    before_the_end = [m for m in kernel.published if m["msg_type"] == "status"]
    assert before_the_end[-1]["content"]["execution_state"] == "busy"
    kernel.wait(run)


def test_a_quick_answer_to_a_click_comes_before_the_kernel_says_that_it_is_idle(kernel: LiveKernel) -> None:
    shown = kernel.run(COUNTS)
    comm = comm_of(shown)
    button = button_of(tell(kernel, comm, {"page": "p", "kind": "ready", "revision": -1}, "snapshot"))

    def is_answered_first() -> bool:
        before = len(said(kernel, comm))
        clicked = _click(kernel, comm, button)
        kernel.wait_for(lambda: len(_states(kernel, clicked)) == 2, 10, "the end of the click")
        is_first = len(said(kernel, comm)) > before
        kernel.wait_for(lambda: len(said(kernel, comm)) > before, 10, "the answer")
        return is_first

    assert any(is_answered_first() for _ in range(5))  # for a machine may be busy


def test_an_ipywidget_moves_while_a_cell_waits_for_it(kernel: LiveKernel) -> None:
    model = kernel.run(SLIDER).of("comm_open")[-1]["content"]["comm_id"]
    run = kernel.send("print('on')\nflow.run_until(lambda: len(seen) == 3, timeout=20)\nseen")
    kernel.wait_for_text(run, "on")
    for value in (10, 20, 30):
        moved = _move(kernel, model, value)
        kernel.wait_for(lambda moved=moved: "idle" in _states(kernel, moved), 10, "the end of the message")  # type: ignore[misc]
    kernel.wait(run, 10)
    assert run.results[-1] == "[10, 20, 30]"


def test_what_comes_just_as_a_wait_ends_is_handled_once(kernel: LiveKernel) -> None:
    model = kernel.run(SLIDER).of("comm_open")[-1]["content"]["comm_id"]
    for turn in range(30):
        kernel.run("seen.clear()")
        run = kernel.send("for _ in range(50): flow.sleep(0.001)")
        for value in range(turn * 10 + 1, turn * 10 + 11):
            _move(kernel, model, value)
            time.sleep(0.005)
        kernel.wait(run, 10)
        assert kernel.run("seen").results == [str([*range(turn * 10 + 1, turn * 10 + 11)])]


def test_the_next_cell_waits_for_its_turn_while_clicks_do_not(kernel: LiveKernel) -> None:
    stop = _shown(kernel)
    first = kernel.send("order = []\nprint('on')\nwhile not stop.value: time.sleep(0.01)\norder.append('first')")
    kernel.wait_for_text(first, "on")
    second = kernel.send("order.append('second')\norder")
    _click(kernel, *stop)
    kernel.wait(second, 10)
    assert second.results == ["['first', 'second']"]


def test_an_interrupt_ends_a_wait_in_which_widgets_are_moved(kernel: LiveKernel) -> None:
    model = kernel.run(SLIDER).of("comm_open")[-1]["content"]["comm_id"]
    run = kernel.send("print('on')\nflow.sleep(30)")
    kernel.wait_for_text(run, "on")
    _move(kernel, model, 77)
    kernel.wait_for_text(run, "moved to 77") if kernel.name == "python3" else time.sleep(0.2)
    kernel.interrupt()
    kernel.wait(run, 5)
    assert run.error_name == "KeyboardInterrupt"
    assert kernel.run("seen").results == ["[77]"]


def _click(kernel: LiveKernel, comm: str, button: str) -> str:
    event = {"type": "click", "target_id": button}
    return send(kernel, comm, {"page": "p", "kind": "event", "serial": 1, "event": event})


def _shown(kernel: LiveKernel) -> tuple[str, str]:
    """A Stop button on a page: its comm and its id."""
    comm = comm_of(kernel.run(STOP))
    return comm, button_of(tell(kernel, comm, {"page": "p", "kind": "ready", "revision": -1}, "snapshot"))


def _move(kernel: LiveKernel, model: str, value: int) -> str:
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    return kernel.tell("comm_msg", {"comm_id": model, "data": data})


def _states(kernel: LiveKernel, msg_id: str) -> list[str]:
    return [m["content"]["execution_state"] for m in kernel.answers_to(msg_id) if m["msg_type"] == "status"]
