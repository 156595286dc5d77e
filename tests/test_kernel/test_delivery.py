"""Comm messages on a live kernel while a cell runs: answered at once, in order, once, and hurting nobody."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from support.live_kernel import LiveKernel, Message, Run

ECHO = """
from comm import get_comm_manager
import threading
seen, threads = [], []
def _told(comm, message):
    seen.append(message["content"]["data"])
    threads.append(threading.current_thread().name)
    comm.send(message["content"]["data"])
def _opened(comm, message):
    comm.on_msg(lambda message: _told(comm, message))
get_comm_manager().register_target("echo", _opened)
"""

LONG = {
    "a sleep": "import time\nprint('on', flush=True)\ntime.sleep(30)",
    "short sleeps": "import time\nprint('on', flush=True)\nwhile True: time.sleep(0.05)",
    "many sleeps": "import time\nprint('on', flush=True)\n" + "time.sleep(0.02)\n" * 1500,
    "an await": "import asyncio\nprint('on', flush=True)\nawait asyncio.sleep(30)",
    "a loop": "print('on', flush=True)\nwhile True: pass",
    "input": "print('on', flush=True)\ninput()",
}
ON_THE_THREAD = [name for name in LONG if name not in ("an await", "many sleeps")]


@pytest.fixture
def echo(kernel: LiveKernel) -> str:
    kernel.run(ECHO)
    return _open(kernel)


@pytest.mark.parametrize("what", list(LONG))
def test_a_comm_is_answered_while_a_cell_is_in(what: str, kernel: LiveKernel, echo: str) -> None:
    with Busy(kernel, LONG[what]) as cell:
        for k in range(5):
            told = _tell(kernel, echo, k)
            _wait_for_idle(kernel, told)
            assert _answers(kernel, told) == [k]
        assert not cell.is_idle


@pytest.mark.parametrize("what", ON_THE_THREAD)
def test_it_is_answered_by_one_thread_beside_the_cell(what: str, kernel: LiveKernel, echo: str) -> None:
    with Busy(kernel, LONG[what]):
        for k in range(3):
            _wait_for_idle(kernel, _tell(kernel, echo, k))
    assert kernel.run("set(threads)").results == ["{'rdit delivery'}"]


def test_while_the_cell_awaits_the_main_thread_answers_itself(kernel: LiveKernel, echo: str) -> None:
    with Busy(kernel, LONG["an await"]):
        for k in range(3):
            _wait_for_idle(kernel, _tell(kernel, echo, k))
    assert kernel.run("set(threads)").results == ["{'MainThread'}"]


@pytest.mark.parametrize("is_busy", [False, True])
def test_a_message_for_a_subshell_is_answered_like_any(is_busy: bool, kernel: LiveKernel) -> None:
    kernel.run(ECHO)
    header = {"subshell_id": _new_subshell(kernel)}
    cell = kernel.wait_for_text(kernel.send(LONG["a sleep"]), "on") if is_busy else None
    comm = _open(kernel, header)
    told = _tell(kernel, comm, "hello", header)
    _wait_for_idle(kernel, told)
    assert _answers(kernel, told) == ["hello"]
    if cell is not None:
        assert not cell.is_idle
        kernel.interrupt()
        kernel.wait(cell)
    kernel.ask("delete_subshell_request", header, channel="control")


def test_a_comm_that_a_cell_used_last_is_answered_where_the_front_end_uses_subshells(kernel: LiveKernel) -> None:
    header = {"subshell_id": _new_subshell(kernel)}
    run = kernel.run(
        "import comm\nc = comm.create_comm('t')\n"
        "c.on_msg(lambda m: c.send('got ' + m['content']['data']))\nc.send('from the main shell')"
    )
    with Busy(kernel, LONG["a loop"]):
        told = _tell(kernel, _comm_of(run), "it", header)
        _wait_for_idle(kernel, told)
        assert _answers(kernel, told) == ["got it"]
    kernel.ask("delete_subshell_request", header, channel="control")


def test_a_subshell_whose_cell_waits_for_an_answer_gets_it_in_its_own_thread(kernel: LiveKernel) -> None:
    header = {"subshell_id": _new_subshell(kernel)}
    code = """
        import asyncio, comm, threading
        answer, here = asyncio.get_running_loop().create_future(), threading.get_ident()
        c = comm.create_comm("t")
        c.on_msg(lambda m: answer.set_result(threading.get_ident() == here))
        c.send({})
        print(await asyncio.wait_for(answer, 10))
    """
    message = kernel.client.session.msg("execute_request", {"code": code, "silent": False})
    message["header"].update(header)
    kernel.client.shell_channel.send(message)
    msg_id = message["header"]["msg_id"]
    kernel.wait_for(lambda: bool(_of(kernel, msg_id, "comm_msg")), 20, "the cell's message")
    _tell(kernel, _of(kernel, msg_id, "comm_open")[0]["content"]["comm_id"], 1, header)
    kernel.wait_for(lambda: bool(_of(kernel, msg_id, "stream", "error")), 20, "its print")
    assert _of(kernel, msg_id, "stream")[0]["content"]["text"] == "True\n"
    kernel.reply_to(msg_id)
    kernel.ask("delete_subshell_request", header, channel="control")


def test_an_awaiting_cell_gets_the_answer_it_waits_for_in_its_own_thread(kernel: LiveKernel) -> None:
    run = kernel.send(
        "import asyncio, comm, threading\n"
        "answer = asyncio.get_running_loop().create_future()\n"
        "c = comm.create_comm('t')\n"
        "c.on_msg(lambda m: answer.set_result(threading.current_thread() is threading.main_thread()))\n"
        "await asyncio.wait_for(answer, 20)"
    )
    kernel.wait_for(lambda: bool(run.of("comm_open")), 20, "the comm")
    _tell(kernel, _comm_of(run), 1)
    assert kernel.wait(run).results == ["True"]


@pytest.mark.parametrize("what", ["a sleep", "an await", "a loop"])
def test_each_message_has_its_busy_and_idle_and_the_cell_is_busy_still(
    what: str, kernel: LiveKernel, echo: str
) -> None:
    with Busy(kernel, LONG[what]) as cell:
        told = [_tell(kernel, echo, k) for k in range(20)]
        _wait_for_idle(kernel, told[-1])
        kernel.wait_for(lambda: _last_status(kernel) == (cell.msg_id, "busy"), 5, "the cell's busy")
        for each in told:
            kinds = [m["content"].get("execution_state", m["msg_type"]) for m in kernel.answers_to(each)]
            assert kinds == ["busy", "comm_msg", "idle"]
    assert _last_status(kernel)[1] == "idle"


def test_an_end_of_a_cell_is_the_last_that_is_said_of_it(kernel: LiveKernel, echo: str) -> None:
    for k in range(30):
        cell = kernel.send("import time\ntime.sleep(0.02)")
        for _ in range(8):
            _tell(kernel, echo, k)
            time.sleep(0.0035)
        kernel.wait(cell)
        kernel.ask("comm_info_request")
        kernel.wait_for(lambda: _last_status(kernel)[1] == "idle", 5, "an idle kernel")
        last = [m["content"]["execution_state"] for m in cell.messages if m["msg_type"] == "status"][-1]
        assert last == "idle"


@pytest.mark.parametrize("seed", range(4))
def test_in_random_order_cells_keep_theirs_and_no_message_is_lost_or_handled_twice(
    seed: int, kernel: LiveKernel, echo: str
) -> None:
    rng = random.Random(seed)
    kernel.run("import time, asyncio\nran = []")
    cells: list[Run] = []
    told: list[str] = []
    for _ in range(250):
        if rng.random() < 0.3:
            work = rng.choice(["", "", "time.sleep(0.004)", "time.sleep(0.02)", "await asyncio.sleep(0.004)"])
            cells.append(kernel.send(f"ran.append(({len(cells)}, len(seen) >= {len(told)}))\n{work}"))
        else:
            told.append(_tell(kernel, echo, len(told)))
        if rng.random() < 0.1:
            kernel.pump(rng.random() * 0.02)
    for cell in cells:
        assert kernel.wait(cell).status == "ok"
    _wait_for_idle(kernel, told[-1])
    ran = kernel.run("print(ran)").text.strip()
    assert ran == str([(k, True) for k in range(len(cells))]), "in order, and after the messages that were sent before"
    assert kernel.run("seen == list(range(len(seen))), len(seen)").results == [f"(True, {len(told)})"]
    assert [_answers(kernel, each) for each in told] == [[k] for k in range(len(told))]


def test_a_cell_begins_when_the_messages_have_been_handled_that_were_sent_before_it(kernel: LiveKernel) -> None:
    kernel.run(ECHO + "import time\ndef _told(comm, message): time.sleep(0.5); seen.append('handled')")
    comm = _open(kernel)
    cell = kernel.wait_for_text(kernel.send("print('on', flush=True)\ntime.sleep(0.1)"), "on")
    told = _tell(kernel, comm, 1)
    kernel.wait_for(lambda: bool(kernel.answers_to(told)), 10, "its busy")
    after = kernel.send("seen")
    kernel.wait(cell)
    assert kernel.wait(after).results == ["['handled']"]


def test_nothing_is_kept_of_a_cell_that_is_aborted(kernel: LiveKernel) -> None:
    kernel.run(ECHO + "import time\ndef _told(comm, message): time.sleep(0.5)")
    comm = _open(kernel)
    cell = kernel.wait_for_text(kernel.send("print('on', flush=True)\ntime.sleep(0.1)\n1/0"), "on")
    told = _tell(kernel, comm, 1)
    kernel.wait_for(lambda: bool(kernel.answers_to(told)), 10, "its busy")
    after = kernel.send("1")
    kernel.wait(cell)
    assert kernel.wait(after).status == "aborted"
    assert kernel.run("get_ipython().kernel.comms._came_before").results == ["{}"]


def test_a_future_that_a_handler_makes_ready_beside_the_cell_wakes_the_cell(kernel: LiveKernel) -> None:
    kernel.run(ECHO + "import time\ndef _told(comm, message): time.sleep(0.3); ready.set_result('ready')")
    comm = _open(kernel)
    cell = kernel.send(
        "import asyncio\nready = asyncio.get_running_loop().create_future()\nprint('on', flush=True)\n"
        "time.sleep(0.1)\nawait ready"
    )
    kernel.wait_for_text(cell, "on")
    _tell(kernel, comm, 1)
    assert kernel.wait(cell, 10).results == ["'ready'"]


def test_a_cell_in_a_subshell_handles_no_message_beside_the_main_ones(kernel: LiveKernel, echo: str) -> None:
    header = {"subshell_id": _new_subshell(kernel)}
    with Busy(kernel, LONG["a sleep"]):
        code = "import time\n" + "time.sleep(0.011)\n" * 60
        message = kernel.client.session.msg("execute_request", {"code": code, "silent": False})
        message["header"].update(header)
        kernel.client.shell_channel.send(message)
        for k in range(20):
            _wait_for_idle(kernel, _tell(kernel, echo, k))
        kernel.reply_to(message["header"]["msg_id"])
    assert kernel.run("set(threads)").results == ["{'rdit delivery'}"]
    kernel.ask("delete_subshell_request", header, channel="control")


@pytest.mark.parametrize("what", ["a loop", "an await"])
def test_a_burst_of_ten_thousand_is_handled_whole_and_in_order(what: str, kernel: LiveKernel) -> None:
    kernel.run(ECHO.replace('comm.send(message["content"]["data"])', "None"))
    comm = _open(kernel)
    with Busy(kernel, LONG[what]) as cell:
        for k in range(10_000):
            last = _tell(kernel, comm, k)
            if k % 100 == 0:
                kernel.pump()
        _wait_for_idle(kernel, last, 120)
        assert not cell.is_idle
    assert kernel.run("seen == list(range(10_000))").results == ["True"]


def test_a_front_end_that_answers_at_once_finds_the_handler_of_the_next_statement(kernel: LiveKernel) -> None:
    code = """
