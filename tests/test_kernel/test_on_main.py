"""on_main in a live kernel: between statements under rdit, in an await and when idle in every kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.flow_comm import button_of, comm_of, send, tell
from support.flow_page import BOTH_KERNELS
from support.live_kernel import LiveKernel, Run

CELL = """
import threading, time, asyncio
from flow import on_main
from flow.ui import Button
ran = []
def clicked():
    ran.append(threading.current_thread().name)
    print("ran in", ran[-1])
Button("go", on_click=on_main(clicked))
"""


@pytest.fixture(params=BOTH_KERNELS, scope="module")
def any_kernel(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        yield kernel


def test_it_runs_at_once_when_the_kernel_is_idle_and_prints_in_the_cell_of_its_element(any_kernel: LiveKernel) -> None:
    made, click = _shown(any_kernel)
    click()
    any_kernel.wait_for_text(made, "ran in MainThread")


def test_it_runs_in_the_await_of_a_cell(any_kernel: LiveKernel) -> None:
    _, click = _shown(any_kernel)
    run = any_kernel.send("print('on')\nwhile not ran: await asyncio.sleep(0.01)\nran")
    any_kernel.wait_for_text(run, "on")
    click()
    assert any_kernel.wait(run).results == ["['MainThread']"]


def test_it_runs_between_two_statements(kernel: LiveKernel) -> None:
    made, click = _shown(kernel)
    statement = "time.sleep(0.02)\nlen(ran)\n"
    run = kernel.wait_for_text(kernel.send("print('on')\n" + statement * 100), "on")
    click()
    kernel.wait_for_text(made, "ran in MainThread")
    assert not run.is_over
    kernel.wait(run)
    assert run.results[-1] == "1"


def test_a_handler_that_never_ends_is_interrupted_and_the_cell_goes_on(kernel: LiveKernel) -> None:
    made, click = _shown(kernel, "print('in the handler')\n    while True: pass")
    run = kernel.send("print('on')\n" + "time.sleep(0.02)\n" * 20 + "'the end'")
    kernel.wait_for_text(run, "on")
    click()
    kernel.wait_for_text(made, "in the handler")
    kernel.interrupt()
    assert kernel.wait(run).results == ["'the end'"]


def test_a_handler_that_never_ends_is_interrupted_in_an_idle_kernel(any_kernel: LiveKernel) -> None:
    made, click = _shown(any_kernel, "print('in the handler')\n    while True: pass")
    click()
    any_kernel.wait_for_text(made, "in the handler")
    any_kernel.interrupt()
    assert any_kernel.run("'alive'").results == ["'alive'"]


def _shown(kernel: LiveKernel, extra: str = "") -> tuple[Run, Callable[[], object]]:
    made = kernel.run(CELL.replace("def clicked():\n", f"def clicked():\n    {extra or 'pass'}\n"))
    comm = comm_of(made)
    button = button_of(tell(kernel, comm, {"kind": "ready", "page": "p", "revision": -1}, "snapshot"))
    event = {"type": "click", "target_id": button}
    return made, lambda: send(kernel, comm, {"kind": "event", "page": "p", "serial": 1, "event": event})
