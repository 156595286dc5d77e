"""What not every value does. A wrapper has these methods if its value has them: to ask for the method is how it is
asked whether something can be called, awaited, or iterated once.
"""

from __future__ import annotations

import os
from typing import Any, Final
from weakref import WeakKeyDictionary

from sidekick.observing import telling
from sidekick.observing.operators import reading
from sidekick.observing.wrapper import Wrapper, plain, value_of


def _call(self: Wrapper, *args: Any, **options: Any) -> Any:
    value = telling.read_all(self)
    with telling.comparing(value):
        return value(*map(plain, args), **{name: plain(each) for name, each in options.items()})


def _enter(self: Wrapper) -> Any:
    value = value_of(self)
    with telling.comparing(value):
        entered = type(value).__enter__(value)
    return self if entered is value else entered


def _exit(self: Wrapper, *error: Any) -> Any:
    value = value_of(self)
    with telling.comparing(value):
        return type(value).__exit__(value, *error)


async def _enter_async(self: Wrapper) -> Any:
    value = value_of(self)
    with telling.comparing(value):
        entered = await type(value).__aenter__(value)
    return self if entered is value else entered


async def _exit_async(self: Wrapper, *error: Any) -> Any:
    value = value_of(self)
    with telling.comparing(value):
        return await type(value).__aexit__(value, *error)


def _buffer(self: Wrapper, flags: int) -> memoryview:
    """The bytes of the value, to read: what is written through a buffer could not be observed."""
    return memoryview(telling.read_all(self)).toreadonly()


def _handing_on(name: str) -> Any:
    def method(self: Wrapper, *args: Any) -> Any:
        value = telling.read_all(self)
        return getattr(type(value), name)(value, *args)

    return method


_OPTIONAL: Final[dict[str, Any]] = {
    "__call__": _call,
    "__enter__": _enter,
    "__exit__": _exit,
    "__aenter__": _enter_async,
    "__aexit__": _exit_async,
    "__buffer__": _buffer,
    **{
        name: _handing_on(name)
        for name in ("__await__", "__next__", "__aiter__", "__anext__", "__fspath__", "__length_hint__")
    },
}

_classes: Final[WeakKeyDictionary[type, dict[type, type]]] = WeakKeyDictionary()


def class_for(base: type, value: Any) -> type:
    """The class of wrapper that a value needs."""
    known = _classes.setdefault(type(value), {})
    found = known.get(base)
    if found is None:
        has = set().union(*map(vars, type(value).__mro__))  # not by getattr, which asks the class of the class too
        methods = {name: method for name, method in _OPTIONAL.items() if name in has}
        if isinstance(value, (str, bytes)):
            methods["__fspath__"] = reading(os.fspath)
        if isinstance(value, (type, tuple)):
            methods |= {"__instancecheck__": _has_instance, "__subclasscheck__": _has_subclass}
        found = known[base] = _class_with(base, tuple(methods), methods) if methods else base
    return found


def _has_instance(self: Wrapper, instance: Any) -> bool:
    return isinstance(instance, value_of(self))


def _has_subclass(self: Wrapper, kind: type) -> bool:
    return issubclass(kind, value_of(self))


_made: Final[dict[tuple[type, tuple[str, ...]], type]] = {}


def _class_with(base: type, names: tuple[str, ...], methods: dict[str, Any]) -> type:
    found = _made.get((base, names))
    if found is None:
        about = {
            "__slots__": (),
            "__module__": base.__module__,
            "__qualname__": base.__qualname__,
            "__doc__": base.__doc__,
        }
        found = _made[base, names] = type(base.__name__, (base,), about | methods)
    return found
