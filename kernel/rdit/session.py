"""The kernel's session: a message published while a statement runs says which, in its own metadata.

Every message the kernel sends is built by `Session.msg`, so this is the one place that has to know. The mark stands
in the message's metadata, which front ends pass on and no notebook file stores.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_client.session import Session

from rdit.events import StatementRun

# How a stream hands over the statement that wrote a text: the text may be sent after that statement has ended.
WRITTEN_BY = "rdit.written_by"

# Stream messages are not among them: what a statement writes is one output, however many messages carry it.
_OUTPUTS = frozenset({"display_data", "update_display_data", "execute_result", "error"})


class StatementSession(Session):
    """A Session that marks messages with the statement they come from."""

    running: Mapping[str, StatementRun] = {}

    def msg(
        self,
        msg_type: str,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        message: dict[str, Any] = super().msg(msg_type, content, parent, header, metadata)
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
        return message
