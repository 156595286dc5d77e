"""A page of an app that is being written: its session, and the step to the session of the app as it is then.

All of it runs on the UI thread, but for ``Page.connect``, ``disconnect`` and ``receive``.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from flow.component import Component
from flow.dev.keeping import forget, go_on
from flow.dev.target import root_of
from flow.dev.wire import packed
from flow.element import Element
from flow.renderer.diff import diff
from flow.server.session import LiveSession
from flow.wasm.page import shown

Entry = Callable[[], Any] | Component


class Page:
    """One page. While nobody is connected, nothing is told: who comes back asks for what there is."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.session: LiveSession | None = None
        self._hears: Callable[[str | bytes], object] | None = None

    def connect(self, hears: Callable[[str | bytes], object]) -> None:
        """Have ``hears`` called with each frame for the page. In any thread."""
        self._hears = hears

    def disconnect(self, hears: Callable[[str | bytes], object]) -> None:
        """Stop that, unless the page has come back on another way meanwhile."""
        if self._hears == hears:
            self._hears = None

    @property
    def is_connected(self) -> bool:
        """Whether somebody looks at it."""
        return self._hears is not None

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Tell the page."""
        hears = self._hears
        if hears is not None:
            hears(packed(message, buffers))

    def receive(self, message: Any, buffers: Sequence[bytes]) -> None:
        """Take what the page tells its session."""
        session = self.session
        if session is not None:
            session.receive(message, buffers)

    async def prepare(self, entry: Entry) -> LiveSession:
        """A session of the app for this page, which no page shows yet. Raises what the app raises."""
        root = root_of(entry)
        if not isinstance(root, Element) and isinstance(root, Awaitable):
            root = await root
        if not isinstance(root, Element):
            raise TypeError(f"the app has to give an element, not {type(root).__name__}")
        if self.session is not None:
            go_on(root, self.session.root)
        try:
            session = await shown(root, self)
        except BaseException:
            forget(root)
            raise
        if not session.tree.pending:
            forget(root)
        return session

    def show(self, session: LiveSession) -> None:
        """Have the page show a session, from what it shows now on."""
        before, self.session = self.session, session
        if before is None:
            self.send({"kind": "begin"})
        else:
            succeed(before, session)

    def close(self) -> None:
        """Nobody looks at it any more."""
        if self.session is not None:
            self.session.close()


def succeed(before: LiveSession, after: LiveSession) -> None:
    """Have the pages of one session show the tree of another, which no page has shown; end the first.

    What goes on of the old tree's elements keeps its id, so DOM elements with focus and all that was typed stay.
    """
    before.flush(waits=False)
    after.flush(waits=False)
    patch = diff(before.tree.node, after.tree.node)
    for own, known in patch.adopted.items():
        elder = before.registry.get(known)
        assert elder is not None  # for the page shows it
        after.registry.register(elder)
        after.registry.adopt(own, known)
    for each in after.root.walk():
        each._kept = None  # a node that was made before has another id
    after.tree.node = after.root.to_render_node()
    after.revision = before.revision + bool(patch.operations)
    after._leaving.append((after.revision, [*before.root.walk()]))
    after._pages = dict(before._pages)
    after._error_count = before._error_count
    after._tell(patch.operations)
    before.close()


async def on_ui_thread(coroutine: Any) -> Any:
    """Wait in another loop for what runs on the UI thread."""
    from flow import ui_thread

    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, ui_thread.loop()))
