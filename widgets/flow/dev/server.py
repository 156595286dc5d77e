"""The server of ``flow dev``: a page with the app's HTML in it, and a WebSocket for each page that comes alive.

It answers who asks it by its own name alone, so that no other site's name can be led to this machine, and opens
WebSockets to its own pages alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Collection
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from flow.dev.app import DevApp
from flow.dev.pages import Page, on_ui_thread
from flow.dev.wire import FrameError, packed, unpacked
from flow.server.guards import App, Guard, Receive, Scope, Send

STATIC: Final = Path(__file__).parents[1] / "static"
FORGOTTEN: Final = 60.0  # seconds after which a page that is not connected is given up
LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))


def create_dev_app(app: DevApp, *, hosts: Collection[str] = LOCAL) -> Starlette:
    """The server of an app, as ASGI. ``hosts`` are the names it answers to; none: to any."""
    server = _Server(app)
    return Starlette(
        routes=[
            Route("/", server.page),
            Route("/health", lambda request: PlainTextResponse("ok")),
            WebSocketRoute("/_flow/live", server.live),
            Mount("/_flow", StaticFiles(directory=STATIC, check_dir=False)),
        ],
        middleware=[Middleware(_OwnName, hosts=hosts), Middleware(Guard)],
    )


class _OwnName:
    """Refuses requests that are meant for another host than this one."""

    def __init__(self, app: App, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._hosts and scope["type"] in ("http", "websocket"):
            name = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
            if name not in self._hosts:
                await self._refuse(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close()
            return
        text = f"This server answers to {', '.join(sorted(self._hosts))} alone. `flow dev --host` names another.\n"
        await PlainTextResponse(text, 421)(scope, receive, send)


class _Server:
    """What the routes do. Sessions live on the UI thread, requests here."""

    def __init__(self, app: DevApp) -> None:
        self._app = app

    async def page(self, request: Request) -> Response:
        page: Page = await on_ui_thread(self._app.open_page())
        self._forget_later(page)
        picture = page.session.html() if page.session is not None else ""
        return HTMLResponse(_html(self._app, page, picture), headers={"Cache-Control": "no-store"})

    async def live(self, socket: WebSocket) -> None:
        origin = socket.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
            await socket.close()
            return
        await socket.accept()
        page = self._app.pages.get(socket.query_params.get("page", ""))
        if page is None:  # the server is another one than the page came from, or forgot it
            page = await on_ui_thread(self._app.open_page())
        loop, waiting = asyncio.get_running_loop(), asyncio.Queue[str | bytes]()

        def hears(frame: str | bytes) -> None:
            with contextlib.suppress(RuntimeError):  # the server ends
                loop.call_soon_threadsafe(waiting.put_nowait, frame)

        waiting.put_nowait(packed({"kind": "hello", "page": page.token, "shown": page.session is not None}))
        page.connect(hears)
        hears(packed(self._app.overlay()))
        telling = asyncio.ensure_future(_tell(socket, waiting))
        try:
            while True:
                message, buffers = unpacked(await _frame(socket))
                page.receive(message, buffers)
        except (WebSocketDisconnect, FrameError):
            pass
        finally:
            telling.cancel()
            page.disconnect(hears)
            self._forget_later(page)

    def _forget_later(self, page: Page) -> None:
        async def forget() -> None:
            if not page.is_connected:
                self._app.close_page(page)

        asyncio.get_running_loop().call_later(FORGOTTEN, lambda: asyncio.ensure_future(on_ui_thread(forget())))


async def _frame(socket: WebSocket) -> str | bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text: str | bytes | None = message.get("text")
    return text if text is not None else message["bytes"]


async def _tell(socket: WebSocket, waiting: asyncio.Queue[str | bytes]) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it left while it was told
        while True:
            frame = await waiting.get()
            if isinstance(frame, str):
                await socket.send_text(frame)
            else:
                await socket.send_bytes(frame)


def _html(app: DevApp, page: Page, picture: str) -> str:
    setup: dict[str, Any] = {"page": page.token}
    told = json.dumps(setup).replace("<", "\\u003c")
    shown = f'<div class="flow-root"><div class="flow-content">{picture}</div></div>' if picture else ""
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(app.target.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_flow/page/flow.css">
<link rel="stylesheet" href="/_flow/page/dev.css">
<link rel="modulepreload" href="/_flow/flow.js">
<script type="module" src="/_flow/page/dev.js"></script>
</head>
<body>
<div id="flow-root">{shown}</div>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="flow-setup">{told}</script>
</body>
</html>
"""
