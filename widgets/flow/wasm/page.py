"""A session in a built page: Python runs in a worker, and the way to the page are the worker's messages.

js/src/page/worker.ts calls ``start``; from then on the page is told and heard as one of a notebook is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from time import monotonic
from typing import Any, Final, Protocol

from flow.component import ComponentFunction
from flow.element import Element
from flow.errors import FlowError
from flow.readable import short
from flow.rpc import connect
from flow.server.session import Channel, LiveSession
from flow.tracebacks import told
from flow.wasm.transport import FetchTransport

WAITS: Final = 0.5  # seconds that what is async in a tree may take before the tree is shown without it
_TURN: Final = 0.005  # seconds


class Tell(Protocol):
    """Tells the page a message: JSON, and what of it is bytes."""

    def __call__(self, text: str, buffers: Any = None, /) -> object: ...


class WorkerChannel:
    """What a session tells goes to the page. ``convert`` makes JavaScript's bytes of Python's."""

    def __init__(self, tell: Tell, convert: Callable[[Sequence[bytes]], Any]) -> None:
        self._tell, self._convert = tell, convert

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Tell the page."""
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        if buffers:
            self._tell(text, self._convert(buffers))
        else:
            self._tell(text)


async def start(
    module: str, name: str, base: str, tell: Tell, fail: Callable[[str, str], object]
) -> Callable[[str, Any], None] | None:
    """Run an app's module and show a component of it. Returns what takes the page's messages.

    ``base`` is the page's address, below which the server has ``api/rpc/``; ``fail`` hears of an error of the app's:
    its title and traceback.
    """
    from pyodide.ffi import create_proxy, to_js  # type: ignore[import-not-found]  # only there

    from flow.wasm.fetching import BrowserFetch

    connect(FetchTransport(base, BrowserFetch()))
    try:
        session = await shown(await root_of(getattr(import_module(module), name)), WorkerChannel(tell, to_js))
    except (Exception, SystemExit) as error:
        fail(*told(error))
        return None

    def receive(text: str, buffers: Any) -> None:
        session.receive(json.loads(text), [each.to_bytes() for each in buffers])

    return create_proxy(receive)  # type: ignore[no-any-return]  # which lasts as long as the page


async def root_of(shown: object) -> Element:
    """The tree that a component makes, or an element itself."""
    if isinstance(shown, Element):
        return shown
    if not callable(shown):
        raise FlowError(f"a page shows a component or an element, not {short(shown)}")
    made = shown()
    if isinstance(made, Awaitable) and not isinstance(made, Element):
        made = await made
    if not isinstance(made, Element):
        what = "a component" if isinstance(shown, ComponentFunction) else f"{getattr(shown, '__name__', shown)}()"
        raise FlowError(f"{what} has to give an element, not {short(made)}")
    return made


async def shown(root: Element, channel: Channel) -> LiveSession:
    """A session of a tree, in which is done what does not take long."""
    session = LiveSession(root, channel)
    until = monotonic() + WAITS
    while (session.tree.pending or session.is_dirty) and monotonic() < until:
        await asyncio.sleep(_TURN)
        session.catch_up()
    session.settle()
    return session
