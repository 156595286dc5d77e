"""The kernel's session: a message published while a statement runs says which, in its own metadata.

Every message the kernel sends is built by `Session.msg`, so this is the one place that has to know. The mark stands
in the message's metadata, which front ends pass on and no notebook file stores.

Messages are packed with less work than jupyter_client does, to the same bytes: one encoder for all of them, and a
parent header, which is the same for all that a cell publishes, packed once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session, json_packer

from rdit.events import StatementRun

# How a stream hands over the statement that wrote a text: the text may be sent after that statement has ended.
WRITTEN_BY = "rdit.written_by"

# Stream messages are not among them: what a statement writes is one output, however many messages carry it.
_OUTPUTS = frozenset({"display_data", "update_display_data", "execute_result", "error"})

_encode = json.JSONEncoder(default=json_default, ensure_ascii=False, allow_nan=False).encode


class StatementSession(Session):
    """A Session that marks messages with the statement they come from."""

    running: Mapping[str, StatementRun] = {}
    before_output: Sequence[Callable[[], None]] = ()
    hold_back: Callable[[], None] | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The comms that a cell has opened, and when on the monotonic clock. Whoever runs the cell clears it.
        self.opened: dict[str, float] = {}
        # The header packed last and its bytes, replaced as one: other threads send too.
        self._packed_parent: tuple[dict[str, Any], bytes] = ({}, b"{}")
        self._packs_itself = self.pack is json_packer
        if self._packs_itself:
            self.pack = self._pack

    def msg(
        self,
        msg_type: str,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        message: dict[str, Any] = super().msg(msg_type, content, parent, header, metadata)
        if msg_type == "comm_open" and content is not None:
            self.opened[content["comm_id"]] = time.monotonic()
        parent_header = message["parent_header"]
        if WRITTEN_BY in parent_header:
            parent_header = message["parent_header"] = dict(parent_header)
            run = parent_header.pop(WRITTEN_BY)
        else:
            run = self.running.get(parent_header.get("msg_id"))
        if run is not None:
            message["metadata"]["rdit"] = run.tag
            if msg_type in _OUTPUTS:
                run.outputs += 1
                run.displays += msg_type != "update_display_data"
            if msg_type != "comm_msg":
                for deliver in tuple(self.before_output):
                    deliver()
        if self._packs_itself and message["parent_header"] is not self._packed_parent[0]:
            parent_header = message["parent_header"]
            self._packed_parent = (parent_header, _packed(parent_header))
        return message

    def send(self, stream: Any, msg_or_type: Any, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        sent: dict[str, Any] | None = super().send(stream, msg_or_type, *args, **kwargs)
        # Streams gather what they send, and send it with their lock held.
        if self.hold_back is not None and sent is not None and sent["msg_type"] != "stream":
            self.hold_back()
        return sent

    def _pack(self, obj: Any) -> bytes:
        parent, packed = self._packed_parent
        return packed if obj is parent else _packed(obj)


def _packed(obj: Any) -> bytes:
    if obj == {}:
        return b"{}"
    try:
        text = _encode(obj)
    except (TypeError, ValueError):
        # jupyter_client cleans such a message up, and says so.
        return json_packer(obj)
    try:
        return text.encode("utf8", "surrogateescape")
    except UnicodeEncodeError:
        # Half a surrogate pair is no character. It must cost neither the text around it nor the cell.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf8")
