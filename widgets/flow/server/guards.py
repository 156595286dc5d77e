"""What keeps strangers out: requests of other sites' pages, bodies without end, and scripts that are not ours.

Browsers say where a request comes from, in ``Origin`` and ``Sec-Fetch-Site``, and no page can make them lie. Programs
that are no browsers send neither, and carry no visitor's cookies that could be misused. But a site can lead its own
name to this machine, and then its pages are of the same origin: so a server with names of its own answers to no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # which Pyodide is
        "style-src 'self'",
        "style-src-elem 'self' 'unsafe-inline'",
        "style-src-attr 'unsafe-inline'",  # elements' styles, whose values flow has checked
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses what comes from other sites' pages or is too large, and sends every answer with ``HEADERS``.

    ``origins`` are those that may call besides the page's own: ``{"https://example.org"}``; ``limit``: bytes of a body;
    ``hosts``: the names it answers to, without ports; none: to any.
    """

    def __init__(
        self, app: App, *, origins: Collection[str] = (), limit: int = 10_000_000, hosts: Collection[str] = ()
    ) -> None:
        self._app, self._origins, self._limit = app, frozenset(origins), limit
        self._hosts = frozenset(map(str.lower, hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        if self._hosts and _host(headers) not in self._hosts:
            await self._other_name()(scope, receive, with_headers)
            return
        if scope["method"] not in SAFE and not self._is_ours(headers):
            await _refused(403, "origin", "a page of another site may not call this one")(scope, receive, with_headers)
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limit:
            await self._too_large()(scope, receive, with_headers)
            return
        await self._app(scope, self._counted(receive), with_headers)

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            return origin in self._origins or urlsplit(origin).netloc == headers.get("host")
        return headers.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _counted(self, receive: Receive) -> Receive:
        """The same body, which ends with an error where it grows beyond the limit without having said so."""
        size = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._limit:
                raise TooLargeError
            return message

        return counted

    def _other_name(self) -> App:
        known = ", ".join(sorted(self._hosts))
        return _refused(
            421, "host", f"this server answers to {known} alone: hosts={{'example.org'}} gives it other names"
        )

    def _too_large(self) -> App:
        return too_large(self._limit)


def _host(headers: Headers) -> str | None:
    """The name that a request is meant for, without the port."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:  # no name
        return None


class TooLargeError(Exception):
    """A body went on beyond the limit."""


def too_large(limit: int | None = None) -> App:
    """The answer to a body that is too large."""
    most = "" if limit is None else f": it takes {limit:,} bytes at most"
    return _refused(413, "size", f"the request is too large{most}")


def _refused(status: int, kind: str, message: str) -> App:
    return JSONResponse({"error": {"kind": kind, "message": message}}, status)
