"""The module that makes raw HTML harmless, in live kernels without a page: it is sent when a tree first holds some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.flow_comm import button_of, comm_of, send, tell
from support.flow_page import BOTH_KERNELS, COUNTER
from support.live_kernel import LiveKernel

GROWS = """\
from flow import Html, Show, Signal
from flow.ui import Button, Div

is_open = Signal(False)
Div(Show(is_open, lambda: Html("<b>bold</b>")), Button("Open", on_click=lambda: setattr(is_open, "value", True)))"""


@pytest.fixture(params=BOTH_KERNELS)
def kernel(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        yield kernel


def told(kernel: LiveKernel) -> list[tuple[str, str, dict[str, Any]]]:
    """What the kernel said on comms: which, what kind of thing, and the thing itself."""
    found = []
    for message in kernel.published:
        content = message["content"]
        if message["msg_type"] in ("comm_open", "comm_msg"):
            data = content["data"]
            kind = "state" if "state" in data else data["content"]["kind"]
            found.append((content["comm_id"], kind, data.get("state") or data["content"]))
    return found


def sanitizers(kernel: LiveKernel) -> list[tuple[int, str]]:
    """Where among all that was told the module is, and on which comm."""
    return [(at, comm) for at, (comm, _, what) in enumerate(told(kernel)) if what.get("sanitizer")]


def test_it_comes_once_before_the_patch_that_first_needs_it(kernel: LiveKernel) -> None:
    kernel.run(COUNTER)
    comm = comm_of(kernel.run(GROWS))
    snapshot = tell(kernel, comm, {"kind": "ready", "page": "p1", "revision": -1}, "snapshot")
    assert sanitizers(kernel) == []
    event = {"type": "click", "target_id": button_of(snapshot)}
    tell(kernel, comm, {"kind": "event", "page": "p1", "serial": 1, "event": event}, "patch")
    ((at, holder),) = sanitizers(kernel)
    everything = told(kernel)
    assert [kind for _, kind, _ in everything[at:]] == ["state", "patch"]
    assert holder == next(comm for comm, _, what in everything if "source" in what)
    assert "flow-html" not in everything[at][2]["sanitizer"]
    kernel.run("Html('<i>another</i>')")
    send(kernel, comm, {"kind": "ready", "page": "p2", "revision": -1})
    assert len(sanitizers(kernel)) == 1


def test_it_comes_before_the_first_tree_that_has_raw_html_from_the_start(kernel: LiveKernel) -> None:
    comm = comm_of(kernel.run("from flow import Html\nHtml('<b>bold</b>')"))
    ((at, _),) = sanitizers(kernel)
    assert at < next(index for index, each in enumerate(told(kernel)) if each[0] == comm)


def test_it_is_saved_with_a_tree_that_no_page_shows(kernel: LiveKernel) -> None:
    comm = comm_of(kernel.run(GROWS))
    assert sanitizers(kernel) == []
    kernel.run("is_open.value = True")
    ((at, _),) = sanitizers(kernel)
    assert [(who, kind) for who, kind, _ in told(kernel)[at + 1 :]] == [(comm, "state")]
