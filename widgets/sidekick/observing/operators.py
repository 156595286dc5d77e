"""Operators and special methods of a wrapper, each of which is handed on to the value inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sidekick.observing import telling
from sidekick.observing.kinds import kind_of
from sidekick.observing.wrapper import Wrapper, anchor_of, bare, value_of

Operation = Callable[..., Any]


def reading(operation: Operation) -> Any:
    """A special method that hands on: the value in this wrapper, and the plain values of what it is given."""

    def method(self: Wrapper, *others: Any) -> Any:
        value = telling.read_all(self)
        return operation(value, *map(bare, others))

    return method


def reflected(operation: Operation) -> Any:
    def method(self: Wrapper, other: Any, *more: Any) -> Any:
        value = telling.read_all(self)
        return operation(bare(other), value, *more)

    return method


def in_place(operation: Operation) -> Any:
    name = f"__{operation.__name__}__"

    def method(self: Wrapper, other: Any) -> Any:
        value = value_of(self)
        kind = kind_of(value)
        mutator = kind.mutator(value, name)
        if mutator is not None:
            result = telling.change(value, anchor_of(self), mutator, (other,), {})
        else:
            with telling.comparing(value):
                result = operation(value, bare(other))
        return self if result is value else _rebind(self, result)

    return method


def _rebind(wrapper: Wrapper, result: Any) -> Any:
    """What an assignment like ``+=`` leaves when its value cannot change in place."""
    return type(wrapper).__replace_value__(wrapper, result)
