"""An interrupt ends the cell, wherever it finds the kernel, and never the kernel."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from support.live_kernel import LiveKernel, Run

_SEED = 20_26


@pytest.fixture(scope="module")
def interrupted() -> Iterator[LiveKernel]:
    with LiveKernel() as kernel:
        kernel.run("import asyncio, threading, time, re, contextlib")
        yield kernel


@dataclass(frozen=True, slots=True)
class Scene:
    """What the kernel is doing."""

    name: str
    code: str
    asks: bool = False

    def __str__(self) -> str:
        return self.name


# Long enough that most interrupts find them at work; a C call (the regular expression) cannot be stopped on the way.
_SCENES = (
    Scene("a loop", "for _ in range(20_000_000): pass"),
    Scene("a sleep", "time.sleep(5)"),
    Scene("a call deep down", "def f(n):\n    return f(n - 1) if n else time.sleep(5)\nf(200)"),
    Scene("many tiny statements", "\n".join(f"a{i} = {i}" for i in range(4000))),
    Scene("many shown values", "\n".join(f"{i}" for i in range(2000))),
    Scene("many prints", "for i in range(400_000): print(i)"),
    Scene("many statements that print", "\n".join(f"print({i})" for i in range(3000))),
    Scene("displays", "for i in range(5000): display(i)"),
    Scene("an await", "await asyncio.sleep(5)"),
    Scene("short awaits", "\n".join(["await asyncio.sleep(0.001)"] * 400)),
    Scene("awaits in a loop", "for _ in range(100_000): await asyncio.sleep(0)"),
    Scene("a gathering", "await asyncio.gather(*(asyncio.sleep(5) for _ in range(20)))"),
    Scene("a call into C", "re.match(r'(a+)+$', 'a' * 22 + 'b')\ntime.sleep(5)"),
    Scene("input", "input('? ')", asks=True),
    Scene("a subprocess", "import subprocess; subprocess.run(['sleep', '5'])"),
    Scene("a magic", "%%time\nfor _ in range(20_000_000): pass"),
    Scene("short statements", "\n".join(["time.sleep(0.002)"] * 300)),
    Scene("a compilation", "compile('x = [' + '1, ' * 20_000 + ']', 'big', 'exec'); time.sleep(5)"),
    Scene("a lock", "l = threading.Lock(); l.acquire(); l.acquire(timeout=5)"),
    Scene("an exception on its way", "while True:\n    try:\n        1/0\n    except ZeroDivisionError:\n        pass"),
)


def test_two_hundred_interrupts_at_random_moments(interrupted: LiveKernel) -> None:
    """Each ends its cell with KeyboardInterrupt, unless the cell was over first, and the next cell runs."""
    chance = random.Random(_SEED)
    hits = 0
    for k in range(200):
        scene = _SCENES[k % len(_SCENES)]
        run = interrupted.send(scene.code)
        # Before the kernel has begun an interrupt finds it idle, and does nothing.
        interrupted.wait_for(lambda run=run: "status" in run.kinds, 10, "the beginning")  # type: ignore[misc]
        if scene.asks:
            interrupted.wait_for(lambda run=run: bool(run.prompts), 10, "a request for input")  # type: ignore[misc]
        _let_pass(interrupted, chance.uniform(0, 0.12))
        assert _seconds_to_end(interrupted, run) < 4, f"{scene} went on after interrupt {k}"
        hits += _ended_well(run, f"{scene}, interrupt {k}")
        following = interrupted.run(f"'after {k}'")
        assert following.results == [f"'after {k}'"], f"after {scene}, interrupt {k}: {following.error}"
    # Were most cells over before their interrupt came, nothing would have been tried.
    assert hits > 170


def test_two_hundred_interrupts_between_cells(interrupted: LiveKernel) -> None:
    """Idle, just before a cell, just after one: the kernel lives, and what is not interrupted gives its value."""
    chance = random.Random(_SEED)
    for k in range(200):
        if k % 2:
            interrupted.interrupt()
            _let_pass(interrupted, chance.uniform(0, 0.004))
            run = interrupted.send(f"{k}")
        else:
            run = interrupted.send(f"{k}")
            _let_pass(interrupted, chance.uniform(0, 0.006))
            interrupted.interrupt()
        interrupted.wait(run, 10)
        if run.status == "ok":
            assert run.results == [str(k)]
        else:
            assert run.content["ename"] == "KeyboardInterrupt"
    assert interrupted.run("'alive'").results == ["'alive'"]


def _let_pass(kernel: LiveKernel, seconds: float) -> None:
    """Time goes by and what arrives is read: a client that reads nothing would itself slow the kernel."""
    until = time.monotonic() + seconds
    while (remaining := until - time.monotonic()) > 0:
        if not kernel.pump(0):
            time.sleep(min(remaining, 0.001))


def _ended_well(run: Run, what: str) -> bool:
    """Whether the run was interrupted; it may also have ended before. Anything else fails."""
    if run.status == "ok":
        return False
    assert run.content["ename"] == "KeyboardInterrupt", f"{what}: {run.content['ename']}: {run.content['evalue']}"
    assert [error["content"]["ename"] for error in run.of("error")] == ["KeyboardInterrupt"], what
    return True


@pytest.mark.parametrize(
    "code",
    [
        "await asyncio.sleep(30)",
        "async def f(): await asyncio.sleep(30)\nawait f()",
        "await asyncio.gather(asyncio.sleep(30), asyncio.sleep(30))",
        "async with asyncio.timeout(30):\n    await asyncio.Event().wait()",
        "async for x in g():\n    pass",
        "await asyncio.to_thread(time.sleep, 2)",
        "await asyncio.shield(asyncio.sleep(3))",
    ],
)
def test_an_await_is_interrupted_within_a_second(interrupted: LiveKernel, code: str) -> None:
    interrupted.run("async def g():\n    while True:\n        yield await asyncio.sleep(0.05)")
    run = interrupted.send(f"print('on')\n{code}")
    interrupted.wait_for_text(run, "on")
    _let_pass(interrupted, 0.1)
    assert _seconds_to_end(interrupted, run) < 1
    assert run.error_name == "KeyboardInterrupt"
    assert interrupted.run("1").results == ["1"]


def test_the_place_that_was_interrupted_is_shown(interrupted: LiveKernel) -> None:
    run = interrupted.send("x = 1\nprint('on')\nawait asyncio.sleep(30)")
    interrupted.wait_for_text(run, "on")
    _let_pass(interrupted, 0.1)
    _seconds_to_end(interrupted, run)
    assert run.error is not None
    assert run.reply is not None
    assert "----> 3 await asyncio.sleep(30)" in re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(run.error["traceback"]))
    assert run.reply["metadata"]["rdit"]["line_start"] == 3


@pytest.mark.parametrize("code", ["await asyncio.sleep(30)", "time.sleep(30)"])
def test_user_code_can_catch_an_interrupt(interrupted: LiveKernel, code: str) -> None:
    caught = f"try:\n    print('on', flush=True)\n    {code}\nexcept KeyboardInterrupt:\n    print('caught')\n'went on'"
    run = interrupted.send(caught)
    interrupted.wait_for_text(run, "on")
    _seconds_to_end(interrupted, run)
    assert (run.status, run.text, run.results) == ("ok", "on\ncaught\n", ["'went on'"])
    # What was caught is over: the next await is not cancelled in its place.
    assert interrupted.run("await asyncio.sleep(0.05, 'slept')").results == ["'slept'"]


def test_what_finally_says_runs(interrupted: LiveKernel) -> None:
    run = interrupted.send(
        "try:\n    print('on', flush=True)\n    await asyncio.sleep(30)\nfinally:\n    print('tidied')"
    )
    interrupted.wait_for_text(run, "on")
    _seconds_to_end(interrupted, run)
    assert (run.error_name, run.text) == ("KeyboardInterrupt", "on\ntidied\n")


@pytest.mark.parametrize(
    "waiting",
    [
        "await asyncio.gather(child(1), child(2))",
        "async with asyncio.TaskGroup() as group:\n    group.create_task(child(1))\n    group.create_task(child(2))",
    ],
    ids=["gather", "TaskGroup"],
)
def test_children_are_cancelled_with_the_cell(interrupted: LiveKernel, waiting: str) -> None:
    interrupted.run(
        "ended = []\nasync def child(n):\n    try:\n        await asyncio.sleep(30)\n"
        "    except asyncio.CancelledError:\n        ended.append(n)\n        raise"
    )
    run = interrupted.send(f"print('on')\n{waiting}")
    interrupted.wait_for_text(run, "on")
    _let_pass(interrupted, 0.1)
    assert _seconds_to_end(interrupted, run) < 1
    assert run.error_name == "KeyboardInterrupt"
    assert interrupted.run("sorted(ended)").results == ["[1, 2]"]


def test_a_background_task_is_left_alone(interrupted: LiveKernel) -> None:
    interrupted.run("task = asyncio.create_task(asyncio.sleep(1, 'done'))")
    run = interrupted.send("print('on')\nawait asyncio.sleep(30)")
    interrupted.wait_for_text(run, "on")
    _seconds_to_end(interrupted, run)
    assert interrupted.run("await task").results == ["'done'"]


def test_two_interrupts_at_once_end_one_cell(interrupted: LiveKernel) -> None:
    for code in ("time.sleep(30)", "await asyncio.sleep(30)", "while True: pass"):
        run = interrupted.send(f"print('on', flush=True)\n{code}")
        interrupted.wait_for_text(run, "on")
        interrupted.interrupt()
        interrupted.interrupt()
        interrupted.wait(run, 5)
        assert run.error_name == "KeyboardInterrupt"
        _let_pass(interrupted, 0.1)
        assert interrupted.run(f"{code!r}").results == [repr(code)]


def test_a_stubborn_cell_needs_a_second_interrupt(interrupted: LiveKernel) -> None:
    stubborn = "while True:\n    try:\n        await asyncio.sleep(30)\n    except {}:\n        print('no')\n        {}"
    for error, then in (("KeyboardInterrupt", "await asyncio.sleep(30)"), ("BaseException", "time.sleep(30)")):
        run = interrupted.send("print('on')\n" + stubborn.format(error, then))
        interrupted.wait_for_text(run, "on")
        _let_pass(interrupted, 0.1)
        interrupted.interrupt()
        interrupted.wait_for_text(run, "no", 5)
        _let_pass(interrupted, 0.1)
        assert _seconds_to_end(interrupted, run) < 1
        assert run.error_name == "KeyboardInterrupt"


def test_an_interrupt_aborts_the_queue(interrupted: LiveKernel) -> None:
    first = interrupted.send("print('on', flush=True)\ntime.sleep(30)")
    queued = [interrupted.send(f"{k}") for k in range(5)]
    interrupted.wait_for_text(first, "on")
    interrupted.interrupt()
    for run in queued:
        interrupted.wait(run, 5)
    assert {run.status for run in queued} == {"aborted"}
    assert interrupted.run("'next'").results == ["'next'"]


def test_nothing_runs_after_the_interrupted_statement(interrupted: LiveKernel) -> None:
    run = interrupted.send("print('on', flush=True)\n" + "\n".join(["time.sleep(0.001)"] * 2000) + "\nprint('end')")
    interrupted.wait_for_text(run, "on")
    _let_pass(interrupted, 0.05)
    _seconds_to_end(interrupted, run)
    assert (run.error_name, run.text) == ("KeyboardInterrupt", "on\n")


@pytest.mark.parametrize("handler", ["lambda *_: print('mine')", "signal.SIG_IGN"])
def test_a_handler_that_the_user_set_is_kept_in_its_cell(interrupted: LiveKernel, handler: str) -> None:
    """As in python3, where the handler of each cell is the kernel's again."""
    run = interrupted.send(f"import signal\nsignal.signal(signal.SIGINT, {handler});\nprint('on')\ntime.sleep(0.5)")
    interrupted.wait_for_text(run, "on")
    interrupted.interrupt()
    interrupted.wait(run, 5)
    assert run.status == "ok"
    assert run.text == ("on\nmine\n" if "mine" in handler else "on\n")
    again = interrupted.send("print('on', flush=True)\ntime.sleep(30)")
    interrupted.wait_for_text(again, "on")
    assert _seconds_to_end(interrupted, again) < 1
    assert again.error_name == "KeyboardInterrupt"


