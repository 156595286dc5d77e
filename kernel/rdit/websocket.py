"""Kernel websockets that send each message at once.

A Jupyter server leaves Nagle's algorithm on: while a packet is on its way unacknowledged, small ones that follow wait
for its acknowledgement. A kernel's answer to a click follows its `status: busy` at once, and the browser's system may
take 40 ms to acknowledge that: for every step of a slider that is dragged, and for many a single click.
"""

from __future__ import annotations

from typing import Any


def without_delay(connection_class: type[Any]) -> type[Any]:
    """A subclass whose connections switch Nagle's algorithm off when they are made.

    ``connection_class`` is what the server makes for each kernel websocket: jupyter_server's own, a gateway's, or one
    that the configuration names. A connection that cannot be told is logged, and works on as it would have.
    """

    def connect(self: Any) -> Any:
        try:
            self.websocket_handler.set_nodelay(True)
        except Exception:
            self.log.warning("Sideflow: this kernel websocket keeps waiting for full packets", exc_info=True)
        return connection_class.connect(self)

    # The name is the server's, since it stands in logs; traitlets finds its configuration by the bases' names.
    return type(connection_class.__name__, (connection_class,), {"connect": connect})