import comm, time
got = []
time.sleep(0.02); c = comm.create_comm("t")
c.on_msg(lambda message: got.append(message["content"]["data"]))
while not got: pass
got
"""
    for k in range(10):
        run = kernel.send(code)
        kernel.wait_for(lambda run=run: bool(run.of("comm_open")), 20, "the comm")  # type: ignore[misc]
        _tell(kernel, _comm_of(run), k)
        assert kernel.wait(run).results == [f"[{k}]"]


def test_a_handler_that_raises_or_leaves_ends_nothing(kernel: LiveKernel) -> None:
    kernel.run(
        ECHO + "def _told(comm, message):\n"
        "    if message['content']['data'] == 'raise': 1/0\n"
        "    if message['content']['data'] == 'leave': raise SystemExit\n"
        "    if message['content']['data'] == 'interrupt': raise KeyboardInterrupt\n"
        "    comm.send('fine')"
    )
    comm = _open(kernel)
    with Busy(kernel, LONG["a sleep"]):
        for what in ("raise", "leave", "interrupt"):
            _wait_for_idle(kernel, _tell(kernel, comm, what))
        told = _tell(kernel, comm, "say")
        _wait_for_idle(kernel, told)
        assert _answers(kernel, told) == ["fine"]
    assert kernel.run("1").results == ["1"]


def test_a_handler_that_hangs_holds_up_neither_cells_nor_their_interrupt(
    start_kernel: Callable[..., LiveKernel],
) -> None:
    kernel = start_kernel()
    kernel.run(ECHO + "go_on = threading.Event()\ndef _told(comm, message): go_on.wait(); seen.append(1)")
    comm = _open(kernel)
    with Busy(kernel, LONG["a sleep"]):
        hanging = [_tell(kernel, comm, k) for k in range(2)]
        kernel.wait_for(lambda: len(kernel.answers_to(hanging[0])) == 1, 10, "its busy")
    assert kernel.run("len(seen)").results == ["0"], "a cell waits for a handler only so long"
    kernel.run("go_on.set()")
    _wait_for_idle(kernel, hanging[1])
    assert kernel.run("len(seen)").results == ["2"]


def test_an_interrupt_hits_the_cell_and_never_the_handler_beside_it(kernel: LiveKernel) -> None:
    kernel.run(
        ECHO + "import time\ndef _told(comm, message):\n    try:\n        time.sleep(0.5)\n"
        "        seen.append('whole')\n    except BaseException as error:\n        seen.append(repr(error))"
    )
    comm = _open(kernel)
    cell = kernel.wait_for_text(kernel.send(LONG["a loop"]), "on")
    told = _tell(kernel, comm, 1)
    kernel.wait_for(lambda: len(kernel.answers_to(told)) == 1, 10, "its busy")
    kernel.interrupt()
    assert kernel.wait(cell).error_name == "KeyboardInterrupt"
    _wait_for_idle(kernel, told)
    assert kernel.run("seen").results == ["['whole']"]


def test_a_kernel_is_restarted_and_shut_down_while_a_handler_hangs(start_kernel: Callable[..., LiveKernel]) -> None:
    kernel = start_kernel()
    for end in (kernel.restart, lambda: kernel.manager.shutdown_kernel(now=False)):
        kernel.run(ECHO + "def _told(comm, message): threading.Event().wait()")
        comm = _open(kernel)
        with Busy(kernel, LONG["a sleep"]):
            told = _tell(kernel, comm, 1)
            kernel.wait_for(lambda told=told: len(kernel.answers_to(told)) == 1, 10, "its busy")  # type: ignore[misc]
        end()
    assert not kernel.is_alive


def test_what_a_handler_prints_belongs_to_its_message_and_threads_of_the_cell_keep_theirs(kernel: LiveKernel) -> None:
    kernel.run(ECHO + "def _told(comm, message): print('from the handler'); display('shown')")
    comm = _open(kernel)
    cell = kernel.send(
        "import threading, time\ngo_on = threading.Event()\n"
        "thread = threading.Thread(target=lambda: (go_on.wait(), print('from the thread', flush=True)))\n"
        "thread.start()\nprint('on', flush=True)\ntime.sleep(0.5)\ngo_on.set()\nthread.join()"
    )
    kernel.wait_for_text(cell, "on")
    told = _tell(kernel, comm, 1)
    _wait_for_idle(kernel, told)
    assert _of(kernel, told, "stream")[0]["content"]["text"] == "from the handler\n"
    assert _of(kernel, told, "display_data")[0]["content"]["data"]["text/plain"] == "'shown'"
    assert kernel.wait(cell).text == "on\nfrom the thread\n"


def test_a_message_beside_a_cell_is_not_its_end_to_matplotlib_and_others(kernel: LiveKernel, echo: str) -> None:
    kernel.run(
        "ended = []\nget_ipython().events.register('post_execute', lambda: ended.append(1))\n"
        "get_ipython().events.register('pre_execute', lambda: ended.append(0))"
    )
    for what in ("a sleep", "an await"):
        cell = kernel.wait_for_text(kernel.send("ended.clear()\n" + LONG[what]), "on")
        _wait_for_idle(kernel, _tell(kernel, echo, 1))
        kernel.interrupt()
        kernel.wait(cell)
        assert kernel.run("ended").results == ["[1, 0]"], "the end of that cell and the start of this"
    kernel.run("get_ipython().events.callbacks['post_execute'].clear()")
    kernel.run("get_ipython().events.callbacks['pre_execute'].clear()")


def test_the_open_comms_are_told_while_a_cell_runs(kernel: LiveKernel, echo: str) -> None:
    with Busy(kernel, LONG["a loop"]):
        mine = _open(kernel)
        reply = kernel.ask("comm_info_request", {"target_name": "echo"})
        assert {echo, mine} <= set(reply["content"]["comms"])
        assert kernel.ask("comm_info_request", {"target_name": "none"})["content"]["comms"] == {}
        kernel.tell("comm_close", {"comm_id": mine, "data": {}})
        assert mine not in kernel.ask("comm_info_request")["content"]["comms"]


def test_the_switch_interval_is_what_it_was_and_no_thread_begins_without_need(
    start_kernel: Callable[..., LiveKernel],
) -> None:
    kernel = start_kernel()
    names = "[t.name for t in __import__('threading').enumerate() if 'delivery' in t.name]"
    kernel.run(ECHO)
    comm = _open(kernel)
    _wait_for_idle(kernel, _tell(kernel, comm, 1))
    assert kernel.run(names).results == ["[]"]
    with Busy(kernel, LONG["a loop"]):
        for k in range(20):
            _wait_for_idle(kernel, _tell(kernel, comm, k))
    time.sleep(0.1)
    assert kernel.run("__import__('sys').getswitchinterval()").results == ["0.005"]
    assert kernel.run(names).results == ["['rdit delivery']"]
    left = kernel.run(f"get_ipython().kernel.comms.delivery.close()\n{names}")
    assert left.results == ["[]"]


def test_an_ipywidgets_button_and_slider_end_a_loop_that_waits_for_them(kernel: LiveKernel) -> None:
    made = kernel.run(
        "import ipywidgets as w\nbutton, slider, out = w.Button(), w.IntSlider(), w.Output()\n"
        "stop, values = False, []\n"
        "def clicked(_):\n    global stop\n    with out: print('clicked')\n    stop = True\n"
        "button.on_click(clicked)\nslider.observe(lambda change: values.append(change.new), 'value')\n"
        "print(button.comm.comm_id, slider.comm.comm_id, out.comm.comm_id)"
    )
    button, slider, out = made.text.split()
    cell = kernel.wait_for_text(kernel.send("print('on', flush=True)\nwhile not stop: pass\nvalues"), "on")
    for value in (3, 7):
        moved = kernel.tell("comm_msg", {"comm_id": slider, "data": {"method": "update", "state": {"value": value}}})
        _wait_for_idle(kernel, moved)
    data = {"method": "custom", "content": {"event": "click"}}
    pressed = kernel.tell("comm_msg", {"comm_id": button, "data": data})
    assert kernel.wait(cell).results == ["[3, 7]"]
    _wait_for_idle(kernel, pressed)
    states = [m["content"]["data"]["state"] for m in _of(kernel, pressed, "comm_msg") if m["content"]["comm_id"] == out]
    assert {"msg_id": pressed} in states, "the Output widget takes what its message prints"
    assert _of(kernel, pressed, "stream")[0]["content"]["text"] == "clicked\n"


def test_tasks_of_the_loop_go_on_between_statements_however_short(kernel: LiveKernel) -> None:
    steps = "async def go():\n    for k in range(5):\n        at.append(k); await asyncio.sleep(0)\n"
    run = kernel.run(f"import asyncio\nat = []\n{steps}task = asyncio.create_task(go())\n" + "len(at)\n" * 6)
    counts = [int(each) for each in run.results]
    assert counts[0] in (1, 2), "not all at once"
    assert all(before < after or after == 5 for before, after in pairwise(counts))
    assert counts[-1] == 5


def test_a_timer_that_is_due_rings_at_the_next_boundary(kernel: LiveKernel) -> None:
    code = "import asyncio, time\nrung = []\ntimer = asyncio.get_running_loop().call_later(0.001, rung.append, 1)\n"
    assert kernel.run(code + "time.sleep(0.003)\nrung").results == ["[1]"]


# Telling


class Busy:
    """A cell that runs until the block ends. It has begun when the block does."""

    def __init__(self, kernel: LiveKernel, code: str) -> None:
        self._kernel = kernel
        self._code = code

    def __enter__(self) -> Run:
        self._cell = self._kernel.wait_for_text(self._kernel.send(self._code, answers=[]), "on")
        time.sleep(0.02)
        return self._cell

    def __exit__(self, *_: object) -> None:
        self._kernel.interrupt()
        self._kernel.wait(self._cell)
        assert self._cell.error_name == "KeyboardInterrupt"


def _open(kernel: LiveKernel, header: dict[str, Any] | None = None, target: str = "echo") -> str:
    comm_id = f"comm-{random.getrandbits(64):x}"
    content = {"comm_id": comm_id, "target_name": target, "data": {}}
    _wait_for_idle(kernel, kernel.tell("comm_open", content, header=header))
    return comm_id


def _tell(kernel: LiveKernel, comm: str, data: object, header: dict[str, Any] | None = None) -> str:
    return kernel.tell("comm_msg", {"comm_id": comm, "data": data}, header=header)


def _new_subshell(kernel: LiveKernel) -> str:
    return str(kernel.ask("create_subshell_request", channel="control")["content"]["subshell_id"])


def _of(kernel: LiveKernel, msg_id: str, *kinds: str) -> Sequence[Message]:
    return [message for message in kernel.answers_to(msg_id) if message["msg_type"] in kinds]


def _answers(kernel: LiveKernel, msg_id: str) -> list[Any]:
    return [message["content"]["data"] for message in _of(kernel, msg_id, "comm_msg")]


def _comm_of(run: Run) -> str:
    return str(run.of("comm_open")[-1]["content"]["comm_id"])


def _last_status(kernel: LiveKernel) -> tuple[str, str]:
    last = [message for message in kernel.published if message["msg_type"] == "status"][-1]
    return last["parent_header"]["msg_id"], last["content"]["execution_state"]


def _wait_for_idle(kernel: LiveKernel, msg_id: str, timeout: float = 20) -> None:
    def is_idle() -> bool:
        return any(m["content"]["execution_state"] == "idle" for m in _of(kernel, msg_id, "status"))

    kernel.wait_for(is_idle, timeout, "the idle of a message")
