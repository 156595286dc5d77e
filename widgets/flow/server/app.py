"""An app as a server: ``create_app(component)`` is ASGI, ``run_app`` serves it.

It answers with the page, rendered here, with the page's half of the app if there is a build of it, and to calls of rpc
functions, ``POST /api/rpc/<name>``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext, suppress
from html import escape
from inspect import isawaitable
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from flow.element import Element
from flow.owner import Owner
from flow.readable import short
from flow.renderer.html import HTMLRenderer
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.server.calls import answer
from flow.server.guards import Guard, TooLargeError, too_large
from flow.still import still

API: Final = "/api/rpc/"
ROOT: Final = "flow-root"
LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))
PATIENCE: Final = 0.1  # seconds between two looks at async components that tell nothing


def create_app(
    component: Callable[..., Any] | Element,
    *,
    client: Path | None = None,
    title: str | None = None,
    origins: Collection[str] = (),
    limit: int = 10_000_000,
    hosts: Collection[str] = (),
) -> Starlette:
    """An ASGI app that serves a component, to be run by any ASGI server: ``uvicorn shop:app``.

    ``client``: the folder that ``flow build`` made for the page (``dist``), without which the page is a picture;
    ``origins``: other sites whose pages may call the rpc functions; ``limit``: bytes that a request may have;
    ``hosts``: the names it answers to, ``{"example.org"}``, or none: to any.
    """
    if not (callable(component) or isinstance(component, Element)):
        raise TypeError(f"create_app() takes a component, not {short(component)}")
    name = title or getattr(component, "__name__", None) or "flow"
    turn = asyncio.Lock() if isinstance(component, Element) else nullcontext()  # an element is shown once at a time

    async def page(request: Request) -> Response:
        if client is not None:
            shell = (client / "index.html").read_text("utf-8")
            return HTMLResponse(shell)
        async with turn:
            return HTMLResponse(_page(name, await rendered(component)))

    routes: list[BaseRoute] = [
        Route("/", page),
        Route(f"{API}{{name}}", _call, methods=["POST"]),
        Route("/health", lambda request: PlainTextResponse("ok")),
    ]
    if client is not None:
        if not (client / "index.html").is_file():
            raise FileNotFoundError(f"{client} holds no built page. `flow build app.py --output {client}` makes one")
        # Not all of the folder: beside these lies the server's half, for whoever runs the server.
        worker = client / "flow-service.js"
        routes += [
            Route("/flow-service.js", lambda request: FileResponse(worker, headers={"Cache-Control": "no-cache"}))
        ]
        routes += [Mount(f"/{name}", _Kept(directory=client / name)) for name in ("client", "assets")]
    return Starlette(routes=routes, middleware=[Middleware(Guard, origins=origins, limit=limit, hosts=hosts)])


def run_app(
    component: Callable[..., Any] | Element, *, host: str = "127.0.0.1", port: int = 8000, **options: Any
) -> None:
    """Serve a component until it is interrupted. ``options`` are those of ``create_app``.

    Unless ``hosts`` says otherwise, it answers to this machine's own names and ``host`` alone, or if that is "0.0.0.0"
    or "::", to any.
    """
    import uvicorn

    hosts = () if host in ("0.0.0.0", "::") else LOCAL | {host}
    uvicorn.run(create_app(component, **{"hosts": hosts, **options}), host=host, port=port, log_level="info")


class _Kept(StaticFiles):
    """Files whose addresses change with what is in them: browsers need not ask twice."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


async def rendered(component: Callable[..., Any] | Element) -> str:
    """The HTML of a component as it is now, with what is async in it done. What it started ends with that."""
    with Owner(name="a page") as owner:
        try:
            root = component if isinstance(component, Element) else component()
            if isawaitable(root) and not isinstance(root, Element):  # a function that is async, but no component
                root = await root
        except BaseException:
            owner.dispose()
            raise
    try:
        return await _picture(root)
    finally:
        owner.dispose()


async def _picture(root: Element) -> str:
    loop, news, errors = asyncio.get_running_loop(), asyncio.Event(), list[BaseException]()

    def tell() -> None:  # in any thread
        loop.call_soon_threadsafe(news.set)

    def fail(error: BaseException, where: str) -> None:
        errors.append(error)

    tree = LiveTree(root, ElementRegistry(), tell=tell, on_error=fail, loop=lambda: loop)
    try:
        await _done(tree, news, errors)
        html = HTMLRenderer(ids=False).render_node(tree.node)
    finally:
        tree.dispose()
    if errors:
        raise errors[0]
    return html


async def _done(tree: LiveTree, news: asyncio.Event, errors: Sequence[BaseException]) -> None:
    """Wait until nothing async is left to do, or something failed."""
    while tree.pending and not errors:
        with suppress(TimeoutError):  # for a component that was cancelled tells nothing
            await asyncio.wait_for(news.wait(), PATIENCE)
        news.clear()
        tree.update()
    tree.update()


def _page(title: str, inside: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'</head><body><div id="{ROOT}">{still(inside)}</div></body></html>\n'
    )


async def _call(request: Request) -> Response:
    """Call an rpc function. If the visitor leaves before it is done, it is cancelled."""
    try:
        body = await request.body()
    except TooLargeError:
        return too_large()  # type: ignore[return-value]
    work = asyncio.ensure_future(answer(request.path_params["name"], request.headers.get("content-type", ""), body))
    gone = asyncio.ensure_future(_until_gone(request))
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        found = work.result()
    finally:
        for each in (work, gone):
            each.cancel()
            with suppress(asyncio.CancelledError):
                await each
    headers = {"Cache-Control": "no-store"}
    if isinstance(found.body, bytes):
        return Response(found.body, found.status, headers, found.media_type)
    return StreamingResponse(found.body, found.status, headers, found.media_type)


async def _until_gone(request: Request) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(0.1)
