"""Calls of rpc functions over HTTP, as flow.server.calls answers them. How a browser fetches is handed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Protocol
from urllib.parse import quote, urljoin

from flow.rpc import RpcError
from flow.rpc_values import PACKED, MessageError, dumps, is_binary, loads, pack, unpack

API: Final = "api/rpc/"
JSON: Final = "application/json"
BY_PLACE: Final = "*"  # what the arguments by place stand under, which no parameter is called
NO_SERVER: Final = "no-server"


class Response(Protocol):
    """An answer that has begun to come."""

    status: int
    media_type: str

    async def body(self) -> bytes:
        """All of it."""

    def parts(self) -> AsyncIterator[bytes]:
        """It as it comes."""

    def abort(self) -> None:
        """Want no more of it."""


class Fetch(Protocol):
    """How to reach a server. It raises ``OSError`` if it cannot. What is cancelled ends the request."""

    async def __call__(self, url: str, media_type: str, body: bytes) -> Response: ...


class FetchTransport:
    """Stubs in a page ask the server that it came from. ``base`` is the page's address."""

    def __init__(self, base: str, fetch: Fetch) -> None:
        self._base, self._fetch = base, fetch

    async def fetch(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The result of a function. Raises ``RpcError``, as all that follows."""
        response = await self._ask(name, args, kwargs)
        value = _read(response, await response.body(), name)
        if response.status != 200:
            raise _error(value, name, response.status)
        return value

    async def stream(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AsyncIterator[Any]:
        """What it yields. When nobody goes on with it, the server stops."""
        response = await self._ask(name, args, kwargs)
        try:
            if response.status != 200:
                raise _error(_read(response, await response.body(), name), name, response.status)
            async for line in _lines(response.parts()):
                told = loads(line)
                if not isinstance(told, dict) or "error" in told:
                    raise _error(told, name, response.status)
                if "value" not in told:
                    return
                yield told["value"]
            raise RpcError(f"{name} ended before its end: the connection broke", "broken")
        finally:
            response.abort()

    async def _ask(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Response:
        call = {**kwargs, BY_PLACE: [*args]} if args else {**kwargs}
        media_type, body = (PACKED, pack(call)) if is_binary(call) else (JSON, dumps(call).encode())
        try:
            return await self._fetch(urljoin(self._base, API + quote(name)), media_type, body)
        except OSError as error:
            raise RpcError(f"{name} was not called: the server cannot be reached ({error})", NO_SERVER) from error


async def _lines(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    rest = b""
    async for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            if line:
                yield line


def _read(response: Response, body: bytes, name: str) -> Any:
    kind = response.media_type.partition(";")[0].strip().lower()
    try:
        if kind == PACKED:
            return unpack(body)
        if kind == JSON:
            return loads(body)
    except MessageError as error:
        raise RpcError(f"{name}: the server's answer cannot be read: {error}", "message") from error
    raise RpcError(
        f"{name} was not called: what serves this page has no rpc functions (it says {response.status}). "
        "Serve the page with flow.server.create_app(App, client=…)",
        NO_SERVER,
    )


def _error(told: Any, name: str, status: int) -> RpcError:
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return RpcError(f"{name} failed: the server says {status}", "error")
    return RpcError(str(error.get("message", f"{name} failed")), str(error.get("kind", "error")))