_UNNOTICED = """
def elsewhere():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
sender = threading.Thread(target=elsewhere)
sender.start(); print('on'); time.sleep(4)
"""


def test_an_interrupt_that_wakes_nobody_ends_the_system_call_all_the_same(interrupted: LiveKernel) -> None:
    """One that another thread gets does not wake the main thread, as one does not that comes just before it sleeps."""
    run = interrupted.send("import signal" + _UNNOTICED)
    interrupted.wait_for_text(run, "on")
    began = time.monotonic()
    interrupted.wait(run, 10)
    assert run.error_name == "KeyboardInterrupt"
    assert time.monotonic() - began < 2


def test_an_interrupt_of_a_forked_process_is_none_of_the_kernel_s(interrupted: LiveKernel) -> None:
    """A child shares the pipe in which signals are written down."""
    run = interrupted.run(
        "import os, signal\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    signal.signal(signal.SIGINT, lambda *_: os._exit(3))\n"
        "    time.sleep(30)\n"
        "time.sleep(0.2); os.kill(child, signal.SIGINT); os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
        "time.sleep(0.2); 'went on'"
    )
    assert run.results == ["3", "'went on'"]


def test_an_event_loop_stays_the_one_that_is_told_of_signals(interrupted: LiveKernel) -> None:
    run = interrupted.run(
        "import os, signal\nloop = asyncio.get_running_loop(); got = asyncio.Event()\n"
        "loop.add_signal_handler(signal.SIGUSR1, got.set)"
    )
    run = interrupted.run("os.kill(os.getpid(), signal.SIGUSR1)\nawait asyncio.wait_for(got.wait(), 5)")
    assert run.results == ["True"]
    assert interrupted.run("loop.remove_signal_handler(signal.SIGUSR1)").results == ["True"]


