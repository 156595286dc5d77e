"""A built page's calls of rpc functions, as its server answers them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pytest

from flow import rpc
from flow.rpc import RpcError, RpcRegistry, connect, fetch, stream
from flow.server.calls import answer
from flow.wasm.transport import FetchTransport

STOPPED: list[str] = []


@dataclass
class Answered:
    """An answer as a browser has it, cut into parts of a few bytes."""

    status: int
    media_type: str
    told: bytes | AsyncIterator[bytes]
    aborted: list[bool] = field(default_factory=list)

    async def body(self) -> bytes:
        return b"".join([each async for each in self.parts()])

    async def parts(self) -> AsyncIterator[bytes]:
        if isinstance(self.told, bytes):
            for at in range(0, len(self.told), 5):
                yield self.told[at : at + 5]
            return
        async for line in self.told:
            for at in range(0, len(line), 5):
                yield line[at : at + 5]

    def abort(self) -> None:
        self.aborted.append(True)


class Server:
    """What answers, without a network between."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: list[Answered] = []

    async def __call__(self, url: str, media_type: str, body: bytes) -> Answered:
        self.asked.append((url, media_type))
        made = await answer(url.rpartition("/")[2], media_type, body)
        self.answers.append(Answered(made.status, made.media_type, made.body))
        return self.answers[-1]


@pytest.fixture
def server() -> Iterator[Server]:
    RpcRegistry.clear()

    @rpc
    async def after(day: date, days: int = 1) -> date:
        return date.fromordinal(day.toordinal() + days)

    @rpc
    async def double(numbers: np.ndarray) -> np.ndarray:
        return numbers * 2

    @rpc
    async def refuse() -> None:
        raise RpcError("we have no coffee", "tea")

    @rpc
    async def count(n: int) -> AsyncIterator[int]:
        try:
            for k in range(n):
                yield k
            if n == 3:
                raise RpcError("no more", "end")
        finally:
            STOPPED.append("count")

    found = Server()
    connect(FetchTransport("https://example.org/shop/index.html", found))
    yield found
    connect(None)
    RpcRegistry.clear()


def test_a_call_goes_below_the_page_and_comes_back_as_what_it_was(server: Server) -> None:
    assert asyncio.run(fetch("after", [date(2026, 11, 22), ...], {})) == date(2026, 11, 23)
    assert asyncio.run(fetch("after", [], {"day": date(2026, 11, 22), "days": 9})) == date(2026, 12, 1)
    assert server.asked[0] == ("https://example.org/shop/api/rpc/after", "application/json")


def test_arrays_go_both_ways_as_bytes(server: Server) -> None:
    doubled = asyncio.run(fetch("double", [], {"numbers": np.arange(3)}))
    assert doubled.tolist() == [0, 2, 4]
    assert server.asked[0][1] == "application/x-flow"
    assert server.answers[0].media_type == "application/x-flow"


@pytest.mark.parametrize(
    ("name", "kwargs", "kind", "said"),
    [
        ("refuse", {}, "tea", "we have no coffee"),
        ("nothing", {}, "unknown", "there is no rpc function 'nothing'"),
        ("after", {"day": "never"}, "arguments", "after was called wrongly: day"),
    ],
)
def test_what_the_server_refuses_is_an_error_of_its_kind(
    name: str, kwargs: dict[str, Any], kind: str, said: str, server: Server
) -> None:
    with pytest.raises(RpcError, match=said) as caught:
        asyncio.run(fetch(name, [], kwargs))
    assert caught.value.kind == kind


def test_a_stream_comes_value_by_value_however_it_is_cut(server: Server) -> None:
    async def collected() -> list[int]:
        return [each async for each in stream("count", [12], {})]

    assert asyncio.run(collected()) == list(range(12))
    assert server.answers[0].aborted == [True]


def test_an_error_in_a_stream_comes_behind_its_values(server: Server) -> None:
    seen: list[int] = []

    async def collect() -> None:
        async for each in stream("count", [3], {}):
            seen.append(each)

    with pytest.raises(RpcError, match="no more") as caught:
        asyncio.run(collect())
    assert (seen, caught.value.kind) == ([0, 1, 2], "end")


def test_a_stream_that_nobody_goes_on_with_is_aborted(server: Server) -> None:
    async def first() -> int:
        values = stream("count", [100], {})
        try:
            return await anext(values)
        finally:
            await values.aclose()  # type: ignore[attr-defined]  # of a generator

    assert asyncio.run(first()) == 0
    assert server.answers[0].aborted == [True]


def told_by(response: Answered) -> str:
    """What a call says that is answered with this."""

    async def ask(url: str, media_type: str, body: bytes) -> Answered:
        return response

    async def collected() -> list[Any]:
        return [each async for each in FetchTransport("https://example.org/", ask).stream("count", [], {})]

    with pytest.raises(RpcError) as caught:
        asyncio.run(collected())
    return f"{caught.value.kind}: {caught.value}"


def test_a_stream_that_breaks_off_is_an_error() -> None:
    assert told_by(Answered(200, "application/x-ndjson", b'{"value":1}\n')).startswith("broken: count ended before")


def test_a_server_of_files_is_told_from_one_of_functions() -> None:
    assert told_by(Answered(501, "text/html;charset=utf-8", b"<html>")).startswith("no-server: count was not called")


def test_a_server_that_cannot_be_reached_is_an_error_that_says_so() -> None:
    async def ask(url: str, media_type: str, body: bytes) -> Answered:
        raise OSError("Failed to fetch")

    with pytest.raises(RpcError, match="cannot be reached") as caught:
        asyncio.run(FetchTransport("https://example.org/", ask).fetch("count", [], {}))
    assert caught.value.kind == "no-server"
