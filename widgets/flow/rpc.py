"""Functions that stay on the server: ``@rpc``, and what calls one from a page.

    @rpc
    async def save(order: Order) -> int: ...

    number = await save(order)

In the process that has the function, a notebook's kernel say, this calls it. In a page that was built, a stub stands in
its place, which asks the server. So a call is awaited everywhere, also one of a function that is not async: that runs
in a thread. One that yields gives an async iterator.

Only registered functions can be called from outside. A function is registered by its own name and by that with its
module and class: ``"save"``, ``"shop.save"``, ``"shop.Cart.save"``.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Any, Final, Protocol, overload

from flow.errors import FlowError
from flow.readable import short
from flow.runtime.platform import is_wasm

_STUBS: Final = (("flow.rpc", "fetch"), ("flow.rpc", "stream"))
_END: Final = object()


class RpcError(FlowError):
    """A call of an rpc function failed: ``kind`` says how, as the server's name of the error or a word for it."""

    def __init__(self, message: str, kind: str = "error") -> None:
        self.kind = kind
        super().__init__(message)


class UnknownFunctionError(RpcError, LookupError):
    """There is no rpc function of this name, or several."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "unknown")


class RpcFunction:
    """A registered function: ``name`` with its module, ``function`` as it was written, ``timeout`` in seconds."""

    def __init__(self, function: Callable[..., Any], timeout: float | None) -> None:
        self.function, self.timeout = function, timeout
        self.name = f"{_module_name(function)}.{_local_name(function)}"
        self.is_stream = isasyncgenfunction(function) or isgeneratorfunction(function)

    def __call__(self, *args: Any, **kwargs: Any) -> Awaitable[Any] | AsyncIterator[Any]:
        """Call it here: what it gives is to be awaited, or gone through if it is a stream."""
        return self.stream(*args, **kwargs) if self.is_stream else self.result(*args, **kwargs)

    async def result(self, *args: Any, **kwargs: Any) -> Any:
        """What it returns. One that is not async runs in a thread, where there are threads."""
        if iscoroutinefunction(self.function) or is_wasm():
            made = self.function(*args, **kwargs)
            return await made if isinstance(made, Awaitable) else made
        return await _in_thread(self.function, *args, **kwargs)

    async def stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        """What it yields."""
        made = self.function(*args, **kwargs)
        if isinstance(made, Iterator):
            while (each := next(made, _END) if is_wasm() else await _in_thread(next, made, _END)) is not _END:
                yield each
            return
        try:
            async for each in made:
                yield each
        finally:
            await made.aclose()

    def __repr__(self) -> str:
        return f"RpcFunction({self.name!r})"


class RpcRegistry:
    """The rpc functions of this process."""

    _lock: Final = Lock()
    _functions: Final[dict[str, list[RpcFunction]]] = {}  # by each name that one goes by

    @classmethod
    def register(cls, function: RpcFunction) -> None:
        """Take one in. Another of the same whole name, as when a cell runs again, gives way to it."""
        with cls._lock:
            for name in _names(function):
                others = [each for each in cls._functions.get(name, ()) if each.name != function.name]
                cls._functions[name] = [*others, function]

    @classmethod
    def get(cls, name: str) -> RpcFunction:
        """The function of a name. Raises ``UnknownFunctionError``, also if several go by it."""
        found = cls._functions.get(name, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownFunctionError(
                f"several rpc functions are called {name!r}: {', '.join(sorted(each.name for each in found))}"
            )
        raise UnknownFunctionError(f"there is no rpc function {name!r}")

    @classmethod
    def all(cls) -> list[RpcFunction]:
        """Each of them once, by name."""
        found = {each.name: each for functions in cls._functions.values() for each in functions}
        return [found[name] for name in sorted(found)]

    @classmethod
    def clear(cls) -> None:
        """Forget all."""
        with cls._lock:
            cls._functions.clear()


@overload
def rpc(function: Callable[..., Any], /) -> Any: ...
@overload
def rpc(*, timeout: float | None = None) -> Callable[[Callable[..., Any]], Any]: ...
def rpc(function: Any = None, /, *, timeout: float | None = None) -> Any:
    """Keep a function on the server, for pages to call: ``@rpc``, or ``@rpc(timeout=5)`` with seconds that it may take.

    The arguments of a call from outside are checked against the annotations.
    """
    if timeout is not None and not (isinstance(timeout, int | float) and timeout > 0):
        raise ValueError(f"timeout of rpc() takes seconds above 0, not {short(timeout)}")
    if function is None:
        return lambda function: rpc(function) if timeout is None else _registered(function, timeout)
    return _registered(function, timeout)


def _registered(function: Any, timeout: float | None) -> Any:
    if isinstance(function, staticmethod | classmethod):
        raise TypeError(f"@rpc stands below @{type(function).__name__}: it takes the function itself")
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"@rpc takes a function, not {short(function)}")
    if isinstance(function, FunctionType) and function.__code__.co_names in _STUBS:
        return function  # in a page, where the function itself is not
    made = RpcFunction(function, timeout)
    RpcRegistry.register(made)
    if made.is_stream:

        @wraps(function)
        def stream(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            return made.stream(*args, **kwargs)

        return stream

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        return await made.result(*args, **kwargs)

    return call


# -- From a page


class Transport(Protocol):
    """How a page reaches the server."""

    def fetch(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Awaitable[Any]:
        """The result of a function."""

    def stream(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AsyncIterator[Any]:
        """What it yields."""


class _Here:
    """Without a server between: the functions of this process."""

    async def fetch(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return await RpcRegistry.get(name).result(*args, **kwargs)

    def stream(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AsyncIterator[Any]:
        return RpcRegistry.get(name).stream(*args, **kwargs)


_transport: Transport = _Here()


def connect(transport: Transport | None) -> None:
    """Have stubs ask this server from now on; with None, this process."""
    global _transport
    _transport = _Here() if transport is None else transport


async def fetch(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a stub does: ask the server for the result. ``...`` stands for a default, which the server knows."""
    return await _transport.fetch(name, *_given(args, kwargs))


def stream(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AsyncIterator[Any]:
    """The same of a function that yields."""
    return _transport.stream(name, *_given(args, kwargs))


def _given(args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    given = [*args]
    while given and given[-1] is ...:
        given.pop()
    return given, {name: value for name, value in kwargs.items() if value is not ...}


async def _in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    from asyncio import to_thread  # here, for it takes long to load, and most pages do without

    return await to_thread(function, *args, **kwargs)


def _module_name(function: Callable[..., Any]) -> str:
    """The module's name as a page knows it: also of the one that Python was started with."""
    name = getattr(function, "__module__", None) or "app"
    if name != "__main__":
        return name
    main = sys.modules["__main__"]
    spec, file = getattr(main, "__spec__", None), getattr(main, "__file__", None)
    return str(spec.name) if spec is not None else Path(file).stem if file else "app"


def _local_name(function: Callable[..., Any]) -> str:
    """The name with that of its class, without those of functions around it."""
    return str(getattr(function, "__qualname__", type(function).__name__)).rpartition("<locals>.")[2]


def _names(function: RpcFunction) -> set[str]:
    return {function.name, _local_name(function.function), _local_name(function.function).rpartition(".")[2]}