def test_a_callback_is_interrupted_without_the_kernel(interrupted: LiveKernel) -> None:
    """An event's callback is user code outside of any statement."""
    interrupted.run(
        "def slow(result):\n    if result.result == 'slow':\n        print('on', flush=True)\n        time.sleep(30)\n"
        "get_ipython().events.register('post_run_cell', slow)"
    )
    run = interrupted.send("'slow'")
    interrupted.wait_for_text(run, "on")
    assert _seconds_to_end(interrupted, run) < 1
    assert interrupted.run("get_ipython().events.unregister('post_run_cell', slow)\n'alive'").results == ["'alive'"]


def test_a_completion_is_interrupted_without_the_kernel(interrupted: LiveKernel) -> None:
    interrupted.run("class Slow:\n    def __dir__(self):\n        time.sleep(30)\n        return []\nslow = Slow()")
    msg_id = interrupted.tell("complete_request", {"code": "slow.", "cursor_pos": 5})
    _let_pass(interrupted, 0.5)
    interrupted.interrupt()
    _until(lambda: len(interrupted.answers_to(msg_id)) >= 2, interrupted)
    assert interrupted.run("'alive'").results == ["'alive'"]


def test_the_manager_may_interrupt_by_message(interrupted: LiveKernel) -> None:
    run = interrupted.send("print('on', flush=True)\ntime.sleep(30)")
    interrupted.wait_for_text(run, "on")
    assert interrupted.ask("interrupt_request", channel="control")["content"]["status"] == "ok"
    interrupted.wait(run, 5)
    assert run.error_name == "KeyboardInterrupt"


