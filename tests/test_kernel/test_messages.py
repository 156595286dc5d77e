"""rdit says what python3 says, message by message, except where it is meant to say something else.

Each case of `support.message_table` runs in both kernels, which live for the whole module.
"""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from support.live_kernel import LiveKernel, Run
from support.message_table import CASES, REQUEST_SETUP, REQUESTS, Case, Request
from support.transcript import Transcript, difference_of, reply, transcript

Kernels = dict[str, LiveKernel]


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    # Folders of one length: a path is part of some outputs, and pretty printing breaks lines by length.
    with ExitStack() as stack:
        kernels = {}
        for name in ("python3", "rdit"):
            # Each its own history as well, which is kept beside the profile.
            folder = str(tmp_path_factory.mktemp("desk"))
            kernels[name] = stack.enter_context(LiveKernel(name, cwd=folder, env={**os.environ, "IPYTHONDIR": folder}))
            kernels[name].run("get_ipython().before = get_ipython().ast_node_interactivity")
        yield kernels


@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_kernels_say_the_same(case: Case, kernels: Kernels) -> None:
    if case.needs and importlib.util.find_spec(case.needs) is None:
        pytest.skip(f"{case.needs} is not installed")
    theirs = _played(case, kernels["python3"])
    ours = _played(case, kernels["rdit"])
    expected = theirs
    if (difference := case.difference) is not None:
        expected = difference.apply(theirs)
        assert expected != theirs or difference.may_end, f"python3 no longer differs here: {difference.reason}"
    assert not (told := difference_of(expected, ours)), told


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_both_kernels_reply_the_same(request_: Request, kernels: Kernels) -> None:
    theirs, ours = (_asked(request_, kernel) for kernel in kernels.values())
    assert not (told := difference_of(theirs, ours)), told


def test_the_tables_hold_what_they_promise() -> None:
    """At least 60 cells, no two of one name, and every difference has its reason."""
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)) >= 60
    assert all(case.difference.reason for case in CASES if case.difference is not None)


def _asked(request: Request, kernel: LiveKernel) -> Transcript:
    assert kernel.run(REQUEST_SETUP).status == "ok"
    msg_id = kernel.tell(request.kind, request.content, channel=request.channel)
    message = kernel.reply_to(msg_id)
    kernel.wait_for(lambda: len(kernel.answers_to(msg_id)) >= 2, 10, "busy and idle")
    content = {key: value for key, value in reply(message["content"]).items() if key not in request.left_out}
    published = [("published", m["msg_type"], m["content"]) for m in kernel.answers_to(msg_id)]
    return [*published, (message["msg_type"], content)]


def _played(case: Case, kernel: LiveKernel) -> Transcript:
    for code in case.before:
        kernel.run(code)
    base = kernel.run("").content["execution_count"]
    run = kernel.send(case.code, answers=case.answers, **case.request)
    if case.interrupt_at:
        _interrupt(case.interrupt_at, kernel, run)
    kernel.wait(run)
    for code in case.after:
        assert kernel.run(code).status == "ok", f"{kernel.name} could not tidy up with {code!r}"
    return transcript(run, base)


def _interrupt(at: str, kernel: LiveKernel, run: Run) -> None:
    if at == "input":
        kernel.wait_for(lambda: bool(run.prompts), 10, "a request for input")
    else:
        kernel.wait_for_text(run, at)
    time.sleep(0.2)
    kernel.interrupt()
