"""``@rpc``: functions that stay on the server, by their names."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import pytest

from flow import rpc
from flow.compiler import transform_for_client
from flow.rpc import RpcRegistry, UnknownFunctionError, connect, fetch


@pytest.fixture(autouse=True)
def no_functions() -> Iterator[None]:
    RpcRegistry.clear()
    yield
    RpcRegistry.clear()
    connect(None)


def names() -> list[str]:
    return [each.name for each in RpcRegistry.all()]


def test_a_call_in_the_same_process_calls_the_function() -> None:
    @rpc
    async def double(n: int) -> int:
        """Twice as much."""
        return 2 * n

    assert asyncio.run(double(4)) == 8
    assert (double.__name__, double.__doc__) == ("double", "Twice as much.")


def test_one_that_is_not_async_runs_in_a_thread() -> None:
    @rpc
    def where() -> int:
        return threading.get_ident()

    assert asyncio.run(where()) != threading.get_ident()


@pytest.mark.parametrize("is_async", [True, False])
def test_one_that_yields_gives_an_async_iterator(is_async: bool) -> None:
    if is_async:

        @rpc
        async def count(n: int) -> AsyncIterator[int]:
            for k in range(n):
                yield k
    else:

        @rpc
        def count(n: int) -> Iterator[int]:
            yield from range(n)

    async def all_of_it() -> list[int]:
        return [each async for each in count(3)]

    assert asyncio.run(all_of_it()) == [0, 1, 2]


def test_an_iterator_that_nobody_wants_any_more_is_closed() -> None:
    closed: list[bool] = []

    @rpc
    async def endless() -> AsyncIterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    async def first() -> None:
        stream = endless()
        assert await anext(stream) == 1
        await stream.aclose()

    asyncio.run(first())
    assert closed == [True]


def test_a_function_goes_by_its_name_and_that_with_its_module_and_class() -> None:
    class Cart:
        @staticmethod
        @rpc
        async def total() -> int:
            return 3

    assert names() == [f"{__name__}.Cart.total"]
    assert {RpcRegistry.get(name) for name in ("total", "Cart.total", f"{__name__}.Cart.total")} == {*RpcRegistry.all()}
    assert asyncio.run(Cart.total()) == 3


def test_a_cell_that_runs_again_replaces_its_function() -> None:
    for answer in (1, 2):

        @rpc
        async def ask(answer: int = answer) -> int:
            return answer

    assert len(RpcRegistry.all()) == 1
    assert asyncio.run(fetch("ask", [], {})) == 2


def test_a_name_that_several_go_by_is_no_name() -> None:
    def make(module: str) -> None:
        async def save() -> None: ...

        save.__module__ = module
        rpc(save)

    make("shop")
    make("bank")
    with pytest.raises(UnknownFunctionError, match=r"several rpc functions are called 'save': bank.save, shop.save"):
        RpcRegistry.get("save")
    assert RpcRegistry.get("shop.save").name == "shop.save"
    with pytest.raises(UnknownFunctionError, match="there is no rpc function 'rob'"):
        RpcRegistry.get("rob")


class Server:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def fetch(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        self.asked.append((name, args, kwargs))
        return "saved"

    async def stream(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AsyncIterator[int]:
        self.asked.append((name, args, kwargs))
        yield 1


def stubs(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "app"}
    exec(transform_for_client(f"from flow import rpc\nLIMIT = 3\n{source}"), namespace)
    return namespace


def test_a_stub_asks_the_server_and_leaves_defaults_to_it() -> None:
    server = Server()
    connect(server)
    save = stubs("@rpc\nasync def save(a, /, b, c=LIMIT, *more, d=LIMIT, **rest): return 1")["save"]
    assert asyncio.run(save(1, 2)) == "saved"
    assert asyncio.run(save(1, 2, 3, 4, d=5, e=6)) == "saved"
    assert server.asked == [("app.save", [1, 2], {}), ("app.save", [1, 2, 3, 4], {"d": 5, "e": 6})]
    assert names() == []


def test_the_stub_of_one_that_yields_streams() -> None:
    server = Server()
    connect(server)
    count = stubs("@rpc\nasync def count(n):\n    yield n")["count"]

    async def all_of_it() -> list[int]:
        return [each async for each in count(3)]

    assert asyncio.run(all_of_it()) == [1]
    assert server.asked == [("app.count", [], {"n": 3})]


def test_the_stub_of_a_method_does_not_send_its_instance() -> None:
    server = Server()
    connect(server)
    source = "from flow import component\nclass Cart:\n    @rpc\n    async def add(self, item): return 1\n"
    cart = stubs(f"{source}cart = Cart()\n@component\ndef App(): return cart")
    assert asyncio.run(cart["cart"].add("tea")) == "saved"
    assert server.asked == [("app.Cart.add", [], {"item": "tea"})]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: rpc(3), "takes a function, not 3"),
        (lambda: rpc(dict), "takes a function"),
        (lambda: rpc(staticmethod(print)), "stands below @staticmethod"),
        (lambda: rpc(timeout=0), "seconds above 0, not 0"),
    ],
)
def test_a_wrong_use_is_told_where_it_is(wrong: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        wrong()
