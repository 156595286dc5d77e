"""What stands in a copy for values of the user's classes: it holds what they hold, and tells what class they are of."""

from __future__ import annotations

from typing import Any, Final


class StillObject:
    """Stands for an object: has its attributes."""

    __slots__ = ("__dict__", "__still_of__")

    def __init__(self, still_of: type) -> None:
        self.__still_of__ = still_of


class StillList(list[Any]):
    """Stands for a list of a class of its own."""

    __still_of__: type


class StillTuple(tuple[Any, ...]):
    """Stands for a tuple of a class of its own."""

    __still_of__: type


class StillDict(dict[Any, Any]):
    """Stands for a dict of a class of its own."""

    __still_of__: type


def class_of(value: Any) -> type:
    """The class of a value, of what stands for one the class of that."""
    kind = type(value)
    found: type = value.__still_of__ if kind in _STAND_INS else kind
    return found


_STAND_INS: Final = frozenset({StillObject, StillList, StillTuple, StillDict})