_ENDINGS = """
class Slow:
    def __del__(self): time.sleep(0.4)
print('on')
for _ in range(3): Slow()
for _ in range(100): time.sleep(0.1)
"""


def test_an_interrupt_that_python_can_only_report_is_not_lost(interrupted: LiveKernel) -> None:
    """One raised in `__del__` is reported and forgotten by Python; here the cell ends, and nothing is reported."""
    run = interrupted.send(_ENDINGS)
    interrupted.wait_for_text(run, "on")
    _let_pass(interrupted, 0.1)
    assert _seconds_to_end(interrupted, run) < 2
    assert run.error_name == "KeyboardInterrupt"
    assert "Exception ignored" not in run.text


_UNTIDY = """
class Untidy:
    def __repr__(self):
        print('on')
        try: time.sleep(30)
        finally: [].pop()
Untidy()
print('went on')
"""


def test_an_interrupt_is_not_lost_to_an_error_of_what_clears_up_in_a_formatter(interrupted: LiveKernel) -> None:
    run = interrupted.send(_UNTIDY)
    interrupted.wait_for_text(run, "on")
    assert _seconds_to_end(interrupted, run) < 2
    assert run.error_name == run.content["ename"] == "KeyboardInterrupt"
    assert "went on" not in run.text


def _seconds_to_end(kernel: LiveKernel, run: Run) -> float:
    """Interrupt, and wait for the end."""
    began = time.monotonic()
    kernel.interrupt()
    kernel.wait(run, 5)
    return time.monotonic() - began


def _until(is_done: Callable[[], bool], kernel: LiveKernel) -> None:
    kernel.wait_for(is_done, 5, "the end of what was interrupted")
