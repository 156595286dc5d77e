"""A page of flow as a kernel sees it: messages on the comm of a tree, without a browser."""

from __future__ import annotations

from typing import Any

from support.live_kernel import LiveKernel, Run


def bundle_of(run: Run) -> dict[str, Any]:
    """What a cell has displayed first, by its MIME types."""
    data: dict[str, Any] = run.of("display_data")[0]["content"]["data"]
    return data


def comm_of(run: Run) -> str:
    """The comm of the tree that a cell has displayed."""
    return str(bundle_of(run)["application/vnd.jupyter.widget-view+json"]["model_id"])


def method_of(message: dict[str, Any]) -> str:
    """What a message of a comm is about: the method of the widgets' protocol."""
    return str(message["content"]["data"].get("method", "open"))


def said(kernel: LiveKernel, comm: str) -> list[dict[str, Any]]:
    """flow's own messages on a comm so far."""
    return [
        message["content"]["data"]["content"]
        for message in kernel.published
        if message["msg_type"] == "comm_msg"
        and message["content"]["comm_id"] == comm
        and message["content"]["data"].get("method") == "custom"
    ]


def send(kernel: LiveKernel, comm: str, content: dict[str, Any]) -> str:
    """Send a message as a page does, and get its id."""
    return kernel.tell("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})


def tell(kernel: LiveKernel, comm: str, content: dict[str, Any], kind: str | None = None) -> dict[str, Any]:
    """Send a message as a page does, and get the next one that comes, or the next of a kind."""
    before = len(said(kernel, comm))

    def answers() -> list[dict[str, Any]]:
        return [each for each in said(kernel, comm)[before:] if kind in (None, each["kind"])]

    send(kernel, comm, content)
    kernel.wait_for(lambda: bool(answers()), 30, f"the answer to {content}")
    return answers()[0]


def button_of(snapshot: dict[str, Any]) -> str:
    """The id of the last element of a snapshot, which is the button."""
    last = 0
    waiting = [snapshot["root"]]
    while waiting:
        _, difference, *inside = waiting.pop(0)
        last += difference
        if inside and isinstance(inside[0], list):
            waiting[:0] = inside[0]
    return f"flow-{last}"
