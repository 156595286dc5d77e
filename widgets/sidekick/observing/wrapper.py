"""What every wrapper is, however it behaves: something that holds a value. Here are the ways out of one.

A wrapper answers every name with what its value has under it. So what it holds itself has names that nobody else uses,
and is reached by the functions of this module.
"""

from __future__ import annotations

from typing import Any


class Wrapper:
    """Holds a value, and, where that is a part of an array that exists nowhere else, the array and the way to it."""

    __slots__ = ("__anchor", "__value", "__weakref__")

    def __replace_value__(self, value: Any) -> Any:
        """What an assignment such as ``+=`` leaves where the value cannot change in place."""
        return value


class Part(Wrapper):
    """A wrapper that was made when something was read. What is stored is never it, but its value."""

    __slots__ = ()


# The array that a part belongs to, and the steps from it to the part; None where there are no such steps.
Anchor = tuple[Any, list[Any] | None]

_value: Any = Wrapper.__dict__["_Wrapper__value"]
_anchor: Any = Wrapper.__dict__["_Wrapper__anchor"]


def hold(wrapper: Wrapper, value: Any, anchor: Anchor | None = None) -> None:
    """Let a wrapper hold a value."""
    _value.__set__(wrapper, value)
    _anchor.__set__(wrapper, anchor)


def value_of(wrapper: Wrapper) -> Any:
    """What the wrapper holds."""
    return _value.__get__(wrapper)


def anchor_of(wrapper: Wrapper) -> Anchor | None:
    """What the wrapper's value is a part of, if it is a part of an array."""
    found: Anchor | None = _anchor.__get__(wrapper)
    return found


def is_wrapper(thing: object) -> bool:
    """Whether it is one. Asks its type alone, for a part says that it is of the class of its value."""
    return issubclass(type(thing), Wrapper)


def plain(thing: Any) -> Any:
    """The value of what was read from an observed value; anything else, an ObservableValue too, as it is."""
    return value_of(thing) if issubclass(type(thing), Part) else thing


def bare(thing: Any) -> Any:
    """The value in any wrapper, however deep it is wrapped."""
    while issubclass(type(thing), Wrapper):
        thing = value_of(thing)
    return thing
