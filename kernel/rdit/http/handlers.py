"""What a Jupyter server answers below ``/rdit/api``.

Who may ask is the server's to say: its authentication, its protection against other sites (XSRF, origin) and its
authorizer, to whom running is ``execute`` on ``kernels``, and a file ``read`` on ``contents``, as everywhere in
Jupyter. So whoever may only look at a server cannot run anything here either.
"""

from __future__ import annotations

import asyncio
import json
from functools import wraps
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError

import rdit
from rdit.http.asked import Asked, session_of
from rdit.http.guarding import Answer, may
from rdit.http.refused import Refused
from rdit.http.served_files import LARGEST, ServedFiles
from rdit.http.sessions import SessionRun, Sessions, Work
from rdit.program import Program

# JSON writes a character in up to twelve bytes ("\ud83d\ude00").
_LARGEST_BODY = 12 * LARGEST


def _tells_refusals(answer: Answer) -> Answer:
    """A handler's method whose `Refused` is answered as JSON, with its status and its words."""

    @wraps(answer)
    async def told(self: _Handler, *args: Any) -> None:
        try:
            await answer(self, *args)
        except Refused as refused:
            self.set_status(refused.status)
            self.finish(json.dumps({"message": str(refused)}))

    return told  # type: ignore[return-value]  # it takes and gives what ``answer`` does


class _Handler(APIHandler):
    auth_resource = "kernels"

    def initialize(self, sessions: Sessions, root: Path, keep_alive: float) -> None:
        self.sessions = sessions
        self.root = root
        self.keep_alive = keep_alive

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    @property
    def files(self) -> ServedFiles:
        return ServedFiles(self.root, bool(self.contents_manager.allow_hidden))

    @property
    def body(self) -> bytes:
        if len(self.request.body) > _LARGEST_BODY:
            raise Refused(413, f"expected a body of at most {_LARGEST_BODY:,} bytes")
        return self.request.body


class Health(_Handler):
    """Whether the server is there."""

    @web.authenticated
    @may("read")
    async def get(self) -> None:
        self.finish(json.dumps({"status": "ok", "version": rdit.__version__}))


class ReadFile(_Handler):
    """``?path=``: the text of a file below the server's root."""

    auth_resource = "contents"

    @web.authenticated
    @may("read")
    @_tells_refusals
    async def get(self) -> None:
        path = self.get_query_argument("path", None, strip=False)
        if path is None:
            raise Refused(400, "expected ?path= and a path below the server's folder, such as ?path=folder/script.py")
        self.finish(json.dumps({"path": path, "content": self.files.read(path)}))


class ExecuteScript(_Handler):
    """Run a script and answer an event for each statement, when it has ended."""

    run: SessionRun | None = None
    is_left = False

    @web.authenticated
    @may("write")
    @may("execute")
    @_tells_refusals
    async def post(self) -> None:
        asked = Asked.of(self.body)
        self.run = await self.sessions.begin(asked.session, await self._work(asked))
        if self.is_left:
            await self.run.leave()
            return
        self.set_header("Content-Type", "text/event-stream")
        # Some proxies gather an answer before they pass it on.
        self.set_header("X-Accel-Buffering", "no")
        try:
            await self._send(self.run)
            await self.finish(set_content_type="text/event-stream")
        except StreamClosedError:
            pass  # on_connection_close has been told, too

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self.is_left = True
        if self.run is not None:
            # Nobody waits for this handler any more, so the run is left on its own.
            self._leaving = asyncio.ensure_future(self.run.leave())

    async def _send(self, run: SessionRun) -> None:
        self.write(": the script runs\n\n")
        await self.flush()
        while True:
            try:
                events = await asyncio.wait_for(run.events.take(), self.keep_alive)
            except TimeoutError:
                events = b": still running\n\n"
            if not events:
                return
            self.write(events)
            await self.flush()

    async def _work(self, asked: Asked) -> Work:
        if asked.path is None:
            assert asked.source is not None
            return Work(asked.source, lines=asked.lines, is_live=asked.stream)
        if not await ensure_async(self.authorizer.is_authorized(self, self.current_user, "read", "contents")):
            raise Refused(403, 'you may not read files here; send the script itself as "script"')
        files = self.files
        where = files.find(asked.path)
        folder = asked.path.rpartition("/")[0]
        surroundings = Program(str(where)).surroundings
        return Work(files.read(asked.path), folder, asked.lines, surroundings, is_live=asked.stream)


class Interrupt(_Handler):
    """Interrupt what runs in a session. Its events tell how it ended."""

    @web.authenticated
    @may("write")
    @_tells_refusals
    async def post(self) -> None:
        was_running = await self.sessions.interrupt(session_of(self.body))
        self.finish(json.dumps({"status": "ok", "wasRunning": was_running}))


class Reset(_Handler):
    """End a session's kernel, and with it all its names; the next run starts a new one."""

    @web.authenticated
    @may("write")
    @_tells_refusals
    async def post(self) -> None:
        await self.sessions.reset(session_of(self.body))
        self.finish(json.dumps({"status": "ok"}))


ROUTES: dict[str, type[_Handler]] = {
    "execute-script": ExecuteScript,
    "interrupt": Interrupt,
    "reset": Reset,
    "health": Health,
    "read-file": ReadFile,
}
