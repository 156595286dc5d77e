"""Handlers: options for one (``on``), and how one is called, with the event or without (``call``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import update_wrapper
from inspect import CO_VARARGS, Parameter, isawaitable, signature
from math import isfinite
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from flow.readable import short

if TYPE_CHECKING:
    from flow.events import Event

F = TypeVar("F", bound=Callable[..., Any])

_LONGEST: Final = 3600  # seconds; who means more has meant milliseconds
_POSITIONAL: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class Handler(Generic[F]):
    """A handler with options for the page, which are on the wire as ``event_options`` has them."""

    def __init__(self, function: F, options: dict[str, Any]) -> None:
        self.function = function
        self.event_options = options  # times in milliseconds
        update_wrapper(self, function, updated=())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        options = [f"{name}={value!r}" for name, value in self.event_options.items()]
        return f"on({', '.join([short(self.function), *options])})"


@overload
def on(
    handler: F, *, debounce: float | None = None, throttle: float | None = None, prevent_default: bool = False,
    stop_propagation: bool = False, once: bool = False, keys: str | Iterable[str] = (),
) -> Handler[F]: ...  # fmt: skip
@overload
def on(
    handler: None = None, *, debounce: float | None = None, throttle: float | None = None,
    prevent_default: bool = False, stop_propagation: bool = False, once: bool = False, keys: str | Iterable[str] = (),
) -> Callable[[F], Handler[F]]: ...  # fmt: skip
def on(
    handler: F | None = None,
    *,
    debounce: float | None = None,
    throttle: float | None = None,
    prevent_default: bool = False,
    stop_propagation: bool = False,
    once: bool = False,
    keys: str | Iterable[str] = (),
) -> Handler[F] | Callable[[F], Handler[F]]:
    """A handler with options: ``Input(on_input=on(search, debounce=0.3))``, or ``@on(debounce=0.3)`` above a function.

    ``debounce``: seconds of quiet after which the last event is told; ``throttle``: seconds that at least lie between
    two of them; ``prevent_default``: the browser does not do what it would; ``stop_propagation``: the elements around
    are not told; ``once``: only the first is told; ``keys``: of key events those of these keys only, as ``"Enter"``.
    """
    options: dict[str, Any] = {}
    for name, seconds in (("debounce", debounce), ("throttle", throttle)):
        if seconds is not None:
            options[name] = _milliseconds(name, seconds)
    if len(options) == 2:
        raise ValueError("on() takes debounce (wait for quiet) or throttle (not too often), not both")
    flags = {"prevent_default": prevent_default, "stop_propagation": stop_propagation, "once": once}
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise TypeError(f"{name} of on() is True or False, not {short(flag)}")
        if flag:
            options[name] = True
    if names := _names(keys):
        options["keys"] = names
    return _with(options) if handler is None else _with(options)(handler)


def _with(options: dict[str, Any]) -> Callable[[F], Handler[F]]:
    def wrap(handler: F) -> Handler[F]:
        if not callable(handler) or isinstance(handler, type):
            raise TypeError(f"on() takes a function, and options by name: on(save, debounce=0.3), not {short(handler)}")
        if isinstance(handler, Handler):
            return Handler(handler.function, {**handler.event_options, **options})
        return Handler(handler, options)

    return wrap


def _milliseconds(name: str, seconds: Any) -> int:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"{name} of on() takes seconds as a number, not {short(seconds)}")
    if not (isfinite(seconds) and 0 <= seconds <= _LONGEST):
        raise ValueError(f"{name}={seconds}: on() takes seconds, from 0 to {_LONGEST}")
    return round(seconds * 1000)


def _names(keys: Any) -> list[str]:
    names = [keys] if isinstance(keys, str) else list(keys) if isinstance(keys, Iterable) else [keys]
    if not all(isinstance(name, str) and name for name in names):
        raise TypeError(f"keys of on() takes names of keys like 'Enter' or ['a', 'ArrowUp'], not {short(keys)}")
    return names


def call(handler: Callable[..., Any], event: Event) -> Awaitable[Any] | None:
    """Call a handler, with the event if it wants one, and get what is to be awaited if it is async."""
    while isinstance(handler, Handler):
        handler = handler.function
    result = handler(event) if _wants_event(handler, event) else handler()
    return result if isawaitable(result) else None


def _wants_event(handler: Callable[..., Any], event: Event) -> bool:
    """Whether the handler has a parameter that must be given. One with a default (``i=i``) keeps the default."""
    if (plainly := _plainly_wants_event(handler)) is not None:
        return plainly
    try:
        parameters = signature(handler).parameters.values()
    except (ValueError, TypeError):  # some builtins tell none
        return True
    required = [each for each in parameters if each.default is Parameter.empty and each.kind in _POSITIONAL]
    by_name = [each for each in parameters if each.default is Parameter.empty and each.kind is Parameter.KEYWORD_ONLY]
    if len(required) > 1 or by_name:
        name, needs = getattr(handler, "__name__", short(handler)), ", ".join(each.name for each in required + by_name)
        raise TypeError(
            f"on_{event.type} of {event.target!r} takes a function of no argument or of one, the event, "
            f"but {name} needs {needs}"
        )
    return bool(required) or any(each.kind is Parameter.VAR_POSITIONAL for each in parameters)


def _plainly_wants_event(handler: Callable[..., Any]) -> bool | None:
    """The same, in a tenth of the time that a signature takes, of a plain function that can be called; else None."""
    function, given = (handler.__func__, 1) if type(handler) is MethodType else (handler, 0)
    if type(function) is not FunctionType or hasattr(function, "__wrapped__"):
        return None
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ()) - given
    if code.co_kwonlyargcount or not 0 <= required <= 1:
        return None
    return required == 1 or bool(code.co_flags & CO_VARARGS)
