"""Dependency injection: a parameter of a component is found by its annotation among what was provided."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, signature, unwrap
from types import NoneType, UnionType
from typing import Annotated, Any, Final, ForwardRef, TypeVar, Union, get_args, get_origin, overload

from flow.errors import FlowError

T = TypeVar("T")
D = TypeVar("D")

_providers: Final[dict[Any, Any]] = {}
_NOTHING: Final = object()


class NotProvidedError(FlowError, LookupError):
    """Something was asked for by its type that nobody provided."""


def provide(kind: type[T], value: T) -> Callable[[], None]:
    """Have components that ask for ``kind`` get ``value``, and get the way back to what was provided before.

    >>> class Settings:
    ...     theme = "dark"
    >>> undo = provide(Settings, Settings())
    >>> get_provider(Settings).theme
    'dark'
    >>> undo()
    """
    if not isinstance(kind, type):
        raise TypeError(f"provide takes a class and what to give to those who ask for it, not {kind!r}")
    before = _providers.get(kind, _NOTHING)
    _providers[kind] = value

    def undo() -> None:
        if _providers.get(kind, _NOTHING) is not value:
            return
        if before is _NOTHING:
            _providers.pop(kind, None)
        else:
            _providers[kind] = before

    return undo


@overload
def get_provider(kind: type[T]) -> T: ...


@overload
def get_provider(kind: type[T], default: D) -> T | D: ...


def get_provider(kind: type[Any], default: Any = _NOTHING) -> Any:
    """What was provided for ``kind``; if nothing was, the default, or ``NotProvidedError``."""
    found = _providers.get(kind, default)
    if found is _NOTHING:
        name = getattr(kind, "__name__", repr(kind))
        raise NotProvidedError(f"no {name} was provided: call provide({name}, …) first")
    return found


def clear_providers() -> None:
    """Forget all that was provided."""
    _providers.clear()


def arguments(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What to call the function with: what was passed, and for the rest of its parameters what was provided."""
    name = getattr(function, "__name__", repr(function))
    shape = parameters(function)
    try:
        bound = shape.bind_partial(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}: {error}; it takes {shape}") from None
    for parameter in shape.parameters.values():
        if parameter.name in bound.arguments or parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            continue
        found = _provided(parameter.annotation)
        if found is not _NOTHING:
            bound.arguments[parameter.name] = found
        elif parameter.default is Parameter.empty:
            raise _missing(name, parameter)
    bound.arguments = {each: bound.arguments[each] for each in shape.parameters if each in bound.arguments}
    return _as_call(bound.arguments, shape)


def parameters(function: Callable[..., Any]) -> Signature:
    """The signature with annotations as types. One that names what is not there yet stays a ``ForwardRef``."""
    if sys.version_info >= (3, 14):
        import annotationlib

        shape = signature(function, annotation_format=annotationlib.Format.FORWARDREF)
    else:
        shape = signature(function)
    inner = unwrap(function)
    scope = {**getattr(inner, "__globals__", {}), **_closure(inner)}
    return shape.replace(
        parameters=[each.replace(annotation=_evaluated(each.annotation, scope)) for each in shape.parameters.values()]
    )


def _closure(function: Any) -> dict[str, Any]:
    """The variables of the functions around it that it uses."""
    found: dict[str, Any] = {}
    code = getattr(function, "__code__", None)  # what was made with partial, and other objects to call, have none
    for name, cell in zip(code.co_freevars if code else (), getattr(function, "__closure__", None) or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    return found


def _evaluated(annotation: Any, scope: dict[str, Any]) -> Any:
    """A hint that was kept as text, as the type it names."""
    text = annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
    if not isinstance(text, str):
        return annotation
    try:
        return _evaluated(eval(text, scope), scope)  # once more for one in quotes
    except Exception:  # a name that is imported for type checkers only, or local to a function that has ended
        return ForwardRef(text) if text.isidentifier() else annotation


def _provided(annotation: Any) -> Any:
    """What was provided for a hint: for a class, ``Annotated[it, …]``, or any member of a union."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _provided(get_args(annotation)[0])
    if origin in (Union, UnionType):
        choices = (_provided(each) for each in get_args(annotation) if each is not NoneType)
        return next((each for each in choices if each is not _NOTHING), _NOTHING)
    try:
        return _providers.get(annotation, _NOTHING)
    except TypeError:  # not hashable
        return _NOTHING


def _missing(component: str, parameter: Parameter) -> NotProvidedError:
    hint = parameter.annotation
    if hint is Parameter.empty:
        return NotProvidedError(f"{component} needs {parameter.name!r}: pass it as {component}({parameter.name}=…)")
    if isinstance(hint, str | ForwardRef):
        name = hint if isinstance(hint, str) else hint.__forward_arg__
        return NotProvidedError(
            f"{component} needs {parameter.name!r} of type {name}, a name that cannot be found from it: define or "
            f"import {name} at the top of the module, or pass {component}({parameter.name}=…)"
        )
    name = getattr(hint, "__name__", str(hint))
    return NotProvidedError(
        f"{component} needs {parameter.name!r} of type {name}, which nobody provided: call provide({name}, …) first, "
        f"or pass {component}({parameter.name}=…)"
    )


def _as_call(found: Mapping[str, Any], shape: Signature) -> tuple[tuple[Any, ...], dict[str, Any]]:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for name, value in found.items():
        kind = shape.parameters[name].kind
        if kind is Parameter.VAR_POSITIONAL:
            args.extend(value)
        elif kind is Parameter.VAR_KEYWORD:
            kwargs.update(value)
        elif kind is Parameter.KEYWORD_ONLY or len(args) < list(shape.parameters).index(name):
            kwargs[name] = value
        else:
            args.append(value)
    return tuple(args), kwargs
